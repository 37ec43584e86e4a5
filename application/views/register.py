"""The register: what is asked of it and what it shows."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Final, Literal, Protocol, runtime_checkable
from uuid import UUID

import msgspec
from msgspec import Meta

from application.access import Scope
from domain.dates import PartialDate
from domain.initiatives.procedure import Actor
from domain.initiatives.terms import Kind, Stage
from domain.kernel import AccountId, VaultRef


class Phase(StrEnum):
    """Stages in groups, as the tabs of the register show them."""

    PROPOSAL = "proposal"
    DRAFT_AND_DECISION = "draft_and_decision"
    CONSENT = "consent"
    PARTNERSHIP = "partnership"
    ENDED = "ended"


_S = Stage
PHASES: Final[dict[Phase, tuple[Stage, ...]]] = {
    Phase.PROPOSAL: (_S.PROPOSED, _S.COORDINATING, _S.SUSPENDED, _S.LETTER_OF_INTENT),
    Phase.DRAFT_AND_DECISION: (_S.DRAFTING, _S.DECIDED),
    Phase.CONSENT: (
        _S.CONSENT_REQUESTED,
        _S.OPINIONS,
        _S.RETURNED,
        _S.CONSENT_GRANTED,
        _S.CONSENT_REFUSED,
        _S.PUBLISHED,
    ),
    Phase.PARTNERSHIP: (_S.SIGNED, _S.ACTIVE, _S.EXPIRING, _S.RENEWED, _S.DORMANT),
    Phase.ENDED: (_S.EXPIRED, _S.TERMINATED, _S.DECLINED, _S.WITHDRAWN, _S.MERGED),
}
"""Every stage stands in exactly one phase."""


class Due(StrEnum):
    LATE = "late"
    THIS_WEEK = "this_week"
    """From today to the end of the week, Sunday."""
    THIS_MONTH = "this_month"
    NONE = "none"


class Shown(StrEnum):
    """What a list may show of a case beside its sides and its number, which always stand first."""

    STAGE = "stage"
    DUE = "due"
    KIND = "kind"
    UPDATED = "updated"
    HANDLER = "handler"
    COUNTRY = "country"
    SINCE = "since"
    PROPOSED = "proposed"
    SIGNED = "signed"
    ENDS = "ends"
    VISITS = "visits"


USUAL: Final = (Shown.STAGE, Shown.DUE, Shown.KIND, Shown.UPDATED, Shown.HANDLER)
"""What is shown where nobody chose."""

Sort = Literal["number", "pair", "stage", "due", "kind", "updated"]
NOBODY: Final = "none"
"""Stands in `handlers` for cases without a handler."""

_Few = Meta(max_length=50)


class RegisterQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Filters are joined by `and`, the values of one filter by `or`. Empty means: not filtered."""

    text: Annotated[str, Meta(max_length=200)] = ""
    phase: Phase | None = None
    stages: Annotated[tuple[Stage, ...], _Few] = ()
    kinds: Annotated[tuple[Kind, ...], _Few] = ()
    countries: Annotated[tuple[str, ...], _Few] = ()
    handlers: Annotated[tuple[str, ...], _Few] = ()
    """Account ids as text, or NOBODY."""
    local_governments: Annotated[tuple[str, ...], _Few] = ()
    partner: UUID | None = None
    differs: bool = False
    """Only those whose sides say what cannot all be right."""
    due: Annotated[tuple[Due, ...], _Few] = ()
    columns: Annotated[tuple[Shown, ...], Meta(max_length=len(Shown))] = ()
    """What is shown, in this order; empty for the usual columns."""
    sort: Sort = "updated"
    descending: bool = True
    page: Annotated[int, Meta(ge=1, le=100_000)] = 1
    size: Annotated[int, Meta(ge=1, le=200)] = 40


class PartnerName(msgspec.Struct, frozen=True, omit_defaults=True):
    """A partner as a row shows it."""

    id: UUID
    name: str
    country: str
    part_of: str | None = None


class RegisterRow(msgspec.Struct, frozen=True, kw_only=True):
    case: UUID
    number: str
    home: tuple[str, ...]
    """Codes of the local governments."""
    partners: tuple[PartnerName, ...]
    kind: Kind
    stage: Stage
    handler: AccountId | None
    deed: str | None
    """Code of the deed that is next, None where nothing is waited for."""
    actor: Actor | None
    due: date | None
    since: datetime
    """When the stage was recorded."""
    updated: datetime
    version: int
    proposed_on: PartialDate | None = None
    signed_on: PartialDate | None = None
    ends_on: PartialDate | None = None
    tacit_renewal: bool = False
    """The agreement renews itself where nobody says otherwise."""
    visits: int = 0
    source: str | None = None
    remark: VaultRef | None = None


class Option(msgspec.Struct, frozen=True):
    """One value of a facet: how many rows it would show, with every other filter as it stands."""

    value: str
    count: int
    chosen: bool = False


Place = tuple[int | str | None, ...]
"""Where a row stands in the order of a list: whatever the order is by, down to what no two rows share."""


class RegisterSlice(msgspec.Struct, frozen=True):
    """Rows that follow a place, and the place of the last one; None where no row follows it."""

    rows: tuple[RegisterRow, ...]
    next: Place | None


class RegisterPage(msgspec.Struct, frozen=True, kw_only=True):
    rows: tuple[RegisterRow, ...]
    total: int
    """Rows under all filters."""
    everything: int
    """Rows without any filter, within the person's scope."""
    pages: int
    phases: tuple[Option, ...]
    stages: tuple[Option, ...]
    kinds: tuple[Option, ...]
    countries: tuple[Option, ...]
    handlers: tuple[Option, ...]
    due: tuple[Option, ...]
    position: int
    """The log position that the view has reached."""


@runtime_checkable
class Register(Protocol):
    def page(self, scope: Scope, query: RegisterQuery, today: date) -> RegisterPage: ...

    def after(self, scope: Scope, query: RegisterQuery, today: date, place: Place | None) -> RegisterSlice:
        """Up to `size` rows under the filters that follow a place in their order, the first ones where it is None.

        What changes meanwhile moves, and no other row is missed or given twice. The query's page is ignored. Raises
        ValueError for a place that cannot be of this order.
        """
        ...

    def board(
        self, scope: Scope, query: RegisterQuery, columns: Sequence[Sequence[Stage]], most: int, today: date
    ) -> Sequence[Sequence[RegisterRow]]:
        """For each column of stages up to `most` rows under the other filters, by their deadlines."""
        ...

    def rows(self, scope: Scope, query: RegisterQuery, today: date) -> Iterator[Sequence[RegisterRow]]:
        """Every row under the filters, in their order, in batches: for exports. Page and size are ignored."""
        ...

    def same_pair(self, local_governments: Sequence[str], partners: Sequence[UUID]) -> Sequence[RegisterRow]:
        """Live cases in which one of the local governments meets one of the partners."""
        ...

    def of(self, scope: Scope, cases: Sequence[UUID]) -> Sequence[RegisterRow]:
        """The rows of some cases, as far as they lie within the scope."""
        ...

    def newest_number(self, year: int) -> int:
        """The highest running number of a year, 0 if there is none."""
        ...
