"""Pages of tokens: what an administrator does with them, and what each says."""

import re
from datetime import timedelta
from html import unescape
from uuid import uuid4

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from application.access import Role
from application.accounts import Account
from tests.web.conftest import Office, hidden_of, sign_in, token_of

Visitor = TestClient[Litestar]
PATH = "/admin/tokens"
OWN = "/account/tokens"


@pytest.fixture
def portal(office: Office, visitor: Visitor) -> Account:
    """The account for which tokens are given, while an administrator is signed in."""
    sign_in(visitor, office.account(Role.ADMINISTRATOR, "Vesna Ćirić").email)
    return office.account(Role.COORDINATOR, "Portal Niša")


def made(visitor: Visitor, portal: Account, **changed: str) -> tuple[int, str]:
    fields = {"name": "Statistika", "account": str(portal.id), "scopes": "events:read", "days": "30"} | changed
    answer = visitor.post(PATH, data=fields | {"_csrf": token_of(visitor.get(f"{PATH}/new").text)})
    return answer.status_code, answer.text


def secret_on(page: str) -> str:
    found = re.search(r'<textarea class="linkbox"[^>]*>([^<]+)<', page)
    assert found, page
    return unescape(found[1])


def test_where_nobody_has_a_token_the_page_says_what_one_is(visitor: Visitor, portal: Account) -> None:
    page = visitor.get(PATH).text
    assert "Nijedan sistem još nema token" in page
    assert "<table" not in page


def test_a_token_is_shown_once_works_and_is_listed_without_its_secret(
    office: Office, visitor: Visitor, portal: Account
) -> None:
    status, page = made(visitor, portal)
    assert status == 200
    secret = secret_on(page)
    assert 'data-copy="#secret"' in page
    listed = visitor.get(PATH).text
    assert "nije korišćen" in listed
    assert f"pbt_{secret.split('_')[1]}" in listed
    assert secret not in listed
    grant = office.parts.signing_in.grant(secret)
    assert grant is not None
    assert grant.scopes == {"events:read"}
    assert "nije korišćen" not in visitor.get(PATH).text
    office.clock.pass_by(timedelta(days=20))
    sign_in(visitor, next(mail for mail, one in office.opened.items() if one.role is Role.ADMINISTRATOR))
    assert "uskoro ističe" in visitor.get(PATH).text


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"name": ""}, "Popunite ovo polje."),
        ({"name": "x" * 201}, "najviše 200 znakova"),
        ({"account": ""}, "Izaberite jednu mogućnost."),
        ({"account": "nobody"}, "Izaberite nešto od ponuđenog."),
        ({"scopes": "everything"}, "Izaberite bar jedno ovlašćenje"),
        ({"days": "0"}, "od 1 do 366"),
        ({"days": "367"}, "od 1 do 366"),
        ({"days": "many"}, "od 1 do 366"),
    ],
)
def test_a_wrong_field_is_explained_and_nothing_is_made(
    office: Office, visitor: Visitor, portal: Account, changed: dict[str, str], said: str
) -> None:
    status, page = made(visitor, portal, **changed)
    assert (status, said in unescape(page)) == (422, True), page
    assert not office.parts.keeping_tokens.list(next(iter(office.opened.values())).person)


def test_a_new_secret_takes_the_place_of_the_old_one(office: Office, visitor: Visitor, portal: Account) -> None:
    old = secret_on(made(visitor, portal)[1])
    address = f"{PATH}/{old.split('_')[1]}/rotate"
    asked = visitor.get(address).text
    answer = visitor.post(address, data={"hours": "1", "days": "60", "_csrf": token_of(asked)})
    new = secret_on(answer.text)
    assert new != old
    assert answer.headers["cache-control"] == "no-store"
    assert office.parts.signing_in.grant(old)
    office.clock.pass_by(timedelta(hours=1))
    assert not office.parts.signing_in.grant(old)
    assert office.parts.signing_in.grant(new)
    wrong = visitor.post(address, data={"hours": "25", "days": "60", "_csrf": token_of(asked)})
    assert wrong.status_code == 422
    assert office.parts.signing_in.grant(new)


