"""The procedures that come with the program: every kind has one, and a version never changes."""

import pytest

from adapters.procedures.shelf import digest, shipped
from application.script import latin
from domain.initiatives.procedure import CODES
from domain.initiatives.terms import FINAL, IN_FORCE, EntryRule, Kind, Stage
from tests.procedures import SHIPPED

DIGESTS = {
    "association@1": "3403ff9f023f77f34d5ebd60194f69f7e03ffcb666b2903e95532b3a3fdd7aef",
    "cross_border@1": "f0992d97aedb67bb6bde56bee15f48d06ed1d06dca6a78ad089dc45b332f6002",
    "decentralised@1": "b894d5b641ba34682de3b86842689bebc816a7865fe2e970882d584fdd964759",
    "historic@1": "f452e79ac8e7d49f5f5cad865b1ad672b2b21918699eddf67368b648d181ec7b",
    "project_based@1": "ffdc80971255c96500664629af2227330c50368782df7d58f6d8bfcf0e8c3338",
    "twinning@1": "c21a91d0fc6d0dcbb1f000732f4714db35b56b6656ee89303a8726ff01174cdf",
}
"""SHA-256 of each file. A line is added for a new version; none is ever changed, because cases follow them."""

DAYS = {
    Stage.PROPOSED: 8,
    Stage.COORDINATING: 15,
    Stage.LETTER_OF_INTENT: 30,
    Stage.DRAFTING: 60,
    Stage.DECIDED: 15,
    Stage.CONSENT_REQUESTED: 30,
    Stage.OPINIONS: 30,
    Stage.RETURNED: 15,
    Stage.CONSENT_GRANTED: 15,
    Stage.PUBLISHED: 90,
    Stage.SIGNED: 15,
    Stage.EXPIRING: 90,
}


def test_no_version_has_changed_since_it_was_shipped() -> None:
    assert {version.procedure.pin: digest(version.text) for version in shipped()} == DIGESTS


def test_a_file_is_named_by_what_it_holds() -> None:
    for version in shipped():
        assert version.file.endswith(f"/{version.procedure.code}-{version.procedure.version}.toml")


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_has_a_procedure_for_every_stage_that_is_not_final(kind: Kind) -> None:
    assert SHIPPED.in_force(kind).code == CODES[kind]
    assert set(SHIPPED.of_code(CODES[kind])[0].steps) == set(Stage) - FINAL


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.ASSOCIATION])
def test_the_days_of_the_first_versions(kind: Kind) -> None:
    steps = SHIPPED.of_code(CODES[kind])[0].steps
    assert {stage: step.days for stage, step in steps.items() if step.days} == DAYS
    assert {step.notice_months for stage, step in steps.items() if stage in IN_FORCE} == {3, None}


def test_the_association_has_no_gazette_of_a_town() -> None:
    own = SHIPPED.in_force(Kind.ASSOCIATION)
    granted = own.steps[Stage.CONSENT_GRANTED]
    assert (own.publication_before_signing, granted.deed, granted.days) == (False, "sign-agreement", 90)
    assert all(SHIPPED.in_force(kind).publication_before_signing for kind in set(Kind) - {Kind.ASSOCIATION})


def test_consent_may_be_waived_for_projects_across_borders_and_for_the_association_alone() -> None:
    free = {kind for kind in Kind if not SHIPPED.in_force(kind).consent_required}
    assert free == {Kind.PROJECT_BASED, Kind.CROSS_BORDER, Kind.ASSOCIATION}


def test_every_clause_on_the_entry_into_force_is_known_to_the_first_versions() -> None:
    assert {version.procedure.entry_rules for version in shipped()} == {tuple(EntryRule)}


def test_serbian_texts_are_cyrillic_throughout() -> None:
    for version in shipped():
        for step in version.procedure.steps.values():
            assert step.text and step.basis
            for text in (step.text.sr, step.basis.text.sr, step.basis.reference):
                assert text == "" or latin(text) != text
                assert not any("a" <= letter.lower() <= "z" for letter in text), text
