"""What somebody is to be reminded of, and on which day: it follows from the facts alone, and no clock is asked.

A reminder is given on its day or not at all: one whose day had passed when its deadline came to be is none. A fact
changes what is given after the day on which it was recorded, and nothing before. So each reminder has one identity and
one day, and whoever goes through years day by day gives the same ones as who does it all at once.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID, uuid5

import msgspec

from domain.initiatives.liveness import Liveness
from domain.initiatives.procedure import IN_TERM, Step
from domain.initiatives.terms import Stage

_SPACE: Final = UUID("5a0e1c4e-55c2-4b0c-8f0f-0d6a6c1f7b1e")
_USUAL: Final = (3,)
_USUAL_OF_THE_AGREEMENT: Final = (30, 7)


class Reminded(StrEnum):
    """Of what."""

    BEFORE = "before"
    """A deadline comes."""
    LATE = "late"
    """It has passed."""
    ESCALATED = "escalated"
    """It passed so long ago that the approver is to look at it."""
    CONFIRM = "confirm"
    """The local government is to say whether the partnership is alive."""
    DORMANT = "dormant"
    """Nothing was heard of it for long: it may be dormant."""


class Reminder(msgspec.Struct, frozen=True, gc=False):
    kind: Reminded
    deed: str
    """What is to be done."""
    due: date
    """The day of which it reminds."""
    on: date
    """The day on which it is given."""

    def identity(self, case: UUID, stage: Stage) -> UUID:
        """The same for ever: made of the case, the step, the kind of reminder and the day of which it reminds."""
        days = (self.on - self.due).days
        return uuid5(_SPACE, f"{case} {stage.value} {self.deed} {self.kind.value} {days:+d} {self.due}")


class Clock(msgspec.Struct, frozen=True, gc=False):
    """The days that run in a case at one time."""

    stage: Stage
    began: date
    """The office's day of the newest fact; what came before it was given by the days that ran until then."""
    deed: str | None = None
    """What is waited for."""
    due: date | None = None
    before: tuple[int, ...] = ()
    """So many days before `due` somebody is reminded; the most first."""
    escalates: date | None = None
    confirm_on: date | None = None
    dormant_on: date | None = None

    def reminders(self) -> Iterator[Reminder]:
        """Every one that it gives as long as no other fact comes, each on a day after it began."""
        return (reminder for reminder in self._all() if reminder.on > self.began)

    def _all(self) -> Iterator[Reminder]:
        if self.deed and self.due:
            for days in self.before:
                yield Reminder(Reminded.BEFORE, self.deed, self.due, self.due - timedelta(days))
            yield Reminder(Reminded.LATE, self.deed, self.due, self.due + timedelta(1))
            yield Reminder(Reminded.ESCALATED, self.deed, self.due, self.escalates or self.due + timedelta(1))
        if self.confirm_on:
            yield Reminder(Reminded.CONFIRM, "confirm-partnership", self.confirm_on, self.confirm_on)
        if self.dormant_on:
            yield Reminder(Reminded.DORMANT, "mark-dormant", self.dormant_on, self.dormant_on)


def ticking(stage: Stage, step: Step | None, due: date | None, alive: Liveness, day: date) -> Clock:
    """The days that run from `day` on."""
    if step is None or due is None:
        return Clock(stage, day, confirm_on=alive.confirm_on, dormant_on=alive.dormant_on)
    before = days_before(stage, step)
    return Clock(stage, day, step.deed, due, before, escalated_on(step, due), alive.confirm_on, alive.dormant_on)


def escalated_on(step: Step, due: date) -> date:
    """The day on which a step that is not done comes to the approver."""
    return due + timedelta(days=step.escalate_after + 1)


def days_before(stage: Stage, step: Step) -> tuple[int, ...]:
    """So many days before the deadline somebody is reminded; the most first."""
    if step.reminders is not None:
        return tuple(sorted(step.reminders, reverse=True))
    return _USUAL_OF_THE_AGREEMENT if stage in IN_TERM or stage is Stage.EXPIRING else _USUAL
