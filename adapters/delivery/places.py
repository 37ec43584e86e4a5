"""Where the deliveries of one subscription stand, and how that moves. Only the process that delivers writes here."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec

from adapters.database.leading import Connection
from adapters.database.pool import Pool
from adapters.identity.connection import changing, connected
from domain.subscriptions import events as e

KEEP: Final = """
    INSERT INTO delivery.deliveries
        (subscription, position, stream, replay, attempt, sent_at, milliseconds, status, fault, said)
    SELECT %(subscription)s, * FROM unnest(
        %(positions)s::bigint[], %(streams)s::uuid[], %(replays)s::int[], %(attempts)s::int[],
        %(moments)s::timestamptz[],
        %(milliseconds)s::int[], %(statuses)s::int[], %(faults)s::text[], %(said)s::text[])
"""
KEPT: Final = timedelta(days=30)
"""So long an attempt can be looked at."""
MOST_KEPT: Final = 10_000
"""Attempts of one subscription, at least the newest."""
_FORGET: Final = """
    DELETE FROM delivery.deliveries WHERE subscription = %(id)s AND (sent_at < %(before)s OR id <= (
        SELECT id FROM delivery.deliveries WHERE subscription = %(id)s ORDER BY id DESC OFFSET %(most)s LIMIT 1))
"""
_PLACE: Final = """
    SELECT cursor, rounds, failing_since, resting_until, fault, replay, replay_after, replay_until, applied
    FROM delivery.subscriptions WHERE id = %s
"""
_CASES: Final = """
    SELECT stream, after, attempts, since, next_at, parked_at, fault, status, replay, replay_until
    FROM delivery.cases WHERE subscription = %s
"""
_MOVE: Final = """
    UPDATE delivery.subscriptions SET cursor = %(cursor)s, rounds = %(rounds)s, failing_since = %(failing_since)s,
        resting_until = %(resting_until)s, fault = %(fault)s
    WHERE id = %(id)s AND cursor = %(was)s AND applied = %(applied)s
"""
_PUT: Final = """
    INSERT INTO delivery.cases
        (subscription, stream, after, attempts, since, next_at, parked_at, fault, status, replay, replay_until)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
    ON CONFLICT (subscription, stream) DO UPDATE SET after = EXCLUDED.after, attempts = EXCLUDED.attempts,
        since = EXCLUDED.since, next_at = EXCLUDED.next_at, parked_at = EXCLUDED.parked_at, fault = EXCLUDED.fault,
        status = EXCLUDED.status, replay = EXCLUDED.replay, replay_until = EXCLUDED.replay_until
"""
# A replay sets the cursor back. What waits is remembered; only cases that stand before its beginning go on waiting.
_BEGIN: Final = (
    """INSERT INTO delivery.owed (subscription, stream, after)
       SELECT subscription, stream, after FROM delivery.cases WHERE subscription = %(id)s""",
    "DELETE FROM delivery.cases WHERE subscription = %(id)s AND after >= %(after)s",
    """UPDATE delivery.subscriptions SET replay = %(replay)s, replay_after = %(after)s, replay_until = cursor,
           cursor = least(cursor, %(after)s) WHERE id = %(id)s""",
)
# What had waited waits again, as far as the replay has not delivered it; of everything else nothing is owed.
_STOP: Final = (
    """WITH reached AS (
           SELECT o.stream, greatest(o.after, coalesce(c.after, s.cursor)) AS after, s.replay_until
           FROM delivery.owed AS o JOIN delivery.subscriptions AS s ON s.id = o.subscription
           LEFT JOIN delivery.cases AS c ON c.subscription = o.subscription AND c.stream = o.stream
           WHERE o.subscription = %(id)s
       ), gone AS (DELETE FROM delivery.cases WHERE subscription = %(id)s RETURNING stream)
       UPDATE delivery.owed AS o SET after = r.after FROM reached AS r
       WHERE o.subscription = %(id)s AND o.stream = r.stream""",
    """INSERT INTO delivery.cases (subscription, stream, after, attempts, since, next_at, fault)
       SELECT o.subscription, o.stream, o.after, 0, %(now)s, %(now)s, ''
       FROM delivery.owed AS o JOIN delivery.subscriptions AS s ON s.id = o.subscription
       WHERE o.subscription = %(id)s AND o.after < s.replay_until""",
    """UPDATE delivery.subscriptions SET cursor = greatest(cursor, replay_until), replay = NULL, replay_after = NULL,
           replay_until = NULL WHERE id = %(id)s AND replay IS NOT NULL""",
    "DELETE FROM delivery.owed WHERE subscription = %(id)s",
)
_FINISH: Final = (
    """UPDATE delivery.subscriptions SET replay = NULL, replay_after = NULL, replay_until = NULL WHERE id = %(id)s""",
    "DELETE FROM delivery.owed WHERE subscription = %(id)s",
)
_RELEASE: Final = """
    UPDATE delivery.cases SET parked_at = NULL, attempts = 0, next_at = %(now)s
    WHERE subscription = %(id)s AND stream = %(stream)s AND parked_at IS NOT NULL
