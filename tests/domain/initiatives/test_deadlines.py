"""Until when the next step is to be taken, and from what that follows."""

from datetime import date

import pytest

from domain.initiatives import events as e
from domain.initiatives.initiative import Initiative, fold
from domain.initiatives.procedure import Ground, deadline_ground, due_day, next_step
from domain.initiatives.terms import Term
from tests.domain.initiatives import stories

SINCE = date(2026, 3, 10)


def state_of(*facts: e.InitiativeEvent) -> Initiative:
    state = fold(facts)
    assert state is not None
    return state


@pytest.mark.parametrize(
    ("term", "day"),
    [
        (Term(ends_on="2028-12-01", notice_months=6), date(2028, 6, 1)),
        (Term(ends_on="2028-05-31", notice_months=3), date(2028, 2, 29)),
        (Term(ends_on="2028-12-31"), date(2028, 9, 30)),
        (Term(ends_on="2028", notice_months=0), date(2028, 12, 31)),
        (Term(ends_on="2028-02", notice_months=2), date(2027, 12, 29)),
    ],
)
def test_an_agreement_with_an_end_is_looked_at_before_its_notice_ends(term: Term, day: date) -> None:
    state = state_of(stories.historic(term))
    step = next_step(state)
    assert step is not None
    assert (step.deed, due_day(state, step, SINCE)) == ("announce-expiry", day)
    assert deadline_ground(state, step) is Ground.NOTICE


def test_an_agreement_without_an_end_waits_for_nobody() -> None:
    assert next_step(state_of(stories.historic())) is None
    assert next_step(state_of(stories.historic(Term(tacit_renewal=True)))) is None


def test_a_renewed_agreement_is_looked_at_again() -> None:
    renewed = e.AgreementRenewed(occurred_on="2026-03-10", renewal="tacit", term=Term(ends_on="2031-03-10"))
    state = state_of(*stories.expiring(), renewed)
    step = next_step(state)
    assert step is not None
    assert due_day(state, step, SINCE) == date(2030, 12, 10)


def test_a_day_set_for_the_case_goes_before_the_days_of_the_procedure() -> None:
    returned = e.FileReturned(missing=stories.WORDS, due_on="2026-04-20")
    state = state_of(*stories.requested(), returned)
    step = next_step(state)
    assert step is not None
    assert (due_day(state, step, SINCE), deadline_ground(state, step)) == (date(2026, 4, 20), Ground.SET)


def test_the_procedure_gives_days_from_the_recording_of_the_step() -> None:
    state = state_of(*stories.requested())
    step = next_step(state)
    assert step is not None
    assert (due_day(state, step, SINCE), deadline_ground(state, step)) == (date(2026, 4, 9), Ground.DAYS)
