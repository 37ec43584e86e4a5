"""After a deed: the way to put it right, to take a mistaken end back, and what the next step still needs."""

import re

from application.access import Role
from tests.web.casework_stack import Browser, Page, Stack, proposed
from web.cookies import packed


def toast(page: Page) -> tuple[str, str]:
    """Address and text of the link behind what was said; empty where there is none."""
    said = page.answer.text.split('class="toast"')[1].split("</div>")[0]
    found = re.search(r'<a href="([^"]+)">([^<]+)</a>', said)
    return (found[1], found[2]) if found else ("", "")


def test_what_was_just_recorded_leads_to_the_correction_of_exactly_that_fact(coordinator: Browser) -> None:
    number = proposed(coordinator, "Kikinda", "Jimbolia", "RO")
    handler = {"handler": str(coordinator.person.account), "occurred_on": "1. 2. 2026."}
    page = coordinator.do(number, "coordinate", handler)
    assert toast(page) == (f"/initiatives/{number}/history/2/correct", "Correct it")
    form = coordinator.open(toast(page)[0])
    assert "Correct: SKGO started the coordination" in form.words
    corrected = coordinator.send(form, toast(page)[0], {"occurred_on": "2. 2. 2026.", "reason": "Pogrešan dan"})
    assert toast(corrected) == (f"/initiatives/{number}/history/2/correct", "Correct it")
    assert toast(coordinator.do(number, "add-remark", {"remark": "Zvali su"})) == ("", "")


def test_nothing_is_offered_that_is_not_theirs(stack: Stack, coordinator: Browser) -> None:
    officer = stack.browser(Role.OFFICER, "kikinda")
    number = proposed(coordinator, "Kikinda", "Segedin", "HU")
    report = {"party": "kikinda", "status": "proposed", "known_from": "dopis"}
    assert toast(officer.do(number, "report-party-status", report)) == ("", "")


def test_a_cookie_with_a_link_out_of_the_site_shows_none(coordinator: Browser) -> None:
    for address in ("https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil"):
        said = packed(f"Sentence\n{address}\nClick")
        text = coordinator.client.get("/", headers={"cookie": _with(coordinator, said)}).text
        assert "Sentence" in text
        assert "evil" not in text
        assert "javascript:" not in text


def _with(browser: Browser, said: str) -> str:
    return "; ".join([*(f"{name}={value}" for name, value in browser.client.cookies.items()), f"pobratim-said={said}"])


def test_a_mistaken_end_is_taken_back(stack: Stack, coordinator: Browser) -> None:
    number = proposed(coordinator, "Kikinda", "Makó", "HU")
    declined = coordinator.do(number, "decline", {"reason": "Nema osnova"})
    assert toast(declined) == (f"/initiatives/{number}/reinstate", "It was a mistake")
    form = coordinator.open(toast(declined)[0])
    assert "The case moves to “Proposed”." in form.words
    back = coordinator.send(form, toast(declined)[0], {"reason": "Zamenjen predmet"})
    assert "The case is now at “Proposed”." in back.words
    assert "Start coordination" in back.words
    history = coordinator.open(f"/initiatives/{number}/history").words
    assert "The case was reinstated" in history
    assert "The proposal was declined" in history


def test_a_pair_that_another_case_took_up_meanwhile_stands_in_the_way(coordinator: Browser) -> None:
    number = proposed(coordinator, "Kikinda", "Subate", "LV")
    coordinator.do(number, "decline", {"reason": "Nema osnova"})
    other = proposed(coordinator, "Kikinda", "Subate", "LV")
    sent = coordinator.do(number, "reinstate", {"reason": "Greška"})
    assert sent.status == 422
    assert f"Meanwhile {other} took up the same pair" in sent.words
    coordinator.do(other, "decline", {"reason": "Dupli"})
    assert coordinator.do(number, "reinstate", {"reason": "Greška"}).path == f"/initiatives/{number}"


def test_cases_that_were_held_apart_come_back_beside_each_other(coordinator: Browser) -> None:
    number = proposed(coordinator, "Kikinda", "Sigulda", "LV")
    proposed(coordinator, "Kikinda", "Sigulda", "LV", distinct_because="Druga oblast")
    coordinator.do(number, "decline", {"reason": "Nema osnova"})
    assert coordinator.do(number, "reinstate", {"reason": "Greška"}).path == f"/initiatives/{number}"


def test_the_page_lists_what_the_step_needs(coordinator: Browser) -> None:
    number = proposed(coordinator, "Kikinda", "Cēsis", "LV")
    coordinator.do(number, "coordinate", {"handler": str(coordinator.person.account)})
    page = coordinator.do(number, "give-support", {"items": ["information"]})
    needs = page.answer.text.split('class="needs"')[1].split("</div>")[0]
    assert [("there" if "needs__there" in line else "missing") for line in needs.split("<li")[1:]] == [
        "there",
        "missing",
        "missing",
        "missing",
    ]
    assert f'href="/initiatives/{number}/give-support"' in needs
