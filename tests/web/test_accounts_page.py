"""The administrator keeps the accounts; nobody else sees them."""

import re
from html import unescape

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from application.access import Role
from application.accounts import Account
from tests.web.conftest import Office, sign_in, token_of

Visitor = TestClient[Litestar]
PATH = "/admin/accounts"
NEW = {
    "name": "Snežana Petrović",
    "email": "snezana@primer.rs",
    "role": "officer",
    "local_government": "nis",
    "locale": "sr-Cyrl",
}


@pytest.fixture
def administrator(office: Office, visitor: Visitor) -> Account:
    account = office.account(Role.ADMINISTRATOR, "Vesna Ćirić")
    sign_in(visitor, account.email)
    return account


def open_account(visitor: Visitor, **changed: str) -> tuple[int, str]:
    token = token_of(visitor.get(PATH).text)
    answer = visitor.post(PATH, data=NEW | changed | {"_csrf": token})
    return answer.status_code, answer.text


def test_an_account_is_opened_and_its_link_lets_the_person_in(
    office: Office, visitor: Visitor, administrator: Account
) -> None:
    status, page = open_account(visitor)
    assert (status, "Nalog je otvoren: Snežana Petrović" in page) == (200, True)
    assert "Niš" in page
    link_form = re.search(r'action="(/admin/accounts/[^"]+/link)"', page)
    assert link_form
    actions = re.findall(r'action="(/admin/accounts/[^"]+/link)"', page)
    opened = office.parts.keeping_accounts.by_email(administrator.person, "SNEZANA@primer.rs")
    action = next(path for path in actions if str(opened.id) in path)
    shown = visitor.post(action, data={"_csrf": token_of(page)})
    address = re.search(r'class="linkbox"[^>]*>([^<]+)<', shown.text)
    assert address
    link = unescape(address[1]).removeprefix("http://testserver.local")
    snezana = office.browser()
    entered = snezana.post(link, data={"_csrf": token_of(snezana.get(link).text)})
    assert "Снежана" not in entered.text, "a name is shown as it was typed"
    assert "Snežana Petrović" in entered.text
    assert '<html lang="sr-Cyrl"' in entered.text


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"name": ""}, "Popunite ovo polje."),
        ({"name": "x" * 500}, "najviše 120 znakova"),
        ({"name": "Ana\u202e"}, "U+202E"),
        ({"email": "bez-majmunskog"}, "Ovo nije adresa e-pošte"),
        ({"email": "a@b"}, "Ovo nije adresa e-pošte"),
        ({"role": "emperor"}, "Izaberite nešto od ponuđenog."),
        ({"role": ""}, "Izaberite jednu mogućnost."),
        ({"local_government": ""}, "Izaberite lokalnu samoupravu službenika."),
        ({"local_government": "atlantis"}, "Izaberite nešto od ponuđenog."),
        ({"role": "auditor"}, "ima svoju lokalnu samoupravu"),
        ({"locale": "de"}, "Izaberite nešto od ponuđenog."),
    ],
)
def test_a_wrong_field_is_explained_and_nothing_is_lost(
    office: Office, visitor: Visitor, administrator: Account, changed: dict[str, str], said: str
) -> None:
    status, page = open_account(visitor, **changed)
    assert status == 422
    assert said in page
    assert "Ništa nije izgubljeno." in page
    if "email" not in changed:
        assert 'value="snezana@primer.rs"' in page


def test_one_address_has_one_account(visitor: Visitor, administrator: Account) -> None:
    open_account(visitor)
    status, page = open_account(visitor, email="Snezana@Primer.RS")
    assert status == 422
    assert "već ima nalog" in page


def test_an_account_is_disabled_and_enabled(office: Office, visitor: Visitor, administrator: Account) -> None:
    account = office.account()
    token = token_of(visitor.get(PATH).text)
    page = visitor.post(f"{PATH}/{account.id}/disable", data={"_csrf": token}).text
    assert "Nalog je isključen" in page
    refused = visitor.post(f"{PATH}/{account.id}/link", data={"_csrf": token})
    assert refused.status_code == 422
    assert "Nalog je ponovo uključen" in visitor.post(f"{PATH}/{account.id}/enable", data={"_csrf": token}).text


def test_nobody_locks_themselves_out(visitor: Visitor, administrator: Account) -> None:
    token = token_of(visitor.get(PATH).text)
    answer = visitor.post(f"{PATH}/{administrator.id}/disable", data={"_csrf": token})
    assert answer.status_code == 422
    assert "Svoj nalog ne možete isključiti" in answer.text


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_nobody_else_keeps_accounts(office: Office, visitor: Visitor, role: Role) -> None:
    account = office.account(role)
    sign_in(visitor, account.email)
    assert visitor.get(PATH).status_code == 403
    token = token_of(visitor.get("/").text)
    assert visitor.post(PATH, data=NEW | {"_csrf": token}).status_code == 403
    for deed in ("disable", "enable", "link"):
        assert visitor.post(f"{PATH}/{account.id}/{deed}", data={"_csrf": token}).status_code == 403


def test_an_unknown_account_is_no_failure(visitor: Visitor, administrator: Account) -> None:
    token = token_of(visitor.get(PATH).text)
    nobody = f"{PATH}/00000000-0000-0000-0000-000000000000"
    assert visitor.post(f"{nobody}/disable", data={"_csrf": token}).status_code == 422
    assert visitor.post(f"{PATH}/nonsense/disable", data={"_csrf": token}).status_code == 404
