"""The vault on PostgreSQL: words and persons' data beside the log. They enter with the facts, in one save."""

from collections.abc import Sequence

import psycopg

from adapters.database.pool import Pool
from application.ports import LogUnavailable
from domain.kernel import VaultRef

WORDS = "SELECT ref, text FROM vault.entries WHERE ref = ANY(%s)"


class PostgresVault:
    """Implements application.ports.Vault; raises LogUnavailable where the database does not answer."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def read(self, refs: Sequence[VaultRef]) -> dict[VaultRef, str | None]:
        if not refs:
            return {}
        try:
            with self._pool.connection() as connection:
                found = dict(connection.execute(WORDS, (list(refs),)).fetchall())
        except psycopg.OperationalError as fault:
            raise LogUnavailable(" ".join(str(fault).split())) from fault
        return {ref: found.get(ref) for ref in refs}
