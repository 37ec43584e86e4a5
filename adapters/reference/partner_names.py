"""Other names of partners abroad, read once from the file that comes with the program."""

import csv
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import product
from typing import Final, NamedTuple

from adapters.reference.units import DATA
from application.importing_partners import Naming, namings
from application.script import fold
from domain.partners.decisions import AddName
from domain.partners.events import NameKind

FILE: Final = DATA / "partner_names.csv"


class _Key(NamedTuple):
    country: str
    name: str
    part_of: str
    """Both folded."""


class FiledPartnerNames:
    """See application.known_names.KnownNames. A name that two partners of a country bear leads to neither."""

    def __init__(self, names: Mapping[tuple[str, str], Sequence[AddName]]) -> None:
        self._of: dict[_Key, tuple[AddName, ...]] = {}
        shared: set[_Key] = set()
        for (country, text), others in names.items():
            every = (AddName(name=_written(namings(text).new), kind=NameKind.ALIAS), *others)
            for key in _keys(country, every):
                if key in self._of:
                    shared.add(key)
                self._of[key] = every
        for key in shared:
            del self._of[key]

    def others(self, country: str, name: str, part_of: str | None) -> Sequence[AddName]:
        own = {fold(name), fold(f"{name} {part_of or ''}")}
        known = self._of.get(_Key(country, fold(name), fold(part_of or "")), ())
        return [other for other in known if fold(other.name) not in own]


def _keys(country: str, every: Sequence[AddName]) -> set[_Key]:
    """Each name of a district in each name of its city, whoever mixes them."""
    read = [namings(other.name).new.key for other in every]
    cities = {city for _, city in read if city} or {""}
    return {_Key(country, name, city) for (name, _), city in product(read, cities)}


def _written(naming: Naming) -> str:
    return f"{naming.name} ({naming.part_of})" if naming.part_of else naming.name


@cache
def partner_names() -> FiledPartnerNames:
    """The names of all partners in the file. Read and indexed at the first call."""
    names: defaultdict[tuple[str, str], list[AddName]] = defaultdict(list)
    with FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            other = AddName(name=row["other_name"], kind=NameKind(row["kind"]), language=row["language"])
            names[row["country"], row["name"]].append(other)
    return FiledPartnerNames(names)
