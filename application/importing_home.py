"""Local governments as a table names them, and what to offer where it names none."""

import difflib
from typing import Final

from application.reference import LocalGovernment, LocalGovernments
from application.script import fold
from domain.kernel import Refusal

_NEAREST: Final = 3
_LOOKED_UP: Final = 300
"""Different unknown names for which the nearest ones are looked for: each costs milliseconds."""


class HomeNames:
    """Looks names up for one file."""

    def __init__(self, local_governments: LocalGovernments) -> None:
        self._local_governments = local_governments
        self._names = {unit: fold(unit.name) for unit in local_governments.by_code.values()}
        self._offered: dict[str, str] = {}

    def find(self, name: str) -> LocalGovernment | Refusal:
        """The unit, or why there is none: several are called so, or none is. Offers are Cyrillic, for the edge."""
        if found := self._local_governments.find(name):
            return found
        folded = fold(name)
        if namesakes := [u for u, own in self._names.items() if f" {folded}".endswith(f" {own}") and self._shared(own)]:
            return Refusal("import.local-government-unclear", {"nearest": ", ".join(map(self._full_name, namesakes))})
        if nearest := self._nearest(folded):
            return Refusal("import.local-government-nearest", {"nearest": nearest})
        return Refusal("import.local-government-unknown")

    def _shared(self, folded: str) -> bool:
        return list(self._names.values()).count(folded) > 1

    def _nearest(self, folded: str) -> str:
        if folded not in self._offered:
            if len(self._offered) >= _LOOKED_UP:
                return ""
            close = difflib.get_close_matches(folded, self._names.values(), _NEAREST)
            if not close:  # the name may stand behind its kind
                close = difflib.get_close_matches(folded.rsplit(" ", maxsplit=1)[-1], self._names.values(), _NEAREST)
            near = [self._full_name(unit) for name in close for unit, own in self._names.items() if own == name]
            self._offered[folded] = ", ".join(near)
        return self._offered[folded]

    def _full_name(self, unit: LocalGovernment) -> str:
        if unit.parent is None:
            return unit.name
        return f"{unit.name} ({self._local_governments.by_code[unit.parent].name})"
