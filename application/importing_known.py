"""What stands in the register before a row is taken, read from the log itself.

The views may lag behind or not run at all while a file is imported; the log never does.
"""

from collections import defaultdict
from functools import lru_cache
from itertools import product
from sys import intern
from typing import Final, NamedTuple
from uuid import UUID

import msgspec

from application.identity import partner_id
from application.importing_partners import Naming, Namings
from application.ports import Log, Recorded
from application.script import fold
from domain.dates import PartialDate
from domain.initiatives import events as i
from domain.initiatives.terms import CONCLUDED, Kind, Party, PartyRole
from domain.kernel import CommandKey, Fact
from domain.partners import events as p
from domain.partners.partner import Partner, evolve

PAGE: Final = 1000
_folded = lru_cache(maxsize=65536)(fold)


class Pair(NamedTuple):
    """A local government, a partner and a kind of cooperation: what makes two cases the same."""

    home: str
    partner: UUID
    kind: Kind


class KnownCase(msgspec.Struct):
    """A case as far as an import has to know it."""

    number: str
    kind: Kind
    homes: tuple[str, ...]
    partners: tuple[UUID, ...]
    day: PartialDate | None
    concluded: bool
    proposed: bool
    """It began by a proposal in this register."""

    def pairs(self) -> list[Pair]:
        return [Pair(home, partner, self.kind) for home, partner in product(self.homes, self.partners)]


