"""Corrections: an earlier fact restated. The state follows it, the road does not."""

from datetime import date
from typing import get_args
from uuid import UUID

import pytest
from msgspec.structs import replace

from domain.initiatives import events as e
from domain.initiatives.deadlines import Waiting, due_day
from domain.initiatives.decisions.anytime import CorrectFact
from domain.initiatives.decisions.living import ConfirmExpiry
from domain.initiatives.initiative import Initiative, fold, occurred
from domain.initiatives.terms import (
    Field,
    Gazette,
    Kind,
    Party,
    PartyRole,
    PartyStatus,
    Renewal,
    Stage,
    Support,
    Term,
    Termination,
)
from domain.kernel import VaultRef
from tests.domain.initiatives.stories import (
    ADOPTED,
    PUBLISHED,
    PUBLISHED_EARLY,
    SIGNED,
    Story,
    active,
    coordinating,
    decided,
    expiring,
    historic,
    published,
    reviewed,
    signed,
    taken_over,
    with_opinion,
)
from tests.domain.specification import JELENA, MILAN, MODRICA, RUDO, WITH_MODRICA, WORDS, given, proposed
from tests.procedures import SHIPPED, next_step

OTHER_WORDS = VaultRef(UUID(int=78))


def version_of(story: Story, fact: e.InitiativeEvent) -> int:
    return story.index(fact) + 1


def correction(story: Story, wrong: e.Correctable, right: e.Correctable) -> CorrectFact:
    return CorrectFact(corrects=version_of(story, wrong), restated=right, reason=WORDS)


def corrected(story: Story, wrong: e.Correctable, right: e.Correctable) -> Initiative:
    command = correction(story, wrong, right)
    fact = e.FactCorrected(corrects=command.corrects, restated=right, reason=WORDS)
    return given(*story).when(command).then(fact)


def refused(story: Story, wrong: e.Correctable, right: e.Correctable, *codes: str) -> None:
    given(*story).when(correction(story, wrong, right)).then_refused(*codes)


def test_the_day_of_a_signing_is_put_right_and_the_case_stays_where_it_is() -> None:
    state = corrected(active(), SIGNED, replace(SIGNED, occurred_on="2026-03-12"))
    assert (occurred(state, e.AgreementSigned), state.stage) == ("2026-03-12", Stage.ACTIVE)


def test_a_corrected_fact_may_be_corrected_again() -> None:
    first = replace(SIGNED, occurred_on="2026-03-12")
    story = (*active(), e.FactCorrected(corrects=version_of(active(), SIGNED), restated=first, reason=WORDS))
    assert occurred(corrected(story, SIGNED, SIGNED), e.AgreementSigned) == "2026-03-10"


def test_a_correction_sent_twice_has_one_effect() -> None:
    right = replace(SIGNED, occurred_on="2026-03-12")
    command = correction(active(), SIGNED, right)
    story = (*active(), e.FactCorrected(corrects=command.corrects, restated=right, reason=WORDS))
    given(*story).when(command).then()
    given(*story).when(replace(command, reason=OTHER_WORDS)).then_refused("initiative.nothing-corrected")


def test_only_a_fact_of_the_same_kind_can_be_restated() -> None:
    visit = e.VisitHeld(occurred_on="2026-03")
    given(*active()).when(CorrectFact(corrects=1, restated=visit, reason=WORDS)).then_refused("initiative.no-such-fact")
    beyond = CorrectFact(corrects=len(active()) + 1, restated=SIGNED, reason=WORDS)
    given(*active()).when(beyond).then_refused("initiative.no-such-fact")


# --- what stands on the corrected fact follows it


def test_a_corrected_term_rules_until_a_newer_one_has_set_it() -> None:
    longer = replace(SIGNED, term=Term(ends_on="2035", tacit_renewal=True))
    assert corrected(active(), SIGNED, longer).term == longer.term
    renewed = (*expiring(), e.AgreementRenewed(renewal=Renewal.TACIT, term=Term(ends_on="2040")))
    assert corrected(renewed, SIGNED, longer).term == Term(ends_on="2040")


def test_an_announced_end_stands_while_the_rest_of_the_term_is_corrected() -> None:
    tacit = replace(SIGNED, term=Term(ends_on="2035", tacit_renewal=True))
    assert corrected(expiring("2026-03-16"), SIGNED, tacit).term == Term(ends_on="2026-03-16", tacit_renewal=True)


