"""Giving reminders: a sweep over all live cases, and what others read of it."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final, Protocol, runtime_checkable
from uuid import UUID

import msgspec

from application.handling import OFFICE
from application.ports import Clock, Views
from domain.initiatives.reminding import Reminded
from domain.kernel import AccountId

SETTLED: Final = timedelta(hours=2)
"""So long after midnight a day's reminders are given: then a clock that is set back by an hour brings no more facts of
the day before, which could have taken one of them away."""


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """A reminder that was given, and the case as it stands now."""

    position: int
    """Strictly rising; a cursor is the last position seen."""
    id: UUID
    case: UUID
    number: str
    kind: Reminded
    deed: str
    due: date
    on: date
    """Its day. Where years are swept at once, long past: nobody needs to be told of it any more."""
    stands: bool
    """What it reminds of is still to be done."""
    homes: tuple[str, ...]
    handler: AccountId | None
    """None also where the case is over."""


@runtime_checkable
class Reminders(Protocol):
    def give(self, until: date) -> int | None:
        """Keep every reminder up to a day that was not given yet, and say how many; None where another process does."""
        ...

    def given(self, after: int, most: int) -> Sequence[Given]:
        """Up to `most` with a position greater than `after`, by position."""
        ...


class GivingReminders:
    def __init__(self, reminders: Reminders, views: Views, newest: "Newest", clock: Clock) -> None:
        self._reminders = reminders
        self._views = views
        self._newest = newest
        self._clock = clock

    def settled(self) -> date:
        """The newest day whose reminders can be given."""
        return settled_day(self._clock())

    def sweep(self, until: date | None = None) -> int | None:
        """Give what is to be given up to a day, the newest settled one at most; say how much was new.

        None where another process sweeps, or where views are behind and cases may have moved on.
        """
        day = min(until, self.settled()) if until else self.settled()
        return self._reminders.give(day) if self._views.caught_up(self._newest.head()) else None


class Newest(Protocol):
    def head(self) -> int:
        """The newest position of the log."""
        ...


def settled_day(at: datetime) -> date:
    """The office's day, which is over at midnight and settled two hours later."""
    return (at - SETTLED).astimezone(OFFICE).date()
