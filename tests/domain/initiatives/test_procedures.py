"""Which version of a procedure a case follows, and what another version changes."""

from datetime import date

import msgspec
import pytest

from domain.initiatives import deeds
from domain.initiatives import events as e
from domain.initiatives.deadlines import Waiting, due_day
from domain.initiatives.decisions.anytime import ChangeProcedure, CorrectFact
from domain.initiatives.decisions.beginning import TakeOverInitiative
from domain.initiatives.decisions.concluding import AdoptDecision, SignAgreement
from domain.initiatives.decisions.coordinating import CompleteCoordination, SignLetterOfIntent, StartDrafting
from domain.initiatives.initiative import Initiative, fold
from domain.initiatives.procedure import (
    CaseOccasion,
    Deadline,
    Document,
    Procedures,
    Start,
    UnknownProcedure,
    next_step,
)
from domain.initiatives.terms import EntryRule, Kind, Stage, Support
from domain.kernel import Refused
from tests.domain.initiatives import stories
from tests.domain.initiatives.test_proposing import ENTRY, PROPOSAL, TAKEOVER
from tests.domain.specification import TODAY, WITH_MODRICA, WORDS, given, proposed
from tests.procedures import SHIPPED, but

ADOPT = AdoptDecision(occurred_on="2026-02-10", number="06-12/2026", foreign_state="Bosna i Hercegovina")
MOVE = ChangeProcedure(procedure="twinning@2", reason=WORDS)
MOVED = e.ProcedureChanged(procedure="twinning@2", reason=WORDS)


def on(procedures: Procedures) -> CaseOccasion:
    return msgspec.structs.replace(TODAY, procedures=procedures)


def second(stage: Stage, **changed: object) -> Procedures:
    """A second version for twinning, with another step at one stage."""
    steps = SHIPPED.in_force(Kind.TWINNING).steps
    return but(Kind.TWINNING, steps={**steps, stage: msgspec.structs.replace(steps[stage], **changed)})


def without(stage: Stage) -> Procedures:
    steps = SHIPPED.in_force(Kind.TWINNING).steps
    return but(Kind.TWINNING, steps={kept: step for kept, step in steps.items() if kept is not stage})


def state_of(*facts: e.InitiativeEvent) -> Initiative:
    state = fold(facts)
    assert state is not None
    return state


# --- pinned


@pytest.mark.parametrize("command", [PROPOSAL, ENTRY, TAKEOVER])
def test_a_case_begins_under_the_newest_version(command: object) -> None:
    [fact] = deeds.begin(None, command, on(but(Kind.TWINNING)))
    assert fact.procedure == "twinning@2"
    assert but(Kind.TWINNING).of(state_of(fact)).version == 2


@pytest.mark.parametrize("command", [PROPOSAL, ENTRY, TAKEOVER])
def test_a_case_that_names_none_follows_the_first(command: object) -> None:
    [fact] = deeds.begin(None, command, TODAY)
    assert fact.procedure is None
    assert but(Kind.TWINNING).of(state_of(fact)).version == 1


def test_a_new_version_changes_nothing_for_older_cases() -> None:
    newer = second(Stage.CONSENT_REQUESTED, deadline=Deadline(5))
    for state in (state_of(*stories.requested()), state_of(*stories.drafting())):
        assert next_step(state, newer.of(state)) == next_step(state, SHIPPED.of(state))


def test_a_version_that_is_not_at_hand_is_not_guessed() -> None:
    state = state_of(*stories.requested(), MOVED)
    with pytest.raises(UnknownProcedure, match="twinning@2"):
        SHIPPED.of(state)


# --- moved


def test_a_case_is_moved_and_follows_the_other_version() -> None:
    newer = second(Stage.CONSENT_REQUESTED, deadline=Deadline(5))
    state = given(*stories.requested()).when(MOVE, on(newer)).then(MOVED)
    step = next_step(state, newer.of(state))
    assert (state.stage, state.procedure, step.days) == (Stage.CONSENT_REQUESTED, "twinning@2", 5)
    given(*stories.requested(), MOVED).when(MOVE, on(newer)).then()
    back = ChangeProcedure(procedure="twinning@1", reason=WORDS)
    assert (
        given(*stories.requested(), MOVED)
        .when(back, on(newer))
        .then(e.ProcedureChanged(procedure="twinning@1", reason=WORDS))
        .procedure
        == "twinning@1"
    )


@pytest.mark.parametrize("name", ["twinning@3", "cross_border@1", "twinning", "", "nonsense"])
def test_a_case_is_moved_only_to_a_version_for_its_kind(name: str) -> None:
    command = ChangeProcedure(procedure=name, reason=WORDS)
    given(*stories.requested()).when(command, on(but(Kind.TWINNING))).then_refused("initiative.procedure-unknown")


def test_where_there_is_one_version_nobody_is_asked_for_another() -> None:
    given(*stories.requested()).when(MOVE).then_refused("initiative.no-other-procedure")


def test_a_case_is_not_moved_from_under_a_step_that_was_taken() -> None:
    waived = (*stories.decided(Kind.CROSS_BORDER), e.ConsentNotRequired(basis=WORDS))
    move = ChangeProcedure(procedure="cross_border@2", reason=WORDS)
    given(*waived).when(move, on(but(Kind.CROSS_BORDER, consent_required=True))).then_refused(
        "initiative.consent-required"
    )
    letter = (*stories.coordinated(), e.LetterOfIntentSigned())
    given(*letter).when(MOVE, on(without(Stage.LETTER_OF_INTENT))).then_refused("initiative.stage-not-in-procedure")


