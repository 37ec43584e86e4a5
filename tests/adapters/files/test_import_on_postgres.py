"""The import on the real log: what two at once leave behind, and what a lost reply does not double."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from adapters.database.pool import Pool, open_pool
from adapters.recording.casebook import CaseBook
from adapters.vault.postgres import PostgresVault
from application import importing
from application.importing_known import KnownRegister
from domain.initiatives.events import HistoricAgreementEntered, InitiativeTakenOver
from domain.partners.events import PartnerRegistered
from tests.application.importing_desk import DATA, Desk


@pytest.fixture(scope="module")
def pool(database) -> Iterator[Pool]:
    pool = open_pool(database.url)
    yield pool
    pool.close()


@pytest.fixture
def book(database, pool) -> Iterator[CaseBook]:
    book = CaseBook(database.url, pool)
    yield book
    book.close()


def recorded(book: CaseBook) -> list:
    return list(book.page(0, 10_000))


def test_two_imports_at_once_leave_every_row_once(
    tmp_path: Path, database, pool, book: CaseBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "BATCH", 50)
    other = CaseBook(database.url, pool)
    desks = [Desk(tmp_path, book), Desk(tmp_path, other)]
    with ThreadPoolExecutor(2) as both:
        reports = list(both.map(lambda desk: desk.take(DATA / "partnerships.csv"), desks))
    other.close()
    facts = [r.fact for r in recorded(book)]
    entered = [fact for fact in facts if isinstance(fact, HistoricAgreementEntered)]
    assert len(entered) == len({fact.parties for fact in entered}) == len({fact.number for fact in entered}) == 534
    assert sum(isinstance(fact, PartnerRegistered) for fact in facts) == 440
    assert all((r.rows, r.problems) == (534, []) for r in reports)
    assert sum(r.entered for r in reports) == 534


def test_then_initiatives_come_and_everything_a_second_time(tmp_path: Path, book: CaseBook, pool: Pool) -> None:
    desk = Desk(tmp_path, book)
    first = desk.take(DATA / "initiatives.csv")
    facts = recorded(book)
    again = [desk.take(DATA / "partnerships.csv"), desk.take(DATA / "initiatives.csv")]
    assert (first.taken_over, first.already_there, first.position) == (24, 0, facts[-1].position)
    assert [report.already_there for report in again] == [534, 24]
    assert recorded(book) == facts


def test_the_words_of_the_source_stand_in_the_vault(book: CaseBook, pool: Pool) -> None:
    taken_over = [r.fact for r in recorded(book) if isinstance(r.fact, InitiativeTakenOver)]
    words = PostgresVault(pool).read([fact.remark for fact in taken_over if fact.remark])
    assert "letter of intent signed" in words.values()
    assert len(words) == 24


def test_requests_that_the_log_knows_have_no_second_effect(tmp_path: Path, book: CaseBook, monkeypatch) -> None:
    """As when somebody else imports the same file at the same moment: the register was read before it did."""
    desk, facts = Desk(tmp_path, book), recorded(book)
    monkeypatch.setattr(KnownRegister, "read", lambda log: KnownRegister())
    report = desk.take(DATA / "initiatives.csv")
    assert (report.already_there, report.taken_over, report.new_partners) == (24, 0, 0)
    assert recorded(book) == facts
