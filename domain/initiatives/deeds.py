"""Every deed of the office on a running case: when it is possible, by which rules, and what decides it."""

from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

import msgspec

from domain.dates import is_whole
from domain.initiatives import policies as rule
from domain.initiatives.chronology import new_contradictions
from domain.initiatives.decisions import (
    anytime,
    approving,
    beginning,
    concluding,
    coordinating,
    extending,
    linking,
    living,
    reinstating,
    tasking,
)
from domain.initiatives.decisions.common import check
from domain.initiatives.events import ApprovalAsked, InitiativeEvent, StepApproved
from domain.initiatives.initiative import Initiative
from domain.initiatives.procedure import CaseOccasion, Procedure
from domain.initiatives.sides import nothing_to_settle
from domain.initiatives.terms import FINAL, LIVE, Stage
from domain.kernel import Command, Refusal, Refused

_S = Stage


class Deed(NamedTuple):
    """One deed. `decide` takes the state, a command of type `command` and the occasion."""

    code: str
    command: type[Command]
    stages: frozenset[Stage]
    decide: Callable[[Initiative, Any, CaseOccasion], list[InitiativeEvent]]
    policies: tuple[rule.Policy, ...] = ()
    may_repeat: bool = False
    """The same may happen again: two that look alike are two, unless both name one and the same day."""


def _in(*stages: Stage) -> frozenset[Stage]:
    return frozenset(stages)


_VISITABLE = LIVE - {_S.PROPOSED, _S.SUSPENDED}
_SIGNABLE = _in(_S.DECIDED, _S.CONSENT_REQUESTED, _S.OPINIONS, _S.RETURNED, _S.CONSENT_GRANTED, _S.PUBLISHED)
"""Before consent the policies refuse it, and say what is missing."""
_PUBLISHABLE = _in(_S.DECIDED, _S.CONSENT_REQUESTED, _S.OPINIONS, _S.RETURNED, _S.CONSENT_GRANTED, _S.SIGNED)


def approvable(state: Initiative, procedure: Procedure) -> list[str]:
    """Deeds that are done at this stage and need a second person."""
    return [code for code in procedure.second_person if state.stage in DEEDS[code].stages]


def _something_to_approve(state: Initiative, on: CaseOccasion) -> Refusal | None:
    return None if approvable(state, on.procedures.of(state)) else Refusal("initiative.nothing-to-approve")


def _something_to_ask_for(state: Initiative, on: CaseOccasion) -> Refusal | None:
    possible = approvable(state, on.procedures.of(state))
    if possible and {*possible} <= {*state.asked}:
        return Refusal("initiative.approval-asked-already")
    return None if possible else Refusal("initiative.nothing-to-approve")


