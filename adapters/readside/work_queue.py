"""The work queue: one row for each case that waits for somebody, and one for each open task."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from adapters.readside.approvals import TABLE as APPROVALS
from adapters.readside.approvals import awaited
from adapters.readside.look import calendar_rules
from adapters.readside.page import CASES, CaseChange, Page
from adapters.readside.places import number_of
from adapters.readside.reads import Connections
from adapters.readside.table import Rows, Table
from application.access import Scope
from application.views.desk import Queue, QueueQuery, TaskPage, TaskRow
from application.views.register import RegisterRow
from domain.dates import latest
from domain.initiatives.procedure import Actor
from domain.initiatives.reminding import escalated_on
from domain.kernel import AccountId

TABLE: Final = Table(
    name="work_queue",
    key=("case_id",),
    columns={
        "case_id": "uuid",
        "number": "bigint NOT NULL",
        "homes": "text[] NOT NULL",
        "handler": "uuid",
        "actor": "text NOT NULL",
        "due": "date",
        "escalates": "date",  # the day on which it comes to the approver
        "since": "timestamptz NOT NULL",
    },
    indexes=(
        "CREATE INDEX ON views.work_queue (due, since, number) INCLUDE (actor)",
        "CREATE INDEX ON views.work_queue (handler, due, since, number) INCLUDE (actor)",
        "CREATE INDEX ON views.work_queue (escalates)",
        "CREATE INDEX ON views.work_queue USING gin (homes)",
    ),
)
TASKS: Final = Table(
    name="open_task",
    key=("case_id", "task"),
    columns={
        "case_id": "uuid",
        "task": "uuid",
        "number": "bigint NOT NULL",
        "homes": "text[] NOT NULL",
        "assignee": "uuid NOT NULL",
        "what": "uuid NOT NULL",
        "due": "date",
    },
    indexes=("CREATE INDEX ON views.open_task (assignee, due, number)",),
)
_PUT: Final = TABLE.upsert()
_DONE: Final = TABLE.delete()
_PUT_TASK: Final = TASKS.upsert()
_TASK_CLOSED: Final = TASKS.delete()
_OF_ASSIGNEE: Final = b"""
    WITH mine AS (
        SELECT * FROM views.open_task
        WHERE assignee = %(assignee)s AND (%(home)s::text IS NULL OR homes @> ARRAY[%(home)s::text])
    ), page AS (SELECT * FROM mine ORDER BY due NULLS LAST, number, task LIMIT %(most)s OFFSET %(skip)s)
    SELECT total.n, page.task, page.what, page.due, r.body
    FROM (SELECT count(*) AS n FROM mine) AS total
    LEFT JOIN (page JOIN views.register AS r USING (case_id)) ON true
    ORDER BY page.due NULLS LAST, page.number, page.task
