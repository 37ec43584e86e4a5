"""Who may do what with subscriptions, and nothing is subscribed that could not be delivered."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from msgspec.structs import replace

from application.access import Forbidden, Person, Role
from application.accounts import Account
from application.delivering import PAUSES, RESTS, pause, rest, rest_of_receiver
from application.ports import CommandKeyReused
from application.reading import NotFound
from application.subscriptions import MACHINE, KeepingSubscriptions, Source, Wish
from application.subscriptions_address import read_address
from application.subscriptions_mending import MendingDeliveries
from application.subscriptions_ports import Answer, NewSecret
from application.subscriptions_reading import Plan, ReadingSubscriptions
from domain.kernel import AccountId, CommandKey, Refused
from domain.subscriptions.decisions import DisableSubscription
from domain.subscriptions.events import DisabledBecause, Signing
from domain.subscriptions.subscription import Filter
from tests.application.office import ADMINISTRATOR, EVERYBODY, person
from tests.fakes import InMemoryLog

NOW = datetime(2026, 3, 17, 9, tzinfo=UTC)
KEEPER = person(9, Role.TECHNICIAN)
LEFT = person(10, Role.TECHNICIAN)
WISH = Wish(name="Portal", address="https://portal.ni.rs/pobratim")


class Rows:
    """application.subscriptions_ports.Desk, as far as it is asked here."""

    def __init__(self) -> None:
        self.ids: list[UUID] = []

    def begin(self, subscription: UUID) -> None:
        self.ids.append(subscription)

    def subscriptions(self) -> list[UUID]:
        return self.ids

    def stands(self) -> dict[UUID, object]:
        return {}

    def keep(self, *_: object) -> None:
        pass

    def deliveries(self, *_: object) -> list[object]:
        return []

    def cases(self, *_: object, parked: bool) -> list[object]:
        return []


class Made:
    """application.subscriptions_ports.Secrets in a set."""

    def __init__(self) -> None:
        self.kept: set[UUID] = set()

    def make(self, signing: Signing, *, lost: bool = False) -> NewSecret:
        made = NewSecret(uuid4(), None, "whsec_c2VjcmV0")
        self.kept.add(made.id)
        return made

    def drop(self, secret: UUID) -> None:
        self.kept.remove(secret)


class Book:
    """application.accounts.Accounts: everybody's are open, but of one who has left."""

    def find(self, account: AccountId) -> Account | None:
        found = next((one for one in (*EVERYBODY, KEEPER, LEFT) if one.account == account), None)
        return found and Account(
            id=account, name=found.name, email="x@x.rs", role=found.role, opened_at=NOW, disabled=found == LEFT
        )


def key() -> CommandKey:
    return CommandKey(uuid4())


class Desk:
    def __init__(self) -> None:
        self.log, self.rows, self.secrets = InMemoryLog(), Rows(), Made()
        source = Source("https://pobratim.example.rs", loopback=False)
        self.keeping = KeepingSubscriptions(
            self.log,
            self.rows,  # pyright: ignore[reportArgumentType]
            lambda: self.secrets,
            lambda: self,  # pyright: ignore[reportArgumentType]
            Book(),  # pyright: ignore[reportArgumentType]
            source,
            lambda _let: None,
            lambda: NOW,
        )
        self.reading = ReadingSubscriptions(self.log, self.rows, lambda _let, _facts: [])  # pyright: ignore[reportArgumentType]
        self.mending = MendingDeliveries(self.keeping, self.reading, self.rows)  # pyright: ignore[reportArgumentType]

    def send(self, *_: object) -> Answer:
        """application.subscriptions_ports.Sending: whatever is sent is taken."""
        return Answer(status=204)

    def create(self, by: Person = ADMINISTRATOR, code: str = "nis", wish: Wish = WISH, after: int | None = 0) -> object:
        return self.keeping.create(by, key(), code, wish, Signing.HMAC, after)


