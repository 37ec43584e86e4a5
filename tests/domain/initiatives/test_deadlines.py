"""Until when the next step is to be taken, and from what that follows."""

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from adapters.reference.working_days import serbian_calendar
from domain.calendars import UnknownYear
from domain.dates import PartialDate
from domain.initiatives import events as e
from domain.initiatives.deadlines import Ground, Waiting, deadline_ground, due_day, known_due_day, waited_on
from domain.initiatives.initiative import Initiative, fold
from domain.initiatives.procedure import Actor, Counted, Deadline, Start, Step
from domain.initiatives.terms import Stage, Term
from tests.domain.initiatives import stories
from tests.procedures import next_step

SINCE = Waiting(date(2026, 3, 10))
CALENDAR = serbian_calendar()


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
    assert (step.deed, due_day(state, step, SINCE, CALENDAR)) == ("announce-expiry", day)
    assert deadline_ground(state, step) is Ground.NOTICE


def test_an_agreement_without_an_end_waits_for_nobody() -> None:
    assert next_step(state_of(stories.historic())) is None
    assert next_step(state_of(stories.historic(Term(tacit_renewal=True)))) is None


def test_a_renewed_agreement_is_looked_at_again() -> None:
    renewed = e.AgreementRenewed(occurred_on="2026-03-10", renewal="tacit", term=Term(ends_on="2031-03-10"))
    state = state_of(*stories.expiring(), renewed)
    step = next_step(state)
    assert step is not None
    assert due_day(state, step, SINCE, CALENDAR) == date(2030, 12, 10)


def test_a_day_set_for_the_case_goes_before_the_days_of_the_procedure() -> None:
    returned = e.FileReturned(missing=stories.WORDS, due_on="2026-04-20")
    state = state_of(*stories.requested(), returned)
    step = next_step(state)
    assert step is not None
    assert (due_day(state, step, SINCE, CALENDAR), deadline_ground(state, step)) == (date(2026, 4, 20), Ground.SET)


def test_the_procedure_gives_days_from_the_recording_of_the_step() -> None:
    state = state_of(*stories.requested())
    step = next_step(state)
    assert step is not None
    assert (due_day(state, step, SINCE, CALENDAR), deadline_ground(state, step)) == (date(2026, 4, 9), Ground.DAYS)


def of_ministry(**changed: object) -> Step:
    """The step that a request for consent waits for, with another deadline."""
    state = state_of(*stories.requested())
    step = next_step(state)
    assert step is not None
    return replace(step, deadline=Deadline(**changed))


@pytest.mark.parametrize(
    ("since", "days", "due"),
    [
        (date(2026, 3, 9), 5, date(2026, 3, 16)),  # over a weekend
        (date(2026, 4, 9), 1, date(2026, 4, 14)),  # over Good Friday to Easter Monday of the Orthodox
        (date(2026, 2, 13), 1, date(2026, 2, 18)),  # Statehood Day on a Sunday is made good on the Tuesday
        (date(2026, 12, 31), 1, date(2027, 1, 4)),
    ],
)
def test_working_days_leave_out_weekends_and_the_public_holidays_of_serbia(since: date, days: int, due: date) -> None:
    state = state_of(*stories.requested())
    step = of_ministry(days=days, counted=Counted.WORKING)
    assert due_day(state, step, Waiting(since), CALENDAR) == due


def test_a_year_whose_holidays_nobody_knows_is_said_and_not_guessed() -> None:
    state = state_of(*stories.requested())
    step = of_ministry(days=15, counted=Counted.WORKING)
    with pytest.raises(UnknownYear) as unknown:
        due_day(state, step, Waiting(date(1995, 3, 9)), CALENDAR)
    assert unknown.value.year == 1995
    assert known_due_day(state, step, Waiting(date(1995, 3, 9)), CALENDAR) is None
    with pytest.raises(UnknownYear):
        due_day(state, step, Waiting(date(2100, 12, 30)), CALENDAR)


RETURNED = e.FileReturned(missing=stories.WORDS, due_on="2026-04-20")


@pytest.mark.parametrize(
    ("counted", "pauses", "due"),
    [
        # requested on Tuesday 3 March, returned on the 13th, supplemented on Wednesday 1 April
        (Counted.CALENDAR, (), date(2026, 5, 1)),
        (Counted.CALENDAR, (Stage.RETURNED,), date(2026, 4, 21)),  # 10 days of 30 had gone by
        (Counted.WORKING, (Stage.RETURNED,), date(2026, 5, 6)),  # 8 working days of 30 had
    ],
)
def test_days_stand_still_while_the_file_is_with_somebody_else(
    counted: Counted, pauses: tuple[Stage, ...], due: date
) -> None:
    step = of_ministry(days=30, counted=counted, pauses=pauses)
    back = state_of(*stories.requested(), RETURNED)
    supplement = next_step(back)
    away = waited_on(
        Waiting(date(2026, 3, 3)),
        Stage.CONSENT_REQUESTED,
        step,
        back,
        supplement,
        RETURNED,
        date(2026, 3, 13),
        CALENDAR,
    )
    assert supplement is not None
    assert due_day(back, supplement, away, CALENDAR) == date(2026, 4, 20)
    again = e.FileSupplemented()
    state = state_of(*stories.requested(), RETURNED, again)
    waiting = waited_on(away, Stage.RETURNED, supplement, state, step, again, date(2026, 4, 1), CALENDAR)
    assert due_day(state, step, waiting, CALENDAR) == due


