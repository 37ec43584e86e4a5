"""Entries that wait for a sign-in, in PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime

from adapters.database.pool import Pool
from adapters.identity.connection import changing, connected
from adapters.identity.secrets import hashed, new_secret
from application.kept_entries import KeptEntry
from application.script import fold
from domain.kernel import AccountId


class PostgresKeptEntries:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def keep(self, entry: KeptEntry, now: datetime, until: datetime, most: int) -> str:
        secret = new_secret()
        fields = entry.fields.encode("utf-8", "surrogatepass")
        with changing(self._pool) as db:
            db.execute("DELETE FROM access.kept_entries WHERE ends_at <= %s", (now,))
            db.execute(
                """INSERT INTO access.kept_entries (key_hash, account, target, fields, kept_at, ends_at)
                   VALUES (%s, %s, %s, %s, %s, %s)""",
                (hashed(secret), entry.account, entry.target, fields, now, until),
            )
            db.execute(
                """DELETE FROM access.kept_entries WHERE key_hash IN (
                       SELECT key_hash FROM access.kept_entries WHERE account IS NOT DISTINCT FROM %s::uuid
                       ORDER BY kept_at DESC, key_hash = %s DESC OFFSET %s)""",
                (entry.account, hashed(secret), most),
            )
        return secret

    def take(self, secret: str, now: datetime) -> KeptEntry | None:
        with connected(self._pool) as db:
            row = db.execute(
                "DELETE FROM access.kept_entries WHERE key_hash = %s RETURNING target, fields, account, ends_at > %s",
                (hashed(secret), now),
            ).fetchone()
        if row is None or not row[3]:
            return None
        return KeptEntry(row[0], row[1].decode("utf-8", "surrogatepass"), AccountId(row[2]) if row[2] else None)

    def drop(self, texts: Sequence[str], name: Sequence[str]) -> int:
        """See application.people_ports.Drafts. What waits here is over in an hour, so there is little to look at."""
        wanted = [folded for text in texts if (folded := fold(text))]
        with changing(self._pool) as db:
            rows = db.execute("SELECT key_hash, fields FROM access.kept_entries FOR UPDATE").fetchall()
            held = [(key, fold(fields.decode("utf-8", "replace").replace("\\n", " "))) for key, fields in rows]
            gone = [
                key
                for key, fields in held
                if any(text in fields for text in wanted) or (name and all(word in fields for word in name))
            ]
            db.execute("DELETE FROM access.kept_entries WHERE key_hash = ANY(%s)", (gone,))
        return len(gone)
