"""Filters, columns and order under a name: for oneself, or shared with everybody at the association."""

import csv
import io
import re
from itertools import count
from string import ascii_uppercase

import pytest

from application.access import Role
from application.saved_views import LONGEST_NAME, MOST_OF_ONE
from tests.web.casework_stack import Browser, Page, Stack, proposed
from web.demo import SAVED_FILTERS

VIEWS = "/initiatives/views"
NAMES = count(1)
MANY = "&".join(f"country={first}{second}" for first in "ABC" for second in ascii_uppercase)
"""More countries than a list is filtered by."""


@pytest.fixture
def name() -> str:
    return f"Mađarska {next(NAMES)}"


@pytest.fixture(scope="module")
def milan(stack: Stack) -> Browser:
    return stack.browser(name="Milan Đorđević")


def saved(browser: Browser, query: str, name: str, **more: str) -> Page:
    return browser.send(browser.open(f"/initiatives?{query}"), VIEWS, {"name": name, **more})


def address_of(browser: Browser, name: str) -> str:
    """The address that stays, as the page of all saved views links it."""
    found = re.search(rf'href="({VIEWS}/[0-9a-f-]+)">{name}<', browser.open(VIEWS).answer.text)
    assert found is not None, f"{name} is not among the saved views"
    return found[1]


def test_what_the_list_shows_is_kept_under_a_name(coordinator: Browser, name: str) -> None:
    query = "country=HU&column=country&column=visits&sort=pair"
    page = saved(coordinator, query, name)
    assert str(page.answer.url).endswith(f"/initiatives?{query}")
    assert f"Saved as “{name}”." in page.words
    assert f'href="/initiatives?{query.replace("&", "&amp;")}" aria-current="true">{name}' in page.answer.text

    opened = coordinator.open(address_of(coordinator, name))
    assert str(opened.answer.url).endswith(f"/initiatives?{query}")


def test_two_clicks_keep_one_and_both_lead_to_it(coordinator: Browser, name: str) -> None:
    first, second = saved(coordinator, "country=HU", name), saved(coordinator, "country=HU", name)
    assert (second.status, str(second.answer.url)) == (200, str(first.answer.url))
    assert len(re.findall(rf">{name}<", coordinator.open(VIEWS).answer.text)) == 1


def test_columns_stand_in_the_order_in_which_they_were_chosen(coordinator: Browser) -> None:
    number = proposed(coordinator, "Niš", "Szeged", "HU")
    page = coordinator.open("/initiatives?country=HU&column=visits&column=country&column=&column=country")
    head = re.findall(r'<th scope="col"[^>]*>(?:<a [^>]*>)?([^<]+)', page.answer.text)
    assert head == ["Sides", "Visits held", "Country"]
    assert 'data-label="Country">Hungary</td></tr>' in page.answer.text
    assert number in page.words
    usual = coordinator.open("/initiatives?column=stage&column=due&column=kind&column=updated&column=handler")
    assert "column=" not in dict(usual.form("/initiatives/hand-over").fields)


def test_the_export_has_the_columns_that_are_shown(coordinator: Browser) -> None:
    proposed(coordinator, "Niš", "Pécs", "HU")
    page = coordinator.open("/initiatives?q=pecs&column=since&column=country")
    link = re.search(r'href="(/initiatives/export/csv[^"]*)"', page.answer.text)
    assert link is not None
    answer = coordinator.open(link[1].replace("&amp;", "&")).answer
    head, row = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert head == ["Number", "Local government", "Partner", "In this stage since", "Country"]
    assert row[1:3] + row[4:] == ["Grad Niš", "Pécs", "Hungary"]


def test_a_saved_view_is_renamed_replaced_and_removed(coordinator: Browser, name: str) -> None:
    saved(coordinator, "country=HU", name)
    place = address_of(coordinator, name)
    renamed = coordinator.send(coordinator.open(VIEWS), place, {"name": f"{name} B"})
    assert f"Saved as “{name} B”." in renamed.words
    assert address_of(coordinator, f"{name} B") == place

    other = saved(coordinator, "country=SK&sort=pair", "", replaces=place.rsplit("/", 1)[1])
    assert f"Saved as “{name} B”." in other.words
    assert str(coordinator.open(place).answer.url).endswith("/initiatives?country=SK&sort=pair")

    gone = coordinator.send(coordinator.open(VIEWS), f"{place}/remove")
    assert f"“{name} B” is removed." in gone.words
    assert coordinator.open(place).status == 404


