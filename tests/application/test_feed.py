"""What a filter and a scope let through follows from the log up to the fact, and the cursor always moves."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from adapters.recording.topics import published
from adapters.reference.units import local_governments
from application.access import Forbidden, Person, Role, Scope
from application.feed import LOOKED_AT, Feed, FeedFilter, FeedQuery
from application.feed_events import rfc3339
from application.feed_filter import CaseShapes
from application.identity import case_id
from application.ports import LogUnavailable, Recorded, UnreadableFact
from domain.initiatives import events as e
from domain.initiatives.initiative import grow
from domain.initiatives.terms import Kind, Party, PartyRole
from domain.kernel import Fact, Refused
from domain.pairs import PairTakenUp
from domain.partners.events import PartnerRegistered
from domain.people.events import EntryErased, ErasureGround, RequestKind, RequestReceived, VaultSearched
from domain.subscriptions.events import Signing, SubscriptionCreated, SubscriptionPaused
from tests.adapters.recording.office import a_save
from tests.application.office import ADMINISTRATOR, AUDITOR, COORDINATOR, LOST, STRANGER, WORDS
from tests.fakes import InMemoryLog, witness

NIS, PIROT = (Party(role=PartyRole.HOME, local_government=code) for code in ("nis", "pirot"))
WATCHING = Party(role=PartyRole.OBSERVER, local_government="pirot")
GRAZ = Party(role=PartyRole.PARTNER, partner=UUID(int=9))
REMARK = e.RemarkAdded(remark=WORDS)
GRAZ_REGISTERED = PartnerRegistered(name="Graz", country="AT")
RECEIVED = RequestReceived(number="L-2026-001", kind=RequestKind.ERASURE, due_on="2026-04-17", person=WORDS)
ERASED = EntryErased(entry=WORDS, ground=ErasureGround.NO_LONGER_NEEDED)
CREATED = SubscriptionCreated(
    code="portal", name="Портал", address="https://portal.rs/", signing=Signing.HMAC, secret=UUID(int=5), after=0
)


def begun(number: str = "2026-0001", *parties: Party, kind: Kind = Kind.TWINNING) -> e.HistoricAgreementEntered:
    return e.HistoricAgreementEntered(number=number, kind=kind, parties=(*(parties or (NIS,)), GRAZ), source="списак")


def a_feed(log: InMemoryLog) -> Feed:
    topics = published()
    named = topics.topic_of.__getitem__
    return Feed(log, "https://primer.rs", named, list(topics.current), local_governments(), witness())


def recorded(log: InMemoryLog, stream: UUID, *facts: Fact) -> None:
    log.append([a_save(stream, len(log.read(stream)), facts)])


def positions(feed: Feed, person: Person = AUDITOR, **asked: object) -> list[int]:
    """Of every event, page by page until the end."""
    after, found = 0, list[int]()
    while True:
        query = FeedQuery(after=after, **asked)  # type: ignore[arg-type]
        page = feed.page(person, query)
        found += [int(event.id) for event in page.events]
        if page.next == after:
            return found
        after = page.next


@pytest.fixture
def log() -> InMemoryLog:
    """A case of Niš that Pirot joins at 4 and leaves at 6, and what belongs to no case."""
    log = InMemoryLog()
    case = case_id("2026-0001")
    recorded(log, case, begun(), REMARK)  # 1, 2
    recorded(log, uuid4(), PartnerRegistered(name="Graz", country="AT"))  # 3
    recorded(log, case, e.PartyJoined(party=PIROT), REMARK, e.PartyLeft(party="pirot"), REMARK)  # 4 to 7
    recorded(log, uuid4(), VaultSearched(found=0))  # 8
    taken = PairTakenUp(local_government="nis", partner=UUID(int=9), case=case, case_number="2026-0001")
    recorded(log, uuid4(), taken)  # 9
    recorded(log, case_id("2026-0002"), begun("2026-0002", PIROT, kind=Kind.FRIENDSHIP), REMARK)  # 10, 11
    recorded(log, case, e.PartyJoined(party=WATCHING), REMARK)  # 12, 13
    return log


@pytest.mark.parametrize("limit", [1, 2, 1000])
def test_a_town_has_what_was_recorded_while_it_was_a_home_and_its_coming_and_going(log: InMemoryLog, limit: int):
    feed = a_feed(log)
    assert positions(feed, local_government=("pirot",), limit=limit) == [4, 5, 6, 10, 11]
    assert positions(feed, local_government=("nis",), limit=limit) == [1, 2, 4, 5, 6, 7, 9, 12, 13]
    assert positions(feed, local_government=("nis", "pirot"), limit=limit) == [1, 2, 4, 5, 6, 7, 9, 10, 11, 12, 13]
    assert positions(feed, local_government=("vranje",), limit=limit) == []
    assert positions(feed, limit=limit) == [*range(1, 8), *range(9, 14)]


def test_one_who_sees_one_town_gets_its_facts_and_no_hint_of_others(log: InMemoryLog) -> None:
    feed = a_feed(log)
    own = [1, 2, 4, 5, 6, 7, 9, 12, 13]
    assert positions(feed, STRANGER) == own
    assert positions(feed, STRANGER, local_government=("nis",)) == own
    assert positions(feed, STRANGER, local_government=("pirot",)) == [4, 5, 6]  # of the case that was its own too
    assert positions(feed, STRANGER, case="2026-0002") == []
    unknown, foreign = (feed.page(STRANGER, FeedQuery(case=number)) for number in ("2026-0777", "2026-0002"))
    assert unknown == foreign


@pytest.mark.parametrize("person", [AUDITOR, COORDINATOR, STRANGER])
@pytest.mark.parametrize("limit", [1, 3, 1000])
def test_nobody_hears_of_subscribers_and_of_requests_and_the_cursor_moves(person: Person, limit: int) -> None:
    log = InMemoryLog()
    recorded(log, uuid4(), CREATED, SubscriptionPaused())
    recorded(log, case_id("2026-0001"), begun())  # 3
    recorded(log, uuid4(), RECEIVED, VaultSearched(found=1), ERASED)  # erased at 6
    recorded(log, uuid4(), *[SubscriptionPaused()] * 5)
    feed = a_feed(log)
    assert positions(feed, person, limit=limit) == [3, 6]
    everybody = {"local_government": ("vranje",), "kind": (Kind.FRIENDSHIP,), "limit": limit}
    assert positions(feed, person, **everybody) == [6], "whoever keeps texts has to hear of erasures"
    assert positions(feed, person, case="2026-0001", limit=limit) == [3]
    after = feed.page(person, FeedQuery(after=6, limit=limit))
    assert (after.events, after.next) == ((), 11)


@pytest.mark.parametrize("topic", ["subscription.created.v1", "people.request-received.v1"])
def test_what_is_not_given_out_cannot_be_asked_for(topic: str) -> None:
    feed = a_feed(InMemoryLog())
    assert positions(feed, type=("people.entry-erased.v1",)) == []
    with pytest.raises(Refused, match=r"feed\.type-unknown"):
        feed.page(AUDITOR, FeedQuery(type=(topic,)))


@pytest.mark.parametrize("person", [ADMINISTRATOR, LOST])
def test_one_who_works_on_no_case_gets_nothing(log: InMemoryLog, person: Person) -> None:
    with pytest.raises(Forbidden, match=r"^access\.no-casework$"):
        a_feed(log).page(person, FeedQuery())


def test_kinds_types_and_cases_narrow_together(log: InMemoryLog) -> None:
    feed = a_feed(log)
    assert positions(feed, kind=(Kind.FRIENDSHIP,)) == [10, 11]
    assert positions(feed, kind=(Kind.FRIENDSHIP,), local_government=("nis",)) == []
    assert positions(feed, type=("initiative.remark-added.v1",), local_government=("pirot",)) == [5, 11]
    assert positions(feed, case="2026-0001", local_government=("pirot",)) == [4, 5, 6]
    assert positions(feed, case="2026-0001", type=("initiative.party-left.v1",)) == [6]


def test_a_corrected_kind_counts_from_its_correction_on() -> None:
    log = InMemoryLog()
    corrected = e.FactCorrected(corrects=1, restated=begun(kind=Kind.FRIENDSHIP), reason=WORDS)
    recorded(log, case_id("2026-0001"), begun(), REMARK, corrected, REMARK)
    feed = a_feed(log)
    assert positions(feed, kind=(Kind.TWINNING,)) == [1, 2, 3]
    assert positions(feed, kind=(Kind.FRIENDSHIP,)) == [3, 4]


def test_what_came_before_does_not_change_when_the_log_grows(log: InMemoryLog) -> None:
    feed, grown = a_feed(log), InMemoryLog()
    asked = FeedQuery(local_government=("pirot",))
    seen = dict[int, list[str]]()
    for fact in log.facts:
        grown.facts.append(fact)
        seen[fact.position] = [event.id for event in a_feed(grown).page(AUDITOR, asked).events]
    whole = [event.id for event in feed.page(AUDITOR, asked).events]
    for position, ids in seen.items():
        assert ids == [one for one in whole if int(one) <= position]


KINDS = st.sampled_from([Kind.TWINNING, Kind.FRIENDSHIP, Kind.CROSS_BORDER])
HOMES = st.sampled_from([NIS, PIROT, WATCHING])
LATER = st.one_of(
    st.just(REMARK),
    HOMES.map(lambda party: e.PartyJoined(party=party)),
    st.sampled_from(["nis", "pirot"]).map(lambda key: e.PartyLeft(party=key)),
    st.builds(
        lambda kind, version: e.FactCorrected(corrects=version, restated=begun(kind=kind), reason=WORDS),
        KINDS,
        st.integers(1, 3),
    ),
)


@given(KINDS, st.lists(LATER, max_size=12))
def test_homes_and_kind_are_those_of_the_one_fold(kind: Kind, later: list[Fact]) -> None:
    facts = [begun(kind=kind), *(fact for fact in later if not _of_another(fact))]
    log, case = InMemoryLog(), case_id("2026-0001")
    recorded(log, case, *facts)
    states = [(frozenset(p.local_government for p in s.home), s.kind) for s in grow(None, facts)]  # type: ignore[arg-type]
    for r, around in zip(log.facts, CaseShapes(log, published().topic_of.__getitem__).around(log.facts), strict=True):
        beside = states[max(0, r.version - 2) : r.version]
        assert around.homes == frozenset[str]().union(*(homes for homes, _ in beside))
        assert around.kinds == {kind for _, kind in beside}


def _of_another(fact: Fact) -> bool:
    """A correction of a version that is no beginning restates something else there; no decision leads to one."""
    return isinstance(fact, e.FactCorrected) and fact.corrects != 1


MOMENTS = st.integers(0, 10**16).map(lambda number: datetime.fromtimestamp(number / 10**6, UTC))


@given(MOMENTS, st.sampled_from(["UTC", "Europe/Belgrade"]))
@example(datetime(2026, 3, 1, tzinfo=UTC), "UTC")
def test_a_moment_is_written_with_microseconds_in_utc(moment: datetime, zone: str) -> None:
    assert rfc3339(moment.astimezone(ZoneInfo(zone))) == moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class CountedLog(InMemoryLog):
    """Knows how far each question went."""

    looked = 0

    def page(
        self,
        after: int,
        limit: int,
        topics: Sequence[str] = (),
        stream: UUID | None = None,
        until: int | None = None,
    ) -> Sequence[Recorded]:
        self.looked += min(limit, (until or len(self.facts)) - after)
        return super().page(after, limit, topics, stream, until)


@pytest.mark.parametrize(
    ("fact", "asked"),
    [
        (GRAZ_REGISTERED, {"type": ("initiative.terminated.v1",)}),
        (GRAZ_REGISTERED, {"local_government": ("vranje",)}),
        (GRAZ_REGISTERED, {"kind": (Kind.TWINNING,)}),
        (SubscriptionPaused(), {"limit": 1000}),
    ],
)
def test_a_filter_that_matches_nothing_walks_a_bounded_way_and_the_cursor_moves(
    fact: Fact, asked: dict[str, object]
) -> None:
    log = CountedLog()
    recorded(log, uuid4(), *[fact] * (2 * LOOKED_AT + 5))
    feed, after, steps = a_feed(log), 0, list[int]()
    while after < log.head():
        log.looked = 0
        page = feed.page(AUDITOR, FeedQuery(after=after, **asked))  # type: ignore[arg-type]
        assert page.events == ()
        assert log.looked <= LOOKED_AT
        after = page.next
        steps.append(after)
    assert steps == [LOOKED_AT, 2 * LOOKED_AT, log.head()]
    assert feed.page(AUDITOR, FeedQuery(after=after, **asked)).next == after  # type: ignore[arg-type]


class NewerLog(InMemoryLog):
    """From a position on the facts are of a newer version of the program."""

    def __init__(self, unreadable: int) -> None:
        super().__init__()
        self.unreadable = unreadable

    def page(
        self,
        after: int,
        limit: int,
        topics: Sequence[str] = (),
        stream: UUID | None = None,
        until: int | None = None,
    ) -> Sequence[Recorded]:
        return self._readable(super().page(after, limit, topics, stream, until))

    def read_several(self, streams: Sequence[UUID], until: int, without: Sequence[str] = ()) -> Sequence[Recorded]:
        return self._readable(super().read_several(streams, until, without))

    def _readable(self, found: Sequence[Recorded]) -> Sequence[Recorded]:
        before = [r for r in found if r.position != self.unreadable]
        if len(before) < len(found):
            before = [r for r in before if r.position < self.unreadable]
            raise UnreadableFact(self.unreadable, "initiative.party-joined.v9", "newer", before)
        return found


def test_what_stands_before_a_fact_that_cannot_be_read_is_given_first(log: InMemoryLog) -> None:
    newer = NewerLog(4)
    newer.facts = log.facts
    feed = a_feed(newer)
    for asked in ({}, {"local_government": ("nis",)}):
        first = feed.page(AUDITOR, FeedQuery(**asked))  # type: ignore[arg-type]
        assert [event.id for event in first.events] == (["1", "2"] if asked else ["1", "2", "3"])
        assert first.next == 3
        with pytest.raises(UnreadableFact):
            feed.page(AUDITOR, FeedQuery(after=3, **asked))  # type: ignore[arg-type]
    with pytest.raises(LogUnavailable):  # which says nothing of a fact that may be another town's
        feed.page(STRANGER, FeedQuery(after=3))


def test_behind_it_its_case_stays_closed_because_homes_are_not_known_any_more(log: InMemoryLog) -> None:
    newer = NewerLog(4)
    newer.facts = log.facts
    feed = a_feed(newer)
    behind = feed.page(AUDITOR, FeedQuery(after=7, local_government=("pirot",)))
    assert [event.id for event in behind.events] == ["10", "11"]
    assert behind.next == 11
    with pytest.raises(UnreadableFact):
        feed.page(AUDITOR, FeedQuery(after=11, local_government=("pirot",)))


@pytest.mark.parametrize("asked", [{"type": ("no.such.v1",)}, {"local_government": ("atlantis",)}])
def test_a_filter_of_what_nobody_knows_is_refused(log: InMemoryLog, asked: dict[str, object]) -> None:
    with pytest.raises(Refused):
        a_feed(log).page(AUDITOR, FeedQuery(**asked))  # type: ignore[arg-type]


def test_a_filter_of_a_case_and_a_scope_are_one_value() -> None:
    wanted = FeedFilter(stream=case_id("2026-0001"), scope=Scope("nis"))
    assert wanted.asks_around
    assert not wanted.chooses
    assert Role.OFFICER is STRANGER.role
