"""Whatever happens, the answer is a page for people or a problem document for systems, with every header."""

import re
from datetime import timedelta

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from application.access import Role
from tests.web.conftest import ADMINISTRATOR, Office, make_parts, sign_in, token_of
from web.app import LARGEST_BODY, create_app
from web.settings import Settings
from web.static_files import FOREVER, static_address, static_files

Visitor = TestClient[Litestar]
HEADERS = {
    "content-security-policy": "default-src 'self'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=()",
}
FORM = {"content-type": "application/x-www-form-urlencoded"}


@pytest.fixture
def signed_in(office: Office, visitor: Visitor) -> Visitor:
    sign_in(visitor, office.account().email)
    return visitor


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("/fails/unexpected", 500),
        ("/fails/refused", 422),
        ("/fails/conflict", 409),
        ("/fails/unavailable", 503),
        ("/fails/unreadable", 503),
        ("/no-such-page", 404),
        ("/admin/accounts", 403),
        ("/sign-out", 405),
        (static_address("pobratim.css"), 200),
        ("/static/0/no-such-file.css", 404),
        ("/health/live", 200),
        ("/health/ready", 200),
        ("/api/v1/fails/refused", 401),
    ],
)
def test_every_answer_carries_the_headers(signed_in: Visitor, path: str, status: int) -> None:
    answer = signed_in.get(path)
    assert answer.status_code == status
    for name, value in HEADERS.items():
        assert answer.headers[name].startswith(value)
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert "strict-transport-security" not in answer.headers
    kept = "immutable" in answer.headers["cache-control"]
    assert kept is (path.startswith("/static") and status == 200)
    if not kept:
        assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"\xff\xfe=\xff", FORM, 400),
        (b"a=%FF%FE", FORM, 400),
        (b"&".join([b"a=1"] * 3000), FORM, 400),
        (b"a=" + b"x" * (LARGEST_BODY + 1), FORM, 413),
        (b"{}", {"content-type": "application/json"}, 415),
        (b"x", {"content-type": "multipart/form-data"}, 400),
        (b"x", {"content-type": "multipart/form-data; boundary=y"}, 400),
        (b'--y\r\ncontent-disposition: form-data; name="a"\r\n\r\n\xff\xfe\r\n--y--\r\n',
         {"content-type": "multipart/form-data; boundary=y"}, 400),
        (b"", {}, 403),
    ],
)  # fmt: skip
def test_bytes_that_are_no_form_are_refused(
    signed_in: Visitor, body: bytes, headers: dict[str, str], status: int
) -> None:
    answer = signed_in.post("/initiatives/new", content=body, headers=headers, follow_redirects=False)
    assert answer.status_code == status
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    "path", ["/?q=%ff%fe", "/?q=%00", "/%ff", "/%00", "/?" + "a=1&" * 5000, "/static/x/..%2f..%2fsettings.py"]
)
def test_odd_addresses_do_no_harm(signed_in: Visitor, path: str) -> None:
    assert signed_in.get(path).status_code in (200, 400, 404)


@pytest.mark.parametrize("cookie", ["\x7f", "é" * 10, "a" * 5000, "%00", '"', ";;;="])
def test_odd_cookies_do_no_harm(visitor: Visitor, cookie: str) -> None:
    raw = f"pobratim={cookie}; pobratim-visit={cookie}; pobratim-language={cookie}; pobratim-said={cookie}"
    assert visitor.get("/sign-in", headers={"cookie": raw.encode("latin-1")}).status_code == 200


def test_a_refusal_is_shown_as_a_sentence(signed_in: Visitor) -> None:
    page = signed_in.get("/fails/refused").text
    assert "To se ne radi u fazi „Izrada nacrta“." in page
    assert "initiative.wrong-stage" not in page


def test_a_refused_deed_shows_what_was_typed(signed_in: Visitor) -> None:
    fields = {"_csrf": token_of(signed_in.get("/").text), "why": "dug tekst", "_key": "k"}
    for how, status in (
        ("refused", 422),
        ("conflict", 409),
        ("key-reused", 422),
        ("unavailable", 503),
        ("unreadable", 503),
        ("no-procedure", 503),
        ("unexpected", 500),
    ):
        answer = signed_in.post(f"/fails/{how}", data=fields)
        assert answer.status_code == status
        assert "dug tekst" in answer.text
        assert fields["_csrf"] not in answer.text


