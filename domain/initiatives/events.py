"""Every fact in the life of a case. The tags are the storage format: published, and never changed."""

from uuid import UUID

import msgspec

from domain.dates import PartialDate
from domain.initiatives.links import CaseLinked, CaseUnlinked
from domain.initiatives.tasks import TaskCancelled, TaskDone, TaskGiven
from domain.initiatives.terms import (
    Channel,
    DecidingBody,
    EntryRule,
    Field,
    Gazette,
    Instrument,
    Kind,
    Origin,
    Party,
    PartyStatus,
    Renewal,
    Stage,
    Stance,
    Support,
    Term,
    Termination,
)
from domain.kernel import AccountId, Fact, VaultRef

# --- how a case begins


class InitiativeProposed(Fact, frozen=True, kw_only=True, tag="initiative.proposed"):
    number: str
    kind: Kind
    parties: tuple[Party, ...]
    origin: Origin
    rationale: VaultRef
    letter_number: str | None = None
    """Registry number of the letter of initiative."""
    fields: tuple[Field, ...] = ()
    distinct_from: tuple[UUID, ...] = ()
    """Cases of the same pair that were shown as duplicates and held to be another matter."""
    distinct_because: VaultRef | None = None
    procedure: str | None = None
    """Version under which the case begins, such as `twinning@2`; absent for version 1 of its kind."""


class HistoricAgreementEntered(Fact, frozen=True, kw_only=True, tag="initiative.historic-agreement-entered"):
    """A partnership concluded before this register was kept; `occurred_on` is its signing, where known.

    Whether the Government consented is not known.
    """

    number: str
    kind: Kind
    parties: tuple[Party, ...]
    source: str
    remark: VaultRef | None = None
    """What the source says of it, word for word."""
    confirmed: bool = False
    """The source says that the partnership is kept up; False means that nothing is known."""
    term: Term | None = None
    procedure: str | None = None
    """Version under which the case begins, such as `twinning@2`; absent for version 1 of its kind."""


class InitiativeTakenOver(Fact, frozen=True, kw_only=True, tag="initiative.taken-over"):
    """A case that was under way before this register was kept, taken over at the stage that its source reports."""

    number: str
    kind: Kind
    parties: tuple[Party, ...]
    stage: Stage
    source: str
    remark: VaultRef | None = None
    """What the source says of it, word for word."""
    procedure: str | None = None
    """Version under which the case begins, such as `twinning@2`; absent for version 1 of its kind."""


# --- proposal and coordination


class InitiativeDeclined(Fact, frozen=True, kw_only=True, tag="initiative.declined"):
    reason: VaultRef


class InitiativeMerged(Fact, frozen=True, kw_only=True, tag="initiative.merged"):
    """The case turned out to be a duplicate and goes on in another one."""

    into: UUID
    into_number: str
    reason: VaultRef | None = None


class DuplicateAbsorbed(Fact, frozen=True, kw_only=True, tag="initiative.duplicate-absorbed"):
    """The other end of a merging: this case goes on for both."""

    duplicate: UUID
    duplicate_number: str


class CoordinationStarted(Fact, frozen=True, kw_only=True, tag="initiative.coordination-started"):
    handler: AccountId


class SupportGiven(Fact, frozen=True, kw_only=True, tag="initiative.support-given"):
    items: tuple[Support, ...]


class CoordinationCompleted(Fact, frozen=True, kw_only=True, tag="initiative.coordinated"):
    """The milestone: information, partner profile and model documents were given."""


class ProcedureSuspended(Fact, frozen=True, kw_only=True, tag="initiative.suspended"):
    reason: VaultRef
    until: PartialDate | None = None


class ProcedureResumed(Fact, frozen=True, kw_only=True, tag="initiative.resumed"):
    pass


class InitiativeWithdrawn(Fact, frozen=True, kw_only=True, tag="initiative.withdrawn"):
    reason: VaultRef


class LetterOfIntentSigned(Fact, frozen=True, kw_only=True, tag="initiative.letter-of-intent-signed"):
    place: str | None = None


# --- draft and decision


class DraftingStarted(Fact, frozen=True, kw_only=True, tag="initiative.drafting-started"):
    pass


class DraftReviewed(Fact, frozen=True, kw_only=True, tag="initiative.draft-reviewed"):
    languages: tuple[str, ...]
    """ISO 639-1 codes of the texts that were reviewed."""
    draft_version: int = 1