def test_a_wrongly_announced_end_is_put_right() -> None:
    story = expiring("2026-12")
    given(*story).when(ConfirmExpiry()).then_refused("initiative.term-running")
    wrong, right = e.ExpiryApproached(ends_on="2026-12"), e.ExpiryApproached(ends_on="2026-02")
    mended = (*story, e.FactCorrected(corrects=version_of(story, wrong), restated=right, reason=WORDS))
    given(*mended).when(ConfirmExpiry()).then(e.AgreementExpired())


def test_correcting_the_proposal_leaves_the_fields_of_the_decision() -> None:
    state = corrected(decided(), proposed(), replace(proposed(), fields=(Field.SPORT,), occurred_on="2026-01-10"))
    assert state.fields == (Field.CULTURE,)


def test_a_decision_corrected_to_name_no_fields_leaves_those_of_the_proposal() -> None:
    first = replace(proposed(), fields=(Field.SPORT,))
    story = (first, *decided()[1:])
    assert corrected(story, ADOPTED, replace(ADOPTED, fields=())).fields == (Field.SPORT,)


def test_each_visit_is_corrected_in_its_place() -> None:
    first, second = e.VisitHeld(occurred_on="2026-02"), e.VisitHeld(occurred_on="2026-03")
    story = (*active(), first, second)
    right = replace(first, occurred_on="2026-01")
    assert [v.fact for v in corrected(story, first, right).visits] == [right, second]
    assert occurred(corrected(story, first, right), e.VisitHeld) == "2026-03"


def test_the_end_of_a_historic_agreement_is_found_out_later() -> None:
    known = historic(Term(ends_on="2028"))
    assert corrected((historic(),), historic(), known).term == Term(ends_on="2028")


# --- what cannot be rewritten


@pytest.mark.parametrize("other", [{"number": "2026-0010"}, {"parties": WITH_MODRICA[::-1]}], ids=["number", "parties"])
def test_a_case_cannot_become_another_one(other: dict[str, object]) -> None:
    refused(decided(), proposed(), replace(proposed(), **other), "initiative.correction-changes-identity")


def test_the_stage_at_which_a_case_was_taken_over_stays() -> None:
    story = (taken_over(Stage.DRAFTING),)
    refused(story, story[0], taken_over(Stage.ACTIVE), "initiative.correction-changes-identity")


def test_an_early_publication_stays_early() -> None:
    story = (*decided(), PUBLISHED_EARLY)
    late = replace(PUBLISHED_EARLY, before_consent=False)
    refused(story, PUBLISHED_EARLY, late, "initiative.correction-changes-identity")


def test_the_kind_may_be_put_right_among_those_that_are_proposed() -> None:
    assert corrected(decided(), proposed(), proposed(Kind.DECENTRALISED)).kind is Kind.DECENTRALISED
    refused(decided(), proposed(), proposed(Kind.UNKNOWN), "initiative.kind-not-proposable")


def test_a_waived_consent_cannot_be_made_up_by_another_kind() -> None:
    story = (*decided(Kind.CROSS_BORDER), e.ConsentNotRequired(basis=WORDS))
    refused(story, story[0], proposed(Kind.TWINNING), "initiative.consent-required")
    assert corrected(story, story[0], proposed(Kind.PROJECT_BASED)).kind is Kind.PROJECT_BASED


def test_an_agreement_signed_without_publication_cannot_be_of_a_kind_that_needs_it() -> None:
    story = (*decided(Kind.ASSOCIATION), e.ConsentNotRequired(basis=WORDS), SIGNED)
    refused(story, story[0], proposed(Kind.CROSS_BORDER), "initiative.publication-missing")
    published_late = (*story, PUBLISHED)
    assert corrected(published_late, story[0], proposed(Kind.CROSS_BORDER)).kind is Kind.CROSS_BORDER


def test_a_signing_is_not_moved_before_its_consent() -> None:
    refused(active(), SIGNED, replace(SIGNED, occurred_on="2026-03-01"), "initiative.signed-before-consent")


# --- each fact is judged by itself, not by the newest of its kind