def test_a_correction_of_the_kind_brings_the_procedure_of_that_kind() -> None:
    right = msgspec.structs.replace(proposed(Kind.CROSS_BORDER), procedure="nonsense@9")
    command = CorrectFact(corrects=1, restated=right, reason=WORDS)
    newer = but(Kind.CROSS_BORDER)
    restated = msgspec.structs.replace(right, procedure="cross_border@2")
    state = (
        given(*stories.requested())
        .when(command, on(newer))
        .then(e.FactCorrected(corrects=1, restated=restated, reason=WORDS))
    )
    assert newer.of(state).pin == "cross_border@2"


def test_a_correction_of_anything_else_leaves_the_case_where_it_was_moved() -> None:
    right = msgspec.structs.replace(proposed(), letter_number="06-1/2026")
    corrected = e.FactCorrected(corrects=1, restated=right, reason=WORDS)
    command = CorrectFact(corrects=1, restated=right, reason=WORDS)
    state = given(*stories.requested(), MOVED).when(command, on(but(Kind.TWINNING))).then(corrected)
    assert state.procedure == "twinning@2"


# --- what a version may ask


def test_a_stage_that_the_procedure_lacks_is_led_to_by_no_deed() -> None:
    short = without(Stage.LETTER_OF_INTENT)
    given(*stories.coordinated(), MOVED).when(SignLetterOfIntent(), on(short)).then_refused(
        "initiative.stage-not-in-procedure"
    )
    given(*stories.coordinated()).when(SignLetterOfIntent(), on(short)).then(e.LetterOfIntentSigned())
    with pytest.raises(Refused, match="stage-not-in-procedure"):
        command = TakeOverInitiative(
            number="2026-0002",
            kind=Kind.TWINNING,
            parties=WITH_MODRICA,
            stage=Stage.LETTER_OF_INTENT,
            source="newspaper",
        )
        deeds.begin(None, command, on(short))


def test_it_may_ask_for_less_support_or_for_none() -> None:
    less = second(Stage.COORDINATING, documents=(Document.INFORMATION,))
    given(*stories.coordinating(), MOVED).when(CompleteCoordination(), on(less)).then_refused(
        "initiative.support-missing"
    )
    informed = (*stories.coordinating(), MOVED, e.SupportGiven(items=(Support.INFORMATION,)))
    given(*informed).when(CompleteCoordination(), on(less)).then(e.CoordinationCompleted())
    state = state_of(*informed)
    assert next_step(state, less.of(state)).deed == "complete-coordination"


def test_it_may_ask_for_a_letter_of_intent() -> None:
    strict = second(Stage.COORDINATING, documents=(*Document,)[:4])
    story = (*stories.coordinated(), MOVED)
    given(*story).when(StartDrafting(), on(strict)).then_refused("initiative.letter-of-intent-missing")
    given(*story, e.LetterOfIntentSigned()).when(StartDrafting(), on(strict)).then(e.DraftingStarted())


def test_it_may_let_the_assembly_decide_on_a_draft_that_nobody_reviewed() -> None:
    free = second(Stage.DRAFTING, documents=())
    given(*stories.drafting(), MOVED).when(ADOPT, on(free)).then(msgspec.structs.replace(stories.ADOPTED, fields=()))


def test_it_may_ask_for_more_particulars() -> None:
    strict = second(Stage.PUBLISHED, fields=("instrument", "place", "ends_on", "languages"))
    sign = SignAgreement(occurred_on="2026-03-10", instrument="charter", place="Varvarin")
    when = given(*stories.published(), MOVED).when(sign, on(strict))
    when.then_refused("form.missing", "form.missing")
    assert when.refused and [r.field for r in when.refused.refusals] == ["ends_on", "languages"]


def test_it_may_know_fewer_clauses_on_the_entry_into_force() -> None:
    few = but(Kind.TWINNING, entry_rules=(EntryRule.ON_CONSENT,))
    early = msgspec.structs.replace(ADOPT, entry_rule=EntryRule.ON_ADOPTION)
    given(*stories.reviewed(), MOVED).when(early, on(few)).then_refused("initiative.entry-rule-not-in-procedure")


@pytest.mark.parametrize(
    ("recorded", "start", "day"),
    [
        ("2026-02-20", Start.FACT, date(2026, 3, 2)),
        ("2026-02", Start.FACT, date(2026, 3, 10)),
        (None, Start.FACT, date(2026, 3, 20)),
        ("2026-02-20", Start.RECORDING, date(2026, 3, 20)),
    ],
)
def test_days_count_from_the_fact_itself_where_the_procedure_says_so(
    recorded: str | None, start: Start, day: date
) -> None:
    newer = second(Stage.CONSENT_REQUESTED, deadline=Deadline(10, start))
    request = e.ConsentRequested(occurred_on=recorded, registry_number="06-13/2026", addressee="Ministarstvo")
    state = state_of(*stories.decided(), MOVED, request)
    step = next_step(state, newer.of(state))
    assert step is not None
    assert due_day(state, step, Waiting(date(2026, 3, 10)), SHIPPED.calendar) == day
