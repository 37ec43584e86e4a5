"""Buckets of requests in PostgreSQL, so that several processes draw from one."""

import hashlib
from datetime import datetime
from time import monotonic
from typing import Final

from adapters.database.pool import Pool
from adapters.identity.connection import changing, connected
from application.allowances import WINDOW

TIDY_SECONDS: Final = 60.0


class PostgresBuckets:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._tidied = monotonic()

    def draw(self, key: str, most: int, capacity: int, now: datetime) -> tuple[int, float]:
        self._tidy(now)
        hashed = hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()
        with changing(self._pool) as db:
            db.execute(
                "INSERT INTO access.allowances (key, level, at) VALUES (%s, %s, %s) ON CONFLICT (key) DO NOTHING",
                (hashed, capacity, now),
            )
            asked = db.execute("SELECT level, at FROM access.allowances WHERE key = %s FOR UPDATE", (hashed,))
            level, at = asked.fetchone() or (float(capacity), now)
            passed = max(0.0, (now - at).total_seconds())
            level = min(float(capacity), level + passed * capacity / WINDOW.total_seconds())
            given = min(most, int(level))
            db.execute(
                "UPDATE access.allowances SET level = %s, at = %s WHERE key = %s",
                (level - given, max(at, now), hashed),
            )
        return given, level - given

    def _tidy(self, now: datetime) -> None:
        """A bucket that nobody drew from for a whole window is full: without its row it is full too."""
        if monotonic() < self._tidied + TIDY_SECONDS:
            return
        self._tidied = monotonic()
        with connected(self._pool) as db:
            db.execute(
                """DELETE FROM access.allowances WHERE key IN (
                       SELECT key FROM access.allowances WHERE at < %s FOR UPDATE SKIP LOCKED)""",
                (now - WINDOW,),
            )
