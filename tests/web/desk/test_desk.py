"""The first page answers what is to be done today, for each role."""

import re

import pytest

from application.access import Role
from tests.web.casework_stack import Browser, Stack, proposed


@pytest.fixture(scope="module")
def number(coordinator: Browser) -> str:
    return proposed(coordinator, "Niš", "Bursa")


def test_a_case_without_handler_is_taken_over_with_one_press(coordinator: Browser, number: str) -> None:
    desk = coordinator.open("/")
    assert "Nothing is due this week. 1 case has no handler." in desk.words
    desk = coordinator.send(desk, f"/desk/take-over/{number}")
    assert (desk.status, desk.path) == (200, "/")
    assert f"You lead the case {number} now." in desk.words
    assert "In coordination" in coordinator.open(f"/initiatives/{number}").words
    assert "Every case has its handler." in desk.words
    assert "Record the support given" in desk.words
    assert "SKGO started the coordination" in desk.words


def test_whoever_takes_over_from_the_whole_list_stays_there(coordinator: Browser) -> None:
    number = proposed(coordinator, "Niš", "Kavala", "GR")
    listed = coordinator.open("/desk/unassigned")
    assert number in listed.words
    taken = coordinator.send(listed, f"/desk/take-over/{number}")
    assert (taken.status, taken.path) == (200, "/desk/unassigned")
    assert f"You lead the case {number} now." in taken.words


def test_two_who_take_over_at_once_do_not_overwrite_each_other(stack: Stack, coordinator: Browser) -> None:
    number = proposed(coordinator, "Pirot", "Larissa", "GR")
    milan = stack.browser(name="Milan Đorđević")
    desk = coordinator.open("/")
    milan.send(milan.open("/"), f"/desk/take-over/{number}")
    assert coordinator.send(desk, f"/desk/take-over/{number}").status == 409
    assert "Milan Đorđević" in coordinator.open(f"/initiatives/{number}").words


def test_an_officer_sees_only_the_own_town(stack: Stack, coordinator: Browser, number: str) -> None:
    proposed(coordinator, "Leskovac", "Pernik", "BG")
    desk = stack.browser(Role.OFFICER, "nis").open("/")
    assert desk.status == 200
    assert "Bursa" in desk.words
    assert "Pernik" not in desk.words
    assert "Take over" not in desk.words


def test_an_approver_sees_everything_and_who_is_late(stack: Stack, number: str) -> None:
    desk = stack.browser(Role.APPROVER).open("/")
    assert desk.status == 200
    assert "Without handler" in desk.words
    assert "Take over" not in desk.words


def test_an_auditor_sees_the_newest_records(stack: Stack, number: str) -> None:
    desk = stack.browser(Role.AUDITOR).open("/")
    assert "Newest records" in desk.words
    assert "The initiative was proposed" in desk.words


def test_an_administrator_is_led_to_the_accounts(stack: Stack) -> None:
    assert stack.browser(Role.ADMINISTRATOR).open("/").path == "/admin/accounts"


@pytest.mark.parametrize("code", ["sr-Latn", "sr-Cyrl", "en"])
def test_the_desk_speaks_every_language(coordinator: Browser, number: str, code: str) -> None:
    coordinator.speaks(code)
    desk = coordinator.open("/")
    coordinator.speaks("en")
    said = {"sr-Latn": "Ove nedelje ništa ne dospeva", "sr-Cyrl": "Ове недеље ништа не доспева", "en": "Nothing is due"}
    assert said[code] in desk.words


def test_every_group_of_the_desk_has_a_page_with_as_many_cases_as_it_says(coordinator: Browser) -> None:
    for number in range(10):
        proposed(coordinator, "Niš", f"Grad {number}", "HU")
    said = re.search(r"([0-9]+) Without handler", coordinator.open("/").words)
    assert said is not None
    assert int(said[1]) >= 10
    for address in ("/desk/unassigned", "/desk/unassigned?page=99"):
        assert coordinator.open(address).words.count("Take over") == int(said[1])
    assert coordinator.open("/desk/unassigned?page=x").status == 200
    late = coordinator.open("/desk/late")
    assert "Nothing stands here No deadline has passed" in late.words
    assert 'class="pager"' not in coordinator.open("/desk/unassigned").answer.text, "one page needs no pages"
    assert coordinator.open("/desk/nonsense").status == 404


def test_a_colleagues_case_is_taken_over_on_its_own_page(stack: Stack, coordinator: Browser) -> None:
    number = proposed(coordinator, "Kraljevo", "Siegen", "DE")
    milan = stack.browser(name="Milan Đorđević")
    milan.send(milan.open(f"/initiatives/{number}"), f"/desk/take-over/{number}")
    page = coordinator.open(f"/initiatives/{number}")
    assert f'href="/initiatives/{number}/name-handler"' in page.answer.text
    taken = coordinator.send(page, f"/desk/take-over/{number}")
    assert (taken.status, taken.path) == (200, f"/initiatives/{number}")
    assert f"You lead the case {number} now." in taken.words
    assert f"/desk/take-over/{number}" not in taken.answer.text, "one's own case needs no taking over"


def test_the_work_of_all_colleagues_has_its_page_and_names_who_leads(stack: Stack, coordinator: Browser) -> None:
    milan = stack.browser(name="Milan Đorđević")
    number = proposed(milan, "Sombor", "Baja", "HU")
    milan.do(number, "coordinate", {"handler": str(milan.person.account)})
    assert number not in coordinator.open("/desk/later").words
    for role in (coordinator, stack.browser(Role.APPROVER)):
        assert "/desk/team" in role.open("/").answer.text
        assert re.search(rf"{number}\s+Milan Đorđević", role.open("/desk/team").words)
    assert stack.browser(Role.OFFICER, "sombor").open("/desk/team").status == 404


def test_what_changed_is_read_back_page_by_page_to_the_first_record(stack: Stack, coordinator: Browser) -> None:
    number = proposed(coordinator, "Zaječar", "Vidin", "BG")
    for place in range(50):
        coordinator.do(number, "add-remark", {"remark": f"Beleška {place}"})
    officer = stack.browser(Role.OFFICER, "zajecar")
    page, seen = officer.open("/desk/changed"), 0
    while (older := re.search(r'href="(/desk/changed\?before=[0-9]+)"', page.answer.text)) is not None:
        seen += page.words.count("A remark was added")
        page = officer.open(older[1])
    assert seen + page.words.count("A remark was added") == 50
    assert page.words.count("The initiative was proposed") == 1
    assert officer.open("/desk/changed?before=x").status == 200
    assert "Nothing stands here" in officer.open("/desk/changed?before=1").words
