"""Asking the views over 100,000 cases: `python -m benchmarks.reading [CASES]`. Times of query and Python, no HTTP.

The register is generated (benchmarks.seeding), projected by a replay, and swapped in; then verified row by row.
"""

import statistics
import sys
import time
from collections.abc import Callable
from contextlib import closing
from datetime import date
from typing import Final, TypeVar

from adapters.database.pool import open_pool
from adapters.database.urls import runtime_url
from adapters.procedures.shelf import FiledProcedures
from adapters.readside.read_side import ReadSide
from adapters.recording.casebook import CaseBook
from adapters.reference.units import local_governments
from application.access import Scope
from application.views.desk import QueueQuery
from application.views.partners import PartnerQuery
from application.views.register import Due, Phase, RegisterQuery
from benchmarks.measure import migrated_server
from benchmarks.seeding import COUNTRIES, HANDLERS, seed

CASES: Final = 100_000
ROUNDS: Final = 60
ALL: Final = Scope()
WANTED_MS: Final = 5.0
T = TypeVar("T")


def main(cases: int = CASES) -> None:
    names = local_governments()
    with (
        migrated_server() as owner_url,
        closing(open_pool(runtime_url(owner_url))) as pool,
        closing(CaseBook(runtime_url(owner_url), pool)) as book,
    ):
        side = ReadSide(runtime_url(owner_url), pool, book, names, FiledProcedures())
        facts, spent = timed(lambda: seed(book, names, cases))
        print(f"{cases:,} cases, {facts:,} facts appended in {spent:,.0f} s")
        side.projector.start()
        try:
            _, spent = timed(lambda: side.views.caught_up(book.head(), timeout=3_600))
            print(f"projected in {spent:,.0f} s, {book.head() / spent:,.0f} facts/s")
            _, spent = timed(side.rebuilding.rebuild)
            print(f"rebuilt and swapped in {spent:,.0f} s")
            verdicts, spent = timed(side.verifying.verify)
            rows = sum(verdict.rows for verdict in verdicts)
            print(f"verified in {spent:,.0f} s: {rows:,} rows, equal: {all(verdict.equal for verdict in verdicts)}")
            show(side)
        finally:
            side.projector.stop()


def timed(deed: Callable[[], T]) -> tuple[T, float]:
    begin = time.perf_counter()
    return deed(), time.perf_counter() - begin


def show(side: ReadSide) -> None:
    print(f"\n{'milliseconds':>26} {'p50':>8} {'p95':>8}   wanted: p50 up to {WANTED_MS:.0f} for those with *")
    for name, deed in questions(side).items():
        deed()
        times = sorted(timed(deed)[1] * 1_000 for _ in range(ROUNDS))
        print(f"{name:>26} {statistics.median(times):>8.2f} {times[int(ROUNDS * 0.95)]:>8.2f}")


def questions(side: ReadSide) -> dict[str, Callable[[], object]]:
    today = date.today()  # noqa: DTZ011 - any day will do

    def page(scope: Scope = ALL, **asked: object) -> Callable[[], object]:
        query = RegisterQuery(**asked)  # pyright: ignore[reportArgumentType] - written out below
        return lambda: side.register.page(scope, query, today)

    number = side.register.page(ALL, RegisterQuery(), today).rows[0].number
    return {
        "register *": page(),
        "phase consent *": page(phase=Phase.CONSENT),
        "phase partnership *": page(phase=Phase.PARTNERSHIP),
        "country, frequent *": page(countries=(COUNTRIES[0],)),
        "country, rare *": page(countries=(COUNTRIES[-1],)),
        "text, a town *": page(text="лесковац"),
        "text, a number *": page(text="2001-0042"),
        "page 1200 of 2500 *": page(page=1_200),
        "last page *": page(page=100_000),
        "own local government": page(Scope("leskovac")),
        "handler": page(handlers=(str(HANDLERS[0]),)),
        "late": page(due=(Due.LATE,)),
        "phase and country": page(phase=Phase.CONSENT, countries=(COUNTRIES[0],)),
        "text, a quarter of all": page(text="ba"),
        "case file *": lambda: side.case_files.open(ALL, number),
        "queue of a handler": lambda: side.work_queue.open_steps(ALL, [QueueQuery(handlers=(HANDLERS[0],))]),
        "queue of all": lambda: side.work_queue.open_steps(ALL, [QueueQuery()]),
        "newest changes": lambda: side.timeline.newest(ALL, 20),
        "partners": lambda: side.partner_files.page(ALL, PartnerQuery()),
        "partner look-up": lambda: side.partner_files.like("bragrad"),
        "local governments": lambda: side.local_government_files.all(ALL),
    }


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