class DecisionAdopted(Fact, frozen=True, kw_only=True, tag="initiative.decision-adopted"):
    number: str
    body: DecidingBody
    foreign_state: str
    """Official name of the partner's state, as the decision has it after the foreign unit."""
    title: str | None = None
    entry_rule: EntryRule | None = None
    budget_clause: bool = False
    fields: tuple[Field, ...] = ()


class DraftingReopened(Fact, frozen=True, kw_only=True, tag="initiative.drafting-reopened"):
    """After a refused consent the matter goes back to drafting, by a new decision."""

    decision_number: str
    reason: VaultRef


# --- consent


class ConsentNotRequired(Fact, frozen=True, kw_only=True, tag="initiative.consent-not-required"):
    basis: VaultRef
    """Why no consent of the Government was needed."""


class ConsentRequested(Fact, frozen=True, kw_only=True, tag="initiative.consent-requested"):
    registry_number: str
    addressee: str


class OpinionReceived(Fact, frozen=True, kw_only=True, tag="initiative.opinion-received"):
    body: str
    stance: Stance
    registry_number: str | None = None


class FileReturned(Fact, frozen=True, kw_only=True, tag="initiative.returned"):
    missing: VaultRef
    """What has to be supplemented."""
    due_on: PartialDate


class FileSupplemented(Fact, frozen=True, kw_only=True, tag="initiative.supplemented"):
    """The file was supplemented and the request for consent sent again."""

    registry_number: str | None = None


class ConsentGranted(Fact, frozen=True, kw_only=True, tag="initiative.consent-granted"):
    act_number: str


class ConsentRefused(Fact, frozen=True, kw_only=True, tag="initiative.consent-refused"):
    reason: VaultRef
    act_number: str | None = None


class DecisionPublished(Fact, frozen=True, kw_only=True, tag="initiative.published"):
    gazette: Gazette
    before_consent: bool = False
    """Published although consent was still missing; the one who recorded it was warned."""


class EarlierPublicationRecognised(Fact, frozen=True, kw_only=True, tag="initiative.earlier-publication-recognised"):
    """Consent came after the decision had been published; the publication counts from now on."""


# --- the agreement and its life


class AgreementSigned(Fact, frozen=True, kw_only=True, tag="initiative.agreement-signed"):
    instrument: Instrument
    place: str | None = None
    signatory_home: str | None = None
    """Office of the one who signed at home, such as mayor; never a name."""
    signatory_partner: str | None = None
    languages: tuple[str, ...] = ()
    term: Term = msgspec.field(default_factory=Term)


class AgreementEnteredIntoForce(Fact, frozen=True, kw_only=True, tag="initiative.entered-into-force"):
    rule: EntryRule | None = None


class VisitHeld(Fact, frozen=True, kw_only=True, tag="initiative.visit-held"):
    host: str | None = None
    """Key of the party that was the host."""
    place: str | None = None
    purpose: VaultRef | None = None


class ExpiryApproached(Fact, frozen=True, kw_only=True, tag="initiative.expiry-approached"):
    ends_on: PartialDate | None = None
    """Last day of the term; absent where it is not known, or the agreement has none."""


class AgreementRenewed(Fact, frozen=True, kw_only=True, tag="initiative.renewed"):
    renewal: Renewal
    term: Term = msgspec.field(default_factory=Term)
    instrument: Instrument | None = None


class AgreementExpired(Fact, frozen=True, kw_only=True, tag="initiative.expired"):
    pass


class FellDormant(Fact, frozen=True, kw_only=True, tag="initiative.fell-dormant"):
    reason: VaultRef | None = None


class ActivityResumed(Fact, frozen=True, kw_only=True, tag="initiative.activity-resumed"):
    pass


class AgreementTerminated(Fact, frozen=True, kw_only=True, tag="initiative.terminated"):
    termination: Termination
    decision_number: str | None = None
    """Number of the annulling decision; absent where no decision had been adopted that could be annulled."""
    reason: VaultRef | None = None


class PartnershipConfirmed(Fact, frozen=True, kw_only=True, tag="initiative.partnership-confirmed"):
    """The local government says that the partnership is alive; it is asked once a year."""

    remark: VaultRef | None = None
    """What the sides did, or mean to do."""


# --- at any time


class DeadlineExtended(Fact, frozen=True, kw_only=True, tag="initiative.deadline-extended"):
    """A later day was set for the step that the case waits for; it ends with that step."""

    deed: str
    """The deed that was waited for, such as `record-opinion`."""
    until: PartialDate
    reason: VaultRef


class HandlerNamed(Fact, frozen=True, kw_only=True, tag="initiative.handler-named"):
    handler: AccountId
    reason: VaultRef | None = None


