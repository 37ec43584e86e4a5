"""Counted attempts to sign in, in PostgreSQL, so that several processes share one count."""

import hashlib
from datetime import datetime, timedelta

from adapters.database.pool import Pool
from adapters.identity.connection import connected
from application.signing_in import Attempt


class PostgresAttempts:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def count(self, door: str, now: datetime, window: timedelta) -> Attempt:
        with connected(self._pool) as db:
            row = db.execute(
                """INSERT INTO access.attempts AS a (door, count, ends_at) VALUES (%(door)s, 1, %(ends)s)
                   ON CONFLICT (door) DO UPDATE SET
                       count = CASE WHEN a.ends_at > %(now)s THEN a.count + 1 ELSE 1 END,
                       ends_at = CASE WHEN a.ends_at > %(now)s THEN a.ends_at ELSE excluded.ends_at END
                   RETURNING count, ends_at""",
                {"door": _door(door), "now": now, "ends": now + window},
            ).fetchone()
        if row is None:
            raise AssertionError("an upsert returns its row")
        return Attempt(row[0], row[1])

    def forget(self, door: str) -> None:
        with connected(self._pool) as db:
            db.execute("DELETE FROM access.attempts WHERE door = %s", (_door(door),))


def _door(door: str) -> bytes:
    return hashlib.sha256(door.encode("utf-8", "surrogatepass")).digest()
