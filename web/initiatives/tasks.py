"""The open tasks of a case as its page lists them."""

from datetime import date

import msgspec

from domain.dates import latest
from domain.initiatives.tasks import Task
from domain.kernel import VaultRef
from web.initiatives.opening import OpenCase
from web.initiatives.presenting import Teller, erased


class OpenTask(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    what: str
    who: str
    due: date | None


def open_tasks(case: OpenCase) -> list[OpenTask]:
    """Those with a day first, by that day; the others in the order in which they were given."""
    found = [
        OpenTask(
            id=str(task.id),
            what=words_of(task.what, case.teller),
            who=case.names.person(task.assignee),
            due=latest(task.due_on) if task.due_on else None,
        )
        for task in case.state.tasks
    ]
    return sorted(found, key=lambda task: task.due or date.max)


def task_options(tasks: tuple[Task, ...], teller: Teller) -> list[tuple[str, str]]:
    """To choose one of them: its id, and what is to be done by whom."""
    return [(str(task.id), f"{words_of(task.what, teller)} ({teller.names.person(task.assignee)})") for task in tasks]


def words_of(what: VaultRef, teller: Teller) -> str:
    text = teller.texts.get(what)
    return erased(teller.spoken) if text is None else text