REFUSED = e.ConsentRefused(reason=WORDS)
REOPENED = e.DraftingReopened(decision_number="06-40/2026", reason=WORDS)
FIRST_ROUND = (*decided(), PUBLISHED_EARLY, *with_opinion()[len(decided()) :], REFUSED, REOPENED)
REQUESTED_AGAIN = e.ConsentRequested(registry_number="06-41/2026", addressee="Ministarstvo")
ADOPTED_AGAIN = replace(ADOPTED, number="06-40/2026", occurred_on="2026-03-01")
SECOND_ROUND = (
    e.DraftReviewed(languages=("sr",)),
    ADOPTED_AGAIN,
    REQUESTED_AGAIN,
    with_opinion()[-1],
    e.ConsentGranted(occurred_on="2026-03-05", act_number="05-2210/2026"),
    PUBLISHED,
)
TWO_PUBLICATIONS = (*FIRST_ROUND, *SECOND_ROUND)


def test_the_first_of_two_publications_is_put_right_by_itself() -> None:
    moved = replace(PUBLISHED_EARLY, occurred_on="2026-02-14")
    state = corrected(TWO_PUBLICATIONS, PUBLISHED_EARLY, moved)
    assert state.at(version_of(TWO_PUBLICATIONS, PUBLISHED_EARLY)) == moved
    assert occurred(state, e.DecisionPublished) == "2026-03-08"


def test_it_stays_early_however_the_second_one_was() -> None:
    late = replace(PUBLISHED_EARLY, before_consent=False)
    refused(TWO_PUBLICATIONS, PUBLISHED_EARLY, late, "initiative.correction-changes-identity")
    early = replace(PUBLISHED, before_consent=True)
    refused(TWO_PUBLICATIONS, PUBLISHED, early, "initiative.correction-changes-identity")


def test_it_belongs_to_the_first_decision() -> None:
    corrected(TWO_PUBLICATIONS, PUBLISHED_EARLY, replace(PUBLISHED_EARLY, occurred_on="2026-02-28"))
    too_early = replace(PUBLISHED_EARLY, occurred_on="2026-02-09")
    refused(TWO_PUBLICATIONS, PUBLISHED_EARLY, too_early, "initiative.out-of-order")
    refused(TWO_PUBLICATIONS, PUBLISHED, replace(PUBLISHED, occurred_on="2026-02-14"), "initiative.out-of-order")


def test_a_correction_of_an_earlier_fact_that_changes_nothing_is_none() -> None:
    refused(TWO_PUBLICATIONS, PUBLISHED_EARLY, PUBLISHED_EARLY, "initiative.nothing-corrected")
    moved = replace(PUBLISHED_EARLY, occurred_on="2026-02-14")
    place = version_of(TWO_PUBLICATIONS, PUBLISHED_EARLY)
    mended = (*TWO_PUBLICATIONS, e.FactCorrected(corrects=place, restated=moved, reason=WORDS))
    again = CorrectFact(corrects=place, restated=moved, reason=OTHER_WORDS)
    given(*mended).when(again).then_refused("initiative.nothing-corrected")
    back = CorrectFact(corrects=place, restated=PUBLISHED_EARLY, reason=OTHER_WORDS)
    given(*mended).when(back).then(e.FactCorrected(corrects=place, restated=PUBLISHED_EARLY, reason=OTHER_WORDS))


# --- every day that a person gave

JOINED = e.PartyJoined(party=Party(role=PartyRole.PARTNER, partner=RUDO))
LEFT = e.PartyLeft(party=str(RUDO))
HALF, REST = e.SupportGiven(items=(Support.INFORMATION,)), e.SupportGiven(items=tuple(Support)[1:])
MERGED = e.InitiativeMerged(into=UUID(int=9), into_number="2025-0001")
STARTED = e.CoordinationStarted(handler=JELENA)
DATED = [
    ((proposed(), e.InitiativeDeclined(reason=WORDS)), 2),
    ((proposed(), MERGED), 2),
    (coordinating(), 2),
    ((*coordinating(), HALF, REST), 3),
    ((*coordinating(), e.ProcedureSuspended(reason=WORDS), e.ProcedureResumed()), 4),
    ((*coordinating(), e.InitiativeWithdrawn(reason=WORDS)), 3),
    (reviewed(), 5),
    (FIRST_ROUND, len(FIRST_ROUND)),
    ((*active(), e.FellDormant(), e.ActivityResumed()), len(active()) + 2),
    ((*active(), JOINED, LEFT, JOINED, LEFT), len(active()) + 1),
    ((*active(), JOINED, LEFT, JOINED, LEFT), len(active()) + 4),
]


