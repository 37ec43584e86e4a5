"""What stands in the register before a row is taken, read from the log itself.

The views may lag behind or not run at all while a file is imported; the log never does. A register of 100,000 cases is
held in memory, so cases, pairs and requests are kept as whole numbers wherever that is enough.
"""

from collections.abc import Container, Iterable, Iterator
from enum import IntFlag
from itertools import product
from sys import intern
from typing import Final, NamedTuple, TypeVar
from uuid import UUID

import msgspec

from application.importing_known_partners import KnownPartners
from application.ports import Log, Recorded, Save
from domain.dates import PartialDate
from domain.initiatives import events as i
from domain.initiatives.terms import CONCLUDED, Kind, Party, PartyRole
from domain.kernel import Fact
from domain.partners import events as p

PAGE: Final = 1000
_HOMES: Final = 1 << 16
"""More than there are local governments."""
_YEAR: Final = 10_000_000
"""More cases than a year can have."""


class Pair(NamedTuple):
    """A local government, a partner and a kind of cooperation: what makes two cases the same."""

    home: str
    partner: UUID
    kind: Kind


class Course(IntFlag):
    """How a case came into the register, and how far it is."""

    PROPOSED = 1
    """It began by a proposal in this register."""
    INITIATIVE = 2
    """It began as an initiative, proposed or taken over."""
    CONCLUDED = 4
    OVER = 8
    """It ended before anything was concluded."""


class KnownCase(msgspec.Struct, gc=False):
    """A case as far as an import has to know it."""

    year_and_number: int
    kind: Kind
    first_kind: Kind
    """As it was first recorded: it names the case too, so that the same file finds it again after a correction."""
    pairs: tuple[int, ...] | int
    day: PartialDate | None
    course: Course

    @property
    def number(self) -> str:
        return f"{self.year_and_number // _YEAR}-{self.year_and_number % _YEAR:04d}"

    @property
    def concluded(self) -> bool:
        return Course.CONCLUDED in self.course

    def is_repeated_by(self, concluded: bool) -> bool:
        """Whether a row of its pair says no more than this case, or what this case leads to."""
        over = Course.OVER in self.course
        if concluded:
            return not over
        return Course.INITIATIVE in self.course and not (over and Course.PROPOSED in self.course)


T = TypeVar("T", int, KnownCase)


