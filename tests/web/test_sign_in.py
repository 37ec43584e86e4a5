"""Coming in by password or by link, staying in, going out."""

import re
from datetime import timedelta
from html import unescape
from urllib.parse import urlencode

import pytest
from httpx import Response
from litestar import Litestar
from litestar.testing import TestClient

from application.access import Role
from application.accounts import Account
from application.kept_entries import KEPT
from application.signing_in import IDLE, LONGEST, PER_ACCOUNT, WINDOW
from tests.web.conftest import ADMINISTRATOR, PASSWORD, PROPOSED, Office, hidden_of, sign_in, token_of

Visitor = TestClient[Litestar]


def is_in(visitor: Visitor) -> bool:
    return visitor.get("/", follow_redirects=False).status_code == 200


def test_a_stranger_is_asked_to_sign_in_and_comes_back_to_the_page(office: Office, visitor: Visitor) -> None:
    account = office.account()
    asked = visitor.get("/?q=Ni%C5%A1", follow_redirects=False)
    assert (asked.status_code, asked.headers["location"]) == (303, "/sign-in?next=%2F%3Fq%3DNi%25C5%25A1")
    page = visitor.get(asked.headers["location"]).text
    fields = hidden_of(page) | {"email": account.email, "password": PASSWORD}
    entered = visitor.post("/sign-in", data=fields, follow_redirects=False)
    assert (entered.status_code, entered.headers["location"]) == (303, "/?q=Ni%C5%A1")
    assert is_in(visitor)


def test_a_piece_of_a_page_never_takes_the_page_away_from_who_is_typing(visitor: Visitor) -> None:
    answer = visitor.get("/?partner=Edir", headers={"hx-request": "true"})
    assert (answer.status_code, answer.text) == (401, "")
    assert "hx-redirect" not in answer.headers


def test_the_address_of_an_account_is_known_in_any_case(office: Office, visitor: Visitor) -> None:
    sign_in(visitor, office.account().email.upper())
    assert is_in(visitor)


def test_a_session_that_the_browser_brought_is_never_the_one_that_is_opened(office: Office, visitor: Visitor) -> None:
    account = office.account()
    visitor.cookies.set("pobratim", "planted-by-somebody-else")
    entered = sign_in(visitor, account.email)
    assert "planted-by-somebody-else" not in entered.headers["set-cookie"]
    thief = office.browser()
    thief.cookies.set("pobratim", "planted-by-somebody-else")
    assert not is_in(thief)


def test_signing_in_again_opens_a_new_session_and_ends_the_old_one(office: Office, visitor: Visitor) -> None:
    account = office.account()
    sign_in(visitor, account.email)
    old = visitor.cookies["pobratim"]
    page = visitor.get("/").text
    fields = {"_csrf": token_of(page), "email": account.email, "password": PASSWORD}
    visitor.post("/sign-in", data=fields, follow_redirects=False)
    assert visitor.cookies["pobratim"] != old
    assert office.sessions() == 1


def test_signing_out_ends_the_session_on_the_server(office: Office, visitor: Visitor) -> None:
    sign_in(visitor, office.account().email)
    secret = visitor.cookies["pobratim"]
    left = visitor.post("/sign-out", data={"_csrf": token_of(visitor.get("/").text)})
    assert "Odjavljeni ste." in left.text
    assert "Odjavljeni ste." not in visitor.get("/sign-in").text
    visitor.cookies.set("pobratim", secret)
    assert not is_in(visitor)


@pytest.mark.parametrize(("wait", "still_in"), [(IDLE - timedelta(minutes=1), True), (IDLE, False)])
def test_a_session_ends_when_nothing_is_asked_for(
    office: Office, visitor: Visitor, wait: timedelta, still_in: bool
) -> None:
    sign_in(visitor, office.account().email)
    office.clock.pass_by(wait)
    assert is_in(visitor) is still_in


def test_a_session_ends_however_busy_it_is(office: Office, visitor: Visitor) -> None:
    sign_in(visitor, office.account().email)
    started = office.clock.now
    while office.clock.now - started < LONGEST - IDLE:
        office.clock.pass_by(IDLE / 2)
        assert is_in(visitor)
    office.clock.pass_by(IDLE)
    assert not is_in(visitor)


