"""The filters of a history: kind of fact, who recorded it, for whom, and which side it concerns."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Final
from urllib.parse import urlencode

import msgspec

from web.forms import Form
from web.initiatives.history import Entry
from web.initiatives.listing import Facet, Pick
from web.initiatives.presenting import Teller
from web.initiatives.sentences import GROUPS
from web.language.catalogues import marked as N_  # noqa: N812 - the name by which gettext's tools know it

TITLES: Final = {
    "kind": N_("Kind of record"),
    "by": N_("Who recorded"),
    "for": N_("For whom"),
    "side": N_("Side"),
}
"""By the name in the address, in the order of the page."""
_VALUES: Final[Mapping[str, Callable[[Entry], Collection[str]]]] = {
    "kind": lambda entry: (entry.group,),
    "by": lambda entry: (entry.by,),
    "for": lambda entry: (entry.instead_of,) if entry.instead_of else (),
    "side": lambda entry: entry.sides,
}
_SHAPE: Final = re.compile(r"[a-z0-9-]{2,60}")
"""A code of a local government, or an id."""
_MOST: Final = 50


class Narrowing(msgspec.Struct, frozen=True):
    """What is asked for: values by filter, in the order of the address. A filter without values lets everything by."""

    chosen: Mapping[str, tuple[str, ...]]

    @property
    def pairs(self) -> list[tuple[str, str]]:
        return [(name, value) for name, values in self.chosen.items() for value in values]

    @property
    def any(self) -> bool:
        return bool(self.pairs)

    def address(self, path: str, *more: tuple[str, str], without: str = "") -> str:
        """The same filters at a path of this site, with more parameters."""
        pairs = [pair for pair in self.pairs if pair[0] != without] + list(more)
        return f"{path}?{urlencode(pairs)}" if pairs else path

    def takes(self, entry: Entry, but: str = "") -> bool:
        """Whether an entry fits, one filter aside."""
        return all(
            not values or name == but or not set(values).isdisjoint(_VALUES[name](entry))
            for name, values in self.chosen.items()
        )


def asked_for(asked: Form) -> Narrowing:
    """What an address asks for; what can be no value of a filter is left out."""

    def values(name: str) -> tuple[str, ...]:
        found = [v for v in asked.values(name) if (v in GROUPS if name == "kind" else _SHAPE.fullmatch(v))]
        return tuple(dict.fromkeys(found))[:_MOST]

    return Narrowing({name: values(name) for name in TITLES})


def facets(entries: Sequence[Entry], wanted: Narrowing, teller: Teller, clear: Callable[[str], str]) -> list[Facet]:
    """Each filter with how many entries a value would show beside the other filters; none where there is no choice.

    `clear` gives the address without one filter.
    """
    found: list[Facet] = []
    for name, title in TITLES.items():
        counts = _counts(name, entries, wanted)
        chosen = wanted.chosen[name]
        texts = {value: _text(name, value, teller) for value in dict.fromkeys((*counts, *chosen))}
        picks = tuple(
            Pick(value=value, text=text, count=counts.get(value, 0), chosen=value in chosen)
            for value, text in texts.items()
        )
        if chosen or len(picks) > 1 or (picks and name == "for"):
            found.append(Facet(name=name, title=teller.spoken.gettext(title), picks=picks, clear=clear(name)))
    return found


def _counts(name: str, entries: Sequence[Entry], wanted: Narrowing) -> dict[str, int]:
    """By value, in the order in which the history first has it; kinds in their own order."""
    counts: dict[str, int] = dict.fromkeys(GROUPS, 0) if name == "kind" else {}
    for entry in entries:
        for value in sorted(_VALUES[name](entry)):
            counts[value] = counts.get(value, 0) + wanted.takes(entry, but=name)
    return counts


def _text(name: str, value: str, teller: Teller) -> str:
    match name:
        case "kind":
            return teller.spoken.gettext(GROUPS[value])
        case "side":
            return teller.side(value)
        case _:
            return teller.names.person_by_text(value)