def test_a_failure_tells_a_number_and_nothing_of_the_inside(
    signed_in: Visitor, capsys: pytest.CaptureFixture[str]
) -> None:
    page = signed_in.get("/fails/unexpected").text
    assert "secret of the inside" not in page
    assert "Traceback" not in page
    reference = re.search(r"<code[^>]*>([0-9a-f]{8})</code>", page)
    assert reference
    captured = capsys.readouterr()
    assert reference[1] in captured.out + captured.err


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "Fact 1,187 (initiative.agreement-signed.v9) was written by a newer version of the program"),
        ("sr-Latn", "Činjenicu 1.187 (initiative.agreement-signed.v9) zapisala je novija verzija programa"),
        ("sr-Cyrl", "Чињеницу 1.187 (initiative.agreement-signed.v9) записала је новија верзија програма"),
    ],
)
def test_a_fact_of_a_newer_version_is_named_in_every_language(signed_in: Visitor, language: str, told: str) -> None:
    signed_in.get(f"/language/{language}")
    answer = signed_in.get("/fails/unreadable")
    assert told in answer.text
    assert "secret of the inside" not in answer.text
    assert answer.headers["retry-after"] == "30"


def test_an_unavailable_register_does_not_tell_its_address(signed_in: Visitor) -> None:
    answer = signed_in.get("/fails/unavailable")
    assert "10.0.0.7" not in answer.text
    assert answer.headers["retry-after"] == "30"


def test_pages_of_people_are_kept_nowhere(signed_in: Visitor) -> None:
    assert signed_in.get("/").headers["cache-control"] == "no-store"


def test_files_get_no_cookie_and_ask_for_no_session(office: Office, signed_in: Visitor) -> None:
    with office.pool.connection() as db:
        db.execute("UPDATE access.sessions SET seen_at = seen_at - interval '1 hour' RETURNING seen_at")
        before = db.execute("SELECT seen_at FROM access.sessions").fetchall()
    for name in static_files():
        answer = signed_in.get(static_address(name))
        assert answer.headers["cache-control"] == FOREVER
        assert "set-cookie" not in answer.headers
    with office.pool.connection() as db:
        assert db.execute("SELECT seen_at FROM access.sessions").fetchall() == before