def test_revoking_says_what_will_happen_and_then_does_it(office: Office, visitor: Visitor, portal: Account) -> None:
    secret = secret_on(made(visitor, portal)[1])
    address = f"{PATH}/{secret.split('_')[1]}/revoke"
    asked = visitor.get(address).text
    assert office.parts.signing_in.grant(secret), "looking does nothing"
    assert "Još nije korišćen." in asked
    done = visitor.post(address, data={"_csrf": token_of(asked)})
    assert "Token je opozvan: Statistika" in done.text
    assert not office.parts.signing_in.grant(secret)
    assert "opozvan" in visitor.get(f"{PATH}?show=ended").text
    assert visitor.get(address).status_code == 422
    assert visitor.post(address, data={"_csrf": token_of(asked)}).status_code == 422


def test_the_list_is_searched(visitor: Visitor, portal: Account) -> None:
    made(visitor, portal)
    assert "Statistika" in visitor.get(f"{PATH}?q=статистика").text
    assert "Nijedan token nije nađen" in visitor.get(f"{PATH}?q=ministarstvo").text


def test_the_same_form_sent_twice_makes_one_token(visitor: Visitor, portal: Account) -> None:
    fields = {"name": "Klik", "account": str(portal.id), "scopes": "events:read", "days": "30"}
    fields |= hidden_of(visitor.get(f"{PATH}/new").text)
    first, second = (visitor.post(PATH, data=fields).text for _ in range(2))
    assert secret_on(first)
    assert "Već je prikazan" in second
    assert visitor.get(PATH).text.count("<b>Klik</b>") == 1


def test_everybody_keeps_the_tokens_in_the_own_name(office: Office, visitor: Visitor, portal: Account) -> None:
    secret = secret_on(made(visitor, portal)[1])
    token = secret.split("_")[1]
    empty = visitor.get(OWN).text
    assert "Nijedan sistem nema token u vaše ime" in empty, "an administrator has none of the own"
    assert OWN not in visitor.get("/account").text
    assert visitor.get(f"{OWN}/{token}/rotate").status_code == 422, "it is somebody else's"

    sign_in(visitor, portal.email)
    assert f'href="{OWN}"' in visitor.get("/account").text
    listed = visitor.get(OWN).text
    assert f"pbt_{token}" in listed
    assert "Novi token" not in listed
    fields = hidden_of(visitor.get(f"{OWN}/{token}/rotate").text) | {"hours": "1"}
    answers = [visitor.post(f"{OWN}/{token}/rotate", data=fields) for _ in range(2)]
    new = secret_on(answers[0].text)
    assert "Već je prikazan" in answers[1].text
    assert office.parts.signing_in.grant(secret)
    assert office.parts.signing_in.grant(new)
    refused = visitor.post(f"{OWN}/{token}/rotate", data=fields | {"hours": "25", "_key": str(uuid4())})
    assert refused.status_code == 422

    asked = visitor.get(f"{OWN}/{token}/revoke").text
    done = visitor.post(f"{OWN}/{token}/revoke", data={"_csrf": token_of(asked)})
    assert str(done.url).endswith(OWN)
    assert not office.parts.signing_in.grant(new)
    assert "opozvan" in visitor.get(f"{OWN}?show=ended").text


def test_nobody_reaches_the_token_of_somebody_else(office: Office, visitor: Visitor, portal: Account) -> None:
    secret = secret_on(made(visitor, portal)[1])
    token = secret.split("_")[1]
    sign_in(visitor, office.account(Role.TECHNICIAN, "Saša Ilić").email)
    assert token not in visitor.get(OWN).text
    csrf = token_of(visitor.get("/account").text)
    for deed in ("rotate", "revoke"):
        answers = visitor.get(f"{OWN}/{token}/{deed}"), visitor.post(f"{OWN}/{token}/{deed}", data={"_csrf": csrf})
        assert [one.status_code for one in answers] == [422, 422]
        unknown = visitor.get(f"{OWN}/0123456789/{deed}")
        assert unescape(unknown.text).count("pbt_") == 0
        assert visitor.get(f"{PATH}/{token}/{deed}").status_code == 403
    assert office.parts.signing_in.grant(secret)
