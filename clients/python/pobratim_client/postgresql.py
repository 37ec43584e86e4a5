"""The cursor in a PostgreSQL table, in one transaction with the consumer's own writes. Needs psycopg 3.

Whoever keeps a batch finds the cursor where the batch began, or gets CursorFault and rolls back: two consumers of one
name, or one that goes on after its transaction was rolled back, never have an effect twice or leave one out.
"""

from typing import Any, Final, LiteralString

import psycopg
from pobratim_client.cursors import cursor_of
from pobratim_client.errors import CursorFault
from pobratim_client.events import Batch, Cursor
from psycopg.rows import tuple_row

TABLE: Final[LiteralString] = """
CREATE TABLE IF NOT EXISTS pobratim_cursor (
    name text PRIMARY KEY, position bigint NOT NULL, source text NOT NULL, kept_at timestamptz NOT NULL DEFAULT now()
)
"""
_LOAD: Final[LiteralString] = "SELECT position, source FROM pobratim_cursor WHERE name = %s"
_FIRST: Final[LiteralString] = """
INSERT INTO pobratim_cursor (name, position, source) VALUES (%s, %s, %s) ON CONFLICT (name) DO NOTHING
"""
_MOVE: Final[LiteralString] = """
UPDATE pobratim_cursor SET position = %s, source = %s, kept_at = now() WHERE name = %s AND position = %s AND source = %s
"""


class PostgresCursor:
    """Under a name, by a connection that is the consumer's own; `keep` commits nothing. Make the table by `TABLE`."""

    def __init__(self, connection: "psycopg.Connection[Any]", name: str) -> None:
        self._connection, self._name = connection, name

    def load(self) -> Cursor:
        with self._connection.cursor(row_factory=tuple_row) as asked:
            return _found(asked.execute(_LOAD, (self._name,)).fetchone())

    def keep(self, batch: Batch) -> None:
        """Raises CursorFault: roll back."""
        with self._connection.cursor() as asked:
            if batch.before == Cursor():
                asked.execute(_FIRST, (self._name, 0, ""))
            asked.execute(_MOVE, _moving(self._name, batch))
            _require_moved(asked.rowcount, self._name, batch)


class AsyncPostgresCursor:
    """The same for an event loop."""

    def __init__(self, connection: "psycopg.AsyncConnection[Any]", name: str) -> None:
        self._connection, self._name = connection, name

    async def load(self) -> Cursor:
        async with self._connection.cursor(row_factory=tuple_row) as asked:
            await asked.execute(_LOAD, (self._name,))
            return _found(await asked.fetchone())

    async def keep(self, batch: Batch) -> None:
        """Raises CursorFault: roll back."""
        async with self._connection.cursor() as asked:
            if batch.before == Cursor():
                await asked.execute(_FIRST, (self._name, 0, ""))
            await asked.execute(_MOVE, _moving(self._name, batch))
            _require_moved(asked.rowcount, self._name, batch)


def _found(row: "tuple[Any, ...] | None") -> Cursor:
    return cursor_of(row[0], row[1]) if row else Cursor()


def _moving(name: str, batch: Batch) -> "tuple[int | str, ...]":
    return batch.cursor.position, batch.cursor.source, name, batch.before.position, batch.before.source


def _require_moved(count: int, name: str, batch: Batch) -> None:
    if count != 1:
        raise CursorFault(f"the cursor “{name}” stands elsewhere than at {batch.before.position}: another consumer?")
