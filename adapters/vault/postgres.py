"""The vault on PostgreSQL: words and persons' data beside the log. They enter with the facts, in one save."""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg

from adapters.database.pool import Pool
from adapters.recording.mapper import FactMapper
from adapters.vault.patterns import pattern
from application.people_ports import Erasure, Kept
from application.ports import LogUnavailable, Recorded
from domain.kernel import VaultRef

WORDS = "SELECT ref, text FROM vault.entries WHERE ref = ANY(%s)"
CORRECTED = """
    WITH RECURSIVE chain AS (
        SELECT ref AS asked, replaced_by FROM vault.erasures WHERE ref = ANY(%s) AND replaced_by IS NOT NULL
        UNION
        SELECT chain.asked, e.replaced_by FROM chain JOIN vault.erasures AS e ON e.ref = chain.replaced_by
        WHERE e.replaced_by IS NOT NULL
    )
    SELECT chain.asked, v.text FROM chain JOIN vault.entries AS v ON v.ref = chain.replaced_by
"""
KEPT = "SELECT ref, kind, stream, recorded_at, text FROM vault.entries "
SEARCH = KEPT + "WHERE text ~ ALL(%s) ORDER BY recorded_at DESC, ref LIMIT %s"
FACTS = """
    SELECT originator_id, originator_version, topic, state, notification_id, recorded_at FROM log.facts
    WHERE topic LIKE 'people.%' ORDER BY notification_id
"""


class PostgresVault:
    """Implements application.ports.Vault and application.people_ports.PersonVault; raises LogUnavailable where the
    database does not answer."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def read(self, refs: Sequence[VaultRef]) -> dict[VaultRef, str | None]:
        if not refs:
            return {}
        with self._connected() as connection:
            found = dict(connection.execute(WORDS, (list(refs),)).fetchall())
            if missing := [ref for ref in refs if ref not in found]:
                found |= dict(connection.execute(CORRECTED, (missing,)).fetchall())
        return {ref: found.get(ref) for ref in refs}

    def search(self, words: Sequence[str], most: int) -> Sequence[Kept]:
        with self._connected() as connection:
            rows = connection.execute(SEARCH, ([pattern(word) for word in words], most)).fetchall()
        return [Kept(*row) for row in rows]

    def kept(self, refs: Sequence[VaultRef]) -> Sequence[Kept]:
        with self._connected() as connection:
            rows = connection.execute(KEPT + "WHERE ref = ANY(%s) ORDER BY recorded_at, ref", (list(refs),)).fetchall()
        return [Kept(*row) for row in rows]

    def erasures(self) -> Sequence[Erasure]:
        with self._connected() as connection:
            asked = "SELECT ref, position, erased_at FROM vault.erasures ORDER BY position, ref"
            return [Erasure(*row) for row in connection.execute(asked).fetchall()]

    @contextmanager
    def _connected(self) -> Generator[psycopg.Connection[tuple[Any, ...]]]:
        try:
            with self._pool.connection() as connection:
                yield connection
        except psycopg.OperationalError as fault:
            raise LogUnavailable(" ".join(str(fault).split())) from fault


class PostgresPeopleFacts:
    """Implements application.people_ports.PeopleFacts."""

    def __init__(self, pool: Pool, mapper: FactMapper) -> None:
        self._pool = pool
        self._mapper = mapper

    def all(self) -> Sequence[Recorded]:
        try:
            with self._pool.connection() as connection, connection.cursor(binary=True) as cursor:
                return self._mapper.read_all(cursor.execute(FACTS).fetchall())
        except psycopg.OperationalError as fault:
            raise LogUnavailable(" ".join(str(fault).split())) from fault
