"""Named rules of the case. A page asks them what to offer, a decision what to refuse: there is no third place."""

from collections.abc import Callable, Iterable
from typing import assert_never

from domain.dates import EARLIEST_YEAR, LATEST_YEAR, NotADate, PartialDate, earliest, latest, partial_date
from domain.initiatives import events as e
from domain.initiatives.deadlines import Ground, deadline_ground
from domain.initiatives.initiative import Initiative
from domain.initiatives.moves import leads_to
from domain.initiatives.procedure import CODES, CaseOccasion, Document, Procedure, Procedures, next_step
from domain.initiatives.second_person import second_person_missing, second_person_same
from domain.initiatives.terms import CONCLUDED, DECIDED_ON, FINAL, EntryRule, Party, Stage, Support
from domain.kernel import Occasion, Refusal

Policy = Callable[[Initiative, CaseOccasion], Refusal | None]


def needs_all_support(state: Initiative, on: CaseOccasion) -> Refusal | None:
    return support_missing(state, on.procedures.of(state))


def support_missing(state: Initiative, procedure: Procedure) -> Refusal | None:
    """Coordination completes when everything was given that the procedure asks for."""
    missing = [s.value for s in procedure.support if not has_document(state, Document(s.value))]
    return Refusal("initiative.support-missing", {"missing": ",".join(missing)}) if missing else None


def not_coordinated_yet(state: Initiative, on: Occasion) -> Refusal | None:
    return Refusal("initiative.already-coordinated") if state.coordinated else None


def needs_coordination(state: Initiative, on: Occasion) -> Refusal | None:
    """The second milestone comes before letter of intent and draft."""
    return None if state.coordinated else Refusal("initiative.not-coordinated")


def coordinated_before_drafting(state: Initiative, on: Occasion) -> Refusal | None:
    """A signed letter of intent shows that coordination was done, also in a case taken over at that stage."""
    return None if state.stage is Stage.LETTER_OF_INTENT else needs_coordination(state, on)


def needs_reviewed_draft(state: Initiative, on: CaseOccasion) -> Refusal | None:
    return review_missing(state, on.procedures.of(state))


def review_missing(state: Initiative, procedure: Procedure) -> Refusal | None:
    """The association reviews the draft before an assembly decides on it; anew after a refused consent."""
    if not _asks_for(procedure, Stage.DRAFTING, Document.REVIEWED_DRAFT):
        return None
    return None if has_document(state, Document.REVIEWED_DRAFT) else Refusal("initiative.draft-not-reviewed")


def has_document(state: Initiative, document: Document) -> bool:
    """Whether a paper that a procedure may ask for is there. After a refused consent the draft is reviewed anew."""
    match document:
        case Document.LETTER_OF_INTENT:
            return state.last(e.LetterOfIntentSigned) is not None
        case Document.REVIEWED_DRAFT:
            reviewed = state.standing.get("initiative.draft-reviewed")
            reopened = state.standing.get("initiative.drafting-reopened")
            return reviewed is not None and (reopened is None or reviewed.version > reopened.version)
        case Document.INFORMATION | Document.PARTNER_PROFILE | Document.MODEL_DOCUMENTS:
            return Support(document.value) in state.support
        case _:
            assert_never(document)


def letter_missing(state: Initiative, procedure: Procedure) -> Refusal | None:
    """Where the procedure asks for a letter of intent before a stage is left by its usual deed."""
    if not _asks_for(procedure, state.stage, Document.LETTER_OF_INTENT):
        return None
    there = has_document(state, Document.LETTER_OF_INTENT)
    return None if there else Refusal("initiative.letter-of-intent-missing")


def strands(state: Initiative, procedure: Procedure) -> list[Refusal]:
    """Why a case could not go on under a procedure from where it stands: a stage, a paper or a consent out of reach."""
    at_last = state.stage is not Stage.COORDINATING
    found = (
        stage_lacking(procedure, state.stage),
        letter_missing(state, procedure) if at_last else None,
        consent_needed(state, procedure) if state.consent_waived and state.stage not in CONCLUDED else None,
    )
    return [refusal for refusal in found if refusal is not None]


def _asks_for(procedure: Procedure, stage: Stage, document: Document) -> bool:
    step = procedure.steps.get(stage)
    return step is not None and document in step.documents


def consent_may_be_waived(state: Initiative, on: CaseOccasion) -> Refusal | None:
    if state.consent_waived:
        return Refusal("initiative.consent-already-waived")
    return consent_needed(state, on.procedures.of(state))


