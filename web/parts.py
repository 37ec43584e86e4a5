"""What the web is given to work with: use cases, queries and settings, wired in web/main.py."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, cast

import msgspec
from litestar.connection import ASGIConnection

from application.absences import KeepingAbsences
from application.accounts import KeepingAccounts
from application.allowances import Allowances
from application.answers import KeepingAnswers
from application.asking_sides import AskingSides
from application.feed import Feed
from application.kept_entries import KeepingEntries
from application.notice_choices import KeepingChoices
from application.notices import ReadingNotices
from application.oidc_clients import KeepingClients
from application.own_account import KeepingOwnAccount
from application.people import KeepingPeople
from application.ports import Clock
from application.reference import LocalGovernments
from application.signing_in import SigningIn
from application.tokens import KeepingTokens
from domain.kernel import AccountId
from web.admin.subscriptions_parts import SubscriptionDesk
from web.api.feed.event_streams import EventStreams
from web.casework import Casework
from web.settings import Settings

Connection = ASGIConnection[Any, Any, Any, Any]


class Readiness(msgspec.Struct, frozen=True):
    """Whether this process can serve, and what keeps it from it."""

    ready: bool
    lag: int = 0
    """Facts that some view does not show yet."""
    missing: tuple[str, ...] = ()
    """Names of what is not ready, such as `database`."""
    seal: str | msgspec.UnsetType = msgspec.UNSET
    """Why nothing is sealed, such as `seal.shorter`; the office can work without a seal. Absent where all is well."""
    witnesses: tuple[str, ...] | msgspec.UnsetType = msgspec.UNSET
    """Names of those that do not cosign; nothing waits for them. Absent where all do, or none is named."""


class Outdated(msgspec.Struct, frozen=True):
    """Lists that have stopped, by the names of their views; the moment is that of the first."""

    views: tuple[str, ...]
    since: datetime


class Seal(Protocol):
    """What anybody may ask of the seal. Raises LogUnavailable where the database is away."""

    def checkpoint(self) -> str | None:
        """The newest signed note; None where there is none."""
        ...

    def keys(self) -> str | None:
        """Every verifier key, one a line; None where there is none."""
        ...


@dataclass(frozen=True, kw_only=True)
class Parts:
    """Everything that a handler may reach."""

    settings: Settings
    clock: Clock
    signing_in: SigningIn
    keeping_accounts: KeepingAccounts
    keeping_tokens: KeepingTokens
    keeping_clients: KeepingClients
    allowances: Allowances
    """By token."""
    wrong_tokens: Allowances
    """By the network address that sends tokens that do not work."""
    keeping_own_account: KeepingOwnAccount
    keeping_absences: KeepingAbsences
    keeping_entries: KeepingEntries
    notices: ReadingNotices
    notice_choices: KeepingChoices
    unreached: Callable[[Collection[AccountId]], Mapping[AccountId, datetime]]
    """Of these accounts, or of all where none is named, those whose mail comes back, since when."""
    local_governments: LocalGovernments
    readiness: Callable[[], Readiness]
    outdated: Callable[[], Outdated | None]
    """Asked by every page, so it may not cost a question to the database each time."""
    work: Casework
    asking_sides: AskingSides
    keeping_people: KeepingPeople
    feed: Feed
    event_streams: EventStreams
    keeping_answers: KeepingAnswers
    subscriptions: SubscriptionDesk
    seal: Seal


def parts_of(connection: Connection) -> Parts:
    """The parts of the running application."""
    return cast("Parts", connection.app.state["parts"])
