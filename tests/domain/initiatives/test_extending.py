"""More time for the step that waits, and the yearly word that a partnership is alive."""

from datetime import date

import msgspec
import pytest

from domain.initiatives import events as e
from domain.initiatives.deadlines import Ground, Waiting, deadline_ground, due_day, due_now
from domain.initiatives.decisions.extending import ExtendDeadline
from domain.initiatives.decisions.living import ConfirmPartnership
from domain.initiatives.initiative import fold
from tests.domain.initiatives import stories
from tests.domain.specification import TODAY, WORDS, given
from tests.procedures import SHIPPED, next_step

SINCE = Waiting(date(2026, 3, 10))
ON = msgspec.structs.replace(TODAY, due=date(2026, 4, 9))
LATER = ExtendDeadline(until="2026-05-04", reason=WORDS)
EXTENDED = e.DeadlineExtended(deed="record-opinion", until="2026-05-04", reason=WORDS)


def due(*facts: e.InitiativeEvent) -> date | None:
    state = fold(facts)
    step = next_step(state)
    return due_day(state, step, SINCE, SHIPPED.calendar) if step else None


def test_more_time_is_given_to_the_step_that_waits() -> None:
    state = given(*stories.requested()).when(LATER, ON).then(EXTENDED)
    step = next_step(state)
    assert (due_day(state, step, SINCE, SHIPPED.calendar), deadline_ground(state, step)) == (
        date(2026, 5, 4),
        Ground.EXTENDED,
    )


@pytest.mark.parametrize("until", ["2026-04-09", "2026-04-01", "2026-03", "2025"])
def test_the_new_day_is_later_than_the_present_one(until: str) -> None:
    given(*stories.requested()).when(ExtendDeadline(until=until, reason=WORDS), ON).then_refused(
        "initiative.extension-not-later"
    )


def test_a_day_that_the_calendar_lacks_is_none() -> None:
    given(*stories.requested()).when(ExtendDeadline(until="2026-06-31", reason=WORDS), ON).then_refused(
        "date.impossible"
    )


def test_where_no_day_can_be_counted_any_day_will_do() -> None:
    given(*stories.requested()).when(LATER, TODAY).then(EXTENDED)


def test_the_same_form_twice_extends_once() -> None:
    extended = msgspec.structs.replace(ON, due=date(2026, 5, 4))
    given(*stories.requested(), EXTENDED).when(LATER, extended).then()


def test_it_ends_with_the_step() -> None:
    opinion = e.OpinionReceived(body="Ministarstvo", stance="favourable")
    back = e.FileReturned(missing=WORDS, due_on="2026-04-20")
    assert due(*stories.requested(), EXTENDED, opinion) == date(2026, 4, 9)
    assert due(*stories.requested(), EXTENDED, back) == date(2026, 4, 20)
    assert due(*stories.requested(), EXTENDED, back, e.FileSupplemented()) == date(2026, 4, 9)


def test_what_leaves_the_step_as_it_is_leaves_the_extension() -> None:
    early = e.DecisionPublished(gazette=stories.GAZETTE, before_consent=True)
    remark = e.RemarkAdded(remark=WORDS)
    assert due(*stories.requested(), EXTENDED, early, remark) == date(2026, 5, 4)


def test_a_supplement_gets_more_time_as_well() -> None:
    back = e.FileReturned(missing=WORDS, due_on="2026-04-20")
    more = e.DeadlineExtended(deed="supplement-file", until="2026-05", reason=WORDS)
    assert due(*stories.requested(), back, more) == date(2026, 5, 31)


def test_an_extension_that_was_wrong_is_corrected() -> None:
    wrong = e.DeadlineExtended(deed="record-opinion", until="2036-05-04", reason=WORDS)
    version = len(stories.requested()) + 1
    corrected = e.FactCorrected(corrects=version, restated=EXTENDED, reason=WORDS)
    assert due(*stories.requested(), wrong, corrected) == date(2026, 5, 4)


@pytest.mark.parametrize("story", [stories.active(), stories.expiring("2031-01-01")])
def test_what_the_agreement_says_cannot_be_extended(story: stories.Story) -> None:
    given(*story).when(LATER, ON).then_refused("initiative.deadline-of-the-agreement")


def test_where_no_time_is_set_there_is_nothing_to_extend() -> None:
    given(*stories.refused()).when(LATER, ON).then_refused("initiative.no-deadline")
    given(stories.historic()).when(LATER, ON).then_refused("initiative.no-deadline")


def test_the_log_itself_says_until_when_a_step_is_to_be_taken() -> None:
    facts = stories.requested()
    days = [date(2026, 3, n) for n in range(1, len(facts) + 1)]
    assert due_now(facts, days, SHIPPED) == date(2026, 4, 7)
    assert due_now([*facts, EXTENDED], [*days, date(2026, 3, 20)], SHIPPED) == date(2026, 5, 4)
    assert due_now([stories.historic()], [date(2026, 3, 1)], SHIPPED) is None


@pytest.mark.parametrize("story", [stories.active(), stories.expiring(), (stories.historic(),)])
def test_a_partnership_is_confirmed_while_the_agreement_runs(story: stories.Story) -> None:
    confirmed = e.PartnershipConfirmed(occurred_on="2026-03-10", remark=WORDS)
    given(*story).when(ConfirmPartnership(occurred_on="2026-03-10", remark=WORDS)).then(confirmed)


def test_a_confirmation_is_of_a_day_that_has_come() -> None:
    given(*stories.active()).when(ConfirmPartnership(occurred_on="2026-04")).then_refused("date.in-future")
    given(*stories.signed()).when(ConfirmPartnership(occurred_on="2026-03")).then_refused("initiative.wrong-stage")
    given(*stories.active(), e.FellDormant()).when(ConfirmPartnership(occurred_on="2026-03")).then_refused(
        "initiative.wrong-stage"
    )