_ALL: Final = (
    Deed("coordinate", coordinating.Coordinate, _in(_S.PROPOSED), coordinating.coordinate),
    Deed("decline", coordinating.DeclineInitiative, _in(_S.PROPOSED), coordinating.decline),
    Deed(
        "merge",
        coordinating.MergeInitiative,
        _in(_S.PROPOSED),
        coordinating.merge,
        (rule.no_merged_away,),
    ),
    Deed("give-support", coordinating.GiveSupport, _in(_S.COORDINATING), coordinating.give_support),
    Deed(
        "complete-coordination",
        coordinating.CompleteCoordination,
        _in(_S.COORDINATING),
        coordinating.complete_coordination,
        (rule.not_coordinated_yet, rule.needs_all_support),
    ),
    Deed(
        "sign-letter-of-intent",
        coordinating.SignLetterOfIntent,
        _in(_S.COORDINATING),
        coordinating.sign_letter_of_intent,
        (rule.needs_coordination,),
    ),
    Deed(
        "start-drafting",
        coordinating.StartDrafting,
        _in(_S.COORDINATING, _S.LETTER_OF_INTENT),
        coordinating.start_drafting,
        (rule.coordinated_before_drafting,),
    ),
    Deed("suspend", coordinating.SuspendProcedure, _in(_S.COORDINATING), coordinating.suspend),
    Deed("resume", coordinating.ResumeProcedure, _in(_S.SUSPENDED), coordinating.resume),
    Deed("withdraw", coordinating.WithdrawInitiative, _in(_S.COORDINATING, _S.SUSPENDED), coordinating.withdraw),
    Deed("review-draft", concluding.ReviewDraft, _in(_S.DRAFTING), concluding.review_draft),
    Deed(
        "adopt-decision",
        concluding.AdoptDecision,
        _in(_S.DRAFTING),
        concluding.adopt_decision,
        (rule.needs_reviewed_draft,),
    ),
    Deed(
        "request-consent",
        concluding.RequestConsent,
        _in(_S.DECIDED),
        concluding.request_consent,
        (rule.consent_still_needed,),
    ),
    Deed(
        "waive-consent",
        concluding.WaiveConsent,
        _in(_S.DECIDED),
        concluding.waive_consent,
        (rule.consent_may_be_waived,),
    ),
    Deed(
        "record-opinion",
        concluding.RecordOpinion,
        _in(_S.CONSENT_REQUESTED, _S.OPINIONS),
        concluding.record_opinion,
        may_repeat=True,
    ),
    Deed("return-file", concluding.ReturnFile, _in(_S.CONSENT_REQUESTED, _S.OPINIONS), concluding.return_file),
    Deed("supplement-file", concluding.SupplementFile, _in(_S.RETURNED), concluding.supplement_file),
    Deed("grant-consent", concluding.GrantConsent, _in(_S.OPINIONS), concluding.grant_consent),
    Deed("refuse-consent", concluding.RefuseConsent, _in(_S.OPINIONS), concluding.refuse_consent),
    Deed("reopen-drafting", concluding.ReopenDrafting, _in(_S.CONSENT_REFUSED), concluding.reopen_drafting),
    Deed("publish", concluding.PublishDecision, _PUBLISHABLE, concluding.publish, (rule.not_published_yet,)),
    Deed(
        "sign-agreement",
        concluding.SignAgreement,
        _SIGNABLE,
        concluding.sign_agreement,
        (rule.needs_consent, rule.needs_publication),
    ),
    Deed("enter-into-force", living.EnterIntoForce, _in(_S.SIGNED), living.enter_into_force),
    Deed("hold-visit", living.HoldVisit, _VISITABLE, living.hold_visit, may_repeat=True),
    Deed(
        "confirm-partnership",
        living.ConfirmPartnership,
        _in(_S.ACTIVE, _S.RENEWED, _S.EXPIRING),
        living.confirm_partnership,
    ),
    Deed(
        "announce-expiry",
        living.AnnounceExpiry,
        _in(_S.ACTIVE, _S.RENEWED, _S.EXPIRING),
        living.announce_expiry,
        (rule.end_not_announced_yet,),
    ),
    Deed("renew", living.Renew, _in(_S.EXPIRING), living.renew),
    Deed("confirm-expiry", living.ConfirmExpiry, _in(_S.EXPIRING), living.confirm_expiry, (rule.term_has_ended,)),
    Deed("mark-dormant", living.MarkDormant, _in(_S.ACTIVE, _S.RENEWED), living.mark_dormant),
    Deed("resume-activity", living.ResumeActivity, _in(_S.DORMANT), living.resume_activity),
    Deed("terminate", living.Terminate, LIVE, living.terminate),
    Deed(
        "extend-deadline",
        extending.ExtendDeadline,
        LIVE,
        extending.extend_deadline,
        (rule.deadline_can_be_extended,),
    ),
    Deed(
        "reinstate",
        reinstating.Reinstate,
        FINAL - {_S.MERGED},
        reinstating.reinstate,
        (reinstating.way_back_in_procedure,),
    ),
    Deed("name-handler", anytime.NameHandler, LIVE, anytime.name_handler),
    Deed("add-party", anytime.AddParty, LIVE, anytime.add_party),
    Deed("remove-party", anytime.RemoveParty, LIVE, anytime.remove_party, (rule.one_to_spare,)),
    Deed("report-party-status", anytime.ReportPartyStatus, LIVE, anytime.report_party_status, may_repeat=True),
    Deed("receive-report", anytime.ReceiveReport, LIVE, anytime.receive_report, may_repeat=True),
    Deed(
        "settle-disagreement",
        anytime.SettleDisagreement,
        LIVE,
        anytime.settle_disagreement,
        (nothing_to_settle,),
    ),
    Deed("change-procedure", anytime.ChangeProcedure, LIVE, anytime.change_procedure, (rule.another_version_at_hand,)),
    Deed("ask-approval", approving.AskApproval, LIVE, approving.ask_approval, (_something_to_ask_for,)),
    Deed("approve", approving.ApproveStep, LIVE, approving.approve_step, (_something_to_approve,)),
    Deed("add-remark", anytime.AddRemark, frozenset(Stage), anytime.add_remark),
    Deed("link-case", linking.LinkCase, frozenset(Stage), linking.link_case, (linking.room_for_a_link,)),
    Deed("unlink-case", linking.UnlinkCase, frozenset(Stage), linking.unlink_case, (linking.a_case_is_linked,)),
    Deed("give-task", tasking.GiveTask, LIVE, tasking.give_task, (tasking.room_for_a_task,)),
    Deed("finish-task", tasking.FinishTask, frozenset(Stage), tasking.finish_task, (tasking.a_task_is_open,)),
    Deed("cancel-task", tasking.CancelTask, frozenset(Stage), tasking.cancel_task, (tasking.a_task_is_open,)),
    Deed("correct", anytime.CorrectFact, frozenset(Stage), anytime.correct),
    Deed("absorb", coordinating.AbsorbDuplicate, LIVE, coordinating.absorb),
)
DEEDS: Final[dict[str, Deed]] = {deed.code: deed for deed in _ALL}
BY_COMMAND: Final[dict[type[Command], Deed]] = {deed.command: deed for deed in _ALL}


