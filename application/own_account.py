"""What everybody does with the own account: look at it, and set a password."""

from datetime import timedelta
from typing import Final

import msgspec

from application.accounts import Account, Accounts
from application.passwords import LONGEST_PASSWORD, Passwords, about_password
from application.ports import Clock
from application.signing_in import LONGEST, PER_ACCOUNT, Attempts, Session, Sessions, account_door, brake
from domain.kernel import Refusal, Refused

FRESH_LINK: Final = timedelta(minutes=15)
"""So long after signing in by a one-time link a forgotten password can be replaced."""


class SetPassword(msgspec.Struct, frozen=True, kw_only=True):
    """Asks for a password, exactly as typed. `present` counts only where `asks_for_present` says so."""

    present: str = ""
    password: str
    again: str


class KeepingOwnAccount:
    """`session` is that of whoever asks."""

    def __init__(
        self, accounts: Accounts, sessions: Sessions, attempts: Attempts, passwords: Passwords, clock: Clock
    ) -> None:
        self._accounts, self._sessions, self._attempts = accounts, sessions, attempts
        self._passwords, self._clock = passwords, clock

    def account(self, session: Session) -> Account:
        """Raises Refused where it is gone."""
        found = self._accounts.find(session.person.account)
        if found is None:
            raise Refused(Refusal("account.gone"))
        return found

    def asks_for_present(self, session: Session, account: Account) -> bool:
        """Whether a new password needs the present one: not where there is none, nor just after a one-time link."""
        since_link = self._clock() - session.linked_at if session.linked_at else FRESH_LINK
        return account.has_password and since_link >= FRESH_LINK

    def offers_password(self, session: Session) -> bool:
        """Whether the person came by a one-time link and has no other way in."""
        return session.linked_at is not None and not self.account(session).has_password

    def set_password(self, session: Session, wish: SetPassword) -> str:
        """The secret of a new session; every other one of the account ends, and so do its one-time links.

        Raises Refused with every reason, each naming its field, or with `sign-in.too-often` as signing in does.
        """
        account = self.account(session)
        refusals: list[Refusal] = []
        if self.asks_for_present(session, account) and not self._is_present(account, wish.present):
            refusals.append(Refusal("account.present-password-wrong", field="present_password"))
        refusals += about_password(wish.password, (account.name, account.email), self._passwords)
        if wish.again != wish.password:
            refusals.append(Refusal("account.passwords-differ", field="password_again"))
        if refusals:
            raise Refused(*refusals)
        self._accounts.change_password(account.id, self._passwords.hash(wish.password))
        now = self._clock()
        return self._sessions.open(account.id, now, now + LONGEST)

    def _is_present(self, account: Account, typed: str) -> bool:
        """A session that was left open is no way around the brake on guessing."""
        door = account_door(account.email)
        brake(self._attempts, self._clock(), door, PER_ACCOUNT)
        found = self._accounts.password_hash(account.email)
        right = found is not None and self._passwords.verify(typed[: LONGEST_PASSWORD + 1], found[1])
        if right:
            self._attempts.forget(door)
        return right
