"""The tasks of one person, from whichever cases."""

from datetime import date
from typing import Final

import msgspec

from application.access import Person
from web.casework import Casework
from web.initiatives.naming import Names, Pair
from web.initiatives.presenting import erased

MOST: Final = 8


class MyTask(msgspec.Struct, frozen=True, kw_only=True):
    what: str
    due: date | None
    pair: Pair
    number: str
    href: str
    stage: str


class MyTasks(msgspec.Struct, frozen=True):
    """`total` counts those beyond the ones shown."""

    tasks: tuple[MyTask, ...]
    total: int


class DueTasks(msgspec.Struct, frozen=True):
    """How many have a day that has passed, or has come."""

    late: int = 0
    today: int = 0


NONE_DUE: Final = DueTasks()


def due_tasks(person: Person, work: Casework, shown: MyTasks, today: date) -> DueTasks:
    """Of all tasks: more are read where all that are shown are due and others follow."""
    days = [task.due for task in shown.tasks]
    if shown.total > len(days) and all(day and day <= today for day in days):
        days = [row.due for row in work.reading.tasks(person, shown.total)[0].rows]
    return DueTasks(sum(1 for day in days if day and day < today), days.count(today))


def my_tasks(person: Person, work: Casework, names: Names, page: int = 1, size: int = MOST) -> MyTasks:
    """Open ones, those with a day first."""
    found, texts = work.reading.tasks(person, size, (page - 1) * size)
    return MyTasks(
        tuple(
            MyTask(
                what=texts.get(row.what) or erased(names.spoken),
                due=row.due,
                pair=names.short_pair(row.case.home, row.case.partners),
                number=row.case.number,
                href=f"/initiatives/{row.case.number}#tasks",
                stage=row.case.stage.value,
            )
            for row in found.rows
        ),
        found.total,
    )
