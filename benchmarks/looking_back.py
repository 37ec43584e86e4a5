"""The register of any day over a million facts: `python -m benchmarks.looking_back`.

Cases alternate by the thousand, so that nearly every fact has left a row of the past behind. A moment of the first
clock and a day of the second are looked at cold, as whoever chooses them does it, and again; the yardstick is the same
question to the present, counted from the rows as the past is. At the end everything else of one moment, which is
projected anew.
"""

import os
import random
import statistics
import time
from collections.abc import Callable
from contextlib import closing
from datetime import date, timedelta
from typing import Final

import psycopg

from adapters.database.pool import open_pool
from adapters.database.urls import runtime_url
from adapters.procedures.shelf import FiledProcedures
from adapters.readside.catalogue import catalogue
from adapters.readside.looking_back import LookingBack
from adapters.readside.past_models import PostgresPast
from adapters.readside.read_side import ReadSide
from adapters.readside.reads import Reads
from adapters.readside.register_page import PostgresRegister
from adapters.recording.casebook import CaseBook
from adapters.reference.units import local_governments
from application.access import Scope
from application.past import AsOf, Preparing
from application.views.models import ReadModels
from application.views.register import RegisterQuery
from benchmarks.measure import migrated_server
from benchmarks.seeding import seed

CASES: Final = int(os.environ.get("POBRATIM_BENCHMARK_CASES", "115000"))
TOGETHER: Final = 5_000
MOMENTS: Final = 12
WANTED_SECONDS: Final = 2.0
FIRST_DAY: Final = date(1995, 1, 1)
"""Of the made-up register."""
TODAY: Final = date(2026, 3, 1)
QUERIES: Final = (RegisterQuery(), RegisterQuery(countries=("IT",)), RegisterQuery(text="nis"), RegisterQuery(page=40))


def main() -> None:
    with (
        migrated_server() as owner_url,
        closing(open_pool(runtime_url(owner_url))) as pool,
        closing(CaseBook(runtime_url(owner_url), pool)) as book,
    ):
        names, procedures = local_governments(), FiledProcedures()
        side = ReadSide(runtime_url(owner_url), pool, book, names, procedures)
        side.projector.start()
        seed(book, names, CASES, TOGETHER)
        head = book.head()
        if not side.views.caught_up(head, 3600):
            raise SystemExit("the views did not catch up")
        side.projector.stop()
        with psycopg.connect(runtime_url(owner_url), autocommit=True) as connection:
            began = time.perf_counter()
            while side.kept_days.step(connection):
                pass
            print(f"days of the register filled behind the log in {time.perf_counter() - began:.1f} s")
        with psycopg.connect(owner_url, autocommit=True) as connection:
            connection.execute("VACUUM (ANALYZE)")
            print(f"{CASES:,} cases, {head:,} facts; {_sizes(connection)}")
        present = PostgresRegister(Reads(pool), names, counts_kept=False)
        back = LookingBack(runtime_url(owner_url), book, names, procedures, catalogue(names), side.kept_days)
        past = PostgresPast(back, names)
        chance = random.Random(3)  # noqa: S311 - the same places each time
        newest = book.page(head - 1, 1)[0].recorded_at
        moments = [book.page(chance.randrange(head), 1)[0].recorded_at for _ in range(MOMENTS)]
        days = [FIRST_DAY + timedelta(days=chance.randrange((TODAY - FIRST_DAY).days)) for _ in range(MOMENTS)]
        for clock, places in (
            ("known at", [AsOf(known_at=moment) for moment in [*moments, newest]]),
            ("valid at", [AsOf(known_at=newest, valid_at=day) for day in [*days, TODAY]]),
        ):
            cold, again, now = list[float](), list[float](), list[float]()
            for place in places:
                models = past.at(place, Scope())
                cold.append(_seconds(lambda models=models: _page(models, RegisterQuery())))
                for query in QUERIES:
                    again.append(_seconds(lambda models=models, query=query: _page(models, query)))
                    now.append(_seconds(lambda query=query: present.page(Scope(), query, TODAY)))
            print(f"\nThe register {clock} {len(places)} places, seconds: median (worst)")
            print(f"{'cold':>24} {_spread(cold)}  wanted < {WANTED_SECONDS:.0f}")
            print(f"{'again':>24} {_spread(again)}")
            print(f"{'the same of the present':>24} {_spread(now)}")
            print(f"{'again / present':>24} {statistics.median(again) / statistics.median(now):.2f}")
        began = time.perf_counter()
        _waited(lambda: past.at(AsOf(known_at=moments[-1]), Scope()).timeline.newest(Scope(), 40))
        print(f"\nEverything else, as of one moment, projected anew: {time.perf_counter() - began:.1f} s")
        back.close()


def _page(models: ReadModels, query: RegisterQuery) -> None:
    _waited(lambda: models.register.page(Scope(), query, TODAY))


def _waited(asked: Callable[[], object]) -> None:
    while True:
        try:
            asked()
            return
        except Preparing:
            continue


def _seconds(deed: Callable[[], object]) -> float:
    began = time.perf_counter()
    deed()
    return time.perf_counter() - began


def _spread(seconds: list[float]) -> str:
    return f"{statistics.median(seconds):6.2f} ({max(seconds):.2f})"


def _sizes(connection: psycopg.Connection) -> str:
    found = connection.execute(
        "SELECT relname, pg_total_relation_size(oid) / 1000000, reltuples::bigint FROM pg_class "
        "WHERE relname IN ('facts', 'register', 'register_was', 'register_days', 'partner_file_was') ORDER BY relname"
    ).fetchall()
    return ", ".join(f"{name} {size:,} MB, {rows:,} rows" for name, size, rows in found)


if __name__ == "__main__":
    main()
