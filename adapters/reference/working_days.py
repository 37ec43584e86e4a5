"""The working days of Serbia: Monday to Friday, public holidays aside, as the library `holidays` knows them."""

import hashlib
from collections.abc import Set as AbstractSet
from datetime import date
from functools import cache
from typing import Final

from holidays.countries.serbia import RS

from domain.calendars import UnknownYear

_SATURDAY: Final = 5


class SerbianCalendar:
    """Implements domain.calendars.Calendar. Holidays are those of the law, days off in their stead included."""

    def __init__(self) -> None:
        self._years: dict[int, AbstractSet[date]] = {}

    @property
    def mark(self) -> str:
        return _mark()

    def is_working_day(self, day: date) -> bool:
        year = self._years.get(day.year)
        if year is None:
            year = self._years[day.year] = _holidays(day.year)
        return day.weekday() < _SATURDAY and day not in year


def known_years() -> range:
    """Those of which the library knows the holidays."""
    return range(RS.start_year, RS.end_year + 1)


def _holidays(year: int) -> AbstractSet[date]:
    """Raises UnknownYear: for such a year the library gives no days at all, which would make each one a working day."""
    if year not in known_years():
        raise UnknownYear(year)
    return frozenset(RS(years=year, expand=False))


@cache
def _mark() -> str:
    days = sorted(day for year in known_years() for day in _holidays(year))
    return hashlib.sha256(repr(days).encode()).hexdigest()


@cache
def serbian_calendar() -> SerbianCalendar:
    return SerbianCalendar()