class KnownRegister:
    """Cases, partners, numbers and earlier imports, kept up by the facts in their order."""

    def __init__(self) -> None:
        self.keys: set[int] = set()
        """Requests by which cases began."""
        self.partners = KnownPartners()
        self._cases: dict[int, KnownCase] = {}
        self._of_pair: dict[int, KnownCase | tuple[KnownCase, ...]] = {}
        self._places: dict[str | UUID, int] = {}
        """Small numbers of local governments and of partners."""
        self._newest: dict[int, int] = {}
        self._position = 0

    @classmethod
    def read(cls, log: Log) -> "KnownRegister":
        """Everything that the log holds now."""
        known = cls()
        known.catch_up(log)
        return known

    def catch_up(self, log: Log) -> None:
        """Take in what the log has since it was last read, without what was planned here and kept."""
        while page := log.page(self._position, PAGE):
            for recorded in page:
                self._record(recorded)
            self._position = page[-1].position

    def kept(self, saves: Iterable[Save], until: int, log: Log) -> None:
        """What was planned stands in the log up to a position; take in what others wrote before it."""
        facts = sum(len(write.facts) for save in saves for write in save.writes)
        if until - facts == self._position:
            self._position = until
        else:
            self.catch_up(log)

    def plan(self, save: Save) -> None:
        """Count a case as there, with its new partners, before it is kept."""
        self.keys.add(save.key.int)
        for write in save.writes:
            for fact in write.facts:
                if isinstance(fact, p.PartnerRegistered | p.NameAdded):
                    self.partners.plan(write.stream, fact)
                else:
                    self.apply(write.stream, fact)

    def take_back(self, save: Save) -> None:
        """Forget a case that was planned. Of several, the last one goes first."""
        self.keys.discard(save.key.int)
        for write in reversed(save.writes):
            if case := self._cases.pop(write.stream.int, None):
                self._unpair(case)
                self._newest[case.year_and_number // _YEAR] = case.year_and_number % _YEAR - 1
            else:
                self.partners.take_back(write.stream)

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
            case i.InitiativeDeclined() | i.InitiativeWithdrawn() | i.InitiativeMerged() | i.AgreementTerminated():
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
                self._place(stream)
                self.partners.apply(stream, fact)
            case _:
                pass

    def next_number(self, year: int) -> str:
        """The number after the newest one of the year. It counts as used once its case is applied."""
        return f"{year}-{self._newest.get(year, 0) + 1:04d}"

    def same(self, pair: Pair, concluded: bool, apart: Container[str] = ()) -> KnownCase | None:
        """The case that a row of this pair would repeat, also where the partner's files were merged since.

        A kind that is unknown, here or there, may be any; a case of the very kind, and as far, comes first.
        Cases with a number in `apart` are under way by other rows of the file: a row that is concluded is another one.
        """

        def distance(case: KnownCase) -> tuple[bool, bool]:
            return pair.kind not in (case.kind, case.first_kind), case.concluded is not concluded

        cases = [case for case in self._cases_of(pair) if case.is_repeated_by(concluded) and _may_be(case, pair.kind)]
        if concluded:
            cases = [case for case in cases if case.concluded or case.number not in apart]
        return min(cases, key=distance, default=None)

    def place(self, pair: Pair) -> int:
        """A whole number for home and partner, the same whenever it is asked."""
        return self._place(pair.partner) * _HOMES + self._place(pair.home)

    # --- taking facts in

    def _record(self, recorded: Recorded) -> None:
        if recorded.command.int in self.keys:  # planned here, or of a request whose case is known
            return
        self.apply(recorded.stream, recorded.fact)
        if isinstance(recorded.fact, _BEGINNINGS):
            self.keys.add(recorded.command.int)

    def _begin(self, stream: UUID, fact: "Beginning") -> None:
        year, _, running = fact.number.partition("-")
        case = KnownCase(
            year_and_number=int(year) * _YEAR + int(running),
            kind=fact.kind,
            first_kind=fact.kind,
            pairs=(),
            day=_shared(fact.occurred_on),
            course=_course(fact),
        )
        self._cases[stream.int] = case
        self._newest[int(year)] = max(self._newest.get(int(year), 0), int(running))
        self._pair(case, fact.parties)

    def _pair(self, case: KnownCase, parties: Iterable[Party]) -> None:
        """Let the case be found by every home side with every partner."""
        known = _several(case.pairs)
        homes = {place % _HOMES: None for place in known}
        partners = {place // _HOMES: None for place in known}
        for party in parties:
            if party.role is PartyRole.HOME and party.local_government:
                homes[self._place(intern(party.local_government))] = None
            elif party.role is PartyRole.PARTNER and party.partner:
                partners[self._place(party.partner)] = None
        places = tuple(partner * _HOMES + home for home, partner in product(homes, partners))
        for place in places:
            others = _several(self._of_pair.get(place, ()))
            if not any(other is case for other in others):
                self._of_pair[place] = (*others, case) if others else case
        case.pairs = places if len(places) != 1 else places[0]

    def _unpair(self, case: KnownCase) -> None:
        for place in _several(case.pairs):
            others = tuple(other for other in _several(self._of_pair[place]) if other is not case)
            if others:
                self._of_pair[place] = others
            else:
                del self._of_pair[place]

    def _cases_of(self, pair: Pair) -> Iterator[KnownCase]:
        home = self._place(pair.home)
        for file in self.partners.files_of(pair.partner):
            yield from _several(self._of_pair.get(self._place(file) * _HOMES + home, ()))

    def _place(self, named: str | UUID) -> int:
        return self._places.setdefault(named, len(self._places))

    def _conclude(self, stream: UUID, day: PartialDate | None) -> None:
        if case := self._cases.get(stream.int):
            case.course |= Course.CONCLUDED
            case.day = _shared(day)

    def _join(self, stream: UUID, party: Party) -> None:
        if case := self._cases.get(stream.int):
            self._pair(case, [party])

    def _correct(self, stream: UUID, restated: Fact) -> None:
        case = self._cases.get(stream.int)
        if case and isinstance(restated, i.AgreementSigned):
            case.day = _shared(restated.occurred_on)
        elif case and isinstance(restated, _BEGINNINGS):
            case.kind, case.day = restated.kind, _shared(restated.occurred_on)
            self._pair(case, restated.parties)

    def _end_early(self, stream: UUID) -> None:
        """What led to nothing does not stand in the way of an agreement."""
        case = self._cases.get(stream.int)
        if case and not case.concluded:
            case.course |= Course.OVER


Beginning = i.HistoricAgreementEntered | i.InitiativeTakenOver | i.InitiativeProposed
_BEGINNINGS: Final = (i.HistoricAgreementEntered, i.InitiativeTakenOver, i.InitiativeProposed)


def _course(fact: Beginning) -> Course:
    match fact:
        case i.InitiativeProposed():
            return Course.PROPOSED | Course.INITIATIVE
        case i.InitiativeTakenOver(stage=stage) if stage not in CONCLUDED:
            return Course.INITIATIVE
        case _:
            return Course.CONCLUDED


def _may_be(case: KnownCase, kind: Kind) -> bool:
    return kind in (case.kind, case.first_kind, Kind.UNKNOWN) or case.kind is Kind.UNKNOWN


def _several(one: T | tuple[T, ...]) -> tuple[T, ...]:
    return one if isinstance(one, tuple) else (one,)


def _shared(day: PartialDate | None) -> PartialDate | None:
    """The same text for the same day."""
    return PartialDate(intern(day)) if day else None
