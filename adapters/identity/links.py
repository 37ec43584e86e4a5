"""One-time sign-in links in PostgreSQL."""

from datetime import datetime

from adapters.database.pool import Pool
from adapters.identity.accounts import account_of
from adapters.identity.connection import connected
from adapters.identity.secrets import hashed, new_secret
from application.accounts import Account, UsedLink
from domain.kernel import AccountId


class PostgresLinks:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def issue(self, account: AccountId, until: datetime, reusable: bool) -> str:
        secret = new_secret()
        with connected(self._pool) as db:
            db.execute(
                "INSERT INTO access.links (token_hash, account, ends_at, reusable) VALUES (%s, %s, %s, %s)",
                (hashed(secret), account, until, reusable),
            )
        return secret

    def whose(self, secret: str, now: datetime) -> Account | None:
        with connected(self._pool) as db:
            row = db.execute(
                """SELECT p.* FROM access.links l JOIN access.people p ON p.id = l.account
                    WHERE l.token_hash = %s AND l.ends_at > %s AND NOT p.disabled""",
                (hashed(secret), now),
            ).fetchone()
        return account_of(row) if row else None

    def use(self, secret: str, now: datetime) -> UsedLink | None:
        """The row lock of DELETE lets exactly one of two racing calls through."""
        with connected(self._pool) as db:
            db.execute("DELETE FROM access.links WHERE ends_at <= %s", (now,))
            row = db.execute(
                """WITH used AS (
                       DELETE FROM access.links WHERE token_hash = %(link)s AND NOT reusable RETURNING account
                   ), kept AS (
                       SELECT account FROM access.links WHERE token_hash = %(link)s AND reusable
                   )
                   SELECT p.*, EXISTS (SELECT FROM used) FROM access.people p
                   WHERE p.id IN (SELECT account FROM used UNION ALL SELECT account FROM kept) AND NOT p.disabled""",
                {"link": hashed(secret)},
            ).fetchone()
        return UsedLink(account_of(row), row[-1]) if row else None
