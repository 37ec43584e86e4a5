"""Draft, decision, consent, publication and signing."""

from typing import Annotated

from msgspec import Meta

from domain.dates import Day
from domain.initiatives import events as e
from domain.initiatives.decisions.common import Dated, check
from domain.initiatives.decisions.coordinating import Languages
from domain.initiatives.initiative import Initiative
from domain.initiatives.terms import (
    DecidingBody,
    EntryRule,
    Field,
    Gazette,
    Instrument,
    Stage,
    Stance,
    Term,
)
from domain.kernel import Occasion, Refusal, VaultRef
from domain.words import Line, LongLine, Number

Fields = Annotated[tuple[Field, ...], Meta(max_length=12)]
BEFORE_CONSENT = frozenset({Stage.DECIDED, Stage.CONSENT_REQUESTED, Stage.OPINIONS, Stage.RETURNED})


class ReviewDraft(Dated, frozen=True, kw_only=True):
    languages: Languages
    draft_version: Annotated[int, Meta(ge=1, le=999)] = 1


class AdoptDecision(Dated, frozen=True, kw_only=True):
    number: Number
    foreign_state: Line
    body: DecidingBody = DecidingBody.ASSEMBLY
    title: LongLine | None = None
    entry_rule: EntryRule | None = None
    budget_clause: bool = False
    fields: Fields = ()


class ReopenDrafting(Dated, frozen=True, kw_only=True):
    decision_number: Number
    reason: VaultRef


class WaiveConsent(Dated, frozen=True, kw_only=True):
    basis: VaultRef


class RequestConsent(Dated, frozen=True, kw_only=True):
    registry_number: Number
    addressee: Line


class RecordOpinion(Dated, frozen=True, kw_only=True):
    body: Line
    stance: Stance
    registry_number: Number | None = None


class ReturnFile(Dated, frozen=True, kw_only=True):
    missing: VaultRef
    due_on: Day


class SupplementFile(Dated, frozen=True, kw_only=True):
    registry_number: Number | None = None


class GrantConsent(Dated, frozen=True, kw_only=True):
    act_number: Number


class RefuseConsent(Dated, frozen=True, kw_only=True):
    reason: VaultRef
    act_number: Number | None = None


class PublishDecision(Dated, frozen=True, kw_only=True):
    gazette_name: Line
    gazette_number: Number
    despite_missing_consent: bool = False


class SignAgreement(Dated, frozen=True, kw_only=True):
    instrument: Instrument
    place: Line | None = None
    signatory_home: Line | None = None
    signatory_partner: Line | None = None
    languages: Annotated[tuple[Annotated[str, Meta(pattern=r"^[a-z]{2,3}$(?!\n)")], ...], Meta(max_length=12)] = ()
    ends_on: Day | None = None
    notice_months: Annotated[int, Meta(ge=0, le=120)] | None = None
    tacit_renewal: bool = False


def review_draft(state: Initiative, command: ReviewDraft, on: Occasion) -> list[e.InitiativeEvent]:
    return [
        e.DraftReviewed(
            occurred_on=command.occurred_on, languages=command.languages, draft_version=command.draft_version
        )
    ]


def adopt_decision(state: Initiative, command: AdoptDecision, on: Occasion) -> list[e.InitiativeEvent]:
    return [
        e.DecisionAdopted(
            occurred_on=command.occurred_on,
            number=command.number,
            body=command.body,
            foreign_state=command.foreign_state,
            title=command.title,
            entry_rule=command.entry_rule,
            budget_clause=command.budget_clause,
            fields=command.fields,
        )
    ]


def reopen_drafting(state: Initiative, command: ReopenDrafting, on: Occasion) -> list[e.InitiativeEvent]:
    return [
        e.DraftingReopened(
            occurred_on=command.occurred_on, decision_number=command.decision_number, reason=command.reason
        )
    ]


def waive_consent(state: Initiative, command: WaiveConsent, on: Occasion) -> list[e.InitiativeEvent]:
    return [e.ConsentNotRequired(occurred_on=command.occurred_on, basis=command.basis)]


def request_consent(state: Initiative, command: RequestConsent, on: Occasion) -> list[e.InitiativeEvent]:
    return [
        e.ConsentRequested(
            occurred_on=command.occurred_on, registry_number=command.registry_number, addressee=command.addressee
        )
    ]


def record_opinion(state: Initiative, command: RecordOpinion, on: Occasion) -> list[e.InitiativeEvent]:
    return [
        e.OpinionReceived(
            occurred_on=command.occurred_on,
            body=command.body,
            stance=command.stance,
            registry_number=command.registry_number,
        )
    ]


def return_file(state: Initiative, command: ReturnFile, on: Occasion) -> list[e.InitiativeEvent]:
    """Send the file back for a supplement; the handler sets the day by which it is due."""
    return [e.FileReturned(occurred_on=command.occurred_on, missing=command.missing, due_on=command.due_on)]


def supplement_file(state: Initiative, command: SupplementFile, on: Occasion) -> list[e.InitiativeEvent]:
    return [e.FileSupplemented(occurred_on=command.occurred_on, registry_number=command.registry_number)]


def grant_consent(state: Initiative, command: GrantConsent, on: Occasion) -> list[e.InitiativeEvent]:
    """The Government consents; a decision that had been published early counts as published from here on."""
    granted = e.ConsentGranted(occurred_on=command.occurred_on, act_number=command.act_number)
    return [granted, e.EarlierPublicationRecognised()] if state.published else [granted]


def refuse_consent(state: Initiative, command: RefuseConsent, on: Occasion) -> list[e.InitiativeEvent]:
    return [e.ConsentRefused(occurred_on=command.occurred_on, reason=command.reason, act_number=command.act_number)]


def publish(state: Initiative, command: PublishDecision, on: Occasion) -> list[e.InitiativeEvent]:
    """Publish in the official gazette. Before consent it takes a word of warning heard, because practice varies."""
    early = state.stage in BEFORE_CONSENT and not state.consent_waived
    if early and not command.despite_missing_consent:
        check(Refusal("initiative.publishing-before-consent", field="despite_missing_consent"))
    gazette = Gazette(name=command.gazette_name, number=command.gazette_number)
    return [e.DecisionPublished(occurred_on=command.occurred_on, gazette=gazette, before_consent=early)]


def sign_agreement(state: Initiative, command: SignAgreement, on: Occasion) -> list[e.InitiativeEvent]:
    return [
        e.AgreementSigned(
            occurred_on=command.occurred_on,
            instrument=command.instrument,
            place=command.place,
            signatory_home=command.signatory_home,
            signatory_partner=command.signatory_partner,
            languages=command.languages,
            term=Term(
                ends_on=command.ends_on, notice_months=command.notice_months, tacit_renewal=command.tacit_renewal
            ),
        )
    ]
