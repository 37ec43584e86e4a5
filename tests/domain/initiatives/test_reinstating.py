"""A mistaken end is taken back by a fact of its own, to the stage from which the case was ended."""

import pytest
from msgspec.structs import replace

from domain.initiatives import events as e
from domain.initiatives.decisions.anytime import CorrectFact
from domain.initiatives.decisions.coordinating import Coordinate, DeclineInitiative
from domain.initiatives.decisions.reinstating import Reinstate
from domain.initiatives.terms import Stage, Termination
from tests.domain.initiatives.stories import Story, active, coordinating, drafting, expiring
from tests.domain.specification import JELENA, WORDS, given, proposed

DECLINED = e.InitiativeDeclined(occurred_on="2026-02-01", reason=WORDS)
TERMINATED = e.AgreementTerminated(termination=Termination.MUTUAL, decision_number="06-31/2026")
SUSPENDED = e.ProcedureSuspended(reason=WORDS)
ENDS: dict[str, tuple[Story, Stage]] = {
    "declined": ((proposed(), DECLINED), Stage.PROPOSED),
    "withdrawn": ((*coordinating(), e.InitiativeWithdrawn(reason=WORDS)), Stage.COORDINATING),
    "withdrawn while it rested": (
        (*coordinating(), SUSPENDED, e.InitiativeWithdrawn(reason=WORDS)),
        Stage.SUSPENDED,
    ),
    "given up as a draft": ((*drafting(), TERMINATED), Stage.DRAFTING),
    "terminated": ((*active(), TERMINATED), Stage.ACTIVE),
    "expired": ((*expiring(), e.AgreementExpired()), Stage.EXPIRING),
}


@pytest.mark.parametrize(("story", "stage"), ENDS.values(), ids=ENDS)
def test_a_case_goes_back_to_the_stage_before_its_end(story: Story, stage: Stage) -> None:
    back = e.InitiativeReinstated(stage=stage, reason=WORDS)
    state = given(*story).when(Reinstate(reason=WORDS)).then(back)
    assert state.stage is stage
    assert state.ended_from is None
    given(*story, back).when(Reinstate(reason=WORDS)).then()


def test_a_merging_is_not_taken_back() -> None:
    merged = e.InitiativeMerged(into=proposed().parties[1].partner, into_number="2026-0001")
    given(proposed(), merged).when(Reinstate(reason=WORDS)).then_refused("initiative.wrong-stage")


def test_a_live_case_is_not_reinstated() -> None:
    given(*active()).when(Reinstate(reason=WORDS)).then_refused("initiative.wrong-stage")


def test_remarks_and_corrections_after_the_end_do_not_hinder() -> None:
    moved = e.FactCorrected(corrects=2, restated=replace(DECLINED, occurred_on="2026-02-02"), reason=WORDS)
    story = (proposed(), DECLINED, e.RemarkAdded(remark=WORDS), moved)
    given(*story).when(Reinstate(reason=WORDS)).then(e.InitiativeReinstated(stage=Stage.PROPOSED, reason=WORDS))


def test_a_case_can_be_ended_and_taken_back_again() -> None:
    back = e.InitiativeReinstated(stage=Stage.PROPOSED, reason=WORDS)
    story = (proposed(), DECLINED, back)
    given(*story).when(Coordinate(handler=JELENA)).then(e.CoordinationStarted(handler=JELENA))
    again = given(*story).when(DeclineInitiative(reason=WORDS)).then(e.InitiativeDeclined(reason=WORDS))
    assert again.ended_from is Stage.PROPOSED
    given(*story, e.InitiativeDeclined(reason=WORDS)).when(Reinstate(reason=WORDS)).then(back)


def test_the_day_of_an_end_can_be_corrected_after_it_was_taken_back() -> None:
    back = e.InitiativeReinstated(stage=Stage.PROPOSED, reason=WORDS)
    right = replace(DECLINED, occurred_on="2026-02-03")
    state = (
        given(proposed(), DECLINED, back)
        .when(CorrectFact(corrects=2, restated=right, reason=WORDS))
        .then(e.FactCorrected(corrects=2, restated=right, reason=WORDS))
    )
    assert state.stage is Stage.PROPOSED
