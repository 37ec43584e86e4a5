"""The life of an agreement: visits, renewal, dormancy, end."""

from datetime import date

import msgspec
import pytest

from domain.initiatives import events as e
from domain.initiatives.decisions.living import (
    AnnounceExpiry,
    ConfirmExpiry,
    HoldVisit,
    MarkDormant,
    Renew,
    ResumeActivity,
    Terminate,
)
from domain.initiatives.initiative import fold
from domain.initiatives.liveness import liveness, renewed_tacitly
from domain.initiatives.procedure import Procedures
from domain.initiatives.terms import DECIDED_ON, LIVE, Instrument, Renewal, Stage, Term, Termination
from domain.kernel import Command
from tests.domain.initiatives.stories import (
    Story,
    active,
    coordinating,
    decided,
    expiring,
    historic,
    refused,
    reviewed,
    taken_over,
)
from tests.domain.specification import MODRICA, WORDS, given, proposed
from tests.procedures import first_versions

DORMANT = e.FellDormant(reason=WORDS)
RENEWED = e.AgreementRenewed(renewal=Renewal.TACIT, term=Term(ends_on="2034"))
END = Terminate(termination=Termination.BY_PARTNER, decision_number="06-99/2026")
GIVEN_UP = Terminate(termination=Termination.MUTUAL)
ENDED = e.AgreementTerminated(termination=Termination.BY_PARTNER, decision_number="06-99/2026")


def test_a_held_visit_is_kept_with_its_host() -> None:
    held = e.VisitHeld(occurred_on="2026-03", host=str(MODRICA), place="Modriča")
    state = given(*active()).when(HoldVisit(occurred_on="2026-03", host=str(MODRICA), place="Modriča")).then(held)
    assert (state.stage, [visit.fact for visit in state.visits]) == (Stage.ACTIVE, [held])


def test_a_first_visit_may_precede_the_signing_but_not_the_coordination() -> None:
    given(*coordinating()).when(HoldVisit(occurred_on="2026-02")).then(e.VisitHeld(occurred_on="2026-02"))
    given(proposed()).when(HoldVisit(occurred_on="2026-02")).then_refused("initiative.wrong-stage")


def test_the_host_of_a_visit_is_a_party() -> None:
    given(*active()).when(HoldVisit(occurred_on="2026-03", host="nis")).then_refused("initiative.party-unknown")


def test_a_visit_has_a_day_and_it_has_been() -> None:
    given(*active()).when(HoldVisit(occurred_on="2026-04")).then_refused("date.in-future")
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({}, HoldVisit)


def test_a_visit_of_an_old_record_may_lack_its_day_and_tells_nothing_of_liveness() -> None:
    state = fold([*active(), e.VisitHeld()])
    assert state is not None
    procedures = Procedures(first_versions().values())
    assert liveness(state, procedures.of(state).steps[Stage.ACTIVE], date(2026, 3, 1)).dormant_on == date(2028, 3, 1)


def test_the_term_announces_its_end() -> None:
    announced = e.ExpiryApproached(ends_on="2030-12-31")
    assert given(*active()).when(AnnounceExpiry()).then(announced).stage is Stage.EXPIRING


def test_where_the_term_is_unknown_the_handler_says_when_it_ends() -> None:
    state = given(historic()).when(AnnounceExpiry(ends_on="2026-12")).then(e.ExpiryApproached(ends_on="2026-12"))
    assert state.term.ends_on == "2026-12"


def test_an_agreement_without_a_known_term_is_renewed_as_often_as_it_was() -> None:
    story: Story = (historic(),)
    for year in ("1988", "1998", "2008"):
        announced = e.ExpiryApproached()
        assert given(*story).when(AnnounceExpiry()).then(announced).stage is Stage.EXPIRING
        renewed = e.AgreementRenewed(occurred_on=year, renewal=Renewal.NEW_AGREEMENT)
        story = (*story, announced)
        state = given(*story).when(Renew(occurred_on=year, renewal=Renewal.NEW_AGREEMENT)).then(renewed)
        assert (state.stage, state.term) == (Stage.RENEWED, Term())
        story = (*story, renewed)