def test_disabling_an_account_ends_its_sessions_at_once(office: Office, visitor: Visitor) -> None:
    account = office.account()
    sign_in(visitor, account.email)
    office.parts.keeping_accounts.disable(ADMINISTRATOR, account.id)
    assert not is_in(visitor)
    assert office.sessions() == 0
    assert "nisu tačne" in sign_in(visitor, account.email).text


def test_only_the_hash_of_a_session_is_kept(office: Office, visitor: Visitor) -> None:
    sign_in(visitor, office.account().email)
    with office.pool.connection() as db:
        rows = db.execute("SELECT encode(token_hash, 'escape'), encode(token_hash, 'base64') FROM access.sessions")
        kept = rows.fetchall()
    assert len(kept) == 1
    assert visitor.cookies["pobratim"] not in str(kept)


@pytest.mark.parametrize("password", ["wrong password", "x" * 5000, "\0", "šđčćž 🔑"])
def test_a_wrong_password_says_no_more_than_that(office: Office, visitor: Visitor, password: str) -> None:
    refused = sign_in(visitor, office.account().email, password)
    unknown = sign_in(visitor, "nobody@primer.rs", password)
    assert (refused.status_code, unknown.status_code) == (422, 422)
    sentence = "Adresa e-pošte ili lozinka nisu tačne."
    assert sentence in refused.text
    assert sentence in unknown.text
    assert password not in refused.text
    assert not is_in(visitor)


@pytest.mark.parametrize(("email", "password"), [("", PASSWORD), ("a@b.rs", ""), ("\u202eevil@b.rs", "x"), ("\0", "x")])
def test_an_incomplete_sign_in_is_explained_at_the_field(
    office: Office, visitor: Visitor, email: str, password: str
) -> None:
    refused = sign_in(visitor, email, password)
    assert refused.status_code == 422
    assert 'aria-invalid="true"' in refused.text


def test_guessing_is_stopped_for_a_while(office: Office, visitor: Visitor) -> None:
    account, other = office.account(), office.account()
    for _ in range(PER_ACCOUNT):
        sign_in(visitor, account.email, "guess")
    stopped = sign_in(visitor, account.email)
    assert (stopped.status_code, "Previše pokušaja" in stopped.text) == (422, True)
    sign_in(visitor, other.email)
    assert is_in(visitor), "nobody else is stopped"
    office.clock.pass_by(WINDOW)
    later = office.browser()
    sign_in(later, account.email)
    assert is_in(later)


def test_a_right_password_clears_the_count(office: Office, visitor: Visitor) -> None:
    account = office.account()
    for _ in range(3):
        for _ in range(PER_ACCOUNT - 1):
            sign_in(visitor, account.email, "guess")
        other = office.browser()
        sign_in(other, account.email)
        assert is_in(other)


def link_for(office: Office, *, lasts: timedelta = timedelta(minutes=15), reusable: bool = False) -> str:
    account = office.account(name="Milan Đorđević")
    _, secret = office.parts.keeping_accounts.link(ADMINISTRATOR, account.id, lasts, reusable=reusable)
    return f"/sign-in/link/{secret}"


def test_looking_at_a_link_does_not_use_it_up(office: Office, visitor: Visitor) -> None:
    link = link_for(office)
    for _ in range(3):
        shown = visitor.get(link)
        assert "Dobro došli, Milan Đorđević" in shown.text
    entered = visitor.post(link, data={"_csrf": token_of(shown.text)}, follow_redirects=False)
    assert entered.status_code == 303
    assert is_in(visitor)


def test_a_link_works_once(office: Office, visitor: Visitor) -> None:
    link = link_for(office)
    second = office.browser()
    token = token_of(second.get(link).text)
    visitor.post(link, data={"_csrf": token_of(visitor.get(link).text)}, follow_redirects=False)
    late = second.post(link, data={"_csrf": token}, follow_redirects=False)
    assert late.status_code == 410
    assert "više ne važi" in late.text
    assert not is_in(second)


def test_a_link_ends_after_its_time(office: Office, visitor: Visitor) -> None:
    link = link_for(office)
    office.clock.pass_by(timedelta(minutes=15))
    assert visitor.get(link).status_code == 410


