"""Sweeping the deadlines of all cases, day by day and after a long pause: `python -m benchmarks.sweeping [CASES]`.

The register is generated (benchmarks.seeding) and projected. Each sweep looks at every case whose days run, as the one
does that `serve` runs; the first of a row gives all that has come until then, those after it what one day brings.
"""

import sys
import time
from contextlib import closing
from datetime import date, timedelta
from typing import Final

from adapters.database.pool import open_pool
from adapters.database.urls import runtime_url
from adapters.office.reminders import PostgresReminders
from adapters.procedures.shelf import FiledProcedures
from adapters.readside.read_side import ReadSide
from adapters.recording.casebook import CaseBook
from adapters.reference.units import local_governments
from benchmarks.measure import migrated_server
from benchmarks.seeding import seed

CASES: Final = 100_000
WANTED_SECONDS: Final = 5.0
LATER: Final = (0, 1, 2, 30, 31, 60, 61, 400, 401, 800, 801)
"""Days after the seeding on which somebody sweeps."""


def main(cases: int = CASES) -> None:
    with (
        migrated_server() as owner_url,
        closing(open_pool(runtime_url(owner_url))) as pool,
        closing(CaseBook(runtime_url(owner_url), pool)) as book,
    ):
        names = local_governments()
        side = ReadSide(runtime_url(owner_url), pool, book, names, FiledProcedures())
        facts = seed(book, names, cases)
        side.projector.start()
        try:
            assert side.views.caught_up(book.head(), timeout=3_600)
        finally:
            side.projector.stop()
        with pool.connection() as connection:
            found = connection.execute("SELECT count(*) FROM views.clock").fetchone()
        print(f"{cases:,} cases, {facts:,} facts; days run in {found[0] if found else 0:,} cases")
        reminders, today = PostgresReminders(pool), date.today()  # noqa: DTZ011 - any day will do
        for days in LATER:
            begin = time.perf_counter()
            given = reminders.give(today + timedelta(days=days))
            spent = time.perf_counter() - begin
            print(
                f"after {days:>3} days: {given:>9,} reminders given in {spent:5.2f} s  (wanted: {WANTED_SECONDS:.0f})"
            )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
