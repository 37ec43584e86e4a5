"""Bearer tokens of other systems in PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime

from adapters.database.pool import Pool
from adapters.identity.accounts import account_of
from adapters.identity.connection import connected
from adapters.identity.secrets import hashed, new_secret
from application.signing_in import Grant
from domain.kernel import AccountId


class PostgresTokens:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def issue(self, account: AccountId, name: str, scopes: Sequence[str], until: datetime) -> str:
        secret = new_secret()
        with connected(self._pool) as db:
            db.execute(
                "INSERT INTO access.tokens (token_hash, account, name, scopes, ends_at) VALUES (%s, %s, %s, %s, %s)",
                (hashed(secret), account, name, list(scopes), until),
            )
        return secret

    def find(self, secret: str, now: datetime) -> Grant | None:
        with connected(self._pool) as db:
            row = db.execute(
                """SELECT p.*, t.name, t.scopes FROM access.tokens t JOIN access.people p ON p.id = t.account
                    WHERE t.token_hash = %s AND t.ends_at > %s AND NOT p.disabled""",
                (hashed(secret), now),
            ).fetchone()
        return Grant(row[-2], account_of(row).person, frozenset(row[-1])) if row else None
