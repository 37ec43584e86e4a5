"""Only our own pages send forms; a form that is not accepted loses nothing that was typed."""

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from tests.web.conftest import PROPOSED, Office, hidden_of, sign_in, token_of
from web import csrf

Visitor = TestClient[Litestar]
ENTRY = {"partner": "Gravina in Puglia", "why": "<b>zašto & kako</b>"}


@pytest.fixture
def signed_in(office: Office, visitor: Visitor) -> Visitor:
    sign_in(visitor, office.account().email)
    return visitor


def propose(visitor: Visitor, token: str | None, **headers: str) -> tuple[int, str]:
    fields = ENTRY | ({} if token is None else {"_csrf": token})
    sent = visitor.post("/initiatives/new", data=fields, headers=headers, follow_redirects=False)
    return sent.status_code, sent.text


def test_a_form_of_our_page_is_accepted(signed_in: Visitor) -> None:
    token = token_of(signed_in.get("/").text)
    assert propose(signed_in, token, origin="http://testserver.local", **{"sec-fetch-site": "same-origin"})[0] == 303
    assert len(PROPOSED) == 1


def test_a_token_serves_every_form_of_the_session(signed_in: Visitor) -> None:
    first, second = (token_of(signed_in.get("/").text) for _ in range(2))
    assert first != second
    assert {propose(signed_in, token)[0] for token in (first, second, first)} == {303}


@pytest.mark.parametrize("token", [None, "", "invented", "я", "AAAA", "A" * 64, "=" * 64])
def test_without_the_token_the_entry_is_shown_again_to_be_confirmed(signed_in: Visitor, token: str | None) -> None:
    status, page = propose(signed_in, token)
    assert status == 403
    assert PROPOSED == []
    assert "Potvrdite" in page
    assert "Gravina in Puglia" in page
    assert "<b>zašto" not in page
    fields = hidden_of(page)
    assert fields["why"] == ENTRY["why"]
    confirmed = signed_in.post("/initiatives/new", data=_of_entry(page), follow_redirects=False)
    assert confirmed.status_code == 303
    assert dict(PROPOSED[0][1]) == ENTRY


def _of_entry(page: str) -> dict[str, str]:
    """The fields of the form that sends the entry, not of the one that signs out."""
    return hidden_of(page.split('action="/initiatives/new"')[1])


def test_a_token_of_another_session_is_not_accepted(office: Office, signed_in: Visitor) -> None:
    other = office.browser()
    sign_in(other, office.account().email)
    assert propose(signed_in, token_of(other.get("/").text))[0] == 403


def test_a_token_from_before_the_sign_in_is_not_accepted_after_it(office: Office, visitor: Visitor) -> None:
    before = token_of(visitor.get("/sign-in").text)
    sign_in(visitor, office.account().email)
    assert propose(visitor, before)[0] == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://testserver.local.evil.example"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_a_form_from_another_site_is_refused_and_not_shown(signed_in: Visitor, headers: dict[str, str]) -> None:
    status, page = propose(signed_in, token_of(signed_in.get("/").text), **headers)
    assert status == 403
    assert PROPOSED == []
    assert "Gravina" not in page
    assert "sa drugog sajta" in page


def test_the_sign_in_form_is_protected_too(office: Office, visitor: Visitor) -> None:
    account = office.account()
    forged = visitor.post("/sign-in", data={"email": account.email, "password": "whatever it is"})
    assert forged.status_code == 403
    assert "pobratim" not in visitor.cookies
    assert "whatever it is" not in forged.text


def test_signing_out_needs_the_token(signed_in: Visitor) -> None:
    assert signed_in.post("/sign-out", follow_redirects=False).status_code == 403
    assert signed_in.get("/", follow_redirects=False).status_code == 200


def test_a_deed_cannot_be_done_by_following_a_link(signed_in: Visitor) -> None:
    assert signed_in.get("/sign-out").status_code == 405


def test_a_token_is_bound_to_key_and_session() -> None:
    token = csrf.token("a" * 32, "session")
    assert csrf.fits(token, "a" * 32, "session")
    assert not csrf.fits(token, "b" * 32, "session")
    assert not csrf.fits(token, "a" * 32, "another")
    assert not csrf.fits("A" + token[1:] if token[0] != "A" else "B" + token[1:], "a" * 32, "session")
