"""Days that contradict each other: only what is certainly impossible is refused, from whichever side it comes."""

from datetime import date

import pytest
from msgspec.structs import replace

from domain.initiatives import events as e
from domain.initiatives.chronology import entry_day
from domain.initiatives.decisions.anytime import CorrectFact
from domain.initiatives.decisions.concluding import GrantConsent, PublishDecision, RequestConsent, SignAgreement
from domain.initiatives.decisions.living import AnnounceExpiry, EnterIntoForce, Renew, Terminate
from domain.initiatives.initiative import fold
from domain.initiatives.terms import EntryRule, Instrument, Kind, Renewal, Stage, Term, Termination
from domain.kernel import Command
from tests.domain.initiatives.stories import (
    ADOPTED,
    GRANTED,
    IN_FORCE,
    PUBLISHED,
    SIGNED,
    Story,
    active,
    consented,
    decided,
    expiring,
    historic,
    published,
    reviewed,
    signed,
    taken_over,
    with_opinion,
)
from tests.domain.specification import WORDS, given

WAIVED = e.ConsentNotRequired(basis=WORDS)
SIGN = SignAgreement(instrument=Instrument.CHARTER)
BY_PUBLICATION = replace(ADOPTED, entry_rule=EntryRule.EIGHTH_DAY_AFTER_PUBLICATION)


def on(day: str, command: Command) -> Command:
    return replace(command, occurred_on=day)


def correcting(story: Story, wrong: e.Correctable, **right: object) -> CorrectFact:
    return CorrectFact(corrects=story.index(wrong) + 1, restated=replace(wrong, **right), reason=WORDS)


def with_rule(rule: EntryRule | None) -> Story:
    return tuple(replace(fact, entry_rule=rule) if fact is ADOPTED else fact for fact in signed())


# --- what a deed may not be dated before


@pytest.mark.parametrize(
    ("story", "deed"),
    [
        (decided(), on("2026-02-09", RequestConsent(registry_number="1", addressee="Vlada"))),
        (with_opinion(), on("1801", GrantConsent(act_number="1"))),
        (consented(), on("2026-01", PublishDecision(gazette_name="Sl. list", gazette_number="1"))),
        ((*decided(Kind.CROSS_BORDER), WAIVED, PUBLISHED), on("1990", SIGN)),
        ((replace(taken_over(Stage.PUBLISHED), occurred_on="2024-05"),), on("1990", SIGN)),
        ((*reviewed(Kind.ASSOCIATION), replace(ADOPTED, occurred_on=None), WAIVED), on("2025", SIGN)),
        (signed(), on("2020", EnterIntoForce())),
        (active(), on("2026-03-09", Terminate(termination=Termination.MUTUAL, decision_number="1"))),
        (expiring(), on("2025-12", Renew(renewal=Renewal.TACIT))),
    ],
    ids=lambda one: type(one).__name__ if isinstance(one, Command) else "",
)
def test_a_step_does_not_lie_before_what_it_stands_on(story: Story, deed: Command) -> None:
    given(*story).when(deed).then_refused("initiative.out-of-order")


def test_the_reason_names_both_steps_and_their_days() -> None:
    outcome = given(*signed()).when(EnterIntoForce(occurred_on="2020"))
    outcome.then_refused("initiative.out-of-order")
    assert outcome.refused.refusals[0].params == {
        "first": "initiative.agreement-signed",
        "first_on": "2026-03-10",
        "then": "initiative.entered-into-force",
        "then_on": "2020",
    }


@pytest.mark.parametrize("day", ["2026", "2026-02", "2026-02-10", None])
def test_what_may_have_been_in_time_is_believed(day: str | None) -> None:
    command = RequestConsent(occurred_on=day, registry_number="1", addressee="Vlada")
    given(*decided()).when(command).then(e.ConsentRequested(occurred_on=day, registry_number="1", addressee="Vlada"))


# --- entry into force by the decision's own clause


@pytest.mark.parametrize(
    ("rule", "too_early", "early_enough"),
    [
        (EntryRule.ON_ADOPTION, "2026-02-09", "2026-02-10"),
        (EntryRule.ON_CONSENT, "2026-03-04", "2026-03-05"),
        (EntryRule.ON_RECEIPT_OF_CONSENT, "2026-03-04", "2026-03-06"),
        (EntryRule.EIGHTH_DAY_AFTER_PUBLICATION, "2026-03-07", "2026-03-16"),
        (EntryRule.DAY_AFTER_PUBLICATION, "2026-03-07", "2026-03-09"),
        (None, "2026-03-09", "2026-03-10"),
    ],
)
def test_by_the_clause_an_agreement_may_be_in_force_before_it_is_signed(
    rule: EntryRule | None, too_early: str, early_enough: str
) -> None:
    given(*with_rule(rule)).when(EnterIntoForce(occurred_on=too_early)).then_refused("initiative.out-of-order")
    entered = e.AgreementEnteredIntoForce(occurred_on=early_enough)
    given(*with_rule(rule)).when(EnterIntoForce(occurred_on=early_enough)).then(entered)


def test_the_rule_that_is_given_with_the_entry_goes_before_the_clause_of_the_decision() -> None:
    by_adoption = EnterIntoForce(occurred_on="2026-02-10", rule=EntryRule.ON_ADOPTION)
    entered = e.AgreementEnteredIntoForce(occurred_on="2026-02-10", rule=EntryRule.ON_ADOPTION)
    given(*with_rule(EntryRule.DAY_AFTER_PUBLICATION)).when(by_adoption).then(entered)


