"""Try every role against every statement that could change the record: `python -m tools.append_only`.

Writes the table of docs/append-only.md. A test measures again and holds the page against what it finds.
"""

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import psycopg
from psycopg.conninfo import make_conninfo

from adapters.database.migrate import migrate
from adapters.database.urls import in_database
from adapters.embedded.postgres import EmbeddedPostgres

PAGE: Final = Path(__file__).parents[1] / "docs" / "append-only.md"
ROLES: Final = ("app", "sealer", "auditor", "owner", "superuser", "replica")
STATEMENTS: Final = ("INSERT", "COPY", "UPDATE", "DELETE", "TRUNCATE", "DISABLE TRIGGER", "DROP TRIGGER", "DROP TABLE")
CHANGES: Final[dict[str, tuple[str, str, str]]] = {
    "log.facts": (
        "INSERT INTO log.facts "
        "SELECT gen_random_uuid(), 1, topic, state, notification_id + 9, recorded_at FROM log.facts",
        "UPDATE log.facts SET topic = topic",
        "only_grows",
    ),
    "log.commands": (
        "INSERT INTO log.commands SELECT gen_random_uuid(), digest, position, recorded_at FROM log.commands",
        "UPDATE log.commands SET position = position",
        "only_grows",
    ),
    "seal.trees": (
        "INSERT INTO seal.trees (number, origin, opened_at) SELECT number + 9, origin || '2', now() FROM seal.trees",
        "UPDATE seal.trees SET origin = origin",
        "only_grows",
    ),
    "seal.tiles": (
        "INSERT INTO seal.tiles SELECT tree, 7::smallint, n + 9, hashes FROM seal.tiles",
        "UPDATE seal.tiles SET hashes = substr(hashes, 33) || hashes",
        "only_fills_up",
    ),
    "seal.checkpoints": (
        "INSERT INTO seal.checkpoints (tree, size, note, kind, made_at) "
        "SELECT tree, size + 9, note, kind, now() FROM seal.checkpoints",
        "UPDATE seal.checkpoints SET note = note",
        "only_grows",
    ),
    "seal.cosignatures": (
        "INSERT INTO seal.cosignatures SELECT checkpoint, witness || '2', line, now(), now() FROM seal.cosignatures",
        "UPDATE seal.cosignatures SET line = line",
        "only_grows",
    ),
    "vault.entries": (
        "INSERT INTO vault.entries SELECT gen_random_uuid(), kind, text, stream, now() FROM vault.entries",
        "UPDATE vault.entries SET text = text",
        "only_by_a_fact",
    ),
    "vault.erasures": (
        "INSERT INTO vault.erasures SELECT gen_random_uuid(), position, now() FROM vault.erasures",
        "UPDATE vault.erasures SET position = position",
        "only_grows",
    ),
}
"""How a row would be added and changed, and the trigger that stands in the way of a change."""
ROWS: Final = """
    INSERT INTO vault.entries VALUES ('00000000-0000-0000-0000-000000000001', 'remark', 'x', NULL, now());
    INSERT INTO vault.entries VALUES ('00000000-0000-0000-0000-000000000002', 'remark', 'x', NULL, now());
    INSERT INTO log.facts VALUES (gen_random_uuid(), 1, 'people.entry-erased.v1',
        '{"fact": {"entry": "00000000-0000-0000-0000-000000000002"}}', 1, now());
    INSERT INTO log.commands VALUES (gen_random_uuid(), sha256('x'), 1, now());
    INSERT INTO seal.trees (number, origin, opened_at) VALUES (1, 'example.rs/log', now());
    INSERT INTO seal.tiles VALUES (1, 0, 0, sha256('x') || sha256('y'), 1, 1);
    INSERT INTO seal.checkpoints (tree, size, note, kind, made_at) VALUES (1, 1, 'x', 'regular', now());
    INSERT INTO seal.cosignatures SELECT number, 'witness', 'x', now(), now() FROM seal.checkpoints;
"""
MAY: Final = {
    ("app", "log.facts"),
    ("app", "log.commands"),
    ("app", "vault.entries"),
    ("sealer", "seal.trees"),
    ("sealer", "seal.tiles"),
    ("sealer", "seal.checkpoints"),
    ("sealer", "seal.cosignatures"),
}
"""Whose work it is to add rows there."""
_MATRIX: Final = re.compile(r"(?<=<!-- matrix -->\n).*?(?=<!-- /matrix -->)", re.DOTALL)
_LOGIN: Final = re.compile(r"```sql\n(.*?)```", re.DOTALL)


