"""Partners' files, and local governments' files."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Protocol, runtime_checkable
from uuid import UUID

import msgspec
from msgspec import Meta

from application.access import Scope
from application.views.register import Option, Place
from domain.partners.partner import Partner


class PartnerQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    text: Annotated[str, Meta(max_length=200)] = ""
    countries: Annotated[tuple[str, ...], Meta(max_length=50)] = ()
    page: Annotated[int, Meta(ge=1, le=100_000)] = 1
    size: Annotated[int, Meta(ge=1, le=200)] = 60


class PartnerFile(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    partner: Partner
    cases: int
    """Cases within the scope that name this partner, or one merged into it."""
    updated: datetime


class PartnerPage(msgspec.Struct, frozen=True, kw_only=True):
    partners: tuple[PartnerFile, ...]
    total: int
    pages: int
    countries: tuple[Option, ...]


class PartnerSlice(msgspec.Struct, frozen=True):
    """Files that follow a place, and the place of the last one; None where no file follows it."""

    files: tuple[PartnerFile, ...]
    next: Place | None


@runtime_checkable
class PartnerFiles(Protocol):
    def page(self, scope: Scope, query: PartnerQuery) -> PartnerPage:
        """Partners that were not merged away, by name."""
        ...

    def after(self, scope: Scope, query: PartnerQuery, place: Place | None) -> PartnerSlice:
        """Up to `size` of them that follow a place, as application.views.register.Register.after. Raises ValueError."""
        ...

    def open(self, scope: Scope, partner: UUID) -> PartnerFile | None: ...

    def named(self, name: str, country: str | None = None) -> Sequence[PartnerFile]:
        """Partners one of whose names folds to the same text; merged ones give the one that goes on."""
        ...

    def like(self, text: str, country: str | None = None, most: int = 8) -> Sequence[PartnerFile]:
        """Partners whose names contain the folded text or resemble it, best first: for the live look-up."""
        ...


class LocalGovernmentFile(msgspec.Struct, frozen=True, kw_only=True):
    """What one local government has under way."""

    code: str
    by_stage: dict[str, int]
    countries: dict[str, int]
    updated: datetime | None


@runtime_checkable
class LocalGovernmentFiles(Protocol):
    def all(self, scope: Scope) -> Sequence[LocalGovernmentFile]:
        """One for each local government that has a case within the scope."""
        ...

    def open(self, scope: Scope, code: str) -> LocalGovernmentFile:
        """The file, empty where there is no case yet."""
        ...
