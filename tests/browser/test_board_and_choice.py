"""What the script adds to the register: a card that is dragged, and rows that are chosen."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from application.access import Role
from application.accounts import Account
from tests.browser.filling import fill
from tests.browser.house import House

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


def drag(page: Page, card: Locator, column: Locator) -> None:
    """Step by step, as a hand does it."""
    start, end = card.bounding_box(), column.bounding_box()
    assert start is not None
    assert end is not None
    page.mouse.move(start["x"] + 30, start["y"] + start["height"] - 10)
    page.mouse.down()
    page.mouse.move(start["x"] + 50, start["y"] + start["height"], steps=3)
    page.mouse.move(end["x"] + 60, end["y"] + 60, steps=8)
    page.mouse.move(end["x"] + 62, end["y"] + 62)


def test_a_dragged_card_opens_the_form_and_writes_nothing(house: House, coordinator: Page) -> None:
    coordinator.goto("/initiatives/board?phase=proposal")
    head = house.made.log.head()
    proposed = coordinator.locator("[data-column=proposed]")
    card = proposed.locator(".ticket").first
    number = card.locator("a.pair").get_attribute("href")

    drag(coordinator, card, coordinator.locator("[data-column=letter_of_intent]"))
    expect(coordinator.locator("[data-column=coordinating] .slot")).to_be_visible()
    expect(coordinator.locator("[data-column=letter_of_intent] .slot")).to_be_hidden()
    coordinator.mouse.up()
    expect(coordinator.locator("[data-column=coordinating] .slot")).to_be_hidden()
    assert "/board" in coordinator.url, "no deed leads there from here"

    drag(coordinator, card, coordinator.locator("[data-column=coordinating]"))
    coordinator.mouse.up()
    coordinator.wait_for_url(f"**{number}/coordinate")
    expect(coordinator.locator(f"form[action='{number}/coordinate']")).to_be_visible()
    assert house.made.log.head() == head


def test_the_deeds_of_a_card_are_reached_by_the_keyboard(coordinator: Page) -> None:
    coordinator.goto("/initiatives/board?phase=proposal")
    coordinator.keyboard.press("j")
    card = coordinator.locator(".ticket").first
    expect(card.locator("a.pair")).to_be_focused()
    coordinator.keyboard.press("Tab")
    coordinator.keyboard.press("Enter")
    first = card.locator(".menu__panel a").first
    expect(first).to_be_visible()
    coordinator.keyboard.press("Tab")
    expect(first).to_be_focused()


def test_the_bar_stands_there_while_a_row_is_chosen(coordinator: Page) -> None:
    coordinator.goto("/initiatives")
    bar, rows = coordinator.locator(".bulk"), coordinator.locator(".pickrow")
    expect(bar).to_be_hidden()
    coordinator.keyboard.press("j")
    coordinator.keyboard.press("x")
    expect(rows.first).to_be_checked()
    expect(bar).to_contain_text("Označeno: 1")
    coordinator.locator("[data-pick-all]").check()
    expect(bar).to_contain_text(f"Označeno: {rows.count()}")
    coordinator.locator("[data-pick-all]").uncheck()
    expect(bar).to_be_hidden()
