"""Deliveries from the log to receivers on this machine: nothing is missed, cases keep their order, none waits."""

import threading
from collections import defaultdict
from uuid import UUID, uuid4

import pytest
from standardwebhooks import Webhook

from application.feed import encoded
from application.subscriptions import MACHINE, Wish
from domain.kernel import Refused
from domain.subscriptions.events import DisabledBecause
from domain.subscriptions.subscription import Filter, Standing
from tests.adapters.delivery.conftest import House, key
from tests.receivers import Received, Reply, receiver


def by_case(arrived: list[Received]) -> dict[str, list[int]]:
    found = defaultdict[str, list[int]](list)
    for one in arrived:
        found[one.stream].append(one.position)
    return found


def once(arrived: list[Received]) -> list[Received]:
    """As a receiver takes them that knows what it has: on a busy machine an answer may come too late."""
    return list({one.headers["webhook-id"]: one for one in reversed(arrived)}.values())[::-1]


def files(number: int) -> list[UUID]:
    return [uuid4() for _ in range(number)]


class Refuses:
    """Answers 500 to some positions until it is mended; what it took is in `taken`."""

    def __init__(self, *positions: int, status: int = 500) -> None:
        self.positions, self.status, self.taken = set(positions), status, list[Received]()

    def __call__(self, received: Received) -> Reply:
        if received.position in self.positions:
            return Reply(self.status, body="Не разумем".encode())
        self.taken.append(received)
        return Reply()


def test_every_fact_arrives_once_signed_and_with_the_bytes_of_the_feed(house: House) -> None:
    one, other = files(2)
    positions = house.record(one, other, one, one, other)
    with receiver() as to, house.delivering():
        secret = house.subscribe(to).for_receiver
        to.wait(house.caught_up)
        positions += house.record(other, one)
        to.wait(lambda: set(positions) <= set(to.positions) and house.caught_up())
    bytes_of = {
        r.position: encoded(event) for r in house.made.log.page(0, 100) for event in house.made.feed.events([r])
    }
    ours = [arrived for arrived in once(to.arrived) if arrived.position in positions]
    assert sorted(arrived.position for arrived in ours) == positions
    for arrived in ours:
        Webhook(secret).verify(arrived.body, arrived.headers)
        assert arrived.body == bytes_of[arrived.position]
    assert all(found == sorted(found) for found in by_case(ours).values())


def test_nobody_hears_of_the_subscriptions_of_others_or_of_requests_of_persons(house: House) -> None:
    with receiver() as to, receiver() as other, house.delivering():
        house.subscribe(other, "other")
        house.subscribe(to)
        positions = house.record(uuid4())
        to.wait(lambda: positions[0] in to.positions and house.caught_up())
    assert [one.position for one in once(to.arrived) if one.position] == positions
    for topic in ("subscription.created.v1", "people.request-received.v1"):
        with pytest.raises(Refused, match="type-unknown"):
            house.subscribe(to, "curious", let=Filter(types=(topic,)))
    house.subscribe(to, "erasing", let=Filter(types=("people.entry-erased.v1",)))


def test_one_poisoned_fact_in_ten_thousand_holds_its_case_and_no_other(house: House, quick: None) -> None:
    cases = files(500)
    positions = [position for _ in range(20) for position in house.record(*cases)]
    poisoned = cases[250]
    case = [r.position for r in house.made.log.read(poisoned)]
    refuses = Refuses(case[7])
    with receiver(refuses) as to, house.delivering():
        house.subscribe(to, let=Filter(types=("partner.renamed.v1",)))
        to.wait(lambda: bool((stand := house.row().stand) and stand.parked) and house.caught_up(), seconds=180)
        taken = [received.position for received in once(refuses.taken)]
        assert sorted(taken) == sorted(set(positions) - set(case[7:]))
        [parked] = house.made.reading_subscriptions.waiting(MACHINE, "nis", parked=True)
        assert (parked.case.stream, parked.case.attempts, parked.case.fault) == (poisoned, 3, "status 500")
        assert all(found == sorted(found) for found in by_case(once(refuses.taken)).values())

        stand = house.row().stand
        assert stand is not None
        assert (stand.settled, stand.cursor) == (parked.case.after, house.made.log.head())

        refuses.positions.clear()
        house.made.mending_deliveries.release(MACHINE, "nis", key(), parked.subject)
        to.wait(lambda: len(once(refuses.taken)) == 10_000, seconds=60)
    assert by_case(once(refuses.taken))[str(poisoned)] == case
    refused = [received.headers["webhook-id"] for received in to.arrived if received.position == case[7]]
    assert len(refused) >= 3
    assert len(set(refused)) == 1, "a retry is recognisable"


def test_a_slow_receiver_slows_no_other(house: House) -> None:
    free = threading.Event()

    def slow(_received: Received) -> Reply:
        free.wait(20)
        return Reply()

    positions = house.record(*files(40))
    with receiver(slow) as tardy, receiver() as to, house.delivering():
        house.subscribe(tardy, "slow")
        house.subscribe(to, "fast")
        to.wait(lambda: set(positions) <= set(to.positions))
        assert tardy.arrived == []
        free.set()


def test_what_is_not_let_through_moves_the_cursor_too(house: House) -> None:
    house.record(*files(30))
    with receiver() as to, house.delivering():
        house.subscribe(to, let=Filter(types=("initiative.proposed.v1",)))
        to.wait(house.caught_up)
    assert to.arrived == []


