"""The local governments of Serbia, read once from the files that come with the program."""

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from application.reference import LocalGovernment, UnitKind
from application.script import fold

DATA: Final = Path(__file__).parent / "data"
LONGEST: Final = 200
"""No name of a unit comes near; longer text is not looked at."""
_OF_CITY_MUNICIPALITY: Final = ("gradska opstina", "go", "city municipality of", "city municipality")
_PREFIXES: Final = (
    *_OF_CITY_MUNICIPALITY,
    *("grad", "opstina", "city of", "municipality of", "town of", "city", "municipality"),
)
_PREFIX: Final = re.compile(rf"(?:{'|'.join(_PREFIXES)}) (?=\S)")
_ASSOCIATION: Final = (
    "СКГО",
    "Стална конференција градова и општина",
    "Стална конференција градова и општина – Савез градова и општина Србије",
    "Standing Conference of Towns and Municipalities",
    "SCTM",
)
_EXONYMS: Final = {"beograd": ("Belgrade",)}


class FiledLocalGovernments:
    """Looks names up in memory; nothing is read from disk after the start."""

    def __init__(self, units: Mapping[str, LocalGovernment], settlements: Iterable[tuple[str, str]] = ()) -> None:
        self._units = MappingProxyType(dict(units))
        self._settlements: dict[str, LocalGovernment] = {}
        for name, code in settlements:
            unit = self._units[code]
            self._settlements |= dict.fromkeys((fold(name), fold(f"{name} {unit.name}")), unit)
        named: defaultdict[str, set[str]] = defaultdict(set)
        for unit in units.values():
            for name in _names(unit, units):
                named[fold(name)].add(unit.code)
        self._by_name = {name: next(iter(codes)) for name, codes in named.items() if len(codes) == 1}
        self._find = lru_cache(maxsize=4096)(self._look_up)

    @property
    def by_code(self) -> Mapping[str, LocalGovernment]:
        return self._units

    def find(self, text: str) -> LocalGovernment | None:
        """See application.reference.LocalGovernments."""
        return self._find(text) if len(text) <= LONGEST else None

    def of_settlement(self, text: str) -> LocalGovernment | None:
        """See application.reference.LocalGovernments."""
        if len(text) > LONGEST:
            return None
        return self._settlements.get(fold(text).removeprefix("naselje ").removeprefix("mesna zajednica "))

    def _look_up(self, text: str) -> LocalGovernment | None:
        folded = fold(text)
        code = self._by_name.get(folded)
        if code is None and (prefix := _PREFIX.match(folded)):
            code = self._by_name.get(folded[prefix.end() :])
            if code and not _may_be_called(self._units[code], prefix.group().strip()):
                return None
        return self._units[code] if code else None


def _may_be_called(unit: LocalGovernment, prefix: str) -> bool:
    """A city is often called a municipality and the reverse; but only a part of a city is a city municipality."""
    if unit.kind is UnitKind.ASSOCIATION:
        return False
    return unit.kind is UnitKind.CITY_MUNICIPALITY or prefix not in _OF_CITY_MUNICIPALITY


def _names(unit: LocalGovernment, units: Mapping[str, LocalGovernment]) -> Iterator[str]:
    yield unit.name
    yield unit.code
    if unit.kind is UnitKind.ASSOCIATION:
        yield from _ASSOCIATION
    yield from _EXONYMS.get(unit.code, ())
    if unit.parent is None:
        return
    for city in (units[unit.parent].name, *_EXONYMS.get(unit.parent, ())):
        yield f"{unit.name} {city}"
        yield f"{unit.name} град {city}"
        for kind in ("", "го ", "општина ", "градска општина "):
            yield f"{city} {kind}{unit.name}"


@cache
def local_governments() -> FiledLocalGovernments:
    """All 200 units and the association. Read and indexed at the first call."""
    with (DATA / "local_governments.csv").open(encoding="utf-8", newline="") as file:
        units = [_unit(row) for row in csv.DictReader(file)]
    with (DATA / "settlements.csv").open(encoding="utf-8", newline="") as file:
        settlements = [(row["name"], row["local_government"]) for row in csv.DictReader(file)]
    return FiledLocalGovernments({unit.code: unit for unit in units}, settlements)


def _unit(row: Mapping[str, str]) -> LocalGovernment:
    return LocalGovernment(
        code=row["code"],
        name=row["name"],
        kind=UnitKind(row["kind"]),
        parent=row["parent"] or None,
        district=row["district"],
        official_code=row["official_code"] or None,
        outside_kosovo=row["outside_kosovo"] == "1",
    )
