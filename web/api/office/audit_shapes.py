"""What is asked of the log by program, and what the API shows of it."""

from datetime import date, datetime
from typing import Annotated, Final
from uuid import UUID

import msgspec
from msgspec import Meta

from application.auditing import MOST_COUNTED
from application.auditing_looks import Place
from domain.initiatives.terms import Kind, Stage
from domain.words import CaseNumber, LocalGovernmentCode
from web.api.http.asking import Asked, Cursor
from web.api.register.shapes import AccountName, FactTag, Next
from web.audit.filters import KIND_GROUPS, KINDS

From = Annotated[date | None, Meta(description="The first day of recording, of the office.")]
To = Annotated[date | None, Meta(description="The last one, included.")]
FactKind = Annotated[str, Meta(max_length=100, extra_json_schema={"enum": [*KIND_GROUPS, *KINDS]})]
_Case = Annotated[CaseNumber | None, Meta(description="One case.")]
_DAYS: Final = {"since": "from", "until": "to"}


class FactsAsked(Asked, frozen=True, kw_only=True, rename=_DAYS):
    """Each narrows it. 50 facts come at a time, the newest first."""

    since: From = None
    until: To = None
    person: Annotated[UUID | None, Meta(description="Who acted, or for whom.")] = None
    actor: Annotated[UUID | None, Meta(description="Who acted, for whomever.")] = None
    case: _Case = None
    kind: Annotated[
        tuple[FactKind, ...], Meta(max_length=50, description="Kinds of facts, or groups of them such as `people`.")
    ] = ()
    local_government: Annotated[LocalGovernmentCode | None, Meta(description="Home of the case today.")] = None
    left: Annotated[Stage | None, Meta(description="Only facts by which a case left this stage.")] = None
    cooperation: Annotated[Kind | None, Meta(description="With `left`: only cases of this kind.")] = None
    cursor: Cursor = ""


class FiguresAsked(Asked, frozen=True, kw_only=True, rename=_DAYS):
    """By months, and where they are more than twelve by years."""

    since: Annotated[date, Meta(description="The first day, of the office.")]
    until: Annotated[date, Meta(description="The last one, included.")]
    cooperation: Annotated[Kind | None, Meta(description="For times in stages: cases of this kind only.")] = None


class LooksAsked(Asked, frozen=True, kw_only=True, rename=_DAYS):
    """100 of them come at a time, the newest first."""

    since: From = None
    until: To = None
    person: UUID | None = None
    case: _Case = None
    place: Place | None = None
    cursor: Cursor = ""


class BundleAsked(Asked, frozen=True, kw_only=True, rename=_DAYS):
    since: Annotated[date, Meta(description="The first day, of the office.")]
    until: Annotated[date, Meta(description="The last one, included.")]
    case: _Case = None


class FactShown(msgspec.Struct, frozen=True, kw_only=True):
    position: int
    stream: UUID
    version: int
    kind: FactTag
    recorded_at: datetime
    actor: Annotated[AccountName | None, Meta(description="Null where this version cannot read the fact.")]
    on_behalf_of: AccountName | None
    case: Annotated[str | None, Meta(description="The number of the case that it is about.")]
    fact: Annotated[
        msgspec.Raw | None,
        Meta(
            description="As in `data.fact` of its event. Null where this version cannot read it, and of subscriptions "
            "and requests of persons: these leave by no way."
        ),
    ]


class FactList(msgspec.Struct, frozen=True, kw_only=True):
    facts: tuple[FactShown, ...]
    count: Annotated[int, Meta(ge=0, description=f"Of all of them; above {MOST_COUNTED} they are not counted.")]
    behind: Annotated[int, Meta(ge=0, description="Newest facts of the log that cannot be searched yet.")]
    next: Next


class ByPerson(msgspec.Struct, frozen=True, kw_only=True):
    account: AccountName | None
    by_span: tuple[int, ...]
    by_kind: dict[str, int]


class StageFigures(msgspec.Struct, frozen=True):
    """Of the stays in a stage that ended within the period."""

    stage: Stage
    count: int
    median_days: int
    ninetieth_days: Annotated[int, Meta(description="Nine tenths of them were over within so many days.")]


class FiguresShown(msgspec.Struct, frozen=True, kw_only=True):
    spans: Annotated[tuple[date, ...], Meta(description="Months or years by their first day; `by_span` follows them.")]
    facts: Annotated[tuple[int, ...], Meta(description="By span.")]
    corrections: Annotated[tuple[int, ...], Meta(description="By span.")]
    people: tuple[ByPerson, ...]
    stages: tuple[StageFigures, ...]
    behind: Annotated[int, Meta(ge=0, description="Newest facts of the log that are not counted yet.")]


class LookShown(msgspec.Struct, frozen=True, kw_only=True):
    account: AccountName
    hour: Annotated[datetime, Meta(description="Its beginning.")]
    place: Place
    subject: Annotated[UUID | None, Meta(description="The stream of a case or partner.")]
    case: Annotated[str | None, Meta(description="Its number.")]
    version: Annotated[int, Meta(description="Words up to this version were shown; 0 where it is about no history.")]


class LookList(msgspec.Struct, frozen=True, kw_only=True):
    looks: tuple[LookShown, ...]
    next: Next


class CheckpointShown(msgspec.Struct, frozen=True, kw_only=True):
    """A checkpoint."""

    size: int
    recorded_at: datetime
    witnesses: int


class BundleShown(msgspec.Struct, frozen=True, kw_only=True):
    """What the file would hold."""

    origin: str
    start: datetime
    end: Annotated[datetime, Meta(description="Earlier than asked for where the seal ends.")]
    leaves: int
    facts: int
    size: Annotated[int, Meta(description="Bytes, as far as they can be told.")]
    before: Annotated[CheckpointShown | None, Meta(description="Null where it begins with the first fact.")]
    after: CheckpointShown
    named: Annotated[int, Meta(description="Witnesses that this installation names.")]
    quorum: Annotated[int, Meta(description="So many signed both ends; 0 where too few did.")]
    href: Annotated[str, Meta(description="The file.")]
