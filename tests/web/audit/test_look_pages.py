"""Whoever is shown words of the vault is seen looking, whatever the page."""

import re
from uuid import UUID

import pytest

from application.access import OPERATOR, Role
from application.auditing_looks import NONE, LookQuery, Place
from application.identity import case_id, partner_id
from tests.web.casework_stack import Browser, Stack, proposed

SECRET = "Reči koje stoje samo u trezoru"


@pytest.fixture(scope="module")
def auditor(stack: Stack) -> Browser:
    return stack.browser(Role.AUDITOR, name="Vera Lukić")


@pytest.fixture(scope="module")
def number(coordinator: Browser) -> str:
    return proposed(coordinator, "Niš", "Košice", "SK", rationale=SECRET)


def seen(stack: Stack, who: UUID) -> list[tuple[Place, UUID, int]]:
    found = stack.made.looks.page(LookQuery(person=who), 500)
    return [(kept.look.place, kept.look.subject, kept.look.version) for kept in reversed(found)]


CASE_PAGES = ["", "/history", "/coordinate", "/add-remark", "/history/1/correct", "?known_at=2100", "/ask"]


@pytest.mark.parametrize("page", CASE_PAGES)
@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.APPROVER, Role.AUDITOR, Role.OFFICER])
def test_every_page_that_shows_words_of_a_case_is_kept(stack: Stack, number: str, role: Role, page: str) -> None:
    browser = stack.browser(role, "nis" if role is Role.OFFICER else None)
    shown = SECRET in browser.open(f"/initiatives/{number}{page}").answer.text
    kept = seen(stack, browser.person.account)
    assert (Place.CASE, case_id(number), 1) in kept or not shown
    if page in ("", "/history"):
        assert shown


def test_a_case_that_may_not_be_seen_leaves_no_look(stack: Stack, number: str) -> None:
    stranger = stack.browser(Role.OFFICER, "leskovac")
    assert stranger.open(f"/initiatives/{number}").status == 404
    assert seen(stack, stranger.person.account) == []


def test_often_in_an_hour_is_one_look_until_the_case_grows(stack: Stack, number: str) -> None:
    reader, office = stack.browser(Role.AUDITOR), stack.browser(Role.COORDINATOR)
    for _ in range(3):
        reader.open(f"/initiatives/{number}")
    office.do(number, "add-remark", {"remark": "Poziv primljen"})
    for _ in range(2):
        reader.open(f"/initiatives/{number}/history")
    assert seen(stack, reader.person.account) == [(Place.CASE, case_id(number), n) for n in (1, 2)]


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("/initiatives/export/csv", Place.REGISTER_EXPORT),
        ("/initiatives/export/xlsx?country=SK", Place.REGISTER_EXPORT),
        ("/audit/log", Place.LOG),
        ("/audit/log/export/jsonl", Place.LOG_EXPORT),
    ],
)
def test_what_shows_or_takes_away_much_at_once_is_kept(stack: Stack, address: str, place: Place) -> None:
    reader = stack.browser(Role.APPROVER)
    assert reader.open(address).status == 200
    assert seen(stack, reader.person.account) == [(place, NONE, 0)]


def test_tasks_and_partners_with_words_are_kept(stack: Stack, number: str) -> None:
    office = stack.browser(Role.COORDINATOR)
    partner = partner_id("SK", "Košice")
    done = office.do(number, "give-task", {"what": "Pozvati grad", "to": str(office.person.account)})
    assert done.status == 200
    assert "Pozvati grad" in office.open("/desk/tasks").words
    assert (Place.TASKS, NONE, 0) in seen(stack, office.person.account)
    office.open(f"/partners/{partner}")
    assert all(place is not Place.PARTNER for place, _, _ in seen(stack, office.person.account)), "it holds no words"


def test_the_command_line_looks_as_the_operator(stack: Stack, number: str) -> None:
    stack.made.reading.case_with_history(OPERATOR, number)
    b"".join(stack.made.exported("json", "en"))
    assert {place for place, _, _ in seen(stack, OPERATOR.account)} == {Place.CASE, Place.REGISTER_EXPORT}


def test_an_auditor_finds_who_looked(stack: Stack, auditor: Browser, number: str) -> None:
    reader = stack.browser(Role.APPROVER, name="Petar Savić")
    reader.open(f"/initiatives/{number}")
    page = auditor.open(f"/audit/looks?case={number}&person={reader.person.account}&place=case&from=2020")
    assert page.status == 200
    rows = re.findall(r"<tr role=\"row\"><td.*?</tr>", page.answer.text, re.DOTALL)
    assert len(rows) == 1
    for said in ("Petar Savić", "a case, with its reasons and remarks", "words of records up to", "Košice", number):
        assert said in rows[0]
    assert "Nobody looked" in auditor.open(f"/audit/looks?case={number}&to=2020").words
    assert "Petar Savić" in auditor.open("/audit/looks").words


@pytest.mark.parametrize("query", ["from=x", "person=x", "case=x", "place=x", "before=x", "from=2026&to=2025"])
def test_what_cannot_be_read_is_said(auditor: Browser, query: str) -> None:
    page = auditor.open(f"/audit/looks?{query}")
    assert (page.status, "needs mending" in page.words) == (400, True)