def test_a_receiver_that_is_down_is_left_alone_and_gets_everything_later(house: House, quick: None) -> None:
    """Its cases are not all tried one after the other, and none is parked for what is no fault of its own."""
    positions = house.record(*files(300))
    down = threading.Event()
    down.set()
    with receiver(lambda _: Reply(503 if down.is_set() else 204)) as to, house.delivering():
        house.subscribe(to)
        to.wait(lambda: bool((stand := house.row().stand) and stand.resting_until))
        assert house.row().lag > 0
        tried = {arrived.position for arrived in to.arrived}
        assert len(tried) < 60
        down.clear()
        to.wait(lambda: house.row().lag == 0)
        for parked in house.made.reading_subscriptions.waiting(MACHINE, "nis", parked=True):
            house.made.mending_deliveries.release(MACHINE, "nis", key(), parked.subject)
        to.wait(lambda: set(positions) <= set(to.positions) and house.caught_up())
        assert house.row().stand.failing_since is None


def test_a_wish_for_a_pause_rests_the_receiver(house: House) -> None:
    busy = [True]

    def answer(_received: Received) -> Reply:
        return Reply(429, {"Retry-After": "3000"}) if busy[0] else Reply()

    house.record(*files(20))
    with receiver(answer) as to, house.delivering():
        house.subscribe(to)
        to.wait(lambda: bool((stand := house.row().stand) and stand.resting_until))
        stand = house.row().stand
        assert stand is not None
        assert stand.resting_until is not None
        assert 2_000 < (stand.resting_until - house.made.clock()).total_seconds() <= 3_000
        tried = len(to.arrived)
        assert tried <= 4
        busy[0] = False
        house.made.keeping_subscriptions.pause(MACHINE, "nis", key())
        house.made.keeping_subscriptions.resume(MACHINE, "nis", key())
        to.wait(house.caught_up)


def test_a_receiver_that_is_gone_is_told_nothing_more(house: House) -> None:
    positions = house.record(*files(20))
    gone = [True]
    with receiver(lambda _: Reply(410 if gone[0] else 204)) as to, house.delivering():
        house.subscribe(to)
        to.wait(lambda: house.row().state.standing is Standing.DISABLED)
        assert house.row().state.disabled_because is DisabledBecause.GONE
        tried = len(to.arrived)
        assert tried <= 4
        house.record(*files(5))
        gone[0] = False
        house.made.keeping_subscriptions.resume(MACHINE, "nis", key())
        to.wait(lambda: set(positions) <= set(to.positions) and house.caught_up())


def test_what_comes_while_it_is_paused_is_delivered_later(house: House) -> None:
    with receiver() as to, receiver() as other:
        house.subscribe(to)
        house.subscribe(other, "other")
        with house.delivering():
            to.wait(house.caught_up)
        house.made.keeping_subscriptions.pause(MACHINE, "nis", key())
        before, later = len(to.arrived), house.record(*files(3))
        with house.delivering():
            other.wait(lambda: set(later) <= set(other.positions))
            assert len(to.arrived) == before
            house.made.keeping_subscriptions.resume(MACHINE, "nis", key())
            to.wait(lambda: set(later) <= set(to.positions))


def test_a_change_counts_for_what_waits(house: House, quick: None) -> None:
    positions = house.record(*files(10))
    with receiver(lambda _: Reply(500)) as wrong, receiver() as to, house.delivering():
        house.subscribe(wrong)
        wrong.wait(lambda: len(wrong.arrived) > 4)
        wish = Wish(name="Portal", address=to.address)
        house.made.keeping_subscriptions.change(MACHINE, "nis", key(), wish)
        to.wait(lambda: house.row().lag == 0)
        for parked in house.made.reading_subscriptions.waiting(MACHINE, "nis", parked=True):
            house.made.mending_deliveries.release(MACHINE, "nis", key(), parked.subject)
        to.wait(lambda: set(positions) <= set(to.positions))


def test_only_one_delivers_and_another_goes_on_after_it(house: House) -> None:
    with receiver() as to:
        house.subscribe(to)
        with house.delivering(), house.delivering():
            positions = house.record(*files(60))
            to.wait(lambda: set(positions) <= set(to.positions) and house.caught_up())
        with house.delivering():
            positions += house.record(*files(10))
            to.wait(lambda: set(positions) <= set(to.positions) and house.caught_up())
    noted = house.made.desk.deliveries(house.row().id, 200)
    assert sorted(to.positions) == sorted(one.position for one in noted), "nobody has sent beside the one who notes it"


@pytest.mark.parametrize("hours", [24, 0], ids=["with an overlap", "after a leak"])
def test_a_new_secret_signs_beside_the_old_one_for_a_while(house: House, hours: int) -> None:
    with receiver() as to, house.delivering():
        old = house.subscribe(to).for_receiver
        to.wait(house.caught_up)
        new = house.made.keeping_subscriptions.rotate(MACHINE, "nis", key(), hours).for_receiver
        to.wait(house.caught_up)
        [position] = house.record(uuid4())
        to.wait(lambda: position in to.positions)
    [arrived] = [one for one in to.arrived if one.position == position]
    Webhook(new).verify(arrived.body, arrived.headers)
    assert len(arrived.headers["webhook-signature"].split()) == (2 if hours else 1)
    if hours:
        Webhook(old).verify(arrived.body, arrived.headers)