"""
_WAKE: Final = "UPDATE delivery.subscriptions SET rounds = 0, resting_until = NULL, fault = NULL WHERE id = %(id)s"
_DUE: Final = "UPDATE delivery.cases SET next_at = %(now)s WHERE subscription = %(id)s AND parked_at IS NULL"


class LeadLost(Exception):
    """Another process has moved on with this subscription. Nothing was written."""


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """A case with a cursor of its own; see delivery.cases."""

    stream: UUID
    after: int
    attempts: int
    since: datetime
    next_at: datetime
    parked_at: datetime | None = None
    fault: str = ""
    status: int | None = None
    replay: int = 0
    replay_until: int = 0

    @property
    def row(self) -> tuple[Any, ...]:
        return msgspec.structs.astuple(self)


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """See delivery.subscriptions."""

    cursor: int
    rounds: int = 0
    failing_since: datetime | None = None
    resting_until: datetime | None = None
    fault: str | None = None
    replay: int | None = None
    replay_after: int | None = None
    replay_until: int | None = None
    applied: int = 0

    def replay_of(self, position: int) -> int:
        """The replay by which a fact is sent; 0 where it is none."""
        return self.replay if self.replay and position <= (self.replay_until or 0) else 0


class Places:
    """Of one subscription. Raises LogUnavailable where the database is away."""

    def __init__(self, pool: Pool, subscription: UUID) -> None:
        self._pool, self._id = pool, subscription

    def load(self) -> tuple[Place, dict[UUID, Case]]:
        with changing(self._pool) as db:
            row = db.execute(_PLACE, (self._id,)).fetchone()
            cases = db.execute(_CASES, (self._id,)).fetchall()
        place = Place(**dict(zip(Place.__struct_fields__, row, strict=True))) if row else Place(cursor=0)
        return place, {r[0]: Case(**dict(zip(Case.__struct_fields__, r, strict=True))) for r in cases}

    def apply(self, facts: Sequence[tuple[int, e.SubscriptionEvent]], now: datetime) -> None:
        """What people have decided since, by version; each fact counts once, whoever delivers."""
        with changing(self._pool) as db:
            row = db.execute(
                "SELECT applied FROM delivery.subscriptions WHERE id = %s FOR UPDATE", (self._id,)
            ).fetchone()
            applied = row[0] if row else 0
            for version, fact in facts:
                if version > applied:
                    self._apply(db, fact, now)
            db.execute(
                "UPDATE delivery.subscriptions SET applied = greatest(applied, %s) WHERE id = %s",
                (facts[-1][0], self._id),
            )

    def move(
        self, was: Place, to: Place, put: Iterable[Case], gone: Sequence[UUID], deliveries: Mapping[str, Any] | None
    ) -> None:
        """Everything that one round has led to, whole or not at all. Raises LeadLost."""
        with changing(self._pool) as db:
            values = {
                name: getattr(to, name) for name in ("cursor", "rounds", "failing_since", "resting_until", "fault")
            }
            moved = db.execute(_MOVE, {**values, "id": self._id, "was": was.cursor, "applied": was.applied})
            if moved.rowcount != 1:
                raise LeadLost
            if rows := [(self._id, *case.row) for case in put]:
                db.cursor().executemany(_PUT, rows)
            if gone:
                db.execute(
                    "DELETE FROM delivery.cases WHERE subscription = %s AND stream = ANY(%s)", (self._id, list(gone))
                )
            if deliveries:
                db.execute(KEEP, deliveries)

    def note(self, fault: str) -> None:
        """Why deliveries stand still, for whoever looks."""
        with connected(self._pool) as db:
            db.execute("UPDATE delivery.subscriptions SET fault = %s WHERE id = %s", (fault[:500], self._id))

    def finish(self) -> None:
        """The replay has sent everything."""
        with changing(self._pool) as db:
            for statement in _FINISH:
                db.execute(statement, {"id": self._id})

    def forget(self, now: datetime) -> None:
        """Attempts that nobody looks for any more."""
        with connected(self._pool) as db:
            db.execute(_FORGET, {"id": self._id, "before": now - KEPT, "most": MOST_KEPT})

    def _apply(self, db: Connection, fact: e.SubscriptionEvent, now: datetime) -> None:
        values: dict[str, Any] = {"id": self._id, "now": now}
        match fact:
            case e.SubscriptionCreated(after=after):
                db.execute("UPDATE delivery.subscriptions SET cursor = %s WHERE id = %s", (after, self._id))
            case e.SubscriptionResumed() | e.SubscriptionChanged():
                db.execute(_WAKE, values)
                db.execute(_DUE, values)
            case e.CaseReleased(stream=stream):
                db.execute(_RELEASE, values | {"stream": stream})
                db.execute(_WAKE, values)
            case e.ReplayBegun(replay=replay, after=after):
                for statement in _BEGIN:
                    db.execute(statement, values | {"replay": replay, "after": after})
            case e.ReplayStopped():
                for statement in _STOP:
                    db.execute(statement, values)
            case _:
                pass