def test_a_link_of_the_demo_may_be_used_again(office: Office, visitor: Visitor) -> None:
    link = link_for(office, lasts=timedelta(days=30), reusable=True)
    for _ in range(2):
        again = office.browser()
        again.post(link, data={"_csrf": token_of(again.get(link).text)}, follow_redirects=False)
        assert is_in(again)


def test_an_invented_link_is_no_link(visitor: Visitor) -> None:
    assert visitor.get("/sign-in/link/invented").status_code == 410
    assert visitor.get("/sign-in/link/%00%ff").status_code in (400, 404, 410)


TYPED = [
    ("partner", "Gravina in Puglia"),
    ("fields", "culture"),
    ("fields", "sport"),
    ("why", "Prvi red\r\n„drugi“ & <b>"),
]


def test_what_was_typed_when_the_session_ended_is_sent_after_signing_in_again(office: Office, visitor: Visitor) -> None:
    account = office.account()
    sign_in(visitor, account.email)
    form_token = token_of(visitor.get("/").text)
    office.clock.pass_by(IDLE)

    asked = visitor.post("/initiatives/new?from=desk", content=_body([("_csrf", form_token), *TYPED]), headers=FORM)
    assert asked.status_code == 401
    assert "je sačuvano" in asked.text
    fields = hidden_of(asked.text) | {"email": account.email, "password": PASSWORD}

    wrong = visitor.post("/sign-in", data=fields | {"password": "not this one"})
    assert wrong.status_code == 422
    fields = hidden_of(wrong.text) | {"email": account.email, "password": PASSWORD}

    kept = visitor.post("/sign-in", data=fields)
    assert kept.status_code == 200
    assert "Gravina in Puglia" in kept.text
    assert PASSWORD not in kept.text
    assert 'action="/initiatives/new?from=desk"' in kept.text
    pairs = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', kept.text.split('action="/initiatives/new')[1])
    sent = visitor.post(
        "/initiatives/new", content=_body([(n, unescape(v)) for n, v in pairs]), headers=FORM, follow_redirects=False
    )
    assert sent.status_code == 303
    assert PROPOSED[0] == (account.name, tuple(TYPED))
    assert len(PROPOSED) == 1


FORM = {"content-type": "application/x-www-form-urlencoded"}


def link_of(office: Office, account: Account) -> str:
    _, secret = office.parts.keeping_accounts.link(ADMINISTRATOR, account.id)
    return f"/sign-in/link/{secret}"


def follow(visitor: Visitor, link: str) -> Response:
    return visitor.post(link, data={"_csrf": token_of(visitor.get(link).text)}, follow_redirects=False)


def write_until_the_session_ends(office: Office, visitor: Visitor, email: str) -> str:
    """The page that asks to sign in again."""
    sign_in(visitor, email)
    token = token_of(visitor.get("/").text)
    office.clock.pass_by(IDLE)
    return visitor.post("/initiatives/new?from=desk", content=_body([("_csrf", token), *TYPED]), headers=FORM).text


def kept_entries(office: Office) -> int:
    with office.pool.connection() as db:
        row = db.execute("SELECT count(*) FROM access.kept_entries").fetchone()
    assert row is not None
    return row[0]


def test_what_was_typed_is_sent_after_coming_in_by_a_link(office: Office, visitor: Visitor) -> None:
    account = office.account()
    write_until_the_session_ends(office, visitor, account.email)
    link = link_of(office, account)
    assert "je sačuvano" in visitor.get(link).text
    kept = follow(visitor, link)
    assert kept.status_code == 200
    assert 'action="/initiatives/new?from=desk"' in kept.text
    form = kept.text.split('action="/initiatives/new')[1]
    pairs = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form)
    sent = visitor.post(
        "/initiatives/new", content=_body([(n, unescape(v)) for n, v in pairs]), headers=FORM, follow_redirects=False
    )
    assert sent.status_code == 303
    assert [(account.name, tuple(TYPED))] == PROPOSED
    assert kept_entries(office) == 0
    assert follow(visitor, link_of(office, account)).headers["location"] == "/", "an entry comes back once"


