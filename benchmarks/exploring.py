"""Searching the log by an auditor's filters: `python -m benchmarks.exploring [CASES]`. Query and decoding, no HTTP.

Beside each page stands a raw SELECT of the same rows by their positions. The log is generated (benchmarks.seeding) and
indexed as in an installation. Then, in the index alone, facts are given to twelve people and to one who acted rarely,
and spread over ten years; the generated log names one person and a few minutes.
"""

import statistics
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import date
from typing import Final
from uuid import UUID

import psycopg
from msgspec.structs import replace

from adapters.auditing.figures import PostgresFigures
from adapters.auditing.index import AuditIndex
from adapters.auditing.searching import PostgresFactSearch
from adapters.database.pool import Pool, open_pool
from adapters.database.urls import runtime_url
from adapters.procedures.shelf import FiledProcedures
from adapters.readside.read_side import ReadSide
from adapters.recording.casebook import CaseBook
from adapters.reference.units import local_governments
from application.auditing import MOST_COUNTED, PAGE, FactQuery
from application.auditing_figures import FigureQuery
from benchmarks.measure import migrated_server
from benchmarks.seeding import HANDLERS, seed
from domain.initiatives.terms import Kind, Stage

CASES: Final = 120_000
ROUNDS: Final = 60
WANTED_MS: Final = 200.0
FIGURES_MS: Final = 2_000.0
SOME_YEAR: Final = 2019
RARE: Final = UUID(int=4242, version=4)
_SPREAD: Final = """
    UPDATE audit.facts SET
        actor = CASE WHEN position % 20011 = 0 THEN %(rare)s
                ELSE (%(people)s::uuid[])[1 + hashtext(stream::text) & 7] END,
        recorded_at = timestamptz '2016-01-01 08:00+01' + (position * %(step)s) * interval '1 second'
"""
_RAW: Final = """
    SELECT originator_id, originator_version, topic, state, notification_id, recorded_at
    FROM log.facts WHERE notification_id = ANY(%s)
"""


def main(cases: int = CASES) -> None:
    names = local_governments()
    with (
        migrated_server() as owner_url,
        closing(open_pool(runtime_url(owner_url))) as pool,
        closing(CaseBook(runtime_url(owner_url), pool)) as book,
    ):
        side = ReadSide(runtime_url(owner_url), pool, book, names, FiledProcedures())
        seed(book, names, cases)
        side.projector.start()
        try:
            side.views.caught_up(book.head(), timeout=3_600)
        finally:
            side.projector.stop()
        fill(pool, book)
        spread(owner_url, book.head())
        search = PostgresFactSearch(pool, book)
        show(pool, search)
        show_figures(PostgresFigures(pool, search))


def fill(pool: Pool, book: CaseBook) -> None:
    index, head = AuditIndex(book), book.head()
    for name, step in (("index", index.index), ("stays", index.follow)):
        begin = time.perf_counter()
        with pool.connection() as connection:
            while step(connection):
                pass
        spent = time.perf_counter() - begin
        print(f"{name}: {head:,} facts in {spent:,.0f} s, {head / spent:,.0f} facts/s")


def spread(owner_url: str, head: int) -> None:
    """Over ten years and several people."""
    with psycopg.connect(owner_url, autocommit=True) as owner:
        given = {"rare": RARE, "people": list(HANDLERS), "step": 10 * 31_557_600 / head}
        owner.execute(_SPREAD.replace(" % ", " %% ").encode(), given)
        owner.execute("VACUUM FULL audit.facts")
        owner.execute("VACUUM ANALYZE")


def show(pool: Pool, search: PostgresFactSearch) -> None:
    print(
        f"{'milliseconds':>34} {'median':>8} {'p95':>8} {'raw p95':>8} {'count p95':>9}  wanted p95 < {WANTED_MS:.0f}"
    )
    for name, query in questions(search).items():
        positions = [found.position for found in search.page(query, PAGE)]
        page = timed(lambda query=query: search.page(query, PAGE))
        raw = timed(lambda positions=positions: raw_rows(pool, positions))
        count = timed(lambda query=query: search.count(query, MOST_COUNTED + 1))
        print(f"{name:>34} {statistics.median(page):>8.2f} {p95(page):>8.2f} {p95(raw):>8.2f} {p95(count):>9.2f}")


def show_figures(figures: PostgresFigures) -> None:
    """What a page of figures counts, for one year and for all of them."""
    print(f"{'milliseconds':>34} {'median':>8} {'worst':>8}  wanted < {FIGURES_MS:.0f}")
    for name, since in (("figures of a year", date(2019, 1, 1)), ("figures of ten years", date(2016, 1, 1))):
        query = FigureQuery(since=since, until=date(2019, 12, 31) if since.year == SOME_YEAR else date(2026, 12, 31))
        times = timed(lambda query=query: (figures.deeds(query), figures.stages(query)), ROUNDS // 6)
        print(f"{name:>34} {statistics.median(times):>8.0f} {times[-1]:>8.0f}")


def raw_rows(pool: Pool, positions: list[int]) -> object:
    with pool.connection() as connection, connection.cursor(binary=True) as cursor:
        return cursor.execute(_RAW, (positions,), prepare=True).fetchall()


def timed(deed: Callable[[], object], rounds: int = ROUNDS) -> list[float]:
    def once() -> float:
        begin = time.perf_counter()
        deed()
        return 1000 * (time.perf_counter() - begin)

    deed()
    return sorted(once() for _ in range(rounds))


def p95(times: list[float]) -> float:
    return times[int(ROUNDS * 0.95)]


def questions(search: PostgresFactSearch) -> Mapping[str, FactQuery]:
    newest = search.page(FactQuery(), 1)[0].position
    year = FactQuery(since=date(2019, 1, 1), until=date(2019, 12, 31))
    frequent, rare = "initiative.coordination-started", "initiative.declined"
    return {
        "newest": FactQuery(),
        "in the middle of the log": FactQuery(before=newest // 2),
        "a year": year,
        "a person of twelve": FactQuery(person=HANDLERS[3]),
        "a person who acted rarely": FactQuery(person=RARE),
        "nobody who acted": FactQuery(person=UUID(int=1)),
        "a kind, frequent": FactQuery(kinds=(frequent,)),
        "a kind, rare": FactQuery(kinds=(rare,)),
        "a kind that never was": FactQuery(kinds=("initiative.deadline-extended",)),
        "a large town": FactQuery(local_government="aleksandrovac"),
        "a small town": FactQuery(local_government="zitoradja"),
        "a case": FactQuery(case="2012-55000"),
        "a person, a rare kind": FactQuery(person=HANDLERS[3], kinds=(rare,)),
        "rare person, rare kind": FactQuery(person=RARE, kinds=(rare,)),
        "a town, a person, a year": replace(year, person=HANDLERS[3], local_government="aleksandrovac"),
        "a town, a rare kind, long ago": replace(year, kinds=(rare,), local_government="zitoradja"),
        "left a stage": FactQuery(left=Stage.CONSENT_GRANTED),
        "left a stage, of a kind": FactQuery(left=Stage.DECIDED, cooperation=Kind.TWINNING),
    }


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
