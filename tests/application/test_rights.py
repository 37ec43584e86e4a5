"""Who may do what: the table against the deeds that exist, and against the office's own words."""

import pytest

from application.access import Forbidden, Person, Role, scope_of
from application.rights import MAY, may, require, within_scope
from domain.initiatives.deeds import DEEDS
from domain.initiatives.events import PartyJoined
from domain.initiatives.initiative import fold
from domain.initiatives.terms import Party, PartyRole
from tests.application.office import (
    ADMINISTRATOR,
    APPROVER,
    AUDITOR,
    COORDINATOR,
    EVERYBODY,
    LOST,
    OFFICER,
    STRANGER,
)
from tests.domain.specification import proposed

BESIDE_A_RUNNING_CASE = {"propose", "enter-historic", "take-over", "register-partner", "edit-partner", "ask-side"}


def deeds_of(role: Role) -> set[str]:
    return {deed for deed, roles in MAY.items() if role in roles}


def test_every_deed_has_its_rights_and_every_right_its_deed() -> None:
    assert MAY.keys() == DEEDS.keys() | BESIDE_A_RUNNING_CASE


def test_a_coordinator_does_everything_but_approve_and_the_other_end_of_a_merging() -> None:
    assert deeds_of(Role.COORDINATOR) == MAY.keys() - {"absorb", "receive-report", "approve"}


def test_an_officer_proposes_supplies_papers_and_reports() -> None:
    assert deeds_of(Role.OFFICER) == {
        *("propose", "register-partner", "withdraw"),
        *("adopt-decision", "request-consent", "supplement-file", "publish"),
        *("hold-visit", "confirm-partnership", "report-party-status", "add-remark"),
        *("give-task", "finish-task", "cancel-task"),
        "ask-approval",
    }


def test_an_approver_is_the_second_person() -> None:
    tasks = {"give-task", "finish-task", "cancel-task"}
    assert deeds_of(Role.APPROVER) == {"name-handler", "approve", "add-remark"} | tasks


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR])
def test_auditor_and_administrator_change_nothing(role: Role) -> None:
    assert deeds_of(role) == set()


@pytest.mark.parametrize("who", EVERYBODY)
def test_a_deed_that_the_table_lacks_nobody_may_do(who: Person) -> None:
    assert not may(who, "rewrite-history")
    with pytest.raises(Forbidden, match=r"^access\.deed-not-yours$"):
        require(who, "absorb")


def test_an_officer_reaches_the_cases_of_the_own_local_government() -> None:
    case = fold([proposed()])
    assert [who for who in (*EVERYBODY, STRANGER, LOST) if not within_scope(who, case)] == [STRANGER, LOST]


def test_one_home_party_of_several_is_enough_but_an_observer_is_none() -> None:
    home, observer = (Party(role=role, local_government="nis") for role in (PartyRole.HOME, PartyRole.OBSERVER))
    assert within_scope(STRANGER, fold([proposed(), PartyJoined(party=home)]))
    assert not within_scope(STRANGER, fold([proposed(), PartyJoined(party=observer)]))


@pytest.mark.parametrize("who", [COORDINATOR, APPROVER, AUDITOR])
def test_the_office_sees_all_cases(who: Person) -> None:
    assert scope_of(who).local_government is None


def test_an_officer_sees_own_cases() -> None:
    assert scope_of(OFFICER).local_government == "varvarin"


@pytest.mark.parametrize("who", [ADMINISTRATOR, LOST])
def test_who_does_no_casework_sees_none(who: Person) -> None:
    with pytest.raises(Forbidden, match=r"^access\.no-casework$"):
        scope_of(who)
