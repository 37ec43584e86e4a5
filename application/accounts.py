"""Accounts of the people who work here: what one is, the rules for keeping them, and the use cases."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, Protocol, runtime_checkable
from uuid import UUID, uuid4

import msgspec

from application.access import Forbidden, Person, Role
from application.passwords import Passwords, about_password
from application.ports import Clock
from domain.kernel import AccountId, Refusal, Refused

LOCALES: Final = ("sr-Latn", "sr-Cyrl", "en")
LONGEST_NAME: Final = 120
LONGEST_EMAIL: Final = 254
"""RFC 5321, path of at most 256 octets with its angle brackets."""
_EMAIL = re.compile(r"[^\s@<>(),;:\\\"\[\]]{1,64}@[^\s@<>(),;:\\\"\[\]]+\.[^\s@<>(),;:\\\"\[\]]{2,}")
LINK_LASTS: Final = timedelta(minutes=15)


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of a person who may sign in. The password is not among it."""

    id: AccountId
    name: str
    email: str
    role: Role
    local_government: str | None = None
    locale: str = LOCALES[0]
    disabled: bool = False
    has_password: bool = False
    opened_at: datetime
    signed_in_at: datetime | None = None
    """The last time that somebody signed in with it."""
    human: UUID | None = None
    """The same for every account of a human who has several; None for an account that stands alone."""

    @property
    def person(self) -> Person:
        return Person(self.id, self.name, self.role, self.local_government)


class EmailTaken(Exception):
    """Another account has this address, in whatever case it is written."""


@runtime_checkable
class Accounts(Protocol):
    def add(self, account: Account, password_hash: str | None) -> None:
        """Keep a new account. Raises EmailTaken."""
        ...

    def all(self) -> Sequence[Account]:
        """Every account, disabled ones too, by name."""
        ...

    def lately(self) -> Mapping[UUID, Account]:
        """As `all`, by id, and at most a second old: for names on pages, never for rights."""
        ...

    def find(self, account: AccountId) -> Account | None: ...

    def by_email(self, email: str) -> Account | None:
        """The account of an address, whatever its case."""
        ...

    def password_hash(self, email: str) -> tuple[Account, str | None] | None:
        """The account of an address and the hash of its password."""
        ...

    def keep_password(self, account: AccountId, password_hash: str) -> None:
        """The same password by a newer hash."""
        ...

    def change_password(self, account: AccountId, password_hash: str) -> None:
        """Another password: sessions and one-time links of the account end in the same transaction."""
        ...

    def speak(self, account: AccountId, locale: str) -> None:
        """Remember the language and script of the person."""
        ...

    def disable(self, account: AccountId, at: datetime) -> None:
        """No sign-in any more: sessions, links and tokens of the account end in the same transaction."""
        ...

    def enable(self, account: AccountId) -> None: ...

    def join(self, account: AccountId, other: AccountId) -> None:
        """Both belong to one human from now on, with all that belonged to either."""
        ...

    def part(self, account: AccountId) -> None:
        """The account belongs to nobody who has another one."""
        ...

    def one_human(self) -> Sequence[frozenset[AccountId]]:
        """The accounts of each human who has several, disabled ones too."""
        ...


class UsedLink(msgspec.Struct, frozen=True):
    """A link that has let its account in."""

    account: Account
    once: bool
    """It was handed over for this one time; a reusable link proves less."""


@runtime_checkable
class Links(Protocol):
    def issue(self, account: AccountId, until: datetime, reusable: bool) -> str:
        """A new secret that signs the account in until then; only its hash is kept."""
        ...

    def whose(self, secret: str, now: datetime) -> Account | None:
        """Whose link it is, as long as it works; looking does not use it up."""
        ...

    def use(self, secret: str, now: datetime) -> UsedLink | None:
        """As `whose`, and the link is used up unless it is reusable. One of two racing calls gets None."""
        ...


class OpenAccount(msgspec.Struct, frozen=True, kw_only=True):
    """Asks for an account. Text is trimmed by the use case; nothing else about it is trusted."""

    name: str
    email: str
    role: Role
    local_government: str | None = None
    locale: str = LOCALES[0]
    password: str | None = None


