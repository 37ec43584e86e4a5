"""What a person has to do: the work queue, and what changed."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol, runtime_checkable
from uuid import UUID

import msgspec

from application.access import Scope
from application.views.register import RegisterRow
from domain.initiatives.procedure import Actor
from domain.kernel import AccountId, VaultRef


class QueueQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Which open steps: of some handlers or of all, whose move it is, and due until when."""

    handlers: tuple[AccountId, ...] = ()
    """Whose cases; empty for anybody's."""
    unassigned: bool = False
    actors: tuple[Actor, ...] = ()
    """Whose move it is; empty for anybody's."""
    due_from: date | None = None
    due_before: date | None = None
    without_due: bool = False
    escalated_by: date | None = None
    """Only steps so late that they have come to the approver by that day."""
    most: int = 8
    skip: int = 0
    """How many come before the first that is wanted."""


class Queue(msgspec.Struct, frozen=True):
    """Open steps, by due day, then by age; `total` counts all of them, those not asked for too."""

    rows: tuple[RegisterRow, ...]
    total: int


class TaskRow(msgspec.Struct, frozen=True, kw_only=True):
    """An open task, and the case on which it stands."""

    task: UUID
    what: VaultRef
    due: date | None
    case: RegisterRow


class TaskPage(msgspec.Struct, frozen=True):
    """Open tasks of one person by their day, those without one last; `total` counts those not asked for too."""

    rows: tuple[TaskRow, ...]
    total: int


class AwaitedApproval(msgspec.Struct, frozen=True):
    """A case in which the approval of a second person was asked for, and for which deeds."""

    row: RegisterRow
    deeds: tuple[str, ...]


class Approvals(msgspec.Struct, frozen=True):
    """Cases that wait for an approval, by number; `total` counts all of them, those not asked for too."""

    rows: tuple[AwaitedApproval, ...]
    total: int


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One fact as a list of changes shows it."""

    position: int
    case: UUID
    number: str
    home: tuple[str, ...]
    partner: str
    country: str
    tag: str
    recorded_at: datetime
    actor: AccountId


@runtime_checkable
class WorkQueue(Protocol):
    def open_steps(self, scope: Scope, queries: Sequence[QueueQuery]) -> Sequence[Queue]:
        """A queue for each query, all of one moment."""
        ...

    def tasks(self, scope: Scope, assignee: AccountId, most: int, skip: int = 0) -> TaskPage: ...


class SilentQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Which partnerships nothing was heard of: for a yearly confirmation by a day, or for so long as to be dormant."""

    handlers: tuple[AccountId, ...] = ()
    """Whose cases; empty for anybody's."""
    confirm_by: date | None = None
    dormant_by: date | None = None
    most: int = 8
    skip: int = 0


@runtime_checkable
class Silent(Protocol):
    def silent(self, scope: Scope, query: SilentQuery) -> Queue:
        """The longest silence first."""
        ...


@runtime_checkable
class Timeline(Protocol):
    def newest(
        self, scope: Scope, most: int, since: datetime | None = None, before: int | None = None
    ) -> Sequence[Change]:
        """The newest facts of cases within the scope, newest first; `before` a position, where one is given."""
        ...


@runtime_checkable
class AwaitedApprovals(Protocol):
    def waiting(self, scope: Scope, most: int, skip: int = 0) -> Approvals: ...
