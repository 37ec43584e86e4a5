"""Deliveries in PostgreSQL, as administrators look at them."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from adapters.database.pool import Pool
from adapters.delivery.places import KEEP
from adapters.identity.connection import connected
from application.subscriptions_ports import Answer, Delivery, Outcome, Stand, WaitingCase

_STANDS: Final = """
    SELECT s.id, s.cursor, least(s.cursor, min(c.after)), s.applied, s.resting_until, s.failing_since,
           coalesce(s.fault, ''), count(c.stream) FILTER (WHERE c.parked_at IS NULL),
           count(c.stream) FILTER (WHERE c.parked_at IS NOT NULL), s.replay IS NOT NULL
    FROM delivery.subscriptions AS s LEFT JOIN delivery.cases AS c ON c.subscription = s.id
    GROUP BY s.id
"""
_COLUMNS: Final = "id, position, stream, replay, attempt, sent_at, milliseconds, status, fault, said"
_OUTCOMES: Final = {
    None: "true",
    Outcome.TAKEN: "status BETWEEN 200 AND 299",
    Outcome.NOT_TAKEN: "(status BETWEEN 200 AND 299) IS NOT TRUE",
    Outcome.TEST: "position = 0",
}
_DELIVERIES: Final = {
    outcome: f"""
        SELECT {_COLUMNS} FROM delivery.deliveries
        WHERE subscription = %s AND (%s::bigint IS NULL OR id < %s) AND {chosen} ORDER BY id DESC LIMIT %s
    """.encode()  # noqa: S608 - our own words, every value is a parameter
    for outcome, chosen in _OUTCOMES.items()
}
_NEWEST: Final = f"""
    SELECT s.id, d.* FROM delivery.subscriptions AS s CROSS JOIN LATERAL (
        SELECT {_COLUMNS} FROM delivery.deliveries WHERE subscription = s.id ORDER BY id DESC LIMIT 1) AS d
""".encode()  # noqa: S608 - as above
_CASES: Final = """
    SELECT stream, after, attempts, since, next_at, parked_at, fault, status FROM delivery.cases
    WHERE subscription = %s AND (parked_at IS NOT NULL) = %s ORDER BY since, stream LIMIT %s
"""
_CASE: Final = ("stream", "after", "attempts", "since", "next_at", "parked_at", "fault", "status")


class PostgresDesk:
    """Implements application.subscriptions_ports.Desk."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def begin(self, subscription: UUID) -> None:
        with connected(self._pool) as db:
            db.execute("INSERT INTO delivery.subscriptions (id) VALUES (%s) ON CONFLICT DO NOTHING", (subscription,))

    def subscriptions(self) -> Sequence[UUID]:
        with connected(self._pool) as db:
            return [row[0] for row in db.execute("SELECT id FROM delivery.subscriptions").fetchall()]

    def stands(self) -> Mapping[UUID, Stand]:
        with connected(self._pool) as db:
            rows = db.execute(_STANDS).fetchall()
        return {row[0]: _stand(row) for row in rows}

    def deliveries(
        self, subscription: UUID, most: int, before: int | None = None, outcome: Outcome | None = None
    ) -> Sequence[Delivery]:
        with connected(self._pool) as db:
            rows = db.execute(_DELIVERIES[outcome], (subscription, before, before, most)).fetchall()
        return [_delivery(row) for row in rows]

    def newest(self) -> Mapping[UUID, Delivery]:
        with connected(self._pool) as db:
            rows = db.execute(_NEWEST).fetchall()
        return {row[0]: _delivery(row[1:]) for row in rows}

    def keep(self, subscription: UUID, delivery: Delivery) -> None:
        with connected(self._pool) as db:
            db.execute(KEEP, columns(subscription, [delivery]))

    def cases(self, subscription: UUID, most: int, *, parked: bool) -> Sequence[WaitingCase]:
        with connected(self._pool) as db:
            rows = db.execute(_CASES, (subscription, parked, most)).fetchall()
        return [WaitingCase(**dict(zip(_CASE, row, strict=True))) for row in rows]


def columns(subscription: UUID, deliveries: Sequence[Delivery]) -> dict[str, Any]:
    """As KEEP takes them."""
    return {
        "subscription": subscription,
        "positions": [d.position for d in deliveries],
        "streams": [d.stream for d in deliveries],
        "replays": [d.replay for d in deliveries],
        "attempts": [d.attempt for d in deliveries],
        "moments": [d.sent_at for d in deliveries],
        "milliseconds": [d.answer.milliseconds for d in deliveries],
        "statuses": [d.answer.status for d in deliveries],
        "faults": [d.answer.fault for d in deliveries],
        "said": [d.answer.said for d in deliveries],
    }


def _stand(row: Sequence[Any]) -> Stand:
    _id, cursor, settled, applied, resting_until, failing_since, fault, waiting, parked, replaying = row
    return Stand(
        cursor=cursor,
        settled=settled,
        applied=applied,
        resting_until=resting_until,
        failing_since=failing_since,
        fault=fault,
        waiting=waiting,
        parked=parked,
        replaying=replaying,
    )


def _delivery(row: Sequence[Any]) -> Delivery:
    id_, position, stream, replay, attempt, sent_at, milliseconds, status, fault, said = row
    return Delivery(
        id=id_,
        position=position,
        stream=stream,
        replay=replay,
        attempt=attempt,
        sent_at=sent_at,
        answer=Answer(status=status, fault=fault or "", said=said or "", milliseconds=milliseconds),
    )
