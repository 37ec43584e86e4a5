"""The own account: everybody sees it, and sets a password there."""

import re
from datetime import timedelta

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from application.access import Role
from application.accounts import Account, OpenAccount
from application.own_account import FRESH_LINK
from application.signing_in import IDLE, PER_ACCOUNT, WINDOW
from tests.web.conftest import ADMINISTRATOR, PASSWORD, Office, hidden_of, sign_in, token_of

Visitor = TestClient[Litestar]
NEW = "osam bukava u magli"


@pytest.fixture
def milan(office: Office) -> Account:
    """An account as an administrator opens it: without a password."""
    wish = OpenAccount(name="Milan Đorđević", email="milan@primer.rs", role=Role.OFFICER, local_government="nis")
    return office.parts.keeping_accounts.open(ADMINISTRATOR, wish)


def enter_by_link(office: Office, visitor: Visitor, account: Account, *, reusable: bool = False) -> str:
    """The page that comes after it."""
    _, secret = office.parts.keeping_accounts.link(ADMINISTRATOR, account.id, reusable=reusable)
    link = f"/sign-in/link/{secret}"
    return visitor.post(link, data={"_csrf": token_of(visitor.get(link).text)}).text


def set_password(visitor: Visitor, new: str = NEW, again: str | None = None, present: str = "") -> tuple[int, str]:
    fields = {"_csrf": token_of(visitor.get("/account").text), "password": new, "present_password": present}
    answer = visitor.post("/account", data=fields | {"password_again": new if again is None else again})
    return answer.status_code, answer.text


def is_in(visitor: Visitor) -> bool:
    return visitor.get("/", follow_redirects=False).status_code == 200


def test_the_page_shows_who_one_is_and_the_name_in_the_menu_leads_there(
    office: Office, visitor: Visitor, milan: Account
) -> None:
    assert '<a href="/account">Milan Đorđević</a>' in enter_by_link(office, visitor, milan)
    page = visitor.get("/account").text
    for shown in ("Milan Đorđević", "milan@primer.rs", "službenik lokalne samouprave", "Niš", "Postavite lozinku"):
        assert shown in page
    assert "present_password" not in page


def test_whoever_came_by_a_link_is_offered_a_password_once(office: Office, visitor: Visitor, milan: Account) -> None:
    offer = '<a href="/account">Postavite lozinku</a>'
    assert offer in enter_by_link(office, visitor, milan)
    assert offer not in visitor.get("/").text
    set_password(visitor)
    assert offer not in enter_by_link(office, office.browser(), milan)


def test_a_reusable_link_needs_no_password(office: Office, visitor: Visitor, milan: Account) -> None:
    assert "Postavite lozinku" not in enter_by_link(office, visitor, milan, reusable=True)


def test_the_first_password_is_set_and_opens_the_door(office: Office, visitor: Visitor, milan: Account) -> None:
    enter_by_link(office, visitor, milan)
    status, page = set_password(visitor)
    assert (status, "Lozinka je postavljena." in page) == (200, True)
    assert is_in(visitor)
    other = office.browser()
    sign_in(other, milan.email, NEW)
    assert is_in(other)
    assert "present_password" in other.get("/account").text


def test_a_new_password_asks_for_the_present_one(office: Office, visitor: Visitor) -> None:
    account = office.account()
    sign_in(visitor, account.email)
    status, page = set_password(visitor, present="not this one")
    assert (status, "Sadašnja lozinka nije tačna." in page) == (422, True)
    assert set_password(visitor, present=PASSWORD)[0] == 200
    old, new = office.browser(), office.browser()
    sign_in(old, account.email, PASSWORD)
    sign_in(new, account.email, NEW)
    assert (is_in(old), is_in(new)) == (False, True)


def test_a_forgotten_password_is_replaced_soon_after_a_link(office: Office, visitor: Visitor) -> None:
    account = office.account()
    enter_by_link(office, visitor, account)
    assert "present_password" not in visitor.get("/account").text
    assert set_password(visitor)[0] == 200
    assert set_password(visitor, new=PASSWORD)[0] == 422, "the new session has not come by a link"


