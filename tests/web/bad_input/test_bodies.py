"""Bodies that are no form, headers that no browser sends, and cookies of somebody else."""

import json
from typing import Final

import pytest

from tests.web.bad_input.nasty import RAW, TEXTS, whole
from tests.web.running import FORM, House
from web.app import LARGEST_BODY

TARGETS: Final = ("/initiatives/new", "/sign-in", "/partners/new", "/sign-out", "/admin/accounts", "/no-such-page")
DEEP: Final = b"[" * 5000 + b"]" * 5000
DEEP_OBJECT: Final = b'{"a":' * 5000 + b"1" + b"}" * 5000
BOUNDARY: Final = "multipart/form-data; boundary=x"
BODIES: Final = {
    "nothing": ("", b""),
    "JSON": ("application/json", json.dumps({"name": "Linz"}).encode()),
    "deep JSON": ("application/json", DEEP),
    "deep object": ("application/json", DEEP_OBJECT),
    "problem": ("application/problem+json", DEEP),
    "broken JSON": ("application/json", b'{"a":'),
    "JSON said to be a form": (FORM, DEEP),
    "XML": ("application/xml", b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>"),
    "text": ("text/plain", b"_csrf=1"),
    "MessagePack": ("application/x-msgpack", b"\xdf\xff\xff\xff\xff"),
    "no type": ("", b"_csrf=1"),
    "no such type": ("what/ever; charset=\x7f", b"x"),
    "other charset": (f"{FORM}; charset=utf-16", "_csrf=1".encode("utf-16")),
    "bytes": (FORM, bytes(range(256))),
    "percent": (FORM, b"%=%&%zz=%u0041"),
    "only separators": (FORM, b"&" * 5000),
    "3,000 fields": (FORM, b"a=1&" * 3000),
    "multipart without a boundary": ("multipart/form-data", b"--x\r\n\r\n"),
    "multipart cut off": (BOUNDARY, b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nvalue'),
    "multipart without a name": (BOUNDARY, b"--x\r\nContent-Disposition: form-data\r\n\r\nv\r\n--x--\r\n"),
    "multipart noise": (BOUNDARY, b"\x00\xff--x--x\r\n--x" * 200),
    "multipart no UTF-8": (
        BOUNDARY,
        b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\xff\xfe\r\n--x--\r\n',
    ),
    "multipart unknown charset": (
        BOUNDARY,
        b'--x\r\nContent-Disposition: form-data; name="a"\r\nContent-Type: text/plain; charset=nope\r\n'
        b"\r\nv\r\n--x--\r\n",
    ),
    "multipart long boundary": ("multipart/form-data; boundary=" + "b" * 5000, b"--b"),
    "multipart of 3,000 parts": (
        BOUNDARY,
        b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nv\r\n' * 3000 + b"--x--\r\n",
    ),
    "multipart of nothing": (BOUNDARY, b"--x--\r\n"),
}


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("body", BODIES)
def test_a_body_that_is_no_form_of_ours_is_refused(house: House, target: str, body: str) -> None:
    kind, content = BODIES[body]
    before = house.head()
    for who in ("coordinator", "anonymous"):
        answer = house.ask("POST", target, who, content=content, headers={"content-type": kind} if kind else {})
        whole(answer, 400, 401, 403, 404, 405, 413, 415)
    assert house.head() == before


def test_more_than_any_form_holds_is_too_large(house: House) -> None:
    large = b"rationale=" + b"a" * LARGEST_BODY
    for target in ("/initiatives/new", "/sign-in"):
        for kind in (FORM, BOUNDARY, "application/json"):
            sent = house.ask("POST", target, "coordinator", content=large, headers={"content-type": kind})
            whole(sent, 413, 415)
    in_pieces = house.ask(
        "POST", "/initiatives/new", "coordinator", content=iter([large]), headers={"content-type": FORM}
    )
    whole(in_pieces, 413)


def test_a_text_that_is_far_too_long_is_shown_again_to_be_shortened(house: House) -> None:
    text = "Дуго образложење. " * 20_000
    sent = house.send("/initiatives/new", "coordinator", {"rationale": text})
    assert sent.status_code == 422
    assert text.strip() in sent.text


@pytest.mark.parametrize("raw", ["%ff%fe", "%c5", "%ed%a0%80", "%c0%af"])
def test_a_form_that_is_no_utf_8_is_refused(house: House, raw: str) -> None:
    for field in ("partner", raw):
        body = f"_csrf={house.token('coordinator')}&{field}={raw}".encode()
        sent = house.ask("POST", "/initiatives/new", "coordinator", content=body, headers={"content-type": FORM})
        whole(sent, 400)


LINES: Final = [text for text in TEXTS.values() if "\n" not in text and "\0" not in text]
LANGUAGES: Final = (
    "*",
    "," * 5000,
    "sr-Cyrl-RS-x-" + "a" * 8000,
    "sr;q=" + "9" * 5000,
    "sr;q=-1, en;q=NaN, de;q=1e309",
    "sr-Latn;q=0,en;q=inf",
    ";;;q=,,=",
    "ен-ГБ",
    ",".join(f"x{number};q=0.{number}" for number in range(3000)),
)


@pytest.mark.parametrize("header", ["accept-language", "accept", "referer", "origin", "if-none-match", "range"])
def test_a_header_that_says_nonsense_is_passed_over(house: House, header: str) -> None:
    for value in (*LANGUAGES, *LINES):
        answer = house.get("/sign-in", headers={header: value.encode()})
        whole(answer, 200)
    for value in LINES[:12]:
        whole(house.get("/language/en", headers={header: value.encode()}), 303)


@pytest.mark.parametrize("cookie", ["pobratim", "pobratim-visit", "pobratim-language", "pobratim-said", "other"])
def test_a_cookie_that_says_nonsense_is_no_session(house: House, cookie: str) -> None:
    for value in (*LINES, "=" * 3000, '"', '"\\', "a;b;;=;c", "\xff", "sr-Latn", "en\x7f"):
        given = {"cookie": f"{cookie}={value}".encode()}
        whole(house.get("/sign-in", headers=given), 200)
        whole(house.get("/initiatives", headers=given), 303)
        whole(house.ask("POST", "/initiatives/new", headers={**given, "content-type": FORM}, content=b"a=b"), 401)


@pytest.mark.parametrize("name", ["content-length", "host", "x-forwarded-for", "hx-request", "hx-target", "cookie"])
def test_odd_headers_of_a_server_in_front_are_answered(house: House, name: str) -> None:
    for value in ("", "-1", "x", "true", "a.b.c:99999", "[::1", "9" * 30, "а"):
        if name == "content-length" and value:
            continue  # the server in front of the application refuses these, see the browser tests
        answer = house.get("/initiatives", headers={name: value.encode()})
        whole(answer, 303, 400, 401)


FEED_VALUES: Final = [*TEXTS.values(), "0", "1", "00", "+1", " 1", "1 ", "0x1", "1_000", str(2**63 - 1), str(2**63)]


@pytest.mark.parametrize("name", ["after", "limit", "type", "case", "unknown", "After", "after[]"])
def test_the_feed_answers_every_odd_cursor(house: House, name: str) -> None:
    house.propose()
    token = {"authorization": f"Bearer {house.bearer('auditor', 'events:read')}"}
    for value in FEED_VALUES:
        answer = house.get("/api/v1/events", params={name: value}, headers=token)
        whole(answer, 200, 400, 422)
        if answer.status_code != 200:
            assert answer.headers["content-type"].startswith("application/problem+json")
            assert answer.json()["status"] == answer.status_code
    for raw in RAW.values():
        whole(house.get(f"/api/v1/events?{name}={raw}", headers=token), 200, 400, 422)
        whole(house.get(f"/api/v1/events?{name}=1&{name}={raw}&{name}", headers=token), 200, 400, 422)


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "Bearer",
        "Bearer ",
        "Bearer " + "a" * 10_000,
        "Basic YTpi",
        "Bearer a b c",
        "bearer \xff",
        "Bearer \u202e",
        "x",
    ],
)
def test_a_token_that_is_none_opens_nothing(house: House, authorization: str) -> None:
    answer = house.get("/api/v1/events", headers={"authorization": authorization.encode()})
    whole(answer, 401)
    assert answer.headers["www-authenticate"] == "Bearer"
    for body in (DEEP, DEEP_OBJECT, b"{"):
        sent = house.ask("POST", "/api/v1/events", content=body, headers={"content-type": "application/json"})
        whole(sent, 404, 405)
