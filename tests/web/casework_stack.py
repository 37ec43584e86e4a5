"""The whole application over a real database, and browsers without any script that fill in its forms."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode, urlsplit

import httpx
import pytest
import structlog
from litestar import Litestar
from litestar.testing import TestClient

from application.access import Person, Role
from application.accounts import Account, OpenAccount
from tests.conftest import Database
from web.demo import KEEPER
from web.main import Installation, build
from web.settings import Settings

Values = str | Sequence[str]


@dataclass
class HtmlForm:
    """A form as a browser sees it: where it goes, and what it sends untouched."""

    action: str
    method: str = "get"
    fields: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[HtmlForm] = []
        self.text: list[str] = []
        self._area: str | None = None
        self._select: str | None = None
        self._chosen: bool = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        got = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(HtmlForm(got.get("action", ""), got.get("method", "get")))
        elif not self.forms:
            return
        elif tag == "input" and "name" in got:
            ticked = got.get("type") not in ("checkbox", "radio") or "checked" in got
            if ticked:
                self.forms[-1].fields.append((got["name"], got.get("value", "")))
        elif tag == "textarea":
            self._area = got.get("name", "")
            self.forms[-1].fields.append((self._area, ""))
        elif tag == "select":
            self._select, self._chosen = got.get("name", ""), False
        elif tag == "option" and self._select is not None and ("selected" in got or not self._chosen):
            if self._chosen:
                self.forms[-1].fields.pop()
            self.forms[-1].fields.append((self._select, got.get("value", "")))
            self._chosen = True

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = None
        elif tag == "select":
            self._select = None

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            name, held = self.forms[-1].fields[-1]
            self.forms[-1].fields[-1] = (name, (held + data).removeprefix("\n"))
        elif data.strip():
            self.text.append(" ".join(data.split()))


@dataclass
class Page:
    answer: httpx.Response

    def __post_init__(self) -> None:
        reader = _Forms()
        reader.feed(self.answer.text)
        self.forms = reader.forms
        self.words = " ".join(reader.text)

    @property
    def status(self) -> int:
        return self.answer.status_code

    @property
    def path(self) -> str:
        return urlsplit(str(self.answer.url)).path

    def form(self, action: str) -> HtmlForm:
        """The form that goes to an address: one that does something, before one that asks."""
        found = sorted((form for form in self.forms if form.action == action), key=lambda form: form.method != "post")
        assert found, f"no form to {action} on {self.path}: {[form.action for form in self.forms]}\n{self.words}"
        return found[0]


@dataclass
class Browser:
    """One signed-in person at a browser without JavaScript."""

    client: TestClient[Litestar]
    person: Person

    def open(self, path: str) -> Page:
        return Page(self.client.get(path))

    def send(self, page: Page, action: str, values: Mapping[str, Values] | None = None) -> Page:
        """Fill in one form of a page and press its button. A value may be given as several for ticked boxes."""
        form, values = page.form(action), dict(values or {})
        pairs = [(name, value) for name, value in form.fields if name not in values]
        for name, value in values.items():
            pairs += [(name, value)] if isinstance(value, str) else [(name, one) for one in value]
        if form.method != "post":
            return self.open(f"{action}?{urlencode(pairs)}")
        body = urlencode(pairs).encode()
        headers = {"content-type": "application/x-www-form-urlencoded"}
        return Page(self.client.post(action, content=body, headers=headers))

    def do(self, number: str, deed: str, values: Mapping[str, Values] | None = None) -> Page:
        """Carry out a deed on its own page."""
        path = f"/initiatives/{number}/{deed}"
        return self.send(self.open(path), path, values)

    def speaks(self, code: str) -> None:
        self.client.get(f"/language/{code}")


@dataclass
class Stack:
    app: Litestar
    made: Installation
    clients: list[TestClient[Litestar]] = field(default_factory=list[TestClient[Litestar]])

    def browser(self, role: Role = Role.COORDINATOR, town: str | None = None, name: str = "") -> Browser:
        """Another person at another browser, speaking English."""
        account = self.account(role, town, name)
        client = TestClient(self.app, base_url="http://testserver.local", raise_server_exceptions=True)
        _, secret = self.made.keeping_accounts.link(KEEPER, account.id)
        browser = Browser(client, account.person)
        opened = browser.open(f"/sign-in/link/{secret}")
        client.post(f"/sign-in/link/{secret}", data=dict(opened.forms[0].fields))
        browser.speaks("en")
        return browser

    def account(self, role: Role, town: str | None = None, name: str = "") -> Account:
        number = len(self.made.keeping_accounts.list(KEEPER)) + 1
        wish = OpenAccount(
            name=name or f"Person {number}", email=f"p{number}@primer.rs", role=role, local_government=town
        )
        return self.made.keeping_accounts.open(KEEPER, wish)


@pytest.fixture(scope="module")
def stack(database: Database) -> Iterator[Stack]:
    """Projector, use cases and pages; closed when the module is over."""
    settings = Settings(
        database_url=database.owner_url, base_url="http://testserver.local", secret_key="x" * 40, api_rate="0"
    )
    made = Installation(settings)
    made.project()
    assert made.read_side.views.caught_up(0, 20.0)  # its tables are there
    with TestClient(build(made)) as client:
        yield Stack(client.app, made)
    structlog.reset_defaults()  # which `build` has set for the process


@pytest.fixture(scope="module")
def coordinator(stack: Stack) -> Browser:
    return stack.browser(name="Jelena Marković")


def proposed(browser: Browser, home: str, partner: str, country: str = "TR", **more: Values) -> str:
    """Propose through the form; gives the number of the new case."""
    values: dict[str, Values] = {
        "local_government": home,
        "partner": partner,
        "country": country,
        "rationale": "Razmena učenika i kulturno nasleđe.",
        **more,
    }
    page = browser.send(browser.open("/initiatives/new"), "/initiatives/new", values)
    assert page.path.startswith("/initiatives/2"), (page.status, page.words)
    return page.path.rsplit("/", 1)[1]
