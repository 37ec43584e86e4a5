"""Rebuilding beside the live views, and proving that they equal a replay."""

import threading
from datetime import date

import pytest

from adapters.readside.catalogue import ReadSideFault
from adapters.readside.rebuilding import BUILDING
from adapters.readside.timeline import TimelineView
from application.access import Scope
from application.views.register import RegisterQuery
from domain.initiatives import events as e
from domain.initiatives import terms as t
from domain.partners.events import NameAdded, NameKind, PartnerRenamed
from tests.adapters.readside.office import home, to_consent

TODAY = date(2026, 3, 1)


@pytest.fixture(scope="module")
def side(office, shown):
    partners = [office.partner(f"Place {n}", ("IT", "RO")[n % 2]) for n in range(6)]
    for n in range(60):
        number = f"2026-{n + 1:04d}"
        office.coordinated(number, ("nis", "leskovac", "cacak")[n % 3], partners[n % 5])
        if n % 2:
            office.add(number, e.SupportGiven(items=tuple(t.Support)), e.CoordinationCompleted(), *to_consent())
        if n % 5 == 0:
            office.add(number, e.VisitHeld(occurred_on="2026-02-14"))
        if n % 7 == 0:
            office.add(number, e.PartyJoined(party=home("sabac")), e.PartyLeft(party="sabac"))
    office.record(partners[0], PartnerRenamed(name="Renamed"), NameAdded(name="Also", kind=NameKind.ALIAS))
    office.merged(partners[1], partners[2], "Place 1")
    return shown()


def unequal(side, *names) -> dict[str, list]:
    return {verdict.view: list(verdict.differences) for verdict in side.verifying.verify(names) if not verdict.equal}


def test_every_view_equals_its_replay(side, office):
    heard = []
    verdicts = side.verifying.verify(told=lambda position, goal: heard.append((position, goal)))
    assert {verdict.view for verdict in verdicts} == {health.view for health in side.health().views}
    assert all(verdict.equal and verdict.rows and verdict.position == office.last for verdict in verdicts)
    assert heard[-1] == (office.last, office.last)


@pytest.mark.parametrize(
    ("view", "planted", "columns"),
    [
        ("register", "UPDATE views.register SET stage = 3 WHERE number = 20260000003", ["stage"]),
        ("register", "UPDATE views.register_counts SET n = n + 1 WHERE counted = 16 AND country = 'IT'", ["n"]),
        ("register", "DELETE FROM views.register_counts WHERE counted = 31 AND stage = 1", None),
        ("work_queue", "UPDATE views.work_queue SET due = NULL WHERE number = 20260000003", ["due"]),
        ("case_file", "UPDATE views.case_file SET state = state || ' ' WHERE number = '2026-0003'", ["state"]),
        (
            "timeline",
            "INSERT INTO views.timeline SELECT 0, case_id, tag, actor, recorded_at FROM views.timeline LIMIT 1",
            None,
        ),
        ("partner_file", "UPDATE views.partner_file SET country = 'XX' WHERE name = 'Place 4'", ["country"]),
        ("partner_file", "DELETE FROM views.partner_names WHERE folded = 'also'", None),
        ("dated_days", "UPDATE views.dated_days SET day = day + 1 WHERE sort = 'visit'", None),
        ("local_government_file", "UPDATE views.local_government_counts SET n = 0 WHERE option = 'RO'", ["n"]),
        (
            "local_government_file",
            "UPDATE views.local_government_file SET updated = now()",
            ["updated"],
        ),
    ],
)
def test_verify_finds_a_row_that_was_tampered_with_and_a_rebuild_mends_it(side, sql, view, planted, columns):
    assert sql.execute(planted).rowcount > 0
    found = unequal(side)
    assert list(found) == [view]
    if columns:
        assert all(difference.columns == columns for difference in found[view])
    side.rebuilding.rebuild([view])
    assert unequal(side) == {}


def test_a_rebuild_while_cases_are_written_loses_nothing_and_readers_go_on(side, office, shown):
    partner = side.partner_files.named("place 4")[0].id
    stop, faults = threading.Event(), []

    def read() -> None:
        while not stop.is_set():
            try:
                assert side.register.page(Scope(), RegisterQuery(), TODAY).rows
            except Exception as fault:
                faults.append(fault)

    def write() -> None:
        for n in range(40):
            office.coordinated(f"2027-{n + 1:04d}", "nis", partner)

    threads = [threading.Thread(target=read), threading.Thread(target=write)]
    for thread in threads:
        thread.start()
    try:
        for names in ((), ("register",), ("case_file", "timeline"), ("partner_file",), ()):
            side.rebuilding.rebuild(names)
    finally:
        threads[1].join()
        stop.set()
        threads[0].join()
    assert faults == []
    assert unequal(shown()) == {}
    assert side.register.newest_number(2027) == 40


def test_a_rebuild_that_was_cut_off_can_begin_again(side, sql):
    def cut(position: int, goal: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        side.rebuilding.rebuild(told=cut)
    assert sql.execute("SELECT to_regclass('views_next.register')").fetchone() != (None,)
    side.rebuilding.rebuild()
    assert sql.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'views_next'").fetchone() == (0,)
    assert unequal(side) == {}


def test_two_rebuilds_at_once_are_refused_with_one_clear_line(side, sql):
    sql.execute("SELECT pg_advisory_lock(%s)", (BUILDING,))
    with pytest.raises(ReadSideFault, match="Another rebuilding or verifying"):
        side.rebuilding.rebuild()
    sql.execute("SELECT pg_advisory_unlock(%s)", (BUILDING,))


def test_an_unknown_view_is_named(side):
    with pytest.raises(ReadSideFault, match="no view named registar; the views are case_file,"):
        side.rebuilding.rebuild(["registar"])


def test_a_view_that_cannot_take_a_fact_keeps_its_live_rows_when_it_is_rebuilt(side, office, monkeypatch):
    before = side.timeline.newest(Scope(), 5)

    def unable(self, page):
        raise ValueError("cannot take any")

    with monkeypatch.context() as patch:
        patch.setattr(TimelineView, "project", unable)
        with pytest.raises(ReadSideFault, match="timeline cannot take the fact at position 1: ValueError: cannot"):
            side.rebuilding.rebuild()
    assert side.timeline.newest(Scope(), 5) == before
    assert [health.view for health in side.health().stopped] == ["timeline"]
    side.rebuilding.rebuild(["timeline"])
    assert list(side.health().stopped) == []
    assert unequal(side) == {}
