"""What every page keeps, whatever it shows: headers, one heading, labels, protected forms, nothing inline."""

from collections import Counter
from html.parser import HTMLParser
from typing import Final

import pytest

from application.access import Role
from application.identity import partner_id
from domain.initiatives.decisions.coordinating import Coordinate
from tests.web.running import ANONYMOUS, OWN, ROLES, House
from web.static_files import static_address, static_files

VOID: Final = {"input", "meta", "link", "br", "hr", "img", "use", "wbr", "source", "col"}
CONTROLS: Final = {"input", "select", "textarea"}
UNLABELLED: Final = {"hidden", "submit", "button"}


class Page(HTMLParser):
    """A page as a reader of its structure sees it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.lang = self.title = ""
        self.headings: list[int] = []
        self.ids: list[str] = []
        self.labels_for: list[str] = []
        self.named_by_aria: set[str] = set()
        self.controls: list[tuple[str, dict[str, str], bool]] = []
        """Tag, attributes, and whether a label is around it."""
        self.empty_labels = 0
        self.forms: list[dict[str, str]] = []
        self.tokens: Counter[int] = Counter()
        self.inline: list[str] = []
        self.open: list[str] = []
        self.unbalanced: list[str] = []
        self.references: list[str] = []
        self._label: list[bool] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = {name: value or "" for name, value in attrs}
        if tag not in VOID:
            self.open.append(tag)
        if "id" in held:
            self.ids.append(held["id"])
        for name in ("aria-describedby", "aria-labelledby", "aria-controls"):
            self.references += held.get(name, "").split()
        self.inline += [f"{tag} {name}" for name in held if name == "style" or name.startswith("on")]
        if tag == "style" or (tag == "script" and "src" not in held):
            self.inline.append(tag)
        if held.get("href", "").startswith("javascript:"):
            self.inline.append("javascript:")
        match tag:
            case "html":
                self.lang = held.get("lang", "")
            case "h1" | "h2" | "h3" | "h4":
                self.headings.append(int(tag[1]))
            case "form":
                self.forms.append(held)
            case "label":
                self._label.append("for" in held)
                if "for" in held:
                    self.labels_for.append(held["for"])
            case _ if tag in CONTROLS:
                self.controls.append((tag, held, "label" in self.open))
                if self._label and "label" in self.open:
                    self._label[-1] = True
                if held.get("name") == "_csrf" and held.get("value"):
                    self.tokens[len(self.forms) - 1] += 1
            case _:
                pass

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in VOID:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag == "label" and not self._label.pop():
            self.empty_labels += 1
        if tag in VOID:
            return
        if not self.open or self.open[-1] != tag:
            self.unbalanced.append(tag)
        if tag in self.open:
            while self.open and self.open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "title" and "svg" not in self.open:
            self.title += data


PLACES: Final = {
    "coordinator": (
        *("/", "/initiatives", "/initiatives?q=nema+toga", "/initiatives?page=x", "/initiatives/new"),
        *("/initiatives/{case}", "/initiatives/{case}/history", "/initiatives/{case}/history?order=recorded"),
        *(
            "/initiatives/{case}/account",
            "/initiatives/{case}/history/changes",
            "/initiatives/{case}/history/changes?from=x&valid_at=1000",
        ),
        *("/initiatives/{case}/history?kind=corrections", "/initiatives/{case}/history?fold=no"),
        *("/initiatives/hand-over?case={case}", "/initiatives/hand-over?case={case}&to={colleague}"),
        *(
            "/initiatives/hand-over",
            "/initiatives/views",
            "/initiatives/board",
            "/initiatives/board?phase=proposal&page=x",
            "/desk/team",
            "/desk/changed",
            "/initiatives?column=since&column=visits",
        ),
        *("/initiatives/{case}/give-support", "/initiatives/{case}/suspend", "/initiatives/{case}/add-party"),
        *("/initiatives/{case}/sign-agreement", "/initiatives/{case}/report-party-status"),
        *("/initiatives/{case}/history/1/correct", "/initiatives/{proposal}"),
        *(
            "/partners",
            "/partners/new",
            "/partners/{partner}",
            "/partners/{partner}/rename",
            "/partners/{partner}/merge",
        ),
        *("/local-governments", "/local-governments/nis", "/no-such-page", "/initiatives/2026-9999"),
        *(
            "/calendar",
            "/calendar?view=list",
            "/calendar?day=2026-03-17",
            "/account/calendar",
            "/notices",
            "/account/notices",
        ),
    ),
    "officer": ("/", "/initiatives", "/initiatives/new", "/initiatives/{case}", "/initiatives/{case}/coordinate"),
    "approver": ("/", "/initiatives/{case}", "/initiatives/new"),
    "auditor": ("/", "/initiatives/{case}", "/initiatives/{case}/history", "/partners/{partner}", "/account"),
    "administrator": (
        *(
            "/admin/accounts",
            "/admin/subscriptions",
            "/admin/subscriptions/new",
            "/initiatives",
            "/account",
            "/admin/accounts/{auditor}/disable",
        ),
        *("/admin/people", "/admin/people/ZL-1900-0001", "/admin/processing"),
    ),
    "technician": ("/subscriptions", "/subscriptions/nema", "/account", "/account/tokens", "/initiatives"),
    ANONYMOUS: ("/sign-in", "/sign-in?next=/initiatives", "/sign-in/link/invented", "/no-such-page", "/api/v1/docs"),
}
LANGUAGES: Final = ("sr-Latn", "sr-Cyrl", "en")
VISITS: Final = [
    (who, place, LANGUAGES[number % 3])
    for number, (who, place) in enumerate((who, place) for who, places in PLACES.items() for place in places)
]
"""The three languages take turns: the structure of a page is the same in each."""
SENT: Final = (
    ("coordinator", "/initiatives/new", {}, 422),
    ("coordinator", "/initiatives/{case}/suspend", {}, 422),
    ("coordinator", "/initiatives/{case}/suspend", {"reason": "Čekamo", "seen": "1"}, 409),
    ("coordinator", "/initiatives/{case}/history/1/correct", {}, 422),
    ("coordinator", "/initiatives/{case}/suspend", {"reason": "Čekamo", "_csrf": "old"}, 403),
    ("coordinator", "/initiatives/hand-over", {"case": "{proposal}@1", "to": "{colleague}"}, 422),
    ("coordinator", "/initiatives/hand-over", {"case": "{proposal}@1", "to": "{colleague}", "reason": "Odmor"}, 200),
    ("coordinator", "/initiatives/views", {"query": "country=TR"}, 422),
    ("coordinator", "/partners/new", {}, 422),
    ("coordinator", "/partners/{partner}/rename", {}, 422),
    ("coordinator", "/partners/{partner}/rename", {"name": "Drugi", "old_name_is": "alias", "seen": "0"}, 409),
    ("auditor", "/initiatives/{case}/suspend", {"reason": "Čekamo"}, 403),
    ("administrator", "/admin/accounts", {}, 422),
    ("administrator", "/admin/accounts/{auditor}/link", {}, 200),
    ("officer", "/account", {}, 422),
    (ANONYMOUS, "/sign-in", {}, 422),
    (ANONYMOUS, "/initiatives/new", {"rationale": "Saradnja"}, 401),
)


@pytest.fixture(scope="module")
def at(house: House) -> dict[str, str]:
    proposal = house.propose(OWN)
    case = house.propose(OWN)
    house.advance(case, Coordinate(handler=house.accounts["coordinator"].id))
    house.show_everything()
    auditor = str(house.accounts["auditor"].id)
    return {
        "auditor": auditor,
        "colleague": str(house.account("colleague", Role.COORDINATOR).id),
        "case": case,
        "proposal": proposal,
        "partner": str(partner_id("DE", f"Stadt {house.partners}")),
    }


def test_the_roles_of_the_office_are_all_looked_at() -> None:
    assert set(PLACES) == {*ROLES, ANONYMOUS} - {"stranger"}


@pytest.mark.parametrize(("who", "place", "language"), VISITS)
def test_a_page_is_whole(house: House, at: dict[str, str], who: str, place: str, language: str) -> None:
    speak(house, who, language)
    answer = house.get(place.format(**at), who, headers=_cookies(house, who, language))
    check(answer.text, language)
    _headers(answer.headers)


@pytest.mark.parametrize(("who", "place", "fields", "status"), SENT)
def test_a_page_that_comes_back_is_whole(
    house: House, at: dict[str, str], who: str, place: str, fields: dict[str, str], status: int
) -> None:
    speak(house, who, "sr-Latn")
    answer = house.send(place.format(**at), who, {name: value.format(**at) for name, value in fields.items()})
    assert answer.status_code == status
    check(answer.text, "sr-Latn")
    _headers(answer.headers)


def speak(house: House, who: str, language: str) -> None:
    if who != ANONYMOUS:
        house.made.signing_in.speak(house.person(who), language)


def _cookies(house: House, who: str, language: str) -> dict[str, str]:
    """As a browser has them after signing in; where no page was found, the cookie alone tells the language."""
    session = "" if who == ANONYMOUS else f"; pobratim={house.sessions[who]}"
    return {"cookie": f"pobratim-language={language}{session}"}


def _headers(headers: object) -> None:
    held = dict(headers)  # type: ignore[call-overload]
    assert held["cache-control"] == "no-store"
    assert "default-src 'self'" in held["content-security-policy"]
    assert "unsafe" not in held["content-security-policy"]
    assert held["x-content-type-options"] == "nosniff"
    assert held["content-type"] == "text/html; charset=utf-8"


def check(text: str, language: str) -> None:
    page = Page(text)
    assert page.lang == language
    assert page.title.split(" – ")[0].strip(), "a page without a title of its own"
    assert page.title.rstrip().endswith("Pobratim")
    assert page.headings.count(1) == 1, page.headings
    assert page.inline == []
    assert page.unbalanced == []
    assert [name for name, count in Counter(page.ids).items() if count > 1] == [], "an id twice"
    for number, form in enumerate(page.forms):
        if form.get("method", "get").lower() == "post":
            assert page.tokens[number] == 1, f"the form to {form.get('action')} has no token"
        else:
            assert page.tokens[number] == 0, f"the form to {form.get('action')} would show the token in an address"
    assert page.empty_labels == 0, "a label of nothing"
    assert set(page.labels_for) <= {c[1].get("id") for c in page.controls}, "a label for what is not there"
    assert set(page.references) <= set(page.ids), "a description that is not there"
    for tag, held, inside in page.controls:
        if held.get("type") in UNLABELLED:
            continue
        named = inside or held.get("id") in page.labels_for or held.get("aria-label") or held.get("aria-labelledby")
        assert named, f"{tag} {held} has no label"


@pytest.mark.parametrize("name", sorted(static_files()))
def test_a_file_of_ours_carries_no_cookie_and_is_kept(house: House, name: str) -> None:
    for who in ("coordinator", ANONYMOUS):
        answer = house.get(static_address(name), who, headers={"cookie": "pobratim=x; pobratim-said=eA=="})
        assert answer.status_code == 200
        assert "set-cookie" not in answer.headers
        assert "immutable" in answer.headers["cache-control"]
        assert answer.headers["x-content-type-options"] == "nosniff"
    gone = house.get(f"/static/any/no-{name}", "coordinator")
    assert gone.status_code == 404


def test_what_a_machine_asks_sets_no_cookie(house: House) -> None:
    token = house.bearer("auditor", "events:read")
    for path in ("/health/live", "/health/ready", "/api/v1/events"):
        assert "set-cookie" not in house.get(path, headers={"authorization": f"Bearer {token}"}).headers
