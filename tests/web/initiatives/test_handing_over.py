"""Several cases go to another handler: chosen, looked over, carried out one by one; no newer change is lost."""

import re
from itertools import count
from urllib.parse import urlencode
from uuid import UUID

import pytest

from application.access import Role
from application.handing_over import MOST
from application.identity import case_id
from domain.initiatives.events import HandlerNamed
from tests.web.casework_stack import Browser, Page, Stack, proposed

PATH = "/initiatives/hand-over"
TOWNS = count(1)
REASON = "Odlazi na porodiljsko odsustvo."


@pytest.fixture(scope="module")
def milan(stack: Stack) -> Browser:
    return stack.browser(name="Milan Đorđević")


@pytest.fixture
def cases(coordinator: Browser) -> list[str]:
    """Three of each test's own."""
    return [proposed(coordinator, "Niš", f"Város {next(TOWNS)}", "HU") for _ in range(3)]


def looked_over(browser: Browser, numbers: list[str], to: Browser) -> Page:
    return browser.open(f"{PATH}?{urlencode([('case', n) for n in numbers] + [('to', str(to.person.account))])}")


def handlers_named(stack: Stack, number: str) -> list[HandlerNamed]:
    return [r.fact for r in stack.made.log.read(case_id(number)) if isinstance(r.fact, HandlerNamed)]


def test_chosen_cases_go_to_a_colleague_with_one_reason(
    stack: Stack, coordinator: Browser, milan: Browser, cases: list[str]
) -> None:
    look = looked_over(coordinator, cases[:2], milan)
    assert "2 cases go to Milan Đorđević." in look.words
    assert handlers_named(stack, cases[0]) == [], "to look changes nothing"

    done = coordinator.send(look, PATH, {"reason": REASON})
    assert done.status == 200
    assert "2 cases were handed over" in done.words
    for number in cases[:2]:
        assert [fact.handler for fact in handlers_named(stack, number)] == [milan.person.account]
        assert REASON in coordinator.open(f"/initiatives/{number}/history").words
    assert handlers_named(stack, cases[2]) == []
    reasons = {handlers_named(stack, number)[0].reason for number in cases[:2]}
    assert len(reasons) == 2, "each case has its own words, so that they can be erased apart"


def test_what_a_colleague_changed_meanwhile_is_left_and_named(
    stack: Stack, coordinator: Browser, milan: Browser, cases: list[str]
) -> None:
    look = looked_over(coordinator, cases, milan)
    ana = stack.browser(name="Ana Anić")
    ana.do(cases[1], "name-handler", {"handler": str(ana.person.account)})
    done = coordinator.send(look, PATH, {"reason": REASON})
    assert "2 cases were handed over" in done.words
    assert "1 case stays as it is" in done.words
    assert "Somebody changed this in the meantime." in done.words
    assert [fact.handler for fact in handlers_named(stack, cases[1])] == [ana.person.account]


def test_a_remark_meanwhile_stands_in_nobodys_way(
    stack: Stack, coordinator: Browser, milan: Browser, cases: list[str]
) -> None:
    look = looked_over(coordinator, cases, milan)
    milan.do(cases[0], "add-remark", {"remark": "Poziv primljen."})
    assert "3 cases were handed over" in coordinator.send(look, PATH, {"reason": REASON}).words


def test_a_double_click_has_one_effect_and_the_same_answer(
    stack: Stack, coordinator: Browser, milan: Browser, cases: list[str]
) -> None:
    look = looked_over(coordinator, cases, milan)
    first, second = (coordinator.send(look, PATH, {"reason": REASON}) for _ in range(2))
    assert "3 cases were handed over" in first.words
    assert "3 cases were handed over" in second.words
    assert [len(handlers_named(stack, number)) for number in cases] == [1, 1, 1]


def test_cases_that_cannot_be_handed_over_are_told_before(
    coordinator: Browser, milan: Browser, cases: list[str]
) -> None:
    coordinator.do(cases[0], "decline", {"reason": "Nema sagovornika."})
    coordinator.do(cases[1], "name-handler", {"handler": str(milan.person.account)})
    look = looked_over(coordinator, cases, milan)
    assert "1 case goes to Milan Đorđević." in look.words
    assert "2 cases stay as they are" in look.words
    assert "This person leads the case already." in look.words
    assert [value.partition("@")[0] for name, value in look.form(PATH).fields if name == "case"] == [cases[2]]