def test_an_entry_that_waits_outlives_another_language_of_the_sign_in_page(office: Office, visitor: Visitor) -> None:
    account = office.account()
    write_until_the_session_ends(office, visitor, account.email)
    page = visitor.get("/language/en?next=/sign-in").text
    assert "What you typed is kept" in page
    visitor.get("/language/sr-Latn?next=/sign-in")
    assert "Gravina in Puglia" in sign_in(visitor, account.email).text


@pytest.mark.parametrize("by_link", [True, False])
def test_an_entry_is_never_shown_to_somebody_else(office: Office, visitor: Visitor, by_link: bool) -> None:
    writer, other = office.account(), office.account(name="Milan Đorđević")
    page = write_until_the_session_ends(office, visitor, writer.email)
    if by_link:
        entered = follow(visitor, link_of(office, other))
    else:
        entered = visitor.post(
            "/sign-in",
            data=hidden_of(page) | {"email": other.email, "password": PASSWORD},
            follow_redirects=False,
        )
    assert (entered.status_code, entered.headers["location"]) == (303, "/")
    assert "Gravina" not in entered.text
    assert kept_entries(office) == 0
    back = sign_in(office.browser(), writer.email, _kept=hidden_of(page)["_kept"])
    assert back.status_code == 303, "it is dropped"


def test_an_entry_waits_for_an_hour(office: Office, visitor: Visitor) -> None:
    account = office.account()
    page = write_until_the_session_ends(office, visitor, account.email)
    office.clock.pass_by(KEPT)
    late = sign_in(visitor, account.email, _kept=hidden_of(page)["_kept"])
    assert late.status_code == 303
    assert kept_entries(office) == 0


def test_another_browser_cannot_ask_for_an_entry(office: Office, visitor: Visitor) -> None:
    account = office.account()
    write_until_the_session_ends(office, visitor, account.email)
    assert sign_in(office.browser(), account.email).status_code == 303
    assert kept_entries(office) == 1


