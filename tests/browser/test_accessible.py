"""axe finds nothing on the main pages: WCAG 2.2 AA and best practice, light and dark, wide and narrow."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from application.access import Role
from tests.browser.filling import fill
from tests.browser.house import DESKTOP, PHONE, House
from web.language.language import OFFICE_ZONE

pytestmark = pytest.mark.browser

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
CONTRAST = {"type": "rule", "values": ["color-contrast"]}
"""All that another colour scheme can break."""
LOOKS = ((DESKTOP, "light", RULES), (DESKTOP, "dark", CONTRAST), (PHONE, "light", RULES))
PAGES = (
    "/",
    "/initiatives",
    "/initiatives/board",
    "/initiatives/views",
    "/initiatives/hand-over?case={case}",
    "/initiatives/new",
    "/initiatives/{case}",
    "/initiatives/{case}/history",
    "/initiatives/{case}/history/changes",
    "/initiatives/{case}/account",
    "/initiatives/{case}?known_at={today}",
    "/initiatives/{case}/history?valid_at={today}",
    "/initiatives/{case}?known_at=1999-01-01",
    "/initiatives?known_at={today}",
    "/initiatives/board?known_at={today}",
    "/followed?known_at={today}",
    "/notices?known_at={today}",
    "/admin/procedures?known_at={today}",
    "/initiatives/{case}/who-could-act",
    "/audit/log",
    "/audit/figures",
    "/initiatives/{case}/report-party-status",
    "/initiatives/{case}/sign-agreement",
    "/partners?country=TR",
    "{partner}",
    "/local-governments?q=novi",
    "/local-governments/leskovac",
)


@pytest.fixture(scope="module")
def coordinator(house: House) -> Page:
    account = house.account(Role.COORDINATOR)
    page = house.at_a_browser(account, reduced_motion="reduce").new_page()
    page.goto(f"/initiatives/{fill(house, account)}")
    return page


def test_the_pages_of_a_coordinator(coordinator: Page) -> None:
    case = coordinator.url.rsplit("/", 1)[1]
    partner = coordinator.locator("a[href^='/partners/']").first.get_attribute("href")
    faults = []
    for address in PAGES:
        coordinator.goto(address.format(case=case, partner=partner, today=datetime.now(OFFICE_ZONE).date()))
        faults += faults_of(coordinator)
    assert not faults, "\n".join(faults)


def test_a_refused_proposal_and_an_open_menu(coordinator: Page) -> None:
    coordinator.goto("/initiatives/new")
    coordinator.get_by_role("button", name="Predloži").click()
    coordinator.locator("[data-focus]").wait_for()
    faults = faults_of(coordinator)
    coordinator.goto("/initiatives")
    coordinator.locator("details.menu summary").first.click()
    faults += faults_of(coordinator, looks=LOOKS[:1])
    coordinator.keyboard.press("Escape")
    coordinator.keyboard.press("?")
    coordinator.locator("#keys[open]").wait_for()
    faults += faults_of(coordinator, looks=LOOKS[:1])
    assert not faults, "\n".join(faults)


def test_the_pages_of_others(house: House) -> None:
    faults = []
    procedures = ("/admin/procedures", "/admin/procedures/twinning@1", "/admin/procedures/new")
    subscriptions = ("/admin/subscriptions", "/admin/subscriptions/new")
    administered = (
        *subscriptions,
        "/admin/accounts",
        "/admin/tokens",
        "/admin/tokens/new",
        "/admin/tokens/clients",
        "/admin/tokens/clients/new",
        "/admin/people",
        "/admin/processing",
        *procedures,
    )
    kept = ((Role.TECHNICIAN, address) for address in ("/subscriptions", "/account/tokens"))
    others = ((Role.AUDITOR, "/"), (Role.AUDITOR, "/sign-in"), *kept)
    for role, address in (*((Role.ADMINISTRATOR, address) for address in administered), *others):
        page = house.person(role, reduced_motion="reduce")
        if address == "/sign-in":
            page.context.clear_cookies(name="pobratim")
        page.goto(address)
        faults += faults_of(page)
    assert not faults, "\n".join(faults)


def test_what_a_side_abroad_sees(coordinator: Page) -> None:
    coordinator.goto("/initiatives?q=Edirne")
    case = coordinator.locator("tbody a").first.get_attribute("href")
    coordinator.goto(f"{case}/ask")
    coordinator.get_by_label("Jezik").select_option("el")
    coordinator.get_by_role("button", name="Napravi vezu").click()
    coordinator.goto(coordinator.locator("#address").input_value())
    coordinator.locator(".menu--abroad a[hreflang=el]").evaluate("link => link.click()")
    coordinator.locator("html[lang=el]").wait_for()
    coordinator.get_by_role("button", name="Αποστολή της απάντησης").click()
    coordinator.locator("[data-focus]").wait_for()
    faults = faults_of(coordinator)
    coordinator.locator(".menu--abroad summary").click()
    faults += faults_of(coordinator, looks=LOOKS[:1])
    assert not faults, "\n".join(faults)


def test_axe_would_find_something(coordinator: Page) -> None:
    coordinator.goto("/")
    coordinator.evaluate("document.querySelector('main').append(document.createElement('img'))")
    assert "image-alt" in "".join(faults_of(coordinator, LOOKS[:1]))


def faults_of(page: Page, looks: Sequence[tuple[tuple[int, int], Any, Any]] = LOOKS) -> list[str]:
    faults = []
    for (width, height), scheme, rules in looks:
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page, options={"runOnly": rules, "resultTypes": ["violations"]}).response
        for violation in found["violations"]:
            where = [node["html"][:160] for node in violation["nodes"][:3]]
            faults.append(f"{page.url} {width} {scheme}: {violation['id']}: {violation['help']}: {where}")
    return faults
