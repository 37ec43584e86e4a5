"""The calendar of whoever asks: deadlines and other days of the cases within the person's scope."""

from collections.abc import Sequence
from datetime import date

from application.access import Person, Role, scope_of
from application.views.calendar import Calendar, CalendarQuery, Day
from domain.kernel import AccountId


class ReadingCalendar:
    """Raises Forbidden where the role reads no cases at all."""

    def __init__(self, calendar: Calendar) -> None:
        self._calendar = calendar

    def days(self, person: Person, first: date, before: date, *, mine: bool, most_a_day: int) -> Sequence[Day]:
        """From `first` to the day before `before`. `mine` asks for cases that the person leads."""
        led_by = person.account if mine else None
        query = CalendarQuery(first=first, before=before, handler=led_by, most_a_day=most_a_day)
        return self._calendar.days(scope_of(person), query)


def leads(person: Person) -> AccountId | None:
    """Whose cases are a person's own, where not every case within the scope is: a coordinator leads some of them."""
    return person.account if person.role is Role.COORDINATOR else None
