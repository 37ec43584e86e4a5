"""Work queue, timeline, case file and local government file."""

from datetime import date, timedelta

import pytest

from application.access import Scope
from application.identity import case_id
from application.views.desk import QueueQuery
from domain.dates import PartialDate
from domain.initiatives import events as e
from domain.initiatives import terms as t
from domain.initiatives.procedure import Actor
from tests.adapters.readside.office import ANA, MIRKO, WORDS, home, named_account, to_consent

EVERYBODY = Scope()
JOVANA = named_account(0)
DAYS = (("never", 1, None), ("late", 2, "2026-05"), ("soon", 3, "2026-04-01"))


@pytest.fixture(scope="module")
def side(office, shown):
    bari = office.partner("Bari", "IT")
    graz = office.partner("Graz", "AT")
    office.proposed("2026-0001", "nis", bari)
    office.coordinated("2026-0002", "leskovac", graz)
    office.coordinated("2026-0003", "nis", graz, bari, handler=MIRKO)
    office.add("2026-0003", e.SupportGiven(items=tuple(t.Support)), e.CoordinationCompleted(), *to_consent())
    office.add("2026-0003", e.FileReturned(missing=WORDS, due_on=PartialDate("2026-02-10")))
    office.historic("2026-0004", "leskovac", bari)
    office.coordinated("2026-0005", "cacak", bari, handler=MIRKO)
    office.add("2026-0005", e.ProcedureSuspended(reason=WORDS))
    return shown()


def waiting(side, scope=EVERYBODY, **asked) -> list[str]:
    return [row.number for row in side.work_queue.open_steps(scope, [QueueQuery(**asked)])[0].rows]


def test_open_steps_stand_by_due_day_and_those_without_come_last(side):
    assert waiting(side) == ["2026-0003", "2026-0001", "2026-0002", "2026-0005"]


def test_the_queue_is_asked_by_handler_move_and_day(side):
    assert waiting(side, handlers=(MIRKO,)) == ["2026-0003", "2026-0005"]
    assert waiting(side, unassigned=True) == ["2026-0001"]
    assert waiting(side, actors=(Actor.LOCAL_GOVERNMENT, Actor.MINISTRY)) == ["2026-0003"]
    assert waiting(side, due_before=date(2026, 2, 11)) == ["2026-0003"]
    assert waiting(side, due_before=date(2026, 2, 10)) == []
    assert waiting(side, due_from=date(2026, 2, 11)) == ["2026-0001", "2026-0002"]
    assert waiting(side, without_due=True) == ["2026-0005"]
    assert waiting(side, due_before=date(2026, 2, 11), without_due=True) == ["2026-0003", "2026-0005"]
    assert waiting(side, Scope("nis")) == ["2026-0003", "2026-0001"]


def test_the_total_counts_what_is_not_shown(side):
    [queue] = side.work_queue.open_steps(EVERYBODY, [QueueQuery(most=1)])
    assert (len(queue.rows), queue.total) == (1, 4)


def test_several_queues_are_read_at_once(side):
    mine, unled, nothing = side.work_queue.open_steps(
        EVERYBODY,
        [QueueQuery(handlers=(MIRKO,)), QueueQuery(unassigned=True), QueueQuery(due_before=date(2020, 1, 1))],
    )
    assert ([row.number for row in mine.rows], mine.total) == (["2026-0003", "2026-0005"], 2)
    assert ([row.number for row in unled.rows], unled.total) == (["2026-0001"], 1)
    assert (nothing.rows, nothing.total) == ((), 0)


def test_a_case_that_waits_for_nobody_leaves_the_queue(side, office, shown):
    office.proposed("2026-0006", "cacak", office.partner("Trst", "IT"))
    assert "2026-0006" in waiting(shown())
    office.add("2026-0006", e.InitiativeDeclined(reason=WORDS))
    assert "2026-0006" not in waiting(shown())


def test_the_newest_changes_come_first_with_their_pair(side):
    newest = side.timeline.newest(Scope("leskovac"), 2)
    assert [(c.number, c.tag, c.partner, c.country) for c in newest] == [
        ("2026-0004", "initiative.historic-agreement-entered", "Bari", "IT"),
        ("2026-0002", "initiative.coordination-started", "Graz", "AT"),
    ]
    assert newest[0].actor == ANA


def test_changes_of_a_scope_equal_the_changes_of_all_that_belong_to_it(side):
    everything = side.timeline.newest(EVERYBODY, 200)
    assert [c.position for c in everything] == sorted((c.position for c in everything), reverse=True)
    for most in (1, 3, 100):
        mine = [change for change in everything if "nis" in change.home][:most]
        assert list(side.timeline.newest(Scope("nis"), most)) == mine
    since = everything[3].recorded_at
    later = [change for change in everything if change.recorded_at >= since]
    assert list(side.timeline.newest(EVERYBODY, 200, since)) == later
    assert list(side.timeline.newest(Scope("nis"), 200, since)) == [c for c in later if "nis" in c.home]


