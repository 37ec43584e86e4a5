"""Projecting the log into every view, against a raw batch into one table: `python -m benchmarks.projection`.

The yardstick reads pages of the same log over psycopg, decodes each body by msgspec into the same facts, folds a page
in a dictionary and writes one row a case by an `unnest` upsert, a transaction a page. Ours reads through the port Log
and fills all views with every index. The yardstick runs before and after each of our rounds, since a machine has
better and worse seconds. Both for facts of one case after the other, and for cases that alternate.
"""

import statistics
import time
from contextlib import closing
from typing import Any
from uuid import UUID

import msgspec
import psycopg

from adapters.database.pool import open_pool
from adapters.database.urls import runtime_url
from adapters.procedures.shelf import FiledProcedures
from adapters.readside.catalogue import catalogue
from adapters.readside.connection import for_writing
from adapters.readside.page import BLOCK
from adapters.readside.rebuilding import Replay
from adapters.recording.casebook import CaseBook
from adapters.recording.topics import published
from adapters.reference.units import local_governments
from benchmarks.measure import Figure, migrated_server, show
from benchmarks.seeding import seed

CASES, ROUNDS = 20_000, 9
WANTED = {"case by case": ">= 0.20", "alternating": ""}
_PAGE = """
    SELECT notification_id, originator_id, topic, state FROM log.facts
    WHERE notification_id > %s ORDER BY notification_id LIMIT %s
"""
_TABLE = "CREATE TABLE views_next.raw (id uuid PRIMARY KEY, facts integer, newest text, position bigint)"
_UPSERT = """
    INSERT INTO views_next.raw AS r SELECT * FROM unnest(%s::uuid[], %s::integer[], %s::text[], %s::bigint[])
    ON CONFLICT (id) DO UPDATE SET facts = r.facts + EXCLUDED.facts, newest = EXCLUDED.newest,
        position = EXCLUDED.position
"""


class _Body(msgspec.Struct):
    fact: msgspec.Raw


def main() -> None:
    figures = [measured(name, together) for name, together in (("case by case", 1), ("alternating", 200))]
    show("Projection of all views", "facts/s", figures, WANTED)


def measured(name: str, together: int) -> Figure:
    with (
        migrated_server() as owner_url,
        closing(open_pool(runtime_url(owner_url))) as pool,
        closing(CaseBook(runtime_url(owner_url), pool)) as book,
    ):
        seed(book, local_governments(), CASES, together)
        head = book.head()
        ours, raw = list[float](), list[float]()
        with psycopg.connect(url := runtime_url(owner_url), autocommit=True) as connection:
            for_writing(connection)
            for _ in range(ROUNDS):
                before = seconds_raw(connection, head)
                ours.append(head / seconds_ours(connection, url, book, head))
                raw.append(2 * head / (before + seconds_raw(connection, head)))
    print(f"{name}: {head:,} facts of {CASES:,} cases; median {statistics.median(ours):,.0f} facts/s")
    return Figure(name, ours, raw)


def seconds_ours(connection: psycopg.Connection[tuple[Any, ...]], url: str, book: CaseBook, head: int) -> float:
    names = local_governments()
    replay = Replay(connection, book, names, FiledProcedures(), catalogue(names))
    begin = time.perf_counter()
    replay.up_to(head, lambda _position, _goal: None)
    replay.finish(url)
    assert not replay.stops
    return time.perf_counter() - begin


def seconds_raw(connection: psycopg.Connection[tuple[Any, ...]], head: int) -> float:
    connection.execute("DROP TABLE IF EXISTS views_next.raw")
    connection.execute(_TABLE)
    body = msgspec.json.Decoder(_Body)
    decoders = {topic: msgspec.json.Decoder(fact) for topic, fact in published().current.items()}
    position = 0
    begin = time.perf_counter()
    with connection.cursor(binary=True) as cursor:
        while position < head:
            rows = cursor.execute(_PAGE, (position, BLOCK), prepare=True).fetchall()
            folded: dict[UUID, tuple[int, str, int]] = {}
            for position, stream, topic, state in rows:
                fact = decoders[topic].decode(body.decode(state).fact)
                folded[stream] = (folded.get(stream, (0,))[0] + 1, type(fact).__name__, position)
            columns = [list(folded), *map(list, zip(*folded.values(), strict=True))]
            with connection.transaction():
                cursor.execute(_UPSERT, columns, prepare=True)
    return time.perf_counter() - begin


if __name__ == "__main__":
    main()
