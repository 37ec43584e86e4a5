"""The subscriptions desk in a real browser: without scripts, in three languages, narrow, and for axe."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from application.access import Role
from tests.browser.house import House, fill_in, open_house, send
from tests.browser.test_accessible import faults_of as faults_for_axe
from tests.browser.test_languages_and_widths import faults_of
from tests.conftest import Database
from tests.receivers import Receiver, Reply, receiver

pytestmark = pytest.mark.browser

AT = "/admin/subscriptions"
NAME = "Pobratim"
"""The same word in every language."""
PAGES = (
    AT,
    f"{AT}/portal",
    f"{AT}/portal/deliveries",
    f"{AT}/portal/change",
    f"{AT}/portal/rotate",
    f"{AT}/portal/disable",
    f"{AT}/portal/replay?from=beginning",
    f"{AT}/away",
    f"{AT}/away/deliveries",
)


@pytest.fixture(scope="module")
def house(database: Database, chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Over a data folder of the demo, so that it may deliver to receivers on this machine."""
    folder = tmp_path_factory.mktemp("data")
    (folder / "filled").touch()
    with open_house(database, chromium, str(folder)) as opened:
        yield opened
        for context in list(chromium.contexts):
            context.close()
    assert opened.said == []


@pytest.fixture(scope="module")
def told(house: House) -> Iterator[tuple[Receiver, Receiver]]:
    """One that takes everything, and one that is away; both subscribe without a script."""
    page = house.person(Role.ADMINISTRATOR, name=NAME, java_script_enabled=False)
    with receiver() as portal, receiver(lambda _received: Reply(503, body=b"Pobratim")) as away:
        for code, to in (("away", away), ("portal", portal)):
            subscribe(page, code, to)
        page.locator(f"form[action='{AT}/portal/resume'] button").click()
        house.account(Role.OFFICER, "leskovac", NAME)
        portal.wait(lambda: len(portal.arrived) > 0)
        yield portal, away


def subscribe(page: Page, code: str, to: Receiver) -> None:
    page.goto(f"{AT}/new")
    form = page.locator(f"form[action='{AT}/new']")
    fill_in(form, {"name": NAME, "code": code, "address": to.address, "start": "beginning"})
    send(form)
    assert page.locator("#secret").input_value().startswith("whsec_")
    expect(page.locator("[data-copy]")).to_be_hidden()
    page.locator(f"form[action='{AT}/{code}/test'] button").click()
    expect(page.locator("#test .alert")).to_be_visible()


@pytest.mark.parametrize("language", ["sr-Latn", "sr-Cyrl", "en"])
def test_every_page_in_every_language_and_width(house: House, told: tuple[Receiver, Receiver], language: str) -> None:
    context = house.at_a_browser(house.account(Role.ADMINISTRATOR, name=NAME), language)
    page, faults = context.new_page(), list[str]()
    for address in PAGES:
        page.goto(address)
        faults += [f"{address}: {fault}" for fault in faults_of(page, language)]
    context.close()
    assert not faults, "\n".join(faults)


def test_axe_finds_nothing(house: House, told: tuple[Receiver, Receiver]) -> None:
    page = house.person(Role.ADMINISTRATOR, name=NAME, reduced_motion="reduce")
    faults = list[str]()
    for address in PAGES:
        page.goto(address)
        faults += faults_for_axe(page)
    assert not faults, "\n".join(faults)


def test_the_secret_is_copied_by_a_button(house: House, told: tuple[Receiver, Receiver]) -> None:
    page = house.person(Role.ADMINISTRATOR, name=NAME)
    page.goto(f"{AT}/portal/rotate")
    send(page.locator(f"form[action='{AT}/portal/rotate']"))
    page.locator("[data-copy='#secret']").click()
    expect(page.locator("[data-copy='#secret'] + [role=status]")).to_be_visible()
