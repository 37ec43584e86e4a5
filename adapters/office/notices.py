"""Notices in PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import msgspec

from adapters.database.leading import Connection
from adapters.database.pool import Pool
from adapters.identity.connection import connected
from adapters.readside.reads import Connections, Reads
from application.access import Scope
from application.identity import mail_id
from application.notice_choices import By
from application.notices import Kind, Notice, NoticePage, Shown
from application.views.register import RegisterRow
from domain.kernel import AccountId

_ROW: Final = msgspec.json.Decoder(RegisterRow)
_IN_SIGHT: Final = """
    FROM views.register AS r JOIN office.notices AS n USING (case_id)
    WHERE n.account = %(account)s AND (%(home)s::text IS NULL OR r.homes @> ARRAY[%(home)s::text])
"""
_UNREAD: Final = f"""
    SELECT count(*) FROM (SELECT {_IN_SIGHT} AND n.read_at IS NULL LIMIT %(most)s) AS found
""".encode()  # noqa: S608 - our own words, every value is a parameter
_PAGE: Final = f"""
    WITH seen AS (SELECT n.*, r.body {_IN_SIGHT} AND (%(until)s::timestamptz IS NULL OR n.at <= %(until)s)),
         page AS (SELECT * FROM seen ORDER BY id DESC LIMIT %(most)s OFFSET %(skip)s)
    SELECT total.n, p.id, p.kind, p.tag, p.actor, p.at,
           p.read_at IS NOT NULL AND (%(until)s::timestamptz IS NULL OR p.read_at <= %(until)s), p.body
    FROM (SELECT count(*) AS n FROM seen) AS total LEFT JOIN page AS p ON true ORDER BY p.id DESC
""".encode()  # noqa: S608 - as above


_ADD: Final = """
    WITH told AS (
        INSERT INTO office.notices (account, source, kind, case_id, tag, actor, at, digest, mail)
        SELECT a.id, %(source)s, %(kind)s, %(case)s, %(tag)s, %(actor)s, %(at)s, %(digest)s, %(mail)s
        FROM access.accounts AS a WHERE a.id = %(account)s
        ON CONFLICT (account, source) DO NOTHING RETURNING account, mail
    )
    INSERT INTO office.mails (id, account, digest, made_at, next_at)
    SELECT mail, account, false, %(now)s, %(now)s FROM told WHERE mail IS NOT NULL
"""


def add(connection: Connection, notices: Sequence[tuple[Notice, By]], now: datetime) -> None:
    """Keep those that are new, with the mail that goes at once."""
    with connection.cursor() as cursor:
        cursor.executemany(_ADD, [_row(notice, by, now) for notice, by in notices])


def _row(notice: Notice, by: By, now: datetime) -> dict[str, Any]:
    source = notice.source
    return {
        "account": notice.account,
        "source": source,
        "kind": notice.kind.value,
        "case": notice.case,
        "tag": notice.tag,
        "actor": notice.actor,
        "at": notice.at,
        "digest": by is By.DIGEST,
        "mail": mail_id(notice.account, source) if by is By.AT_ONCE else None,
        "now": now,
    }


class PostgresNotices:
    """Implements application.notices.Notices."""

    def __init__(self, pool: Pool) -> None:
        self._pool, self._reads = pool, Reads(pool)

    def unread(self, account: AccountId, scope: Scope, most: int) -> int:
        asked = {"account": account, "home": scope.local_government, "most": most}
        with self._reads.connection() as connection:
            [(count,)] = connection.execute(_UNREAD, asked).fetchall()
        return count

    def mark(self, account: AccountId, notice: int, at: datetime) -> None:
        with connected(self._pool) as db:
            db.execute(
                "UPDATE office.notices SET read_at = %s WHERE account = %s AND id = %s AND read_at IS NULL",
                (at, account, notice),
            )

    def mark_all(self, account: AccountId, until: int, at: datetime) -> None:
        with connected(self._pool) as db:
            db.execute(
                "UPDATE office.notices SET read_at = %s WHERE account = %s AND id <= %s AND read_at IS NULL",
                (at, account, until),
            )


class PostgresNoticeLists:
    """Implements application.notices.NoticeLists, over the views of the present or of a past day, `until` when."""

    def __init__(self, views: Connections, until: datetime | None = None) -> None:
        self._views, self._until = views, until

    def page(self, scope: Scope, account: AccountId, most: int, skip: int) -> NoticePage:
        asked = {"account": account, "home": scope.local_government, "until": self._until, "most": most, "skip": skip}
        with self._views.connection() as connection:
            found = connection.execute(_PAGE, asked).fetchall()
        return NoticePage(tuple(shown(row[1:]) for row in found if row[1] is not None), found[0][0])


def shown(row: Sequence[Any]) -> Shown:
    notice, kind, tag, actor, at, read, body = row
    return Shown(id=notice, kind=Kind(kind), tag=tag, actor=actor, at=at, read=read, case=_ROW.decode(body))
