"""From the proposal to the draft."""

from uuid import UUID

import pytest

from domain.initiatives import events as e
from domain.initiatives.decisions.coordinating import (
    CompleteCoordination,
    Coordinate,
    DeclineInitiative,
    GiveSupport,
    ResumeProcedure,
    SignLetterOfIntent,
    StartDrafting,
    SuspendProcedure,
    WithdrawInitiative,
)
from domain.initiatives.decisions.living import Terminate
from domain.initiatives.terms import Stage, Support, Termination
from domain.kernel import Command, VaultRef
from tests.domain.initiatives.stories import coordinated, coordinating, drafting, supported, taken_over
from tests.domain.specification import JELENA, MILAN, WORDS, given, proposed

OTHER_WORDS = VaultRef(UUID(int=78))


def test_a_coordinator_takes_the_case() -> None:
    state = given(proposed()).when(Coordinate(handler=JELENA)).then(e.CoordinationStarted(handler=JELENA))
    assert (state.stage, state.handler) == (Stage.COORDINATING, JELENA)


def test_taking_it_twice_has_one_effect_but_nobody_else_takes_it_then() -> None:
    given(*coordinating()).when(Coordinate(handler=JELENA)).then()
    given(*coordinating()).when(Coordinate(handler=MILAN)).then_refused("initiative.wrong-stage")


def test_a_proposal_is_declined_with_a_reason() -> None:
    state = given(proposed()).when(DeclineInitiative(reason=WORDS)).then(e.InitiativeDeclined(reason=WORDS))
    assert state.stage is Stage.DECLINED
    declined = given(proposed(), e.InitiativeDeclined(reason=WORDS))
    declined.when(DeclineInitiative(reason=OTHER_WORDS)).then_refused("initiative.wrong-stage")


def test_support_is_recorded_once_in_the_order_of_the_office() -> None:
    asked = GiveSupport(items=(Support.MODEL_DOCUMENTS, Support.INFORMATION))
    given_now = e.SupportGiven(items=(Support.INFORMATION, Support.MODEL_DOCUMENTS))
    given(*coordinating()).when(asked).then(given_now)
    given(*coordinating(), given_now).when(asked).then()


def test_coordination_is_completed_when_everything_was_given() -> None:
    given(*supported()).when(CompleteCoordination()).then(e.CoordinationCompleted())
    half = given(*coordinating(), e.SupportGiven(items=(Support.INFORMATION,))).when(CompleteCoordination())
    half.then_refused("initiative.support-missing")
    assert half.refused.refusals[0].params == {"missing": "partner_profile,model_documents"}


def test_coordination_is_a_milestone_and_not_a_stage() -> None:
    state = given(*supported()).when(CompleteCoordination()).then(e.CoordinationCompleted())
    assert (state.stage, state.coordinated) == (Stage.COORDINATING, True)


@pytest.mark.parametrize("deed", [SignLetterOfIntent(), StartDrafting()])
def test_letter_of_intent_and_draft_need_coordination(deed: Command) -> None:
    given(*supported()).when(deed).then_refused("initiative.not-coordinated")


def test_a_letter_of_intent_may_come_before_the_draft() -> None:
    letter = e.LetterOfIntentSigned(occurred_on="2026-02", place="Modriča")
    state = given(*coordinated()).when(SignLetterOfIntent(occurred_on="2026-02", place="Modriča")).then(letter)
    assert state.stage is Stage.LETTER_OF_INTENT
    assert given(*coordinated(), letter).when(StartDrafting()).then(e.DraftingStarted()).stage is Stage.DRAFTING


def test_a_case_taken_over_at_its_letter_of_intent_goes_on_to_the_draft() -> None:
    given(taken_over(Stage.LETTER_OF_INTENT)).when(StartDrafting()).then(e.DraftingStarted())


def test_a_suspended_case_goes_on_where_it_stood_or_is_withdrawn() -> None:
    pause = e.ProcedureSuspended(reason=WORDS, until="2026-06")
    state = given(*coordinated()).when(SuspendProcedure(reason=WORDS, until="2026-06")).then(pause)
    assert state.stage is Stage.SUSPENDED
    resumed = given(*coordinated(), pause).when(ResumeProcedure()).then(e.ProcedureResumed())
    assert (resumed.stage, resumed.coordinated) == (Stage.COORDINATING, True)
    withdrawn = given(*coordinated(), pause).when(WithdrawInitiative(reason=WORDS))
    assert withdrawn.then(e.InitiativeWithdrawn(reason=WORDS)).stage is Stage.WITHDRAWN


def test_a_pause_ends_on_a_real_day() -> None:
    given(*coordinating()).when(SuspendProcedure(reason=WORDS, until="2026-02-31")).then_refused("date.impossible")


def test_nothing_is_withdrawn_after_the_draft_began() -> None:
    given(*drafting()).when(WithdrawInitiative(reason=WORDS)).then_refused("initiative.wrong-stage")


def test_a_case_that_nobody_withdraws_any_more_is_given_up() -> None:
    given_up = e.AgreementTerminated(termination=Termination.BY_HOME, reason=WORDS)
    letter = (*coordinated(), e.LetterOfIntentSigned())
    for story in (letter, drafting()):
        state = given(*story).when(Terminate(termination=Termination.BY_HOME, reason=WORDS)).then(given_up)
        assert state.stage is Stage.TERMINATED
