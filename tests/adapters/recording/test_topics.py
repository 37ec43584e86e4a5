"""Published names are read for ever."""

from pathlib import Path
from uuid import UUID

import msgspec
import pytest

from adapters.recording.casebook import CaseBook
from adapters.recording.mapper import FactMapper, RecordedFact, StoredFact
from adapters.recording.topics import Topics, Upcast, published
from adapters.reference.units import local_governments
from application.access import Person, Role
from application.feed import Feed, FeedQuery
from application.ports import UnreadableFact
from domain.kernel import Fact, Refused, VaultRef
from domain.partners.events import PartnerRegistered, PartnerRenamed
from tests.adapters.recording.office import OFFICER, ON, a_save, renamed
from tests.fakes import witness
from tools.golden import restating, stored

GOLDEN = Path(__file__).parent / "golden"
STREAM = UUID(int=9, version=4)
ENVELOPE = b'{"actor":"00000000-0000-4000-8000-000000000001","command":"00000000-0000-4000-8000-000000000003","fact":'


class SeatMoved(Fact, frozen=True, kw_only=True, tag="test.seat-moved"):
    """Third shape: `city` and `country` were one text once, and the reason came later."""

    city: str
    country: str
    reason: VaultRef | None = None


class SeatClosed(Fact, frozen=True, kw_only=True, tag="test.seat-closed"):
    pass


def split_place(body):
    city, _, country = body.pop("place").partition(", ")
    return {**body, "city": city, "country": country}


def name_moved_to_place(body):
    return {"place": body["name"]}


MOVES = Topics(
    (SeatMoved,),
    versions={SeatMoved: 3},
    upcasts={
        "test.seat-renamed.v1": Upcast("test.seat-moved.v2", name_moved_to_place),
        "test.seat-moved.v2": Upcast("test.seat-moved.v3", split_place),
    },
)


def read(mapper: FactMapper, topic: str, state: bytes) -> RecordedFact:
    return mapper.to_domain_event(StoredFact(STREAM, 1, topic, state, 7, ON.at))


@pytest.fixture(scope="module")
def mapper():
    return FactMapper(topics=published())


def test_every_topic_has_its_golden_file_and_every_golden_file_its_topic():
    """Write missing ones with `python -m tools.golden`; an existing one never changes."""
    assert sorted(path.name.removesuffix(".json") for path in GOLDEN.glob("*.json")) == published().all


RESTATED = sorted(str(path.relative_to(GOLDEN)) for path in GOLDEN.glob("*/*.json"))


def test_every_kind_that_can_be_restated_has_its_golden_file():
    """Write missing ones with `python -m tools.golden`; an existing one never changes."""
    assert {name for name, _, _ in restating(published())} <= set(RESTATED)


@pytest.mark.parametrize("name", RESTATED)
def test_a_restated_fact_reads_for_ever(mapper, name):
    topic, of = name.removesuffix(".json").split("/")
    golden = (GOLDEN / name).read_bytes().strip()
    recorded = read(mapper, topic, golden)
    assert type(recorded.fact.restated) is mapper.topics.current[mapper.topics.current_of(of)]
    assert stored(mapper, recorded.fact) == golden or topic not in mapper.topics.current


@pytest.mark.parametrize("topic", published().all)
def test_a_fact_stored_when_its_topic_was_published_reads_for_ever(mapper, topic):
    golden = (GOLDEN / f"{topic}.json").read_bytes().strip()
    recorded = read(mapper, topic, golden)
    current = mapper.topics.current_of(topic)
    assert type(recorded.fact) is mapper.topics.current[current]
    assert stored(mapper, recorded.fact) == golden or current != topic
    shown = msgspec.json.decode(golden)
    assert (str(recorded.actor), str(recorded.command)) == (shown["actor"], shown["command"])