@pytest.mark.parametrize(
    ("story", "version"), DATED, ids=lambda one: type(one[-1]).__name__ if isinstance(one, tuple) else None
)
def test_a_day_is_put_right_and_nothing_else_changes(story: Story, version: int) -> None:
    before, right = fold(story), replace(story[version - 1], occurred_on="2026-03-10")
    assert before is not None
    command = CorrectFact(corrects=version, restated=right, reason=WORDS)
    after = given(*story).when(command).then(e.FactCorrected(corrects=version, restated=right, reason=WORDS))
    assert after.at(version) == right
    for name in ("stage", "parties", "handler", "support", "merged_into", "term", "renewed_before"):
        assert getattr(after, name) == getattr(before, name), name


def test_every_fact_that_a_person_dates_can_be_corrected() -> None:
    happens_by_being_recorded = {
        e.DuplicateAbsorbed,
        e.EarlierPublicationRecognised,
        e.DisagreementSettled,
        e.HandlerNamed,
        e.ProcedureChanged,
        e.ApprovalAsked,
        e.StepApproved,
        e.RemarkAdded,
        e.InitiativeReinstated,
        e.CaseLinked,
        e.CaseUnlinked,
        e.TaskGiven,
        e.TaskDone,
        e.TaskCancelled,
        e.FactCorrected,
    }
    assert set(get_args(e.InitiativeEvent)) - set(get_args(e.Correctable)) == happens_by_being_recorded


@pytest.mark.parametrize(
    ("story", "wrong", "right"),
    [
        ((proposed(), MERGED), MERGED, replace(MERGED, into_number="2025-0002")),
        (coordinating(), STARTED, replace(STARTED, handler=MILAN)),
        ((*active(), JOINED), JOINED, e.PartyJoined(party=Party(role=PartyRole.OBSERVER, partner=RUDO))),
        ((*active(), JOINED, LEFT), LEFT, e.PartyLeft(party=str(MODRICA))),
    ],
)
def test_who_came_and_where_a_case_went_is_no_matter_of_spelling(
    story: Story, wrong: e.Correctable, right: e.Correctable
) -> None:
    refused(story, wrong, right, "initiative.correction-changes-identity")


def test_a_later_handler_stays_when_the_start_of_the_coordination_is_dated_anew() -> None:
    story = (*coordinating(), e.HandlerNamed(handler=MILAN))
    assert corrected(story, STARTED, replace(STARTED, occurred_on="2026-01-20")).handler == MILAN


def test_support_follows_what_was_really_given() -> None:
    story = (*coordinating(), HALF, REST)
    assert corrected(story, REST, replace(REST, items=(Support.MODEL_DOCUMENTS,))).support == (
        Support.INFORMATION,
        Support.MODEL_DOCUMENTS,
    )
    assert corrected(story, HALF, replace(HALF, items=(Support.PARTNER_PROFILE,))).support == tuple(Support)[1:]
    refused(story, HALF, replace(HALF, items=()), "form.choice-missing")


def test_support_that_completed_the_coordination_is_not_taken_back() -> None:
    story = (*coordinating(), HALF, REST, e.CoordinationCompleted())
    refused(story, HALF, replace(HALF, items=(Support.PARTNER_PROFILE,)), "initiative.support-missing")
    corrected(story, HALF, replace(HALF, items=tuple(Support)))


# --- new words meet the bounds that the first ones met

VISIT = e.VisitHeld(occurred_on="2026-03")
REPORT = e.PartyStatusReported(party=str(MODRICA), status=PartyStatus.SIGNED, known_from=WORDS)