def test_its_end_may_be_given_once_it_is_known() -> None:
    story = (historic(), e.ExpiryApproached())
    given(*story).when(ConfirmExpiry()).then_refused("initiative.term-unknown")
    given(*story).when(AnnounceExpiry()).then()
    given(*story, e.RemarkAdded(remark=WORDS)).when(AnnounceExpiry()).then_refused("initiative.term-unknown")
    given(*story).when(AnnounceExpiry(ends_on="2026-03-01")).then(e.ExpiryApproached(ends_on="2026-03-01"))


def test_an_announcement_without_a_day_leaves_the_rest_of_the_term() -> None:
    tacit = Term(notice_months=3, tacit_renewal=True)
    assert given(historic(tacit)).when(AnnounceExpiry()).then(e.ExpiryApproached()).term == tacit


@pytest.mark.parametrize(
    ("deed", "stage"),
    [
        (AnnounceExpiry(ends_on="2034"), Stage.EXPIRING),
        (AnnounceExpiry(), Stage.EXPIRING),
        (MarkDormant(), Stage.DORMANT),
        (Terminate(termination=Termination.MUTUAL, decision_number="06-99/2026"), Stage.TERMINATED),
    ],
)
@pytest.mark.parametrize("renewed", [Term(ends_on="2034"), Term()])
def test_a_renewed_agreement_lives_on_like_the_first(deed: Command, stage: Stage, renewed: Term) -> None:
    story = (*expiring(), e.AgreementRenewed(renewal=Renewal.TACIT, term=renewed))
    outcome = given(*story).when(deed)
    assert outcome.then(*outcome.decided).stage is stage


def test_two_visits_of_one_month_are_two() -> None:
    held = e.VisitHeld(occurred_on="2019")
    state = given(*active(), held).when(HoldVisit(occurred_on="2019")).then(held)
    assert [visit.fact for visit in state.visits] == [held, held]


def test_a_visit_of_one_full_day_told_twice_is_one() -> None:
    held = e.VisitHeld(occurred_on="2026-03-02", host=str(MODRICA))
    given(*active(), held).when(HoldVisit(occurred_on="2026-03-02", host=str(MODRICA))).then()
    elsewhere = e.VisitHeld(occurred_on="2026-03-02", host="varvarin")
    given(*active(), held).when(HoldVisit(occurred_on="2026-03-02", host="varvarin")).then(elsewhere)


def test_a_case_taken_over_as_expiring_can_come_to_its_end() -> None:
    story = (taken_over(Stage.EXPIRING),)
    given(*story).when(ConfirmExpiry()).then_refused("initiative.term-unknown")
    announced = e.ExpiryApproached(ends_on="2026-03-01")
    given(*story).when(AnnounceExpiry(ends_on="2026-03-01")).then(announced)
    assert given(*story, announced).when(ConfirmExpiry()).then(e.AgreementExpired()).stage is Stage.EXPIRED


def test_an_announced_end_is_not_announced_anew() -> None:
    given(*expiring()).when(AnnounceExpiry(ends_on="2026-03-16")).then()
    given(*expiring()).when(AnnounceExpiry(ends_on="2026-01-01")).then_refused("initiative.end-announced-already")


@pytest.mark.parametrize("ends_on", ["2026-03-17", "2026-02", "2025"])
def test_an_agreement_expires_on_the_last_day_of_its_term(ends_on: str) -> None:
    given(*expiring(ends_on)).when(ConfirmExpiry()).then(e.AgreementExpired())


@pytest.mark.parametrize("ends_on", ["2026-03-18", "2026-03", "2026"])
def test_and_not_before(ends_on: str) -> None:
    given(*expiring(ends_on)).when(ConfirmExpiry()).then_refused("initiative.term-running")


def test_a_renewed_agreement_may_be_renewed_again() -> None:
    story = (*expiring(), RENEWED, e.ExpiryApproached(ends_on="2034"))
    again = Renew(renewal=Renewal.NEW_AGREEMENT, instrument=Instrument.PROTOCOL, ends_on="2040")
    state = (
        given(*story)
        .when(again)
        .then(
            e.AgreementRenewed(renewal=Renewal.NEW_AGREEMENT, instrument=Instrument.PROTOCOL, term=Term(ends_on="2040"))
        )
    )
    assert (state.stage, state.term.ends_on) == (Stage.RENEWED, "2040")


