"""Partners that are in the register before a row is taken, by every name that they bear."""

from collections import defaultdict
from functools import lru_cache
from uuid import UUID

from application.identity import partner_id
from application.importing_partners import Naming, Namings
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
        exact = [b for b in bearers if _folded(self._partners[b].part_of or "") == part_of]
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
        named = {_folded(name) for name in (after.all_names[:1] if before is None else after.all_names)}
        for name in named:
            if stream not in self._named[name]:
                self._named[name].append(stream)


def _bears(partner: Partner, name: str) -> bool:
    return any(_folded(own) == name for own in partner.all_names)
