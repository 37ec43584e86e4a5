"""What the API shows: codes instead of words, each side of a case on its own, nothing left out that is empty."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from domain.dates import PartialDate
from domain.initiatives.links import Link
from domain.initiatives.procedure import Actor
from domain.initiatives.terms import Field, Kind, Origin, PartyRole, Stage, Support
from domain.partners.events import NameKind, PartnerKind
from web.api.http.answering import AsOfAnswer

Code = Annotated[str, Meta(description="Code of a local government in the reference data, such as `leskovac`.")]
DeedCode = Annotated[str, Meta(description="Code of a deed, such as `sign-agreement`.")]
FactTag = Annotated[str, Meta(description="What was recorded, such as `initiative.agreement-signed`.")]
Version = Annotated[int, Meta(ge=1, description="Rises with every fact. Send it as `If-Match` of a deed.")]
Total = Annotated[int, Meta(ge=0, description="How many there are under the filters, on all pages.")]
Next = Annotated[str | None, Meta(description="The cursor of the next page; null on the last one.")]
Reference = Annotated[UUID, Meta(description="Where words are kept; `texts` of the case gives them.")]


class AccountName(msgspec.Struct, frozen=True):
    id: UUID
    name: Annotated[str | None, Meta(description="Null where the account is not known here.")]


class PartnerSide(msgspec.Struct, frozen=True):
    """A partner as a case names it."""

    id: UUID
    name: str
    country: Annotated[str, Meta(description="ISO 3166-1 alpha-2.")]
    part_of: str | None


class Awaited(msgspec.Struct, frozen=True):
    """What moves the case on, whose move it is, and until when."""

    deed: DeedCode
    actor: Actor
    due: date | None


class CaseSummary(msgspec.Struct, frozen=True, kw_only=True):
    """A case as lists show it."""

    number: str
    version: Version
    kind: Kind
    stage: Stage
    concluded: Annotated[bool, Meta(description="An agreement was signed.")]
    local_governments: tuple[Code, ...]
    partners: tuple[PartnerSide, ...]
    handler: AccountName | None
    next: Annotated[Awaited | None, Meta(description="Null where nothing is waited for.")]
    since: Annotated[datetime, Meta(description="When the stage was recorded.")]
    updated: datetime
    proposed_on: PartialDate | None
    signed_on: PartialDate | None
    ends_on: PartialDate | None
    tacit_renewal: bool
    visits: int
    source: str | None
    remark: str | None


class CasePage(msgspec.Struct, frozen=True, kw_only=True):
    initiatives: tuple[CaseSummary, ...]
    total: Total
    next: Next
    as_of: AsOfAnswer | None


class CaseParty(msgspec.Struct, frozen=True, kw_only=True):
    """One side of a case."""

    key: Annotated[str, Meta(description="Names the side within the case, as deeds want it.")]
    role: PartyRole
    local_government: Code | None
    partner: PartnerSide | None


class OpenTask(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    assignee: AccountName
    what: Reference
    due_on: PartialDate | None


class CaseLink(msgspec.Struct, frozen=True):
    number: str
    link: Link


class GivenApproval(msgspec.Struct, frozen=True):
    deed: DeedCode
    version: int
    by: tuple[AccountName, ...]


class CaseTerm(msgspec.Struct, frozen=True):
    ends_on: PartialDate | None
    notice_months: int | None
    tacit_renewal: bool


class Reason(msgspec.Struct, frozen=True):
    """Why not: decide by the code, the sentence is for people."""

    code: str
    params: dict[str, str | int]
    field: str | None
    detail: str


class RefusedDeed(msgspec.Struct, frozen=True):
    """A deed of this stage against which something stands."""

    deed: DeedCode
    refusals: tuple[Reason, ...]


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """One case, with what the owner of the token could do on it now."""

    number: str
    version: Version
    kind: Kind
    stage: Stage
    concluded: bool
    origin: Origin | None
    parties: tuple[CaseParty, ...]
    handler: AccountName | None
    fields: tuple[Field, ...]
    support: tuple[Support, ...]
    procedure: Annotated[str, Meta(description="The version that it follows, such as `twinning@1`.")]
    term: CaseTerm
    next: Annotated[Awaited | None, Meta(description="Null where nothing is waited for.")]
    opened: datetime
    since: datetime
    updated: datetime
    proposed_on: PartialDate | None
    signed_on: PartialDate | None
    visits: int
    tasks: tuple[OpenTask, ...]
    links: tuple[CaseLink, ...]
    asked: Annotated[tuple[DeedCode, ...], Meta(description="Deeds for which an approval is waited for.")]
    approvals: tuple[GivenApproval, ...]
    deeds: Annotated[tuple[DeedCode, ...], Meta(description="What the owner of the token could do now.")]
    refused: Annotated[tuple[RefusedDeed, ...], Meta(description="What could be done here, if it were not for that.")]
    as_of: AsOfAnswer | None


class CaseChoices(msgspec.Struct, frozen=True, kw_only=True):
    """What the fields of deeds can name."""

    handlers: Annotated[tuple[AccountName, ...], Meta(description="Who may lead the case.")]
    assignees: Annotated[tuple[AccountName, ...], Meta(description="To whom a task can be given.")]
    mentions: Annotated[tuple[AccountName, ...], Meta(description="Whom a remark can call.")]
    procedures: Annotated[tuple[str, ...], Meta(description="Versions to which the case can be moved.")]
    approvable: Annotated[tuple[DeedCode, ...], Meta(description="Deeds that a second person approves at this stage.")]


class CaseTexts(msgspec.Struct, frozen=True):
    """Words of people, by the references that the facts hold; null where they were erased."""

    texts: dict[str, str | None]


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """A deed that was carried out."""

    number: str
    version: Annotated[int, Meta(ge=1, description="Of the case now; send it with the next deed.")]
    position: Annotated[int, Meta(ge=0, description="In the log, of the last fact.")]
    events: Annotated[
        tuple[msgspec.Raw, ...],
        Meta(description="What was recorded, as CloudEvents; empty where nothing was left to change."),
    ]


class Waits(msgspec.Struct, frozen=True, kw_only=True):
    """A deed that waits for the approval of a second person. Send it again when that is given."""

    number: str
    version: Version
    deed: DeedCode
    waits_for: Annotated[DeedCode, Meta(description="The deed of the second person.")]
    href: Annotated[str, Meta(description="The case, in whose `asked` it stands meanwhile.")]


class PartnerDone(msgspec.Struct, frozen=True, kw_only=True):
    """A deed on a partner's file that was carried out."""

    id: UUID
    version: Version
    position: Annotated[int, Meta(ge=0)]
    events: tuple[msgspec.Raw, ...]