class KeepingAccounts:
    """What an administrator does with accounts; `by` is whoever does it and must be one."""

    def __init__(self, accounts: Accounts, links: Links, passwords: Passwords, clock: Clock) -> None:
        self._accounts, self._links, self._passwords, self._clock = accounts, links, passwords, clock

    def list(self, by: Person) -> Sequence[Account]:
        """Every account, by name. Raises Forbidden."""
        _administers(by)
        return self._accounts.all()

    def open(self, by: Person, wish: OpenAccount) -> Account:
        """Raises Forbidden; Refused with every reason, each naming its field."""
        _administers(by)
        name, email = " ".join(wish.name.split()), normal_email(wish.email)
        refusals = [*_about(name, email, wish)]
        if wish.password is not None:
            refusals += about_password(wish.password, (name, email), self._passwords)
        if refusals:
            raise Refused(*refusals)
        account = Account(
            id=AccountId(uuid4()),
            name=name,
            email=email,
            role=wish.role,
            local_government=wish.local_government,
            locale=wish.locale,
            has_password=wish.password is not None,
            opened_at=self._clock(),
        )
        hashed = self._passwords.hash(wish.password) if wish.password is not None else None
        try:
            self._accounts.add(account, hashed)
        except EmailTaken:
            raise Refused(Refusal("account.email-taken", {"email": email}, "email")) from None
        return account

    def to_disable(self, by: Person, account: AccountId) -> Account:
        """The account that `disable` would take. Raises Forbidden; Refused for an unknown account and for one's own."""
        found = self._administered(by, account)
        if found.id == by.account:
            raise Refused(Refusal("account.own-stays-enabled"))
        return found

    def disable(self, by: Person, account: AccountId) -> Account:
        """Raises as `to_disable`."""
        found = self.to_disable(by, account)
        self._accounts.disable(found.id, self._clock())
        return found

    def enable(self, by: Person, account: AccountId) -> Account:
        """Raises Forbidden; Refused for an unknown account."""
        found = self._administered(by, account)
        self._accounts.enable(found.id)
        return found

    def link(
        self, by: Person, account: AccountId, lasts: timedelta = LINK_LASTS, *, reusable: bool = False
    ) -> tuple[Account, str]:
        """A secret that signs the person in, to be handed over once. Raises Forbidden; Refused."""
        found = self._administered(by, account)
        if found.disabled:
            raise Refused(Refusal("account.disabled", {"name": found.name}))
        return found, self._links.issue(found.id, self._clock() + lasts, reusable)

    def set_password(self, by: Person, account: AccountId, password: str) -> Account:
        """In the name of its owner; sessions and one-time links of the account end. Raises Forbidden; Refused."""
        found = self._administered(by, account)
        if found.disabled:
            raise Refused(Refusal("account.disabled", {"name": found.name}))
        if refusals := about_password(password, (found.name, found.email), self._passwords):
            raise Refused(*refusals)
        self._accounts.change_password(found.id, self._passwords.hash(password))
        return found

    def account(self, by: Person, account: AccountId) -> Account:
        """Raises Forbidden; Refused for an unknown account."""
        return self._administered(by, account)

    def same_person(self, by: Person, account: AccountId, other: AccountId | None) -> Account:
        """Both accounts belong to one human, so that they do not make four eyes; None: to different ones again.

        Raises Forbidden; Refused for an unknown account, and where both are one.
        """
        found = self._administered(by, account)
        if other is None:
            self._accounts.part(found.id)
            return found
        if self._administered(by, other).id == found.id:
            raise Refused(Refusal("account.same-account", field="other"))
        self._accounts.join(found.id, other)
        return found

    def by_email(self, by: Person, email: str) -> Account:
        """The account of an address. Raises Forbidden; Refused when there is none."""
        _administers(by)
        found = self._accounts.by_email(normal_email(email))
        if found is None:
            raise Refused(Refusal("account.unknown", {"email": email}, "email"))
        return found

    def _administered(self, by: Person, account: AccountId) -> Account:
        _administers(by)
        found = self._accounts.find(account)
        if found is None:
            raise Refused(Refusal("account.gone"))
        return found


def normal_email(typed: str) -> str:
    """The address as it is kept: trimmed, in composed Unicode, the domain in small letters."""
    local, at, domain = unicodedata.normalize("NFC", typed.strip()).rpartition("@")
    return local + at + domain.lower()


def _administers(by: Person) -> None:
    if by.role is not Role.ADMINISTRATOR:
        raise Forbidden("access.administrator-only")


def _about(name: str, email: str, wish: OpenAccount) -> Sequence[Refusal]:
    """Everything that speaks against the account as asked for, except its password."""
    officer = wish.role is Role.OFFICER
    rules = (
        (not name, Refusal("account.name-empty", field="name")),
        (len(name) > LONGEST_NAME, Refusal("account.name-long", {"most": LONGEST_NAME}, "name")),
        (not _is_email(email), Refusal("account.email-invalid", field="email")),
        (officer and not wish.local_government, Refusal("account.local-government-missing", field="local_government")),
        (
            not officer and bool(wish.local_government),
            Refusal("account.local-government-only-for-officers", field="local_government"),
        ),
        (wish.locale not in LOCALES, Refusal("account.locale-unknown", field="locale")),
        (not f"{name}{email}".isprintable(), Refusal("account.not-printable", field="name")),
    )
    return [refusal for broken, refusal in rules if broken]


def _is_email(email: str) -> bool:
    return len(email) <= LONGEST_EMAIL and _EMAIL.fullmatch(email) is not None


class ActiveCoordinators:
    """Who may lead cases: implements application.initiatives.Handlers."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts

    def is_handler(self, account: AccountId) -> bool:
        found = self._accounts.find(account)
        return found is not None and found.role is Role.COORDINATOR and not found.disabled
