"""Every role against every statement on a real server, held against docs/append-only.md."""

import secrets
from collections.abc import Iterator

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from adapters.database.migrate import migrate
from adapters.database.urls import in_database
from tests.conftest import drop_database
from tools.append_only import CHANGES, MAY, PAGE, ROLES, STATEMENTS, matrix, measured, prepare, shown

Found = dict[tuple[str, str, str], str]
GROUPS = ("pobratim_app", "pobratim_sealer")


@pytest.fixture(scope="module")
def found(server: str, template: str) -> Iterator[Found]:
    """What stops whom, in a database whose owner is no superuser. The roles are there: `template` was migrated."""
    mark = secrets.token_hex(4)
    owner, password, name = f"pobratim_owner_{mark}", f"word-{mark}", f"pobratim_test_{mark}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {owner} LOGIN CREATEROLE PASSWORD '{password}'")
        connection.execute(f"CREATE DATABASE {name} OWNER {owner}")
        for group in GROUPS:
            connection.execute(f"GRANT {group} TO {owner} WITH ADMIN OPTION")
    superuser = in_database(server, name)
    url = make_conninfo(superuser, user=owner, password=password)
    migrate(url)
    prepare(url, superuser, PAGE.read_text("utf-8"))
    yield measured(url, superuser)
    drop_database(server, name)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"REVOKE {', '.join(GROUPS)} FROM {owner}")
        connection.execute("DROP ROLE auditor_login")
        connection.execute(f"DROP ROLE {owner}")


def test_the_page_says_what_the_server_does(found: Found) -> None:
    """Else: python -m tools.append_only."""
    assert shown(PAGE.read_text("utf-8")) == matrix(found)


def test_the_roles_of_the_program_only_add_and_only_where_it_is_their_work(found: Found) -> None:
    for role in ("app", "sealer", "auditor"):
        for table in CHANGES:
            for statement in STATEMENTS:
                adds = statement in ("INSERT", "COPY") and (role, table) in MAY
                assert found[role, table, statement] in (("may",) if adds else ("right", "trigger"))


def test_nobody_changes_anything_while_the_triggers_stand(found: Found) -> None:
    for role in ROLES:
        for table in CHANGES:
            for statement in ("UPDATE", "DELETE", "TRUNCATE"):
                assert found[role, table, statement] in ("right", "trigger"), (role, table, statement)


def test_what_nothing_stops_is_for_owners_only(found: Found) -> None:
    assert {role for (role, _, _), stopped in found.items() if stopped == "nothing"} == {
        "owner",
        "superuser",
        "replica",
    }


def test_every_table_that_only_grows_is_in_the_matrix(server: str, template: str) -> None:
    asked = "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE tgenabled = 'A' AND NOT tgisinternal"
    with psycopg.connect(in_database(server, template)) as connection:
        guarded = {table for (table,) in connection.execute(asked).fetchall()}
    assert guarded == set(CHANGES)
