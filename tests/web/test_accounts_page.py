"""The administrator keeps the accounts; nobody else sees them."""

import re
from datetime import timedelta
from html import unescape

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from application.access import Role
from application.accounts import Account
from tests.web.conftest import Office, sign_in, token_of
from web.admin.accounts import MANY

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
    address = re.search(r'<textarea class="linkbox"[^>]*>([^<]+)<', shown.text)
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
    asked = visitor.get(f"{PATH}/{account.id}/disable")
    assert "Isključiti nalog: Jelena Marković?" in asked.text
    assert "nosilac" in asked.text
    assert not office.parts.keeping_accounts.by_email(administrator.person, account.email).disabled
    token = token_of(asked.text)
    page = visitor.post(f"{PATH}/{account.id}/disable", data={"_csrf": token}).text
    assert "Nalog je isključen" in page
    refused = visitor.post(f"{PATH}/{account.id}/link", data={"_csrf": token})
    assert refused.status_code == 422
    assert "Nalog je ponovo uključen" in visitor.post(f"{PATH}/{account.id}/enable", data={"_csrf": token}).text


def test_a_disabled_account_is_not_asked_about_again(office: Office, visitor: Visitor, administrator: Account) -> None:
    account = office.account()
    office.parts.keeping_accounts.disable(administrator.person, account.id)
    asked = visitor.get(f"{PATH}/{account.id}/disable", follow_redirects=False)
    assert (asked.status_code, asked.headers["location"]) == (303, PATH)


def test_the_last_sign_in_is_shown(office: Office, visitor: Visitor, administrator: Account) -> None:
    account = office.account(Role.AUDITOR)
    assert visitor.get(PATH).text.count("još nikad") == 1
    office.clock.pass_by(timedelta(hours=3))
    sign_in(office.browser(), account.email)
    page = visitor.get(PATH).text
    assert "još nikad" not in page
    assert "17. 3. 2026. 08:30" in page, "the administrator"
    assert "17. 3. 2026. 11:30" in page, "and the auditor, on the clock of the office"


def test_many_accounts_are_shown_open_ones_first(office: Office, visitor: Visitor, administrator: Account) -> None:
    for number in range(MANY - 1):
        office.account(Role.AUDITOR, f"Revizor {number}")
    gone = office.account(Role.AUDITOR, "Davno Otišao")
    office.parts.keeping_accounts.disable(administrator.person, gone.id)
    page, disabled = visitor.get(PATH).text, visitor.get(f"{PATH}?show=disabled").text
    assert ("Davno Otišao" in page, "Davno Otišao" in disabled) == (False, True)
    assert ("Revizor 3" in page, "Revizor 3" in disabled) == (True, False)
    office.parts.keeping_accounts.enable(administrator.person, gone.id)
    assert "Nijedan nalog nije isključen." in visitor.get(f"{PATH}?show=disabled").text


def test_few_accounts_stand_in_one_list(office: Office, visitor: Visitor, administrator: Account) -> None:
    gone = office.account(Role.AUDITOR, "Davno Otišao")
    office.parts.keeping_accounts.disable(administrator.person, gone.id)
    for address in (PATH, f"{PATH}?show=disabled", f"{PATH}?show=whatever"):
        assert "Davno Otišao" in visitor.get(address).text


def test_an_administrator_is_not_sent_to_the_administrator(visitor: Visitor, administrator: Account) -> None:
    page = visitor.get("/fails/forbidden").text
    assert "Administratori vode naloge." in page
    assert "Obratite se" not in page


def test_nobody_locks_themselves_out(visitor: Visitor, administrator: Account) -> None:
    token = token_of(visitor.get(PATH).text)
    for answer in (
        visitor.get(f"{PATH}/{administrator.id}/disable"),
        visitor.post(f"{PATH}/{administrator.id}/disable", data={"_csrf": token}),
    ):
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
