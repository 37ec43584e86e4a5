"""Tasks on a case: given, finished and cancelled. They move nothing, so they depend on no version of the case."""

from typing import Final
from uuid import UUID

from domain.dates import Day
from domain.initiatives import events as e
from domain.initiatives.initiative import Initiative
from domain.initiatives.tasks import Task
from domain.kernel import AccountId, Command, Occasion, Refusal, Refused, VaultRef

MOST_OPEN: Final = 50
"""Open tasks of one case: more than anybody can oversee, and few enough for the state to carry."""


class GiveTask(Command, frozen=True, kw_only=True):
    task: UUID
    assignee: AccountId
    what: VaultRef
    due_on: Day | None = None


class FinishTask(Command, frozen=True, kw_only=True):
    task: UUID


class CancelTask(Command, frozen=True, kw_only=True):
    task: UUID
    reason: VaultRef


def give_task(state: Initiative, command: GiveTask, on: Occasion) -> list[e.InitiativeEvent]:
    return [
        e.TaskGiven(task=command.task, assignee=command.assignee, what=command.what, due_on=command.due_on),
    ]


def finish_task(state: Initiative, command: FinishTask, on: Occasion) -> list[e.InitiativeEvent]:
    if isinstance(state.newest, e.TaskDone) and state.newest.task == command.task:
        return [state.newest]
    return [e.TaskDone(task=command.task, what=_open(state, command.task).what)]


def cancel_task(state: Initiative, command: CancelTask, on: Occasion) -> list[e.InitiativeEvent]:
    if isinstance(state.newest, e.TaskCancelled) and state.newest.task == command.task:
        return [state.newest]
    return [e.TaskCancelled(task=command.task, what=_open(state, command.task).what, reason=command.reason)]


def a_task_is_open(state: Initiative, on: Occasion) -> Refusal | None:
    return None if state.tasks else Refusal("initiative.no-task-open")


def room_for_a_task(state: Initiative, on: Occasion) -> Refusal | None:
    return Refusal("initiative.too-many-tasks", {"most": MOST_OPEN}) if len(state.tasks) >= MOST_OPEN else None


def _open(state: Initiative, id_: UUID) -> Task:
    found = next((task for task in state.tasks if task.id == id_), None)
    if found is None:
        raise Refused(Refusal("initiative.task-closed", field="task"))
    return found
