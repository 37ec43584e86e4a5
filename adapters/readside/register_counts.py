"""Counts of the register, kept by differences, so that tabs and facets over 100,000 cases need no scan.

A row says how many cases have an option of one facet, given a value of another one: `stage`, `5`, `country`, `IT`.
Nothing given stands as the empty text; the facet `all` counts cases themselves, of everything and of each home.
"""

from collections.abc import Iterable
from typing import Final

from adapters.readside.look import Look
from adapters.readside.page import CaseChange
from adapters.readside.places import KINDS, STAGES
from adapters.readside.table import Differences, Key, Tally
from application.views.register import NOBODY

COUNTS: Final = Tally.named("register_counts", "given", "value", "facet", "option")
ALL: Final[tuple[str, str]] = ("all", "")
NOTHING: Final[tuple[str, str]] = ("", "")
NO_DUE: Final = "none"


def counted(changes: Iterable[CaseChange]) -> Differences:
    """What brings the counts from before the page to after it."""
    more, less = list[Key](), list[Key]()
    for change in changes:
        before, after = traits(change.before), traits(change.after)
        if before != after:
            more += _keys(after)
            less += _keys(before)
    return Differences(COUNTS, more, less)


Traits = tuple[tuple[tuple[str, str], ...], tuple[str, ...]]


def traits(look: Look | None) -> Traits:
    """What a case counts for: facets with their options, and its local governments."""
    if look is None:
        return (), ()
    state = look.entry.state
    facets = (
        ("stage", str(STAGES[state.stage])),
        ("kind", str(KINDS[state.kind])),
        ("handler", str(state.handler) if state.handler else NOBODY),
        ("due", look.due.isoformat() if look.due else NO_DUE),
        *(("country", country) for country in look.countries),
    )
    return facets, look.homes


def _keys(counted: Traits) -> list[Key]:
    facets, homes = counted
    if not facets:
        return []
    keys: list[Key] = [(*NOTHING, *option) for option in (*facets, ALL)]
    keys += [(*given, *option) for given in facets if given[0] != "due" for option in facets if option[0] != given[0]]
    keys += [("home", home, *ALL) for home in dict.fromkeys(homes)]
    return keys
