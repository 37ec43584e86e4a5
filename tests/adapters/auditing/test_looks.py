"""What is kept of who looked, and that nobody can make it unseen."""

import time
from datetime import UTC, datetime, timedelta
from uuid import UUID

import psycopg
import pytest
from msgspec.structs import replace

from adapters.auditing.looks import PostgresLooks
from adapters.auditing.searching import PostgresFactSearch
from adapters.database.pool import open_pool
from application.auditing_looks import Look, LookQuery, Place
from application.ports import LogUnavailable
from domain.kernel import AccountId

HOUR = datetime(2026, 3, 17, 13, tzinfo=UTC)
ANA, MIRKO = AccountId(UUID(int=61, version=4)), AccountId(UUID(int=62, version=4))
CASE, OTHER = UUID(int=63, version=4), UUID(int=64, version=4)
LOOK = Look(account=ANA, hour=HOUR, place=Place.CASE, subject=CASE, version=3)
LOOKS = [
    LOOK,
    replace(LOOK, version=4),
    replace(LOOK, subject=OTHER),
    replace(LOOK, account=MIRKO, hour=HOUR + timedelta(hours=1)),
    replace(LOOK, place=Place.LOG, subject=UUID(int=0), version=0, hour=HOUR + timedelta(days=1)),
]


@pytest.fixture(scope="module")
def looks(pool) -> PostgresLooks:
    made = PostgresLooks(pool)
    for _ in range(2):
        for look in LOOKS:
            made.keep(look)
    made.flush()
    other = PostgresLooks(pool)  # another process, which remembers nothing
    other.keep(LOOK)
    other.close()
    return made


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (LookQuery(), [4, 3, 2, 1, 0]),
        (LookQuery(person=MIRKO), [3]),
        (LookQuery(subject=CASE), [3, 1, 0]),
        (LookQuery(place=Place.LOG), [4]),
        (LookQuery(since=HOUR + timedelta(hours=1)), [4, 3]),
        (LookQuery(until=HOUR + timedelta(hours=1)), [2, 1, 0]),
        (LookQuery(person=ANA, subject=CASE, until=HOUR + timedelta(hours=9)), [1, 0]),
    ],
)
def test_each_is_kept_once_and_found(looks, query, expected):
    assert [kept.look for kept in looks.page(query, 9)] == [LOOKS[n] for n in expected]


def test_pages_go_on_where_the_one_before_ended(looks):
    first = looks.page(LookQuery(), 2)
    rest = looks.page(LookQuery(before=first[-1].id), 9)
    assert [kept.look for kept in (*first, *rest)] == LOOKS[::-1]


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM access.looks",
        "UPDATE access.looks SET account = gen_random_uuid()",
        "TRUNCATE access.looks",
        "DROP TABLE access.looks",
    ],
)
def test_the_program_cannot_make_a_look_unseen(looks, sql, statement):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        sql.execute(statement)


def test_only_what_is_older_than_two_years_is_forgotten(looks, sql):
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    old, young = (replace(LOOK, hour=now - timedelta(days=days), version=9) for days in (732, 729))
    looks.keep(old)
    looks.keep(young)
    looks.flush()
    assert sql.execute("SELECT access.forget_looks()").fetchone() == (1,)
    kept = [one.look for one in looks.page(LookQuery(), 99)]
    assert young in kept
    assert old not in kept
    assert set(LOOKS) <= set(kept)


def test_what_is_kept_is_written_soon_by_itself(pool, sql):
    made, look = PostgresLooks(pool), replace(LOOK, version=11)
    made.keep(look)
    deadline = time.monotonic() + 10
    while sql.execute("SELECT count(*) FROM access.looks WHERE version = 11").fetchone() == (0,):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    made.close()


def test_closing_writes_what_waits(pool, sql):
    made = PostgresLooks(pool)
    made.keep(replace(LOOK, version=12))
    made.close()
    assert sql.execute("SELECT count(*) FROM access.looks WHERE version = 12").fetchone() == (1,)


def test_while_it_cannot_be_written_it_waits_and_then_nothing_more_is_shown(database, monkeypatch):
    monkeypatch.setattr("adapters.auditing.looks.MOST_WAITING", 3)
    pool = open_pool(database.url)
    pool.close()
    looks = PostgresLooks(pool)
    for version in (21, 22, 23):
        looks.keep(replace(LOOK, version=version))
    with pytest.raises(LogUnavailable):
        looks.keep(replace(LOOK, version=24))
    with pytest.raises(LogUnavailable):
        looks.flush()
    with open_pool(database.url) as working:
        monkeypatch.setattr(looks, "_pool", working)
        looks.flush()
        looks.keep(replace(LOOK, version=24))
        assert {kept.look.version for kept in looks.page(LookQuery(), 99)} >= {21, 22, 23, 24}
        looks.close()


def test_searching_says_so_too(database, book):
    pool = open_pool(database.url)
    search = PostgresFactSearch(pool, book)
    pool.close()
    with pytest.raises(LogUnavailable):
        search.behind()
