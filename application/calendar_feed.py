"""A private calendar for other programs: under a secret address, with the rights of its account at each reading.

Calendar programs know an entry by its UID and take a newer state of it by a higher SEQUENCE (RFC 5545, 3.8.7.4). What
was published is therefore remembered: without it nobody could tell that a day has changed, or that an entry is gone.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Final, Protocol, runtime_checkable
from uuid import UUID

import msgspec
from msgspec.structs import replace

from application.access import Forbidden, Person, scope_of
from application.accounts import Account
from application.calendar import leads
from application.handling import OFFICE
from application.ports import Clock
from application.views.calendar import Calendar, CalendarQuery, Dated, Sort
from domain.kernel import AccountId

BEHIND: Final = timedelta(days=366)
AHEAD: Final = timedelta(days=2 * 366)
MOST: Final = 1_000
"""Entries of one feed, the earliest first; calendar programs slow down with more."""
CANCELLED_STAYS: Final = timedelta(days=30)
"""So long a feed says that an entry is cancelled, for programs that ask seldom."""

Key = tuple[UUID, str]
"""A case, and the deed or the sort of day for which an entry stands."""


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """What one feed has published last of one entry."""

    case: UUID
    step: str
    number: str
    day: date
    sequence: int
    changed_at: datetime
    cancelled: bool = False

    @property
    def key(self) -> Key:
        return self.case, self.step


class Entry(msgspec.Struct, frozen=True):
    """An entry of a feed; `dated` is None where it is cancelled, and its case may be out of sight."""

    item: Item
    dated: Dated | None = None


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """An entry in words, as a calendar program takes it: a whole day."""

    uid: str
    sequence: int
    day: date
    changed_at: datetime
    summary: str
    description: str = ""
    url: str
    cancelled: bool = False


class Published(msgspec.Struct, frozen=True):
    """A feed as it is now."""

    account: Account
    entries: tuple[Entry, ...]


Renewal = Callable[[Mapping[Key, Item]], Mapping[Key, Item]]


@runtime_checkable
class Feeds(Protocol):
    """Secrets are kept as hashes; an account has one feed at most."""

    def made_at(self, account: AccountId) -> datetime | None:
        """When the present secret was made, None where there is no feed."""
        ...

    def renew(self, account: AccountId, at: datetime) -> str:
        """A new secret; an older one works no more."""
        ...

    def withdraw(self, account: AccountId) -> None:
        """The secret works no more, and nothing that was published is remembered."""
        ...

    def whose(self, secret: str) -> Account | None:
        """The account, as long as it is not disabled."""
        ...

    def publish(self, account: AccountId, renewal: Renewal) -> Mapping[Key, Item]:
        """Put what `renewal` makes of the remembered items in their place; two at once wait for each other."""
        ...


class KeepingCalendarFeed:
    """Making, withdrawing and reading. All but `read` raise Forbidden where the role reads no cases at all."""

    def __init__(self, feeds: Feeds, calendar: Calendar, clock: Clock) -> None:
        self._feeds, self._calendar, self._clock = feeds, calendar, clock

    def made_at(self, person: Person) -> datetime | None:
        scope_of(person)
        return self._feeds.made_at(person.account)

    def renew(self, person: Person) -> str:
        """The secret, to be shown once."""
        scope_of(person)
        return self._feeds.renew(person.account, self._clock())

    def withdraw(self, person: Person) -> None:
        scope_of(person)
        self._feeds.withdraw(person.account)

    def read(self, secret: str) -> Published | None:
        """None for a secret that does not work, and for an account that reads no cases any more."""
        account = self._feeds.whose(secret)
        if account is None:
            return None
        try:
            scope = scope_of(account.person)
        except Forbidden:
            return None
        now = self._clock()
        today = now.astimezone(OFFICE).date()
        query = CalendarQuery(
            first=today - BEHIND,
            before=today + AHEAD,
            handler=leads(account.person),
            sorts=(Sort.DEADLINE, Sort.ENDS),
        )
        coming = self._calendar.coming(scope, query, MOST)
        there = {(dated.row.case, step_of(dated)): (day, dated) for day, dated in coming}
        last = coming[-1][0] if len(coming) == MOST else query.before
        items = self._feeds.publish(account.id, lambda known: renewed(known, there, query.first, last, now))
        entries = [Entry(item, there[key][1] if key in there else None) for key, item in items.items()]
        return Published(account, tuple(e for e in entries if e.dated or e.item.cancelled))


def step_of(dated: Dated) -> str:
    """What tells entries of one case apart."""
    return dated.row.deed or "" if dated.sort is Sort.DEADLINE else dated.sort.value


def renewed(
    known: Mapping[Key, Item], there: Mapping[Key, tuple[date, Dated]], first: date, last: date, now: datetime
) -> Mapping[Key, Item]:
    """What is remembered after a reading, by what was remembered before and by what there is now.

    `there` holds what stands between `first` and `last`: of what lies outside nothing is known.
    Nothing of that is cancelled.
    A sequence is never lower than the version of the case, which the file of a single deadline carries.
    """
    made = {key: _now(known.get(key), *found, key, now) for key, found in there.items()}
    for key, item in known.items():
        if key in made or item.day < first:
            continue
        if not item.cancelled and item.day < last:
            made[key] = replace(item, cancelled=True, sequence=item.sequence + 1, changed_at=now)
        elif not item.cancelled or now - item.changed_at < CANCELLED_STAYS:
            made[key] = item
    return made


def _now(before: Item | None, day: date, dated: Dated, key: Key, now: datetime) -> Item:
    if before and not before.cancelled and before.day == day:
        return before
    sequence = max(dated.row.version, before.sequence + 1 if before else 0)
    case, step = key
    return Item(case=case, step=step, number=dated.row.number, day=day, sequence=sequence, changed_at=now)
