"""A second person: how long an approval stands, what uses it up, and what a procedure may ask for."""

from uuid import uuid4

import msgspec
import pytest

from domain.initiatives import events as e
from domain.initiatives.decisions.anytime import ChangeProcedure, CorrectFact
from domain.initiatives.decisions.approving import ApproveStep, AskApproval
from domain.initiatives.decisions.concluding import ReviewDraft
from domain.initiatives.decisions.coordinating import ResumeProcedure, SuspendProcedure
from domain.initiatives.decisions.living import Terminate
from domain.initiatives.deeds import DEEDS
from domain.initiatives.initiative import fold
from domain.initiatives.moves import APPROVABLE
from domain.initiatives.procedure import CaseOccasion
from domain.initiatives.rehearsal import rehearse
from domain.initiatives.soundness import flaws
from domain.initiatives.terms import Kind, Party, PartyRole, Stage, Termination
from domain.kernel import AccountId
from tests.domain.initiatives import stories
from tests.domain.specification import JELENA, MILAN, TODAY, WORDS, given, proposed
from tests.procedures import SHIPPED, but

STRICT = but(Kind.TWINNING, second_person=("terminate", "review-draft", "suspend"))
BY_JELENA: CaseOccasion = msgspec.structs.replace(TODAY, procedures=STRICT)
BY_MILAN: CaseOccasion = msgspec.structs.replace(BY_JELENA, actor=MILAN)
END = Terminate(termination=Termination.MUTUAL)
REVIEW = ReviewDraft(languages=("sr",))


def under(*story: e.InitiativeEvent) -> tuple[e.InitiativeEvent, ...]:
    """A story under the strict procedure."""
    begun, *rest = story
    return (msgspec.structs.replace(begun, procedure="twinning@2"), *rest)


def approved(deed: str, by: AccountId = MILAN) -> e.StepApproved:
    return e.StepApproved(deed=deed, seen=2, approver=by)


def test_an_approval_by_another_opens_the_deed() -> None:
    story = under(*stories.coordinating())
    given(*story).when(END, BY_JELENA).then_refused("initiative.second-person-missing")
    fact = e.StepApproved(deed="terminate", seen=len(story), approver=MILAN)
    given(*story).when(ApproveStep(deed="terminate"), BY_MILAN).then(fact)
    given(*story, fact).when(END, BY_JELENA).then(e.AgreementTerminated(termination=Termination.MUTUAL))
    given(*story, fact).when(END, BY_MILAN).then_refused("initiative.second-person-same")


def test_the_first_version_asks_for_nobody() -> None:
    given(*stories.coordinating()).when(END, BY_JELENA).then(e.AgreementTerminated(termination=Termination.MUTUAL))
    given(*stories.coordinating()).when(ApproveStep(deed="terminate"), BY_MILAN).then_refused(
        "initiative.nothing-to-approve"
    )


def test_an_approval_lapses_with_the_stage_also_when_the_case_comes_back() -> None:
    story = under(
        *stories.coordinating(), e.ApprovalAsked(deed="terminate"), approved("suspend"), approved("terminate")
    )
    moved = (*story, e.ProcedureSuspended(reason=WORDS), e.ProcedureResumed())
    state = fold(moved)
    assert state is not None
    assert (state.stage, state.approvals, state.asked) == (Stage.COORDINATING, (), ())
    given(*moved).when(END, BY_JELENA).then_refused("initiative.second-person-missing")
    given(*moved).when(SuspendProcedure(reason=WORDS), BY_JELENA).then_refused("initiative.second-person-missing")
    given(*moved[:-1]).when(ResumeProcedure(), BY_JELENA).then(e.ProcedureResumed())


def test_a_deed_that_leaves_the_stage_uses_its_own_approval_up_and_no_other() -> None:
    story = under(*stories.drafting(), approved("review-draft"), approved("terminate"))
    reviewed = (*story, *given(*story).when(REVIEW, BY_JELENA).decided)
    again = ReviewDraft(languages=("sr", "bs"))
    given(*reviewed).when(again, BY_JELENA).then_refused("initiative.second-person-missing")
    given(*reviewed).when(END, BY_JELENA).then(e.AgreementTerminated(termination=Termination.MUTUAL))


