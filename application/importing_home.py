"""Local governments as a table names them, and what to offer where it names none."""

import difflib
from typing import Final

from application.reference import LocalGovernment, LocalGovernments
from application.script import fold
from domain.kernel import Refusal

_NEAREST: Final = 3
_LIKENESS: Final = 0.7
"""Of two names, 0 to 1: `Lekovac` and `Leskovac` have 0.93, `Palić` and `Palilula` 0.62."""
_LOOKED_UP: Final = 300
"""Different unknown names for which the nearest ones are looked for: each costs milliseconds."""


class HomeNames:
    """Looks names up for one file."""

    def __init__(self, local_governments: LocalGovernments) -> None:
        self._local_governments = local_governments
        self._names = {unit: fold(unit.name) for unit in local_governments.by_code.values()}
        self._offered: dict[str, str] = {}

    def find(self, name: str) -> LocalGovernment | Refusal:
        """The unit, or why there is none: several are called so, it is a settlement, or none is.

        Offers are Cyrillic, for the edge.
        """
        if found := self._local_governments.find(name):
            return found
        folded = fold(name)
        if namesakes := [u for u, own in self._names.items() if f" {folded}".endswith(f" {own}") and self._shared(own)]:
            return Refusal("import.local-government-unclear", {"nearest": ", ".join(map(self._full_name, namesakes))})
        if unit := self._local_governments.of_settlement(name):
            return Refusal("import.local-government-settlement", {"nearest": self._full_name(unit)})
        if nearest := self._nearest(folded):
            return Refusal("import.local-government-nearest", {"nearest": nearest})
        return Refusal("import.local-government-unknown")

    def _shared(self, folded: str) -> bool:
        return list(self._names.values()).count(folded) > 1

    def _nearest(self, folded: str) -> str:
        if folded not in self._offered:
            if len(self._offered) >= _LOOKED_UP:
                return ""
            # the name may stand behind its kind
            close = self._close(folded) or self._close(folded.rsplit(" ", maxsplit=1)[-1])
            near = [self._full_name(unit) for name in close for unit, own in self._names.items() if own == name]
            self._offered[folded] = ", ".join(near)
        return self._offered[folded]

    def _close(self, folded: str) -> list[str]:
        return difflib.get_close_matches(folded, sorted(set(self._names.values())), _NEAREST, _LIKENESS)

    def _full_name(self, unit: LocalGovernment) -> str:
        if unit.parent is None:
            return unit.name
        return f"{unit.name} ({self._local_governments.by_code[unit.parent].name})"
