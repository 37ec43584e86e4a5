"""Whether the views show what the log holds: for the readiness check, the doctor and the banner."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec

from adapters.readside.projector import LEAD
from adapters.readside.reads import Reads

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
