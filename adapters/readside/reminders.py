"""Reminders as the facts give them, each with its day; and partnerships of which nothing was heard for long."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final
from uuid import UUID

import msgspec

from adapters.readside.look import calendar_rules
from adapters.readside.page import CASES, CaseChange, Elapsed, Page
from adapters.readside.places import number_of
from adapters.readside.reads import Connections
from adapters.readside.table import Rows, Table
from application.access import Scope
from application.views.desk import Queue, SilentQuery
from application.views.register import RegisterRow
from domain.initiatives.reminding import Clock

GIVEN: Final = Table(
    name="reminder",
    key=("id",),
    columns={
        "id": "uuid",
        "case_id": "uuid NOT NULL",
        "kind": "text NOT NULL",
        "deed": "text NOT NULL",
        "due": "date NOT NULL",
        "on_day": "date NOT NULL",
    },
)
CLOCKS: Final = Table(
    name="clock",
    key=("case_id",),
    columns={
        "case_id": "uuid",
        "number": "bigint NOT NULL",
        "homes": "text[] NOT NULL",
        "handler": "uuid",
        "stage": "text NOT NULL",
        "began": "date NOT NULL",
        "deed": "text",
        "due": "date",
        "before": "smallint[] NOT NULL",
        "escalates": "date",
        "confirm_on": "date",
        "dormant_on": "date",
    },
    indexes=(
        "CREATE INDEX ON views.clock (confirm_on, number)",
        "CREATE INDEX ON views.clock (dormant_on, number)",
    ),
)
_PUT: Final = CLOCKS.upsert()
_STOPPED: Final = CLOCKS.delete()
_GIVEN: Final = GIVEN.upsert()
_ROW: Final = msgspec.json.Decoder(RegisterRow)


class _Reminder(msgspec.Struct, gc=False):
    id: UUID
    case_id: UUID
    kind: str
    deed: str
    due: date
    on_day: date


class _Clock(msgspec.Struct, gc=False):
    case_id: UUID
    number: int
    homes: tuple[str, ...]
    handler: UUID | None
    stage: str
    began: date
    deed: str | None
    due: date | None
    before: tuple[int, ...]
    escalates: date | None
    confirm_on: date | None
    dormant_on: date | None


class _Case(msgspec.Struct, gc=False):
    case_id: UUID


class RemindersView:
    """The days that run in each case, and the reminders that days gave which run no more."""

    name = "reminders"
    revision = 2
    keeps: Sequence[type] = ()
    needs = (CASES,)
    reads: Sequence[str] = ()
    tables = (GIVEN, CLOCKS)

    def __init__(self) -> None:
        self.rules: Sequence[object] = calendar_rules()

    def project(self, page: Page) -> Sequence[Rows]:
        given = {row.id: row for elapsed in page.elapsed for row in _given(elapsed)}
        clocks = [_clock(change) for change in page.changes if _runs(change.after.entry.clock)]
        stopped = [
            _Case(change.case)
            for change in page.changes
            if change.before and _runs(change.before.entry.clock) and not _runs(change.after.entry.clock)
        ]
        return (Rows(_GIVEN, list(given.values())), Rows(_PUT, clocks), Rows(_STOPPED, stopped))


def _given(elapsed: Elapsed) -> Iterator[_Reminder]:
    """What had its day while the days ran; what was still to come will not."""
    if elapsed.ended > elapsed.clock.began:
        for reminder in elapsed.clock.reminders():
            if reminder.on <= elapsed.ended:
                yield _Reminder(
                    id=reminder.identity(elapsed.case, elapsed.clock.stage),
                    case_id=elapsed.case,
                    kind=reminder.kind.value,
                    deed=reminder.deed,
                    due=reminder.due,
                    on_day=reminder.on,
                )


def _runs(clock: Clock) -> bool:
    return clock.due is not None or clock.confirm_on is not None or clock.dormant_on is not None


def _clock(change: CaseChange) -> _Clock:
    clock, state = change.after.entry.clock, change.after.entry.state
    return _Clock(
        case_id=change.case,
        number=number_of(state.number),
        homes=change.after.homes,
        handler=state.handler,
        stage=clock.stage.value,
        began=clock.began,
        deed=clock.deed,
        due=clock.due,
        before=clock.before,
        escalates=clock.escalates,
        confirm_on=clock.confirm_on,
        dormant_on=clock.dormant_on,
    )


class PostgresSilent:
    """Implements application.views.desk.Silent."""

    def __init__(self, pool: Connections) -> None:
        self._pool = pool

    def silent(self, scope: Scope, query: SilentQuery) -> Queue:
        by, day = ("dormant_on", query.dormant_by) if query.dormant_by else ("confirm_on", query.confirm_by)
        asked = {
            "s.homes @> ARRAY[%(home)s::text]": scope.local_government is not None,
            "s.handler = ANY(%(handlers)s::uuid[])": bool(query.handlers),
        }
        where = " AND ".join([f"s.{by} <= %(day)s", *(condition for condition, wanted in asked.items() if wanted)])
        statement = f"""
            WITH page AS (
                SELECT * FROM views.clock AS s WHERE {where}
                ORDER BY s.{by}, s.number LIMIT %(most)s OFFSET %(skip)s
            )
            SELECT r.body, total.n
            FROM (SELECT count(*) AS n FROM views.clock AS s WHERE {where}) AS total
            LEFT JOIN (views.register AS r JOIN page AS s USING (case_id)) ON true
            ORDER BY s.{by}, s.number
        """  # noqa: S608 - the conditions are written above, every value is a parameter
        values = {
            "home": scope.local_government,
            "handlers": list(query.handlers),
            "day": day,
            "most": query.most,
            "skip": query.skip,
        }
        with self._pool.connection() as connection:
            found = connection.execute(statement.encode(), values, binary=True).fetchall()
        return Queue(tuple(_ROW.decode(body) for body, _ in found if body is not None), found[0][1])
