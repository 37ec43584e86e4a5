"""Accounts and sign-in below the web: over a real database, with a clock that stands still until it is moved."""

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from argon2 import PasswordHasher
from psycopg.conninfo import make_conninfo

from adapters.database.pool import Pool, open_pool
from adapters.identity.accounts import PostgresAccounts
from adapters.identity.attempts import PostgresAttempts
from adapters.identity.links import PostgresLinks
from adapters.identity.passwords import AT_ONCE, Argon2Passwords
from adapters.identity.sessions import PostgresSessions
from adapters.identity.tokens import PostgresTokens
from application.access import Forbidden, Person, Role
from application.accounts import Account, KeepingAccounts, OpenAccount
from application.ports import LogUnavailable
from application.signing_in import PER_ACCOUNT, WINDOW, SigningIn
from domain.kernel import AccountId, Refused
from tests.conftest import Database

MORNING = datetime(2026, 3, 17, 8, tzinfo=UTC)
PASSWORD = "sedam hrastova kraj puta"
ADMINISTRATOR = Person(AccountId(UUID(int=1)), "Operator", Role.ADMINISTRATOR)
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


class CountingPasswords(Argon2Passwords):
    """Counts how often the work of a comparison was done."""

    def __init__(self) -> None:
        super().__init__(CHEAP)
        self.compared = 0

    def verify(self, password: str, password_hash: str | None) -> bool:
        self.compared += 1
        return super().verify(password, password_hash)


class Door:
    """Everything around signing in."""

    def __init__(self, pool: Pool) -> None:
        self.pool, self.now, self.passwords = pool, MORNING, CountingPasswords()
        self.accounts, self.links = PostgresAccounts(pool), PostgresLinks(pool)
        self.keeping = KeepingAccounts(self.accounts, self.links, self.passwords, lambda: self.now)
        self.signing = self.with_passwords(self.passwords)

    def with_passwords(self, passwords: Argon2Passwords) -> SigningIn:
        sessions, tokens, attempts = PostgresSessions(self.pool), PostgresTokens(self.pool), PostgresAttempts(self.pool)
        return SigningIn(self.accounts, sessions, self.links, tokens, attempts, passwords, lambda: self.now)

    def account(self, email: str = "jelena@primer.rs") -> Account:
        wish = OpenAccount(name="Jelena", email=email, role=Role.COORDINATOR, password=PASSWORD)
        return self.keeping.open(ADMINISTRATOR, wish)


@pytest.fixture(scope="module")
def pool(database: Database) -> Iterator[Pool]:
    with open_pool(database.url) as opened:
        yield opened


@pytest.fixture
def door(pool: Pool) -> Door:
    with pool.connection() as db:
        db.execute("DELETE FROM access.accounts")
        db.execute("DELETE FROM access.attempts")
    return Door(pool)


