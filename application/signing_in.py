"""Signing in and out: passwords, one-time links, sessions, tokens of other systems, and the brake on guessing."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, Protocol, runtime_checkable

import msgspec

from application.access import Person
from application.accounts import Account, Accounts, Links, normal_email
from application.oidc_clients import ClientGrants
from application.passwords import LONGEST_PASSWORD, Passwords
from application.ports import Clock
from application.tokens import Grant, KeepingTokens, Tokens
from domain.kernel import AccountId, Refusal, Refused

IDLE: Final = timedelta(hours=12)
"""A session ends when nothing was asked for so long: a working day, not a night in the open office."""
LONGEST: Final = timedelta(days=7)
"""A session ends after this however busy it is."""
WINDOW: Final = timedelta(minutes=15)
PER_ACCOUNT: Final = 10
"""Wrong passwords for one account in a window before the door closes until the window is over."""
PER_ADDRESS: Final = 60
"""The same for one network address, where a whole town hall may stand behind one."""


class Session(msgspec.Struct, frozen=True):
    """A signed-in browser. `key` names the session without being able to open it."""

    key: str
    person: Person
    locale: str
    linked_at: datetime | None = None
    """When a one-time link opened it; None where a password did."""


class Attempt(msgspec.Struct, frozen=True):
    """How often a door was tried in the running window, this time included, and when the window ends."""

    count: int
    until: datetime


@runtime_checkable
class Sessions(Protocol):
    def open(self, account: AccountId, now: datetime, ends: datetime, *, linked: bool = False) -> str:
        """A new secret for the cookie; only its hash is kept. `linked` where a one-time link opened it."""
        ...

    def find(self, secret: str, now: datetime, idle: timedelta) -> Session | None:
        """The session, if it is neither idle for too long, nor over, nor of a disabled account; marks it as used."""
        ...

    def owner(self, secret: str) -> AccountId | None:
        """Whose session it is, or was, as long as anything is known of it."""
        ...

    def close(self, secret: str) -> None: ...


@runtime_checkable
class Attempts(Protocol):
    def count(self, door: str, now: datetime, window: timedelta) -> Attempt:
        """Count one attempt, atomically, before it is known how it ends."""
        ...

    def forget(self, door: str) -> None: ...


class SigningIn:
    """Every way in, and the way out."""

    def __init__(
        self,
        accounts: Accounts,
        sessions: Sessions,
        links: Links,
        tokens: Tokens,
        attempts: Attempts,
        passwords: Passwords,
        clock: Clock,
        clients: ClientGrants | None = None,
    ) -> None:
        """`clients` is None where no identity provider is set."""
        self._accounts, self._sessions, self._links, self._tokens = accounts, sessions, links, tokens
        self._attempts, self._passwords, self._clock, self._clients = attempts, passwords, clock, clients

    def with_password(self, email: str, password: str, address: str) -> str:
        """The secret of a new session.

        Raises Refused with `sign-in.wrong` (which of the two was wrong is not said, and takes as long to find out
        for an unknown account) or with `sign-in.too-often`.
        """
        email = normal_email(email)
        self._brake(f"address {address}", PER_ADDRESS)
        door = account_door(email)
        self._brake(door, PER_ACCOUNT)
        found = self._accounts.password_hash(email) if "\0" not in email else None
        account, hashed = found or (None, None)
        right = self._passwords.verify(password[: LONGEST_PASSWORD + 1], hashed)
        if not right or account is None or account.disabled:
            raise Refused(Refusal("sign-in.wrong"))
        self._attempts.forget(door)
        if hashed is not None and self._passwords.outdated(hashed):
            self._accounts.keep_password(account.id, self._passwords.hash(password))
        return self._open(account)

    def link_of(self, secret: str) -> Account | None:
        """Whose link it is, while it works. Looking does not use it up: a mail scanner looks too."""
        return self._links.whose(secret, self._clock())

    def with_link(self, secret: str) -> str:
        """The secret of a new session; the link is used up. Raises Refused with `sign-in.link-over`."""
        used = self._links.use(secret, self._clock())
        if used is None:
            raise Refused(Refusal("sign-in.link-over"))
        return self._open(used.account, linked=used.once)

    def session(self, secret: str) -> Session | None:
        """The session that a cookie opens, None when it is over or never was."""
        return self._sessions.find(secret, self._clock(), IDLE)

    def sign_out(self, secret: str) -> None:
        self._sessions.close(secret)

    def speak(self, person: Person, locale: str) -> None:
        """Remember the language and script that a person chose."""
        self._accounts.speak(person.account, locale)

    def grant(self, token: str) -> Grant | None:
        """What a bearer token allows, None when it is over or never was.

        One with a point in it can only be of the identity provider. Raises LogUnavailable, ProviderUnavailable.
        """
        if "." in token:
            return self._clients.grant(token, self._clock()) if self._clients else None
        return self._tokens.find(token, self._clock())

    def issue_token(self, by: Person, account: AccountId, name: str, scopes: Sequence[str], lasts: timedelta) -> str:
        """The secret of a new token: `KeepingTokens.issue` for those who hold only this. Raises Forbidden; Refused."""
        return KeepingTokens(self._tokens, self._accounts, self._clock).issue(by, account, name, scopes, lasts)[1]

    def _open(self, account: Account, *, linked: bool = False) -> str:
        now = self._clock()
        return self._sessions.open(account.id, now, now + LONGEST, linked=linked)

    def _brake(self, door: str, most: int) -> None:
        brake(self._attempts, self._clock(), door, most)


def account_door(email: str) -> str:
    """Under which wrong passwords for an account are counted, wherever they are typed."""
    return f"account {email.casefold()}"


def brake(attempts: Attempts, now: datetime, door: str, most: int) -> None:
    """Counts before the password is looked at, so that attempts in parallel do not slip through. Raises Refused."""
    attempt = attempts.count(door, now, WINDOW)
    if attempt.count > most:
        minutes = max(1, -int(-(attempt.until - now).total_seconds() // 60))
        raise Refused(Refusal("sign-in.too-often", {"minutes": minutes}))
