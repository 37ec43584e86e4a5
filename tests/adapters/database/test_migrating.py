"""A database is brought to this version once, whole or not at all, and never by a doubtful file."""

import secrets
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from adapters.database.faults import DatabaseFault
from adapters.database.migrate import Migration, migrate, migrations, pending, require_migrated
from adapters.database.urls import in_database, runtime_url
from tests.conftest import drop_database

FIRST = Migration("0001_first.sql", b"CREATE TABLE public.first (n int)")
SECOND = Migration("0002_second.sql", b"CREATE TABLE public.second (n int)")


@pytest.fixture
def empty(server):
    """An empty database; its owner is the server's superuser."""
    name = f"pobratim_test_{secrets.token_hex(4)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    yield in_database(server, name)
    drop_database(server, name)


@pytest.fixture
def plain_owner(server):
    """An empty database that belongs to a role with CREATEROLE and nothing more, as on a managed server."""
    name, role, password = (f"pobratim_{word}_{secrets.token_hex(4)}" for word in ("test", "owner", "password"))
    with psycopg.connect(server, autocommit=True) as connection:
        if not connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()[0]:
            pytest.skip("the tests' own account may not make another owner")
        connection.execute(f"CREATE ROLE {role} LOGIN CREATEROLE PASSWORD '{password}'")
        connection.execute(f"CREATE DATABASE {name} OWNER {role}")
        there = "SELECT rolname FROM pg_roles WHERE rolname IN ('pobratim_app', 'pobratim_sealer')"
        for (group,) in connection.execute(there).fetchall():
            connection.execute(f"GRANT {group} TO {role} WITH ADMIN OPTION")
    yield psycopg.conninfo.make_conninfo(in_database(server, name), user=role, password=password)
    drop_database(server, name)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"REVOKE pobratim_app, pobratim_sealer FROM {role}")
        connection.execute(f"DROP ROLE {role}")


def tables(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        listed = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
        return [name for (name,) in connection.execute(listed)]


def test_the_files_are_named_in_their_order():
    """Each number once. One may be missing for a while: numbers are given out before their files are finished."""
    numbers = [int(migration.name[:4]) for migration in migrations()]
    assert numbers[:23] == list(range(1, 24))
    assert len(set(numbers)) == len(numbers)


def test_a_new_database_gets_everything_and_a_second_run_does_nothing(empty):
    names = [migration.name for migration in migrations()]
    assert pending(empty) == names
    assert migrate(empty) == names
    assert migrate(empty) == []
    assert pending(runtime_url(empty)) == []
    require_migrated(runtime_url(empty))


def test_only_what_is_missing_is_applied(empty):
    assert migrate(empty, [FIRST]) == [FIRST.name]
    assert pending(empty, [FIRST, SECOND]) == [SECOND.name]
    assert migrate(empty, [FIRST, SECOND]) == [SECOND.name]
    assert tables(empty) == ["first", "second"]


def test_two_at_once_apply_each_file_once(empty):
    with ThreadPoolExecutor(2) as both:
        applied = list(both.map(lambda _: migrate(empty), range(2)))
    assert sorted(applied, key=len) == [[], [migration.name for migration in migrations()]]


def test_a_plain_owner_with_createrole_can_migrate_and_become_the_runtime_role(plain_owner):
    assert migrate(plain_owner) == [migration.name for migration in migrations()]
    with psycopg.connect(runtime_url(plain_owner)) as connection:
        assert connection.execute("SELECT current_user, count(*) FROM log.facts").fetchone() == ("pobratim_app", 0)


def test_a_file_that_changed_after_it_was_applied_is_refused(empty):
    migrate(empty, [FIRST])
    changed = Migration(FIRST.name, FIRST.sql + b" -- more")
    with pytest.raises(DatabaseFault) as fault:
        migrate(empty, [changed, SECOND])
    assert (fault.value.code, fault.value.params) == ("database.migration-changed", {"name": FIRST.name})
    assert tables(empty) == ["first"]


def test_a_database_of_a_newer_version_is_refused(empty):
    migrate(empty, [FIRST, SECOND])
    for look in (migrate, pending):
        with pytest.raises(DatabaseFault) as fault:
            look(empty, [FIRST])
        assert fault.value.code == "database.newer"
        assert SECOND.name in str(fault.value)


def test_a_file_that_fails_leaves_nothing_behind(empty):
    broken = Migration("0002_broken.sql", b"CREATE TABLE public.half (n int); SELECT 1 / 0;")
    with pytest.raises(DatabaseFault, match=r"0002_broken.sql failed, and nothing was changed \(division by zero"):
        migrate(empty, [FIRST, broken])
    assert tables(empty) == []
    assert migrate(empty, [FIRST, SECOND]) == [FIRST.name, SECOND.name]


def test_a_database_that_was_never_migrated_is_named_so(empty):
    with pytest.raises(DatabaseFault, match="pobratim migrate") as fault:
        require_migrated(empty)
    assert fault.value.code == "database.not-migrated"


def test_somebody_who_migrates_for_too_long_is_not_waited_for(empty, monkeypatch):
    monkeypatch.setattr("adapters.database.migrate.LOCK_SECONDS", 0.1)
    with psycopg.connect(empty) as other:
        other.execute("SELECT pg_advisory_xact_lock(7631400001)")
        with pytest.raises(DatabaseFault) as fault:
            migrate(empty)
    assert fault.value.code == "database.busy"


@pytest.mark.parametrize("look", [migrate, pending])
def test_a_server_that_is_not_there_is_named_so(look):
    with pytest.raises(DatabaseFault, match="cannot be reached") as fault:
        look("host=127.0.0.1 port=1 connect_timeout=1")
    assert fault.value.code == "database.unreachable"
    assert "\n" not in str(fault.value)
