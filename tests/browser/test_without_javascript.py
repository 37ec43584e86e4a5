"""Everything is links and forms first: the same work in a browser that runs no script."""

import csv
import io

import pytest
from playwright.sync_api import Page, expect

from application.access import Role
from tests.browser.house import House, do, fill_in, propose, send, stands_at

pytestmark = pytest.mark.browser


def test_proposing_leading_filtering_and_exporting(house: House) -> None:
    page = house.person(Role.COORDINATOR, name="Koordinatorka SKGO", java_script_enabled=False)
    number = propose(page, "leskovac", "Gravina in Puglia", "IT")
    stands_at(page, "Predložena")
    do(page, number, "coordinate")
    stands_at(page, "U koordinaciji")
    do(page, number, "give-support", {"items": ["information", "model_documents"]})
    expect(page.locator(".toast")).to_be_visible()
    the_same_pair_again_is_warned_of(page, number)

    page.goto("/initiatives")
    filters = page.locator("form.filters")
    filters.locator("[name=q]").fill("ГРАВИНА")
    filters.locator("summary", has_text="Država").click()
    filters.locator("input[name=country][value=IT]").check()
    filters.get_by_role("button", name="Traži").click()
    expect(page.locator(".reg tbody tr")).to_have_count(2)
    assert [number in row for row in the_exported_table(page)] == [False, False, True]


def the_same_pair_again_is_warned_of(page: Page, number: str) -> None:
    page.goto("/initiatives/new")
    form = page.locator("form[action='/initiatives/new']")
    again = {"local_government": "Лесковац", "partner": "gravina in puglia", "country": "IT", "rationale": "Isto."}
    fill_in(form, again)
    send(form)
    expect(page.locator("#duplicates")).to_contain_text(number)
    expect(form.locator("[name=rationale]")).to_have_value("Isto.")
    fill_in(form, {"distinct_because": "Prekogranični projekat, ne bratimljenje."})
    send(form)
    stands_at(page, "Predložena")


def the_exported_table(page: Page) -> list[list[str]]:
    page.locator("summary", has_text="Izvoz").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    return list(csv.reader(io.StringIO(download.value.path().read_text(encoding="utf-8-sig"))))
