"""A case is shown by the version that it follows, whatever versions there are besides."""

import time

import pytest

from adapters.procedures.shelf import FiledProcedures, shipped
from adapters.readside.read_side import ReadSide
from adapters.reference.units import local_governments
from application.access import Scope
from application.identity import case_id
from domain.initiatives import events as e
from domain.initiatives import terms as t
from tests.adapters.readside.office import WORDS, abroad, home

FIRST = next(version.text for version in shipped() if version.procedure.pin == "twinning@1")


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "procedures"
    made.mkdir()
    return made


@pytest.fixture
def side(database, pool, book, folder):
    side = ReadSide(database.url, pool, book, local_governments(), FiledProcedures(str(folder.parent)))
    side.projector.start()
    yield side
    side.projector.stop()


def second(folder, days=4):
    (folder / "twinning-2.toml").write_text(
        FIRST.replace("version = 1", "version = 2").replace("days = 8", f"days = {days}"), "utf-8"
    )


def pinned(office, number, partner):
    parties = (home("nis"), abroad(partner))
    begun = e.InitiativeProposed(
        number=number,
        kind=t.Kind.TWINNING,
        parties=parties,
        origin=t.Origin.LOCAL_GOVERNMENT,
        rationale=WORDS,
        procedure="twinning@2",
    )
    office.record(case_id(number), begun)


def days_given(side, number):
    file = side.case_files.open(Scope(), number)
    return (file.due - file.since.date()).days, file.step.days


def until(holds, seconds=10.0):
    end = time.monotonic() + seconds
    while not holds() and time.monotonic() < end:
        time.sleep(0.05)
    return holds()


def test_each_case_is_shown_by_its_own_version(side, office, folder):
    rome = office.partner("Roma")
    office.proposed("2026-0001", "nis", rome)
    assert side.views.caught_up(office.last, timeout=20)
    before = days_given(side, "2026-0001")
    assert before[1] == 8
    second(folder)
    pinned(office, "2026-0002", rome)
    office.proposed("2026-0003", "nis", rome)
    assert side.views.caught_up(office.last, timeout=20)
    assert days_given(side, "2026-0002")[1] == 4
    assert days_given(side, "2026-0001") == before
    assert dict(side.followers.followed()) == {"twinning@1": 2, "twinning@2": 1}

    since = side.case_files.open(Scope(), "2026-0003").since
    office.add("2026-0003", e.ProcedureChanged(procedure="twinning@2", reason=WORDS))
    assert side.views.caught_up(office.last, timeout=20)
    assert days_given(side, "2026-0003")[1] == 4
    assert side.case_files.open(Scope(), "2026-0003").since == since
    assert dict(side.followers.followed()) == {"twinning@1": 1, "twinning@2": 2}
    assert all(verdict.good for verdict in side.verifying.verify())


def test_a_version_that_is_missing_stops_the_views_and_is_named(side, office, folder):
    rome = office.partner("Bari")
    pinned(office, "2026-0011", rome)
    assert until(lambda: side.health().stopped)
    assert {view.view for view in side.health().stopped} >= {"case_file", "register"}
    assert all("twinning@2" in view.error for view in side.health().stopped)
    second(folder)
    side.rebuilding.rebuild()
    assert until(lambda: side.views.caught_up(office.last))
    assert side.health().stopped == []
    assert days_given(side, "2026-0011")[1] == 4
