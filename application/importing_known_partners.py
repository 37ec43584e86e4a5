"""Partners that are in the register before a row is taken, by every name that they bear."""

from collections import defaultdict
from functools import lru_cache
from uuid import UUID

from application.identity import partner_id
from application.importing_partners import Naming, Namings, namings
from application.script import fold
from domain.partners.events import PartnerEvent
from domain.partners.partner import Partner, evolve

_folded = lru_cache(maxsize=65536)(fold)


class KnownPartners:
    """Kept up by the facts of partners' files, in their order."""

    def __init__(self) -> None:
        self._partners: dict[UUID, Partner] = {}
        self._named: defaultdict[str, list[UUID]] = defaultdict(list)
        self._merged: defaultdict[UUID, list[UUID]] = defaultdict(list)

    def find(self, country: str, namings: Namings) -> tuple[UUID, Naming | None]:
        """The partner that a text means; with the naming to register it by, if nobody knows it yet."""
        for naming in namings.readings:
            if found := self._bearer(country, naming):
                return found, None
        new = namings.new
        stream = partner_id(country, new.name, new.part_of)
        return (self._goes_on(stream), None) if stream in self._partners else (stream, new)

    def _bearer(self, country: str, naming: Naming) -> UUID | None:
        name, part_of = naming.key
        bearers = {
            self._goes_on(partner)
            for partner in self._named.get(name, ())
            if self._partners[partner].country == country and _bears(self._partners[partner], name)
        }
        exact = [b for b in bearers if part_of in _cities(self._partners[b])]
        if exact:
            return min(exact)
        return bearers.pop() if len(bearers) == 1 and not part_of else None

    def _goes_on(self, partner: UUID) -> UUID:
        while (into := self._partners[partner].merged_into) is not None and into in self._partners:
            partner = into
        return partner

    def files_of(self, partner: UUID) -> tuple[UUID, ...]:
        """The partner's file, and those that were merged into it."""
        return (partner, *self._merged.get(partner, ()))

    def apply(self, stream: UUID, fact: PartnerEvent) -> None:
        before = self._partners.get(stream)
        after = self._partners[stream] = evolve(before, fact)
        if after.merged_into and not (before and before.merged_into):
            self._merged[after.merged_into].extend((stream, *self._merged.get(stream, ())))
        for name in _names(after):
            if stream not in self._named[name]:
                self._named[name].append(stream)


def _bears(partner: Partner, name: str) -> bool:
    return name in _names(partner)


def _names(partner: Partner) -> set[str]:
    """Each name as it stands and, where it names a city behind it, without the city: `Зимеринг (Беч)`, `Зимеринг`."""
    every = {_folded(name) for name in partner.all_names}
    return every | {district for district, city in map(_district, partner.all_names) if city}


def _cities(partner: Partner) -> set[str]:
    """What the city of a district is called, also in its other names; nothing for what is no part of a city."""
    return {_folded(partner.part_of or ""), *(city for _, city in map(_district, partner.all_names) if city)}


@lru_cache(maxsize=65536)
def _district(name: str) -> tuple[str, str]:
    """Name and city, where the city stands in parentheses."""
    first, *more = namings(name).readings
    return ("", "") if more else first.key