@pytest.mark.parametrize(
    ("rule", "day"),
    [
        (EntryRule.ON_ADOPTION, date(2026, 2, 10)),
        (EntryRule.ON_CONSENT, date(2026, 3, 5)),
        (EntryRule.ON_RECEIPT_OF_CONSENT, None),
        (EntryRule.EIGHTH_DAY_AFTER_PUBLICATION, date(2026, 3, 16)),
        (EntryRule.DAY_AFTER_PUBLICATION, date(2026, 3, 9)),
    ],
)
def test_the_day_of_entry_is_reckoned_by_the_rule(rule: EntryRule, day: date | None) -> None:
    state = fold(signed())
    assert state is not None
    assert entry_day(state, rule) == day


@pytest.mark.parametrize("published_on", [None, "2026", "2026-03"])
def test_no_day_is_reckoned_from_one_that_is_not_known_in_full(published_on: str | None) -> None:
    state = fold((*consented(), replace(PUBLISHED, occurred_on=published_on), SIGNED))
    assert state is not None
    assert entry_day(state, EntryRule.DAY_AFTER_PUBLICATION) is None


# --- terms


@pytest.mark.parametrize("ends_on", ["1990", "2026-02", "2026-03-09"])
def test_an_agreement_does_not_end_before_it_begins(ends_on: str) -> None:
    outcome = given(*published()).when(replace(SIGN, occurred_on="2026-03-10", ends_on=ends_on))
    outcome.then_refused("initiative.ends-before-it-begins")
    assert outcome.refused.refusals[0].field == "ends_on"
    given(*active()).when(AnnounceExpiry(ends_on=ends_on)).then_refused("initiative.ends-before-it-begins")


def test_a_renewal_does_not_end_before_it_begins() -> None:
    story = (historic(), e.ExpiryApproached(ends_on="1999"))
    backwards = Renew(occurred_on="2005", renewal=Renewal.NEW_AGREEMENT, ends_on="2004")
    given(*story).when(backwards).then_refused("initiative.ends-before-it-begins")


def test_agreements_from_before_the_register_stay_free() -> None:
    announced = e.ExpiryApproached(ends_on="1970")
    given(historic()).when(AnnounceExpiry(ends_on="1970")).then(announced)
    renewed = e.AgreementRenewed(occurred_on="1960", renewal=Renewal.TACIT)
    given(historic(), announced).when(Renew(occurred_on="1960", renewal=Renewal.TACIT)).then(renewed)


# --- corrections, from both sides


def test_a_consent_is_not_moved_after_the_signing_that_needed_it() -> None:
    given(*signed()).when(correcting(signed(), GRANTED, occurred_on="2026-03-15")).then_refused(
        "initiative.signed-before-consent"
    )
    given(*signed()).when(correcting(signed(), SIGNED, occurred_on="2026-03-01")).then_refused(
        "initiative.signed-before-consent"
    )


@pytest.mark.parametrize(
    ("wrong", "day"),
    [(ADOPTED, "2026-03-06"), (SIGNED, "2026-03-17"), (PUBLISHED, "2026-02-09"), (IN_FORCE, "2026-03-09")],
)
def test_neither_side_of_a_pair_is_corrected_into_a_contradiction(wrong: e.Correctable, day: str) -> None:
    outcome = given(*active()).when(correcting(active(), wrong, occurred_on=day))
    assert outcome.refused is not None
    assert {r.code for r in outcome.refused.refusals} == {"initiative.out-of-order"}


def test_a_publication_is_not_moved_after_the_entry_that_is_counted_from_it() -> None:
    story = (*with_rule(EntryRule.DAY_AFTER_PUBLICATION), replace(IN_FORCE, occurred_on="2026-03-09"))
    given(*story).when(correcting(story, PUBLISHED, occurred_on="2026-03-10")).then_refused("initiative.out-of-order")


def test_a_signing_is_not_moved_after_the_end_of_its_term() -> None:
    story = (*published(), replace(SIGNED, term=Term(ends_on="2026-03-12")))
    given(*story).when(correcting(story, story[-1], occurred_on="2026-03-13")).then_refused(
        "initiative.ends-before-it-begins"
    )


def test_a_contradiction_that_stands_in_the_log_hinders_nobody_who_mends_something_else() -> None:
    wrong = replace(GRANTED, occurred_on="2026-03-12")
    story = (*with_opinion(), wrong, PUBLISHED, SIGNED)
    right = replace(SIGNED, place="Varvarin")
    corrected = e.FactCorrected(corrects=len(story), restated=right, reason=WORDS)
    given(*story).when(correcting(story, SIGNED, place="Varvarin")).then(corrected)
    given(*story).when(EnterIntoForce(occurred_on="2026-03-16")).then(IN_FORCE)


def test_an_earlier_renewal_is_held_against_what_it_renewed_and_not_against_the_newest() -> None:
    first = e.AgreementRenewed(renewal=Renewal.TACIT, term=Term(ends_on="2034"))
    second = e.AgreementRenewed(renewal=Renewal.TACIT, term=Term(ends_on="2040"))
    story = (*expiring(), first, e.ExpiryApproached(ends_on="2034"), second)
    restated = replace(first, term=Term(ends_on="2033"))
    corrected = e.FactCorrected(corrects=story.index(first) + 1, restated=restated, reason=WORDS)
    given(*story).when(correcting(story, first, term=Term(ends_on="2033"))).then(corrected)
    given(*story).when(correcting(story, first, term=Term(ends_on="1990"))).then_refused(
        "initiative.renewal-not-longer"
    )
    given(*story).when(correcting(story, second, term=Term(ends_on="2034"))).then_refused(
        "initiative.renewal-not-longer"
    )