def test_what_a_fact_dates_stands_still_from_the_day_of_the_fact_that_leads_away() -> None:
    step = of_ministry(days=30, start=Start.FACT, pauses=(Stage.RETURNED,))
    requested = e.ConsentRequested(occurred_on="2026-03-01", registry_number="1", addressee="Ministarstvo")
    returned = e.FileReturned(occurred_on="2026-03-11", missing=stories.WORDS, due_on="2026-04-20")
    again = e.FileSupplemented(occurred_on="2026-03-20")
    back = state_of(*stories.decided(), requested, returned)
    away = waited_on(
        Waiting(date(2026, 4, 2)), Stage.CONSENT_REQUESTED, step, back, None, returned, date(2026, 4, 3), CALENDAR
    )
    state = state_of(*stories.decided(), requested, returned, again)
    waiting = waited_on(away, Stage.RETURNED, None, state, step, again, date(2026, 4, 4), CALENDAR)
    assert due_day(state, step, waiting, CALENDAR) == date(2026, 4, 9)


@pytest.mark.parametrize(
    ("said", "due"),
    [
        ("2026-02-20", date(2026, 3, 22)),
        ("2026-02", date(2026, 3, 30)),
        ("2026-03", date(2026, 4, 9)),  # it was recorded on 10 March, so it was no later
        ("2026", date(2026, 4, 9)),
        (None, date(2026, 4, 9)),
    ],
)
def test_what_a_fact_dates_by_month_or_year_counts_from_its_recording_at_the_latest(
    said: PartialDate | None, due: date
) -> None:
    step = of_ministry(days=30, start=Start.FACT)
    requested = e.ConsentRequested(occurred_on=said, registry_number="1", addressee="Ministarstvo")
    assert due_day(state_of(*stories.decided(), requested), step, SINCE, CALENDAR) == due


def test_days_that_stand_still_are_used_up_to_the_recording_at_the_latest() -> None:
    step = of_ministry(days=30, start=Start.FACT, pauses=(Stage.RETURNED,))
    returned = e.FileReturned(occurred_on="2026-03", missing=stories.WORDS, due_on="2026-04-20")
    back = state_of(*stories.requested(), returned)
    away = waited_on(
        Waiting(date(2026, 3, 3)), Stage.CONSENT_REQUESTED, step, back, None, returned, date(2026, 3, 13), CALENDAR
    )
    assert away.used == 10


def test_another_version_of_the_procedure_meanwhile_does_not_begin_the_days_anew() -> None:
    state = state_of(*stories.requested(), RETURNED)
    supplement, away = next_step(state), Waiting(date(2026, 3, 13), 10, Stage.CONSENT_REQUESTED)
    assert supplement is not None
    moved, other = e.ProcedureChanged(procedure="twinning@2", reason=stories.WORDS), Actor.ASSOCIATION
    waiting = waited_on(
        away,
        Stage.RETURNED,
        supplement,
        state,
        replace(supplement, actor=other),
        moved,
        date(2026, 3, 16),
        CALENDAR,
    )
    assert waiting == replace(away, since=date(2026, 3, 16))


@pytest.mark.parametrize("counted", Counted)
@pytest.mark.parametrize("away_on", [date(2026, 3, 4) + timedelta(n) for n in range(45)])
def test_a_pause_that_ends_on_the_day_on_which_it_began_moves_no_day(counted: Counted, away_on: date) -> None:
    """Also where it is a holiday, or the day by which the step was due has passed."""
    step = of_ministry(days=15, counted=counted, pauses=(Stage.RETURNED,))
    since = Waiting(date(2026, 3, 3))
    before = due_day(state_of(*stories.requested()), step, since, CALENDAR)
    back, again = state_of(*stories.requested(), RETURNED), e.FileSupplemented()
    supplement = next_step(back)
    away = waited_on(since, Stage.CONSENT_REQUESTED, step, back, supplement, RETURNED, away_on, CALENDAR)
    state = state_of(*stories.requested(), RETURNED, again)
    waiting = waited_on(away, Stage.RETURNED, supplement, state, step, again, away_on, CALENDAR)
    assert due_day(state, step, waiting, CALENDAR) == before


@pytest.mark.parametrize(
    ("back_on", "due"),
    [
        (date(2026, 4, 1), date(2026, 5, 4)),
        (date(2026, 5, 20), date(2026, 6, 9)),  # 20 of 30 days were left, which is later than the extension
    ],
)
def test_more_time_outlasts_a_pause_of_the_days(back_on: date, due: date) -> None:
    step = of_ministry(days=30, pauses=(Stage.RETURNED,))
    more = e.DeadlineExtended(deed=step.deed, until="2026-05-04", reason=stories.WORDS)
    longer = e.DeadlineExtended(deed="supplement-file", until="2026-06-01", reason=stories.WORDS)
    again = e.FileSupplemented()
    state = state_of(*stories.requested(), more, RETURNED, longer, again)
    away = Waiting(date(2026, 3, 13), 10, Stage.CONSENT_REQUESTED)
    supplement = next_step(state_of(*stories.requested(), RETURNED))
    waiting = waited_on(away, Stage.RETURNED, supplement, state, step, again, back_on, CALENDAR)
    assert due_day(state, step, waiting, CALENDAR) == due
    assert deadline_ground(state, step) is Ground.EXTENDED


def test_a_deadline_that_another_stage_takes_over_begins_anew() -> None:
    step = of_ministry(days=30, pauses=(Stage.RETURNED,))
    opinion = e.OpinionReceived(body="Ministarstvo", stance="favourable")
    state = state_of(*stories.requested(), opinion)
    waiting = waited_on(
        Waiting(date(2026, 3, 3), 9), Stage.CONSENT_REQUESTED, step, state, None, opinion, date(2026, 3, 20), CALENDAR
    )
    assert waiting == Waiting(date(2026, 3, 20))
