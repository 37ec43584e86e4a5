"""Merging duplicates: one case ends, the other goes on for both."""

from uuid import UUID

import pytest

from domain.initiatives import events as e
from domain.initiatives.decisions.coordinating import AbsorbDuplicate, MergeInitiative
from domain.initiatives.terms import Stage
from tests.domain.initiatives.stories import Story, active, coordinating
from tests.domain.specification import WORDS, given, proposed

OTHER = UUID(int=9)
MERGE = MergeInitiative(into=OTHER, into_number="2025-0001", reason=WORDS)
MERGED = e.InitiativeMerged(into=OTHER, into_number="2025-0001", reason=WORDS)
ABSORB = AbsorbDuplicate(duplicate=OTHER, duplicate_number="2025-0001")
ABSORBED = e.DuplicateAbsorbed(duplicate=OTHER, duplicate_number="2025-0001")


def test_a_duplicate_ends_in_the_case_that_goes_on() -> None:
    state = given(proposed()).when(MERGE).then(MERGED)
    assert (state.stage, state.merged_into) == (Stage.MERGED, OTHER)


def test_it_is_merged_once_and_into_one_case_only() -> None:
    given(proposed(), MERGED).when(MERGE).then()
    elsewhere = MergeInitiative(into=UUID(int=10), into_number="2025-0002")
    given(proposed(), MERGED).when(elsewhere).then_refused("initiative.wrong-stage")


def test_a_case_is_not_merged_into_itself() -> None:
    itself = MergeInitiative(into=OTHER, into_number="2026-0009")
    given(proposed()).when(itself).then_refused("initiative.merge-into-itself")


def test_a_case_that_took_in_another_is_not_merged_away_so_that_no_circle_closes() -> None:
    given(proposed(), ABSORBED).when(MERGE).then_refused("initiative.has-absorbed")


def test_only_a_proposal_is_merged() -> None:
    given(*coordinating()).when(MERGE).then_refused("initiative.wrong-stage")


@pytest.mark.parametrize("story", [(proposed(),), coordinating(), active()])
def test_any_live_case_goes_on_for_both_where_it_stands(story: Story) -> None:
    before = given(*story).when(ABSORB)
    state = before.then(ABSORBED)
    assert state.absorbed == (OTHER,)
    given(*story, ABSORBED, e.RemarkAdded(remark=WORDS)).when(ABSORB).then()


def test_an_ended_case_takes_in_nothing() -> None:
    given(proposed(), e.InitiativeDeclined(reason=WORDS)).when(ABSORB).then_refused("initiative.wrong-stage")
