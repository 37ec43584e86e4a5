"""Only administrators keep subscriptions, and nothing is subscribed that could not be delivered."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from application.access import Forbidden, Person
from application.delivering import PAUSES, RESTS, pause, rest, rest_of_receiver
from application.reading import NotFound
from application.subscriptions import KeepingSubscriptions, Source, Wish
from application.subscriptions_address import read_address
from application.subscriptions_mending import MendingDeliveries
from application.subscriptions_ports import Answer, NewSecret
from application.subscriptions_reading import Plan, ReadingSubscriptions
from domain.kernel import CommandKey, Refused
from domain.subscriptions.events import Signing
from domain.subscriptions.subscription import Filter
from tests.application.office import ADMINISTRATOR, EVERYBODY
from tests.fakes import InMemoryLog

NOW = datetime(2026, 3, 17, 9, tzinfo=UTC)
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
            lambda: None,  # pyright: ignore[reportArgumentType]
            None,  # pyright: ignore[reportArgumentType]
            source,
            lambda _let: None,
            lambda: NOW,
        )
        self.reading = ReadingSubscriptions(self.log, self.rows, lambda _let, _facts: [])  # pyright: ignore[reportArgumentType]
        self.mending = MendingDeliveries(self.keeping, self.reading, self.rows)  # pyright: ignore[reportArgumentType]

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


@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize("by", [one for one in EVERYBODY if one != ADMINISTRATOR], ids=lambda by: by.name)
def test_nobody_else_comes_near(desk: Desk, by: Person, deed: str) -> None:
    with pytest.raises(Forbidden):
        DEEDS[deed](desk, by)
    assert desk.log.facts == []
    assert desk.secrets.kept == set()


@pytest.mark.parametrize("deed", sorted(DEEDS.keys() - {"create", "list", "position"}))
def test_what_does_not_exist_is_not_found(desk: Desk, deed: str) -> None:
    with pytest.raises(NotFound):
        DEEDS[deed](desk, ADMINISTRATOR)


def test_what_is_refused_leaves_no_secret_behind(desk: Desk) -> None:
    desk.create()
    for code, wish, after in (("nis", WISH, 0), ("Niš", WISH, 0), ("other", Wish(name="x", address="http://x.rs"), 0)):
        with pytest.raises(Refused):
            desk.create(code=code, wish=wish, after=after)
    with pytest.raises(Refused):
        desk.create(code="later", after=99)
    assert len(desk.secrets.kept) == 1
    assert len(desk.log.facts) == 1


def test_it_begins_where_somebody_says_or_now(desk: Desk) -> None:
    desk.create(code="old", after=0)
    desk.create(code="new", after=None)
    assert [desk.keeping.one(ADMINISTRATOR, code).after for code in ("old", "new")] == [0, 1]


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
