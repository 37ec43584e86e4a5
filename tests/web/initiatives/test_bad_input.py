"""Nothing that a person typed is lost, and every mistake is told where it was made."""

import pytest

from application.access import Role
from tests.web.casework_stack import Browser, Stack, proposed

LONG = "Obrazloženje " * 400
RATIONALE = "Zajednički festival i razmena učenika."


@pytest.fixture(scope="module")
def number(coordinator: Browser) -> str:
    return proposed(coordinator, "Leskovac", "Pernik", "BG")


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("local_government", "Nigdina", "No local government has this name"),
        ("local_government", "", "Fill in this field"),
        ("partner", "", "Fill in this field"),
        ("partner", "x" * 201, "At most 200 characters"),
        ("partner", "Bur\u202esa", "invisible character (U+202E)"),
        ("country", "", "Choose the country"),
        ("country", "RS", "inter-municipal"),
        ("country", "ZZZ", "Choose one of those offered"),
        ("kind", "friendship", "cannot be proposed"),
        ("kind", "marriage", "Choose one of those offered"),
        ("occurred_on", "31. 2. 2026.", "There is no such day"),
        ("occurred_on", "1. 1. 2199.", "has not come yet"),
        ("occurred_on", "9" * 30, "cannot be read as a date"),
        ("letter_number", "9" * 61, "At most 60 characters"),
        ("rationale", "", "Fill in this field"),
        ("rationale", "a\x07b", "invisible"),
        ("rationale", LONG, "At most 4,000 characters"),
        ("fields", "football", "Choose one of those offered"),
    ],
)
def test_a_wrong_proposal_comes_back_whole(coordinator: Browser, field: str, typed: str, message: str) -> None:
    values = {"local_government": "Grad Leskovac", "partner": "Sliven", "country": "BG", "rationale": RATIONALE}
    page = coordinator.send(coordinator.open("/initiatives/new"), "/initiatives/new", {**values, field: typed})
    assert page.status == 422
    assert message in page.answer.text
    assert f'href="#{field}"' in page.answer.text
    back = dict(page.form("/initiatives/new").fields)
    for name, value in {**values, field: typed}.items():
        if name not in ("kind", "fields", "country"):
            assert back[name] == value, name


def test_several_mistakes_are_counted_and_named_together(coordinator: Browser) -> None:
    page = coordinator.send(coordinator.open("/initiatives/new"), "/initiatives/new", {"occurred_on": "nekad"})
    assert page.status == 422
    assert "things need mending. Nothing is lost." in page.words
    for field in ("local_government", "partner", "rationale", "occurred_on"):
        assert f'href="#{field}"' in page.answer.text


def test_a_deed_that_is_refused_keeps_its_form(coordinator: Browser, number: str) -> None:
    page = coordinator.do(number, "decline", {"occurred_on": "1. 1. 2199.", "reason": "Nema sredstava."})
    assert page.status == 422
    back = dict(page.form(f"/initiatives/{number}/decline").fields)
    assert (back["occurred_on"], back["reason"]) == ("1. 1. 2199.", "Nema sredstava.")
    assert "has not come yet" in page.words


def test_a_deed_of_another_stage_says_why(coordinator: Browser, number: str) -> None:
    page = coordinator.open(f"/initiatives/{number}/sign-agreement")
    assert page.status == 200
    assert "This is not done in the stage" in page.words
    assert not [form for form in page.forms if form.action.endswith("/sign-agreement")]


def test_a_second_click_has_no_second_effect(coordinator: Browser, number: str) -> None:
    path = f"/initiatives/{number}/add-remark"
    page = coordinator.open(path)
    first = coordinator.send(page, path, {"remark": "Jednom."})
    second = coordinator.send(page, path, {"remark": "Jednom."})
    assert first.status == second.status == 200
    assert coordinator.open(f"/initiatives/{number}").words.count("Jednom.") == 1


@pytest.mark.parametrize(
    "path",
    [
        "/initiatives/2026-9999",
        "/initiatives/nonsense",
        "/initiatives/2026-0001%00/history",
        "/initiatives/" + "9" * 300,
        "/partners/00000000-0000-0000-0000-000000000000",
        "/partners/not-an-id",
        "/local-governments/nigdina",
        "/initiatives/export/pdf",
    ],
)
def test_what_does_not_exist_is_not_found(coordinator: Browser, path: str) -> None:
    assert coordinator.open(path).status == 404


def test_an_unknown_deed_or_fact_is_not_found(coordinator: Browser, number: str) -> None:
    assert coordinator.open(f"/initiatives/{number}/bless").status == 404
    assert coordinator.open(f"/initiatives/{number}/absorb").status == 404
    assert coordinator.open(f"/initiatives/{number}/history/{'9' * 30}/correct").status == 404


@pytest.mark.parametrize(
    "query",
    [
        "sort=bogus",
        "page=0",
        f"page={'9' * 30}",
        "phase=limbo",
        "stage=limbo",
        "country=Turska",
        "handler=me",
        "partner=me",
        "due=yesterday",
        "q=a%00b",
        "q=%E2%80%AEabc",
        f"q={'x' * 300}",
        "&".join(f"country=A{chr(65 + n % 26)}" for n in range(26))
        + "&"
        + "&".join(f"country=B{chr(65 + n)}" for n in range(26)),
    ],
)
def test_an_address_that_cannot_be_read_still_shows_the_register(coordinator: Browser, query: str) -> None:
    page = coordinator.open(f"/initiatives?{query}")
    assert page.status == 400
    assert "needs mending" in page.words
    assert "Initiatives" in page.words


def test_an_officer_reaches_no_case_of_another_town(stack: Stack, number: str) -> None:
    officer = stack.browser(Role.OFFICER, "nis")
    assert officer.open(f"/initiatives/{number}").status == 404
    assert officer.open(f"/initiatives/{number}/history").status == 404
    assert officer.open(f"/initiatives/{number}/add-remark").status == 404


def test_an_officer_proposes_only_for_the_own_town(stack: Stack) -> None:
    officer = stack.browser(Role.OFFICER, "nis")
    page = officer.open("/initiatives/new")
    assert dict(page.form("/initiatives/new").fields)["local_government"] == "City of Niš"
    values = {"local_government": "Leskovac", "partner": "Sliven", "country": "BG", "rationale": RATIONALE}
    refused = officer.send(page, "/initiatives/new", values)
    assert refused.status == 422
    assert "your own local government" in refused.words


def test_an_auditor_may_read_and_change_nothing(stack: Stack, number: str) -> None:
    auditor = stack.browser(Role.AUDITOR)
    page = auditor.open(f"/initiatives/{number}")
    assert page.status == 200
    posts = [form.action for form in page.forms if form.method == "post"]
    assert [action for action in posts if action.startswith("/initiatives/")] == [f"/initiatives/{number}/follow"]
    assert auditor.open("/initiatives/new").status == 403
