"""Counts of the register, kept by differences, so that tabs and facets over 100,000 cases need no scan.

There is one for every combination of facets: cases by stage, by stage and country, by stage, country and handler.
"""

from collections.abc import Collection, Iterable
from typing import Final

from adapters.readside.look import Look
from adapters.readside.page import CaseChange
from adapters.readside.places import KINDS, STAGES
from adapters.readside.table import Differences, Key, Tally
from application.views.register import NOBODY

FACETS: Final = ("stage", "kind", "country", "handler", "due")
NO_DUE: Final = "infinity"
COUNTS: Final = Tally.cube(
    "register_counts",
    absent={"country": "''", "handler": "''", "stage": "-1", "kind": "-1", "due": f"'{NO_DUE}'::date"},
    columns={
        "country": 'text COLLATE "C"',  # the most telling first
        "handler": 'text COLLATE "C"',
        "stage": "smallint",
        "kind": "smallint",
        "due": "date",
    },
)
_KEY: Final = COUNTS.table.key[1:]
_PLACES: Final = {name: 2**place for place, name in enumerate(reversed(_KEY))}


def counted_by(facets: Collection[str]) -> int:
    """What stands in the column `counted` of counts by these facets."""
    return sum(_PLACES[facet] for facet in facets)


def counted(changes: Iterable[CaseChange]) -> Differences:
    """What brings the counts from before the page to after it."""
    more, less = list[Key](), list[Key]()
    for change in changes:
        before, after = _key(change.before) if change.before else None, _key(change.after)
        if before != after:
            more.append(after)
            less += [before] if before else []
    return Differences(COUNTS, more, less)


def _key(look: Look) -> Key:
    """In the order of the table."""
    state = look.entry.state
    return (
        look.country,
        str(state.handler) if state.handler else NOBODY,
        STAGES[state.stage],
        KINDS[state.kind],
        look.due.isoformat() if look.due else NO_DUE,
    )
