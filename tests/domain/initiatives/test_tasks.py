"""Tasks on a case: given, done, cancelled, and never in the way of its road."""

from uuid import UUID

import pytest

from domain.initiatives import events as e
from domain.initiatives.decisions.anytime import AddRemark
from domain.initiatives.decisions.tasking import MOST_OPEN, CancelTask, FinishTask, GiveTask
from domain.initiatives.initiative import fold
from domain.initiatives.tasks import Task
from domain.initiatives.terms import Stage
from domain.kernel import VaultRef
from tests.domain.initiatives.stories import active, coordinating
from tests.domain.specification import JELENA, MILAN, WORDS, given, proposed

ONE, TWO = UUID(int=31), UUID(int=32)
WHY = VaultRef(UUID(int=33))


def task(id_: UUID = ONE, due_on: str | None = "2026-04-01") -> e.TaskGiven:
    return e.TaskGiven(task=id_, assignee=MILAN, what=WORDS, due_on=due_on)


def test_a_task_stands_on_the_case_until_it_is_done() -> None:
    state = (
        given(*coordinating()).when(GiveTask(task=ONE, assignee=MILAN, what=WORDS, due_on="2026-04-01")).then(task())
    )
    assert state.tasks == (Task(ONE, MILAN, WORDS, "2026-04-01"),)
    assert state.stage is Stage.COORDINATING
    done = given(*coordinating(), task()).when(FinishTask(task=ONE)).then(e.TaskDone(task=ONE, what=WORDS))
    assert done.tasks == ()


def test_a_cancelled_task_says_why() -> None:
    cancelled = e.TaskCancelled(task=ONE, what=WORDS, reason=WHY)
    state = given(proposed(), task(), task(TWO)).when(CancelTask(task=ONE, reason=WHY)).then(cancelled)
    assert [open_.id for open_ in state.tasks] == [TWO]


def test_two_that_look_alike_are_two() -> None:
    again = GiveTask(task=TWO, assignee=MILAN, what=WORDS, due_on="2026-04-01")
    assert len(given(proposed(), task()).when(again).then(task(TWO)).tasks) == 2


def test_what_was_said_twice_happens_once() -> None:
    given(proposed(), task()).when(GiveTask(task=ONE, assignee=MILAN, what=WORDS, due_on="2026-04-01")).then()
    given(proposed(), task(), e.TaskDone(task=ONE, what=WORDS)).when(FinishTask(task=ONE)).then()
    cancelled = e.TaskCancelled(task=ONE, what=WORDS, reason=WHY)
    given(proposed(), task(), cancelled).when(CancelTask(task=ONE, reason=WHY)).then()


def test_a_closed_task_is_not_closed_again() -> None:
    story = (proposed(), task(), task(TWO), e.TaskDone(task=ONE, what=WORDS), e.RemarkAdded(remark=WORDS))
    given(*story).when(FinishTask(task=ONE)).then_refused("initiative.task-closed")
    given(*story).when(CancelTask(task=ONE, reason=WHY)).then_refused("initiative.task-closed")
    given(proposed()).when(FinishTask(task=ONE)).then_refused("initiative.no-task-open")


def test_a_case_that_is_over_takes_no_new_task_and_lets_the_open_ones_be_closed() -> None:
    ended = (proposed(), task(), e.InitiativeDeclined(reason=WORDS))
    given(*ended).when(GiveTask(task=TWO, assignee=JELENA, what=WORDS)).then_refused("initiative.wrong-stage")
    given(*ended).when(FinishTask(task=ONE)).then(e.TaskDone(task=ONE, what=WORDS))


def test_there_is_an_end_to_tasks() -> None:
    full = (proposed(), *(task(UUID(int=n)) for n in range(MOST_OPEN)))
    given(*full).when(GiveTask(task=UUID(int=99), assignee=MILAN, what=WORDS)).then_refused("initiative.too-many-tasks")


def test_a_day_that_does_not_exist_is_refused() -> None:
    impossible = GiveTask(task=ONE, assignee=MILAN, what=WORDS, due_on="2026-02-30")
    given(proposed()).when(impossible).then_refused("date.impossible")


@pytest.mark.parametrize("fact", [task(), e.TaskDone(task=ONE, what=WORDS), e.RemarkAdded(remark=WORDS)])
def test_tasks_and_remarks_are_in_nobodys_way(fact: e.InitiativeEvent) -> None:
    state = fold([*active(), task(), fact])
    assert state is not None
    assert state.only_remarks_since(len(active()))


def test_a_remark_calls_each_colleague_once() -> None:
    calling = AddRemark(remark=WORDS, mentions=(MILAN, JELENA, MILAN))
    given(proposed()).when(calling).then(e.RemarkAdded(remark=WORDS, mentions=(MILAN, JELENA)))
