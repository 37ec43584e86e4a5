"""Addresses and query strings that no page of ours links to."""

from typing import Final
from urllib.parse import quote, urlencode

import pytest

from application.identity import partner_id
from tests.web.bad_input.nasty import RAW, TEXTS, whole
from tests.web.running import OTHER, OWN, House

UNREAD: Final = (200, 303, 400, 404, 405, 422)
PAGES: Final = {
    "/": ("x",),
    "/initiatives": (
        *("q", "phase", "stage", "kind", "country", "handler", "local_government", "due", "partner"),
        *("sort", "page", "as_of", "known_at", "valid_at"),
    ),
    "/initiatives/export/csv": ("q", "stage", "country", "handler", "partner", "page", "sort"),
    "/initiatives/export/xlsx": ("q",),
    "/initiatives/new": ("local_government", "partner", "country", "kind", "fields", "occurred_on", "_key", "_csrf"),
    "/initiatives/new/duplicates": ("local_government", "partner", "country", "distinct_because"),
    "/initiatives/{case}": ("as_of", "known_at", "valid_at"),
    "/initiatives/{case}/history": ("order", "kind", "as_of", "known_at"),
    "/initiatives/{case}/coordinate": ("handler", "seen"),
    "/initiatives/{case}/history/1/correct": ("kind",),
    "/partners": ("q", "country", "kind", "sort", "page"),
    "/partners/suggestions": ("partner", "into"),
    "/partners/new": ("name",),
    "/partners/{partner}": ("page",),
    "/partners/{partner}/rename": ("name",),
    "/local-governments": ("q", "x"),
    "/local-governments/nis": ("x",),
    "/admin/accounts": ("q",),
    "/sign-in": ("next",),
    "/language/en": ("next",),
    "/health/live": ("x",),
    "/health/ready": ("x",),
    "/seal/checkpoint": ("x",),
    "/seal/keys": ("x",),
}
WHOLE_LIST: Final = {("/initiatives", "q"), ("/initiatives", "page"), ("/initiatives", "partner"), ("/partners", "q")}
SHORT_LIST: Final = (
    *("10,000 characters", "NUL", "bidi override", "30 digits", "negative", "digits of others", "impossible day"),
    *("element", "end of attribute", "search operators", "no UUID", "other UUID"),
)
QUERIES: Final = [(page, name) for page, names in PAGES.items() for name in names]
ADMIN: Final = "/admin/accounts"


@pytest.fixture(scope="module")
def at(house: House) -> dict[str, str]:
    house.propose(OTHER)
    case = house.propose(OWN)
    house.show_everything()
    return {"case": case, "partner": str(partner_id("DE", f"Stadt {house.partners}"))}


def who_reads(place: str) -> str:
    return "administrator" if place == ADMIN else "coordinator"


@pytest.mark.parametrize(("place", "name"), QUERIES)
def test_whatever_a_query_string_says_it_is_answered(house: House, at: dict[str, str], place: str, name: str) -> None:
    before, address, who = house.head(), place.format(**at), who_reads(place)
    for text in TEXTS.values() if (place, name) in WHOLE_LIST else map(TEXTS.__getitem__, SHORT_LIST):
        pairs = urlencode({name: text}, errors="surrogatepass")
        whole(house.get(f"{address}?{pairs}", who), 200, 303, 400, 422)
    for raw in RAW.values():
        whole(house.get(f"{address}?{name}={raw}&{raw}={name}&{raw}", who), 200, 303, 400, 422)
    several = f"{address}?" + "&".join(f"{name}={quote(text)}" for text in TEXTS.values() if len(text) < 1000)
    whole(house.get(several, who), 200, 303, 400, 422)
    assert house.head() == before


@pytest.mark.parametrize("place", PAGES)
def test_unknown_many_and_nested_parameters_are_answered(house: House, at: dict[str, str], place: str) -> None:
    address, who = place.format(**at), who_reads(place)
    names = PAGES[place]
    odd = ["&" * 3000, "a=1&" * 3000, "=", "=&=&", "?", "a[b][c]=1", f"{names[0]}[]=1", f"{names[0]}.x=1", ";a;b", "#"]
    for query in odd:
        whole(house.get(f"{address}?{query}", who), 200, 303, 400, 422)