@pytest.mark.parametrize(
    ("ends_on", "longer"), [("2026-03-16", False), ("2026-03", True), (None, True), ("2025", False)]
)
def test_a_renewal_lasts_longer(ends_on: str | None, longer: bool) -> None:
    outcome = given(*expiring()).when(Renew(renewal=Renewal.TACIT, ends_on=ends_on))
    if longer:
        outcome.then(e.AgreementRenewed(renewal=Renewal.TACIT, term=Term(ends_on=ends_on)))
    else:
        outcome.then_refused("initiative.renewal-not-longer")


@pytest.mark.parametrize(
    ("story", "stage"),
    [
        (active(), Stage.ACTIVE),
        ((historic(),), Stage.ACTIVE),
        ((*expiring(), RENEWED), Stage.RENEWED),
        ((taken_over(Stage.RENEWED),), Stage.RENEWED),
    ],
)
def test_a_dormant_case_wakes_up_to_where_it_came_from(story: Story, stage: Stage) -> None:
    asleep = given(*story).when(MarkDormant(reason=WORDS)).then(DORMANT)
    assert asleep.stage is Stage.DORMANT
    assert given(*story, DORMANT).when(ResumeActivity()).then(e.ActivityResumed()).stage is stage


@pytest.mark.parametrize("stage", sorted(DECIDED_ON))
def test_one_side_alone_may_end_what_an_assembly_has_decided(stage: Stage) -> None:
    assert given(taken_over(stage)).when(END).then(ENDED).stage is Stage.TERMINATED


@pytest.mark.parametrize("stage", sorted(DECIDED_ON))
def test_and_names_the_decision_that_annuls_it(stage: Stage) -> None:
    outcome = given(taken_over(stage)).when(GIVEN_UP)
    outcome.then_refused("initiative.annulling-decision-missing")
    assert outcome.refused.refusals[0].field == "decision_number"


@pytest.mark.parametrize("stage", sorted(LIVE - DECIDED_ON))
def test_before_a_decision_a_case_is_given_up_without_annulling_one(stage: Stage) -> None:
    ended = e.AgreementTerminated(termination=Termination.MUTUAL)
    assert given(taken_over(stage)).when(GIVEN_UP).then(ended).stage is Stage.TERMINATED
    assert given(taken_over(stage)).when(END).then(ENDED).stage is Stage.TERMINATED


def test_a_decision_whose_consent_was_refused_is_still_one_to_annul() -> None:
    reopened = (*refused(), e.DraftingReopened(decision_number="06-40/2026", reason=WORDS))
    given(*reopened).when(GIVEN_UP).then_refused("initiative.annulling-decision-missing")
    given(*reopened).when(END).then(ENDED)


@pytest.mark.parametrize("story", [(historic(),), decided(), active()])
def test_a_historic_or_a_decided_case_is_ended_by_a_decision(story: Story) -> None:
    given(*story).when(GIVEN_UP).then_refused("initiative.annulling-decision-missing")


def test_an_agreement_ends_once() -> None:
    given(*active(), ENDED).when(END).then()
    given(*active(), ENDED).when(msgspec.structs.replace(END, decision_number="2")).then_refused(
        "initiative.wrong-stage"
    )


def test_a_draft_has_no_life_yet() -> None:
    for deed in (MarkDormant(), ResumeActivity(), AnnounceExpiry(ends_on="2030"), ConfirmExpiry()):
        given(*reviewed()).when(deed).then_refused("initiative.wrong-stage")


@pytest.mark.parametrize(
    ("stage", "term", "renewed"),
    [
        (Stage.ACTIVE, Term(ends_on="2026-03-16", tacit_renewal=True), True),
        (Stage.RENEWED, Term(ends_on="2026-02", tacit_renewal=True), True),
        (Stage.EXPIRING, Term(ends_on="2026-03-16", tacit_renewal=True), True),
        (Stage.ACTIVE, Term(ends_on="2026-03-17", tacit_renewal=True), False),
        (Stage.ACTIVE, Term(ends_on="2026-03", tacit_renewal=True), False),
        (Stage.ACTIVE, Term(ends_on="2026-03-16"), False),
        (Stage.ACTIVE, Term(tacit_renewal=True), False),
        (Stage.DORMANT, Term(ends_on="2026-03-16", tacit_renewal=True), False),
        (Stage.EXPIRED, Term(ends_on="2026-03-16", tacit_renewal=True), False),
    ],
)
def test_an_agreement_that_says_so_renews_itself_once_its_last_day_has_passed(
    stage: Stage, term: Term, renewed: bool
) -> None:
    assert renewed_tacitly(stage, term, date(2026, 3, 17)) is renewed
