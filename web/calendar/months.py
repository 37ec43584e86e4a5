"""A month as a sheet of weeks, and how one month leads to the next."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final

import msgspec

from domain.dates import EARLIEST_YEAR, LATEST_YEAR
from web.calendar.lines import DayLines

_MONTH: Final = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
_WEEK: Final = timedelta(days=7)


class Month(msgspec.Struct, frozen=True):
    """Known by its first day."""

    first: date

    @property
    def code(self) -> str:
        return f"{self.first:%Y-%m}"

    @property
    def before(self) -> date:
        """The first day that no longer belongs to it."""
        return (self.first + timedelta(days=31)).replace(day=1)

    @property
    def next(self) -> "Month":
        return Month(self.before)

    @property
    def previous(self) -> "Month":
        return Month((self.first - timedelta(days=1)).replace(day=1))


class Cell(msgspec.Struct, frozen=True):
    """A day on the sheet; `inside` is False for days of the months beside."""

    day: date
    inside: bool
    found: DayLines | None


def month_of(typed: str, today: date) -> Month:
    """What was asked for, such as `2026-03`; this month for anything else."""
    found = _MONTH.fullmatch(typed)
    if not found or not EARLIEST_YEAR <= int(found[1]) <= LATEST_YEAR:
        return Month(today.replace(day=1))
    return Month(date(int(found[1]), int(found[2]), 1))


def sheet(month: Month, days: Sequence[DayLines]) -> list[list[Cell]]:
    """Weeks from Monday to Sunday that hold every day of the month."""
    known: Mapping[date, DayLines] = {day.day: day for day in days}
    monday = month.first - timedelta(days=month.first.weekday())
    weeks: list[list[Cell]] = []
    while monday < month.before:
        week = [monday + timedelta(days=n) for n in range(7)]
        weeks.append([Cell(day, month.first <= day < month.before, known.get(day)) for day in week])
        monday += _WEEK
    return weeks