@pytest.fixture
def desk() -> Desk:
    return Desk()


DEEDS: dict[str, Callable[[Desk, Person], object]] = {
    "create": lambda desk, by: desk.create(by),
    "change": lambda desk, by: desk.keeping.change(by, "nis", key(), WISH),
    "pause": lambda desk, by: desk.keeping.pause(by, "nis", key()),
    "resume": lambda desk, by: desk.keeping.resume(by, "nis", key()),
    "disable": lambda desk, by: desk.keeping.disable(by, "nis", key()),
    "rotate": lambda desk, by: desk.keeping.rotate(by, "nis", key(), 24),
    "test": lambda desk, by: desk.keeping.test(by, "nis"),
    "one": lambda desk, by: desk.keeping.one(by, "nis"),
    "list": lambda desk, by: desk.reading.list(by),
    "read one": lambda desk, by: desk.reading.one(by, "nis"),
    "deliveries": lambda desk, by: desk.reading.deliveries(by, "nis", 10),
    "waiting": lambda desk, by: desk.reading.waiting(by, "nis", parked=True),
    "position": lambda desk, by: desk.reading.position_of(by, NOW),
    "plan": lambda desk, by: desk.reading.plan(by, "nis", 0),
    "release": lambda desk, by: desk.mending.release(by, "nis", key(), "2026-0042"),
    "release all": lambda desk, by: desk.mending.release_all(by, "nis", key()),
    "replay": lambda desk, by: desk.mending.begin_replay(
        by, "nis", key(), Plan(after=0, up_to=9, facts=3, cases=1, oldest=None)
    ),
    "stop": lambda desk, by: desk.mending.stop_replay(by, "nis", key()),
    "progress": lambda desk, by: desk.mending.progress(by, "nis"),
}


OF_A_KEEPER = frozenset(
    {"pause", "resume", "rotate", "test", "one", "read one", "deliveries", "waiting", "release", "release all"}
)
"""The others of DEEDS are for administrators alone; a list anybody may ask for, and it has what is theirs."""
OTHERS = [one for one in EVERYBODY if one != ADMINISTRATOR]


def outcome(desk: Desk, by: Person, deed: str) -> str:
    try:
        DEEDS[deed](desk, by)
    except (Forbidden, NotFound, Refused) as fault:
        return type(fault).__name__
    return "done"


@pytest.mark.parametrize("deed", sorted(DEEDS.keys() - {"list"}))
@pytest.mark.parametrize("by", OTHERS, ids=lambda by: by.name)
@pytest.mark.parametrize("there", [True, False], ids=["there", "not there"])
def test_what_somebody_else_keeps_looks_like_what_does_not_exist(
    desk: Desk, by: Person, deed: str, there: bool
) -> None:
    if there:
        desk.create(wish=replace(WISH, keeper=KEEPER.account))
    facts, secrets = list(desk.log.facts), set(desk.secrets.kept)
    assert outcome(desk, by, deed) == ("NotFound" if deed in OF_A_KEEPER else "Forbidden")
    assert desk.reading.list(by) == []
    assert desk.log.facts == facts
    assert desk.secrets.kept == secrets


@pytest.mark.parametrize("deed", sorted(DEEDS.keys() - {"list"}))
@pytest.mark.parametrize("by", OTHERS, ids=lambda by: by.name)
def test_whoever_keeps_one_looks_after_it_and_no_more(desk: Desk, by: Person, deed: str) -> None:
    desk.create(wish=replace(WISH, keeper=by.account))
    desk.keeping.resume(ADMINISTRATOR, "nis", key())
    facts = list(desk.log.facts)
    found = outcome(desk, by, deed)
    if deed in OF_A_KEEPER:
        assert found == ("Refused" if deed == "release" else "done"), "nothing is parked"
    else:
        assert found == "Forbidden"
        assert desk.log.facts == facts
    assert [row.state.code for row in desk.reading.list(by)] == ["nis"]


