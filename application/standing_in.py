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


@runtime_checkable
class Humans(Protocol):
    def one_human(self) -> Sequence[frozenset[AccountId]]:
        """The accounts of each human who has several."""
        ...


class StandingIn:
    def __init__(self, away: Away, humans: Humans) -> None:
        self._away, self._humans = away, humans

    def behind(self, person: Person, today: date) -> list[Absent]:
        """Everybody for whom the person stands in today."""
        return absent_behind(self._away.on(today), person.account)

    def on_case(self, person: Person, state: Initiative, on: CaseOccasion) -> list[Absent]:
        """For whom the person acts on a case, the one who is named first.

        A coordinator acts for its handler, and those through whom that came; an officer or an approver for all whose
        turn it would be.
        """
        behind = self.behind(person, on.today)
        match person.role:
            case Role.COORDINATOR:
                led = [absent for absent in behind if absent.account == state.handler]
                return [*led, *(one for one in behind if led and one.account in led[0].through)]
            case Role.OFFICER:
                step = next_step(state, on.procedures.of(state))
                return behind if step and step.actor in OF_A_TOWN else []
            case Role.APPROVER:
                return behind
            case _:
                return []

    def occasion(self, person: Person, state: Initiative, on: CaseOccasion) -> CaseOccasion:
        """The same occasion with everybody who stands behind the person on the case."""
        if absent := self.on_case(person, state, on):
            first, *others = (one.account for one in absent)
            on = replace(on, on_behalf_of=first, also_for=tuple(others))
        if on.procedures.of(state).second_person:
            on = replace(on, one_human=tuple(self._humans.one_human()))
            if person.role is Role.OFFICER and not absent:
                on = replace(on, also_for=tuple(one.account for one in self.behind(person, on.today)))
        return on
