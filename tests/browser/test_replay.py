"""A case is replayed day by day: by playing, by steps, by keys, and without a script by links."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from application.access import Role
from tests.browser.filling import fill
from tests.browser.house import House
from tests.conftest import Database
from tests.web.initiatives.test_past_pages import TODAY, recorded_on

pytestmark = pytest.mark.browser

DAYS = [TODAY - timedelta(days=n) for n in (40, 33, 33, 21, 20, 20, 12, 9, 8, 5, 5, 3)]
"""On which each of the facts was recorded, as the test has it."""
DISTINCT = sorted({day.isoformat() for day in DAYS})


@pytest.fixture(scope="module")
def case(house: House, database: Database) -> str:
    number = fill(house, house.account(Role.COORDINATOR, name="Koordinatorka SKGO"))
    recorded_on(database, number, dict(enumerate(DAYS, 1)))
    return number


def auditor(house: House, case: str, **more: bool) -> Page:
    page = house.person(Role.AUDITOR, **more)
    page.goto(f"/initiatives/{case}")
    page.get_by_role("link", name="Kroz vreme").click()
    page.wait_for_url("**?through=time")
    return page


def shown_day(url: str) -> str:
    """The day of an address; empty for the present."""
    return next(iter(parse_qs(urlsplit(url).query).get("known_at", [])), "")


def test_playing_shows_every_day_once_and_ends_today(house: House, case: str) -> None:
    page = auditor(house, case)
    days: list[str] = []
    page.on("framenavigated", lambda frame: days.append(shown_day(frame.url)))
    page.get_by_label("Tempo").select_option("fast")
    page.get_by_role("button", name="Pusti").click()
    expect(page.get_by_role("button", name="Pauziraj")).to_be_focused()
    page.wait_for_url(f"**known_at={DISTINCT[0]}")
    expect(page.locator("html")).to_have_attribute("data-time", "past")
    page.wait_for_url("**?through=time", timeout=60_000)
    expect(page.locator("html")).not_to_have_attribute("data-time", "past")
    expect(page.get_by_role("button", name="Pusti")).to_be_focused()
    assert list(dict.fromkeys(days)) == [*DISTINCT, ""]
    page.context.close()


def test_a_pause_stays_where_it_is_and_steps_go_on_by_keys(house: House, case: str) -> None:
    page = auditor(house, case)
    page.get_by_role("button", name="Pusti").press("Home")
    page.wait_for_url(f"**known_at={DISTINCT[0]}")
    expect(page.locator(".case__meta .stage")).to_contain_text("Predložena")
    expect(page.locator(".is-changed").first).to_be_attached()

    page.get_by_role("button", name="Pusti").press("ArrowRight")
    page.wait_for_url(f"**known_at={DISTINCT[1]}")
    expect(page.locator(".case__meta .stage.is-changed")).to_contain_text("U koordinaciji")
    expect(page.locator("#sides .is-changed")).to_have_count(0)
    expect(page.locator("body > [role=status].vh")).to_contain_text("promenjeno")
    expect(page.get_by_role("button", name="Pusti")).to_be_focused()

    page.keyboard.press("ArrowLeft")
    page.wait_for_url(f"**known_at={DISTINCT[0]}")
    page.keyboard.press("Space")
    page.wait_for_url(f"**known_at={DISTINCT[1]}")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Pusti")).to_be_visible()
    page.keyboard.press("End")
    page.wait_for_url("**?through=time")
    expect(page.locator("#remarks .remark.is-changed")).to_have_count(1)
    page.context.close()


def test_the_dots_and_arrows_lead_there_with_one_click(house: House, case: str) -> None:
    page = auditor(house, case)
    page.locator(".slider__days a").nth(2).click()
    page.wait_for_url(f"**known_at={DISTINCT[2]}")
    expect(page.locator(".slider__days [aria-current]")).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**known_at={DISTINCT[3]}")
    page.locator("[data-step='-1']").click()
    page.wait_for_url(f"**known_at={DISTINCT[2]}")
    expect(page.locator("[data-step='-1']")).to_be_focused()
    page.get_by_role("link", name=re.compile("^Šta se promenilo ")).click()
    page.wait_for_url(f"**/history/changes?from=*&to={DISTINCT[2]}")
    page.context.close()


def test_a_session_that_has_ended_leads_to_the_sign_in(house: House, case: str) -> None:
    page = auditor(house, case)
    page.context.clear_cookies()
    page.locator(".slider__days a").first.click()
    page.wait_for_url("**/sign-in*")
    page.context.close()


def test_without_a_script_the_days_are_links(house: House, case: str) -> None:
    page = auditor(house, case, java_script_enabled=False)
    expect(page.get_by_role("button", name="Pusti")).to_be_hidden()
    page.locator(".slider__days a").first.click()
    page.wait_for_url(f"**known_at={DISTINCT[0]}")
    page.locator("[data-step='1']").click()
    page.wait_for_url(f"**known_at={DISTINCT[1]}")
    page.context.close()


def test_small_records_open_by_a_click_by_an_address_and_on_paper(house: House, case: str) -> None:
    """The last two records are a report of a side and a remark; a task makes a run of it."""
    page = house.person(Role.COORDINATOR)
    for remark in ("Prva.", "Druga."):
        page.goto(f"/initiatives/{case}")
        page.locator("#remark").fill(remark)
        page.locator("form[action$='/add-remark'] button").click()
        expect(page.locator("article.remark").last).to_contain_text(remark)
    page.goto(f"/initiatives/{case}/history?order=recorded")
    fold = page.locator(".fold > details")
    inside = fold.get_by_role("heading", name="Dodata je napomena")
    expect(inside.first).to_be_hidden()
    fold.locator("summary").first.click()
    expect(inside.first).to_be_visible()
    page.goto("/initiatives")
    page.goto(f"/initiatives/{case}/history?order=recorded#fact-{len(DAYS) + 1}")
    expect(inside.first).to_be_visible()
    page.reload()
    page.goto(f"/initiatives/{case}/history?order=recorded")
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(inside.first).to_be_visible()
    page.context.close()
