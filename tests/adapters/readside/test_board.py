"""The register as a board: the first cards of each column, by deadline, under the filters of the list."""

from datetime import date

import pytest

from application.access import Scope
from application.views.register import PHASES, RegisterQuery
from domain.initiatives import events as e
from domain.initiatives import terms as t
from domain.initiatives.terms import Stage
from tests.adapters.readside.office import MIRKO, WORDS, to_consent

TODAY = date(2026, 3, 1)
EVERYBODY = Scope()
COLUMNS = ((Stage.PROPOSED, Stage.COORDINATING), (Stage.CONSENT_REQUESTED,), (Stage.DECLINED,))


@pytest.fixture(scope="module")
def register(office, shown):
    """Seven cases; those recorded later are due later."""
    bari, graz = office.partner("Bari", "IT"), office.partner("Graz", "AT")
    for number in range(1, 4):
        office.coordinated(f"2026-000{number}", "nis", bari)
    office.proposed("2026-0004", "leskovac", graz, kind=t.Kind.PROJECT_BASED)
    for number in (5, 6):
        office.coordinated(f"2026-000{number}", "leskovac", graz, handler=MIRKO)
        office.add(f"2026-000{number}", e.SupportGiven(items=tuple(t.Support)), e.CoordinationCompleted())
        office.add(f"2026-000{number}", *to_consent())
    office.proposed("2026-0007", "nis", graz)
    office.add("2026-0007", e.InitiativeDeclined(reason=WORDS))
    return shown().register


def board(register, scope=EVERYBODY, most=10, columns=COLUMNS, **asked) -> list[list[str]]:
    query = RegisterQuery(**asked)
    return [[row.number[-1] for row in column] for column in register.board(scope, query, columns, most, TODAY)]


def test_each_column_holds_its_stages_by_deadline(register):
    found = register.board(EVERYBODY, RegisterQuery(), COLUMNS, 10, TODAY)
    assert [{row.stage for row in column} for column in found] == [set(stages) for stages in COLUMNS]
    for column in found:
        due = [(row.due or date.max, row.number) for row in column]
        assert due == sorted(due)


def test_no_column_holds_more_than_it_may_and_those_are_the_most_urgent(register):
    every, few = board(register), board(register, most=2)
    assert few == [column[:2] for column in every]
    assert len(every[0]) == 4


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"countries": ("AT",)}, [["4"], ["5", "6"], ["7"]]),
        ({"kinds": (t.Kind.PROJECT_BASED,)}, [["4"], [], []]),
        ({"handlers": (str(MIRKO),)}, [[], ["5", "6"], []]),
        ({"text": "ниш graz"}, [[], [], ["7"]]),
        ({"text": "нема тога"}, [[], [], []]),
        ({"local_governments": ("leskovac",)}, [["4"], ["5", "6"], []]),
    ],
)
def test_the_filters_are_those_of_the_list(register, asked, found):
    assert board(register, **asked) == found


def test_the_cases_of_a_town_are_all_that_its_officer_sees(register):
    assert board(register, Scope("leskovac")) == [["4"], ["5", "6"], []]


def test_what_the_filters_say_of_stages_is_said_by_the_columns(register):
    assert board(register, stages=(Stage.ACTIVE,)) == board(register)


def test_every_count_of_a_stage_is_the_number_of_its_cards(register):
    page = register.page(EVERYBODY, RegisterQuery(), TODAY)
    columns = [(stage,) for stage in Stage]
    cards = register.board(EVERYBODY, RegisterQuery(), columns, 100, TODAY)
    assert [option.count for option in page.stages] == [len(column) for column in cards]
    assert [option.value for option in page.stages] == [stage.value for stage in Stage]
    phases = register.board(EVERYBODY, RegisterQuery(), list(PHASES.values()), 100, TODAY)
    assert [option.count for option in page.phases] == [len(column) for column in phases]
