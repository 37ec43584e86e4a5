"""Rehearsing a draft over a large history, with the memory that it takes: `python -m benchmarks.rehearsing [FACTS]`.

The draft is the shipped procedure of twinning with stricter days; more than half of the cases have it.
"""

import resource
import sys
import time
from contextlib import closing

from adapters.database.pool import open_pool
from adapters.database.urls import runtime_url
from adapters.procedures.reading import read_procedure
from adapters.procedures.shelf import shipped
from adapters.recording.casebook import CaseBook
from adapters.recording.topics import published
from adapters.reference.units import local_governments
from adapters.reference.working_days import serbian_calendar
from application.rehearsing import Count, Rehearsing
from benchmarks.measure import migrated_server
from benchmarks.seeding import seed
from web.language.language import now

FACTS = 1_000_000
FACTS_A_CASE = 7.7


def main() -> None:
    facts = int(sys.argv[1]) if len(sys.argv) > 1 else FACTS
    first = next(version.text for version in shipped() if version.procedure.pin == "twinning@1")
    draft = read_procedure(first.replace("version = 1", "version = 2").replace("days = 60", "days = 30"), "draft")
    with (
        migrated_server() as owner_url,
        closing(open_pool(runtime_url(owner_url))) as pool,
        closing(CaseBook(runtime_url(owner_url), pool)) as book,
    ):
        total = seed(book, local_governments(), int(facts / FACTS_A_CASE), together=2_000)
        print(f"seeded {total:,} facts")
        before, begin, count = memory(), time.perf_counter(), Count()
        rehearsing = Rehearsing(book, book.head, published().topic_of.__getitem__, now, serbian_calendar())
        listed = sum(1 for _ in rehearsing.rehearse(draft, count))
        seconds = time.perf_counter() - begin
    print(
        f"{count.facts:,} facts, {count.cases:,} cases of the kind, {listed:,} of them listed: {seconds:.1f} s, "
        f"{count.facts / seconds:,.0f} facts/s, {memory():.0f} MB at the peak, {before:.0f} MB while it was seeded"
    )


def memory() -> float:
    """The most that this process has held so far, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