"""
_ROW: Final = msgspec.json.Decoder(RegisterRow)


class _Row(msgspec.Struct, gc=False):
    case_id: UUID
    number: int
    homes: tuple[str, ...]
    handler: UUID | None
    actor: Actor
    due: date | None
    escalates: date | None
    since: datetime


class _Id(msgspec.Struct, gc=False):
    case_id: UUID


class _TaskId(msgspec.Struct, gc=False):
    case_id: UUID
    task: UUID


class _TaskRow(msgspec.Struct, gc=False):
    case_id: UUID
    task: UUID
    number: int
    homes: tuple[str, ...]
    assignee: UUID
    what: UUID
    due: date | None


class WorkQueueView:
    name = "work_queue"
    revision = 6
    keeps: Sequence[type] = ()
    needs = (CASES,)
    reads: Sequence[str] = ()
    tables = (TABLE, TASKS, APPROVALS)

    def __init__(self) -> None:
        self.rules: Sequence[object] = calendar_rules()

    def project(self, page: Page) -> Sequence[Rows]:
        waiting = [row for change in page.changes if (row := _row(change))]
        done = [_Id(c.case) for c in page.changes if c.after.entry.step is None and c.before and c.before.entry.step]
        tasks = [row for change in page.changes if change.after.entry.state.tasks for row in _tasks(change)]
        closed = [row for c in page.changes if c.before and c.before.entry.state.tasks for row in _closed(c)]
        tasked = (Rows(_PUT_TASK, tasks), Rows(_TASK_CLOSED, closed))
        return (Rows(_PUT, waiting), Rows(_DONE, done), *tasked, *awaited(page.changes))


def _row(change: CaseChange) -> _Row | None:
    entry = change.after.entry
    if entry.step is None:
        return None
    return _Row(
        case_id=change.case,
        number=number_of(entry.state.number),
        homes=change.after.homes,
        handler=entry.state.handler,
        actor=entry.step.actor,
        due=change.after.due,
        escalates=escalated_on(entry.step, entry.due) if entry.due else None,
        since=entry.step_since,
    )


def _tasks(change: CaseChange) -> list[_TaskRow]:
    state, homes = change.after.entry.state, change.after.homes
    return [
        _TaskRow(
            case_id=change.case,
            task=task.id,
            number=number_of(state.number),
            homes=homes,
            assignee=task.assignee,
            what=task.what,
            due=latest(task.due_on) if task.due_on else None,
        )
        for task in state.tasks
    ]


def _closed(change: CaseChange) -> list[_TaskId]:
    still_open = {task.id for task in change.after.entry.state.tasks}
    before = change.before.entry.state.tasks if change.before else ()
    return [_TaskId(change.case, task.id) for task in before if task.id not in still_open]


class PostgresWorkQueue:
    """Implements application.views.desk.WorkQueue."""

    def __init__(self, pool: Connections) -> None:
        self._pool = pool

    def open_steps(self, scope: Scope, queries: Sequence[QueueQuery]) -> Sequence[Queue]:
        asked = [_queue(scope, query, f"_{number}") for number, query in enumerate(queries)]
        statement = " UNION ALL ".join(
            f"(SELECT {number} AS queue, q.* FROM ({one}) AS q)"  # noqa: S608 - as in _queue
            for number, (one, _) in enumerate(asked)
        )
        values = {name: value for _, of_one in asked for name, value in of_one.items()}
        with self._pool.connection() as connection:
            found = connection.execute(statement.encode(), values, binary=True).fetchall()
        rows = [list[tuple[int, bytes]]() for _ in queries]
        totals = [0] * len(queries)
        for queue, place, body, n in found:
            totals[queue] = n
            if body is not None:
                rows[int(queue)].append((place, body))
        return [
            Queue(tuple(_ROW.decode(body) for _, body in sorted(of_one)), total)
            for of_one, total in zip(rows, totals, strict=True)
        ]

    def tasks(self, scope: Scope, assignee: AccountId, most: int, skip: int = 0) -> TaskPage:
        asked = {"home": scope.local_government, "assignee": assignee, "most": most, "skip": skip}
        with self._pool.connection() as connection:
            found = connection.execute(_OF_ASSIGNEE, asked, binary=True).fetchall()
        rows = [
            TaskRow(task=task, what=what, due=due, case=_ROW.decode(body)) for _, task, what, due, body in found if body
        ]
        return TaskPage(tuple(rows), found[0][0])


def _queue(scope: Scope, query: QueueQuery, mark: str) -> tuple[str, dict[str, Any]]:
    """The rows of a page by their place, each with the total, and one without a row where there is none. Its
    parameters end in `mark`."""
    where, values = _conditions(scope, query)
    statement = f"""
        WITH first AS (
            SELECT * FROM views.work_queue AS q WHERE {where}
            ORDER BY q.due NULLS LAST, q.since, q.number LIMIT %(most)s OFFSET %(skip)s
        ), page AS (SELECT case_id, row_number() OVER (ORDER BY due NULLS LAST, since, number) AS place FROM first)
        SELECT page.place, r.body, total.n
        FROM (SELECT count(*) AS n FROM views.work_queue AS q WHERE {where}) AS total
        LEFT JOIN (views.register AS r JOIN page USING (case_id)) ON true
    """  # noqa: S608 - the conditions are written below, every value is a parameter
    return statement.replace(")s", f"{mark})s"), {name + mark: value for name, value in values.items()}


def _conditions(scope: Scope, query: QueueQuery) -> tuple[str, dict[str, Any]]:
    asked = {
        "q.homes @> ARRAY[%(home)s::text]": scope.local_government is not None,
        "q.handler = %(handler)s": len(query.handlers) == 1,
        "q.handler = ANY(%(handlers)s::uuid[])": len(query.handlers) > 1,
        "q.handler IS NULL": query.unassigned,
        "q.actor = ANY(%(actors)s::text[])": bool(query.actors),
        "q.escalates <= %(escalated)s": query.escalated_by is not None,
        _due(query): _due(query) != "",
    }
    values = {
        "home": scope.local_government,
        "handler": next(iter(query.handlers), None),
        "handlers": list(query.handlers),
        "actors": [actor.value for actor in query.actors],
        "from": query.due_from,
        "before": query.due_before,
        "escalated": query.escalated_by,
        "most": query.most,
        "skip": query.skip,
    }
    return " AND ".join(["true", *(condition for condition, wanted in asked.items() if wanted)]), values


def _due(query: QueueQuery) -> str:
    """Within the days asked for; and, where wanted, also or only without a day."""
    days = [
        *(["q.due >= %(from)s"] if query.due_from else []),
        *(["q.due < %(before)s"] if query.due_before else []),
    ]
    ways = [*([" AND ".join(days)] if days else []), *(["q.due IS NULL"] if query.without_due else [])]
    return f"({' OR '.join(ways)})" if ways else ""
