"""Absences in PostgreSQL."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from adapters.database.pool import Pool
from adapters.identity.connection import changing, connected
from application.standing_in import Absence
from domain.kernel import AccountId

_COLUMNS: Final = "id, account, substitute, first_day, last_day, entered_by, entered_at"


class PostgresAbsences:
    """Implements application.absences.Absences."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def on(self, day: date) -> Sequence[Absence]:
        return self._found("first_day <= %(day)s AND last_day >= %(day)s ORDER BY entered_at, id", {"day": day})

    def lasting(self, day: date) -> Sequence[Absence]:
        return self._found("last_day >= %(day)s ORDER BY first_day, entered_at, id", {"day": day})

    def enter(self, absence: Absence, fits: Callable[[Sequence[Absence]], None]) -> None:
        a = absence
        with changing(self._pool) as db:
            db.execute("LOCK TABLE office.absences IN SHARE ROW EXCLUSIVE MODE")
            rows = db.execute(
                f"""SELECT {_COLUMNS} FROM office.absences
                    WHERE ended_at IS NULL AND first_day <= %s AND last_day >= %s""",  # noqa: S608 - our own columns
                (a.last_day, a.first_day),
            ).fetchall()
            fits([_absence(row) for row in rows])
            db.execute(
                f"INSERT INTO office.absences ({_COLUMNS}) VALUES (%s, %s, %s, %s, %s, %s, %s)",  # noqa: S608
                (a.id, a.account, a.substitute, a.first_day, a.last_day, a.entered_by, a.entered_at),
            )

    def end(self, absence: UUID, by: AccountId, at: datetime) -> None:
        with connected(self._pool) as db:
            db.execute(
                "UPDATE office.absences SET ended_by = %s, ended_at = %s WHERE id = %s AND ended_at IS NULL",
                (by, at, absence),
            )

    def _found(self, condition: str, values: dict[str, Any]) -> Sequence[Absence]:
        asked = f"SELECT {_COLUMNS} FROM office.absences WHERE ended_at IS NULL AND {condition}"  # noqa: S608
        with connected(self._pool) as db:
            return [_absence(row) for row in db.execute(asked.encode(), values).fetchall()]


def _absence(row: Sequence[Any]) -> Absence:
    return Absence(
        id=row[0],
        account=AccountId(row[1]),
        substitute=AccountId(row[2]),
        first_day=row[3],
        last_day=row[4],
        entered_by=AccountId(row[5]),
        entered_at=row[6],
    )
