"""What the script adds: keys, focus, the live warning; and what must hold when two people or two clicks meet."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from application.access import Role
from application.accounts import Account
from tests.browser.filling import Desk, fill
from tests.browser.house import House, do, fill_in, propose, send, stands_at

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def account(house: House) -> Account:
    return house.account(Role.COORDINATOR, name="Koordinatorka SKGO")


@pytest.fixture(scope="module")
def case(house: House, account: Account) -> str:
    return fill(house, account)


@pytest.fixture
def coordinator(house: House, account: Account, case: str) -> Iterator[Page]:
    context = house.at_a_browser(account)
    yield context.new_page()
    context.close()


def test_keys_lead_through_the_register(coordinator: Page) -> None:
    coordinator.goto("/initiatives")
    coordinator.keyboard.press("/")
    expect(coordinator.locator("#listq")).to_be_focused()
    coordinator.keyboard.type("gj?")
    expect(coordinator.locator("#listq")).to_have_value("gj?")  # never while typing
    coordinator.locator("h1").click()

    rows = coordinator.locator(".reg tbody a.pair")
    for key, row in (("j", 0), ("j", 1), ("j", 2), ("k", 1)):
        coordinator.keyboard.press(key)
        expect(rows.nth(row)).to_be_focused()
    second = rows.nth(1).get_attribute("href")
    coordinator.keyboard.press("Enter")
    coordinator.wait_for_url(f"**{second}")
    coordinator.keyboard.press("h")
    coordinator.wait_for_url(f"**{second}/history")
    coordinator.keyboard.press("g")
    coordinator.keyboard.press("s")
    expect(coordinator.get_by_role("heading", level=1)).to_have_text("Moj sto")
    coordinator.keyboard.press("n")
    coordinator.wait_for_url("**/initiatives/new")


def test_the_sheet_of_keys_and_menus_close_by_escape(coordinator: Page) -> None:
    coordinator.goto("/initiatives")
    coordinator.keyboard.press("?")
    expect(coordinator.locator("#keys")).to_be_visible()
    coordinator.keyboard.press("n")  # waits until the sheet is closed
    coordinator.keyboard.press("Escape")
    expect(coordinator.locator("#keys")).to_be_hidden()
    assert coordinator.url.endswith("/initiatives")

    summary = coordinator.locator("details.menu summary").first
    summary.focus()
    coordinator.keyboard.press("Enter")
    expect(coordinator.locator("details.menu[open]")).to_have_count(1)
    coordinator.keyboard.press("Tab")
    coordinator.keyboard.press("Escape")
    expect(coordinator.locator("details.menu[open]")).to_have_count(0)
    expect(summary).to_be_focused()


def test_a_refused_proposal_takes_the_focus_and_keeps_every_word(coordinator: Page) -> None:
    coordinator.goto("/initiatives/new")
    form = coordinator.locator("form[action='/initiatives/new']")
    typed = {"partner": "Bursa", "rationale": "Stari zanati.", "occurred_on": "31. 2. 2026."}
    fill_in(form, typed)
    send(form)
    summary = coordinator.locator("[data-focus]")
    expect(summary).to_be_focused()
    for name, value in typed.items():
        expect(form.locator(f"[name={name}]")).to_have_value(value)
    summary.locator("a[href='#local_government']").click()
    expect(form.locator("[name=local_government]")).to_be_focused()
    expect(form.locator("#occurred_on")).to_have_attribute("aria-invalid", "true")


def test_the_warning_of_a_duplicate_comes_while_typing(coordinator: Page, case: str) -> None:
    coordinator.goto("/initiatives/new")
    coordinator.evaluate("window.stayed = true")
    coordinator.locator("#local_government").press_sequentially("лесковац")
    coordinator.locator("#partner").press_sequentially("edirne")
    coordinator.locator("#country").select_option("TR")
    expect(coordinator.locator("#duplicates[role=status]")).to_contain_text(case)
    expect(coordinator.locator("#partner-list option[value='Edirne (TR)']")).to_have_count(1)
    assert coordinator.evaluate("window.stayed")


def test_a_double_click_records_one_fact(house: House, account: Account, coordinator: Page) -> None:
    number = Desk(house, account).propose("Bergama", "TR")
    house.show_everything()
    coordinator.goto(f"/initiatives/{number}")
    coordinator.locator("#remark").fill("Jednom je dovoljno.")
    coordinator.locator("form[action$='/add-remark'] button").dblclick()
    coordinator.wait_for_url(f"**/initiatives/{number}")
    expect(coordinator.locator("article.remark")).to_have_count(1)
    house.show_everything()
    coordinator.goto(f"/initiatives/{number}/history")
    expect(coordinator.locator("ol.line > li")).to_have_count(2)


def test_two_people_change_one_case_at_once(house: House, coordinator: Page) -> None:
    number = propose(coordinator, "Niš", "Bursa", "TR")
    other = house.person(Role.COORDINATOR, name="Druga koordinatorka")
    other.goto(f"/initiatives/{number}/decline")
    fill_in(other.locator("form.deedform"), {"reason": "Partner je odustao.", "occurred_on": "3. 11. 2026."})
    do(coordinator, number, "coordinate")

    send(other.locator("form.deedform"))
    expect(other.get_by_role("heading", level=1)).to_have_text("Neko je ovo promenio dok ste pisali")
    expect(other.get_by_role("main")).to_contain_text("SKGO je započela koordinaciju")
    expect(other.get_by_role("main")).to_contain_text("Koordinatorka SKGO")
    form = other.locator("form.deedform")
    expect(form.locator("[name=reason]")).to_have_value("Partner je odustao.")
    expect(form.locator("[name=occurred_on]")).to_have_value("3. 11. 2026.")
    other.context.close()


def test_the_second_of_two_sends_the_kept_words_on(house: House, coordinator: Page) -> None:
    number = propose(coordinator, "Niš", "Izmir", "TR")
    other = house.person(Role.COORDINATOR, name="Treća koordinatorka")
    other.goto(f"/initiatives/{number}/report-party-status")
    form = other.locator("form.deedform")
    fill_in(form, {"party": "nis", "status": "decided", "known_from": "Zapisnik sa sednice"})
    do(coordinator, number, "coordinate")

    send(form)
    expect(form.locator("[name=known_from]")).to_have_value("Zapisnik sa sednice")
    other.get_by_role("button", name="Ipak upiši").click()
    other.wait_for_url(f"**/initiatives/{number}")
    stands_at(other, "U koordinaciji")
    expect(other.get_by_role("main")).to_contain_text("Zapisnik sa sednice")
    other.context.close()


def test_an_at_sign_in_a_remark_offers_those_who_can_be_mentioned(house: House, coordinator: Page, case: str) -> None:
    house.account(Role.COORDINATOR, name="Živana Đorđević")
    coordinator.wait_for_timeout(1100)  # names are as old as a second
    coordinator.goto(f"/initiatives/{case}")
    remark = coordinator.locator("#remark")
    remark.press_sequentially("Pogledaj, @ziv")
    offered = coordinator.locator(".mentions button")
    expect(offered).to_have_text(["Živana Đorđević"])
    coordinator.keyboard.press("ArrowDown")
    expect(offered).to_be_focused()
    coordinator.keyboard.press("Enter")
    expect(remark).to_have_value("Pogledaj, @Živana Đorđević ")
    expect(remark).to_be_focused()
    expect(coordinator.get_by_role("checkbox", name="Živana Đorđević")).to_be_checked()
    expect(coordinator.locator(".mentions")).to_be_hidden()


def test_keys_lead_to_the_work_on_a_case_also_on_a_cyrillic_keyboard(coordinator: Page, case: str) -> None:
    coordinator.goto(f"/initiatives/{case}")
    coordinator.keyboard.press("m")
    expect(coordinator.locator("#remark")).to_be_focused()
    coordinator.locator("h1").click()
    coordinator.keyboard.press("s")
    expect(coordinator.locator("#step form :is(input:not([type=hidden]), select, textarea)").first).to_be_focused()
    coordinator.locator("h1").click()
    cyrillic = "new KeyboardEvent('keydown', {key: 'т', code: 'KeyT', bubbles: true})"
    coordinator.evaluate(f"document.body.dispatchEvent({cyrillic})")
    coordinator.wait_for_url(f"**/initiatives/{case}/give-task")
    coordinator.locator("#what").fill("Pozvati ambasadu")
    coordinator.keyboard.press("Control+Enter")
    coordinator.wait_for_url(f"**/initiatives/{case}#tasks")
    expect(coordinator.locator("#tasks")).to_contain_text("Pozvati ambasadu")
    coordinator.locator("h1").click()
    coordinator.keyboard.press("f")
    expect(coordinator.locator("form[action$='/follow'] button")).to_have_text("Prestati sa praćenjem")
