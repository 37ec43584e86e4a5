"""Private calendars in PostgreSQL."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from psycopg import Connection

from adapters.database.pool import Pool
from adapters.identity.accounts import account_of
from adapters.identity.connection import changing, connected
from adapters.identity.secrets import hashed, new_secret
from application.accounts import Account
from application.calendar_feed import Item, Key, Renewal
from domain.kernel import AccountId


class PostgresCalendarFeeds:
    """Implements application.calendar_feed.Feeds."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def made_at(self, account: AccountId) -> datetime | None:
        with connected(self._pool) as db:
            row = db.execute("SELECT made_at FROM office.calendar_feeds WHERE account = %s", (account,)).fetchone()
        return row[0] if row else None

    def renew(self, account: AccountId, at: datetime) -> str:
        secret = new_secret()
        with connected(self._pool) as db:
            db.execute(
                """INSERT INTO office.calendar_feeds (account, token_hash, made_at) VALUES (%s, %s, %s)
                   ON CONFLICT (account) DO UPDATE SET token_hash = EXCLUDED.token_hash, made_at = EXCLUDED.made_at""",
                (account, hashed(secret), at),
            )
        return secret

    def withdraw(self, account: AccountId) -> None:
        with connected(self._pool) as db:
            db.execute("DELETE FROM office.calendar_feeds WHERE account = %s", (account,))

    def whose(self, secret: str) -> Account | None:
        with connected(self._pool) as db:
            row = db.execute(
                """SELECT p.* FROM office.calendar_feeds f JOIN access.people p ON p.id = f.account
                   WHERE f.token_hash = %s AND NOT p.disabled""",
                (hashed(secret),),
            ).fetchone()
        return account_of(row) if row else None

    def publish(self, account: AccountId, renewal: Renewal) -> Mapping[Key, Item]:
        with changing(self._pool) as db:
            db.execute("SELECT FROM office.calendar_feeds WHERE account = %s FOR UPDATE", (account,))
            known = _read(db, account)
            items = renewal(known)
            if gone := known.keys() - items.keys():
                cases, steps = zip(*gone, strict=True)
                db.execute(
                    """DELETE FROM office.calendar_items AS i USING unnest(%s::uuid[], %s::text[]) AS g (case_id, step)
                       WHERE i.account = %s AND (i.case_id, i.step) = (g.case_id, g.step)""",
                    (list(cases), list(steps), account),
                )
            _write(db, account, [item for key, item in items.items() if known.get(key) != item])
        return items


def _read(db: Connection[tuple[Any, ...]], account: AccountId) -> dict[Key, Item]:
    rows = db.execute(
        """SELECT case_id, step, number, day, sequence, changed_at, cancelled
           FROM office.calendar_items WHERE account = %s""",
        (account,),
    ).fetchall()
    names = ("case", "step", "number", "day", "sequence", "changed_at", "cancelled")
    items = [Item(**dict(zip(names, row, strict=True))) for row in rows]
    return {item.key: item for item in items}


def _write(db: Connection[tuple[Any, ...]], account: AccountId, items: list[Item]) -> None:
    if not items:
        return
    with db.cursor() as cursor:
        cursor.executemany(
            """INSERT INTO office.calendar_items
                   (account, case_id, step, number, day, sequence, changed_at, cancelled)
               SELECT f.account, %s, %s, %s, %s, %s, %s, %s FROM office.calendar_feeds AS f WHERE f.account = %s
               ON CONFLICT (account, case_id, step) DO UPDATE
                   SET day = EXCLUDED.day, sequence = EXCLUDED.sequence,
                       changed_at = EXCLUDED.changed_at, cancelled = EXCLUDED.cancelled""",
            [(i.case, i.step, i.number, i.day, i.sequence, i.changed_at, i.cancelled, account) for i in items],
        )
