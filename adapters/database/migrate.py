"""Brings a database to this version: plain SQL files, each applied once and never changed afterwards."""

import hashlib
from collections.abc import Sequence
from importlib import resources
from typing import Any

import msgspec
import psycopg

from adapters.database.faults import DatabaseFault

OLDEST_SERVER = 15
LOCK = 7_631_400_001  # any number that nobody else uses for an advisory lock in this database
LOCK_SECONDS = 60
URL = "POBRATIM_DATABASE_URL"
"""Where a person finds the address, unless told otherwise."""
LEDGER = """
    CREATE SCHEMA IF NOT EXISTS migrations;
    CREATE TABLE IF NOT EXISTS migrations.applied (
        name text PRIMARY KEY,
        sha256 text NOT NULL,
        applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
    );
"""

Connection = psycopg.Connection[tuple[Any, ...]]


class Migration(msgspec.Struct, frozen=True):
    name: str
    sql: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.sql).hexdigest()


def migrations() -> list[Migration]:
    """The files `migrations/NNNN_name.sql` in their order; line ends do not count as a change."""
    folder = resources.files("adapters.database") / "migrations"
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".sql")), key=lambda file: file.name)
    return [Migration(file.name, file.read_bytes().replace(b"\r\n", b"\n")) for file in files]


def migrate(owner_url: str, known: Sequence[Migration] | None = None, *, name: str = URL) -> list[str]:
    """Apply what is missing, all of it or nothing, and return the names. Safe to repeat, and by two at once.

    `owner_url` names the owner of the database: a superuser, or a role with CREATEROLE. `name` is how a person knows
    the setting that it came from. Raises DatabaseFault.
    """
    known = migrations() if known is None else known
    try:
        with psycopg.connect(owner_url) as connection:
            return _migrate(connection, known)
    except psycopg.OperationalError as fault:
        raise _unreachable(fault, name) from fault


def pending(url: str, known: Sequence[Migration] | None = None, *, name: str = URL) -> list[str]:
    """Names of the migrations that the database lacks; the runtime role may ask. Raises DatabaseFault."""
    known = migrations() if known is None else known
    try:
        with psycopg.connect(url) as connection:
            _require_server(connection)
            return [migration.name for migration in _missing(connection, known)]
    except psycopg.OperationalError as fault:
        raise _unreachable(fault, name) from fault


def require_migrated(url: str, *, name: str = URL) -> None:
    """Raises DatabaseFault `database.not-migrated` where `pending` is not empty."""
    if names := pending(url, name=name):
        raise DatabaseFault("database.not-migrated", names=", ".join(names))


def _migrate(connection: Connection, known: Sequence[Migration]) -> list[str]:
    _require_server(connection)
    try:
        connection.execute("SELECT set_config('lock_timeout', %s, true)", (f"{LOCK_SECONDS}s",))
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
    except psycopg.errors.LockNotAvailable as fault:
        raise DatabaseFault("database.busy", seconds=LOCK_SECONDS) from fault
    missing = _missing(connection, known)
    if missing:
        connection.execute(LEDGER)
    for migration in missing:
        try:
            connection.execute(migration.sql)
        except psycopg.Error as fault:
            reason = " ".join(str(fault).split())
            raise DatabaseFault("database.migration-failed", name=migration.name, reason=reason) from fault
        row = (migration.name, migration.sha256)
        connection.execute("INSERT INTO migrations.applied (name, sha256) VALUES (%s, %s)", row)
    return [migration.name for migration in missing]


def _missing(connection: Connection, known: Sequence[Migration]) -> list[Migration]:
    applied = _applied(connection)
    ours = {migration.name: migration for migration in known}
    if newer := sorted(applied.keys() - ours.keys()):
        raise DatabaseFault("database.newer", names=", ".join(newer))
    for name, sha256 in applied.items():
        if ours[name].sha256 != sha256:
            raise DatabaseFault("database.migration-changed", name=name)
    return [migration for migration in known if migration.name not in applied]


def _applied(connection: Connection) -> dict[str, str]:
    there = connection.execute("SELECT to_regclass('migrations.applied')").fetchone()
    if there is None or there[0] is None:
        return {}
    return dict(connection.execute("SELECT name, sha256 FROM migrations.applied").fetchall())


def _require_server(connection: Connection) -> None:
    major = connection.info.server_version // 10_000
    if major < OLDEST_SERVER:
        raise DatabaseFault("database.too-old", found=major, needed=OLDEST_SERVER)


def _unreachable(fault: psycopg.OperationalError, name: str) -> DatabaseFault:
    return DatabaseFault("database.unreachable", name=name, reason=" ".join(str(fault).split()))