def test_a_known_file_is_not_sent_again(visitor: Visitor) -> None:
    first = visitor.get(static_address("pobratim.css"))
    again = visitor.get(static_address("pobratim.css"), headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_an_old_page_still_gets_its_files_but_keeps_them_not(visitor: Visitor) -> None:
    answer = visitor.get("/static/0123456789ab/pobratim.css")
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-cache")


def test_served_by_tls_cookies_are_bound_to_the_host(office: Office) -> None:
    settings = Settings(base_url="https://pobratim.example", secret_key="x" * 40)
    app = create_app(make_parts(office.pool, office.clock, settings))
    account = office.account(Role.ADMINISTRATOR)
    with TestClient(app, base_url="https://pobratim.example") as visitor:
        entered = sign_in(visitor, account.email)
        cookies = entered.headers.get_list("set-cookie")
        session = next(cookie for cookie in cookies if cookie.startswith("__Host-pobratim="))
        for attribute in ("HttpOnly", "Secure", "SameSite=lax", "Path=/"):
            assert attribute in session
        assert "Domain" not in session
        assert "max-age=63072000" in entered.headers["strict-transport-security"]
        assert visitor.get("/admin/accounts").status_code == 200


def test_the_plain_cookie_is_out_of_reach_of_scripts(office: Office, visitor: Visitor) -> None:
    entered = sign_in(visitor, office.account().email)
    for cookie in entered.headers.get_list("set-cookie"):
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie


def bearer(office: Office, *scopes: str) -> dict[str, str]:
    account = office.account(Role.COORDINATOR)
    issue = office.parts.signing_in.issue_token
    token = issue(ADMINISTRATOR, account.id, "Otvoreni podaci", scopes, timedelta(days=30))
    return {"authorization": f"Bearer {token}"}


def test_the_api_answers_with_problems(office: Office, visitor: Visitor) -> None:
    answer = visitor.get("/api/v1/fails/refused", headers=bearer(office, "cases:read"))
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["code"] == "initiative.wrong-stage"
    assert problem["params"] == {"stage": "drafting", "deed": "publish"}
    assert problem["field"] == "occurred_on"
    assert problem["status"] == 422
    assert problem["detail"] == "This is not done in the stage “Drafting”."


@pytest.mark.parametrize(
    ("how", "status", "code"),
    [
        ("conflict", 409, "log.conflict"),
        ("key-reused", 422, "log.key-reused"),
        ("unavailable", 503, "log.unavailable"),
        ("unreadable", 503, "log.unreadable"),
        ("no-procedure", 503, "procedure.not-at-hand"),
        ("unexpected", 500, "request.unexpected"),
        ("unknown-code", 422, "initiative.invented-in-a-test"),
    ],
)
def test_every_failure_of_the_api_has_a_code(
    office: Office, visitor: Visitor, how: str, status: int, code: str
) -> None:
    answer = visitor.get(f"/api/v1/fails/{how}", headers=bearer(office, "cases:read"))
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert "secret of the inside" not in answer.text


def test_the_api_takes_a_token_and_no_cookie(office: Office, signed_in: Visitor) -> None:
    refused = signed_in.get("/api/v1/fails/refused")
    assert (refused.status_code, refused.json()["code"]) == (401, "access.token-missing")
    assert refused.headers["www-authenticate"] == "Bearer"
    assert signed_in.post("/api/v1/echo", json={"a": 1}, headers=bearer(office, "cases:write")).status_code == 201


def test_a_token_goes_as_far_as_its_scopes(office: Office, visitor: Visitor) -> None:
    refused = visitor.post("/api/v1/echo", json={"a": 1}, headers=bearer(office, "cases:read"))
    assert (refused.status_code, refused.json()["code"]) == (403, "access.scope-missing")


def test_a_token_opens_no_page(office: Office, visitor: Visitor) -> None:
    assert visitor.get("/", headers=bearer(office, "cases:read"), follow_redirects=False).status_code == 303


def test_a_token_ends(office: Office, visitor: Visitor) -> None:
    headers = bearer(office, "cases:read")
    office.clock.pass_by(timedelta(days=30))
    assert visitor.get("/api/v1/fails/refused", headers=headers).status_code == 401


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"[" * 5000 + b"]" * 5000, 400),
        (b'{"a":' * 5000 + b"1" + b"}" * 5000, 400),
        (b"{", 400),
        (b"\xff", 400),
        (b"[]", 400),
    ],
)
def test_json_that_cannot_be_read_is_a_problem(office: Office, visitor: Visitor, body: bytes, status: int) -> None:
    headers = bearer(office, "cases:write") | {"content-type": "application/json"}
    answer = visitor.post("/api/v1/echo", content=body, headers=headers)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/sign-in",
        "/fails/unexpected",
        "/no-such-page",
        "/sign-out",
        "/admin/accounts",
        "/health/live",
        "/health/ready",
        "/api/v1/fails/refused",
        static_address("pobratim.css"),
    ],
)
@pytest.mark.parametrize("entered", [False, True])
def test_head_is_get_without_the_body(office: Office, visitor: Visitor, path: str, entered: bool) -> None:
    if entered:
        sign_in(visitor, office.account().email)
    visitor.get(path, follow_redirects=False)  # whoever comes for the first time gets a cookie
    whole = visitor.get(path, follow_redirects=False)
    head = visitor.head(path, follow_redirects=False)
    assert (head.status_code, head.content) == (whole.status_code, b"")
    changing = {"content-length"} if whole.status_code == 500 else set[str]()  # its number is another one each time
    assert {name: value for name, value in head.headers.items() if name not in changing} == {
        name: value for name, value in whole.headers.items() if name not in changing
    }


def test_anybody_may_ask_for_the_methods_of_an_address(visitor: Visitor) -> None:
    for path in ("/health/live", "/sign-in/link/invented", "/sign-out"):
        answer = visitor.options(path, follow_redirects=False)
        assert (answer.status_code, answer.content) == (204, b"")
        assert "OPTIONS" in answer.headers["allow"]
    assert "HEAD" in visitor.options("/health/live").headers["allow"].split(", ")
    assert "HEAD" in visitor.patch("/health/live").headers["allow"].split(", ")


def test_health_needs_nobody(visitor: Visitor) -> None:
    assert visitor.get("/health/live").json() == {"status": "ok"}
    assert visitor.get("/health/ready").json() == {"ready": True, "lag": 0, "missing": []}


def test_there_is_no_public_schema(visitor: Visitor) -> None:
    assert visitor.get("/schema").status_code == 404
