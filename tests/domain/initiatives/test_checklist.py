"""The checklist of a stage: papers that are there or missing, particulars of the form, and what else is against it."""

from msgspec.structs import replace

from domain.initiatives import events as e
from domain.initiatives.checklist import Checklist, checklist
from domain.initiatives.initiative import fold
from domain.initiatives.procedure import Document, Procedures
from domain.initiatives.terms import Stage, Support
from domain.kernel import Refusal
from tests.domain.initiatives.stories import Story, coordinating, drafting, reviewed
from tests.domain.specification import TODAY, WORDS, proposed
from tests.procedures import first_versions


def of(story: Story, on=TODAY) -> Checklist:
    state = fold(story)
    assert state is not None
    found = checklist(state, on)
    assert found is not None
    return found


def test_coordination_shows_what_was_given_and_what_is_missing() -> None:
    found = of((*coordinating(), e.SupportGiven(items=(Support.INFORMATION,))))
    assert found.deed == "start-drafting"
    assert dict(found.papers) == {
        Document.INFORMATION: True,
        Document.PARTNER_PROFILE: False,
        Document.MODEL_DOCUMENTS: False,
    }
    assert found.refusals == [Refusal("initiative.not-coordinated")]


def test_the_reviewed_draft_is_looked_for_by_the_rule_that_refuses() -> None:
    assert of(drafting()).papers == [(Document.REVIEWED_DRAFT, False)]
    assert of(reviewed()).papers == [(Document.REVIEWED_DRAFT, True)]
    assert not of(reviewed()).refusals


def test_what_a_version_of_the_procedure_asks_to_be_said_is_listed() -> None:
    first = first_versions()["twinning"]
    step = replace(first.steps[Stage.DRAFTING], fields=("title", "entry_rule"))
    second = replace(first, version=2, steps={**first.steps, Stage.DRAFTING: step})
    on = replace(TODAY, procedures=Procedures([*first_versions().values(), second]))
    moved = (*drafting(), e.ProcedureChanged(procedure="twinning@2", reason=WORDS))
    assert list(of(moved, on).particulars) == ["title", "entry_rule"]
    assert list(of(drafting(), on).particulars) == list(first.steps[Stage.DRAFTING].fields)


def test_a_case_that_is_over_has_none() -> None:
    state = fold((proposed(), e.InitiativeDeclined(reason=WORDS)))
    assert state is not None
    assert checklist(state, TODAY) is None