def test_some_time_after_a_link_the_present_password_is_asked_for(office: Office, visitor: Visitor) -> None:
    enter_by_link(office, visitor, office.account())
    office.clock.pass_by(FRESH_LINK)
    assert "present_password" in visitor.get("/account").text
    assert set_password(visitor)[0] == 422


def test_a_reusable_link_does_not_replace_a_password(office: Office, visitor: Visitor) -> None:
    enter_by_link(office, visitor, office.account(), reusable=True)
    assert set_password(visitor)[0] == 422


def test_another_password_ends_every_other_session_and_link(office: Office, visitor: Visitor) -> None:
    account, colleague = office.account(), office.account()
    elsewhere, neighbour = office.browser(), office.browser()
    sign_in(elsewhere, account.email)
    sign_in(neighbour, colleague.email)
    sign_in(visitor, account.email)
    before = visitor.cookies["pobratim"]
    _, link = office.parts.keeping_accounts.link(ADMINISTRATOR, account.id)
    set_password(visitor, present=PASSWORD)
    assert visitor.cookies["pobratim"] != before
    assert (is_in(visitor), is_in(elsewhere), is_in(neighbour)) == (True, False, True)
    assert office.sessions() == 2
    assert office.parts.signing_in.link_of(link) is None
    visitor.cookies.set("pobratim", before)
    assert not is_in(visitor)


@pytest.mark.parametrize(
    ("new", "again", "said"),
    [
        ("kratka", "kratka", "Lozinka mora imati najmanje 12 znakova."),
        ("x7 Qm" * 41, "x7 Qm" * 41, "najviše 200 znakova"),
        ("password1234", "password1234", "se prve pogađaju"),
        ("Milan Đorđević", "Milan Đorđević", "nešto više od imena"),
        (NEW, NEW + "!", "Unosi se ne poklapaju."),
        ("", "", "najmanje 12 znakova"),
    ],
)
def test_a_poor_password_is_explained_and_shown_to_nobody(
    office: Office, visitor: Visitor, milan: Account, new: str, again: str, said: str
) -> None:
    enter_by_link(office, visitor, milan)
    status, page = set_password(visitor, new, again)
    assert (status, said in page) == (422, True), page
    assert f'value="{new}"' not in page or not new
    assert not office.parts.keeping_accounts.by_email(ADMINISTRATOR, milan.email).has_password


def test_guessing_the_present_password_is_stopped_for_a_while(office: Office, visitor: Visitor) -> None:
    account = office.account()
    sign_in(visitor, account.email)
    for _ in range(PER_ACCOUNT):
        set_password(visitor, present="guess")
    status, page = set_password(visitor, present=PASSWORD)
    assert (status, "Previše pokušaja" in page) == (422, True)
    office.clock.pass_by(WINDOW)
    assert set_password(visitor, present=PASSWORD)[0] == 200


def test_a_password_that_was_typed_when_the_session_ended_is_carried_nowhere(office: Office, visitor: Visitor) -> None:
    sign_in(visitor, office.account().email)
    token = token_of(visitor.get("/account").text)
    office.clock.pass_by(IDLE + timedelta(minutes=1))
    asked = visitor.post("/account", data={"_csrf": token, "password": NEW, "password_again": NEW})
    assert asked.status_code == 401
    assert NEW not in asked.text
    assert "unesite ponovo" in asked.text
    assert hidden_of(asked.text)["_to"] == "/account"


def test_only_the_hash_is_kept(office: Office, visitor: Visitor, milan: Account) -> None:
    enter_by_link(office, visitor, milan)
    set_password(visitor)
    with office.pool.connection() as db:
        kept = db.execute("SELECT password_hash FROM access.accounts").fetchall()
    assert re.fullmatch(r"\$argon2id\$\S+", kept[0][0])


def test_setting_a_password_needs_the_token(office: Office, visitor: Visitor, milan: Account) -> None:
    enter_by_link(office, visitor, milan)
    forged = visitor.post("/account", data={"password": NEW, "password_again": NEW})
    assert forged.status_code == 403
    assert NEW not in forged.text


def test_signing_in_says_how_to_get_a_link(visitor: Visitor) -> None:
    page = visitor.get("/sign-in").text
    assert "Zatražite od svog administratora vezu za prijavu" in page
    assert "pobratim account link" in page
