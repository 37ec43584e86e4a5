"""Accounts in PostgreSQL."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from time import monotonic
from typing import Any, Final
from uuid import UUID

from psycopg.errors import UniqueViolation

from adapters.database.pool import Pool
from adapters.identity.connection import changing, connected
from application.access import Role
from application.accounts import Account, EmailTaken
from application.script import sort_key
from domain.kernel import AccountId

LATELY_SECONDS: Final = 1.0


def account_of(row: Sequence[Any]) -> Account:
    """An account from a row that begins with those of the view `access.people`."""
    return Account(
        id=AccountId(row[0]),
        name=row[1],
        email=row[2],
        role=Role(row[3]),
        local_government=row[4],
        locale=row[5],
        disabled=row[6],
        has_password=row[7],
        opened_at=row[8],
        signed_in_at=row[10],
        human=row[11],
    )


class PostgresAccounts:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._lately: tuple[float, Mapping[UUID, Account]] = (0.0, {})

    def add(self, account: Account, password_hash: str | None) -> None:
        a = account
        row = (a.id, a.name, a.email, a.email.casefold(), a.role.value, a.local_government, a.locale)
        try:
            with connected(self._pool) as db:
                db.execute(
                    """INSERT INTO access.accounts (id, name, email, email_key, role, local_government, locale,
                                                    password_hash, opened_at)
                       VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)""",
                    (*row, password_hash, a.opened_at),
                )
        except UniqueViolation as taken:
            raise EmailTaken(a.email) from taken
        self._lately = (0.0, {})

    def all(self) -> Sequence[Account]:
        with connected(self._pool) as db:
            rows = db.execute("SELECT * FROM access.people").fetchall()
        return sorted(map(account_of, rows), key=lambda account: sort_key(account.name))

    def lately(self) -> Mapping[UUID, Account]:
        until, known = self._lately
        if monotonic() >= until:
            known = dict[UUID, Account]((account.id, account) for account in self.all())
            self._lately = monotonic() + LATELY_SECONDS, known
        return known

    def find(self, account: AccountId) -> Account | None:
        with connected(self._pool) as db:
            row = db.execute("SELECT * FROM access.people WHERE id = %s", (account,)).fetchone()
        return account_of(row) if row else None

    def by_email(self, email: str) -> Account | None:
        found = self.password_hash(email)
        return found[0] if found else None

    def password_hash(self, email: str) -> tuple[Account, str | None] | None:
        with connected(self._pool) as db:
            row = db.execute(
                """SELECT p.*, a.password_hash FROM access.people p JOIN access.accounts a USING (id)
                   WHERE a.email_key = %s""",
                (email.casefold(),),
            ).fetchone()
        return (account_of(row), row[-1]) if row else None

    def keep_password(self, account: AccountId, password_hash: str) -> None:
        with connected(self._pool) as db:
            db.execute("UPDATE access.accounts SET password_hash = %s WHERE id = %s", (password_hash, account))

    def change_password(self, account: AccountId, password_hash: str) -> None:
        with changing(self._pool) as db:
            db.execute("UPDATE access.accounts SET password_hash = %s WHERE id = %s", (password_hash, account))
            db.execute("DELETE FROM access.sessions WHERE account = %s", (account,))
            db.execute("DELETE FROM access.links WHERE account = %s AND NOT reusable", (account,))

    def speak(self, account: AccountId, locale: str) -> None:
        with connected(self._pool) as db:
            db.execute("UPDATE access.accounts SET locale = %s WHERE id = %s", (locale, account))

    def disable(self, account: AccountId, at: datetime) -> None:
        with changing(self._pool) as db:
            db.execute("UPDATE access.accounts SET disabled_at = %s WHERE id = %s", (at, account))
            db.execute("DELETE FROM access.sessions WHERE account = %s", (account,))
            db.execute("DELETE FROM access.links WHERE account = %s", (account,))
            db.execute("DELETE FROM access.oidc_clients WHERE account = %s", (account,))
            db.execute(
                "UPDATE access.tokens SET revoked_at = %s WHERE account = %s AND revoked_at IS NULL", (at, account)
            )
        self._lately = (0.0, {})

    def enable(self, account: AccountId) -> None:
        with connected(self._pool) as db:
            db.execute("UPDATE access.accounts SET disabled_at = NULL WHERE id = %s", (account,))
        self._lately = (0.0, {})

    def join(self, account: AccountId, other: AccountId) -> None:
        with changing(self._pool) as db:
            db.execute("LOCK TABLE access.accounts IN SHARE ROW EXCLUSIVE MODE")
            db.execute(
                """UPDATE access.accounts SET human = (SELECT coalesce(human, id) FROM access.accounts WHERE id = %(b)s)
                   WHERE id IN (%(a)s, %(b)s) OR human = (SELECT human FROM access.accounts WHERE id = %(a)s)""",
                {"a": account, "b": other},
            )
        self._lately = (0.0, {})

    def part(self, account: AccountId) -> None:
        with connected(self._pool) as db:
            db.execute("UPDATE access.accounts SET human = NULL WHERE id = %s", (account,))
        self._lately = (0.0, {})

    def one_human(self) -> Sequence[frozenset[AccountId]]:
        asked = "SELECT array_agg(id) FROM access.accounts WHERE human IS NOT NULL GROUP BY human HAVING count(*) > 1"
        with connected(self._pool) as db:
            return [frozenset(map(AccountId, ids)) for (ids,) in db.execute(asked).fetchall()]
