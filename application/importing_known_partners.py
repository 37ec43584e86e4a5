"""Partners that are in the register before a row is taken, by every name that they bear."""

from collections import defaultdict
from functools import lru_cache
from sys import intern
from uuid import UUID

from msgspec.structs import replace

from application.identity import partner_id
from application.importing_partners import Naming, Namings, keys_of_all
from application.script import fold
from domain.partners.events import PartnerEvent
from domain.partners.partner import Partner, evolve

_folded = lru_cache(maxsize=65536)(fold)


class KnownPartners:
    """Kept up by the facts of partners' files, in their order."""

    def __init__(self) -> None:
        self._partners: dict[UUID, Partner] = {}
        self._named = Names()
        """By the keys of texts that mean the partner."""
        self._districts = Names()
        """By their names alone."""
        self._merged: defaultdict[UUID, list[UUID]] = defaultdict(list)

    def find(self, country: str, namings: Namings) -> tuple[UUID, Naming | None]:
        """The partner that a text means; with the naming to register it by, if nobody knows it yet."""
        if found := self._bearer(country, namings):
            return found, None
        new = namings.new
        stream = partner_id(country, new.name, new.part_of)
        return (self._goes_on(stream), None) if stream in self._partners else (stream, new)

    def apply(self, stream: UUID, fact: PartnerEvent) -> None:
        """Take in a fact of the log."""
        before = self._partners.get(stream)
        after = self._partners[stream] = _lean(evolve(before, fact))
        if after.merged_into and not (before and before.merged_into):
            self._merged[after.merged_into].extend((stream, *self._merged.get(stream, ())))
        self._name(stream, after)
        for name in map(_folded, after.all_names if after.part_of else ()):
            self._districts.add(name, stream)

    def plan(self, stream: UUID, fact: PartnerEvent) -> None:
        """Take in a registration, or a name that comes with it, that is on its way into the log.

        By its name alone a district is found from the next file on: within one, that would depend on the order of rows.
        """
        partner = self._partners[stream] = _lean(evolve(self._partners.get(stream), fact))
        self._name(stream, partner)

    def take_back(self, stream: UUID) -> None:
        """Forget what was planned."""
        partner = self._partners.pop(stream)
        for key in _keys(partner):
            self._named.remove(key, stream)

    def files_of(self, partner: UUID) -> tuple[UUID, ...]:
        """The partner's file, and those that were merged into it."""
        return (partner, *self._merged.get(partner, ()))

    def _bearer(self, country: str, namings: Namings) -> UUID | None:
        meant = {
            self._goes_on(stream)
            for key in namings.keys
            for stream in self._named.of(key)
            if self._partners[stream].country == country and key in _keys(self._partners[stream])
        }
        return min(meant) if meant else self._only_district(country, namings)

    def _only_district(self, country: str, namings: Namings) -> UUID | None:
        name = _folded(namings.new.name)
        if namings.new.part_of or namings.keys != (name,):
            return None
        meant = {
            self._goes_on(stream)
            for stream in self._districts.of(name)
            if self._partners[stream].country == country and name in map(_folded, self._partners[stream].all_names)
        }
        return meant.pop() if len(meant) == 1 else None

    def _goes_on(self, partner: UUID) -> UUID:
        while (into := self._partners[partner].merged_into) is not None and into in self._partners:
            partner = into
        return partner

    def _name(self, stream: UUID, partner: Partner) -> None:
        for key in _keys(partner):
            self._named.add(key, stream)


class Names:
    """Texts and the partners that may be meant; most are one partner's alone."""

    def __init__(self) -> None:
        self._streams: dict[str, UUID | tuple[UUID, ...]] = {}

    def of(self, name: str) -> tuple[UUID, ...]:
        found = self._streams.get(name, ())
        return (found,) if isinstance(found, UUID) else found

    def add(self, name: str, stream: UUID) -> None:
        known = self.of(name)
        if stream not in known:
            self._streams[name] = (*known, stream) if known else stream

    def remove(self, name: str, stream: UUID) -> None:
        others = tuple(other for other in self.of(name) if other != stream)
        if others:
            self._streams[name] = others
        else:
            self._streams.pop(name, None)


def _keys(partner: Partner) -> list[str]:
    return keys_of_all(partner.all_names, partner.part_of, partner.country)


def _lean(partner: Partner) -> Partner:
    """With one text for all that are in the same country or city."""
    part_of = intern(partner.part_of) if partner.part_of else None
    return replace(partner, country=intern(partner.country), part_of=part_of)
