"""Tokens over a real database, with a clock that stands still until it is moved."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from argon2 import PasswordHasher

from adapters.database.pool import Pool, open_pool
from adapters.identity.accounts import PostgresAccounts
from adapters.identity.links import PostgresLinks
from adapters.identity.passwords import Argon2Passwords
from adapters.identity.secrets import hashed
from adapters.identity.tokens import PostgresTokens
from application.access import Forbidden, Person, Role
from application.accounts import Account, KeepingAccounts, OpenAccount
from application.ports import CommandKeyReused
from application.tokens import LONGEST_OVERLAP, KeepingTokens, Token
from domain.kernel import AccountId, CommandKey, Refused
from tests.conftest import Database

ADMINISTRATOR = Person(AccountId(UUID(int=1)), "Operator", Role.ADMINISTRATOR)
MONTH = timedelta(days=30)


@dataclass
class Desk:
    pool: Pool
    now: datetime = field(default_factory=lambda: datetime(2026, 3, 17, 8, tzinfo=UTC))

    def __post_init__(self) -> None:
        self.accounts, self.tokens = PostgresAccounts(self.pool), PostgresTokens(self.pool)
        passwords = Argon2Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        self.keeping_accounts = KeepingAccounts(self.accounts, PostgresLinks(self.pool), passwords, lambda: self.now)
        self.keeping = KeepingTokens(self.tokens, self.accounts, lambda: self.now)

    def account(self, name: str) -> Account:
        wish = OpenAccount(name=name, email=f"{name.lower()}@primer.rs", role=Role.COORDINATOR)
        return self.keeping_accounts.open(ADMINISTRATOR, wish)

    def issue(self, account: Account, name: str = "Portal") -> tuple[Token, str]:
        return self.keeping.issue(ADMINISTRATOR, account.id, name, ["events:read"], MONTH)

    def works(self, secret: str) -> bool:
        return self.tokens.find(secret, self.now) is not None

    def used_at(self, token: Token) -> datetime | None:
        return self.keeping.one(ADMINISTRATOR, token.id).used_at


@pytest.fixture(scope="module")
def pool(database: Database) -> Iterator[Pool]:
    with open_pool(database.url) as opened:
        yield opened


@pytest.fixture
def desk(pool: Pool) -> Desk:
    with pool.connection() as db:
        db.execute("DELETE FROM access.accounts")
    return Desk(pool)


def test_a_secret_can_be_recognised_and_only_its_hash_is_kept(desk: Desk) -> None:
    token, secret = desk.issue(desk.account("Jelena"))
    assert re.fullmatch(r"pbt_[0-9a-f]{10}_[A-Za-z0-9_-]{43}", secret)
    assert secret.split("_")[1] == token.id
    with desk.pool.connection() as db:
        row = db.execute("SELECT t::text FROM access.tokens t").fetchone()
    assert row is not None
    assert secret.removeprefix(f"pbt_{token.id}_") not in row[0]


def test_a_token_from_before_works_on(desk: Desk) -> None:
    owner = desk.account("Jelena")
    with desk.pool.connection() as db:
        db.execute(
            """INSERT INTO access.tokens (token_hash, account, name, scopes, ends_at, id)
               VALUES (%s, %s, 'old', '{cases:read}', %s, 'aaaaaaaaaa')""",
            (hashed("an-old-secret-without-a-prefix"), owner.id, desk.now + MONTH),
        )
    assert desk.works("an-old-secret-without-a-prefix")
    assert [one.issued_at for one in desk.keeping.list(ADMINISTRATOR)] == [None]


def test_after_a_rotation_both_secrets_work_until_the_overlap_is_over(desk: Desk) -> None:
    token, old = desk.issue(desk.account("Jelena"))
    again, new = desk.keeping.rotate(ADMINISTRATOR, token.id, timedelta(hours=8), MONTH)
    assert (again.id, again.former_ends_at) == (token.id, desk.now + timedelta(hours=8))
    assert desk.works(old)
    assert desk.works(new)
    desk.now += timedelta(hours=8)
    assert not desk.works(old)
    assert desk.works(new)


def test_a_second_rotation_ends_the_first_secret(desk: Desk) -> None:
    token, first = desk.issue(desk.account("Jelena"))
    _, second = desk.keeping.rotate(ADMINISTRATOR, token.id, LONGEST_OVERLAP, MONTH)
    _, third = desk.keeping.rotate(ADMINISTRATOR, token.id, LONGEST_OVERLAP, MONTH)
    assert [desk.works(one) for one in (first, second, third)] == [False, True, True]


def test_an_overlap_never_makes_a_secret_last_longer_than_it_would_have(desk: Desk) -> None:
    token, old = desk.issue(desk.account("Jelena"))
    desk.now += MONTH - timedelta(hours=1)
    again, _ = desk.keeping.rotate(ADMINISTRATOR, token.id, LONGEST_OVERLAP, MONTH)
    assert again.former_ends_at == token.ends_at
    desk.now += timedelta(hours=1)
    assert not desk.works(old)


def test_without_an_overlap_the_old_secret_ends_at_once(desk: Desk) -> None:
    token, old = desk.issue(desk.account("Jelena"))
    _, new = desk.keeping.rotate(ADMINISTRATOR, token.id, timedelta(0), MONTH)
    assert (desk.works(old), desk.works(new)) == (False, True)


@pytest.mark.parametrize("hours", [-1, 25])
def test_an_overlap_has_its_bounds(desk: Desk, hours: int) -> None:
    token, secret = desk.issue(desk.account("Jelena"))
    with pytest.raises(Refused) as refused:
        desk.keeping.rotate(ADMINISTRATOR, token.id, timedelta(hours=hours), MONTH)
    assert refused.value.refusals[0].code == "token.overlap-too-long"
    assert desk.works(secret)


def test_revoking_ends_both_secrets_at_once_and_for_good(desk: Desk) -> None:
    token, old = desk.issue(desk.account("Jelena"))
    _, new = desk.keeping.rotate(ADMINISTRATOR, token.id, LONGEST_OVERLAP, MONTH)
    desk.keeping.revoke(ADMINISTRATOR, token.id)
    assert not desk.works(old)
    assert not desk.works(new)
    assert desk.keeping.list(ADMINISTRATOR) == []
    assert [one.revoked_at for one in desk.keeping.list(ADMINISTRATOR, ended=True)] == [desk.now]
    for deed in (desk.keeping.one, desk.keeping.revoke):
        with pytest.raises(Refused):
            deed(ADMINISTRATOR, token.id)
    with pytest.raises(Refused):
        desk.keeping.rotate(ADMINISTRATOR, token.id, LONGEST_OVERLAP, MONTH)


def test_disabling_an_account_revokes_its_tokens_also_when_it_is_enabled_again(desk: Desk) -> None:
    owner = desk.account("Jelena")
    _, secret = desk.issue(owner)
    desk.keeping_accounts.disable(ADMINISTRATOR, owner.id)
    desk.keeping_accounts.enable(ADMINISTRATOR, owner.id)
    assert not desk.works(secret)


def test_the_last_use_is_kept_to_the_minute(desk: Desk) -> None:
    token, secret = desk.issue(desk.account("Jelena"))
    assert desk.used_at(token) is None
    first = desk.now
    desk.works(secret)
    desk.now += timedelta(seconds=59)
    desk.works(secret)
    assert desk.used_at(token) == first
    desk.now += timedelta(seconds=1)
    desk.works(secret)
    assert desk.used_at(token) == desk.now


def test_a_row_that_is_locked_keeps_nobody_waiting(desk: Desk) -> None:
    token, secret = desk.issue(desk.account("Jelena"))
    with desk.pool.connection() as other, other.transaction():
        other.execute("SELECT FROM access.tokens FOR UPDATE")
        assert desk.works(secret)
    assert desk.used_at(token) is None


def test_only_administrators_give_and_rotate(desk: Desk) -> None:
    owner = desk.account("Jelena")
    token, _ = desk.issue(owner)
    with pytest.raises(Forbidden):
        desk.keeping.issue(owner.person, owner.id, "own", ["cases:read"], MONTH)
    with pytest.raises(Forbidden):
        desk.keeping.rotate(owner.person, token.id, LONGEST_OVERLAP, MONTH)


def test_an_owner_gets_a_new_secret_and_no_longer_life(desk: Desk) -> None:
    owner, other = desk.account("Jelena"), desk.account("Marko")
    token, old = desk.issue(owner)
    desk.now += timedelta(days=20)
    again, new = desk.keeping.rotate(owner.person, token.id, timedelta(hours=1), own=True)
    assert again.ends_at == token.ends_at
    assert desk.works(old)
    assert desk.works(new)
    with pytest.raises(Refused):
        desk.keeping.rotate(other.person, token.id, timedelta(hours=1), own=True)
    desk.now += timedelta(days=10)
    assert not desk.works(new)


def test_what_an_administrator_calls_the_own_is_nobody_elses(desk: Desk) -> None:
    token, _ = desk.issue(desk.account("Jelena"))
    assert desk.keeping.list(ADMINISTRATOR, own=True) == []
    for deed in (desk.keeping.one, desk.keeping.revoke):
        with pytest.raises(Refused):
            deed(ADMINISTRATOR, token.id, own=True)


def test_the_same_form_makes_one_token(desk: Desk) -> None:
    owner, key = desk.account("Jelena"), CommandKey(uuid4())
    ask = (ADMINISTRATOR, owner.id, "Portal", ["events:read"], MONTH, key)
    (token, secret), (again, none) = desk.keeping.issue(*ask), desk.keeping.issue(*ask)
    assert (token.id, none) == (again.id, "")
    assert desk.works(secret)
    assert [one.id for one in desk.keeping.list(ADMINISTRATOR)] == [token.id]
    with pytest.raises(CommandKeyReused):
        desk.keeping.issue(ADMINISTRATOR, owner.id, "Portal", ["cases:write"], MONTH, key)


def test_the_same_form_makes_one_new_secret_and_ends_none_too_early(desk: Desk) -> None:
    token, old = desk.issue(desk.account("Jelena"))
    key = CommandKey(uuid4())
    secrets = [desk.keeping.rotate(ADMINISTRATOR, token.id, LONGEST_OVERLAP, MONTH, key)[1] for _ in range(2)]
    assert secrets[1] == ""
    assert desk.works(old)
    assert desk.works(secrets[0])
    desk.keeping.revoke(ADMINISTRATOR, token.id)
    with pytest.raises(Refused):
        desk.keeping.rotate(ADMINISTRATOR, token.id, LONGEST_OVERLAP, MONTH, key)


def test_others_see_and_revoke_their_own_only(desk: Desk) -> None:
    jelena, marko = desk.account("Jelena"), desk.account("Marko")
    hers, _ = desk.issue(jelena)
    his, secret = desk.issue(marko)
    assert [one.id for one in desk.keeping.list(jelena.person)] == [hers.id]
    assert {one.id for one in desk.keeping.list(ADMINISTRATOR)} == {hers.id, his.id}
    with pytest.raises(Refused):
        desk.keeping.revoke(jelena.person, his.id)
    assert desk.works(secret)
    desk.keeping.revoke(marko.person, his.id)
    assert not desk.works(secret)


@pytest.mark.parametrize("words", ["portal", "ПОРТАЛ", "jelena portal", "jelena@primer"])
def test_tokens_are_found_by_words_in_either_script(desk: Desk, words: str) -> None:
    token, _ = desk.issue(desk.account("Jelena"), "Portal grada")
    desk.issue(desk.account("Marko"), "Statistika")
    assert [one.id for one in desk.keeping.list(ADMINISTRATOR, words)] == [token.id]
    assert [one.id for one in desk.keeping.list(ADMINISTRATOR, token.id)] == [token.id]


@pytest.mark.parametrize("wrong", ["", "0123456789", "a\0b", "\ud800", "x" * 10_000])
def test_what_is_no_id_is_no_token(desk: Desk, wrong: str) -> None:
    with pytest.raises(Refused) as refused:
        desk.keeping.one(ADMINISTRATOR, wrong)
    assert refused.value.refusals[0].code == "token.gone"
