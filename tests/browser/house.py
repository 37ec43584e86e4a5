"""The real server over a database of the test module, and people who sit at real browsers before it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, expect

from application.access import Role
from application.accounts import Account, OpenAccount
from tests.conftest import Database
from tests.processes import free_port, served
from web.demo import KEEPER
from web.main import Installation
from web.settings import Settings

Values = Mapping[str, str | Sequence[str]]
DESKTOP, PHONE, NARROWEST = (1280, 900), (390, 844), (320, 640)
WHY = "Razmena učenika i zajednički festival."
_ANSWERED_BADLY = "Failed to load resource"


@dataclass
class House:
    made: Installation
    url: str
    chromium: Browser
    said: list[str] = field(default_factory=list[str])
    """What the consoles of all browsers complained about; an answer such as 422 is no complaint of a page."""

    def account(self, role: Role, town: str | None = None, name: str = "") -> Account:
        number = len(self.made.keeping_accounts.list(KEEPER)) + 1
        name = name or role.value.title()
        wish = OpenAccount(name=name, email=f"p{number}@primer.rs", role=role, local_government=town)
        return self.made.keeping_accounts.open(KEEPER, wish)

    def link(self, account: Account) -> str:
        """Where this person signs in, once."""
        return self.made.link_address(self.made.keeping_accounts.link(KEEPER, account.id)[1])

    def at_a_browser(
        self, account: Account, language: str = "sr-Latn", size: tuple[int, int] = DESKTOP, **more: Any
    ) -> BrowserContext:
        """A browser of its own in which this person is signed in already."""
        viewport = {"width": size[0], "height": size[1]}
        context = self.chromium.new_context(base_url=self.url, viewport=viewport, **more)  # type: ignore[arg-type]
        context.set_default_timeout(10_000)
        secret = self.made.signing_in.with_link(self.made.keeping_accounts.link(KEEPER, account.id)[1])
        context.add_cookies(
            [
                {"name": "pobratim", "value": secret, "url": self.url},
                {"name": "pobratim-language", "value": language, "url": self.url},
            ]
        )
        self.made.signing_in.speak(account.person, language)
        context.on("page", self._listen)
        return context

    def person(self, role: Role = Role.COORDINATOR, town: str | None = None, name: str = "", **more: Any) -> Page:
        """Somebody new, at a browser of their own."""
        return self.at_a_browser(self.account(role, town, name), **more).new_page()

    def show_everything(self) -> None:
        assert self.made.read_side.views.caught_up(self.made.log.head(), 20.0)

    def _listen(self, page: Page) -> None:
        page.on("console", self._heard)
        page.on("pageerror", lambda fault: self.said.append(f"{page.url}: {fault}"))

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(_ANSWERED_BADLY):
            self.said.append(f"{message.location.get('url')}: {message.text}")


@contextmanager
def open_house(database: Database, chromium: Browser, data_dir: str = "", smtp_url: str = "") -> Iterator[House]:
    """`pobratim serve` with one worker over the database, on a free port."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    settings = Settings(
        database_url=database.url, base_url=url, secret_key="browser " * 5, data_dir=data_dir, smtp_url=smtp_url
    )
    made = Installation(settings)
    try:
        with served(["serve", "--port", str(port), "--workers", "1"], url, settings.as_environment()):
            yield House(made, url, chromium)
    finally:
        made.close()


# --- what a person does on a page


def fill_in(form: Locator, values: Values) -> None:
    """Type, choose and tick; every name must be a field of the form."""
    for name, value in values.items():
        control = form.locator(f"[name='{name}']")
        kind = control.first.evaluate("field => field.type")
        if kind in ("radio", "checkbox"):
            for one in [value] if isinstance(value, str) else value:
                form.locator(f"[name='{name}'][value='{one}']").check()
        elif kind.startswith("select"):
            control.select_option(value)
        else:
            control.fill(str(value))


def propose(page: Page, home: str, partner: str, country: str, **more: str | Sequence[str]) -> str:
    """From the desk by the button for a new initiative; gives the number of the case."""
    page.goto("/")
    page.locator("main a[href='/initiatives/new']").first.click()
    form = page.locator("form[action='/initiatives/new']")
    if home:
        fill_in(form, {"local_government": home})
    fill_in(form, {"partner": partner, "country": country, "rationale": WHY, **more})
    send(form)
    page.wait_for_url(re.compile(r"/initiatives/\d{4}-\d{4}$"))
    return page.url.rsplit("/", 1)[1]


def do(page: Page, number: str, deed: str, values: Values | None = None) -> None:
    """Carry out one deed on the page of the case: in its form if it is the next step, else by its link."""
    path = f"/initiatives/{number}"
    if not page.url.partition("#")[0].endswith(path):
        page.goto(path)
    form = page.locator(f"form[action='{path}/{deed}']")
    if not form.count():
        page.locator(f"#step a[href='{path}/{deed}']").click()
        page.wait_for_url(f"**{path}/{deed}")
    fill_in(form, values or {})
    send(form)
    page.wait_for_url(lambda url: url.partition("#")[0].endswith(path))


def send(form: Locator) -> None:
    form.locator("button.btn--go, button.btn--bad").last.click()


def stands_at(page: Page, stage: str) -> None:
    expect(page.locator(".case__meta .stage")).to_have_text(stage)