def test_old_shapes_are_led_step_by_step_to_the_shape_of_today():
    mapper = FactMapper(topics=MOVES)
    first = read(mapper, "test.seat-renamed.v1", ENVELOPE + b'{"fact":"test.seat-renamed","name":"Graz, AT"}}')
    second = read(mapper, "test.seat-moved.v2", ENVELOPE + b'{"fact":"test.seat-moved","place":"Graz, AT"}}')
    third = read(mapper, "test.seat-moved.v3", ENVELOPE + b'{"fact":"test.seat-moved","city":"Graz","country":"AT"}}')
    assert first.fact == second.fact == third.fact == SeatMoved(city="Graz", country="AT")
    assert first.on_behalf_of is None


def test_a_newer_optional_field_does_not_hinder_an_older_reader():
    state = b'{"actor":"00000000-0000-4000-8000-000000000001","command":"00000000-0000-4000-8000-000000000003","fact":'
    state += b'{"fact":"partner.renamed","name":"Graz","added_in_2031":true}}'
    assert read(FactMapper(topics=published()), "partner.renamed.v1", state).fact.name == "Graz"


@pytest.mark.parametrize(
    ("topic", "state"),
    [
        ("partner.unheard-of.v1", b'{"actor":"00000000-0000-4000-8000-000000000001"}'),
        ("partner.renamed.v1", b"{}"),
        ("partner.renamed.v1", b"\x00\xff"),
        ("partner.renamed.v1", b'{"actor":1,"command":2,"fact":{}}'),
        ("test.seat-moved.v9", b"{}"),
    ],
)
def test_a_row_that_cannot_be_read_says_which(mapper, topic, state):
    with pytest.raises(UnreadableFact, match=f"position 7, topic {topic}"):
        read(mapper, topic, state)


class SeatCorrected(Fact, frozen=True, kw_only=True, tag="test.seat-corrected"):
    corrects: int
    restated: SeatMoved | SeatClosed


CORRECTIONS = {
    "test.seat-corrected.v1": Upcast("test.seat-corrected.v2", lifts=("test.seat-renamed.v1",)),
    "test.seat-corrected.v2": Upcast("test.seat-corrected.v3", lifts=("test.seat-moved.v2",)),
}
KINDS = (SeatMoved, SeatClosed, SeatCorrected)


@pytest.mark.parametrize(
    ("topic", "restated", "expected"),
    [
        ("v1", b'{"fact":"test.seat-renamed","name":"Graz, AT"}', SeatMoved(city="Graz", country="AT")),
        ("v2", b'{"fact":"test.seat-moved","place":"Graz, AT"}', SeatMoved(city="Graz", country="AT")),
        ("v3", b'{"fact":"test.seat-moved","city":"Graz","country":"AT"}', SeatMoved(city="Graz", country="AT")),
        ("v1", b'{"fact":"test.seat-closed","occurred_on":"2026"}', SeatClosed(occurred_on="2026")),
    ],
)
def test_what_a_correction_restates_is_led_on_with_it(topic, restated, expected):
    """A stored correction holds what it restates in the shape of its own day, under no name but the tag."""
    mapper = FactMapper(topics=Topics(KINDS, {SeatMoved: 3, SeatCorrected: 3}, {**MOVES.upcasts, **CORRECTIONS}))
    state = ENVELOPE + b'{"fact":"test.seat-corrected","corrects":2,"restated":' + restated + b"}}"
    recorded = read(mapper, f"test.seat-corrected.{topic}", state)
    assert recorded.fact == SeatCorrected(corrects=2, restated=expected)


@pytest.mark.parametrize(
    ("version", "corrections"),
    [
        (1, {}),
        (2, {"test.seat-corrected.v1": Upcast("test.seat-corrected.v2", lifts=("test.seat-renamed.v1",))}),
        (3, {**CORRECTIONS, "test.seat-corrected.v2": CORRECTIONS["test.seat-corrected.v1"]}),
    ],
    ids=["not at all", "some of the way", "the same twice"],
)
def test_a_fact_that_restates_others_must_rise_with_them(version, corrections):
    with pytest.raises(ValueError, match=r"must lift each|leads to no fact"):
        Topics(KINDS, {SeatMoved: 3, SeatCorrected: version}, {**MOVES.upcasts, **corrections})


