"""What this register says of the sides for which it speaks."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from typing import Final
from uuid import UUID

from application import handling
from application.access import Person, Scope
from application.auditing_looks import Place, Witness
from application.exchange.sheet import Sheet, SheetCase, SheetLine
from application.exchange.sides import Sides
from application.identity import case_id
from application.ports import Clock, Log, Vault
from application.rights import require
from application.views.register import Register, RegisterQuery
from domain.initiatives.events import PartyStatusReported
from domain.initiatives.initiative import Initiative, fold
from domain.initiatives.sides import recorded, reports
from domain.initiatives.terms import LIVE, Channel, Party, PartyRole, PartyStatus
from domain.kernel import VaultRef

ERASED: Final = "[erased]"
"""Stands in a file where the words of a source were erased."""
_LONGEST: Final = 500
"""Of a source in a file, which is one line; an administrator may have corrected it to several."""
_EVERYWHERE: Final = Scope()


class Speaking:
    def __init__(
        self, log: Log, register: Register, sides: Sides, vault: Vault, witness: Witness, clock: Clock
    ) -> None:
        self._log = log
        self._vault = vault
        self._witness = witness
        self._register = register
        self._sides = sides
        self._clock = clock

    def sheet(self, person: Person, name: str, sides: Sequence[str]) -> Sheet:
        """Every case of the sides, under the `name` of this register; of the same pair the live one, else the newest.

        Raises Forbidden for anybody but the office, and Refused for a side that nobody knows.
        """
        require(person, "report-party-status")
        self._witness.sees(person, Place.EXCHANGE)
        speaking = [self._sides.known(side) for side in sides]
        cases = tuple(self._case(name, state, speaking) for state in self._without_older(self._cases_of(speaking)))
        return Sheet(register=name, made_at=self._clock(), cases=cases)

    def _cases_of(self, sides: Sequence[str]) -> Iterator[Initiative]:
        today, seen = self._clock().date(), set[UUID]()
        for side in sides:
            town = self._sides.is_town(side)
            query = RegisterQuery(local_governments=(side,)) if town else RegisterQuery(partner=UUID(side))
            for row in (row for batch in self._register.rows(_EVERYWHERE, query, today) for row in batch):
                state = handling.known(self._log, case_id(row.number), fold).state
                if state and row.case not in seen:
                    seen.add(row.case)
                    yield state

    def _without_older(self, states: Iterable[Initiative]) -> list[Initiative]:
        """One that is over says nothing of the one that came after it; another register finds a case by its sides."""
        kept, there = list[Initiative](), set[tuple[str, str]]()
        for state in sorted(states, key=_newest_last, reverse=True):
            pairs = set(product(map(self._sides.key_of, state.home), map(self._sides.key_of, state.partners)))
            if state.stage in LIVE or there.isdisjoint(pairs):
                kept.append(state)
            there |= pairs
        return kept

    def _case(self, name: str, state: Initiative, speaking: Sequence[str]) -> SheetCase:
        texts = self._vault.read([report.known_from for _, report in reports(state) if report.known_from])
        lines = [
            line
            for place, party in enumerate(state.parties)
            if self._sides.key_of(party) in speaking
            for line in own_lines(name, state, party, place, texts)
        ]
        sides = tuple(map(self._sides.named, state.parties))
        return SheetCase(number=state.number, version=state.version, sides=sides, lines=tuple(lines))


def _newest_last(state: Initiative) -> tuple[bool, str, int, str]:
    """Those that live behind those that are over, each by number."""
    return state.stage in LIVE, state.number[:4], len(state.number), state.number


def own_lines(
    name: str, state: Initiative, party: Party, place: int, texts: Mapping[VaultRef, str | None]
) -> list[SheetLine]:
    """What a side has done as this register knows it by itself, and not from another register's file.

    `texts` are the words of the vault, None where they were erased.
    """
    told: dict[PartyStatus, SheetLine] = {}
    if party.role is PartyRole.HOME:
        source = f"{name}, {state.number}"
        told = {c.status: SheetLine(side=place, status=c.status, on=c.on, source=source) for c in recorded(state)}
    for _, report in reports(state):
        if report.party == party.key and report.channel is not Channel.FILE:
            source = _source(report, texts)
            told[report.status] = SheetLine(side=place, status=report.status, on=report.occurred_on, source=source)
    return [told[status] for status in PartyStatus if status in told]


def _source(report: PartyStatusReported, texts: Mapping[VaultRef, str | None]) -> str:
    words = texts.get(report.known_from) if report.known_from else report.source
    return " ".join((words or ERASED).split())[:_LONGEST]
