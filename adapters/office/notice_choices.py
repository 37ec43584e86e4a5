"""What people chose about mail, in PostgreSQL."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from adapters.database.pool import Pool
from adapters.identity.connection import connected
from application.notice_choices import By, Chosen
from application.notices import Kind
from domain.kernel import AccountId


class PostgresChoices:
    """Implements application.notice_choices.Choices."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def of(self, account: AccountId) -> Chosen:
        asked = "SELECT account, kind, by FROM office.notice_choices WHERE account = %s"
        with connected(self._pool) as db:
            return _chosen(db.execute(asked, (account,)).fetchall()).get(account, {})

    def of_all(self) -> Mapping[AccountId, Chosen]:
        with connected(self._pool) as db:
            return _chosen(db.execute("SELECT account, kind, by FROM office.notice_choices").fetchall())

    def choose(self, account: AccountId, chosen: Chosen) -> None:
        with connected(self._pool) as db:
            db.execute(
                """INSERT INTO office.notice_choices (account, kind, by)
                   SELECT %s, * FROM unnest(%s::text[], %s::text[])
                   ON CONFLICT (account, kind) DO UPDATE SET by = EXCLUDED.by""",
                (account, [kind.value for kind in chosen], [by.value for by in chosen.values()]),
            )


def _chosen(rows: Sequence[tuple[Any, ...]]) -> dict[AccountId, dict[Kind, By]]:
    found = defaultdict[AccountId, dict[Kind, By]](dict)
    for account, kind, by in rows:
        found[account][Kind(kind)] = By(by)
    return found
