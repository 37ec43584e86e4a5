"""What a desk shows, line by line."""

from datetime import date as day_of_calendar
from datetime import datetime, timedelta

import msgspec

from web.initiatives.naming import Pair


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """One line of work: what is next in a case, and until when."""

    what: str
    pair: Pair
    number: str
    href: str
    stage: str
    due: day_of_calendar | None
    who: str
    """Whose move it is."""
    waited: int
    """Days at this stage."""
    version: int
    instead_of: str = ""
    """Who leads the case and is away."""
    leader: str = ""
    """Who leads the case, where the lines are of several people."""


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """Lines under one heading. `total` counts those beyond the ones shown."""

    code: str
    title: str
    tasks: tuple[Task, ...]
    total: int
    all_href: str


class News(msgspec.Struct, frozen=True, kw_only=True):
    text: str
    icon: str
    pair: Pair
    href: str
    who: str
    at: datetime


class HandlerCount(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    count: int
    href: str


class Part(msgspec.Struct, frozen=True):
    """A piece of the answer; the tone marks the number that matters."""

    text: str
    tone: str = ""


class Days(msgspec.Struct, frozen=True):
    """The borders between the groups of a desk."""

    today: day_of_calendar

    @property
    def tomorrow(self) -> day_of_calendar:
        return self.today + timedelta(days=1)

    @property
    def next_week(self) -> day_of_calendar:
        """The coming Monday."""
        return self.today + timedelta(days=7 - self.today.weekday())