@pytest.mark.parametrize("deed", sorted(OF_A_KEEPER))
def test_whoever_keeps_it_no_more_has_lost_it_at_once(desk: Desk, deed: str) -> None:
    desk.create(wish=replace(WISH, keeper=KEEPER.account))
    desk.keeping.change(ADMINISTRATOR, "nis", key(), WISH)
    assert outcome(desk, KEEPER, deed) == "NotFound"
    assert desk.reading.list(KEEPER) == []


def test_what_an_administrator_has_disabled_its_keeper_does_not_resume(desk: Desk) -> None:
    desk.create(wish=replace(WISH, keeper=KEEPER.account))
    desk.keeping.disable(ADMINISTRATOR, "nis", key())
    assert outcome(desk, KEEPER, "resume") == "Refused"
    desk.keeping.resume(ADMINISTRATOR, "nis", key())
    desk.keeping.do(MACHINE, "nis", key(), DisableSubscription(because=DisabledBecause.GONE))
    assert outcome(desk, KEEPER, "resume") == "done"


def test_only_an_administrator_knows_that_a_key_is_lost(desk: Desk) -> None:
    desk.create(wish=replace(WISH, keeper=KEEPER.account))
    with pytest.raises(Forbidden):
        desk.keeping.rotate(KEEPER, "nis", key(), 0, lost=True)


def test_only_an_open_account_can_keep_one(desk: Desk) -> None:
    for account in (LEFT.account, AccountId(UUID(int=404))):
        with pytest.raises(Refused) as fault:
            desk.create(wish=replace(WISH, keeper=account))
        assert [refusal.code for refusal in fault.value.refusals] == ["subscription.keeper"]


def test_the_same_form_makes_one_secret_however_often_it_is_sent(desk: Desk) -> None:
    once = key()
    first, second = (desk.keeping.create(ADMINISTRATOR, once, "nis", WISH, Signing.HMAC, None) for _ in range(2))
    assert (bool(first.for_receiver), second.for_receiver, second.done.repeated) == (True, "", True)
    again = key()
    first, second = (desk.keeping.rotate(ADMINISTRATOR, "nis", again, 24) for _ in range(2))
    assert (bool(first.for_receiver), second.for_receiver, second.done.repeated) == (True, "", True)
    assert len(desk.secrets.kept) == 2
    assert len(desk.log.facts) == 2
    with pytest.raises(CommandKeyReused):
        desk.keeping.rotate(ADMINISTRATOR, "nis", again, 48)


def test_whoever_is_slower_with_the_same_form_leaves_no_secret_behind(desk: Desk) -> None:
    """Both have looked before either has written."""
    once, before = key(), desk.keeping._before  # pyright: ignore[reportPrivateUsage]
    desk.keeping._before = lambda *_: None  # pyright: ignore[reportPrivateUsage]
    desk.keeping.create(ADMINISTRATOR, key(), "nis", WISH, Signing.HMAC, None)
    opened = [desk.keeping.rotate(ADMINISTRATOR, "nis", once, 24) for _ in range(2)]
    desk.keeping._before = before  # pyright: ignore[reportPrivateUsage]
    assert [bool(one.for_receiver) for one in opened] == [True, False]
    assert len(desk.secrets.kept) == 2


@pytest.mark.parametrize("deed", sorted(DEEDS.keys() - {"create", "list", "position"}))
def test_what_does_not_exist_is_not_found(desk: Desk, deed: str) -> None:
    with pytest.raises(NotFound):
        DEEDS[deed](desk, ADMINISTRATOR)


def test_what_is_refused_leaves_no_secret_behind(desk: Desk) -> None:
    desk.create()
    for code, wish, after in (
        ("nis", WISH, 0),
        ("Niš", WISH, 0),
        ("new", WISH, 0),
        ("other", Wish(name="x", address="http://x.rs"), 0),
    ):
        with pytest.raises(Refused):
            desk.create(code=code, wish=wish, after=after)
    with pytest.raises(Refused):
        desk.create(code="later", after=99)
    assert len(desk.secrets.kept) == 1
    assert len(desk.log.facts) == 1


