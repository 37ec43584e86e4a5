"""One-time links for sides abroad, in PostgreSQL."""

from datetime import datetime

from adapters.database.pool import Pool
from adapters.identity.connection import connected
from adapters.identity.secrets import hashed, new_secret
from application.asking_sides import SideLink
from application.ports import CommandKeyReused
from domain.kernel import AccountId, CommandKey


class PostgresSideLinks:
    """Implements application.asking_sides.SideLinks."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def issue(self, link: SideLink, request: CommandKey | None = None) -> str:
        secret = new_secret()
        with connected(self._pool) as db:
            made = db.execute(
                """INSERT INTO access.side_links AS held (token_hash, number, party, locale, asked_by, ends_at, request)
                   VALUES (%s, %s, %s, %s, %s, %s, %s)
                   ON CONFLICT (request) DO UPDATE SET token_hash = excluded.token_hash
                   WHERE (held.number, held.party, held.locale) = (excluded.number, excluded.party, excluded.locale)""",
                (hashed(secret), link.number, link.party, link.locale, link.asked_by, link.ends_at, request),
            )
        if not made.rowcount:
            raise CommandKeyReused
        return secret

    def renew(self, request: CommandKey, now: datetime) -> str | None:
        secret = new_secret()
        with connected(self._pool) as db:
            renewed = db.execute(
                "UPDATE access.side_links SET token_hash = %s WHERE request = %s AND ends_at > %s",
                (hashed(secret), request, now),
            )
        return secret if renewed.rowcount else None

    def find(self, secret: str, now: datetime) -> SideLink | None:
        with connected(self._pool) as db:
            row = db.execute(
                """SELECT number, party, locale, asked_by, ends_at FROM access.side_links
                   WHERE token_hash = %s AND ends_at > %s""",
                (hashed(secret), now),
            ).fetchone()
        if row is None:
            return None
        number, party, locale, asked_by, ends_at = row
        return SideLink(number=number, party=party, locale=locale, asked_by=AccountId(asked_by), ends_at=ends_at)

    def key_of(self, secret: str) -> str:
        return hashed(secret).hex()

    def end(self, secret: str) -> None:
        with connected(self._pool) as db:
            db.execute("DELETE FROM access.side_links WHERE token_hash = %s OR ends_at < now()", (hashed(secret),))