def test_the_own_ones_are_nobody_elses(stack: Stack, coordinator: Browser, milan: Browser, name: str) -> None:
    saved(coordinator, "country=HU", name)
    place = address_of(coordinator, name)
    assert milan.open(place).status == 404
    assert name not in milan.open("/initiatives").words
    sent = dict(milan.open(VIEWS).form("/sign-out").fields)
    for address in (place, f"{place}/remove"):
        token = {"_csrf": sent["_csrf"], "name": "Preoteto"}
        assert milan.client.post(address, data=token).status_code == 404
    assert coordinator.open(place).status == 200


def test_coordinators_share_with_the_association_but_not_with_towns(
    stack: Stack, coordinator: Browser, milan: Browser, name: str
) -> None:
    saved(coordinator, "due=late", name, shared="1")
    place = address_of(coordinator, name)
    for role in (Role.APPROVER, Role.AUDITOR):
        colleague = stack.browser(role)
        assert name in colleague.open("/initiatives").words
        assert place not in [form.action for form in colleague.open(VIEWS).forms], "it is not theirs to change"
    officer = stack.browser(Role.OFFICER, "nis")
    assert name not in officer.open("/initiatives").words
    assert officer.open(place).status == 404

    changed = milan.send(milan.open(VIEWS), place, {"name": f"{name} svi"})
    assert f"Saved as “{name} svi”." in changed.words, "what is shared belongs to the office"


def test_an_officer_keeps_own_ones_and_shares_none(stack: Stack, name: str) -> None:
    officer = stack.browser(Role.OFFICER, "nis")
    assert saved(officer, "country=HU", name).status == 200
    assert "For everybody at SKGO" not in officer.open("/initiatives").words
    assert saved(officer, "country=HU", f"{name} C", shared="1").status == 403


def test_a_name_that_is_taken_missing_or_too_long_is_refused_at_its_field(coordinator: Browser, name: str) -> None:
    saved(coordinator, "country=HU", name)
    again = saved(coordinator, "country=SK", name)
    assert again.status == 422
    assert f"Another one of yours is called “{name}”." in again.words
    assert dict(again.form(VIEWS).fields)["query"] == "country=SK", "nothing is lost"
    assert "Fill in this field." in saved(coordinator, "country=SK", " ").words
    assert saved(coordinator, "country=SK", "x" * (LONGEST_NAME + 1)).status == 422
    assert saved(coordinator, "country=SK", name, replaces="nonsense").status == 422
    place = address_of(coordinator, name)
    assert coordinator.send(coordinator.open(VIEWS), place, {"name": ""}).status == 422


@pytest.mark.parametrize("query", ["sort=bogus", "column=bogus", "page=x", "&".join(["q=x"] * 3000), MANY])
def test_what_the_register_does_not_understand_is_not_kept(coordinator: Browser, name: str, query: str) -> None:
    page = coordinator.send(coordinator.open("/initiatives"), VIEWS, {"name": name, "query": query})
    assert page.status == 422
    assert "These filters cannot be saved." in page.words


def test_there_is_an_end_to_them(stack: Stack) -> None:
    hoarder = stack.browser(Role.AUDITOR, name="Sve Čuvam")
    for number in range(MOST_OF_ONE):
        assert saved(hoarder, "country=HU", f"Broj {number}").status == 200
    over = saved(hoarder, "country=HU", "Jedan previše")
    assert over.status == 422
    assert f"At most {MOST_OF_ONE} can be saved." in over.words


@pytest.mark.parametrize("query", [query for _, query, _ in SAVED_FILTERS])
def test_what_the_demo_has_saved_is_as_the_register_would_keep_it(coordinator: Browser, name: str, query: str) -> None:
    assert str(saved(coordinator, query, name).answer.url).endswith(f"/initiatives?{query}")