def code_of(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [refusal.code for refusal in refused.value.refusals]


def test_an_unknown_account_costs_the_same_work(door: Door) -> None:
    door.account()
    for email in ("jelena@primer.rs", "nobody@primer.rs"):
        before = door.passwords.compared
        with pytest.raises(Refused) as refused:
            door.signing.with_password(email, "wrong", "192.0.2.1")
        assert code_of(refused) == ["sign-in.wrong"]
        assert door.passwords.compared == before + 1


def test_an_account_without_a_password_cannot_be_entered_by_one(door: Door) -> None:
    wish = OpenAccount(name="Milan", email="milan@primer.rs", role=Role.AUDITOR)
    assert not door.keeping.open(ADMINISTRATOR, wish).has_password
    for password in ("", "nobody has this password"):
        with pytest.raises(Refused):
            door.signing.with_password("milan@primer.rs", password, "192.0.2.1")


def test_a_hash_of_older_parameters_is_made_anew_at_the_next_sign_in(door: Door) -> None:
    door.account()
    stronger = Argon2Passwords(PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    door.with_passwords(stronger).with_password("jelena@primer.rs", PASSWORD, "192.0.2.1")
    found = door.accounts.password_hash("jelena@primer.rs")
    assert found is not None
    assert "t=2" in str(found[1])
    assert door.with_passwords(stronger).with_password("jelena@primer.rs", PASSWORD, "192.0.2.1")


def test_attempts_in_parallel_do_not_slip_through(door: Door) -> None:
    door.account()
    codes: list[str] = []

    def guess() -> None:
        try:
            door.signing.with_password("jelena@primer.rs", "guess", "192.0.2.1")
        except Refused as refused:
            codes.append(refused.refusals[0].code)

    guessers = [threading.Thread(target=guess) for _ in range(PER_ACCOUNT * 2)]
    for guesser in guessers:
        guesser.start()
    for guesser in guessers:
        guesser.join()
    assert sorted(codes) == ["sign-in.too-often"] * PER_ACCOUNT + ["sign-in.wrong"] * PER_ACCOUNT


def test_the_wait_is_told_in_minutes(door: Door) -> None:
    for _ in range(PER_ACCOUNT):
        with pytest.raises(Refused):
            door.signing.with_password("nobody@primer.rs", "guess", "192.0.2.1")
    door.now += WINDOW - timedelta(seconds=61)
    with pytest.raises(Refused) as refused:
        door.signing.with_password("nobody@primer.rs", "guess", "192.0.2.1")
    assert refused.value.refusals[0].params == {"minutes": 2}


def test_one_address_may_not_try_many_accounts_for_ever(door: Door) -> None:
    codes: set[str] = set()
    for number in range(70):
        with pytest.raises(Refused) as refused:
            door.signing.with_password(f"nobody{number}@primer.rs", "guess", "192.0.2.1")
        codes.update(code_of(refused))
    assert codes == {"sign-in.wrong", "sign-in.too-often"}


def test_two_who_use_one_link_at_once_are_not_both_let_in(door: Door) -> None:
    for _ in range(5):
        account = door.account(f"link{_}@primer.rs")
        _account, secret = door.keeping.link(ADMINISTRATOR, account.id)
        entered: list[str] = []

        def use(secret: str = secret, entered: list[str] = entered) -> None:
            try:
                entered.append(door.signing.with_link(secret))
            except Refused:
                return

        users = [threading.Thread(target=use) for _ in range(6)]
        for user in users:
            user.start()
        for user in users:
            user.join()
        assert len(entered) == 1


def test_a_flood_of_sign_ins_is_refused_rather_than_queued(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.identity.passwords.PATIENCE", 0.05)
    busy = Argon2Passwords(CHEAP)
    for _ in range(AT_ONCE):
        busy._turns.acquire()
    with pytest.raises(LogUnavailable):
        busy.hash(PASSWORD)


@pytest.mark.parametrize("password", ["short", "x" * 201])
def test_a_password_has_a_length(door: Door, password: str) -> None:
    wish = OpenAccount(name="Ana", email="ana@primer.rs", role=Role.AUDITOR, password=password)
    with pytest.raises(Refused) as refused:
        door.keeping.open(ADMINISTRATOR, wish)
    assert refused.value.refusals[0].field == "password"


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_only_an_administrator_keeps_accounts_and_tokens(door: Door, role: Role) -> None:
    person = Person(AccountId(UUID(int=2)), "Somebody", role, "nis")
    wish = OpenAccount(name="Ana", email="ana@primer.rs", role=Role.AUDITOR)
    for attempt in (
        lambda: door.keeping.list(person),
        lambda: door.keeping.open(person, wish),
        lambda: door.keeping.disable(person, person.account),
        lambda: door.keeping.enable(person, person.account),
        lambda: door.keeping.link(person, person.account),
        lambda: door.keeping.set_password(person, person.account, PASSWORD),
        lambda: door.keeping.by_email(person, "ana@primer.rs"),
        lambda: door.signing.issue_token(person, person.account, "x", ["events:read"], timedelta(days=1)),
    ):
        with pytest.raises(Forbidden):
            attempt()


@pytest.mark.parametrize(
    ("name", "scopes", "days", "field"),
    [
        ("", ["events:read"], 1, "name"),
        ("x", [], 1, "scopes"),
        ("x", ["root"], 1, "scopes"),
        ("x", ["events:read"], 9999, "days"),
    ],
)
def test_a_token_is_named_narrow_and_short_lived(
    door: Door, name: str, scopes: list[str], days: int, field: str
) -> None:
    account = door.account()
    with pytest.raises(Refused) as refused:
        door.signing.issue_token(ADMINISTRATOR, account.id, name, scopes, timedelta(days=days))
    assert refused.value.refusals[0].field == field


def test_a_token_is_kept_as_a_hash_and_ends_with_its_account(door: Door) -> None:
    account = door.account()
    token = door.signing.issue_token(ADMINISTRATOR, account.id, "Portal", ["events:read"], timedelta(days=1))
    grant = door.signing.grant(token)
    assert grant is not None
    assert (grant.name, grant.scopes, grant.person.account) == ("Portal", frozenset({"events:read"}), account.id)
    door.keeping.disable(ADMINISTRATOR, account.id)
    assert door.signing.grant(token) is None


def test_accounts_stand_in_the_order_of_the_alphabet(door: Door) -> None:
    for number, name in enumerate(["Žarko", "Đorđe", "Ana", "Џорџ", "Ljubica", "Lazar"]):
        door.keeping.open(ADMINISTRATOR, OpenAccount(name=name, email=f"{number}@primer.rs", role=Role.AUDITOR))
    names = [account.name for account in door.keeping.list(ADMINISTRATOR)]
    assert names == ["Ana", "Џорџ", "Đorđe", "Lazar", "Ljubica", "Žarko"]


def test_pages_know_at_once_who_was_opened_here_and_soon_who_was_opened_elsewhere(door: Door, pool: Pool) -> None:
    elsewhere = PostgresAccounts(pool)
    jelena = door.account()
    assert set(elsewhere.lately()) == set(door.accounts.lately()) == {jelena.id}
    milan = door.account("milan@primer.rs")
    assert set(door.accounts.lately()) == {jelena.id, milan.id}
    deadline = time.monotonic() + 10
    while milan.id not in elsewhere.lately() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert set(elsewhere.lately()) == {jelena.id, milan.id}


def test_a_database_that_is_away_is_told_in_one_word(database: Database) -> None:
    with open_pool(make_conninfo(database.url, dbname="no_such_database")) as pool:
        pool.timeout = 0.2
        with pytest.raises(LogUnavailable):
            PostgresAccounts(pool).all()