class KnownRegister:
    """Cases, partners, numbers and earlier imports, kept up by the facts in their order."""

    def __init__(self) -> None:
        self.agreements: dict[Pair, KnownCase] = {}
        """Pairs with an agreement, or with a proposal that leads to one."""
        self.initiatives: dict[Pair, KnownCase] = {}
        """Pairs for which an initiative was proposed or taken over."""
        self.keys: set[CommandKey] = set()
        """Requests by which cases began."""
        self._cases: dict[UUID, KnownCase] = {}
        self._partners: dict[UUID, Partner] = {}
        self._named: defaultdict[str, list[UUID]] = defaultdict(list)
        self._merged: defaultdict[UUID, list[UUID]] = defaultdict(list)
        self._newest: dict[str, int] = {}

    @classmethod
    def read(cls, log: Log) -> "KnownRegister":
        """Everything that the log holds now."""
        known, position = cls(), 0
        while page := log.page(position, PAGE):
            for recorded in page:
                known.record(recorded)
            position = page[-1].position
        return known

    def record(self, recorded: Recorded) -> None:
        if isinstance(recorded.fact, _BEGINNINGS):
            self.keys.add(recorded.command)
        self.apply(recorded.stream, recorded.fact)

    def apply(self, stream: UUID, fact: Fact) -> None:
        """Take in one fact; those that say nothing about pairs, names and numbers are passed over."""
        match fact:
            case i.HistoricAgreementEntered() | i.InitiativeTakenOver() | i.InitiativeProposed():
                self._begin(stream, fact)
            case i.AgreementSigned(occurred_on=day):
                self._conclude(stream, day)
            case i.PartyJoined(party=party):
                self._join(stream, party)
            case i.FactCorrected(restated=restated):
                self._correct(stream, restated)
            case i.InitiativeDeclined() | i.InitiativeWithdrawn() | i.InitiativeMerged():
                self._end_early(stream)
            case (
                p.PartnerRegistered()
                | p.PartnerRenamed()
                | p.NameAdded()
                | p.NameRemoved()
                | p.PartnerReclassified()
                | p.PartnerMerged()
                | p.PartnerAbsorbed()
            ):
                self._partner(stream, fact)
            case _:
                pass

    def next_number(self, year: int) -> str:
        """The number after the newest one of the year. It counts as used once its case is applied."""
        return f"{year}-{self._newest.get(str(year), 0) + 1:04d}"

    def same(self, pair: Pair, concluded: bool) -> KnownCase | None:
        """The case that a row of this pair would repeat, also where the partner's files were merged since."""
        pairs = self.agreements if concluded else self.initiatives
        files = (pair.partner, *self._merged.get(pair.partner, ()))
        return next((found for file in files if (found := pairs.get(pair._replace(partner=file)))), None)

    def partner(self, country: str, namings: Namings) -> tuple[UUID, Naming | None]:
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

    # --- taking facts in

    def _begin(self, stream: UUID, fact: "Beginning") -> None:
        case = _case(fact)
        self._cases[stream] = case
        year, _, running = case.number.partition("-")
        self._newest[intern(year)] = max(self._newest.get(year, 0), int(running))
        self._index(case)

    def _index(self, case: KnownCase) -> None:
        for pair in case.pairs():
            if case.concluded or case.proposed:
                self.agreements.setdefault(pair, case)
            if case.proposed or not case.concluded:
                self.initiatives.setdefault(pair, case)

    def _conclude(self, stream: UUID, day: PartialDate | None) -> None:
        if case := self._cases.get(stream):
            case.concluded, case.day = True, day
            for pair in case.pairs():
                self.agreements.setdefault(pair, case)

    def _join(self, stream: UUID, party: Party) -> None:
        case = self._cases.get(stream)
        if case is None:
            return
        if party.role is PartyRole.HOME and party.local_government:
            case.homes = (*case.homes, intern(party.local_government))
        elif party.role is PartyRole.PARTNER and party.partner:
            case.partners = (*case.partners, party.partner)
        self._index(case)

    def _correct(self, stream: UUID, restated: Fact) -> None:
        """What was first recorded still names the case too, so that the same file finds it again."""
        case = self._cases.get(stream)
        if case and isinstance(restated, i.AgreementSigned):
            case.day = restated.occurred_on
        elif case and isinstance(restated, _BEGINNINGS):
            corrected = _case(restated)
            case.kind, case.homes, case.partners = corrected.kind, corrected.homes, corrected.partners
            case.day = corrected.day
            self._index(case)

    def _end_early(self, stream: UUID) -> None:
        """A proposal that led to nothing does not stand in the way of an agreement."""
        case = self._cases.get(stream)
        if case and case.proposed:
            for pair in case.pairs():
                for pairs in (self.agreements, self.initiatives):
                    if pairs.get(pair) is case:
                        del pairs[pair]

    def _partner(self, stream: UUID, fact: p.PartnerEvent) -> None:
        before = self._partners.get(stream)
        after = self._partners[stream] = evolve(before, fact)
        if after.merged_into and not (before and before.merged_into):
            self._merged[after.merged_into].extend((stream, *self._merged.get(stream, ())))
        named = {_folded(name) for name in (after.all_names[:1] if before is None else after.all_names)}
        for name in named:
            if stream not in self._named[name]:
                self._named[name].append(stream)


Beginning = i.HistoricAgreementEntered | i.InitiativeTakenOver | i.InitiativeProposed
_BEGINNINGS: Final = (i.HistoricAgreementEntered, i.InitiativeTakenOver, i.InitiativeProposed)


def _case(fact: Beginning) -> KnownCase:
    taken_over = isinstance(fact, i.InitiativeTakenOver)
    proposed = isinstance(fact, i.InitiativeProposed)
    return KnownCase(
        number=fact.number,
        kind=fact.kind,
        homes=tuple(
            intern(party.local_government)
            for party in fact.parties
            if party.role is PartyRole.HOME and party.local_government
        ),
        partners=tuple(party.partner for party in fact.parties if party.role is PartyRole.PARTNER and party.partner),
        day=fact.occurred_on,
        concluded=fact.stage in CONCLUDED if taken_over else not proposed,
        proposed=proposed,
    )


def _bears(partner: Partner, name: str) -> bool:
    return any(_folded(own) == name for own in partner.all_names)
