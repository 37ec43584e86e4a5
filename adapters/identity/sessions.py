"""Sessions in PostgreSQL."""

from datetime import datetime, timedelta
from typing import Final

from adapters.database.pool import Pool
from adapters.identity.connection import changing, connected
from adapters.identity.secrets import hashed, new_secret
from application.access import Person, Role
from application.signing_in import Session
from domain.kernel import AccountId

TOUCH: Final = timedelta(minutes=5)
"""A session is marked as used at most so often, so that reading a page seldom writes."""


class PostgresSessions:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def open(self, account: AccountId, now: datetime, ends: datetime, *, linked: bool = False) -> str:
        secret = new_secret()
        with changing(self._pool) as db:
            db.execute("DELETE FROM access.sessions WHERE ends_at <= %s", (now,))
            db.execute("DELETE FROM access.attempts WHERE ends_at <= %s", (now,))
            db.execute("DELETE FROM access.kept_entries WHERE ends_at <= %s", (now,))
            db.execute(
                """INSERT INTO access.sessions (token_hash, account, opened_at, seen_at, ends_at, linked_at)
                   VALUES (%s, %s, %s, %s, %s, %s)""",
                (hashed(secret), account, now, now, ends, now if linked else None),
            )
            db.execute("UPDATE access.accounts SET signed_in_at = %s WHERE id = %s", (now, account))
        return secret

    def find(self, secret: str, now: datetime, idle: timedelta) -> Session | None:
        key = hashed(secret)
        with connected(self._pool) as db:
            row = db.execute(
                """SELECT a.id, a.name, a.role, a.local_government, a.locale, s.linked_at, s.seen_at
                   FROM access.sessions s JOIN access.accounts a ON a.id = s.account
                   WHERE s.token_hash = %s AND s.ends_at > %s AND s.seen_at > %s AND a.disabled_at IS NULL""",
                (key, now, now - idle),
            ).fetchone()
            if row and row[6] < now - TOUCH:
                db.execute("UPDATE access.sessions SET seen_at = %s WHERE token_hash = %s", (now, key))
        if row is None:
            return None
        return Session(key.hex(), Person(AccountId(row[0]), row[1], Role(row[2]), row[3]), row[4], row[5])

    def owner(self, secret: str) -> AccountId | None:
        with connected(self._pool) as db:
            asked = db.execute("SELECT account FROM access.sessions WHERE token_hash = %s", (hashed(secret),))
            row = asked.fetchone()
        return AccountId(row[0]) if row else None

    def close(self, secret: str) -> None:
        with connected(self._pool) as db:
            db.execute("DELETE FROM access.sessions WHERE token_hash = %s", (hashed(secret),))
