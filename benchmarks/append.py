"""Appending one fact a command, against a raw prepared insert with commit: `python -m benchmarks.append`.

Each writer leads a case of its own. The yardstick is a psycopg connection a writer, in autocommit, on a table of the
same columns and indexes, without command keys, lock, clock rule or notification.
"""

import hashlib
import itertools
from contextlib import closing
from datetime import UTC, date, datetime
from uuid import uuid4

import psycopg

from adapters.database.pool import open_pool
from adapters.recording.casebook import CaseBook
from application.ports import Save, Write
from benchmarks.measure import Deed, Figure, compared, migrated_server, show
from domain.kernel import AccountId, CommandKey, Occasion
from domain.partners.events import NameKind, PartnerRenamed

WRITERS = (1, 8, 32)
SECONDS, ROUNDS = 1.0, 9
WANTED = {"1 writer": ">= 0.45", "8 writers": ">= 0.45"}
ON = Occasion(actor=AccountId(uuid4()), at=datetime.now(UTC), today=date(2026, 3, 1))
RAW = "INSERT INTO raw VALUES (%s, %s, %s, %s, %s, clock_timestamp())"


def main() -> None:
    with migrated_server() as url:
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE raw (LIKE log.facts INCLUDING ALL)")
        with closing(open_pool(url)) as pool, closing(CaseBook(url, pool)) as book:
            figures = [measured(url, book, writers) for writers in WRITERS]
    show("Append, one fact a command", "appends/s", figures, WANTED)


def measured(url: str, book: CaseBook, writers: int) -> Figure:
    state = a_state(book)
    connections = [psycopg.connect(url, autocommit=True) for _ in range(writers)]
    ours = [a_writer(book) for _ in range(writers)]
    raw = [a_raw_writer(connection, state) for connection in connections]
    name = f"{writers} writer{'s' if writers > 1 else ''}"
    try:
        return compared(name, ours, raw, SECONDS, ROUNDS)
    finally:
        for connection in connections:
            connection.close()


def a_writer(book: CaseBook) -> Deed:
    stream, versions = uuid4(), itertools.count()

    def append() -> None:
        key = CommandKey(uuid4())
        digest = hashlib.sha256(key.bytes).digest()
        save = Save(key=key, digest=digest, on=ON, writes=[Write(stream, next(versions), [a_fact()])])
        book.append([save])

    return append


def a_raw_writer(connection: psycopg.Connection[tuple[object, ...]], state: bytes) -> Deed:
    stream, versions = uuid4(), itertools.count(1)
    cursor = connection.cursor(binary=True)

    def insert() -> None:
        cursor.execute(RAW, (stream, next(versions), "partner.renamed.v1", state, next(POSITIONS)), prepare=True)

    return insert


POSITIONS = itertools.count(1)


def a_fact() -> PartnerRenamed:
    return PartnerRenamed(name="Општина Пирот, Град Пирот", old_name_is=NameKind.ALIAS)


def a_state(book: CaseBook) -> bytes:
    """What the log stores of such a fact, so that both sides write the same bytes."""
    a_writer(book)()
    return book.log_recorder.select_notifications(0, 1)[0].state


if __name__ == "__main__":
    main()
