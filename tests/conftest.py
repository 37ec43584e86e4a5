"""A real PostgreSQL for every test that names the fixture `database`."""

import contextlib
import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import psycopg
import pytest
from hypothesis import HealthCheck, settings
from psycopg import sql

from adapters.database.migrate import migrate
from adapters.database.urls import in_database, runtime_url
from adapters.embedded.faults import EmbeddedFault
from adapters.embedded.postgres import EmbeddedPostgres

settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")  # a busy machine is no fault of what is tested
RUN_PREFIX = "pobratim-tests-"
KILLED_SECONDS = 3600


class Database(msgspec.Struct, frozen=True):
    """One database with every migration applied and nothing in it."""

    url: str
    """As the program works: the runtime role."""
    owner_url: str
    """As the operator migrates: the owner."""


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """Owner's address of a server: POBRATIM_TEST_DATABASE_URL, else an embedded one that lives as long as the run."""
    if given := os.environ.get("POBRATIM_TEST_DATABASE_URL"):
        yield given
        return
    clear_away_killed_runs()
    folder = Path(tempfile.mkdtemp(prefix=RUN_PREFIX))
    folder.chmod(0o755)  # as root the server runs as `nobody`, who must get in
    try:
        with EmbeddedPostgres(folder, fast=True) as embedded:
            yield embedded.url
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def template(server: str) -> Iterator[str]:
    """Name of a migrated database, to be copied."""
    name = f"pobratim_template_{secrets.token_hex(4)}"
    _run(server, sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    migrate(in_database(server, name))
    yield name
    drop_database(server, name)


@pytest.fixture(scope="module")
def database(server: str, template: str) -> Iterator[Database]:
    """A database of the test module's own, dropped afterwards."""
    with new_database(server, template) as made:
        yield made


@contextlib.contextmanager
def new_database(server: str, template: str) -> Iterator[Database]:
    """One more, for tests of two installations."""
    name = f"pobratim_test_{secrets.token_hex(4)}"
    _run(server, sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))
    owner_url = in_database(server, name)
    yield Database(runtime_url(owner_url), owner_url)
    drop_database(server, name)


def clear_away_killed_runs() -> None:
    """Stop the servers of runs that were killed an hour ago or more; a run that lives holds its folder."""
    for folder in Path(tempfile.gettempdir()).glob(f"{RUN_PREFIX}*"):
        with contextlib.suppress(EmbeddedFault, OSError):
            if time.time() - folder.stat().st_mtime > KILLED_SECONDS:
                with EmbeddedPostgres(folder, fast=True):  # takes the folder over, and with it what still runs there
                    pass
                shutil.rmtree(folder)


def drop_database(server: str, name: str) -> None:
    _run(server, sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _run(server: str, statement: sql.Composed) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(statement)
