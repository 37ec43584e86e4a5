"""Cases in which the approval of a second person is waited for: a table beside the work queue."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import msgspec

from adapters.readside.page import CaseChange
from adapters.readside.places import number_of
from adapters.readside.reads import Connections
from adapters.readside.table import Rows, Table
from application.access import Scope
from application.views.desk import Approvals, AwaitedApproval
from application.views.register import RegisterRow

TABLE: Final = Table(
    name="awaited_approvals",
    key=("case_id",),
    columns={
        "case_id": "uuid",
        "number": "bigint NOT NULL",
        "homes": "text[] NOT NULL",
        "deeds": "text[] NOT NULL",
    },
    indexes=("CREATE INDEX ON views.awaited_approvals (number)",),
)
_PUT: Final = TABLE.upsert()
_OVER: Final = TABLE.delete()
_WAITING: Final = b"""
    WITH waiting AS (
        SELECT * FROM views.awaited_approvals WHERE %(home)s::text IS NULL OR homes @> ARRAY[%(home)s::text]
    ), page AS (
        SELECT * FROM waiting ORDER BY number LIMIT %(most)s OFFSET %(skip)s
    )
    SELECT r.body, page.deeds, total.n
    FROM (SELECT count(*) AS n FROM waiting) AS total LEFT JOIN (page JOIN views.register AS r USING (case_id)) ON true
    ORDER BY page.number
"""
_ROW: Final = msgspec.json.Decoder(RegisterRow)


class _Row(msgspec.Struct, gc=False):
    case_id: UUID
    number: int
    homes: tuple[str, ...]
    deeds: tuple[str, ...]


class _Id(msgspec.Struct, gc=False):
    case_id: UUID


def awaited(changes: Sequence[CaseChange]) -> tuple[Rows, Rows]:
    """What is waited for after the page, and what no more."""
    waiting = [
        _Row(change.case, number_of(state.number), change.after.homes, state.asked)
        for change in changes
        if (state := change.after.entry.state).asked
    ]
    over = [
        _Id(change.case)
        for change in changes
        if change.before and change.before.entry.state.asked and not change.after.entry.state.asked
    ]
    return Rows(_PUT, waiting), Rows(_OVER, over)


class PostgresApprovals:
    """Implements application.views.desk.AwaitedApprovals."""

    def __init__(self, pool: Connections) -> None:
        self._pool = pool

    def waiting(self, scope: Scope, most: int, skip: int = 0) -> Approvals:
        asked = {"home": scope.local_government, "most": most, "skip": skip}
        with self._pool.connection() as connection:
            found = connection.execute(_WAITING, asked, binary=True).fetchall()
        rows = [AwaitedApproval(_ROW.decode(body), tuple(deeds)) for body, deeds, _ in found if body is not None]
        return Approvals(tuple(rows), found[0][2])
