"""Dates as the office knows them: whole, or only a month, or only a year."""

import calendar
import re
from datetime import date
from typing import Annotated, Final, NewType

from msgspec import Meta

PartialDate = NewType("PartialDate", str)
"""`2026-03-01`, `2026-03` or `2026`: ISO 8601, as precise as what is known and no more."""

_SHAPE: Final = r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$(?!\n)"
Day = Annotated[PartialDate, Meta(pattern=_SHAPE)]
"""A partial date in a command: of the right shape; whether the calendar knows it is asked by `partial_date`."""

_YEAR, _MONTH, _DAY = 4, 7, 10
EARLIEST_YEAR, LATEST_YEAR = 1800, 2200


class NotADate(ValueError):
    """The text is no ISO date of day, month or year, or names a day that does not exist."""


def partial_date(text: str) -> PartialDate:
    """Read `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.

    Raises NotADate for any other shape, for a day that the calendar lacks, and outside the years 1800 to 2200.
    """
    try:
        first = earliest(PartialDate(text)) if re.search(_SHAPE, text) else None
    except ValueError:
        first = None
    if first is None or not EARLIEST_YEAR <= first.year <= LATEST_YEAR:
        raise NotADate(text)
    return PartialDate(text)


def earliest(day: PartialDate) -> date:
    """The first day that the partial date may mean."""
    return date.fromisoformat((day + "-01-01")[:_DAY])


def latest(day: PartialDate) -> date:
    """The last day that the partial date may mean."""
    first = earliest(day)
    if len(day) == _YEAR:
        return date(first.year, 12, 31)
    if len(day) == _MONTH:
        return date(first.year, first.month, calendar.monthrange(first.year, first.month)[1])
    return first


def is_whole(day: PartialDate) -> bool:
    """Whether it is a full day, and no month or year."""
    return len(day) == _DAY


def whole(day: date) -> PartialDate:
    """A full day as a partial date."""
    return PartialDate(day.isoformat())


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or earlier where negative; the last of the month where it has none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
