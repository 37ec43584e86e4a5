"""Saved views of the register, and saved inquiries of the log, in PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from psycopg.errors import UniqueViolation

from adapters.database.pool import Pool
from adapters.identity.connection import connected
from application.saved_views import NameTaken, SavedView
from domain.kernel import AccountId


class PostgresSavedViews:
    def __init__(self, pool: Pool, of: Literal["register", "log"] = "register") -> None:
        self._pool, self._of = pool, of

    def within_reach(self, owner: AccountId, *, shared: bool) -> Sequence[SavedView]:
        with connected(self._pool) as db:
            rows = db.execute(
                """SELECT id, owner, name, query, shared FROM office.saved_views
                   WHERE list = %s AND (owner = %s OR (shared AND %s)) ORDER BY name, id""",
                (self._of, owner, shared),
                prepare=True,
            ).fetchall()
        return [
            SavedView(id=id_, owner=AccountId(whose), name=name, query=query, shared=for_all)
            for id_, whose, name, query, for_all in rows
        ]

    def everybodys(self) -> Sequence[SavedView]:
        """See application.people_ports.SavedFilters."""
        with connected(self._pool) as db:
            rows = db.execute(
                "SELECT id, owner, name, query, shared FROM office.saved_views ORDER BY name, id"
            ).fetchall()
        return [
            SavedView(id=id_, owner=AccountId(whose), name=name, query=query, shared=for_all)
            for id_, whose, name, query, for_all in rows
        ]

    def keep(self, view: SavedView, at: datetime) -> None:
        try:
            with connected(self._pool) as db:
                db.execute(
                    """INSERT INTO office.saved_views (id, list, owner, name, query, shared, saved_at)
                       VALUES (%s, %s, %s, %s, %s, %s, %s)
                       ON CONFLICT (id) DO UPDATE SET name = excluded.name, query = excluded.query,
                           shared = excluded.shared, saved_at = excluded.saved_at""",
                    (view.id, self._of, view.owner, view.name, view.query, view.shared, at),
                )
        except UniqueViolation:
            raise NameTaken from None

    def remove(self, view: UUID) -> None:
        with connected(self._pool) as db:
            db.execute("DELETE FROM office.saved_views WHERE id = %s", (view,))
