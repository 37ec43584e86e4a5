"""Reminders are kept once each, in the order of their giving, and told with what has become of their case."""

from datetime import date, timedelta

import pytest

from adapters.office.reminders import PostgresReminders
from application.access import Scope
from application.identity import case_id
from application.reminders import GivingReminders
from application.views.desk import QueueQuery, SilentQuery
from domain.initiatives import events as e
from domain.initiatives.reminding import Reminded
from domain.kernel import AccountId
from tests.adapters.readside.office import ANA

EVERYBODY = Scope()


@pytest.fixture(scope="module")
def side(office, shown):
    bari = office.partner("Bari", "IT")
    office.proposed("2026-0001", "nis", bari)
    office.historic("2026-0002", "leskovac", bari)
    office.coordinated("2026-0003", "cacak", bari)
    return shown()


@pytest.fixture
def reminders(pool):
    return PostgresReminders(pool)


@pytest.fixture
def began(side) -> date:
    return side.case_files.open(EVERYBODY, "2026-0001").waiting.since


def told(reminders, after=0):
    return [(one.number, one.kind, one.on) for one in reminders.given(after, 100)]


def test_each_is_given_once_however_often_somebody_sweeps(reminders, began):
    assert reminders.give(began + timedelta(days=4)) == 0
    assert reminders.give(began + timedelta(days=9)) == 2
    assert reminders.give(began + timedelta(days=9)) == 0
    first = [
        ("2026-0001", Reminded.BEFORE, began + timedelta(days=5)),
        ("2026-0001", Reminded.LATE, began + timedelta(days=9)),
    ]
    assert told(reminders) == first
    assert reminders.give(began + timedelta(days=800)) == 6
    positions = [one.position for one in reminders.given(0, 100)]
    assert positions == sorted(positions)
    assert told(reminders, positions[1]) == told(reminders)[2:]
    assert len(reminders.given(0, 3)) == 3


def test_they_tell_whose_the_case_is_and_whether_it_is_still_to_be_done(reminders, office, shown, began):
    reminders.give(began + timedelta(days=9))
    one = reminders.given(0, 1)[0]
    assert (one.case, one.homes, one.handler, one.stands) == (case_id("2026-0001"), ("nis",), None, True)
    office.add("2026-0001", e.CoordinationStarted(handler=ANA))
    shown()
    again = reminders.given(0, 1)[0]
    assert (again.id, again.stands, again.handler) == (one.id, False, AccountId(ANA))


def test_a_sweep_waits_for_views_that_are_behind(side, reminders, office, book):
    class Behind:
        def caught_up(self, position, timeout=2.0):
            return False

    at = office.log.read(case_id("2026-0001"))[-1].recorded_at
    assert GivingReminders(reminders, Behind(), book, lambda: at).sweep() is None
    giving = GivingReminders(reminders, side.views, book, lambda: at)
    assert giving.sweep() == 0
    assert giving.sweep(date(2199, 1, 1)) == 0, "what has not come is not given, whatever is asked"


def test_silent_partnerships_are_listed_and_those_that_are_heard_of_are_not(side, began, office, shown):
    def silent(scope=EVERYBODY, **asked):
        return [row.number for row in side.silent.silent(scope, SilentQuery(**asked)).rows]

    year, two_years = began + timedelta(days=366), began + timedelta(days=731)
    assert silent(confirm_by=year) == ["2026-0002"]
    assert silent(confirm_by=began) == []
    assert silent(dormant_by=year) == []
    assert silent(dormant_by=two_years) == ["2026-0002"]
    assert silent(Scope("nis"), confirm_by=year) == []
    assert silent(confirm_by=year, handlers=(ANA,)) == []
    office.add("2026-0002", e.FellDormant())
    shown()
    assert silent(confirm_by=two_years) == []


def test_a_very_late_step_comes_to_the_approver(side, began):
    def escalated(day):
        return {row.number for row in side.work_queue.open_steps(EVERYBODY, [QueueQuery(escalated_by=day)])[0].rows}

    assert escalated(began + timedelta(days=22)) == set()
    assert escalated(began + timedelta(days=23)) == {"2026-0001", "2026-0003"}


def test_a_clock_that_went_far_ahead_keeps_nothing_back_when_it_is_right_again(side, reminders, began, office, shown):
    reminders.give(began + timedelta(days=900))
    office.proposed("2026-0004", "nis", office.partner("Pisa", "IT"))
    shown()
    before = len(told(reminders))
    for day in range(3, 10):
        reminders.give(began + timedelta(days=day))
    assert told(reminders)[before:] == [
        ("2026-0004", Reminded.BEFORE, began + timedelta(days=5)),
        ("2026-0004", Reminded.LATE, began + timedelta(days=9)),
    ]


def test_the_view_is_its_replay(side):
    assert all(verdict.good for verdict in side.verifying.verify())
