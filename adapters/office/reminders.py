"""Reminders in PostgreSQL: given from the view of the same name, once each."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from adapters.database.pool import Pool
from adapters.identity.connection import changing, connected
from application.reminders import Given
from domain.initiatives.reminding import Clock, Reminded
from domain.initiatives.terms import Stage
from domain.kernel import AccountId

GIVING: Final = 7_631_400_023  # advisory lock: one process gives reminders at a time
AGAIN: Final = timedelta(days=7)
"""A sweep gives all up to its day, so nothing older than the newest reminder is left; it looks back so far anyway."""
_BATCH: Final = 10_000
_PAST: Final = b"""
    INSERT INTO office.reminders (id, case_id, kind, deed, due, on_day)
    SELECT id, case_id, kind, deed, due, on_day FROM views.reminder AS r
    WHERE on_day BETWEEN %(since)s AND %(until)s AND NOT EXISTS (SELECT FROM office.reminders AS o WHERE o.id = r.id)
    ORDER BY on_day, id ON CONFLICT (id) DO NOTHING
"""
_RUNNING: Final = b"""
    SELECT case_id, stage, began, deed, due, before, escalates, confirm_on, dormant_on FROM views.clock AS c
    WHERE began < %(until)s AND (
        due + 1 BETWEEN %(since)s AND %(until)s OR escalates BETWEEN %(since)s AND %(until)s
        OR confirm_on BETWEEN %(since)s AND %(until)s OR dormant_on BETWEEN %(since)s AND %(until)s
        OR EXISTS (SELECT FROM unnest(before) AS days WHERE due - days BETWEEN %(since)s AND %(until)s))
"""
_NEWEST: Final = b"SELECT max(on_day) FROM office.reminders WHERE on_day <= %s"
_PRESENT: Final = b"""
    INSERT INTO office.reminders (id, case_id, kind, deed, due, on_day)
    SELECT * FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::text[], %s::date[], %s::date[])
        AS r (id, case_id, kind, deed, due, on_day)
    WHERE NOT EXISTS (SELECT FROM office.reminders AS o WHERE o.id = r.id)
    ORDER BY on_day, id ON CONFLICT (id) DO NOTHING
"""
_GIVEN: Final = b"""
    SELECT o.position, o.id, o.case_id, f.number, o.kind, o.deed, o.due, o.on_day,
           coalesce(CASE o.kind WHEN 'confirm' THEN c.confirm_on = o.due WHEN 'dormant' THEN c.dormant_on = o.due
                    ELSE c.deed = o.deed AND c.due = o.due END, false),
           f.homes, c.handler
    FROM office.reminders AS o JOIN views.case_file AS f USING (case_id) LEFT JOIN views.clock AS c USING (case_id)
    WHERE o.position > %s ORDER BY o.position LIMIT %s
"""


class PostgresReminders:
    """Implements application.reminders.Reminders."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def give(self, until: date) -> int | None:
        with changing(self._pool) as db:
            alone = db.execute("SELECT pg_try_advisory_xact_lock(%s)", (GIVING,)).fetchone()
            if not alone or not alone[0]:
                return None
            newest = db.execute(_NEWEST, (until,)).fetchone()
            since = newest[0] - AGAIN if newest and newest[0] else date.min
            asked = {"since": since, "until": until}
            new = db.execute(_PAST, asked).rowcount
            rows = [row for clock in db.execute(_RUNNING, asked).fetchall() for row in _present(clock, since, until)]
            for begin in range(0, len(rows), _BATCH):
                columns = [list(column) for column in zip(*rows[begin : begin + _BATCH], strict=True)]
                new += db.execute(_PRESENT, columns).rowcount
        return new

    def given(self, after: int, most: int) -> Sequence[Given]:
        with connected(self._pool) as db:
            return [_given(row) for row in db.execute(_GIVEN, (after, most)).fetchall()]


def _present(row: Sequence[Any], since: date, until: date) -> list[tuple[Any, ...]]:
    """What the days that run in a case give from one day to another."""
    case: UUID = row[0]
    clock = Clock(Stage(row[1]), row[2], row[3], row[4], tuple(row[5]), *row[6:])
    return [
        (r.identity(case, clock.stage), case, r.kind.value, r.deed, r.due, r.on)
        for r in clock.reminders()
        if since <= r.on <= until
    ]


def _given(row: Sequence[Any]) -> Given:
    return Given(
        position=row[0],
        id=row[1],
        case=row[2],
        number=row[3],
        kind=Reminded(row[4]),
        deed=row[5],
        due=row[6],
        on=row[7],
        stands=row[8],
        homes=tuple(row[9]),
        handler=AccountId(row[10]) if row[10] else None,
    )
