"""What this register says of the sides for which it speaks."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from typing import Final
from uuid import UUID

from application import handling
from application.access import Person, Scope
from application.exchange.sheet import Sheet, SheetCase, SheetLine
from application.exchange.sides import Sides
from application.identity import case_id
from application.ports import Clock, Log
from application.rights import require
from application.views.register import Register, RegisterQuery
from domain.initiatives.initiative import Initiative, fold
from domain.initiatives.sides import recorded, reports
from domain.initiatives.terms import LIVE, Channel, Party, PartyRole, PartyStatus

_EVERYWHERE: Final = Scope()


class Speaking:
    def __init__(self, log: Log, register: Register, sides: Sides, clock: Clock) -> None:
        self._log = log
        self._register = register
        self._sides = sides
        self._clock = clock

    def sheet(self, person: Person, name: str, sides: Sequence[str]) -> Sheet:
        """Every case of the sides, under the `name` of this register; of the same pair the live one, else the newest.

        Raises Forbidden for anybody but the office, and Refused for a side that nobody knows.
        """
        require(person, "report-party-status")
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
        lines = [
            line
            for place, party in enumerate(state.parties)
            if self._sides.key_of(party) in speaking
            for line in own_lines(name, state, party, place)
        ]
        sides = tuple(map(self._sides.named, state.parties))
        return SheetCase(number=state.number, version=state.version, sides=sides, lines=tuple(lines))


def _newest_last(state: Initiative) -> tuple[bool, str, int, str]:
    """Those that live behind those that are over, each by number."""
    return state.stage in LIVE, state.number[:4], len(state.number), state.number


def own_lines(name: str, state: Initiative, party: Party, place: int) -> list[SheetLine]:
    """What a side has done as this register knows it by itself, and not from another register's file."""
    told: dict[PartyStatus, SheetLine] = {}
    if party.role is PartyRole.HOME:
        source = f"{name}, {state.number}"
        told = {c.status: SheetLine(side=place, status=c.status, on=c.on, source=source) for c in recorded(state)}
    for _, report in reports(state):
        if report.party == party.key and report.channel is not Channel.FILE:
            line = SheetLine(side=place, status=report.status, on=report.occurred_on, source=report.source)
            told[report.status] = line
    return [told[status] for status in PartyStatus if status in told]
