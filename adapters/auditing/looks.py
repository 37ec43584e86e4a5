"""Who looked, in PostgreSQL: gathered for a moment and written many at a time, so that no page waits for it."""

import logging
import threading
from collections.abc import Sequence
from datetime import datetime
from typing import Final

import psycopg

from adapters.database.pool import Pool
from application.auditing_looks import KeptLook, Look, LookQuery, Place
from application.ports import LogUnavailable
from domain.kernel import AccountId

GATHER_SECONDS: Final = 0.2
AGAIN_SECONDS: Final = 1.0
"""After a failure."""
MOST_WAITING: Final = 5_000
"""Looks that were not written yet; beyond that nothing more is shown."""
MOST_REMEMBERED: Final = 100_000
"""Looks of this hour that one process need not write again."""
_LOGGER: Final = logging.getLogger("pobratim.office")
_KEEP: Final = b"""
    INSERT INTO access.looks (account, hour, place, subject, version)
    SELECT * FROM unnest(%s::uuid[], %s::timestamptz[], %s::text[], %s::uuid[], %s::integer[])
    ON CONFLICT DO NOTHING
"""
_PAGE: Final = b"""
    SELECT id, account, hour, place, subject, version FROM access.looks
    WHERE (%(since)s::timestamptz IS NULL OR hour >= %(since)s) AND (%(until)s::timestamptz IS NULL OR hour < %(until)s)
    AND (%(person)s::uuid IS NULL OR account = %(person)s) AND (%(subject)s::uuid IS NULL OR subject = %(subject)s)
    AND (%(place)s::text IS NULL OR place = %(place)s) AND (%(before)s::bigint IS NULL OR id < %(before)s)
    ORDER BY id DESC LIMIT %(most)s
"""


class PostgresLooks:
    """Implements application.auditing_looks.Looks. `close` writes what waits.

    A process that is killed loses the looks of its last moment; one that cannot write keeps them and tries again.
    """

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._lock, self._writing = threading.Lock(), threading.Lock()
        self._kept = set[Look]()
        self._hour: datetime | None = None
        self._waiting: list[Look] = []
        self._some, self._stopped = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None

    def keep(self, look: Look) -> None:
        with self._lock:
            if look in self._kept:
                return
            if len(self._waiting) >= MOST_WAITING:
                raise LogUnavailable("what is looked at cannot be kept")
            if look.hour != self._hour or len(self._kept) >= MOST_REMEMBERED:
                self._kept, self._hour = set[Look](), look.hour
            self._kept.add(look)
            self._waiting.append(look)
            if self._thread is None:
                self._thread = threading.Thread(target=self._write, name="looks", daemon=True)
                self._thread.start()
        self._some.set()

    def page(self, query: LookQuery, most: int) -> Sequence[KeptLook]:
        asked = {
            "since": query.since,
            "until": query.until,
            "person": query.person,
            "subject": query.subject,
            "place": query.place and query.place.value,
            "before": query.before,
            "most": most,
        }
        self.flush()
        try:
            with self._pool.connection() as connection:
                rows = connection.execute(_PAGE, asked, prepare=False).fetchall()
        except psycopg.OperationalError as fault:
            raise LogUnavailable(" ".join(str(fault).split())) from fault
        return [
            KeptLook(
                id=id_,
                look=Look(account=AccountId(account), hour=hour, place=Place(place), subject=subject, version=version),
            )
            for id_, account, hour, place, subject, version in rows
        ]

    def flush(self) -> None:
        """Write what waits. Raises LogUnavailable, and then it goes on waiting."""
        with self._writing:
            with self._lock:
                looks = self._waiting[:]
            if not looks:
                return
            columns = zip(*((o.account, o.hour, o.place.value, o.subject, o.version) for o in looks), strict=True)
            try:
                with self._pool.connection() as connection:
                    connection.execute(_KEEP, list(map(list, columns)))
            except psycopg.Error as fault:
                raise LogUnavailable(" ".join(str(fault).split())) from fault
            with self._lock:
                del self._waiting[: len(looks)]

    def close(self) -> None:
        self._stopped.set()
        self._some.set()
        if self._thread:
            self._thread.join(timeout=10)

    def _write(self) -> None:
        while not self._stopped.is_set():
            self._some.wait()
            self._stopped.wait(GATHER_SECONDS)
            self._some.clear()
            try:
                self.flush()
            except LogUnavailable as fault:
                _LOGGER.warning("who looked is not written yet: %s", fault)
                self._some.set()
                self._stopped.wait(AGAIN_SECONDS)