def consent_needed(state: Initiative, procedure: Procedure) -> Refusal | None:
    return Refusal("initiative.consent-required", {"kind": state.kind.value}) if procedure.consent_required else None


def consent_still_needed(state: Initiative, on: Occasion) -> Refusal | None:
    return Refusal("initiative.consent-already-waived") if state.consent_waived else None


def needs_consent(state: Initiative, on: Occasion) -> Refusal | None:
    """No signing before consent, unless it was recorded why none is needed."""
    if state.stage in (Stage.CONSENT_GRANTED, Stage.PUBLISHED) or state.consent_waived:
        return None
    return Refusal("initiative.consent-missing")


def needs_publication(state: Initiative, on: CaseOccasion) -> Refusal | None:
    return publication_missing(state, on.procedures.of(state))


def publication_missing(state: Initiative, procedure: Procedure) -> Refusal | None:
    """Where the procedure puts the gazette before the signing."""
    if not procedure.publication_before_signing or state.stage is Stage.PUBLISHED or state.published:
        return None
    return Refusal("initiative.publication-missing")


def not_published_yet(state: Initiative, on: Occasion) -> Refusal | None:
    return Refusal("initiative.already-published") if state.published else None


def end_not_announced_yet(state: Initiative, on: Occasion) -> Refusal | None:
    """A case that expires without a known day has none until one is announced."""
    if state.stage is not Stage.EXPIRING or state.term.ends_on is None:
        return None
    return Refusal("initiative.end-announced-already", {"ends_on": state.term.ends_on})


def term_has_ended(state: Initiative, on: Occasion) -> Refusal | None:
    """An agreement expires on the last day of its term and not before."""
    if state.term.ends_on is None:
        return Refusal("initiative.term-unknown")
    if latest(state.term.ends_on) > on.today:
        return Refusal("initiative.term-running", {"ends_on": state.term.ends_on})
    return None


def one_to_spare(state: Initiative, on: Occasion) -> Refusal | None:
    """A party can leave where its side keeps another; an observer always can."""
    spare = len(state.parties) > len(state.home[:1]) + len(state.partners[:1])
    return None if spare else Refusal("initiative.none-to-spare")


def deadline_can_be_extended(state: Initiative, on: CaseOccasion) -> Refusal | None:
    """More time is given where the office, or its procedure, set the time; what the agreement says it cannot move."""
    step = next_step(state, on.procedures.of(state))
    ground = deadline_ground(state, step) if step else None
    if ground is None:
        return Refusal("initiative.no-deadline")
    if ground in (Ground.TERM, Ground.NOTICE):
        return Refusal("initiative.deadline-of-the-agreement")
    return None


def no_merged_away(state: Initiative, on: Occasion) -> Refusal | None:
    """A case that took in duplicates cannot itself be merged away."""
    return Refusal("initiative.has-absorbed") if state.absorbed else None


def another_version_at_hand(state: Initiative, on: CaseOccasion) -> Refusal | None:
    """A case is moved only where there is something to move it to."""
    others = len(on.procedures.of_code(CODES[state.kind])) > 1
    return None if others else Refusal("initiative.no-other-procedure")


def of_the_procedure(state: Initiative, deed: str, on: CaseOccasion) -> list[Refusal]:
    """What the procedure itself has against a deed: a stage that it lacks, a paper or a person that it asks for."""
    procedure = on.procedures.of(state)
    step = procedure.steps.get(state.stage)
    usual = step is not None and step.deed == deed
    found = (
        stage_lacking(procedure, leads_to(deed)),
        letter_missing(state, procedure) if usual else None,
        second_person_missing(state, deed, procedure),
        second_person_same(state, deed, on),
    )
    return [refusal for refusal in found if refusal is not None]


def stage_lacking(procedure: Procedure, stage: Stage | None) -> Refusal | None:
    """No deed leads to a stage that the procedure does not have; every case can end."""
    if stage is None or stage in procedure.steps or stage in FINAL:
        return None
    return Refusal("initiative.stage-not-in-procedure", {"stage": stage.value})


def particulars_missing(state: Initiative, deed: str, fact: e.InitiativeEvent, procedure: Procedure) -> list[Refusal]:
    """What the procedure asks the usual deed of the stage to say, and the fact does not."""
    asked = particulars_asked(state, deed, procedure)
    return [Refusal("form.missing", field=name) for name in asked if not says(fact, name)]


def particulars_asked(state: Initiative, deed: str, procedure: Procedure) -> tuple[str, ...]:
    """Names of those that a deed must give where the case stands, beyond what its command always needs."""
    step = procedure.steps.get(state.stage)
    return step.fields if step is not None and step.deed == deed else ()


