"""A subscriber's technician: from the mail about a parked case to its release, and the pages in every language."""

import re
import time
from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect

from application.access import Role
from application.delivering import PAUSES
from application.subscriptions_ports import Stand
from domain.kernel import CommandKey
from tests.browser.house import House, fill_in, open_house, propose, send
from tests.browser.test_accessible import faults_of as faults_for_axe
from tests.browser.test_languages_and_widths import faults_of
from tests.conftest import Database
from tests.mail_server import Receiver as MailBox
from tests.mail_server import receiver as mail_server
from tests.receivers import Received, Receiver, Reply, receiver
from web.demo import KEEPER

pytestmark = pytest.mark.browser

AT = "/subscriptions"
NAME = "Pobratim"
"""The same word in every language."""
PAGES = (AT, f"{AT}/portal", f"{AT}/portal/deliveries", f"{AT}/portal/rotate", "/account", "/account/tokens")
SAID = "Pobratim: 2026"


@pytest.fixture(scope="module")
def mail() -> Iterator[MailBox]:
    with mail_server() as there:
        yield there


@pytest.fixture(scope="module")
def house(
    database: Database, chromium: Browser, tmp_path_factory: pytest.TempPathFactory, mail: MailBox
) -> Iterator[House]:
    """Over a data folder of the demo, so that it may deliver to receivers on this machine."""
    folder = tmp_path_factory.mktemp("data")
    (folder / "filled").touch()
    with open_house(database, chromium, str(folder), smtp_url=f"smtp://127.0.0.1:{mail.port}?tls=no") as opened:
        yield opened
        for context in list(chromium.contexts):
            context.close()
    assert opened.said == []


class Portal:
    """Does not understand what it is sent, until somebody mends it."""

    def __init__(self) -> None:
        self.mended = False

    def __call__(self, received: Received) -> Reply:
        test = received.position == 0
        return Reply() if self.mended or test else Reply(500, body=SAID.encode())


@pytest.fixture(scope="module")
def technician(house: House) -> Page:
    return house.person(Role.TECHNICIAN, name=NAME)


@pytest.fixture(scope="module")
def portal(house: House, technician: Page) -> Iterator[tuple[Portal, Receiver, str]]:
    """Its subscription as an administrator makes it, which has not begun; and the number of a case."""
    number = propose(house.person(), "Niš", "Bursa", "TR")
    administrator = house.person(Role.ADMINISTRATOR, name=NAME)
    mended = Portal()
    with receiver(mended) as to:
        administrator.goto("/admin/subscriptions/new")
        form = administrator.locator("form[action='/admin/subscriptions/new']")
        fill_in(form, {"name": NAME, "code": "portal", "address": to.address, "start": "beginning", "case": number})
        form.locator("[name='keeper']").select_option(label=f"{NAME} (tehničar pretplatnika)")
        send(form)
        expect(administrator.locator("#secret")).to_be_visible()
        yield mended, to, number


def until(seen: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not seen():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def a_day_passes(house: House) -> bool:
    """The attempts of about a day are over but for the last one, which is due. Whether the case has been parked.

    A lane holds in memory when it tries again, and looks anew when it begins: so deliveries rest meanwhile.
    """
    keeping = house.made.keeping_subscriptions
    keeping.pause(KEEPER, "portal", CommandKey(uuid4()))
    with house.made.pool.connection() as db:
        db.execute("UPDATE delivery.cases SET attempts = %s, next_at = now()", (len(PAUSES),))
    keeping.resume(KEEPER, "portal", CommandKey(uuid4()))
    time.sleep(2)
    return bool((stand := stands(house)) and stand.parked)


def stands(house: House) -> Stand | None:
    return house.made.reading_subscriptions.one(KEEPER, "portal").stand


def test_from_the_mail_to_the_release(
    house: House, technician: Page, portal: tuple[Portal, Receiver, str], mail: MailBox
) -> None:
    mended, _, number = portal
    technician.goto("/")
    expect(technician).to_have_url(re.compile(f"{AT}$"))
    technician.locator("tbody a").click()
    technician.locator(f"form[action='{AT}/portal/test'] button").first.click()
    expect(technician.locator("#test .alert--good")).to_be_visible()
    technician.locator(f"form[action='{AT}/portal/resume'] button").first.click()
    until(lambda: bool((stand := stands(house)) and stand.waiting))
    until(lambda: a_day_passes(house))

    until(lambda: bool(mail.arrived))
    text = plain(mail)
    found = re.search(rf"{re.escape(house.url)}\S+", text)
    assert found, text
    assert found[0].endswith(f"{AT}/portal#parked")
    page = technician.context.new_page()
    page.goto(found[0])
    parked = page.locator("#parked")
    expect(parked).to_be_in_viewport()
    expect(parked).to_contain_text(number)
    page.locator("#deliveries summary", has_text=number).first.click()
    expect(page.locator("#deliveries pre", has_text=SAID).first).to_be_visible()
    expect(page.locator("#deliveries pre", has_text="initiative.proposed").first).to_be_visible()

    mended.mended = True
    parked.locator("button").first.click()
    expect(page.locator(".toast")).to_contain_text(number)
    until(lambda: bool((stand := stands(house)) and not stand.parked and not stand.waiting))
    page.goto(f"{AT}/portal")
    expect(page.locator("#parked")).to_have_count(0)
    expect(page.locator("#deliveries .tag--good").first).to_be_visible()
    expect(page.locator("a[href$='/change'], a[href$='/replay'], a[href$='/disable']")).to_have_count(0)


def plain(mail: MailBox) -> str:
    part = mail.arrived[0].get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def test_a_double_click_makes_one_secret(house: House, technician: Page, portal: tuple[Portal, Receiver, str]) -> None:
    technician.goto(f"{AT}/portal/rotate")
    technician.locator("main form button").dblclick()
    expect(technician.locator("#secret")).to_have_value(re.compile("^whsec_"))
    technician.goto(f"{AT}/portal/rotate")
    expect(technician.locator("main .alert")).to_have_count(1)


@pytest.mark.parametrize("language", ["sr-Latn", "sr-Cyrl", "en"])
def test_every_page_in_every_language_and_width(
    technician: Page, portal: tuple[Portal, Receiver, str], language: str
) -> None:
    technician.goto(f"/language/{language}?next={AT}")
    faults = list[str]()
    for address in PAGES:
        technician.goto(address)
        faults += [f"{address}: {fault}" for fault in faults_of(technician, language)]
    assert not faults, "\n".join(faults)


def test_axe_finds_nothing(technician: Page, portal: tuple[Portal, Receiver, str]) -> None:
    technician.emulate_media(reduced_motion="reduce")
    faults = list[str]()
    for address in PAGES:
        technician.goto(address)
        faults += faults_for_axe(technician)
    assert not faults, "\n".join(faults)
