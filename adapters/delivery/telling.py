"""Tells people by mail that deliveries wait for them: once a day for each subscription at most."""

from datetime import datetime
from typing import Final
from uuid import UUID

from adapters.database.pool import Pool
from adapters.identity.connection import connected
from application.access import Role
from application.accounts import Account, Accounts
from application.handling import OFFICE
from application.identity import mail_id
from application.ports import Clock
from domain.subscriptions.subscription import Subscription

_ADD: Final = """
    INSERT INTO office.mails (id, account, digest, made_at, next_at, subscription)
    VALUES (%s, %s, false, %s, %s, %s) ON CONFLICT (id) DO NOTHING
"""


class Telling:
    """Its call keeps the mails; their words are written when they are sent."""

    def __init__(self, pool: Pool, accounts: Accounts, clock: Clock) -> None:
        self._pool, self._accounts, self._clock = pool, accounts, clock

    def __call__(self, subscription: UUID, state: Subscription) -> None:
        now = self._clock()
        with connected(self._pool) as db:
            for account in self._readers(state):
                id_ = mail_id(account.id, _told(subscription, now))
                db.execute(_ADD, (id_, account.id, now, now, subscription))

    def _readers(self, state: Subscription) -> list[Account]:
        """Whoever is named; where that account is closed or nobody is, every administrator."""
        people = [account for account in self._accounts.all() if not account.disabled]
        keeper = [account for account in people if account.id == state.keeper]
        return keeper or [account for account in people if account.role is Role.ADMINISTRATOR]


def _told(subscription: UUID, now: datetime) -> str:
    return f"subscription/{subscription}/{now.astimezone(OFFICE).date()}"
