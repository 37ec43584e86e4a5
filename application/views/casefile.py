"""One case as its page shows it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Literal, Protocol, runtime_checkable
from uuid import UUID

import msgspec

from application.access import Scope
from application.past import AsOf
from application.ports import Recorded
from application.views.register import PartnerName
from domain.dates import PartialDate
from domain.initiatives.deadlines import Waiting
from domain.initiatives.initiative import Initiative
from domain.initiatives.procedure import Step


class CaseFile(msgspec.Struct, frozen=True, kw_only=True):
    """The state of a case with the names and moments that its page needs."""

    case: UUID
    state: Initiative
    partners: Mapping[UUID, PartnerName]
    """By the id that the case holds; a merged partner is shown by the one that goes on."""
    since: datetime
    opened: datetime
    updated: datetime
    step: Step | None
    due: date | None
    waiting: Waiting
    unknown_year: int | None = None
    """The year whose working days nobody knows, where `due` cannot be counted because of it."""


Progress = Literal["done", "now", "skipped", "ahead"]


class RoadStep(msgspec.Struct, frozen=True):
    """A station on the road of a case."""

    station: str
    """A stage or milestone code, such as `coordinated` or `drafting`."""
    progress: Progress
    on: PartialDate | None = None
    milestone: bool = False


@runtime_checkable
class PastCaseFiles(Protocol):
    def at(self, recorded: Sequence[Recorded], as_of: AsOf) -> CaseFile | None:
        """The case as its history up to then makes it; None where nothing of it is left.

        Raises BrokenHistory, UnreadableFact, LogUnavailable.
        """
        ...


@runtime_checkable
class CaseFiles(Protocol):
    def open(self, scope: Scope, number: str) -> CaseFile | None:
        """The case, None if there is none by that number or it lies outside the scope."""
        ...


@runtime_checkable
class Digests(Protocol):
    def digest(self, stream: UUID, version: int) -> str:
        """SHA-256 of the history up to a version, in hexadecimal digits: over one line for each fact, by version, of
        version, position and SHA-256 of the stored bytes, with a space between and a line feed behind.

        Raises LogUnavailable.
        """
        ...