def test_a_case_file_shows_the_state_and_its_moments(side, office, book):
    file = side.case_files.open(EVERYBODY, "2026-0003")
    facts = book.read(case_id("2026-0003"))
    assert file.state.version == len(facts)
    assert file.state.stage is t.Stage.RETURNED
    assert (file.opened, file.since, file.updated) == (
        facts[0].recorded_at,
        facts[-1].recorded_at,
        facts[-1].recorded_at,
    )
    assert (file.step.deed, file.due) == ("supplement-file", date(2026, 2, 10))
    assert sorted(name.name for name in file.partners.values()) == ["Bari", "Graz"]


def test_a_case_file_opens_within_its_scope_only(side):
    assert side.case_files.open(Scope("nis"), "2026-0003").state.number == "2026-0003"
    assert side.case_files.open(Scope("leskovac"), "2026-0003") is None


@pytest.mark.parametrize("number", ["2026-9998", "", "\0", "\ud800", "2026-0003'--"])
def test_no_case_by_such_a_number(side, number):
    assert side.case_files.open(EVERYBODY, number) is None


def test_a_deadline_runs_from_the_change_of_the_next_step(side, office, shown, book):
    office.coordinated("2026-0007", "cacak", office.partner("Linz", "AT"))
    started = shown().case_files.open(EVERYBODY, "2026-0007")
    office.add("2026-0007", e.RemarkAdded(remark=WORDS))
    remarked = shown().case_files.open(EVERYBODY, "2026-0007")
    assert (remarked.since, remarked.due) == (started.since, started.due)
    assert remarked.updated > started.updated
    office.add("2026-0007", e.SupportGiven(items=tuple(t.Support)))
    supported = shown().case_files.open(EVERYBODY, "2026-0007")
    assert (supported.since, supported.step.deed) == (started.since, "complete-coordination")
    recorded = book.read(case_id("2026-0007"))[-1].recorded_at
    assert supported.due >= recorded.date() + timedelta(days=15)


def test_an_expiring_agreement_is_due_at_the_end_of_its_term(side, office, shown):
    office.historic("2026-0008", "cacak", office.partner("Pula", "HR"))
    office.add("2026-0008", e.ExpiryApproached(ends_on=PartialDate("2027-06")))
    assert shown().case_files.open(EVERYBODY, "2026-0008").due == date(2027, 6, 30)


def test_a_local_government_file_counts_stages_and_countries(side):
    file = side.local_government_files.open(EVERYBODY, "nis")
    assert (file.by_stage, file.countries) == ({"proposed": 1, "returned": 1}, {"IT": 2, "AT": 1})
    assert file.updated == side.case_files.open(EVERYBODY, "2026-0003").updated
    assert side.local_government_files.open(Scope("cacak"), "nis").by_stage == {}
    assert side.local_government_files.open(EVERYBODY, "\0").updated is None


def test_there_is_one_file_for_each_that_has_a_case_in_the_scope(side):
    assert [file.code for file in side.local_government_files.all(Scope("nis"))] == ["nis"]
    assert {"nis", "leskovac", "cacak"} <= {file.code for file in side.local_government_files.all(EVERYBODY)}


def test_a_party_that_joins_or_leaves_moves_the_case_between_local_governments(side, office, shown):
    office.coordinated("2026-0009", "sid", office.partner("Osijek", "HR"))
    office.add("2026-0009", e.PartyJoined(party=home("sabac")))
    assert shown().local_government_files.open(EVERYBODY, "sabac").by_stage == {"coordinating": 1}
    office.add("2026-0009", e.PartyLeft(party="sid"))
    assert shown().local_government_files.open(EVERYBODY, "sid").by_stage == {}
    assert shown().case_files.open(Scope("sid"), "2026-0009") is None
    assert waiting(shown(), Scope("sid")) == []


def test_open_tasks_stand_by_their_day_within_the_scope(side, office, shown):
    number = office.proposed("2026-0042", "sombor", office.partner("Baja", "HU"))
    given = {name: e.TaskGiven(task=named_account(n), assignee=JOVANA, what=WORDS, due_on=day) for name, n, day in DAYS}
    office.add(number, *given.values())
    shown()

    def tasks(scope=EVERYBODY, **asked):
        return [row.task for row in side.work_queue.tasks(scope, JOVANA, **({"most": 9} | asked)).rows]

    by_day = [given[name].task for name in ("soon", "late", "never")]
    assert tasks() == by_day
    assert tasks(Scope("sombor")) == by_day
    assert tasks(Scope("nis")) == []
    assert tasks(most=1, skip=1) == by_day[1:2]
    assert side.work_queue.tasks(EVERYBODY, JOVANA, 1).total == 3
    assert side.work_queue.tasks(EVERYBODY, MIRKO, 1).total == 0
    office.add(number, e.TaskDone(task=by_day[0], what=WORDS))
    office.add(number, e.TaskCancelled(task=by_day[2], what=WORDS, reason=WORDS))
    office.add(number, e.PartyJoined(party=home("subotica")))
    shown()
    assert tasks(Scope("subotica")) == by_day[1:2]
