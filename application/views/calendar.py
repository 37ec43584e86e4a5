"""The calendar: which cases have something on which day."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Protocol, runtime_checkable

import msgspec

from application.access import Scope
from application.views.register import RegisterRow
from domain.kernel import AccountId


class Sort(StrEnum):
    """Why a case stands on a day."""

    DEADLINE = "deadline"
    """Its next step falls due."""
    ENDS = "ends"
    """The term of its agreement ends."""
    VISIT = "visit"
    """A visit was held."""


class CalendarQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Days from `first` to the one before `before`."""

    first: date
    before: date
    handler: AccountId | None = None
    """Only cases that this person leads."""
    sorts: tuple[Sort, ...] = tuple(Sort)
    most_a_day: int = 3


class Dated(msgspec.Struct, frozen=True):
    sort: Sort
    row: RegisterRow


class Day(msgspec.Struct, frozen=True):
    """A day on which there is something; `total` counts what is not shown too."""

    day: date
    total: int
    shown: tuple[Dated, ...]


@runtime_checkable
class Calendar(Protocol):
    def days(self, scope: Scope, query: CalendarQuery) -> Sequence[Day]:
        """The days that have something, the first one first; on a day deadlines stand first."""
        ...

    def coming(self, scope: Scope, query: CalendarQuery, most: int) -> Sequence[tuple[date, Dated]]:
        """The first `most` things of the whole span, by day; `most_a_day` does not count."""
        ...
