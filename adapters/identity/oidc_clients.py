"""Clients of an identity provider in PostgreSQL."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from adapters.database.pool import Pool
from adapters.identity.accounts import account_of
from adapters.identity.connection import connected
from adapters.identity.tokens import ID_BYTES, TOUCH, touch
from application.oidc_clients import Added, Asserted, Client, TokenRefused
from application.tokens import Grant
from domain.kernel import AccountId

_USED: Final = """
    UPDATE access.oidc_clients SET used_at = %(now)s WHERE id = (
        SELECT id FROM access.oidc_clients WHERE id = %(id)s AND (used_at IS NULL OR used_at <= %(before)s)
        FOR UPDATE SKIP LOCKED)"""


class PostgresClients:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def keep(self, client: Added) -> str:
        with connected(self._pool) as db:
            row = db.execute(
                """INSERT INTO access.oidc_clients (id, issuer, client, subject, account, scopes, added_at, added_by)
                   VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
                   ON CONFLICT (issuer, client) DO UPDATE
                   SET (subject, account, scopes, added_at, added_by) =
                       (excluded.subject, excluded.account, excluded.scopes, excluded.added_at, excluded.added_by)
                   RETURNING id""",
                (
                    *(secrets.token_hex(ID_BYTES), client.issuer, client.client, client.subject, client.account),
                    *(list(client.scopes), client.added_at, client.added_by),
                ),
            ).fetchone()
        assert row is not None  # noqa: S101 - an INSERT that updates on conflict gives one row
        return row[0]

    def all(self) -> Sequence[Client]:
        with connected(self._pool) as db:
            rows = db.execute(
                """SELECT c.id, c.issuer, c.client, c.subject, c.account, p.name, p.email, c.scopes, c.added_at,
                          c.used_at
                   FROM access.oidc_clients c JOIN access.people p ON p.id = c.account
                   ORDER BY c.issuer, c.client"""
            ).fetchall()
        return [
            Client(
                id=row[0],
                issuer=row[1],
                client=row[2],
                subject=row[3],
                account=AccountId(row[4]),
                owner=row[5],
                email=row[6],
                scopes=tuple(row[7]),
                added_at=row[8],
                used_at=row[9],
            )
            for row in rows
        ]

    def remove(self, client: str) -> None:
        with connected(self._pool) as db:
            db.execute("DELETE FROM access.oidc_clients WHERE id = %s", (client,))

    def find(self, issuer: str, asserted: Asserted, now: datetime) -> Grant:
        with connected(self._pool) as db:
            row = db.execute(
                """SELECT p.*, c.id, c.client, c.subject, c.scopes, c.used_at
                   FROM access.oidc_clients c JOIN access.people p ON p.id = c.account
                   WHERE c.issuer = %s AND c.client = %s AND NOT p.disabled""",
                (issuer, asserted.client),
            ).fetchone()
            if row is None:
                raise TokenRefused("the client is not among those that were added here")
            *_, id_, client, subject, scopes, used_at = row
            if asserted.subject != subject:
                raise TokenRefused("the subject is another one than that of the client")
            if used_at is None or used_at <= now - TOUCH:
                touch(db, _USED, {"id": id_}, now)
        return Grant(client, account_of(row).person, frozenset(scopes), f"client {id_}")
