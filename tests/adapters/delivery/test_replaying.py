"""Delivering again: what it will be is said before, the order of each case holds, and stopping it loses nothing."""

import threading
from collections import defaultdict
from datetime import timedelta
from uuid import uuid4

import pytest

from application.subscriptions import MACHINE
from domain.kernel import Refused
from domain.subscriptions.subscription import Filter
from tests.adapters.delivery.conftest import House, key
from tests.receivers import Received, Reply, receiver

ONLY_OURS = Filter(types=("partner.renamed.v1",))


def replayed(arrived: list[Received]) -> list[int]:
    return [one.position for one in arrived if "_r" in one.headers["webhook-id"]]


def begin(house: House, after: int) -> None:
    plan = house.made.reading_subscriptions.plan(MACHINE, "nis", after)
    house.made.mending_deliveries.begin_replay(MACHINE, "nis", key(), plan)


def test_a_plan_says_what_would_be_sent(house: House) -> None:
    one, other = uuid4(), uuid4()
    first = house.record(one, other, one)
    house.record(one)
    with receiver() as to, house.delivering():
        house.subscribe(to, let=ONLY_OURS)
        to.wait(house.caught_up)
    reading = house.made.reading_subscriptions
    plan = reading.plan(MACHINE, "nis", 0)
    oldest = house.made.log.read(one)[0].recorded_at
    assert (plan.facts, plan.cases, plan.oldest) == (4, 2, oldest)
    later = reading.plan(MACHINE, "nis", first[1])
    assert (later.facts, later.cases) == (2, 1)
    assert reading.position_of(MACHINE, oldest - timedelta(microseconds=1)) < first[0]
    with pytest.raises(Refused):
        reading.plan(MACHINE, "nis", house.made.log.head() + 1)


def test_a_replay_sends_all_again_in_order_and_goes_on_into_the_present(house: House) -> None:
    cases = [uuid4() for _ in range(20)]
    positions = [position for _ in range(5) for position in house.record(*cases)]
    with receiver() as to, house.delivering():
        house.subscribe(to, let=ONLY_OURS)
        to.wait(house.caught_up)
        begin(house, positions[9])
        to.wait(lambda: house.row().state.replays == 1 and house.row().state.replay is None and house.caught_up())
        later = house.record(*cases)
        to.wait(lambda: set(later) <= set(to.positions) and house.caught_up())
    assert sorted(set(replayed(to.arrived))) == positions[10:]
    assert {
        one.headers["webhook-id"].rpartition("_")[2] for one in to.arrived if "_r" in one.headers["webhook-id"]
    } == {"r1"}
    again = defaultdict[str, list[int]](list)
    for one in to.arrived[len(positions) :]:
        again[one.stream] += [one.position] if one.position not in again[one.stream][-1:] else []
    assert all(found == sorted(found) for found in again.values())
    assert set(to.positions) == {*positions, *later}


def test_a_replay_that_is_stopped_goes_on_where_deliveries_had_stood(house: House, quick: None) -> None:
    """Also for a case that was parked before it began, and for one that failed in it."""
    cases = [uuid4() for _ in range(12)]
    positions = [position for _ in range(10) for position in house.record(*cases)]
    parked, failing = cases[3], cases[5]
    mine = {case: [r.position for r in house.made.log.read(case)] for case in (parked, failing)}
    refused, held, go_on = {mine[parked][4]}, set(positions[30:]), threading.Event()

    def answer(received: Received) -> Reply:
        if "_r" in received.headers["webhook-id"] and received.position in held:
            go_on.wait(60)  # also where the machine is slow to stop it
        return Reply(500 if received.position in refused else 204)

    with receiver(answer) as to:
        with house.delivering():
            house.subscribe(to, let=ONLY_OURS)
            to.wait(lambda: bool((stand := house.row().stand) and stand.parked) and house.caught_up())
        assert set(to.positions) == set(positions) - set(mine[parked][5:])
        refused |= {mine[failing][1]}
        begin(house, 0)
        before = len(to.arrived)
        with house.delivering():
            to.wait(lambda: len(to.arrived) > before + 10)
            house.made.mending_deliveries.stop_replay(MACHINE, "nis", key())
            refused.clear()
            go_on.set()
            later = house.record(*cases)
            to.wait(lambda: {*positions, *later} <= set(to.positions) and house.caught_up())
    assert len(replayed(to.arrived)) < 100
    row = house.row()
    assert row.stand is not None
    assert (row.stand.replaying, row.stand.parked, row.stand.waiting) == (False, 0, 0)
    taken = [one.position for one in to.arrived[before:] if one.stream == str(parked)]
    assert taken[-1] == later[3]
    assert set(mine[parked][5:]) <= set(taken)


def test_how_far_a_replay_has_come_is_said(house: House) -> None:
    house.record(*[uuid4() for _ in range(30)])
    with receiver() as to:
        with house.delivering():
            house.subscribe(to, let=ONLY_OURS)
            to.wait(house.caught_up)
        begin(house, 0)
        mending = house.made.mending_deliveries
        done, everything = mending.progress(MACHINE, "nis") or (-1, -1)
        assert (done, everything) == (0, house.row().state.replay.up_to)  # pyright: ignore[reportOptionalMemberAccess]
        with house.delivering():
            to.wait(lambda: mending.progress(MACHINE, "nis") is None)