def test_only_so_many_entries_wait(office: Office, visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("application.kept_entries.MOST_OF_STRANGERS", 2)
    account = office.account()
    write_until_the_session_ends(office, visitor, account.email)
    keys = [_asked_by_a_stranger(office, f"unos {number}") for number in range(4)]
    assert kept_entries(office) == 3, "two of strangers, and one of somebody who is known"
    with office.pool.connection() as db:
        fields = db.execute("SELECT fields FROM access.kept_entries WHERE account IS NULL ORDER BY kept_at").fetchall()
    assert [b"unos 2" in fields[0][0], b"unos 3" in fields[1][0]] == [True, True]
    assert len(set(keys)) == 4


def _asked_by_a_stranger(office: Office, why: str) -> str:
    office.clock.pass_by(timedelta(seconds=1))
    return hidden_of(office.browser().post("/initiatives/new", data={"why": why}).text)["_kept"]


def test_only_the_hash_of_the_key_is_kept_and_the_cookie_is_out_of_reach(office: Office, visitor: Visitor) -> None:
    page = write_until_the_session_ends(office, visitor, office.account().email)
    key = hidden_of(page)["_kept"]
    assert visitor.cookies["pobratim-kept"] == key
    with office.pool.connection() as db:
        assert key.encode() not in db.execute("SELECT key_hash FROM access.kept_entries").fetchall()[0][0]
    again = office.browser().post("/initiatives/new", data={"why": "x"})
    cookie = next(c for c in again.headers.get_list("set-cookie") if c.startswith("pobratim-kept="))
    assert {"HttpOnly", "Max-Age=3600", "SameSite=lax"} <= set(cookie.split("; "))


def test_a_link_leads_to_the_page_that_was_asked_for(office: Office, visitor: Visitor) -> None:
    visitor.get("/?q=Ni%C5%A1")
    assert follow(visitor, link_of(office, office.account())).headers["location"] == "/?q=Ni%C5%A1"
    assert follow(visitor, link_of(office, office.account())).headers["location"] == "/", "once"


def test_nobody_is_led_to_a_page_that_is_not_theirs(office: Office, visitor: Visitor) -> None:
    visitor.get("/initiatives?q=nis")
    entered = follow(visitor, link_of(office, office.account(Role.ADMINISTRATOR)))
    assert entered.headers["location"] == "/admin/accounts"


@pytest.mark.parametrize("target", ["x", "aHR0cHM6Ly9ldmlsLmV4YW1wbGUv", "Ly9ldmlsLmV4YW1wbGU=", "я"])
def test_a_forged_target_leads_nowhere(office: Office, visitor: Visitor, target: str) -> None:
    visitor.cookies.set("pobratim-target", target.encode("ascii", "ignore").decode())
    assert follow(visitor, link_of(office, office.account())).headers["location"] == "/"


def _body(pairs: list[tuple[str, str]]) -> bytes:
    return urlencode(pairs).encode()


def test_an_entry_that_is_too_long_to_carry_is_not_carried_and_the_page_says_so(visitor: Visitor) -> None:
    asked = visitor.post("/initiatives/new", data={"why": "я" * 600_000})
    assert asked.status_code == 401
    assert "_kept" not in asked.text
    assert "unesite ponovo" in asked.text


def test_however_much_was_typed_comes_again_after_the_sign_in(office: Office, visitor: Visitor) -> None:
    typed = 'Образложење "са наводницима"\r\n' * 10_000
    account = office.account()
    sign_in(visitor, account.email)
    fields = {"_csrf": token_of(visitor.get("/").text), "rationale": typed}
    visitor.cookies.delete("pobratim")
    asked = visitor.post("/initiatives/new", data=fields)
    assert asked.status_code == 401
    hidden = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', asked.text))
    carried = {name: unescape(value) for name, value in hidden.items()}
    again = visitor.post("/sign-in", data={**carried, "email": account.email, "password": PASSWORD})
    assert again.status_code == 200
    [value] = re.findall(r'type="hidden" name="rationale" value="([^"]*)"', again.text)
    assert unescape(value) == typed


@pytest.mark.parametrize("kept", ["[", "[" * 5000, '{"a": 1}', '[["a", 1]]', "[]", "nonsense"])
def test_a_kept_entry_that_is_none_is_left_aside(office: Office, visitor: Visitor, kept: str) -> None:
    entered = sign_in(visitor, office.account().email, _kept=kept, _to="/initiatives/new")
    assert (entered.status_code, entered.headers["location"]) == (303, "/initiatives/new")


ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example",
    "\\\\evil.example",
    "/%0d%0aset-cookie: a=b" + "\r\nx: y",
    "javascript:alert(1)",
    "/\t/evil.example",
    "evil.example",
    " /",
    "/" + "a" * 5000,
]


@pytest.mark.parametrize("address", ELSEWHERE)
def test_nobody_is_led_to_another_site(office: Office, visitor: Visitor, address: str) -> None:
    entered = sign_in(visitor, office.account().email, _to=address)
    assert entered.headers["location"] == "/"
    for asked in ("/sign-in", "/language/en"):
        led = visitor.get(asked, params={"next": address}, follow_redirects=False)
        assert led.headers["location"] == "/"


def test_the_language_is_kept_in_cookie_and_account(office: Office, visitor: Visitor) -> None:
    assert 'lang="sr-Latn"' in visitor.get("/sign-in").text
    back = visitor.get("/language/sr-Cyrl?next=/sign-in")
    assert 'lang="sr-Cyrl"' in back.text
    assert "Пријава" in back.text
    account = office.account()
    sign_in(visitor, account.email)
    visitor.get("/language/en", follow_redirects=False)
    elsewhere = office.browser()
    sign_in(elsewhere, account.email)
    assert '<html lang="en"' in elsewhere.get("/").text
    assert visitor.get("/language/tlh").status_code == 404


def test_the_language_page_goes_back_to_where_one_was(visitor: Visitor) -> None:
    back = visitor.get(
        "/language/en", headers={"referer": "http://testserver.local/sign-in?next=%2F"}, follow_redirects=False
    )
    assert back.headers["location"] == "/sign-in?next=%2F"
    other = visitor.get("/language/en", headers={"referer": "https://evil.example/x"}, follow_redirects=False)
    assert other.headers["location"] == "/sign-in"


def test_an_administrator_begins_with_the_accounts(office: Office, visitor: Visitor) -> None:
    entered = sign_in(visitor, office.account(Role.ADMINISTRATOR).email)
    assert entered.headers["location"] == "/admin/accounts"