def test_without_a_reason_nothing_happens_and_nothing_is_lost(
    stack: Stack, coordinator: Browser, milan: Browser, cases: list[str]
) -> None:
    look = looked_over(coordinator, cases, milan)
    back = coordinator.send(look, PATH, {"reason": "  "})
    assert back.status == 422
    assert "Fill in this field." in back.words
    kept = {(name, value) for name, value in back.form(PATH).fields if name in ("case", "to", "list", "_key")}
    assert kept <= set(look.form(PATH).fields)
    assert len(kept) == len(cases) + 3
    assert "3 cases were handed over" in coordinator.send(back, PATH, {"reason": REASON}).words


def test_all_that_were_found_can_be_chosen_at_once(coordinator: Browser, milan: Browser, cases: list[str]) -> None:
    coordinator.do(cases[0], "name-handler", {"handler": str(milan.person.account)})
    found = coordinator.open(f"{PATH}?all=1&handler={milan.person.account}&to={coordinator.person.account}")
    sent = [value.partition("@")[0] for name, value in found.form(PATH).fields if name == "case"]
    assert cases[0] in sent
    assert not set(cases[1:]) & set(sent)
    assert dict(found.form(PATH).fields)["list"] == f"/initiatives?handler={milan.person.account}"


def test_the_list_offers_it_to_those_who_may(stack: Stack, coordinator: Browser, cases: list[str]) -> None:
    page = coordinator.open("/initiatives?country=HU")
    form = page.form(PATH)
    assert ("country", "HU") in form.fields
    assert f'name="case" value="{cases[0]}"' in page.answer.text
    assert PATH in stack.browser(Role.APPROVER).open("/initiatives").answer.text
    assert PATH not in stack.browser(Role.OFFICER, "nis").open("/initiatives").answer.text


def test_the_handler_may_be_chosen_on_the_page(coordinator: Browser, milan: Browser, cases: list[str]) -> None:
    asked = coordinator.open(f"{PATH}?country=HU&case={cases[0]}&to=")
    look = coordinator.send(asked, PATH, {"to": str(milan.person.account)})
    assert "1 case goes to Milan Đorđević." in look.words
    assert dict(look.form(PATH).fields)["list"] == "/initiatives?country=HU"


@pytest.mark.parametrize("asked", ["", "?case=2026-9999", "?case=nonsense&to=x", "?all=1&q=nema+toga"])
def test_nothing_chosen_is_said(coordinator: Browser, asked: str) -> None:
    page = coordinator.open(f"{PATH}{asked}")
    assert page.status == 400
    assert "No case is chosen." in page.words


def test_somebody_who_leads_no_cases_is_refused(stack: Stack, coordinator: Browser, cases: list[str]) -> None:
    officer = stack.account(Role.OFFICER, "nis")
    page = coordinator.open(f"{PATH}?case={cases[0]}&to={officer.id}")
    assert page.status == 400
    assert "This person cannot lead cases." in page.words
    look = looked_over(coordinator, cases, coordinator)
    refused = coordinator.send(look, PATH, {"reason": REASON, "to": str(officer.id)})
    assert refused.status == 422
    assert "This person cannot lead cases." in refused.words


def test_more_than_a_page_can_show_are_refused(coordinator: Browser, milan: Browser) -> None:
    many = urlencode([("case", f"2026-{number:04d}") for number in range(MOST + 1)])
    page = coordinator.open(f"{PATH}?{many}&to={milan.person.account}")
    assert page.status == 400
    assert f"At most {MOST} cases can be handed over at a time" in page.words


def test_a_case_that_nobody_knows_is_told_by_its_number(
    stack: Stack, coordinator: Browser, milan: Browser, cases: list[str]
) -> None:
    look = looked_over(coordinator, cases[:1], milan)
    done = coordinator.send(look, PATH, {"reason": REASON, "case": ["2026-9999@1", f"{cases[0]}@1", "x@y"]})
    assert "1 case was handed over" in done.words
    assert re.search(r"1 case stays as it is.*2026-9999", done.words)


def test_each_reason_has_its_own_place_in_the_vault(stack: Stack, coordinator: Browser, cases: list[str]) -> None:
    look = looked_over(coordinator, cases, coordinator)
    coordinator.send(look, PATH, {"reason": REASON})
    refs = [fact.reason for number in cases for fact in handlers_named(stack, number) if fact.reason]
    assert all(isinstance(ref, UUID) for ref in refs)
    assert set(stack.made.vault.read(refs).values()) == {REASON}
