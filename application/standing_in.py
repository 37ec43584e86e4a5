"""Acting for somebody who is away: for whom a person stands in today, and on which cases that counts."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol, runtime_checkable
from uuid import UUID

import msgspec
from msgspec.structs import replace

from application.access import Person, Role
from domain.initiatives.initiative import Initiative
from domain.initiatives.procedure import OF_A_TOWN, CaseOccasion, next_step
from domain.kernel import AccountId


class Absence(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody is away from the first day to the last, both included, and has a substitute meanwhile."""

    id: UUID
    account: AccountId
    substitute: AccountId
    first_day: date
    last_day: date
    entered_by: AccountId
    entered_at: datetime

    def covers(self, day: date) -> bool:
        return self.first_day <= day <= self.last_day


@runtime_checkable
class Away(Protocol):
    def on(self, day: date) -> Sequence[Absence]:
        """Every absence of a day that has not been ended early, the first that was entered first."""
        ...


class Absent(msgspec.Struct, frozen=True):
    """Somebody for whom a person stands in."""

    account: AccountId
    until: date
    """The last day of the absence."""
    through: tuple[AccountId, ...] = ()
    """Substitutes between the two who are away themselves."""


def absent_behind(absences: Sequence[Absence], substitute: AccountId) -> list[Absent]:
    """For whom a substitute stands in: directly first, then through others who are away themselves.

    `absences` are those of one day.
    """
    found: dict[AccountId, Absent] = {}
    waiting: list[tuple[AccountId, tuple[AccountId, ...]]] = [(substitute, ())]
    for stand_in, through in waiting:
        for absence in absences:
            if absence.substitute == stand_in and absence.account not in (substitute, *found):
                found[absence.account] = Absent(absence.account, absence.last_day, through)
                waiting.append((absence.account, (absence.account, *through)))
    return list(found.values())


class StandingIn:
    def __init__(self, away: Away) -> None:
        self._away = away

    def behind(self, person: Person, today: date) -> list[Absent]:
        """Everybody for whom the person stands in today."""
        return absent_behind(self._away.on(today), person.account)

    def on_case(self, person: Person, state: Initiative, on: CaseOccasion) -> Absent | None:
        """For whom the person acts on a case: its handler, or the officer or approver whose turn it would be."""
        behind = self.behind(person, on.today)
        match person.role:
            case Role.COORDINATOR:
                return next((absent for absent in behind if absent.account == state.handler), None)
            case Role.OFFICER:
                step = next_step(state, on.procedures.of(state))
                return next(iter(behind), None) if step and step.actor in OF_A_TOWN else None
            case Role.APPROVER:
                return next(iter(behind), None)
            case _:
                return None

    def occasion(self, person: Person, state: Initiative, on: CaseOccasion) -> CaseOccasion:
        """The same occasion with the one for whom the person acts on the case."""
        absent = self.on_case(person, state, on)
        return replace(on, on_behalf_of=absent.account) if absent else on
