"""Whether the views show what the log holds: for the readiness check, the doctor and the band on pages."""

import threading
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

import msgspec

from adapters.readside.projector import LEAD
from adapters.readside.reads import Reads
from application.ports import LogUnavailable

_ASKED: Final = b"""
    SELECT view, position, coalesce((SELECT max(notification_id) FROM log.facts), 0) - position,
           stopped_at, error, stopped_since
    FROM views.progress ORDER BY view
"""
_LED: Final = b"""
    SELECT EXISTS (
        SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND (classid::bigint << 32) + objid::bigint = %s
    )
"""


_STOPPED: Final = b"SELECT view, stopped_since FROM views.progress WHERE stopped_at IS NOT NULL ORDER BY view"
GLANCE_SECONDS: Final = 1.0
BLIND_SECONDS: Final = 5.0
"""How long nobody looks again after the database did not answer."""


class ViewHealth(msgspec.Struct, frozen=True):
    view: str
    position: int
    lag: int
    """Facts of the log that it does not show yet, at most."""
    stopped_at: int | None
    """Position of the fact that it cannot take."""
    error: str | None
    stopped_since: datetime | None


class Health(msgspec.Struct, frozen=True):
    views: Sequence[ViewHealth]
    """None at all where no projector has ever run."""
    led: bool
    """Some process is projecting."""

    @property
    def stopped(self) -> Sequence[ViewHealth]:
        return [view for view in self.views if view.stopped_at is not None]

    @property
    def lag(self) -> int:
        """Of the view that is furthest behind, stopped ones left out."""
        return max((view.lag for view in self.views if view.stopped_at is None), default=0)


def health(pool: Reads) -> Health:
    """Raises psycopg.Error and psycopg_pool.PoolTimeout where the database is away."""
    with pool.connection() as connection:
        views = [ViewHealth(*row) for row in connection.execute(_ASKED).fetchall()]
        led = connection.execute(_LED, (LEAD,)).fetchone()
    return Health(views, bool(led and led[0]))


class Glance:
    """Which views have stopped, and since when, for every page: one of them asks, once a second, and all others get
    what was found last."""

    def __init__(self, pool: Reads) -> None:
        self._pool = pool
        self._asking = threading.Lock()
        self._again = 0.0
        self._found: Mapping[str, datetime] = {}

    def stopped(self) -> Mapping[str, datetime]:
        """By view. Where the database does not answer, what was known before."""
        if time.monotonic() >= self._again and self._asking.acquire(blocking=False):
            try:
                self._ask()
            finally:
                self._asking.release()
        return self._found

    def _ask(self) -> None:
        pause = BLIND_SECONDS
        try:
            with self._pool.connection() as connection:
                self._found = dict(connection.execute(_STOPPED, prepare=True).fetchall())
            pause = GLANCE_SECONDS
        except LogUnavailable:
            pass
        finally:
            self._again = time.monotonic() + pause
