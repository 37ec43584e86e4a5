"""Bearer tokens of other systems in PostgreSQL."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final, LiteralString

import psycopg
from psycopg import Connection

from adapters.database.pool import Pool
from adapters.identity.accounts import account_of
from adapters.identity.connection import changing, connected
from adapters.identity.secrets import hashed, new_secret
from application.tokens import Grant, Issue, Token
from domain.kernel import AccountId, CommandKey

PREFIX: Final = "pbt_"
"""By this and the id behind it, `pbt_[0-9a-f]{10}_[A-Za-z0-9_-]{43}`, scanners find a secret that has leaked."""
ID_BYTES: Final = 5
TOUCH: Final = timedelta(minutes=1)
"""A use is written at most so often."""
KEPT: Final = timedelta(days=366)
"""So long it can still be seen whose a token was that has ended."""
_ASKED: Final = """
    SELECT t.id, t.name, t.account, p.name, p.email, t.scopes, t.issued_at, t.ends_at, t.used_at, t.former_ends_at,
           t.revoked_at
    FROM access.tokens t JOIN access.people p ON p.id = t.account"""

_USED: Final = """
    UPDATE access.tokens SET used_at = %(now)s WHERE id = (
        SELECT id FROM access.tokens WHERE id = %(id)s AND (used_at IS NULL OR used_at <= %(before)s)
        FOR UPDATE SKIP LOCKED)"""


class PostgresTokens:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def issue(self, wish: Issue) -> tuple[str, str]:
        token = secrets.token_hex(ID_BYTES)
        secret = _secret(token)
        with changing(self._pool) as db:
            db.execute("DELETE FROM access.tokens WHERE ends_at < %s", (wish.issued_at - KEPT,))
            done = db.execute(
                """INSERT INTO access.tokens
                       (id, token_hash, account, name, scopes, issued_at, issued_by, ends_at, made_by)
                   VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (made_by) DO NOTHING""",
                (
                    *(token, hashed(secret), wish.account, wish.name, list(wish.scopes)),
                    *(wish.issued_at, wish.issued_by, wish.ends_at, wish.key),
                ),
            )
            if done.rowcount:
                return token, secret
            made = db.execute("SELECT id FROM access.tokens WHERE made_by = %s", (wish.key,)).fetchone()
        assert made is not None  # noqa: S101 - it stood in the way
        return made[0], ""

    def find(self, secret: str, now: datetime) -> Grant | None:
        with connected(self._pool) as db:
            row = db.execute(
                """SELECT p.*, t.name, t.scopes, t.id, t.used_at
                   FROM access.tokens t JOIN access.people p ON p.id = t.account
                   WHERE (t.token_hash = %(hash)s OR t.former_hash = %(hash)s AND t.former_ends_at > %(now)s)
                     AND t.ends_at > %(now)s AND t.revoked_at IS NULL AND NOT p.disabled""",
                {"hash": hashed(secret), "now": now},
            ).fetchone()
            if row is None:
                return None
            *_, name, scopes, token, used_at = row
            if used_at is None or used_at <= now - TOUCH:
                touch(db, _USED, {"id": token}, now)
        return Grant(name, account_of(row).person, frozenset(scopes), token)

    def all(self, account: AccountId | None = None) -> Sequence[Token]:
        with connected(self._pool) as db:
            rows = db.execute(
                f"""{_ASKED} WHERE %(account)s::uuid IS NULL OR t.account = %(account)s
                    ORDER BY t.issued_at DESC NULLS LAST, t.id""",
                {"account": account},
            ).fetchall()
        return [_token(row) for row in rows]

    def one(self, token: str) -> Token | None:
        with connected(self._pool) as db:
            row = db.execute(f"{_ASKED} WHERE t.id = %s", (token,)).fetchone()
        return _token(row) if row else None

    def rotate(
        self, token: str, now: datetime, ends_at: datetime, former_ends_at: datetime, key: CommandKey | None = None
    ) -> str | None:
        secret = _secret(token)
        with connected(self._pool) as db:
            done = db.execute(
                """UPDATE access.tokens
                   SET token_hash = %(hash)s, former_hash = token_hash, former_ends_at = %(former)s, ends_at = %(ends)s,
                       rotated_by = %(key)s
                   WHERE id = %(id)s AND revoked_at IS NULL AND ends_at > %(now)s
                     AND (%(key)s::uuid IS NULL OR rotated_by IS DISTINCT FROM %(key)s)""",
                {
                    "hash": hashed(secret),
                    "former": former_ends_at,
                    "ends": ends_at,
                    "id": token,
                    "now": now,
                    "key": key,
                },
            )
            if done.rowcount:
                return secret
            repeated = "SELECT FROM access.tokens WHERE id = %s AND rotated_by = %s AND revoked_at IS NULL"
            return None if db.execute(repeated, (token, key)).fetchone() is None else ""

    def revoke(self, token: str, now: datetime) -> None:
        with connected(self._pool) as db:
            db.execute("UPDATE access.tokens SET revoked_at = %s WHERE id = %s AND revoked_at IS NULL", (now, token))


def touch(db: Connection[tuple[Any, ...]], update: LiteralString, named: dict[str, Any], now: datetime) -> None:
    """Note a use. `update` waits for no lock, and this for no disk; what cannot be noted is not."""
    try:
        with db.transaction():
            db.execute("SET LOCAL synchronous_commit = off")
            db.execute(update, named | {"now": now, "before": now - TOUCH})
    except psycopg.Error:
        if db.closed:
            raise


def _secret(token: str) -> str:
    return f"{PREFIX}{token}_{new_secret()}"


def _token(row: Sequence[Any]) -> Token:
    return Token(
        id=row[0],
        name=row[1],
        account=AccountId(row[2]),
        owner=row[3],
        email=row[4],
        scopes=tuple(row[5]),
        issued_at=row[6],
        ends_at=row[7],
        used_at=row[8],
        former_ends_at=row[9],
        revoked_at=row[10],
    )
