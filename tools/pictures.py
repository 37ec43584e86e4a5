"""Take the pictures of the user guide anew: `python -m tools.pictures`. Needs a Chromium, named as for the tests.

A demo is started in a temporary folder, one case is led a good way through the browser, and pages are photographed.
The case is an example; the register around it is the real one.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Final
from uuid import uuid4

from playwright.sync_api import Browser, Page, sync_playwright

from application.mailing import Mail
from tests.browser.conftest import ARGUMENTS, executable
from tests.browser.demo import Demo, signed_in
from tests.browser.house import PHONE, do, fill_in, propose, send
from tests.processes import ROOT, end
from tests.receivers import Receiver, Reply, receiver
from tools.small_png import small
from web.main import installation
from web.notices.letters import Letters
from web.settings import read_settings

PICTURES: Final = ROOT / "docs" / "pictures"
WIDE: Final = {"width": 1280, "height": 900}
TALL: Final = {"width": 1280, "height": 1040}
CASE: Final = {"width": 1280, "height": 1336}
SMALL: Final = {"width": PHONE[0], "height": PHONE[1]}
COORDINATOR: Final = "Jelena Marković"
SUBSCRIPTIONS: Final = "/admin/subscriptions"
REGISTER_OF_ONE_COUNTRY: Final = "/initiatives?country=IT&phase=partnership&sort=pair&descending=false"


def main() -> None:
    PICTURES.mkdir(exist_ok=True)
    found = executable()
    if found is None:
        raise SystemExit("no Chromium found: install it, or name one in POBRATIM_CHROMIUM")
    with demo() as running, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=list(ARGUMENTS))
        photograph(chromium, running)
        chromium.close()


@contextmanager
def demo() -> Iterator[Demo]:
    folder = Path(tempfile.mkdtemp(prefix="pobratim-pictures-"))
    folder.chmod(0o755)  # as root the database's server is `nobody`, who must get in
    running = Demo(folder / "data")
    try:
        yield running
    finally:
        end(running.process)
        shutil.rmtree(folder, ignore_errors=True)


def photograph(chromium: Browser, running: Demo) -> None:
    coordinator = signed_in(chromium, running, viewport=WIDE)
    officer = signed_in(chromium, running, "officer", viewport=WIDE)
    shot(coordinator, "desk")
    number = led_to_the_decision(coordinator, officer)
    coordinator.set_viewport_size(CASE)  # type: ignore[arg-type]
    shot(coordinator, "case", f"/initiatives/{number}")
    coordinator.set_viewport_size(WIDE)  # type: ignore[arg-type]

    a_duplicate(coordinator)
    a_refusal(coordinator, number)
    a_conflict(chromium, running, coordinator, number)
    led_to_the_opinions(coordinator, number)
    auditor = signed_in(chromium, running, "auditor", viewport=TALL)
    shot(auditor, "history", f"/initiatives/{number}/history")
    shot(auditor, "looking-back", f"/initiatives/{number}?valid_at={ago(4).replace(' ', '+')}")
    what_an_auditor_sees(auditor, number)
    shot(coordinator, "partner", partner_of(coordinator, number))
    many_at_once(coordinator)
    plans(coordinator)
    what_one_is_told(running, coordinator)
    word_of_a_side(chromium, running, coordinator)

    on_the_phone = signed_in(chromium, running, "officer", viewport=SMALL)
    shot(on_the_phone, "desk-phone", "/")
    speaks(on_the_phone, "sr-Cyrl")
    shot(on_the_phone, "case-phone", f"/initiatives/{number}")
    speaks(coordinator, "sr-Cyrl")
    shot(coordinator, "register", REGISTER_OF_ONE_COUNTRY)
    speaks(coordinator, "en")
    shot(coordinator, "local-government", "/local-governments/leskovac")
    administrator = signed_in(chromium, running, "administrator", viewport=WIDE)
    shot(administrator, "accounts", "/admin/accounts")
    speaks(administrator, "en")
    shot(administrator, "processing", "/admin/processing")
    what_a_technician_sees(chromium, running)
    subscribers(administrator)


def led_to_the_decision(coordinator: Page, officer: Page) -> str:
    number = propose(
        officer, "", "Edirne", "TR", occurred_on=ago(74), letter_number="06-118", fields=["culture", "youth", "tourism"]
    )
    do(coordinator, number, "coordinate", {"occurred_on": ago(70)})
    do(coordinator, number, "give-support", {"items": ["information", "partner_profile"], "occurred_on": ago(66)})
    do(coordinator, number, "give-support", {"items": ["model_documents"], "occurred_on": ago(60)})
    do(coordinator, number, "complete-coordination", {"occurred_on": ago(58)})
    do(coordinator, number, "sign-letter-of-intent", {"occurred_on": ago(51), "place": "Edirne"})
    do(coordinator, number, "start-drafting", {"occurred_on": ago(48)})
    do(coordinator, number, "review-draft", {"draft_version": "2", "languages": ["sr", "tr"], "occurred_on": ago(30)})
    decision = {"number": "06-12/26", "foreign_state": "Republika Turska", "occurred_on": ago(6)}
    do(coordinator, number, "adopt-decision", decision)
    report = {"party": "leskovac", "status": "decided", "known_from": "Zapisnik sa sednice", "occurred_on": ago(6)}
    do(officer, number, "report-party-status", report)
    do(officer, number, "hold-visit", {"place": "Edirne", "occurred_on": ago(12)})
    officer.goto(f"/initiatives/{number}")
    officer.locator("#remark").fill("Prevod na turski stiže od partnera do kraja nedelje.")
    do(officer, number, "add-remark")
    return number


def led_to_the_opinions(coordinator: Page, number: str) -> None:
    coordinator.goto(f"/initiatives/{number}/history")
    decision = coordinator.locator("ol.line > li", has=coordinator.get_by_role("heading", name="Odluka je doneta"))
    decision.get_by_role("link", name="Ispravi").click()
    form = coordinator.locator("form.deedform")
    fill_in(form, {"number": "06-21/26", "reason": "Zamenjene cifre u prepisu."})
    send(form)
    coordinator.wait_for_url(f"**/initiatives/{number}/history#fact-*")
    do(coordinator, number, "request-consent", {"registry_number": "06-131", "occurred_on": ago(2)})
    opinion = {"body": "Ministarstvo spoljnih poslova", "stance": "favourable", "occurred_on": ago(0)}
    do(coordinator, number, "record-opinion", opinion)


def what_an_auditor_sees(page: Page, number: str) -> None:
    shot(page, "register-past", "/initiatives?valid_at=1.+1.+2012.")
    shot(page, "account", f"/initiatives/{number}/account")
    shot(page, "log", "/audit/log")
    shot(page, "figures", "/audit/figures")
    page.goto(f"/audit/bundle?case={number}")
    while not page.locator("#holds").count():  # until it is sealed
        page.wait_for_timeout(1_000)
        page.reload()
    shot(page, "bundle")


def many_at_once(page: Page) -> None:
    page.goto("/initiatives?phase=proposal")
    saved = page.locator("details", has=page.locator("summary", has_text="Sačuvani filteri"))
    saved.locator("summary").first.click()
    shot(page, "saved-filters")
    page.goto("/initiatives?phase=proposal")
    for box in page.locator("tbody input[type=checkbox]").all()[:4]:
        box.check()
    page.locator("#to").select_option(index=2)
    page.locator("[data-bulk] button", has_text="Dodeli").first.click()
    page.locator("#reason").fill("Preraspodela predmeta zbog godišnjeg odmora.")
    shot(page, "hand-over")
    shot(page, "board", "/initiatives/board")


def plans(page: Page) -> None:
    shot(page, "calendar", f"/calendar?month={next_month()}&whose=all")
    page.goto("/account/calendar")
    page.locator("main form button").first.click()
    page.locator("#address").wait_for()
    page.locator("#address").evaluate("field => { field.value = field.value.replace(/feed\\/.*/, 'feed/….ics') }")
    shot(page, "calendar-feed")


def what_one_is_told(running: Demo, page: Page) -> None:
    """The notices, and the digest that goes out with them the next morning."""
    page.goto("/notices")
    page.locator("main li").first.wait_for()
    shot(page, "notices")
    html = digest(running)
    blank = page.context.new_page()
    blank.set_viewport_size({"width": 720, "height": 640})
    blank.set_content(html)
    shot(blank, "digest")
    blank.close()


def digest(running: Demo) -> str:
    """The letter as a mail program gets it, of the notices that the coordinator has now."""
    environ = {"POBRATIM_SECRET_KEY": "k" * 40, **running.exports}
    with installation(read_settings(environ)) as made:
        account = next(one for one in made.accounts.all() if one.name == COORDINATOR)
        told = made.reading.notices(account.person, 20).rows
        now = made.clock()
        mail = Mail(id=uuid4(), account=account.id, digest=True, made_at=now, next_at=now, attempts=0)
        letters = Letters(made.settings.base_url, made.local_governments, made.accounts, made.procedures)
        return letters(account, told, mail).html


def word_of_a_side(chromium: Browser, running: Demo, page: Page) -> None:
    page.goto("/initiatives?country=SI&q=Ljubljana")
    page.locator("tbody a").first.click()
    page.goto(f"{page.url.partition('?')[0].partition('#')[0]}/ask")
    page.locator("main form button").first.click()
    link = page.locator("#address").input_value()
    abroad = chromium.new_context(base_url=running.url, viewport={"width": 720, "height": 1000}).new_page()
    abroad.goto(link.strip())
    shot(abroad, "word-of-a-side")
    abroad.context.close()


def subscribers(page: Page) -> None:
    """Two receivers that take everything and one that is away, in the order in which an administrator meets them."""
    away = Reply(503, body=b"Back at noon")
    with receiver() as portal, receiver() as records, receiver(lambda _received: away) as statistics:
        page.set_viewport_size({"width": 1280, "height": 760})
        for code, name, to in (
            ("statistics", "Statistics of the ministry", statistics),
            ("records", "Records office", records),
            ("nis-portal", "Portal of Niš", portal),
        ):
            subscribe(page, code, name, to)
        shot(page, "subscription")
        page.locator("form[action$='/resume'] button").click()
        deliveries = f"{SUBSCRIPTIONS}/nis-portal/deliveries"
        page.goto(deliveries)
        while not page.locator("text=2026-").count():  # until something of a case was sent
            page.wait_for_timeout(500)
            page.goto(deliveries)
        page.locator("summary", has_text="2026-").first.click()
        shot(page, "deliveries")
        shot(page, "subscriptions", SUBSCRIPTIONS)
        page.goto(f"{SUBSCRIPTIONS}/nis-portal/replay?from=beginning")
        page.locator("#plan").wait_for()
        shot(page, "replay")


def what_a_technician_sees(chromium: Browser, running: Demo) -> None:
    """The subscription of the demo, and a delivery that was not taken, opened."""
    page = signed_in(chromium, running, "technician", viewport={"width": 1280, "height": 760})
    speaks(page, "en")
    shot(page, "technician", "/subscriptions/portal-leskovac")
    page.goto("/subscriptions/portal-leskovac/deliveries?outcome=not_taken")
    page.locator("main summary").first.click()
    page.set_viewport_size({"width": 1280, "height": 1120})
    shot(page, "technician-delivery")
    page.context.close()


def subscribe(page: Page, code: str, name: str, to: Receiver) -> None:
    """Create it and send the test delivery."""
    page.goto(f"{SUBSCRIPTIONS}/new")
    fill_in(page.locator("main form"), {"name": name, "code": code, "address": to.address, "start": "beginning"})
    send(page.locator("main form"))
    page.locator("#secret").wait_for()
    page.locator("form[action$='/test'] button").click()
    page.locator("#test").wait_for()


def a_duplicate(page: Page) -> None:
    page.goto("/initiatives/new")
    form = page.locator("form[action='/initiatives/new']")
    fill_in(form, {"local_government": "Leskovac", "partner": "gravina in puglia", "country": "IT"})
    page.locator("#duplicates .alert").wait_for()
    shot(page, "proposal")


def a_refusal(page: Page, number: str) -> None:
    page.goto(f"/initiatives/{number}/report-party-status")
    form = page.locator("form.deedform")
    fill_in(form, {"party": "leskovac", "occurred_on": "31. 2. 2026."})
    send(form)
    page.locator("[data-focus]").wait_for()
    shot(page, "refused")


def a_conflict(chromium: Browser, running: Demo, page: Page, number: str) -> None:
    other = signed_in(chromium, running, "officer", viewport=WIDE)
    other.goto(f"/initiatives/{number}/request-consent")
    form = other.locator("form.deedform")
    fill_in(form, {"registry_number": "06-130", "occurred_on": ago(1)})
    report = {"party": "leskovac", "status": "proposed", "known_from": "Dopis kabineta", "occurred_on": ago(8)}
    do(page, number, "report-party-status", report)
    send(form)
    other.locator(".cols--even").wait_for()
    shot(other, "conflict")
    other.context.close()


def partner_of(page: Page, number: str) -> str:
    page.goto(f"/initiatives/{number}")
    return page.locator("a[href^='/partners/']").first.get_attribute("href") or ""


def speaks(page: Page, language: str) -> None:
    page.goto(f"/language/{language}?next=/")


def shot(page: Page, name: str, address: str = "") -> None:
    """What stands in the window; `address` first, where one is given."""
    if address:
        page.goto(address)
    page.locator(".toast").evaluate_all("toasts => toasts.forEach((toast) => toast.remove())")
    taken = page.screenshot(animations="disabled", caret="hide")
    blank = page.context.new_page()
    (PICTURES / f"{name}.png").write_bytes(small(taken, blank))
    blank.close()


def next_month() -> str:
    first = (date.today().replace(day=1) + timedelta(days=32)).replace(day=1)  # noqa: DTZ011 - as in `ago`
    return f"{first.year}-{first.month:02d}"


def ago(days: int) -> str:
    """A day before today, as it is typed here."""
    day = date.today() - timedelta(days=days)  # noqa: DTZ011 - any day near today will do
    return f"{day.day}. {day.month}. {day.year}."


if __name__ == "__main__":
    main()
