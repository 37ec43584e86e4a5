"""What stands in the register before a row is taken, read from the log itself.

The views may lag behind or not run at all while a file is imported; the log never does.
"""

from itertools import product
from sys import intern
from typing import Final, NamedTuple
from uuid import UUID

import msgspec

from application.importing_known_partners import KnownPartners
from application.ports import Log, Recorded
from domain.dates import PartialDate
from domain.initiatives import events as i
from domain.initiatives.terms import CONCLUDED, Kind, Party, PartyRole
from domain.kernel import CommandKey, Fact
from domain.partners import events as p

PAGE: Final = 1000


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
        self.partners = KnownPartners()
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
                self.partners.apply(stream, fact)
            case _:
                pass

    def next_number(self, year: int) -> str:
        """The number after the newest one of the year. It counts as used once its case is applied."""
        return f"{year}-{self._newest.get(str(year), 0) + 1:04d}"

    def same(self, pair: Pair, concluded: bool) -> KnownCase | None:
        """The case that a row of this pair would repeat, also where the partner's files were merged since."""
        pairs = self.agreements if concluded else self.initiatives
        files = self.partners.files_of(pair.partner)
        return next((found for file in files if (found := pairs.get(pair._replace(partner=file)))), None)

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
