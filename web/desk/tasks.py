"""The tasks of one person, from whichever cases."""

from datetime import date
from typing import Final

import msgspec

from application.access import Person, Role
from application.views.register import RegisterQuery
from web.casework import Casework
from web.initiatives.naming import Names, Pair
from web.initiatives.presenting import erased
from web.language.catalogues import marked as N_  # noqa: N812 - the name by which gettext's tools know it

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
    to_settle: tuple[MyTask, ...] = ()
    """Cases of one's own whose sides differ: nobody gave this task, the difference did."""


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


def my_tasks(
    person: Person, work: Casework, names: Names, page: int = 1, size: int = MOST, *, some_differ: bool = True
) -> MyTasks:
    """Open ones, those with a day first. Where no case has sides that differ, none is looked for."""
    found, texts = work.reading.tasks(person, size, (page - 1) * size)
    to_settle = _to_settle(person, work, names) if page == 1 and some_differ else ()
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
        to_settle,
    )


def _to_settle(person: Person, work: Casework, names: Names) -> tuple[MyTask, ...]:
    """For whoever leads the case, or stands in for who does."""
    if person.role is not Role.COORDINATOR:
        return ()
    behind = work.standing_in.behind(person, work.reading.today())
    led_by = tuple(str(account) for account in (person.account, *(absent.account for absent in behind)))
    found = work.reading.register(person, RegisterQuery(differs=True, handlers=led_by, size=MOST))
    return tuple(
        MyTask(
            what=names.spoken.gettext(N_("Find out which side is right")),
            due=None,
            pair=names.short_pair(row.home, row.partners),
            number=row.number,
            href=f"/initiatives/{row.number}#sides",
            stage=row.stage.value,
        )
        for row in found.rows
    )
