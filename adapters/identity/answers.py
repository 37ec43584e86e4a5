"""Answers of the API in PostgreSQL."""

from datetime import datetime

from adapters.database.pool import Pool
from adapters.identity.connection import changing, connected
from application.answers import Answer
from domain.kernel import AccountId, CommandKey


class PostgresAnswers:
    """Implements application.answers.Answers."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def find(self, key: CommandKey, now: datetime) -> tuple[bytes, Answer] | None:
        with connected(self._pool) as db:
            row = db.execute(
                "SELECT digest, status, body, location, version FROM access.answers WHERE key = %s AND ends_at > %s",
                (key, now),
            ).fetchone()
        return (bytes(row[0]), Answer(row[1], bytes(row[2]), row[3], row[4])) if row else None

    def keep(
        self, key: CommandKey, account: AccountId, digest: bytes, answer: Answer, now: datetime, ends: datetime
    ) -> None:
        with changing(self._pool) as db:
            db.execute("DELETE FROM access.answers WHERE ends_at <= %s", (now,))
            db.execute(
                """INSERT INTO access.answers (key, account, digest, status, body, location, version, ends_at)
                   VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (key) DO NOTHING""",
                (key, account, digest, answer.status, answer.body, answer.location, answer.version, ends),
            )