ODD_PARTS: Final = {
    **{name: quote(text) for name, text in TEXTS.items() if text.strip()},
    **RAW,
    "dots": "..",
    "escaped dots": "%2e%2e",
    "escaped slash": "a%2Fb",
    "far number": "2026-99999999999999999999",
    "number of nobody": "2026-9999",
    "long number": "2026-" + "0" * 300,
    "number with a line end": "2026-0001%0a",
    "no number": "not-a-number",
    "no id": "not-a-uuid",
    "other language": "xx",
    "negative version": "-1",
}
WITH_PARTS: Final = (
    "/{odd}",
    "/initiatives/{odd}",
    "/initiatives/{odd}/history",
    "/initiatives/{odd}/coordinate",
    "/initiatives/{case}/{odd}",
    "/initiatives/{case}/history/{odd}/correct",
    "/initiatives/{odd}/history/1/correct",
    "/initiatives/export/{odd}",
    "/partners/{odd}",
    "/partners/{odd}/rename",
    "/partners/{partner}/{odd}",
    "/local-governments/{odd}",
    "/language/{odd}",
    "/static/{odd}/pobratim.css",
    "/static/x/{odd}",
    "/sign-in/link/{odd}",
    "/admin/accounts/{odd}",
    "/api/v1/{odd}",
    "/health/{odd}",
)
WITH_PARTS_SENT: Final = (
    "/initiatives/{odd}/coordinate",
    "/initiatives/{case}/{odd}",
    "/initiatives/{case}/history/{odd}/correct",
    "/desk/take-over/{odd}",
    "/partners/{odd}/rename",
    "/partners/{partner}/{odd}",
    "/admin/accounts/{odd}/disable",
    "/sign-in/link/{odd}",
    "/{odd}",
)


@pytest.mark.parametrize("shape", WITH_PARTS)
@pytest.mark.parametrize("who", ["coordinator", "anonymous"])
def test_an_odd_part_of_an_address_leads_nowhere(house: House, at: dict[str, str], shape: str, who: str) -> None:
    for odd in ODD_PARTS.values():
        answer = house.get(shape.format(odd=odd, **at), who)
        whole(answer, 200, 303, 400, 401, 404, 405, 410)


@pytest.mark.parametrize("shape", WITH_PARTS_SENT)
@pytest.mark.parametrize("who", ["coordinator", "administrator"])
def test_a_form_sent_to_an_odd_address_changes_nothing(house: House, at: dict[str, str], shape: str, who: str) -> None:
    before = house.head()
    for odd in ODD_PARTS.values():
        whole(house.send(shape.format(odd=odd, **at), who, {}), 400, 403, 404, 405, 410, 422)
    assert house.head() == before


@pytest.mark.parametrize("deed", ["correct", "absorb", "propose", "enter-historic", "take-over", "edit-partner", "new"])
def test_a_right_that_is_no_deed_of_a_page_has_no_page(house: House, at: dict[str, str], deed: str) -> None:
    for address in (f"/initiatives/{at['case']}/{deed}", f"/partners/{at['partner']}/{deed}"):
        assert house.get(address, "coordinator").status_code == 404
        assert house.send(address, "coordinator", {"reason": "bez razloga"}).status_code == 404


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "FOO"])
@pytest.mark.parametrize("place", [*PAGES, "/api/v1/events", "/static/x/pobratim.css", "/sign-out"])
def test_other_methods_do_nothing(house: House, at: dict[str, str], place: str, method: str) -> None:
    before = house.head()
    for who in ("coordinator", "anonymous"):
        answer = house.ask(method, place.format(**at), who)
        assert answer.status_code in (200, 204, 303, 401, 403, 404, 405), answer.status_code
        assert "Traceback" not in answer.text
    assert house.head() == before


def test_an_address_that_cannot_be_read_is_named_and_nothing_is_said_of_typing(house: House) -> None:
    answer = house.get("/initiatives/export/csv?page=0", "coordinator", headers={"accept-language": "en"})
    assert answer.status_code == 422
    assert "page: " in answer.text
    assert "upisano" not in answer.text
    assert "upisali" not in answer.text