def test_it_begins_where_somebody_says_or_now(desk: Desk) -> None:
    desk.create(code="old", after=0)
    desk.create(code="young", after=None)
    assert [desk.keeping.one(ADMINISTRATOR, code).after for code in ("old", "young")] == [0, 1]


def test_no_secret_stands_in_the_log(desk: Desk) -> None:
    desk.create()
    desk.keeping.rotate(ADMINISTRATOR, "nis", key(), 24)
    assert "c2VjcmV0" not in repr(desk.log.facts)


def test_a_filter_that_nobody_knows_is_refused_before_anything_is_made(desk: Desk) -> None:
    def refuse(_let: Filter) -> None:
        raise Refused

    desk.keeping._check_filter = refuse  # pyright: ignore[reportPrivateUsage]
    with pytest.raises(Refused):
        desk.create()
    assert desk.secrets.kept == set()


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("portal.ni.rs", "subscription.address"),
        ("", "subscription.address"),
        ("https://", "subscription.address"),
        ("https://[::1", "subscription.address"),
        ("https://x.rs:99999/", "subscription.address"),
        ("https://x.rs/a b", "subscription.address"),
        ("https://x_.rs\u202e/", "subscription.address"),
        ("https://[fe80::1%25eth0]/", "subscription.address"),
        ("ftp://x.rs/", "subscription.address"),
        ("https://ana:tajna@x.rs/", "subscription.address-parts"),
        ("https://x.rs/?token=1", "subscription.address-parts"),
        ("https://x.rs/#a", "subscription.address-parts"),
        ("http://x.rs/", "subscription.address-https"),
        ("http://127.0.0.1:9000/", "subscription.address-https"),
        ("https://x.rs:22/", "subscription.address-port"),
        ("https://x.rs:0/", "subscription.address-port"),
        ("https://x.rs/" + "a" * 500, "form.too-long"),
    ],
    ids=ascii,
)
def test_an_address_that_cannot_be_is_refused(typed: str, code: str) -> None:
    with pytest.raises(Refused) as fault:
        read_address(typed)
    assert [refusal.code for refusal in fault.value.refusals] == [code]


def test_an_address_is_read_as_the_network_has_it() -> None:
    read = read_address("https://Портал.срб:8443/побратим")
    assert (read.host, read.port) == ("xn--80awhdgm.xn--90a3ac", 8443)
    assert read.target == "/%D0%BF%D0%BE%D0%B1%D1%80%D0%B0%D1%82%D0%B8%D0%BC"
    assert read_address("https://x.rs").authority == "x.rs"
    assert read_address("http://localhost:9000/", loopback=True).authority == "localhost:9000"
    with pytest.raises(Refused):
        read_address("http://10.0.0.1/", loopback=True)


def test_attempts_are_spread_over_about_a_day_and_end() -> None:
    refused = Answer(status=500)
    pauses = [wait.total_seconds() for n in range(1, len(PAUSES) + 1) if (wait := pause(n, refused))]
    assert 0.8 * 86_400 < sum(pauses) < 1.4 * 86_400
    assert pauses[0] < pauses[3] < pauses[6] < pauses[9]
    assert pause(len(PAUSES) + 1, refused) is None


def test_a_wish_for_a_pause_is_bounded() -> None:
    wish = Answer(status=503, retry_after=10**8)
    assert pause(1, wish) == rest_of_receiver(wish)
    assert (rest_of_receiver(wish) or PAUSES[-1]).total_seconds() == 3_600
    assert rest_of_receiver(Answer(status=500, retry_after=60)) is None
    assert rest_of_receiver(Answer(status=429)) is None
    assert rest(1_000) < RESTS[-1] * 1.3
