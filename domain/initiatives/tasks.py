"""Tasks on a case: what somebody is to do beside the road, and the facts that open and close them."""

from uuid import UUID

import msgspec

from domain.dates import PartialDate
from domain.kernel import AccountId, Fact, VaultRef


class Task(msgspec.Struct, frozen=True, omit_defaults=True):
    """A task that is open."""

    id: UUID
    assignee: AccountId
    what: VaultRef
    due_on: PartialDate | None = None


class TaskGiven(Fact, frozen=True, kw_only=True, tag="initiative.task-given"):
    """Somebody is to do something on the case, or took it upon themselves."""

    task: UUID
    """Names the task within its case; two that look alike have two names."""
    assignee: AccountId
    what: VaultRef
    """What is to be done."""
    due_on: PartialDate | None = None
    """Until when, where a day is set."""


class TaskDone(Fact, frozen=True, kw_only=True, tag="initiative.task-done"):
    task: UUID
    what: VaultRef
    """What was to be done: the words with which the task was given."""


class TaskCancelled(Fact, frozen=True, kw_only=True, tag="initiative.task-cancelled"):
    """The task is not to be done any more, or was given by mistake."""

    task: UUID
    what: VaultRef
    """What was to be done: the words with which the task was given."""
    reason: VaultRef


TaskFact = TaskGiven | TaskDone | TaskCancelled


def after(tasks: tuple[Task, ...], fact: TaskFact) -> tuple[Task, ...]:
    """The open tasks of a case after one more fact, in the order in which they were given."""
    others = tuple(task for task in tasks if task.id != fact.task)
    if isinstance(fact, TaskGiven):
        return (*others, Task(fact.task, fact.assignee, fact.what, fact.due_on))
    return others
