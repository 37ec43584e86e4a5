"""The projector: one in charge, no fact missed, and a fact that cannot be taken stops its own view only."""

import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from datetime import date

import pytest

from adapters.procedures.shelf import FiledProcedures
from adapters.readside import projector
from adapters.readside.catalogue import ReadSideFault
from adapters.readside.read_side import ReadSide
from adapters.readside.register import RegisterView
from adapters.readside.timeline import TimelineView
from adapters.reference.units import local_governments
from application.access import Scope
from application.views.register import RegisterQuery
from domain.initiatives import events as e

TODAY = date(2026, 3, 1)
VIEWS = {
    "register",
    "work_queue",
    "reminders",
    "case_file",
    "timeline",
    "partner_file",
    "local_government_file",
    "dated_days",
}
OTHER_PROCESS = """
import sys, time
from adapters.database.pool import open_pool
from adapters.procedures.shelf import FiledProcedures
from adapters.readside.read_side import ReadSide
from adapters.recording.casebook import CaseBook
from adapters.reference.units import local_governments
pool = open_pool(sys.argv[1])
side = ReadSide(sys.argv[1], pool, CaseBook(sys.argv[1], pool), local_governments(), FiledProcedures())
side.projector.start()
while not side.projector.leads:
    time.sleep(0.01)
print("leads", flush=True)
time.sleep(600)
"""


@contextmanager
def projecting(database, pool, book):
    side = ReadSide(database.url, pool, book, local_governments(), FiledProcedures())
    side.projector.start()
    try:
        yield side
    finally:
        side.projector.stop()


@pytest.fixture
def side(database, pool, book):
    with projecting(database, pool, book) as side:
        yield side


def everything_stands_at(side, position) -> bool:
    return {(view.view, view.position) for view in side.health().views} == {(name, position) for name in VIEWS}


def going_on_stand_at(side, position) -> bool:
    return all(view.position == position for view in side.health().views if view.stopped_at is None)


def verdicts(side):
    """Of every view, once a rebuild in the background has tidied up behind itself."""
    found = []

    def verified() -> bool:
        with suppress(ReadSideFault):
            found[:] = side.verifying.verify()
        return bool(found)

    assert until(verified)
    return found


def until(holds, seconds=10.0) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.01)
    return False


def numbers(side) -> set[str]:
    return {row.number for batch in side.register.rows(Scope(), RegisterQuery(), TODAY) for row in batch}


def test_what_was_recorded_is_shown_within_moments(side, office):
    office.proposed("2026-0001", "nis", office.partner("Bari"))
    begin = time.monotonic()
    assert side.views.caught_up(office.last)
    assert time.monotonic() - begin < 1.5
    assert numbers(side) == {"2026-0001"}
    assert everything_stands_at(side, office.last)
    assert side.health().led
    assert (side.health().lag, list(side.health().stopped)) == (0, [])


def test_the_projector_hears_of_every_fact_long_before_it_polls(office, database, pool, book, monkeypatch):
    monkeypatch.setattr(projector, "POLL_SECONDS", 30.0)
    with projecting(database, pool, book) as side:
        assert until(lambda: side.projector.leads and everything_stands_at(side, office.last))
        for name in ("Altamura", "Gravina", "Matera"):
            time.sleep(0.3)  # so that it waits for the bell
            office.partner(name)
            assert side.views.caught_up(office.last, timeout=5)


def test_waiting_for_a_position_that_the_log_has_not_reached_ends_in_time(side, office):
    begin = time.monotonic()
    assert not side.views.caught_up(office.last + 1, timeout=0.2)
    assert 0.2 <= time.monotonic() - begin < 1


def test_a_process_without_a_projector_waits_for_that_of_another(side, office, database, pool, book):
    reader = ReadSide(database.url, pool, book, local_governments(), FiledProcedures())
    office.proposed("2026-0002", "nis", office.partner("Lecce"))
    assert reader.views.caught_up(office.last)
    assert "2026-0002" in numbers(reader)


def test_another_process_takes_over_within_two_seconds_of_a_death(office, database, pool, book):
    command = [sys.executable, "-c", OTHER_PROCESS, database.url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as first:
        try:
            assert first.stdout.readline() == "leads\n"
            with projecting(database, pool, book) as second:
                office.proposed("2026-0003", "nis", office.partner("Trani"))
                assert second.views.caught_up(office.last)
                assert not second.projector.leads
                first.kill()
                died = time.monotonic()
                office.proposed("2026-0004", "nis", office.partner("Andria"))
                assert second.views.caught_up(office.last, timeout=5)
                assert time.monotonic() - died < 2
                assert second.projector.leads
                assert {"2026-0003", "2026-0004"} <= numbers(second)
        finally:
            first.kill()


def test_a_projector_whose_connection_was_cut_goes_on(side, office, owner_sql):
    assert side.views.caught_up(office.last)
    owner_sql.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE application_name = 'pobratim-projector' AND datname = current_database()"
    )
    office.proposed("2026-0005", "nis", office.partner("Gioia"))
    assert side.views.caught_up(office.last, timeout=5)


@pytest.mark.parametrize(("view", "year"), [(TimelineView, 2027), (RegisterView, 2028)])
def test_a_fact_that_a_view_cannot_take_stops_that_view_and_no_other(
    office, database, pool, book, monkeypatch, view, year
):
    name, poison = view.name, f"{year}-0002"
    able = view.project

    def unable(self, page):
        if any(getattr(recorded.fact, "number", None) == poison for recorded in page.facts):
            raise ValueError("cannot take this")
        return able(self, page)

    with monkeypatch.context() as patch, projecting(database, pool, book) as side:
        patch.setattr(view, "project", unable)
        office.proposed(f"{year}-0001", "nis", office.partner(f"Before {name}"))
        good = office.last
        office.proposed(poison, "nis", office.partner(f"Poison {name}"))
        bad = office.last
        office.proposed(f"{year}-0003", "nis", office.partner(f"After {name}"))
        assert until(lambda: going_on_stand_at(side, office.last) and side.health().stopped)
        assert not side.views.caught_up(office.last)
        assert side.views.caught_up(good)
        stopped = {health.view: health for health in side.health().stopped}
        assert set(stopped) == {name}
        assert stopped[name].stopped_at == bad
        assert good <= stopped[name].position < bad
        assert stopped[name].error == "ValueError: cannot take this"
        assert side.case_files.open(Scope(), f"{year}-0003") is not None

    with projecting(database, pool, book) as mended:  # a restart with the fault mended
        assert until(lambda: everything_stands_at(mended, office.last) and not mended.health().stopped)
        assert poison in numbers(mended)
        assert all(verdict.equal for verdict in verdicts(mended))


def test_a_history_that_contradicts_itself_stops_what_is_made_of_cases_only(office, database, pool, book):
    with projecting(database, pool, book) as side:
        assert side.views.caught_up(office.last)
        office.add("2026-7777", e.ProcedureResumed())  # a case that never began
        bad = office.last
        office.partner("Monopoli")
        assert until(lambda: going_on_stand_at(side, office.last) and side.health().stopped)
        stopped = {health.view: health.stopped_at for health in side.health().stopped}
        assert stopped == dict.fromkeys(VIEWS - {"timeline", "partner_file"}, bad)
        assert "BrokenHistory" in side.health().stopped[0].error
        assert side.partner_files.named("monopoli")
