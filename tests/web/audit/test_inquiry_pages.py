"""Filters of the log under a name: kept, opened, renamed, replaced, shared by coordinators, removed."""

import re

import pytest

from application.access import Role
from tests.web.casework_stack import Browser, Page, Stack

HERE = "/audit/log/inquiries"


@pytest.fixture(scope="module")
def auditor(stack: Stack) -> Browser:
    return stack.browser(Role.AUDITOR, name="Vera Lukić")


def saved(browser: Browser, query: str, name: str, **more: str) -> Page:
    return browser.send(browser.open(f"/audit/log?{query}"), HERE, {"name": name, **more})


def address_of(browser: Browser, name: str) -> str:
    found = re.search(rf'href="({HERE}/[0-9a-f-]+)">{name}<', browser.open(HERE).answer.text)
    assert found is not None, f"{name} is not among the saved inquiries"
    return found[1]


def test_what_the_page_asks_is_kept_and_asked_again(auditor: Browser) -> None:
    query = "from=2026&kind=corrections&kind=initiative.merged&left=proposed"
    page = saved(auditor, query, "Ispravke ove godine")
    assert str(page.answer.url).endswith(f"/audit/log?{query}")
    assert "Saved as “Ispravke ove godine”." in page.words
    assert 'aria-current="true">Ispravke ove godine' in page.answer.text
    opened = auditor.open(address_of(auditor, "Ispravke ove godine"))
    assert str(opened.answer.url).endswith(f"/audit/log?{query}")


def test_it_is_renamed_replaced_and_removed(auditor: Browser) -> None:
    saved(auditor, "kind=tasks", "Zadaci")
    address = address_of(auditor, "Zadaci")
    assert "Saved as “Svi zadaci”." in auditor.send(auditor.open(HERE), address, {"name": "Svi zadaci"}).words
    identity = address.rpartition("/")[2]
    replaced = saved(auditor, "kind=remarks", "", replaces=identity)
    assert str(replaced.answer.url).endswith("/audit/log?kind=remarks")
    assert str(auditor.open(address).answer.url).endswith("/audit/log?kind=remarks")
    assert "“Svi zadaci” is removed." in auditor.send(auditor.open(HERE), f"{address}/remove").words
    assert auditor.open(address).status == 404


def test_only_those_that_are_shared_are_seen_by_others(stack: Stack, auditor: Browser, coordinator: Browser) -> None:
    saved(coordinator, "kind=parties", "Za sve", shared="1")
    saved(coordinator, "kind=parties", "Samo moje")
    text = auditor.open(HERE).answer.text
    assert "Za sve" in text
    assert "Samo moje" not in text
    refused = auditor.client.post(
        address_of(auditor, "Za sve") + "/remove", data=dict(auditor.open(HERE).forms[-1].fields)
    )
    assert refused.status_code == 403
    assert "Samo moje" not in coordinator.open("/initiatives/views").answer.text, "the register has its own"


def test_what_the_log_cannot_be_asked_is_not_kept(auditor: Browser) -> None:
    page = auditor.open("/audit/log")
    for query in ("kind=unheard-of", "from=x", "case=1"):
        answer = auditor.send(page, HERE, {"name": "Loše", "query": query})
        assert (answer.status, "cannot be saved" in answer.words) == (422, True)
    assert auditor.send(page, HERE, {"name": ""}).status == 422
    assert auditor.send(page, HERE, {"name": "Loše", "replaces": "x"}).status == 422
    assert "Loše" not in auditor.open(HERE).words


def test_one_name_stands_for_one_inquiry(auditor: Browser) -> None:
    saved(auditor, "kind=tasks", "Dvaput")
    again = saved(auditor, "kind=remarks", "Dvaput")
    assert (again.status, "Another one of yours is called “Dvaput”" in again.words) == (422, True)
    assert saved(auditor, "kind=tasks", "Dvaput").status == 200, "the same once more is the same"
