"""Pages of the clients of an identity provider."""

from collections.abc import Sequence
from html import unescape
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from application.access import Role
from application.accounts import Account
from application.oidc_clients import Client
from tests.web.conftest import ADMINISTRATOR, Office, sign_in, token_of

Visitor = TestClient[Litestar]
PATH = "/admin/tokens/clients"
ISSUER = "https://login.example.rs/realms/towns"


@pytest.fixture
def portal(office: Office, visitor: Visitor) -> Account:
    """The account for which clients ask, while an administrator is signed in."""
    office.parts.keeping_clients.issuer = ISSUER
    sign_in(visitor, office.account(Role.ADMINISTRATOR, "Vesna Ćirić").email)
    return office.account(Role.COORDINATOR, "Portal Niša")


def added(visitor: Visitor, portal: Account, **changed: Any) -> tuple[int, str]:
    fields = {"client": "town-portal", "account": str(portal.id), "scopes": "events:read"} | changed
    answer = visitor.post(PATH, data=fields | {"_csrf": token_of(visitor.get(f"{PATH}/new").text)})
    return answer.status_code, unescape(answer.text)


def kept(office: Office) -> Sequence[Client]:
    return office.parts.keeping_clients.list(ADMINISTRATOR)


def test_where_no_client_may_ask_the_page_leads_to_the_first_one(
    office: Office, visitor: Visitor, portal: Account
) -> None:
    assert PATH in visitor.get("/admin/tokens").text
    page = visitor.get(PATH).text
    assert "Još nijedan klijent ne sme da pita" in page
    assert (f'href="{PATH}/new"' in page, ISSUER in page, "<table" in page) == (True, True, False)
    office.parts.keeping_clients.issuer = ""
    page = visitor.get(PATH).text
    assert "POBRATIM_OIDC_ISSUER" in page
    assert f'href="{PATH}/new"' not in page


def test_a_client_is_added_and_added_again_in_place_of_itself(
    office: Office, visitor: Visitor, portal: Account
) -> None:
    status, page = added(visitor, portal)
    assert (status, "Klijent sme da pita: town-portal" in page, "nije korišćen" in page) == (200, True, True)
    first = kept(office)[0]
    assert (first.issuer, first.subject, first.scopes) == (ISSUER, "town-portal", ("events:read",))
    _, page = added(visitor, portal, scopes=["events:read", "cases:read"], subject="7f1c")
    assert "sub: 7f1c" in page
    assert [(one.id, one.subject, one.scopes) for one in kept(office)] == [
        (first.id, "7f1c", ("cases:read", "events:read"))
    ]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"client": ""}, "Popunite ovo polje."),
        ({"client": "x" * 201}, "najviše 200 znakova"),
        ({"subject": "x" * 201}, "najviše 200 znakova"),
        ({"account": ""}, "Izaberite jednu mogućnost."),
        ({"account": "nobody"}, "Izaberite nešto od ponuđenog."),
        ({"scopes": "everything"}, "Izaberite bar jedno ovlašćenje"),
    ],
    ids=str,
)
def test_a_wrong_field_is_explained_and_nothing_is_added(
    office: Office, visitor: Visitor, portal: Account, changed: dict[str, str], said: str
) -> None:
    status, page = added(visitor, portal, **changed)
    assert (status, said in page) == (422, True), page
    assert not kept(office)


def test_without_a_provider_nothing_is_added(office: Office, visitor: Visitor, portal: Account) -> None:
    office.parts.keeping_clients.issuer = ""
    status, page = added(visitor, portal)
    assert (status, "Prvo podesite POBRATIM_OIDC_ISSUER" in page) == (422, True)
    assert not kept(office)


def test_what_a_client_is_called_cannot_become_markup(office: Office, visitor: Visitor, portal: Account) -> None:
    added(visitor, portal, client="<b>&'\"", subject="<i>")
    for path in (PATH, f"{PATH}/{kept(office)[0].id}/remove"):
        page = visitor.get(path).text
        assert "&lt;b&gt;&amp;" in page
        assert "<b>&" not in page
        assert "<i>" not in page


def test_removing_says_what_will_happen_and_then_does_it(office: Office, visitor: Visitor, portal: Account) -> None:
    added(visitor, portal)
    address = f"{PATH}/{kept(office)[0].id}/remove"
    asked = visitor.get(address).text
    assert kept(office), "looking does nothing"
    assert "Još nije korišćen." in asked
    done = visitor.post(address, data={"_csrf": token_of(asked)})
    assert "Klijent je uklonjen: town-portal" in done.text
    assert not kept(office)
    assert visitor.get(address).status_code == 422
    assert visitor.post(address, data={"_csrf": token_of(asked)}).status_code == 422


def test_a_client_of_a_former_provider_is_shown_as_one_and_can_be_removed(
    office: Office, visitor: Visitor, portal: Account
) -> None:
    added(visitor, portal)
    office.parts.keeping_clients.issuer = "https://new.example.rs"
    page = visitor.get(PATH).text
    assert "ranijeg davaoca" in page
    assert ISSUER in page
    address = f"{PATH}/{kept(office)[0].id}/remove"
    visitor.post(address, data={"_csrf": token_of(visitor.get(address).text)})
    assert not kept(office)