def login_of_an_auditor(page: str) -> str:
    """The statements that the page gives to operators."""
    found = _LOGIN.search(page)
    assert found  # noqa: S101 - the page has one
    return found[1]


def measured(url: str, superuser: str) -> dict[tuple[str, str, str], str]:
    """Role, table and statement to what stops it. `url` is the owner's; the database has ROWS and the auditor's login.

    Every statement is rolled back.
    """
    return {
        (role, table, statement): _stopper(url if role != "superuser" else superuser, superuser, role, table, statement)
        for role in ROLES
        for table in CHANGES
        for statement in STATEMENTS
    }


def _stopper(url: str, superuser: str, role: str, table: str, statement: str) -> str:
    with psycopg.connect(superuser if role == "replica" else url) as connection:
        if begun := _BEGUN.get(role):
            connection.execute(begun.encode())
        try:
            _try(connection, table, statement)
        except psycopg.errors.InsufficientPrivilege as refused:
            return "right" if re.search("permission denied|must be owner", str(refused)) else "trigger"
        finally:
            connection.rollback()
    return "may" if statement in ("INSERT", "COPY") and (role, table) in MAY else "nothing"


_BEGUN: Final = {
    "app": "SET ROLE pobratim_app",
    "sealer": "SET ROLE pobratim_sealer",
    "auditor": "SET ROLE auditor_login",
    "replica": "SET session_replication_role = replica",
}


def _try(connection: psycopg.Connection[tuple[object, ...]], table: str, statement: str) -> None:
    insert, update, trigger = CHANGES[table]
    if statement == "COPY":
        with connection.cursor().copy(f"COPY {table} FROM STDIN".encode()) as copy:
            copy.write(b"")
        return
    said = {
        "INSERT": insert,
        "UPDATE": update,
        "DELETE": f"DELETE FROM {table}",  # noqa: S608 - one of our tables
        "TRUNCATE": f"TRUNCATE {table} CASCADE",
        "DISABLE TRIGGER": f"ALTER TABLE {table} DISABLE TRIGGER {trigger}",
        "DROP TRIGGER": f"DROP TRIGGER {trigger} ON {table}",
        "DROP TABLE": f"DROP TABLE {table} CASCADE",
    }
    connection.execute(said[statement].encode())


def matrix(found: dict[tuple[str, str, str], str]) -> str:
    """As the page has it: a table for each table of the record."""
    return "\n".join(_lines(found)) + "\n"


def _lines(found: dict[tuple[str, str, str], str]) -> Iterator[str]:
    for table in CHANGES:
        yield f"\n| `{table}` | {' | '.join(ROLES)} |"
        yield f"| --- |{' --- |' * len(ROLES)}"
        for statement in STATEMENTS:
            yield f"| {statement} | {' | '.join(found[role, table, statement] for role in ROLES)} |"
    yield ""


def shown(page: str) -> str:
    """The table that the page has now."""
    found = _MATRIX.search(page)
    assert found  # noqa: S101 - the page has its place
    return found[0]


def prepare(owner: str, superuser: str, page: str) -> None:
    """Rows in a migrated database, and the auditor's login in it."""
    with psycopg.connect(superuser) as connection:
        connection.execute(login_of_an_auditor(page).encode())
    with psycopg.connect(owner) as connection:
        connection.execute(ROWS.encode())
    with psycopg.connect(superuser) as connection:
        connection.execute(f"GRANT auditor_login TO {connection_user(owner)}".encode())


def connection_user(url: str) -> str:
    """The account of an address."""
    return str(psycopg.conninfo.conninfo_to_dict(url)["user"])


def main() -> None:
    page = PAGE.read_text("utf-8")
    with tempfile.TemporaryDirectory() as folder, EmbeddedPostgres(Path(folder), fast=True) as server:
        with psycopg.connect(server.url, autocommit=True) as connection:
            connection.execute("CREATE ROLE matrix_owner LOGIN CREATEROLE PASSWORD 'x'")
            connection.execute("CREATE DATABASE matrix OWNER matrix_owner")
        superuser = in_database(server.url, "matrix")
        owner = make_conninfo(superuser, user="matrix_owner", password="x")  # noqa: S106 - a server of a moment
        migrate(owner)
        prepare(owner, superuser, page)
        found = matrix(measured(owner, superuser))
    PAGE.write_text(_MATRIX.sub(lambda _: found, page), "utf-8", newline="\n")


if __name__ == "__main__":
    main()