def test_approving_or_asking_twice_changes_nothing() -> None:
    story = under(*stories.coordinating(), e.ApprovalAsked(deed="terminate"))
    given(*story).when(AskApproval(deed="terminate"), BY_JELENA).then()
    given(*story, approved("terminate")).when(ApproveStep(deed="terminate"), BY_MILAN).then()


def test_when_all_was_asked_for_no_more_asking_is_offered() -> None:
    asked = [e.ApprovalAsked(deed=deed) for deed in ("terminate", "suspend", "change-procedure")]
    given(*under(*stories.coordinating(), *asked)).when(AskApproval(deed="review-draft"), BY_JELENA).then_refused(
        "initiative.approval-asked-already"
    )


@pytest.mark.parametrize("deed", APPROVABLE)
def test_each_deed_for_which_a_procedure_may_ask_exists(deed: str) -> None:
    assert deed in DEEDS


def test_a_procedure_that_asks_for_what_does_not_exist_is_unsound() -> None:
    unsound = but(Kind.TWINNING, second_person=("terminate", "add-remark")).in_force(Kind.TWINNING)
    found = [(flaw.code, flaw.at, flaw.params["typed"]) for flaw in flaws(unsound)]
    assert found == [("unknown-word", ("second_person",), "add-remark")]
    assert not list(flaws(STRICT.in_force(Kind.TWINNING)))


def test_a_rehearsal_lists_steps_that_nobody_approved() -> None:
    draft = STRICT.in_force(Kind.TWINNING)
    story = (*stories.drafting(), approved("review-draft"), e.DraftReviewed(languages=("sr",)))
    end = e.AgreementTerminated(termination=Termination.MUTUAL)
    days = [TODAY.today] * (len(story) + 1)
    found = rehearse((*story, end), days, draft, TODAY.today, SHIPPED.calendar)
    assert found is not None
    assert [(step.fact, [r.code for r in step.refusals]) for step in found.refused] == [
        ("initiative.terminated", ["initiative.second-person-missing"])
    ]


def test_two_accounts_of_one_human_are_one_person() -> None:
    twins = msgspec.structs.replace(BY_JELENA, one_human=(frozenset({JELENA, MILAN}),))
    given(*under(proposed()), approved("terminate")).when(END, twins).then_refused("initiative.second-person-same")


MOVE = ChangeProcedure(procedure="twinning@1", reason=WORDS)
OTHER_KIND = CorrectFact(corrects=1, restated=proposed(kind=Kind.DECENTRALISED), reason=WORDS)


def test_nobody_alone_leads_a_case_out_of_a_procedure_that_asks_for_two() -> None:
    story = under(*stories.coordinating())
    for way_out in (MOVE, OTHER_KIND):
        given(*story).when(way_out, BY_JELENA).then_refused("initiative.second-person-missing")
        given(*story, approved("change-procedure", JELENA)).when(way_out, BY_JELENA).then_refused(
            "initiative.second-person-same"
        )
        assert given(*story, approved("change-procedure")).when(way_out, BY_JELENA).decided
    given(*stories.coordinating()).when(OTHER_KIND, TODAY).then(
        e.FactCorrected(corrects=1, restated=OTHER_KIND.restated, reason=WORDS)
    )


@pytest.mark.parametrize(
    "change",
    [
        e.FactCorrected(
            corrects=2, restated=e.CoordinationStarted(handler=JELENA, occurred_on="2026-01"), reason=WORDS
        ),
        e.PartyJoined(party=Party(role=PartyRole.PARTNER, partner=uuid4())),
        e.ProcedureChanged(procedure="twinning@2", reason=WORDS),
    ],
)
def test_an_approval_lapses_with_what_was_approved(change: e.InitiativeEvent) -> None:
    story = under(*stories.coordinating(), e.ApprovalAsked(deed="suspend"), approved("terminate"))
    given(*story, change).when(END, BY_JELENA).then_refused("initiative.second-person-missing")
    state = fold((*story, change))
    assert state is not None
    assert state.asked == ("suspend",), "what is waited for is waited for still"
    given(*story, e.RemarkAdded(remark=WORDS)).when(END, BY_JELENA).then(
        e.AgreementTerminated(termination=Termination.MUTUAL)
    )