def says(fact: e.InitiativeEvent, name: str) -> bool:
    """Whether a fact holds a particular, by the name that its command has for it."""
    match fact:
        case e.DecisionPublished(gazette=gazette) if name.startswith("gazette_"):
            return bool(getattr(gazette, name.removeprefix("gazette_")))
        case e.AgreementSigned(term=term) | e.AgreementRenewed(term=term) if name in type(term).__struct_fields__:
            return getattr(term, name) is not None
        case _:
            return getattr(fact, name, None) not in (None, (), "")


def clause_unknown(procedure: Procedure, rule: EntryRule | None, field: str) -> Refusal | None:
    """A clause on the entry into force that the procedure does not have."""
    if rule is None or rule in procedure.entry_rules:
        return None
    return Refusal("initiative.entry-rule-not-in-procedure", {"rule": rule.value}, field)


# --- rules about the particulars of a command


def day_refusal(day: PartialDate | None, on: Occasion, field: str = "occurred_on") -> Refusal | None:
    """A day that happened must exist in the calendar and not lie in the future."""
    if day is None:
        return None
    refusal = unreal_day(day, field)
    if refusal is None and earliest(day) > on.today:
        return Refusal("date.in-future", {"day": day}, field)
    return refusal


def unreal_day(day: PartialDate | None, field: str) -> Refusal | None:
    if day is None:
        return None
    try:
        partial_date(day)
    except NotADate:
        params: dict[str, str | int] = {"day": day, "from": EARLIEST_YEAR, "to": LATEST_YEAR}
        return Refusal("date.impossible", params, field)
    return None


def annulling_decision_named(state: Initiative, number: str | None) -> Refusal | None:
    """What an assembly decided is ended by a decision of its own; before that there is nothing to annul."""
    if number or not _was_decided(state):
        return None
    return Refusal("initiative.annulling-decision-missing", field="decision_number")


def _was_decided(state: Initiative) -> bool:
    """A decision was recorded, or the case came into the register with one."""
    taken_over = state.last(e.InitiativeTakenOver)
    return (
        state.last(e.DecisionAdopted) is not None
        or state.last(e.HistoricAgreementEntered) is not None
        or (taken_over is not None and taken_over.stage in DECIDED_ON)
    )


def known_party(parties: Iterable[Party], key: str, field: str) -> Refusal | None:
    return None if any(p.key == key for p in parties) else Refusal("initiative.party-unknown", field=field)


def day_given(day: PartialDate | None) -> Refusal | None:
    """A visit without any date is no milestone, and a confirmation without one confirms no year."""
    return Refusal("form.missing", field="occurred_on") if day is None else None


def what_is_said(
    state: Initiative, fact: e.InitiativeEvent, parties: Iterable[Party], on: CaseOccasion
) -> list[Refusal]:
    """Every rule that the particulars of a fact break, whether a deed records it or a correction restates it.

    `parties` are those that it may name.
    """
    rules = (day_refusal(fact.occurred_on, on), *_of_its_kind(state, fact, parties, on.procedures))
    return [refusal for refusal in rules if refusal is not None]


def _of_its_kind(
    state: Initiative, fact: e.InitiativeEvent, parties: Iterable[Party], procedures: Procedures
) -> tuple[Refusal | None, ...]:
    match fact:
        case e.DecisionAdopted(entry_rule=rule):
            return (clause_unknown(procedures.of(state), rule, "entry_rule"),)
        case e.AgreementEnteredIntoForce(rule=rule):
            return (clause_unknown(procedures.of(state), rule, "rule"),)
        case e.HistoricAgreementEntered(term=term) | e.AgreementSigned(term=term) | e.AgreementRenewed(term=term):
            return (unreal_day(term.ends_on if term else None, "ends_on"),)
        case e.ExpiryApproached(ends_on=ends_on):
            return (unreal_day(ends_on, "ends_on"),)
        case e.ProcedureSuspended(until=until) | e.DeadlineExtended(until=until):
            return (unreal_day(until, "until"),)
        case e.FileReturned(due_on=due_on) | e.TaskGiven(due_on=due_on):
            return (unreal_day(due_on, "due_on"),)
        case e.VisitHeld(occurred_on=day, host=host):
            return day_given(day), known_party(parties, host, "host") if host else None
        case e.PartnershipConfirmed(occurred_on=day):
            return (day_given(day),)
        case e.PartyStatusReported(party=party):
            return (known_party(parties, party, "party"),)
        case e.AgreementTerminated(decision_number=number):
            return (annulling_decision_named(state, number),)
        case _:
            return ()
