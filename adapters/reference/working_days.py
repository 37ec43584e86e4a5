"""The working days of Serbia: Monday to Friday, public holidays aside, as the library `holidays` knows them."""

from collections.abc import Set as AbstractSet
from datetime import date
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING, Final

from domain.calendars import UnknownYear

if TYPE_CHECKING:
    from holidays.countries.serbia import RS

_SATURDAY: Final = 5


class SerbianCalendar:
    """Implements domain.calendars.Calendar. Holidays are those of the law, days off in their stead included."""

    def __init__(self) -> None:
        self._years: dict[int, AbstractSet[date]] = {}

    @property
    def mark(self) -> str:
        """Another version of the library may know other holidays."""
        return f"holidays {version('holidays')}"

    def is_working_day(self, day: date) -> bool:
        year = self._years.get(day.year)
        if year is None:
            year = self._years[day.year] = _holidays(day.year)
        return day.weekday() < _SATURDAY and day not in year


def known_years() -> range:
    """Those of which the library knows the holidays."""
    serbia = _serbia()
    return range(serbia.start_year, serbia.end_year + 1)


def _holidays(year: int) -> AbstractSet[date]:
    """Raises UnknownYear: for such a year the library gives no days at all, which would make each one a working day."""
    if year not in known_years():
        raise UnknownYear(year)
    return frozenset(_serbia()(years=year, expand=False))


def _serbia() -> "type[RS]":
    from holidays.countries.serbia import RS  # noqa: PLC0415 - half a second of every start: it reads all countries

    return RS


@cache
def serbian_calendar() -> SerbianCalendar:
    return SerbianCalendar()
