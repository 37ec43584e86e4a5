"""The register as it stands in the database: what goes out is what was filtered, and it comes in again."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.database.pool import open_pool
from adapters.files.writing import csv_bytes, write_file, xlsx_bytes
from adapters.procedures.shelf import FiledProcedures
from adapters.readside.read_side import ReadSide
from adapters.recording.casebook import CaseBook
from adapters.reference.countries import countries
from adapters.reference.units import local_governments
from adapters.vault.postgres import PostgresVault
from application.access import Scope
from application.exporting import ExportingRegister, Sheet
from application.views.register import Phase, RegisterQuery
from domain.initiatives.terms import Kind
from tests.application.importing_desk import COORDINATOR, DATA, TODAY, Desk
from tests.fakes import witness

Office = tuple[ExportingRegister, ReadSide]


@pytest.fixture(scope="module")
def office(database, tmp_path_factory) -> Iterator[Office]:
    pool = open_pool(database.url)
    book = CaseBook(database.url, pool)
    read_side = ReadSide(database.url, pool, book, local_governments(), FiledProcedures())
    read_side.projector.start()
    desk = Desk(tmp_path_factory.mktemp("desk"), book)
    desk.take(DATA / "partnerships.csv")
    report = desk.take(DATA / "initiatives.csv")
    assert read_side.views.caught_up(report.position, timeout=30)
    yield ExportingRegister(PostgresVault(pool), local_governments(), countries(), dict, witness()), read_side
    read_side.projector.stop()
    book.close()
    pool.close()


def sheet(office: Office, query: RegisterQuery, scope: Scope | None = None) -> Sheet:
    exporting, side = office
    return exporting.sheet(COORDINATOR, side.register.rows(scope or Scope(), query, TODAY), query.columns, "sr-Latn")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (RegisterQuery(), 558),
        (RegisterQuery(countries=("HU",)), 74),
        (RegisterQuery(phase=Phase.PARTNERSHIP), 534),
        (RegisterQuery(kinds=(Kind.FRIENDSHIP,)), 24),
        (RegisterQuery(text="београд", countries=("ZW",)), 0),
    ],
)
def test_exactly_the_filtered_rows_go_out(office: Office, query: RegisterQuery, expected: int) -> None:
    assert len(list(sheet(office, query).rows)) == expected
    assert len(list(office[0].records(COORDINATOR, office[1].register.rows(Scope(), query, TODAY)))) == expected


def test_an_officer_takes_away_the_own_cases_only(office: Office) -> None:
    rows = list(sheet(office, RegisterQuery(), Scope("nis")).rows)
    assert {row[1] for row in rows} == {"Grad Niš"}
    assert len(rows) == 18


def test_the_rows_stand_in_the_order_of_the_page(office: Office) -> None:
    numbers = [row[0] for row in sheet(office, RegisterQuery(sort="number", descending=False)).rows]
    assert numbers == sorted(numbers)
    assert len(set(numbers)) == 558


@pytest.mark.parametrize(("form", "write"), [("csv", csv_bytes), ("xlsx", xlsx_bytes)])
def test_what_went_out_comes_into_an_empty_register(office: Office, tmp_path: Path, form, write) -> None:
    write_file(write(sheet(office, RegisterQuery())), tmp_path / f"out.{form}")
    other = Desk(tmp_path)
    report = other.take(tmp_path / f"out.{form}")
    assert (report.entered, report.taken_over, report.problems, report.notes) == (534, 24, [], [])

    def told(table: Sheet) -> list[list[str]]:
        content = b"".join(csv_bytes(table)).decode("utf-8-sig")
        # the number is given anew, who leads a case stays behind, and days are counted from the day of recording
        return sorted([*row[1:11], *row[14:]] for row in csv.reader(io.StringIO(content, newline="")))

    assert told(other.sheet()) == told(sheet(office, RegisterQuery()))
