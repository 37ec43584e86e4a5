"""Which days the office works, for deadlines that are counted in working days."""

from datetime import date, timedelta
from typing import Protocol

_DAY = timedelta(days=1)


class UnknownYear(Exception):
    """Nobody knows the public holidays of the year, so no working day of it can be counted."""

    def __init__(self, year: int) -> None:
        super().__init__(str(year))
        self.year = year


class Calendar(Protocol):
    @property
    def mark(self) -> str:
        """Another one as soon as any day is told otherwise."""
        ...

    def is_working_day(self, day: date) -> bool:
        """Raises UnknownYear."""
        ...


class NoCalendar:
    """Knows no year: where nobody gave a calendar, no working day is guessed."""

    mark = ""

    def is_working_day(self, day: date) -> bool:
        raise UnknownYear(day.year)


def working_day_after(calendar: Calendar, day: date, count: int) -> date:
    """The working day that comes `count` of them after `day`; with 0 `day` itself, or the last one before it, and with
    a negative count as many before that one. So it undoes `working_days_between`, whatever day it begins on.

    Raises UnknownYear, also where the calendar knows too few years.
    """
    step = _DAY if count > 0 else -_DAY
    while count <= 0 and not calendar.is_working_day(day):
        day = _moved(day, step)
    for _ in range(abs(count)):
        day = _moved(day, step)
        while not calendar.is_working_day(day):
            day = _moved(day, step)
    return day


def working_days_between(calendar: Calendar, first: date, last: date) -> int:
    """How many working days come after `first`, up to and with `last`; 0 where `last` is no later.

    Raises UnknownYear.
    """
    days = (first + n * _DAY for n in range(1, (last - first).days + 1))
    return sum(calendar.is_working_day(day) for day in days)


def _moved(day: date, step: timedelta) -> date:
    try:
        return day + step
    except OverflowError:
        raise UnknownYear(day.year) from None
