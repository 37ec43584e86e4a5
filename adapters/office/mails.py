"""Mail that waits, in PostgreSQL."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from adapters.database.pool import Pool
from adapters.identity.connection import changing, connected
from adapters.office.notices import shown
from application.identity import mail_id
from application.mailing import Mail, MailState
from application.notices import Shown
from domain.kernel import AccountId

KEPT: Final = timedelta(days=90)
"""So long mails stay after they were made, for whoever looks for one."""
_LONGEST_FAULT: Final = 500
_OPEN: Final = "sent_at IS NULL AND given_up_at IS NULL"


class PostgresMails:
    """Implements application.mailing.Mails."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def gather(self, day: date, now: datetime) -> None:
        with connected(self._pool) as db:
            db.execute("DELETE FROM office.mails WHERE made_at < %s", (now - KEPT,))
            rows = db.execute(
                "SELECT DISTINCT account FROM office.notices WHERE digest AND mail IS NULL AND read_at IS NULL"
            ).fetchall()
        for (account,) in rows:
            self._digest(account, mail_id(account, f"digest/{day}"), now)

    def _digest(self, account: AccountId, mail: object, now: datetime) -> None:
        with changing(self._pool) as db:
            db.execute(
                """WITH made AS (
                       INSERT INTO office.mails (id, account, digest, made_at, next_at)
                       VALUES (%(mail)s, %(account)s, true, %(now)s, %(now)s) ON CONFLICT (id) DO NOTHING
                       RETURNING id
                   )
                   UPDATE office.notices SET mail = made.id FROM made
                   WHERE account = %(account)s AND digest AND mail IS NULL AND read_at IS NULL""",
                {"mail": mail, "account": account, "now": now},
            )

    def due(self, now: datetime, most: int) -> Sequence[Mail]:
        with connected(self._pool) as db:
            rows = db.execute(
                f"""SELECT id, account, digest, made_at, next_at, attempts, subscription FROM office.mails
                    WHERE {_OPEN} AND next_at <= %s ORDER BY next_at, id LIMIT %s""",  # noqa: S608 - our own words
                (now, most),
            ).fetchall()
        names = ("id", "account", "digest", "made_at", "next_at", "attempts", "subscription")
        return [Mail(**dict(zip(names, row, strict=True))) for row in rows]

    def claim(self, mail: Mail, until: datetime) -> bool:
        with connected(self._pool) as db:
            done = db.execute(
                f"""UPDATE office.mails SET next_at = %s, attempts = attempts + 1
                    WHERE id = %s AND next_at = %s AND {_OPEN}""",  # noqa: S608 - our own words
                (until, mail.id, mail.next_at),
            )
        return done.rowcount == 1

    def notices(self, mail: Mail, local_government: str | None) -> Sequence[Shown]:
        with connected(self._pool) as db:
            rows = db.execute(
                """SELECT n.id, n.kind, n.tag, n.actor, n.at, n.read_at IS NOT NULL, r.body
                   FROM views.register AS r JOIN office.notices AS n USING (case_id)
                   WHERE n.mail = %(mail)s AND (%(home)s::text IS NULL OR r.homes @> ARRAY[%(home)s::text])
                   ORDER BY n.id""",
                {"mail": mail.id, "home": local_government},
            ).fetchall()
        return [shown(row) for row in rows]

    def sent(self, mail: Mail, now: datetime) -> None:
        with changing(self._pool) as db:
            db.execute("UPDATE office.mails SET sent_at = %s, fault = NULL WHERE id = %s", (now, mail.id))
            db.execute("DELETE FROM office.unreachable WHERE account = %s", (mail.account,))

    def later(self, mail: Mail, at: datetime, fault: str) -> None:
        with connected(self._pool) as db:
            db.execute(
                "UPDATE office.mails SET next_at = %s, fault = %s WHERE id = %s",
                (at, fault[:_LONGEST_FAULT] or None, mail.id),
            )

    def given_up(self, mail: Mail, now: datetime, fault: str) -> None:
        with connected(self._pool) as db:
            db.execute(
                "UPDATE office.mails SET given_up_at = %s, fault = %s WHERE id = %s",
                (now, fault[:_LONGEST_FAULT], mail.id),
            )

    def unreachable(self, mail: Mail, address: str, now: datetime, fault: str) -> None:
        self.given_up(mail, now, fault)
        with connected(self._pool) as db:
            db.execute(
                """INSERT INTO office.unreachable (account, address, since, reply) VALUES (%s, %s, %s, %s)
                   ON CONFLICT (account) DO UPDATE SET address = EXCLUDED.address, reply = EXCLUDED.reply""",
                (mail.account, address, now, fault[:_LONGEST_FAULT]),
            )

    def unreached(self, accounts: Collection[AccountId] = ()) -> Mapping[AccountId, datetime]:
        with connected(self._pool) as db:
            rows = db.execute(
                """SELECT u.account, u.since FROM office.unreachable u
                   JOIN access.accounts a ON a.id = u.account AND a.email = u.address
                   WHERE %(all)s OR u.account = ANY(%(accounts)s)""",
                {"all": not accounts, "accounts": list(accounts)},
            ).fetchall()
        return dict(rows)

    def state(self, now: datetime) -> MailState:
        with connected(self._pool) as db:
            row = db.execute(
                f"""SELECT count(*) FILTER (WHERE {_OPEN}), count(*) FILTER (WHERE given_up_at > %s)
                    FROM office.mails""",  # noqa: S608 - our own words
                (now - timedelta(days=7),),
            ).fetchone()
        waiting, given_up = row or (0, 0)
        return MailState(waiting, given_up, len(self.unreached()))
