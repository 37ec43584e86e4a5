"""A fact of a newer version: a newer process takes the lead; where there is none, what it concerns stops, visibly."""

import time

import pytest

from adapters.readside import projector
from adapters.readside.catalogue import ReadSideFault, catalogue, concerned
from adapters.readside.view import CONTEXTS
from adapters.recording.casebook import CaseBook
from adapters.recording.topics import UPCASTS, VERSIONS, Topics, Upcast, published, restated_in
from adapters.reference.units import local_governments
from application.identity import case_id
from domain.initiatives import events as e
from tests.adapters.readside.office import ANA, WORDS
from tests.adapters.readside.test_projector import VIEWS, going_on_stand_at, numbers, projecting, until, verdicts
from tests.planting import plant

OF_CASES = VIEWS - {"partner_file"}
OF_PARTNERS = {"partner_file", "register", "local_government_file"}
NEWER = "initiative.drafting-started.v9"
STARTED = f'{{"actor":"{ANA}","command":"{WORDS}","fact":{{"fact":"initiative.drafting-started"}}}}'.encode()

HISTORIC = {
    "number": "1979-0001",
    "kind": "twinning",
    "parties": [{"role": "home", "local_government": "nis"}],
    "source": "the list",
}


@pytest.fixture(autouse=True)
def in_a_hurry(monkeypatch):
    monkeypatch.setattr(projector, "GIVE_WAY_SECONDS", 1.0)


def newer(upcasts: dict[str, Upcast]) -> Topics:
    """Those of a later version, with a correction that lifts what it may restate."""
    facts, corrections = published().topic_of, published().topic_of[e.FactCorrected]
    kinds = {facts[kind] for kind in restated_in(e.FactCorrected)["restated"]}
    lifts = [topic for topic, step in upcasts.items() if step.to in kinds]
    corrected = {corrections: Upcast("initiative.corrected.v9", lifts=lifts)}
    return Topics(tuple(facts), {**VERSIONS, e.FactCorrected: 9}, {**UPCASTS, **upcasts, **corrected})


@pytest.fixture
def newer_book(database, pool):
    """That of a version which knows NEWER."""
    book = CaseBook(database.url, pool, newer({NEWER: Upcast("initiative.drafting-started.v1")}))
    yield book
    book.close()


def stopped(side) -> dict[str, int]:
    return {view.view: view.stopped_at for view in side.health().stopped}


@pytest.mark.parametrize(
    ("topic", "expected"),
    [(NEWER, OF_CASES), ("partner.renamed.v9", OF_PARTNERS), ("delegation.called.v1", VIEWS)],
)
def test_the_name_of_a_fact_tells_which_views_it_may_concern(topic, expected):
    assert concerned(catalogue(local_governments()), topic) == expected


def test_views_read_the_contexts_that_there_are():
    read = {context for view in catalogue(local_governments()) for context in view.reads}
    assert (
        read | {"pair", "people", "subscription"} == CONTEXTS == {topic.partition(".")[0] for topic in published().all}
    )


def test_a_newer_process_takes_the_lead_before_anything_stops(office, database, pool, book, newer_book):
    with projecting(database, pool, book) as older:
        office.coordinated("2026-0001", "nis", office.partner("Bari"))
        assert older.views.caught_up(office.last)
        assert older.projector.leads
        with projecting(database, pool, newer_book) as newer:
            planted = plant(database.url, case_id("2026-0001"), NEWER, STARTED)
            assert until(lambda: newer.projector.leads, seconds=3)
            assert older.views.caught_up(planted)
            assert stopped(older) == {}
            time.sleep(1.2)
            assert newer.projector.leads
            assert not older.projector.leads
            office.skip("2026-0001")
            office.add("2026-0001", e.DraftReviewed(languages=("sr",)))
            assert older.views.caught_up(office.last)


def test_where_there_is_none_what_it_concerns_stops_and_nothing_else(office, database, pool, newer_book):
    with projecting(database, pool, newer_book) as side:
        assert side.views.caught_up(office.last)
        good, bad = office.last, plant(database.url)
        office.partner("Lecce")
        assert until(lambda: stopped(side) == dict.fromkeys(OF_CASES, bad) and going_on_stand_at(side, office.last))
        begun = time.monotonic()
        assert not side.views.caught_up(office.last, timeout=5)
        assert time.monotonic() - begun < 1, "nobody waits for a view that has stopped"
        assert side.views.caught_up(good)
        assert side.partner_files.named("lecce")
        assert {view.position for view in side.health().stopped} == {good}
        assert all(f"position {bad}, topic" in view.error for view in side.health().stopped)

        plant(database.url)  # concerns nothing that still goes on
        office.partner("Trani")
        assert until(lambda: going_on_stand_at(side, office.last), seconds=0.9), "it gave way for nothing"
        assert stopped(side) == dict.fromkeys(OF_CASES, bad)


def test_after_a_restart_of_the_same_version_they_stand_where_they_stood(office, database, pool, newer_book):
    with projecting(database, pool, newer_book) as side:
        office.partner("Andria")
        assert until(lambda: going_on_stand_at(side, office.last) and side.projector.leads)
        assert set(stopped(side)) == OF_CASES
        assert all("cannot be read" in view.error for view in side.health().stopped), "it rebuilds in vain"


def test_a_lead_with_such_views_offers_itself_from_time_to_time(office, database, pool, newer_book, monkeypatch):
    monkeypatch.setattr(projector, "OFFER_SECONDS", 0.5)
    with projecting(database, pool, newer_book) as first:
        assert until(lambda: first.projector.leads)
        with projecting(database, pool, newer_book) as second:
            assert until(lambda: second.projector.leads, seconds=5)
            assert until(lambda: first.projector.leads, seconds=5)
            assert set(stopped(first)) == OF_CASES


def test_a_rebuild_leaves_them_out_and_makes_the_others(office, database, pool, newer_book):
    with projecting(database, pool, newer_book) as side:
        assert until(lambda: side.projector.leads)
        with pytest.raises(ReadSideFault, match="case_file cannot take the fact at position"):
            side.rebuilding.rebuild()
        assert set(stopped(side)) == OF_CASES
        assert side.partner_files.named("andria")
        assert numbers(side) == {"2026-0001"}
        found = verdicts(side)
        assert all(verdict.equal for verdict in found)
        assert {verdict.view for verdict in found if verdict.stopped_at} == OF_CASES


def test_the_newest_version_brings_everything_after_the_log(office, database, pool):
    upcasts = {
        NEWER: Upcast("initiative.drafting-started.v1"),
        "initiative.agreement-signed.v9": Upcast("initiative.historic-agreement-entered.v1", lambda _: HISTORIC),
    }
    book = CaseBook(database.url, pool, newer(upcasts))
    with projecting(database, pool, book) as side:
        office.partner("Gioia")
        assert until(lambda: not side.health().stopped and side.views.caught_up(office.last, timeout=0))
        assert numbers(side) == {"2026-0001", "1979-0001"}
        assert all(verdict.equal for verdict in verdicts(side))
    book.close()
