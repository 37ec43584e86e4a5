"""Tokens of other systems: who gives them, how long they work, how one secret takes the place of another."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, Protocol, runtime_checkable

import msgspec

from application.access import Forbidden, Person, Role
from application.accounts import Account, Accounts
from application.ports import Clock, CommandKeyReused
from application.script import fold
from domain.kernel import AccountId, CommandKey, Refusal, Refused

SCOPES: Final = (
    "events:read",
    "cases:read",
    "cases:write",
    "audit:read",
    "procedures:write",
    "subscriptions:read",
    "subscriptions:write",
)
LONGEST_TOKEN: Final = timedelta(days=366)
LONGEST_NAME: Final = 200
LONGEST_OVERLAP: Final = timedelta(hours=24)
"""So long at most the former secret works on beside the new one."""
SOON: Final = timedelta(days=14)
"""A token that ends within this time is to be rotated."""
_ID: Final = re.compile("[0-9a-f]{10}")


class Grant(msgspec.Struct, frozen=True):
    """What a bearer token allows: it acts for its person within its scopes."""

    name: str
    person: Person
    scopes: frozenset[str]
    key: str = ""
    """Names the token, whichever of its secrets was shown, or the client of an identity provider. No secret."""

    def require(self, scope: str) -> None:
        """Raises Forbidden unless the token has the scope."""
        if scope not in self.scopes:
            raise Forbidden("access.scope-missing", scope=scope)


class Token(msgspec.Struct, frozen=True, kw_only=True):
    """A token as people see it; its secrets are not among it."""

    id: str
    name: str
    """Which system uses it."""
    account: AccountId
    owner: str
    """Name of the account in whose name it acts."""
    email: str
    scopes: tuple[str, ...]
    issued_at: datetime | None
    """None for one from before this was kept."""
    ends_at: datetime
    used_at: datetime | None
    """To the minute; None where it was never used."""
    former_ends_at: datetime | None
    """Until when the secret before the last rotation works, or did."""
    revoked_at: datetime | None

    def works(self, now: datetime) -> bool:
        return self.revoked_at is None and self.ends_at > now

    def ends_soon(self, now: datetime) -> bool:
        return self.works(now) and self.ends_at <= now + SOON


class Issue(msgspec.Struct, frozen=True, kw_only=True):
    """What a new token is to be."""

    account: AccountId
    name: str
    scopes: tuple[str, ...]
    issued_at: datetime
    issued_by: AccountId
    ends_at: datetime
    key: CommandKey | None = None
    """Names the form; None where there was none."""


@runtime_checkable
class Tokens(Protocol):
    def issue(self, wish: Issue) -> tuple[str, str]:
        """The id of a new token, and its secret; only the hash is kept. Where the form has made one before: its id, and
        an empty secret."""
        ...

    def find(self, secret: str, now: datetime) -> Grant | None:
        """What a secret allows, if it works and its account is open; notes the use without waiting for anything."""
        ...

    def all(self, account: AccountId | None = None) -> Sequence[Token]:
        """Every token, or those of one account; the newest first."""
        ...

    def one(self, token: str) -> Token | None: ...

    def rotate(
        self, token: str, now: datetime, ends_at: datetime, former_ends_at: datetime, key: CommandKey | None = None
    ) -> str | None:
        """A new secret; the present one works until `former_ends_at`, an older one no more. None where it works not,
        and empty where `key` names the rotation that was the last one."""
        ...

    def revoke(self, token: str, now: datetime) -> None: ...


class KeepingTokens:
    """What an administrator does with tokens; whose they are sees them, gives them new secrets and revokes them.

    `own` leaves an administrator, too, with those that act in the own name.
    """

    def __init__(self, tokens: Tokens, accounts: Accounts, clock: Clock) -> None:
        self._tokens, self._accounts, self._clock = tokens, accounts, clock

    def list(self, by: Person, words: str = "", *, ended: bool = False, own: bool = False) -> Sequence[Token]:
        """Those that work, or those that do not any more: all for an administrator, else one's own.

        `words` are looked for in the name, the id, and the name and address of the owner.
        """
        now, sought = self._clock(), fold(words).split()
        kept = self._tokens.all(by.account if own or by.role is not Role.ADMINISTRATOR else None)
        return [one for one in kept if one.works(now) is not ended and _has(one, sought)]

    def one(self, by: Person, token: str, *, own: bool = False) -> Token:
        """A token that works. Raises Refused where there is none, also where it is somebody else's."""
        found = self._tokens.one(token) if _ID.fullmatch(token) else None
        everything = by.role is Role.ADMINISTRATOR and not own
        seen = found is not None and (everything or found.account == by.account)
        if found is None or not seen or not found.works(self._clock()):
            raise Refused(Refusal("token.gone"))
        return found

    def issue(
        self,
        by: Person,
        account: AccountId,
        name: str,
        scopes: Sequence[str],
        lasts: timedelta,
        key: CommandKey | None = None,
    ) -> tuple[Token, str]:
        """A token for another system and its secret, which is shown this once: empty where the same form is sent again.

        Raises Forbidden; Refused; CommandKeyReused.
        """
        _administers(by)
        name = " ".join(name.split())
        if not name or not name.isprintable() or len(name) > LONGEST_NAME:
            raise Refused(Refusal("token.name-empty", field="name"))
        known, now = known_scopes(scopes), self._clock()
        _require_lasting(lasts)
        found = open_account(self._accounts, account)
        wish = Issue(
            account=found.id, name=name, scopes=known, issued_at=now, issued_by=by.account, ends_at=now + lasts, key=key
        )
        made, secret = self._tokens.issue(wish)
        token = self.one(by, made)
        if not secret and (token.account, token.name, token.scopes) != (found.id, name, known):
            raise CommandKeyReused
        return token, secret

    def rotate(
        self,
        by: Person,
        token: str,
        overlap: timedelta,
        lasts: timedelta | None = None,
        key: CommandKey | None = None,
        *,
        own: bool = False,
    ) -> tuple[Token, str]:
        """A new secret under the same id. The present one works on for the overlap, and no longer than it would have.

        The token lasts anew from now, which is for administrators; with `lasts` None it ends when it would have. The
        secret is empty where the same form is sent again. Raises Forbidden; Refused.
        """
        if lasts is not None:
            _administers(by)
            _require_lasting(lasts)
        found, now = self.one(by, token, own=own), self._clock()
        if not timedelta(0) <= overlap <= LONGEST_OVERLAP:
            hours = LONGEST_OVERLAP // timedelta(hours=1)
            raise Refused(Refusal("token.overlap-too-long", {"hours": hours}, "hours"))
        ends_at = found.ends_at if lasts is None else now + lasts
        secret = self._tokens.rotate(found.id, now, ends_at, min(now + overlap, found.ends_at), key)
        if secret is None:
            raise Refused(Refusal("token.gone"))
        return self.one(by, found.id, own=own), secret

    def revoke(self, by: Person, token: str, *, own: bool = False) -> Token:
        """It ends at once, with both secrets. Raises Refused where there is none that works."""
        found = self.one(by, token, own=own)
        self._tokens.revoke(found.id, self._clock())
        return found


def known_scopes(scopes: Sequence[str]) -> tuple[str, ...]:
    """Each once. Raises Refused where there is none, or one that is unknown."""
    if not scopes or not set(scopes) <= set(SCOPES):
        raise Refused(Refusal("token.scope-unknown", {"scopes": " ".join(SCOPES)}, "scopes"))
    return tuple(sorted(set(scopes)))


def open_account(accounts: Accounts, account: AccountId) -> Account:
    """Raises Refused."""
    found = accounts.find(account)
    if found is None or found.disabled:
        raise Refused(Refusal("account.gone"))
    return found


def _require_lasting(lasts: timedelta) -> None:
    if not timedelta(0) < lasts <= LONGEST_TOKEN:
        raise Refused(Refusal("token.too-long", {"days": LONGEST_TOKEN.days}, "days"))


def _administers(by: Person) -> None:
    if by.role is not Role.ADMINISTRATOR:
        raise Forbidden("access.administrator-only")


def _has(token: Token, sought: Sequence[str]) -> bool:
    where = fold(f"{token.id} {token.name} {token.owner} {token.email}")
    return all(word in where for word in sought)
