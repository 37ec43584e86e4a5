"""A log of many hands, its views, and the auditor's search over it."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import psycopg
import pytest

from adapters.auditing.index import AuditIndex
from adapters.auditing.searching import PostgresFactSearch
from adapters.recording.casebook import CaseBook
from application.identity import case_id
from application.ports import Save, Write
from domain.kernel import AccountId, CommandKey, Fact, Occasion
from tests.adapters.readside.conftest import book, office, owner_sql, pool, reading, shown, sql

__all__ = ["book", "office", "owner_sql", "pool", "reading", "shown", "sql"]


class Hands:
    """Records as different people, for themselves and for others."""

    def __init__(self, book: CaseBook) -> None:
        self._book = book
        self._versions: dict[UUID, int] = {}

    def record(self, number: str, actor: AccountId, *facts: Fact, on_behalf_of: AccountId | None = None) -> int:
        stream, key = case_id(number), CommandKey(uuid4())
        on = Occasion(
            actor=actor, at=datetime(2026, 3, 1, 9, tzinfo=UTC), today=date(2026, 3, 1), on_behalf_of=on_behalf_of
        )
        after = self._versions.get(stream, 0)
        self._versions[stream] = after + len(facts)
        write = Write(stream, after, facts)
        return self._book.append([Save(key, hashlib.sha256(key.bytes).digest(), on, [write])])[0].position


@pytest.fixture(scope="module")
def hands(book) -> Hands:
    return Hands(book)


@pytest.fixture(scope="module")
def index(book) -> AuditIndex:
    return AuditIndex(book)


@pytest.fixture(scope="module")
def search(pool, book) -> PostgresFactSearch:
    return PostgresFactSearch(pool, book)


@pytest.fixture
def caught_up(database, index) -> Iterator[Callable[[], Sequence[tuple[object, ...]]]]:
    """Takes everything in, and gives the rows of the index."""
    with psycopg.connect(database.url, autocommit=True) as connection:

        def rows() -> Sequence[tuple[object, ...]]:
            while index.step(connection, 7):
                pass
            return connection.execute("SELECT * FROM audit.facts ORDER BY position").fetchall()

        yield rows