@pytest.mark.parametrize(
    ("wrong", "right", "code", "field"),
    [
        (SIGNED, replace(SIGNED, place="x" * 501), "form.too-long", "place"),
        (SIGNED, replace(SIGNED, place="Mod\u202eriča"), "form.not-printable", "place"),
        (SIGNED, replace(SIGNED, place=" "), "form.missing", "place"),
        (SIGNED, replace(SIGNED, languages=("sr",) * 500), "form.too-long", "languages"),
        (SIGNED, replace(SIGNED, term=Term(ends_on="whenever")), "date.impossible", "ends_on"),
        (SIGNED, replace(SIGNED, term=Term(notice_months=10**9)), "form.number-out-of-range", "notice_months"),
        (SIGNED, replace(SIGNED, occurred_on="2026-03-18"), "date.in-future", "occurred_on"),
        (VISIT, replace(VISIT, occurred_on=None), "form.missing", "occurred_on"),
        (REPORT, replace(REPORT, party="nobody"), "initiative.party-unknown", "party"),
        (VISIT, replace(VISIT, host="nobody-there"), "initiative.party-unknown", "host"),
    ],
)
def test_a_correction_carries_nothing_that_the_deed_would_not_have_taken(
    wrong: e.Correctable, right: e.Correctable, code: str, field: str
) -> None:
    outcome = given(*active(), VISIT, REPORT).when(correction((*active(), VISIT, REPORT), wrong, right))
    outcome.then_refused(code)
    assert outcome.refused.refusals[0].field == field


OLD_REPORT = replace(REPORT, known_from=None, source="dopis")
"""As version 1 of its topic held it."""


@pytest.mark.parametrize("right", [replace(OLD_REPORT, status=PartyStatus.DECIDED), REPORT], ids=["stays", "moves"])
def test_a_source_in_clear_stays_as_it_is_or_moves_to_the_vault(right: e.PartyStatusReported) -> None:
    assert corrected((*active(), OLD_REPORT), OLD_REPORT, right).last(e.PartyStatusReported) == right


@pytest.mark.parametrize(
    ("wrong", "source", "code"),
    [
        (OLD_REPORT, "zapisnik", "initiative.correction-changes-identity"),
        (REPORT, "zapisnik", "initiative.correction-changes-identity"),
        (OLD_REPORT, None, "form.missing"),
        (REPORT, None, "form.missing"),
    ],
)
def test_no_correction_brings_a_source_in_clear_or_takes_it_away(
    wrong: e.PartyStatusReported, source: str | None, code: str
) -> None:
    refused((*active(), wrong), wrong, replace(wrong, known_from=None, source=source), code)


def test_the_gazette_is_bounded_too() -> None:
    story = published()
    right = replace(story[-1], gazette=Gazette(name="Sl. list\n", number="3"))
    refused(story, story[-1], right, "form.not-printable")


def test_a_signed_case_reads_the_same_after_a_correction_and_its_reversal() -> None:
    there = e.FactCorrected(corrects=len(signed()), restated=replace(SIGNED, place="Rudo"), reason=WORDS)
    state = corrected((*signed(), there), SIGNED, SIGNED)
    assert (state.term, state.stage, state.last(e.AgreementSigned)) == (SIGNED.term, Stage.SIGNED, SIGNED)


def test_a_renewal_is_not_corrected_to_end_before_the_agreement_did() -> None:
    renewal = e.AgreementRenewed(renewal=Renewal.TACIT, term=Term(ends_on="2034"))
    story = (*expiring(), renewal)
    refused(story, renewal, replace(renewal, term=Term(ends_on="1990")), "initiative.renewal-not-longer")


def test_an_ended_case_keeps_the_number_of_its_annulling_decision() -> None:
    ended = e.AgreementTerminated(termination=Termination.MUTUAL, decision_number="06-99/2026")
    story = (*active(), ended)
    refused(story, ended, replace(ended, decision_number=None), "initiative.annulling-decision-missing")
    given_up = e.AgreementTerminated(termination=Termination.MUTUAL)
    corrected((*coordinating(), given_up), given_up, replace(given_up, occurred_on="2026-03-01"))


def test_a_host_who_has_left_since_was_a_host_all_the_same() -> None:
    visit = e.VisitHeld(occurred_on="2026-02", host=str(RUDO))
    story = (*active(), JOINED, visit, LEFT)
    corrected(story, visit, replace(visit, occurred_on="2026-02-14"))


def test_the_deadline_of_a_returned_file_is_put_right() -> None:
    returned = e.FileReturned(missing=WORDS, due_on="2026-03-20")
    story = (*decided(), e.ConsentRequested(registry_number="1", addressee="Vlada"), returned)
    state = corrected(story, returned, replace(returned, due_on="2026-04-20"))
    assert due_day(state, next_step(state), Waiting(date(2026, 3, 17)), SHIPPED.calendar) == date(2026, 4, 20)
    refused(story, returned, replace(returned, due_on="2026-02-31"), "date.impossible")
