"""Who looked: every reading of what is sensitive is kept, outside the log, and auditors read it.

Sensitive is what shows words of the vault (reasons, remarks, persons), and what shows or takes away the whole log or
the register at once. One row a person, page, case and hour is enough. A case that grew meanwhile gives another: its
version says which words were shown, those of its records up to it.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol, runtime_checkable
from uuid import UUID

import msgspec

from application.access import Forbidden, Person, Role
from application.ports import Clock
from domain.kernel import AccountId

KEPT_YEARS: Final = 2
"""After this time a look is forgotten."""
PAGE: Final = 100
NONE: Final = UUID(int=0)
"""In place of a case or partner where it is about no single one."""


class Place(StrEnum):
    """Where it was looked at."""

    CASE = "case"
    """The file of a case, its history, or a form on it, with reasons and remarks."""
    PARTNER = "partner"
    TASKS = "tasks"
    """The own tasks."""
    REGISTER_EXPORT = "register-export"
    API = "api"
    """Cases as another system reads them, by a token of the account."""
    LOG = "log"
    """The explorer of the log."""
    LOG_EXPORT = "log-export"
    BUNDLE = "bundle"
    """Facts with their proof."""
    EXCHANGE = "exchange"
    """A file for another register."""
    FEED = "feed"
    """The stream of facts for another system, by a token of the account."""


class Look(msgspec.Struct, frozen=True, kw_only=True):
    account: AccountId
    hour: datetime
    """Its beginning."""
    place: Place
    subject: UUID = NONE
    """Stream of the case or partner."""
    version: int = 0
    """Newest record of it that was shown."""


class KeptLook(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    look: Look


class LookQuery(msgspec.Struct, frozen=True, kw_only=True):
    since: datetime | None = None
    until: datetime | None = None
    """Before this moment."""
    person: UUID | None = None
    subject: UUID | None = None
    place: Place | None = None
    before: int | None = None
    """Only looks that were kept before this one."""


@runtime_checkable
class Looks(Protocol):
    """Both raise LogUnavailable."""

    def keep(self, look: Look) -> None:
        """Before anything is shown; it is written in a moment. The same look again is nothing new."""
        ...

    def page(self, query: LookQuery, most: int) -> Sequence[KeptLook]:
        """The newest first."""
        ...


class Witness:
    """Keeps that a person looks."""

    def __init__(self, looks: Looks, clock: Clock) -> None:
        self._looks, self._clock = looks, clock

    def sees(self, person: Person, place: Place, subject: UUID = NONE, version: int = 0) -> None:
        """Raises LogUnavailable, and then nothing may be shown."""
        hour = self._clock().replace(minute=0, second=0, microsecond=0)
        self._looks.keep(Look(account=person.account, hour=hour, place=place, subject=subject, version=version))


class ReadingLooks:
    """For auditors only: who reads what is itself sensitive."""

    def __init__(self, looks: Looks) -> None:
        self._looks = looks

    def page(self, person: Person, query: LookQuery) -> tuple[Sequence[KeptLook], int | None]:
        """Looks, and the cursor of those before them, None where there are none. Raises Forbidden."""
        require_looks(person)
        found = self._looks.page(query, PAGE + 1)
        return found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else None


def require_looks(person: Person) -> None:
    """Raise Forbidden unless the person is an auditor."""
    if person.role is not Role.AUDITOR:
        raise Forbidden("access.auditors-only")