class ProcedureChanged(Fact, frozen=True, kw_only=True, tag="initiative.procedure-changed"):
    """From now on the case follows another version of the procedure of its kind."""

    procedure: str
    """Such as `twinning@2`."""
    reason: VaultRef


class ApprovalAsked(Fact, frozen=True, kw_only=True, tag="initiative.approval-asked"):
    """Somebody wants to do a deed for which the procedure asks for a second person."""

    deed: str
    """Code of the deed, such as `terminate`."""
    reason: VaultRef | None = None


class StepApproved(Fact, frozen=True, kw_only=True, tag="initiative.step-approved"):
    """A second person approved a deed. It holds until the deed is done or the case comes to another stage."""

    deed: str
    """Code of the deed, such as `terminate`."""
    seen: int
    """Version of the case that was approved."""
    approver: AccountId
    on_behalf_of: AccountId | None = None
    """For whom the approver stood in."""
    also_for: tuple[AccountId, ...] = ()
    """Others who were away and for whom the approver stood in too, such as a substitute of the one named."""
    reason: VaultRef | None = None


class PartyJoined(Fact, frozen=True, kw_only=True, tag="initiative.party-joined"):
    party: Party


class PartyLeft(Fact, frozen=True, kw_only=True, tag="initiative.party-left"):
    party: str
    """Key of the party."""
    reason: VaultRef | None = None


class PartyStatusReported(Fact, frozen=True, kw_only=True, tag="initiative.party-status-reported"):
    party: str
    status: PartyStatus
    known_from: VaultRef | None = None
    """Where this is known from: a letter, an address on the web, the office of the person who confirmed it."""
    channel: Channel | None = None
    """None where the office wrote it down from a paper or a talk."""
    told_by: VaultRef | None = None
    """Name and office of the person who confirmed it."""
    register: str | None = None
    """Key of the register whose file said so."""
    register_version: int | None = None
    """Version that the case had there."""
    source: str | None = None
    """What is now `known_from`, in clear: only facts of version 1 hold it, and nobody can erase it there."""


class DisagreementSettled(Fact, frozen=True, kw_only=True, tag="initiative.disagreement-settled"):
    status: PartyStatus
    note: VaultRef
    """What was found out, and with whom."""


class InitiativeReinstated(Fact, frozen=True, kw_only=True, tag="initiative.reinstated"):
    """The case had been ended by mistake and goes on where it stood before. The end stays in the history."""

    stage: Stage
    """The stage to which it goes back."""
    reason: VaultRef


class RemarkAdded(Fact, frozen=True, kw_only=True, tag="initiative.remark-added"):
    remark: VaultRef
    mentions: tuple[AccountId, ...] = ()
    """Colleagues whose attention the remark asks for."""


Correctable = (
    InitiativeProposed
    | HistoricAgreementEntered
    | InitiativeTakenOver
    | InitiativeDeclined
    | InitiativeMerged
    | CoordinationStarted
    | SupportGiven
    | CoordinationCompleted
    | ProcedureSuspended
    | ProcedureResumed
    | InitiativeWithdrawn
    | LetterOfIntentSigned
    | DraftingStarted
    | DraftReviewed
    | DecisionAdopted
    | DraftingReopened
    | ConsentNotRequired
    | ConsentRequested
    | OpinionReceived
    | FileReturned
    | FileSupplemented
    | ConsentGranted
    | ConsentRefused
    | DecisionPublished
    | AgreementSigned
    | AgreementEnteredIntoForce
    | VisitHeld
    | ExpiryApproached
    | AgreementRenewed
    | AgreementExpired
    | FellDormant
    | ActivityResumed
    | AgreementTerminated
    | PartnershipConfirmed
    | DeadlineExtended
    | PartyJoined
    | PartyLeft
    | PartyStatusReported
)
"""Facts with a day or particulars that a person gave, and may have given wrongly."""


class FactCorrected(Fact, frozen=True, kw_only=True, tag="initiative.corrected"):
    """An earlier fact of this case was recorded wrongly; this is how it should have read.

    `occurred_on` stays empty: the restated fact carries its own.
    """

    corrects: int
    """Version of the wrong fact."""
    restated: Correctable
    reason: VaultRef


InitiativeEvent = (
    Correctable
    | DuplicateAbsorbed
    | EarlierPublicationRecognised
    | ApprovalAsked
    | StepApproved
    | HandlerNamed
    | DisagreementSettled
    | ProcedureChanged
    | InitiativeReinstated
    | RemarkAdded
    | CaseLinked
    | CaseUnlinked
    | TaskGiven
    | TaskDone
    | TaskCancelled
    | FactCorrected
)
