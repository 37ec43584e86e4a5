"""The board: columns with cards, filtered as the list is, and on each card the deeds that lead its case on."""

import re

import pytest

from application.access import Role
from application.rights import may
from domain.initiatives.deeds import DEEDS
from domain.initiatives.terms import LIVE, Stage
from tests.web.casework_stack import Browser, Page, Stack, proposed
from web.initiatives.board import MOST, moves


@pytest.fixture(scope="module")
def cases(coordinator: Browser) -> dict[str, str]:
    """Number by partner; the first of Turkey is coordinated."""
    found = {f"Bursa {place}": proposed(coordinator, "Niš", f"Bursa {place}", "TR") for place in "ABCDEFGHIJ"}
    found["Pernik"] = proposed(coordinator, "Leskovac", "Pernik", "BG", kind="cross_border")
    coordinator.do(found["Bursa A"], "coordinate", {"handler": str(coordinator.person.account)})
    return found


def columns(page: Page) -> dict[str, str]:
    """The text of each column by its code."""
    found = re.findall(r'<section data-column="([a-z_]+)">(.*?)</section>', page.answer.text, re.DOTALL)
    return dict(found)


def test_columns_are_phases_with_their_counts_and_a_way_to_all(coordinator: Browser, cases: dict[str, str]) -> None:
    page = coordinator.open("/initiatives/board")
    found = columns(page)
    assert list(found) == ["proposal", "draft_and_decision", "consent", "partnership", "ended"]
    assert f'<span class="count">{len(cases)}</span>' in found["proposal"]
    assert found["proposal"].count('class="ticket"') == MOST
    assert f"All {len(cases)} in the list" in found["proposal"]
    assert 'href="/initiatives?phase=proposal&amp;sort=due"' in found["proposal"]
    assert 'class="ticket"' not in found["consent"]


def test_a_phase_has_a_column_for_each_of_its_stages(coordinator: Browser, cases: dict[str, str]) -> None:
    found = columns(coordinator.open("/initiatives/board?phase=proposal"))
    assert list(found) == ["proposed", "coordinating", "suspended", "letter_of_intent"]
    assert cases["Bursa A"] in found["coordinating"]
    assert cases["Pernik"] in found["proposed"]
    assert 'href="/initiatives?stage=coordinating&amp;sort=due"' not in found["coordinating"], "all of it is shown"


def test_the_filters_of_the_list_hold_here_and_lead_there(coordinator: Browser, cases: dict[str, str]) -> None:
    page = coordinator.open("/initiatives/board?country=BG")
    assert cases["Pernik"] in page.words
    assert cases["Bursa B"] not in page.words
    assert 'href="/initiatives?country=BG"' in page.answer.text, "the list shows the same"
    assert page.form("/initiatives/board").method == "get"
    assert "No case fits all these filters" in coordinator.open("/initiatives/board?q=nema+toga").words
    assert coordinator.open("/initiatives/board?sort=bogus").status == 400


def test_a_card_leads_to_the_forms_of_its_deeds_and_says_into_which_column(
    coordinator: Browser, cases: dict[str, str]
) -> None:
    number = cases["Bursa A"]
    card = columns(coordinator.open("/initiatives/board?phase=proposal"))["coordinating"]
    assert f'href="/initiatives/{number}/sign-letter-of-intent" data-to="letter_of_intent"' in card
    assert f'href="/initiatives/{number}/suspend" data-to="suspended"' in card
    assert f'href="/initiatives/{number}/give-support">' in card, "what is waited for stays in its column"
    assert coordinator.open(f"/initiatives/{number}/sign-letter-of-intent").status == 200


def test_an_officer_sees_the_own_town_and_own_deeds(stack: Stack, cases: dict[str, str]) -> None:
    page = stack.browser(Role.OFFICER, "nis").open("/initiatives/board?phase=proposal")
    found = columns(page)
    assert cases["Pernik"] not in page.words
    assert f"/initiatives/{cases['Bursa A']}/withdraw" in found["coordinating"]
    assert "/coordinate" not in found["proposed"]
    assert "draggable" not in found["proposed"], "there is nothing that the officer may do"


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("stage", list(Stage))
def test_no_card_offers_what_its_stage_or_role_never_allows(coordinator: Browser, role: Role, stage: Stage) -> None:
    person = type(coordinator.person)(coordinator.person.account, "", role)
    offered = [deed for deed, _ in moves(stage, None, role)]
    assert all(stage in DEEDS[deed].stages and may(person, deed) for deed in offered)
    if role is Role.COORDINATOR and stage in LIVE:
        assert offered, "no live case is stuck"


def test_every_deed_on_a_card_leads_to_its_form_or_says_why_not_and_what_helps(
    stack: Stack, coordinator: Browser, cases: dict[str, str]
) -> None:
    officer = stack.browser(Role.OFFICER, "nis")
    for browser in (coordinator, officer):
        board = browser.open("/initiatives/board").answer.text
        for address in re.findall(r'class="item" href="(/initiatives/[0-9-]+/[a-z-]+)" data-to', board):
            page = browser.open(address)
            refused = "alert--warn" in page.answer.text
            assert refused != any(form.action == address for form in page.forms), address
            if refused:
                assert page.answer.text.count(f'href="{address.rpartition("/")[0]}') >= 2, "a way on, and one back"
    number = cases["Bursa A"]
    said = coordinator.open(f"/initiatives/{number}/start-drafting").words
    assert "Complete it first. Record the support given" in said
    stale = coordinator.open(f"/initiatives/{number}/decline").words
    assert "Next step: Record the support given. Whose move: SKGO." in stale
    assert "Next step:" in officer.open(f"/initiatives/{number}/coordinate").words
