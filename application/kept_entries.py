"""What somebody was writing when the session ended: kept for a short time, given back after signing in again."""

from datetime import datetime, timedelta
from typing import Final, Protocol, runtime_checkable

import msgspec

from application.access import Person
from application.ports import Clock
from application.signing_in import Sessions
from domain.kernel import AccountId

KEPT: Final = timedelta(hours=1)
MOST_OF_ONE: Final = 10
"""Entries of one account that are kept at a time; the oldest gives way."""
MOST_OF_STRANGERS: Final = 50
"""The same for all those whose writer is not known: anybody may send a form."""


class KeptEntry(msgspec.Struct, frozen=True):
    """A form on its way: where it was to be sent, and its fields as one text."""

    target: str
    fields: str
    account: AccountId | None
    """Who wrote it, where that is known."""


@runtime_checkable
class KeptEntries(Protocol):
    def keep(self, entry: KeptEntry, now: datetime, until: datetime, most: int) -> str:
        """A new secret that gives the entry back; only its hash is kept. Of the same writer the newest `most` stay."""
        ...

    def take(self, secret: str, now: datetime) -> KeptEntry | None:
        """The entry, which is gone from here then; None when it is over or never was."""
        ...


class KeepingEntries:
    """Keeps a form over a sign-in, whichever way somebody comes in."""

    def __init__(self, entries: KeptEntries, sessions: Sessions, clock: Clock) -> None:
        self._entries, self._sessions, self._clock = entries, sessions, clock

    def keep(self, target: str, fields: str, session: str | None) -> str:
        """The secret for the browser; `session` is the secret of the session that has ended, where there was one."""
        writer = self._sessions.owner(session) if session else None
        now, most = self._clock(), MOST_OF_STRANGERS if writer is None else MOST_OF_ONE
        return self._entries.keep(KeptEntry(target, fields, writer), now, now + KEPT, most)

    def give_back(self, secret: str, person: Person) -> KeptEntry | None:
        """Once, and to nobody but its writer where that is known: an entry of somebody else is dropped."""
        entry = self._entries.take(secret, self._clock())
        return entry if entry and entry.account in (None, person.account) else None
