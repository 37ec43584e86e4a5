"""Cases that people follow, in PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from adapters.database.pool import Pool
from adapters.identity.connection import changing, connected
from adapters.readside.reads import Connections
from application.access import Scope
from application.views.followed import FollowedCase
from application.views.register import RegisterRow
from domain.kernel import AccountId

_ROW: Final = msgspec.json.Decoder(RegisterRow)
_ALL: Final = b"""
    SELECT r.body, f.since, n.changes, t.position, t.tag, t.actor, t.recorded_at
    FROM office.followed AS f
    JOIN views.register AS r ON r.case_id = f.case_id
    CROSS JOIN LATERAL (
        SELECT position, tag, actor, recorded_at FROM views.timeline
        WHERE case_id = f.case_id ORDER BY position DESC LIMIT 1
    ) AS t
    CROSS JOIN LATERAL (
        SELECT count(*) AS changes FROM views.timeline WHERE case_id = f.case_id AND position > f.seen
    ) AS n
    WHERE f.account = %(account)s AND (%(home)s::text IS NULL OR r.homes @> ARRAY[%(home)s::text])
    ORDER BY t.position DESC
"""


class PostgresFollowed:
    """Implements application.following.Followed."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def add(self, account: AccountId, case: UUID, at: datetime, seen: int, most: int) -> bool:
        with changing(self._pool) as db:
            db.execute("SELECT FROM access.accounts WHERE id = %s FOR UPDATE", (account,))  # one at a time, to count
            db.execute(
                """INSERT INTO office.followed (account, case_id, since, seen)
                   SELECT %(account)s, %(case)s, %(at)s, %(seen)s
                   WHERE (SELECT count(*) FROM office.followed WHERE account = %(account)s) < %(most)s
                   ON CONFLICT DO NOTHING""",
                {"account": account, "case": case, "at": at, "seen": seen, "most": most},
            )
        return self.holds(account, case)

    def remove(self, account: AccountId, case: UUID) -> None:
        with connected(self._pool) as db:
            db.execute("DELETE FROM office.followed WHERE account = %s AND case_id = %s", (account, case))

    def holds(self, account: AccountId, case: UUID) -> bool:
        with connected(self._pool) as db:
            asked = "SELECT FROM office.followed WHERE account = %s AND case_id = %s"
            return db.execute(asked, (account, case)).fetchone() is not None

    def seen(self, account: AccountId, position: int) -> None:
        with connected(self._pool) as db:
            db.execute(
                "UPDATE office.followed SET seen = %(seen)s WHERE account = %(account)s AND seen < %(seen)s",
                {"account": account, "seen": position},
            )


class PostgresFollowedCases:
    """Implements application.views.followed.FollowedCases, over the views of the present or of a past day."""

    def __init__(self, views: Connections) -> None:
        self._views = views

    def all(self, scope: Scope, account: AccountId) -> Sequence[FollowedCase]:
        with self._views.connection() as connection:
            asked = {"account": account, "home": scope.local_government}
            found = connection.execute(_ALL, asked, binary=True).fetchall()
        return [
            FollowedCase(
                case=_ROW.decode(body),
                since=since,
                changes=changes,
                position=position,
                tag=tag,
                actor=AccountId(actor),
                recorded_at=recorded_at,
            )
            for body, since, changes, position, tag, actor, recorded_at in found
        ]
