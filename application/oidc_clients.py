"""Systems that ask with access tokens of an identity provider: OIDC clients, each for an account and within scopes.

The provider says only who asks (RFC 9068, RFC 7519). What such a one may do is what an administrator has written here.
"""

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final, Protocol, runtime_checkable

import msgspec

from application.access import Forbidden, Person, Role
from application.accounts import Accounts
from application.ports import Clock
from application.tokens import Grant, known_scopes, open_account
from domain.kernel import AccountId, Refusal, Refused

LONGEST_ACCESS_TOKEN: Final = 8_192
"""Characters."""
LONGEST_CLIENT: Final = 200
_ID: Final = re.compile("[0-9a-f]{10}")


class TokenRefused(Exception):
    """An access token that does not hold. `reason` is for the log: it repeats nothing of the token."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class ProviderUnavailable(Exception):
    """Whether a token holds cannot be found out now. `wait` is how many seconds to wait before asking again."""

    def __init__(self, reason: str, wait: int) -> None:
        super().__init__(reason)
        self.wait = wait


class Asserted(msgspec.Struct, frozen=True):
    """Who a token was issued to, as the provider has signed it."""

    client: str
    """`azp` or `client_id`."""
    subject: str
    """`sub`: of client credentials the client itself, of a person who signed in through the client that person."""


class Client(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    """Public."""
    issuer: str
    client: str
    """As the provider has it."""
    subject: str
    account: AccountId
    owner: str
    """Name of the account in whose name it acts."""
    email: str
    scopes: tuple[str, ...]
    added_at: datetime
    used_at: datetime | None
    """To the minute; None where it was never used."""


class Added(msgspec.Struct, frozen=True, kw_only=True):
    """What a client is to be."""

    issuer: str
    client: str
    subject: str
    account: AccountId
    scopes: tuple[str, ...]
    added_at: datetime
    added_by: AccountId


@runtime_checkable
class AccessTokens(Protocol):
    def verified(self, token: str, now: datetime) -> Asserted:
        """Raises TokenRefused, ProviderUnavailable."""
        ...


@runtime_checkable
class Clients(Protocol):
    def keep(self, client: Added) -> str:
        """In place of what was kept of this client, if anything; its id."""
        ...

    def all(self) -> Sequence[Client]: ...

    def remove(self, client: str) -> None: ...

    def find(self, issuer: str, asserted: Asserted, now: datetime) -> Grant:
        """What the client may do; notes the use without waiting for anything. Raises TokenRefused, LogUnavailable."""
        ...


class ClientGrants:
    """What an access token of the provider allows."""

    def __init__(
        self, issuer: str, tokens: AccessTokens, clients: Clients, refused: Callable[[str], None] = lambda _reason: None
    ) -> None:
        """`refused` is told why."""
        self._issuer, self._tokens, self._clients, self._refused = issuer, tokens, clients, refused

    def grant(self, token: str, now: datetime) -> Grant | None:
        """None where the token does not hold, for whatever reason. Raises ProviderUnavailable, LogUnavailable."""
        try:
            return self._clients.find(self._issuer, self._tokens.verified(token, now), now)
        except TokenRefused as fault:
            self._refused(fault.reason)
            return None


class KeepingClients:
    """What an administrator does with clients. `issuer` is the provider's; empty where none is set."""

    def __init__(self, clients: Clients, accounts: Accounts, issuer: str, clock: Clock) -> None:
        self._clients, self._accounts, self._clock = clients, accounts, clock
        self.issuer = issuer

    def list(self, by: Person) -> Sequence[Client]:
        """Also those of a provider that is not set any more. Raises Forbidden."""
        _administers(by)
        return self._clients.all()

    def one(self, by: Person, client: str) -> Client:
        """By its id. Raises Forbidden; Refused."""
        _administers(by)
        found = next((one for one in self._clients.all() if one.id == client), None) if _ID.fullmatch(client) else None
        if found is None:
            raise Refused(Refusal("token.client-gone"))
        return found

    def add(self, by: Person, client: str, account: AccountId, scopes: Sequence[str], subject: str = "") -> Client:
        """In place of what was kept of this client, if anything.

        `subject` is `sub` of its tokens where that is not the client itself. Raises Forbidden; Refused.
        """
        _administers(by)
        if not self.issuer:
            raise Refused(Refusal("token.no-provider"))
        subject = subject or client
        for value, field in ((client, "client"), (subject, "subject")):
            if not value or not value.isprintable() or len(value) > LONGEST_CLIENT or value != value.strip():
                raise Refused(Refusal("token.client-invalid", {"most": LONGEST_CLIENT}, field))
        found = open_account(self._accounts, account)
        wish = Added(
            issuer=self.issuer,
            client=client,
            subject=subject,
            account=found.id,
            scopes=known_scopes(scopes),
            added_at=self._clock(),
            added_by=by.account,
        )
        return self.one(by, self._clients.keep(wish))

    def remove(self, by: Person, client: str) -> Client:
        """By its id; it is refused from its next request on. Raises Forbidden; Refused."""
        found = self.one(by, client)
        self._clients.remove(found.id)
        return found


def _administers(by: Person) -> None:
    if by.role is not Role.ADMINISTRATOR:
        raise Forbidden("access.administrator-only")
