"""Cursors in a file and in PostgreSQL: kept whole, held by one, moved with the consumer's own writes."""

import asyncio
from pathlib import Path

import psycopg
import pytest
from pobratim_client import Batch, Cursor, CursorFault, FileCursor
from pobratim_client.postgresql import TABLE, AsyncPostgresCursor, PostgresCursor

from tests.conftest import Database

SOURCE = "http://pobratim.example"


def batch(before: int, after: int) -> Batch:
    return Batch((), Cursor(after, SOURCE), Cursor(before, SOURCE if before else ""))


def test_a_file_goes_on_where_it_was_kept_and_is_held_by_one(tmp_path: Path) -> None:
    path = tmp_path / "portal.cursor"
    with FileCursor(path) as cursor:
        assert cursor.load() == Cursor()
        cursor.keep(batch(0, 7))
        with pytest.raises(CursorFault, match="held by another consumer"):
            FileCursor(path)
        with pytest.raises(CursorFault, match="stands at 7"):
            cursor.keep(batch(5, 9))
    with FileCursor(path) as cursor:
        assert cursor.load() == Cursor(7, SOURCE)


@pytest.mark.parametrize("text", ["", "{", "7", '{"position": -1, "source": ""}', '{"position": true, "source": ""}'])
def test_a_file_that_holds_no_cursor_is_not_begun_anew(tmp_path: Path, text: str) -> None:
    path = tmp_path / "portal.cursor"
    path.write_text(text, "utf-8")
    with pytest.raises(CursorFault, match="holds no cursor"):
        FileCursor(path)
    assert path.read_text("utf-8") == text


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(CursorFault, match="cannot be used"):
        FileCursor(tmp_path / "none" / "portal.cursor")


def test_the_cursor_moves_in_the_consumers_transaction_or_not_at_all(database: Database) -> None:
    with (
        psycopg.connect(database.owner_url, autocommit=True) as own,
        psycopg.connect(database.owner_url, autocommit=True) as others,
    ):
        own.execute(TABLE)
        own.execute("CREATE TABLE effects (position bigint)")
        mine, theirs = PostgresCursor(own, "portal"), PostgresCursor(others, "portal")
        with own.transaction():
            own.execute("INSERT INTO effects VALUES (7)")
            mine.keep(batch(0, 7))
        with pytest.raises(ZeroDivisionError), own.transaction():
            mine.keep(batch(7, 8))
            raise ZeroDivisionError
        with pytest.raises(CursorFault, match="portal"), others.transaction():
            others.execute("INSERT INTO effects VALUES (7)")
            theirs.keep(batch(0, 7))
        with pytest.raises(CursorFault), own.transaction():
            mine.keep(batch(8, 9))

        assert (mine.load(), PostgresCursor(own, "another").load()) == (Cursor(7, SOURCE), Cursor())
        assert own.execute("SELECT position FROM effects").fetchall() == [(7,)]


def test_the_same_for_an_event_loop(database: Database) -> None:
    async def run() -> Cursor:
        async with await psycopg.AsyncConnection.connect(database.owner_url, autocommit=True) as own:
            await own.execute(TABLE)
            cursor = AsyncPostgresCursor(own, "async")
            async with own.transaction():
                await cursor.keep(batch(0, 5))
            with pytest.raises(CursorFault):
                async with own.transaction():
                    await cursor.keep(batch(0, 6))
            return await cursor.load()

    assert asyncio.run(run()) == Cursor(5, SOURCE)
