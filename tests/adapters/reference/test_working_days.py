"""Which days the office works, as the library of holidays tells it."""

from datetime import date

import pytest

from adapters.reference.working_days import SerbianCalendar, known_years
from domain.calendars import NoCalendar, UnknownYear, working_day_after, working_days_between

CALENDAR = SerbianCalendar()


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 11, 11), False),  # a Wednesday, Armistice Day
        (date(2026, 11, 12), True),
        (date(2026, 11, 14), False),  # a Saturday
        (date(2026, 2, 17), False),  # in the stead of Sunday, 15 February
        (date(2026, 4, 10), False),  # Good Friday by the Julian calendar
        (date(2026, 4, 3), True),  # Good Friday by the Gregorian one
    ],
)
def test_weekends_and_public_holidays_are_no_working_days(day: date, works: bool) -> None:
    assert CALENDAR.is_working_day(day) is works


@pytest.mark.parametrize("year", [known_years()[0] - 1, known_years()[-1] + 1])
def test_a_year_that_the_library_does_not_know_is_told(year: int) -> None:
    with pytest.raises(UnknownYear) as unknown:
        CALENDAR.is_working_day(date(year, 6, 3))
    assert unknown.value.year == year


def test_counting_there_and_back_comes_to_the_same() -> None:
    monday = date(2026, 12, 28)
    later = working_day_after(CALENDAR, monday, 7)
    assert later == date(2027, 1, 8)  # over New Year, a weekend and the Orthodox Christmas
    assert working_days_between(CALENDAR, monday, later) == 7
    assert working_day_after(CALENDAR, later, -7) == monday
    assert working_days_between(CALENDAR, later, monday) == 0


def test_without_a_calendar_no_day_is_guessed() -> None:
    with pytest.raises(UnknownYear):
        working_day_after(NoCalendar(), date(2026, 3, 2), 1)
    with pytest.raises(UnknownYear):
        working_day_after(CALENDAR, date.max, 1)
