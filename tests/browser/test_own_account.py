"""A person with nothing but a link: in, a password, out, in by it; and an entry that outlives its session."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from application.access import Role
from application.accounts import Account
from tests.browser.house import House, fill_in
from tests.browser.test_accessible import faults_of as inaccessible
from tests.browser.test_languages_and_widths import LANGUAGES, PERSON
from tests.browser.test_languages_and_widths import faults_of as badly_shown
from web.demo import KEEPER

pytestmark = pytest.mark.browser

PASSWORD = "osam bukava u magli"


@pytest.fixture
def browser(house: House) -> Iterator[BrowserContext]:
    """Nobody is signed in here."""
    context = house.chromium.new_context(base_url=house.url, locale="sr-Latn-RS")
    context.set_default_timeout(10_000)
    yield context
    context.close()


def enter_by_link(page: Page, house: House, account: Account) -> None:
    page.goto(house.link(account))
    page.get_by_role("button", name="Prijava").click()


def test_a_password_is_set_once_and_opens_the_door(house: House, browser: BrowserContext) -> None:
    account, page = house.account(Role.COORDINATOR, name="Milan Đorđević"), browser.new_page()
    enter_by_link(page, house, account)
    page.locator(".toast").get_by_role("link", name="Postavite lozinku").click()
    form = page.locator("main form")
    fill_in(form, {"password": "lozinka12345", "password_again": PASSWORD})
    form.get_by_role("button").click()
    expect(page.locator("[data-focus]")).to_be_focused()
    expect(form).to_contain_text("se prve pogađaju")
    fill_in(form, {"password": PASSWORD, "password_again": PASSWORD})
    form.get_by_role("button").click()
    expect(page.locator(".toast")).to_contain_text("Lozinka je postavljena.")

    page.get_by_role("button", name="Odjava").click()
    fill_in(page.locator("main form"), {"email": account.email, "password": PASSWORD})
    page.locator("main form").get_by_role("button").click()
    expect(page.locator(".nav__foot")).to_contain_text("Milan Đorđević")
    expect(page.locator(".toast")).to_have_count(0)
    page.locator(".nav__foot").get_by_role("link", name="Milan Đorđević").click()
    expect(page.locator("[name=present_password]")).to_be_visible()


@pytest.mark.parametrize("by_link", [True, False])
def test_an_entry_outlives_its_session(house: House, browser: BrowserContext, by_link: bool) -> None:
    account, page = house.account(Role.COORDINATOR, name="Milan Đorđević"), browser.new_page()
    enter_by_link(page, house, account)
    page.goto("/initiatives/new")
    partner = "Gravina in Puglia" if by_link else "Arles"
    entry = {"local_government": "Leskovac", "partner": partner, "country": "IT", "rationale": "Zajednički festival."}
    fill_in(page.locator("form[action='/initiatives/new']"), entry)
    house.made.keeping_accounts.set_password(KEEPER, account.id, PASSWORD)  # ends the session
    page.get_by_role("button", name="Predloži").click()
    expect(page.get_by_role("alert")).to_contain_text("je sačuvano")
    if by_link:
        enter_by_link(page, house, account)
    else:
        fill_in(page.locator("main form"), {"email": account.email, "password": PASSWORD})
        page.locator("main form").get_by_role("button").click()
    expect(page.get_by_role("main")).to_contain_text("Zajednički festival.")
    page.get_by_role("button", name="Pošalji").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(partner)


def test_disabling_is_asked_about_and_a_link_is_copied(house: House) -> None:
    administrator, leaving = house.account(Role.ADMINISTRATOR), house.account(Role.COORDINATOR, name="Davno Otišao")
    context = house.at_a_browser(administrator)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto("/admin/accounts")
    row = page.get_by_role("row", name="Davno Otišao")
    row.get_by_role("button", name="Veza za prijavu").click()
    page.get_by_role("button", name="Kopiraj vezu").click()
    expect(page.get_by_role("status")).to_have_text("Kopirano")
    address = page.get_by_role("textbox", name="Veza za prijavu").input_value()
    assert page.evaluate("navigator.clipboard.readText()") == address
    assert house.made.signing_in.link_of(address.rpartition("/")[2]) is not None

    page.goto("/admin/accounts")
    row.get_by_role("link", name="Isključi").click()
    page.get_by_role("link", name="Ostavi otvoren").click()
    row.get_by_role("link", name="Isključi").click()
    page.get_by_role("button", name="Isključi nalog").click()
    expect(page.locator(".toast")).to_contain_text("Nalog je isključen")
    assert house.made.keeping_accounts.by_email(KEEPER, leaving.email).disabled


def test_the_pages_are_whole_in_every_language_and_width_and_for_everybody(house: House) -> None:
    account = house.account(Role.ADMINISTRATOR, name=PERSON)
    other = house.account(Role.COORDINATOR, name=PERSON)
    faults = []
    for language in LANGUAGES:
        context = house.at_a_browser(account, language, reduced_motion="reduce")
        page = context.new_page()
        for address in ("/account", f"/admin/accounts/{other.id}/disable", "/initiatives"):
            page.goto(address)
            faults += badly_shown(page, language)
            faults += inaccessible(page) if language == "sr-Cyrl" else []
        page.goto("/admin/accounts")
        page.locator(f"form[action$='{other.id}/link'] button").click()
        faults += badly_shown(page, language)
        faults += inaccessible(page) if language == "sr-Cyrl" else []
        context.close()
    assert not faults, "\n".join(faults)
