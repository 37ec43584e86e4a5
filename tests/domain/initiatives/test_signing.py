"""Signing the agreement, and its entry into force."""

import msgspec
import pytest

from domain.initiatives import events as e
from domain.initiatives.decisions.concluding import PublishDecision, SignAgreement
from domain.initiatives.decisions.living import EnterIntoForce
from domain.initiatives.initiative import fold
from domain.initiatives.procedure import PROCEDURES, next_step
from domain.initiatives.terms import EntryRule, Instrument, Kind, Stage
from tests.domain.initiatives.stories import (
    GAZETTE,
    PUBLISHED,
    PUBLISHED_EARLY,
    SIGNED,
    Story,
    consented,
    decided,
    published,
    requested,
    signed,
    taken_over,
    with_opinion,
)
from tests.domain.specification import WORDS, given

SIGN = SignAgreement(occurred_on="2026-03-10", instrument=Instrument.CHARTER, ends_on="2030-12-31", notice_months=6)
PUBLISH = PublishDecision(occurred_on="2026-03-08", gazette_name=GAZETTE.name, gazette_number=GAZETTE.number)
WAIVED = e.ConsentNotRequired(basis=WORDS)


def on(day: str | None) -> SignAgreement:
    return msgspec.structs.replace(SIGN, occurred_on=day)


def test_the_signatories_sign() -> None:
    state = given(*published()).when(SIGN).then(SIGNED)
    assert (state.stage, state.term) == (Stage.SIGNED, SIGNED.term)


@pytest.mark.parametrize("story", [decided(), requested(), with_opinion()])
def test_nobody_signs_before_consent_and_the_page_can_say_so(story: Story) -> None:
    given(*story).when(SIGN).then_refused("initiative.consent-missing", "initiative.publication-missing")


def test_an_early_publication_is_no_consent() -> None:
    given(*decided(), PUBLISHED_EARLY).when(SIGN).then_refused("initiative.consent-missing")


def test_nobody_signs_before_publication() -> None:
    given(*consented()).when(SIGN).then_refused("initiative.publication-missing")
    given(*decided(Kind.CROSS_BORDER), WAIVED).when(SIGN).then_refused("initiative.publication-missing")


# --- where the procedure does not put the gazette first


def test_the_association_signs_without_a_gazette_of_its_own() -> None:
    assert given(*consented(Kind.ASSOCIATION)).when(SIGN).then(SIGNED).stage is Stage.SIGNED
    given(*decided(Kind.ASSOCIATION), WAIVED).when(SIGN).then(SIGNED)
    given(*decided(Kind.ASSOCIATION)).when(SIGN).then_refused("initiative.consent-missing")


@pytest.mark.parametrize(
    ("story", "step"),
    [
        (consented(Kind.ASSOCIATION), "sign-agreement"),
        ((*decided(Kind.ASSOCIATION), WAIVED), "sign-agreement"),
        (consented(Kind.CROSS_BORDER), "publish"),
        ((*decided(Kind.CROSS_BORDER), WAIVED), "publish"),
    ],
)
def test_what_is_next_follows_the_order_of_the_procedure(story: Story, step: str) -> None:
    state = fold(story)
    assert state is not None
    assert next_step(state).deed == step


def test_it_may_publish_all_the_same_before_the_signing_or_after() -> None:
    assert given(*consented(Kind.ASSOCIATION)).when(PUBLISH).then(PUBLISHED).stage is Stage.PUBLISHED
    given(*consented(Kind.ASSOCIATION), PUBLISHED).when(SIGN).then(SIGNED)
    assert given(*consented(Kind.ASSOCIATION), SIGNED).when(PUBLISH).then(PUBLISHED).stage is Stage.SIGNED


@pytest.mark.parametrize("kind", [Kind.TWINNING, Kind.CROSS_BORDER])
def test_another_order_is_a_matter_of_data(kind: Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    signing_first = msgspec.structs.replace(PROCEDURES[kind], publication_before_signing=False)
    monkeypatch.setitem(PROCEDURES, kind, signing_first)
    state = given(*consented(kind)).when(SIGN).then(SIGNED)
    assert state.stage is Stage.SIGNED
    assert given(*consented(kind), SIGNED).when(PUBLISH).then(PUBLISHED).stage is Stage.SIGNED


def test_where_no_consent_is_needed_the_decision_is_published_and_signed() -> None:
    given(*decided(Kind.CROSS_BORDER), WAIVED, PUBLISHED).when(SIGN).then(SIGNED)


def test_a_decision_published_before_its_consent_was_waived_need_not_be_published_again() -> None:
    given(*decided(Kind.PROJECT_BASED), PUBLISHED_EARLY, WAIVED).when(SIGN).then(SIGNED)


@pytest.mark.parametrize("day", ["2026-03-05", "2026-03", "2026", None])
def test_the_signing_may_be_on_the_day_of_consent_or_on_a_day_that_may_be_later(day: str | None) -> None:
    assert given(*published()).when(on(day)).then(msgspec.structs.replace(SIGNED, occurred_on=day))


@pytest.mark.parametrize("day", ["2026-03-04", "2026-02", "2025"])
def test_a_signing_dated_before_the_consent_is_refused(day: str) -> None:
    given(*published()).when(on(day)).then_refused("initiative.signed-before-consent")


@pytest.mark.parametrize(
    ("day", "code"),
    [("2026-03-18", "date.in-future"), ("2026-04", "date.in-future"), ("2026-02-29", "date.impossible")],
)
def test_a_signing_has_a_day_that_has_been(day: str, code: str) -> None:
    given(taken_over(Stage.PUBLISHED)).when(on(day)).then_refused(code)


def test_the_end_of_the_term_is_a_real_day() -> None:
    command = msgspec.structs.replace(SIGN, ends_on="2030-13")
    given(*published()).when(command).then_refused("date.impossible")


def test_an_agreement_of_a_case_taken_over_needs_no_consent_that_was_never_recorded() -> None:
    given(taken_over(Stage.CONSENT_GRANTED), PUBLISHED).when(SIGN).then(SIGNED)


def test_a_late_gazette_number_does_not_move_a_signed_case() -> None:
    assert given(taken_over(Stage.SIGNED)).when(PUBLISH).then(PUBLISHED).stage is Stage.SIGNED


def test_the_agreement_enters_into_force_by_the_rule_of_the_decision() -> None:
    command = EnterIntoForce(occurred_on="2026-03-16", rule=EntryRule.EIGHTH_DAY_AFTER_PUBLICATION)
    entered = e.AgreementEnteredIntoForce(occurred_on="2026-03-16", rule=EntryRule.EIGHTH_DAY_AFTER_PUBLICATION)
    assert given(*signed()).when(command).then(entered).stage is Stage.ACTIVE
    given(*signed(), entered).when(command).then()
    given(*published()).when(command).then_refused("initiative.wrong-stage")
