"""Other names of partners abroad, read once from the file that comes with the program."""

import csv
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final

from adapters.reference.units import DATA
from application.importing_partners import keys_of, keys_of_all, namings
from application.script import fold
from domain.partners.decisions import AddName
from domain.partners.events import NameKind

FILE: Final = DATA / "partner_names.csv"


class FiledPartnerNames:
    """See application.known_names.KnownNames. A name that two partners of a country bear leads to neither."""

    def __init__(self, names: Mapping[tuple[str, str], Sequence[AddName]]) -> None:
        self._of: dict[tuple[str, str], tuple[AddName, ...]] = {}
        shared: set[tuple[str, str]] = set()
        for (country, text), others in names.items():
            new = namings(text, country).new
            written = f"{new.name} ({new.part_of})" if new.part_of else new.name
            every = (AddName(name=written, kind=NameKind.ALIAS), *others)
            for key in set(keys_of_all([other.name for other in every], new.part_of, country)):
                if (country, key) in self._of:
                    shared.add((country, key))
                self._of[country, key] = every
        for key in shared:
            del self._of[key]

    def others(self, country: str, name: str, part_of: str | None) -> Sequence[AddName]:
        own = {fold(name), fold(f"{name} {part_of or ''}")}
        keys = keys_of(name, part_of, country)
        known = next((every for key in keys if (every := self._of.get((country, key)))), ())
        return [other for other in known if fold(other.name) not in own]


@cache
def partner_names() -> FiledPartnerNames:
    """The names of all partners in the file. Read and indexed at the first call."""
    names: defaultdict[tuple[str, str], list[AddName]] = defaultdict(list)
    with FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            other = AddName(name=row["other_name"], kind=NameKind(row["kind"]), language=row["language"])
            names[row["country"], row["name"]].append(other)
    return FiledPartnerNames(names)