class OtherName(msgspec.Struct, frozen=True):
    name: str
    kind: NameKind
    language: str | None


class PartnerShown(msgspec.Struct, frozen=True, kw_only=True):
    """The file of a partner abroad."""

    id: UUID
    version: Version
    name: str
    country: str
    kind: PartnerKind
    part_of: str | None
    names: tuple[OtherName, ...]
    merged_into: Annotated[UUID | None, Meta(description="The file that goes on for it.")]
    cases: Annotated[int, Meta(description="Those within the sight of the token's owner.")]
    updated: datetime


class PartnersPage(msgspec.Struct, frozen=True, kw_only=True):
    partners: tuple[PartnerShown, ...]
    total: Total
    next: Next
    as_of: AsOfAnswer | None


class LocalGovernmentShown(msgspec.Struct, frozen=True, kw_only=True):
    code: Code
    name: Annotated[str, Meta(description="In Cyrillic; Latin follows from it.")]
    district: str
    city: Annotated[Code | None, Meta(description="Of a city municipality.")]
    by_stage: dict[str, int]
    by_country: dict[str, int]
    updated: datetime | None


class LocalGovernmentList(msgspec.Struct, frozen=True):
    local_governments: tuple[LocalGovernmentShown, ...]
    as_of: AsOfAnswer | None


class ProcedureSummary(msgspec.Struct, frozen=True, kw_only=True):
    pin: Annotated[str, Meta(description="Code and version, such as `twinning@1`.")]
    code: str
    version: int
    title_sr: str
    title_en: str
    in_force: bool
    cases: Annotated[int, Meta(description="How many follow it.")]


class ProcedureList(msgspec.Struct, frozen=True):
    procedures: tuple[ProcedureSummary, ...]
    as_of: AsOfAnswer | None


class ProcedureStep(msgspec.Struct, frozen=True, kw_only=True):
    stage: Stage
    deed: DeedCode
    actor: Actor
    days: int | None
    documents: tuple[str, ...]
    fields: tuple[str, ...]


class ProcedureShown(ProcedureSummary, frozen=True, kw_only=True):
    second_person: Annotated[tuple[DeedCode, ...], Meta(description="Deeds that a second person approves first.")]
    steps: tuple[ProcedureStep, ...]
    text: Annotated[str, Meta(description="The version as its file has it, in TOML.")]
    as_of: AsOfAnswer | None


class QueueShown(msgspec.Struct, frozen=True, kw_only=True):
    initiatives: tuple[CaseSummary, ...]
    total: Total
    next: Next
    as_of: AsOfAnswer | None


class MyTask(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    what: Annotated[str | None, Meta(description="Null where the words were erased.")]
    due: date | None
    number: str
    stage: Stage


class TaskList(msgspec.Struct, frozen=True):
    tasks: tuple[MyTask, ...]
    total: Total
    next: Next
    as_of: AsOfAnswer | None


class DatedCase(msgspec.Struct, frozen=True):
    sort: Annotated[str, Meta(description="`deadline`, `ends` or `visit`.")]
    number: str
    stage: Stage


class CalendarDay(msgspec.Struct, frozen=True):
    day: date
    total: int
    shown: tuple[DatedCase, ...]


class CalendarShown(msgspec.Struct, frozen=True):
    days: tuple[CalendarDay, ...]
    as_of: AsOfAnswer | None