@pytest.mark.parametrize(
    ("versions", "upcasts"),
    [
        ({}, {"test.seat-moved.v1": Upcast("test.seat-moved.v1", dict)}),
        ({SeatMoved: 2}, {"test.seat-moved.v1": Upcast("test.seat-moved.v3", dict)}),
        ({SeatMoved: 2}, {"a.b.v1": Upcast("a.c.v1", dict), "a.c.v1": Upcast("a.b.v1", dict)}),
        ({SeatMoved: 2}, {"other.seat-moved.v1": Upcast("test.seat-moved.v2", dict)}),
    ],
    ids=["of a current topic", "to a topic that is none", "in a circle", "into another context"],
)
def test_an_upcast_that_leads_nowhere_is_found_at_start(versions, upcasts):
    with pytest.raises(ValueError, match=r"needs no upcast|leads to no fact|out of its context"):
        Topics((SeatMoved,), versions, upcasts)


def test_two_facts_cannot_share_a_topic():
    class SeatMovedAgain(Fact, frozen=True, kw_only=True, tag="test.seat-moved"):
        pass

    with pytest.raises(ValueError, match="share a topic"):
        Topics((SeatMoved, SeatMovedAgain), {}, {})


def test_a_fact_without_a_published_name_is_found_at_start():
    class Unnamed(Fact, frozen=True, kw_only=True):
        pass

    with pytest.raises(ValueError, match="no published name"):
        Topics((Unnamed,), {}, {})


def test_text_that_the_database_cannot_read_as_json_is_refused(mapper):
    fact = mapper.topics.current["partner.renamed.v1"]
    with pytest.raises(ValueError, match="NUL"):
        stored(mapper, fact(name="a\0b"))
    assert rb"\\u0000" in stored(mapper, fact(name=r"\u0000"))


@pytest.mark.parametrize("setting", ["COMPRESSOR_TOPIC", "CASEBOOK_COMPRESSOR_TOPIC"])
def test_a_compressor_or_cipher_is_refused_at_start(database, pool, monkeypatch, setting):
    monkeypatch.setenv(setting, "zlib")
    with pytest.raises(ValueError, match="plain JSON"):
        CaseBook(database.url, pool)


def test_a_fact_is_found_by_the_name_under_which_it_is_given(database, pool, book):
    """`partner.renamed.v1` has become the first version of another day's `partner.renamed.v3`."""
    start, stream = book.head(), UUID(int=77, version=4)
    book.append([a_save(stream, facts=[PartnerRegistered(name="Graz", country="AT"), renamed("Грац")])])
    grown = Topics(
        (PartnerRegistered, PartnerRenamed),
        versions={PartnerRenamed: 3},
        upcasts={
            "partner.renamed.v1": Upcast("partner.renamed.v2", dict),
            "partner.renamed.v2": Upcast("partner.renamed.v3", dict),
        },
    )
    newer = CaseBook(database.url, pool, grown)
    newer.append([a_save(stream, 2, [renamed("Grac")])])
    feed = Feed(
        newer,
        "https://pobratim.example.rs",
        grown.topic_of.__getitem__,
        list(grown.current),
        local_governments(),
        witness(),
    )
    auditor = Person(OFFICER, "Ревизор", Role.AUDITOR)

    found = feed.page(auditor, FeedQuery(after=start, type=("partner.renamed.v3",)))

    assert [(event.type, event.data.version) for event in found.events] == [
        ("partner.renamed.v3", 2),
        ("partner.renamed.v3", 3),
    ]
    assert [recorded.version for recorded in newer.page(start, 9, ["partner.renamed.v3"], stream)] == [2, 3]
    with pytest.raises(Refused, match=r"feed\.type-unknown"):
        feed.page(auditor, FeedQuery(type=("partner.renamed.v1",)))
    newer.close()