class Offer(msgspec.Struct, frozen=True):
    """A deed as the state sees it: open when nothing stands against it."""

    deed: str
    refusals: tuple[Refusal, ...] = ()

    @property
    def open(self) -> bool:
        return not self.refusals


def offer(deed: Deed, state: Initiative, on: CaseOccasion) -> Offer:
    """Whether the state allows a deed, and every reason why not."""
    if state.stage not in deed.stages:
        return Offer(deed.code, (Refusal("initiative.wrong-stage", {"stage": state.stage.value, "deed": deed.code}),))
    by_rule = [r for policy in deed.policies if (r := policy(state, on)) is not None]
    return Offer(deed.code, (*by_rule, *rule.of_the_procedure(state, deed.code, on)))


def offers(state: Initiative, on: CaseOccasion) -> list[Offer]:
    """Every deed, open or refused, in the order of the office's work."""
    return [offer(deed, state, on) for deed in _ALL]


def decide(state: Initiative | None, command: Command, on: CaseOccasion) -> list[InitiativeEvent]:
    """What a command on a running case leads to: facts, none if it had its effect already.

    Raises Refused with every rule that stands against it.
    """
    deed = BY_COMMAND[type(command)]
    if state is None:
        raise Refused(Refusal("initiative.unknown"))
    stands = offer(deed, state, on)
    if not stands.open:
        if _had_its_effect(deed, state, command, on):
            return []
        raise Refused(*stands.refusals)
    facts = deed.decide(state, command, on)
    if state.ends_with(facts) and not (deed.may_repeat and _perhaps_another(facts)):
        return []
    if facts:
        check(*rule.particulars_missing(state, deed.code, facts[0], on.procedures.of(state)))
    for fact in facts:
        check(*rule.what_is_said(state, fact, state.parties, on), _second_person_wanted(state, fact, on))
        check(*new_contradictions(state, fact))
    return facts


def begin(state: Initiative | None, command: Command, on: CaseOccasion) -> list[InitiativeEvent]:
    """How a case begins. Raises Refused, also where the case exists already."""
    match command:
        case beginning.ProposeInitiative():
            facts = beginning.propose(command, on)
        case beginning.EnterHistoricAgreement():
            facts = beginning.enter_historic(command, on)
        case beginning.TakeOverInitiative():
            facts = beginning.take_over(command, on)
        case _:
            raise TypeError(type(command).__name__)
    if state is not None:
        raise Refused(Refusal("initiative.exists", {"number": state.number}))
    return facts


def _second_person_wanted(state: Initiative, fact: InitiativeEvent, on: CaseOccasion) -> Refusal | None:
    """Approvals are asked for and given only where the procedure wants them, of what can be done at the stage."""
    if not isinstance(fact, ApprovalAsked | StepApproved) or fact.deed in approvable(state, on.procedures.of(state)):
        return None
    return Refusal("initiative.needs-no-second-person", field="deed")


def _perhaps_another(facts: Sequence[InitiativeEvent]) -> bool:
    """Without a full day nobody can say that it is the same one; a form sent twice is known by its command key."""
    return any(fact.occurred_on is None or not is_whole(fact.occurred_on) for fact in facts)


def _had_its_effect(deed: Deed, state: Initiative, command: Command, on: CaseOccasion) -> bool:
    """The same command led to the state as it is: sent twice, it is no mistake."""
    try:
        facts = deed.decide(state, command, on)
    except Refused:
        return False
    return bool(facts) and state.ends_with(facts)
