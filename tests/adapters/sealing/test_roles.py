"""What the server itself refuses: the sealer records no fact, the office writes no seal, nobody takes anything back."""

import psycopg
import pytest

from adapters.database.urls import sealer_url
from tests.adapters.sealing.conftest import Registry
from tests.conftest import new_database

SEAL = ("seal.trees", "seal.tiles", "seal.checkpoints", "seal.cosignatures")
COSIGNED = """
    INSERT INTO seal.cosignatures SELECT number, 'w', 'x', now(), now() FROM seal.checkpoints
"""
REFUSED_TO_THE_SEALER = [
    "INSERT INTO log.facts SELECT gen_random_uuid(), 1, topic, state, 99, recorded_at FROM log.facts LIMIT 1",
    "UPDATE log.facts SET topic = 'x.y'",
    "DELETE FROM log.facts",
    "TRUNCATE log.facts",
    "SELECT * FROM log.commands",
    "SELECT * FROM log.readable",
    "SELECT * FROM vault.entries",
    "SELECT * FROM access.accounts",
    "SELECT * FROM office.notices",
    "SELECT * FROM views.progress",
    "UPDATE seal.tiles SET n = 7",
    "UPDATE seal.tiles SET first_position = 0",
    "UPDATE seal.trees SET origin = 'x'",
    "UPDATE seal.checkpoints SET note = 'x'",
    "UPDATE seal.cosignatures SET line = 'x'",
    "UPDATE seal.witnesses SET witness = 'x'",
    "DELETE FROM seal.witnesses",
    "CREATE TABLE seal.more (n int)",
    *(f"{change} {table}" for table in SEAL for change in ("DELETE FROM", "TRUNCATE", "DROP TABLE")),
    *(f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in (*SEAL, "log.facts")),
    "SET ROLE pobratim_owner_of_nothing",
]
REFUSED_TO_THE_OFFICE = [
    "INSERT INTO seal.trees (number, origin, opened_at) VALUES (9, 'x', now())",
    "INSERT INTO seal.tiles (tree, level, n, hashes) SELECT tree, 7, 9, hashes FROM seal.tiles",
    "INSERT INTO seal.checkpoints (tree, size, note, kind, made_at) VALUES (1, 900, 'x', 'regular', now())",
    "UPDATE seal.tiles SET hashes = hashes || hashes",
    "INSERT INTO seal.cosignatures VALUES (1, 'x', 'x', now(), now())",
    "INSERT INTO seal.witnesses VALUES ('x', now(), NULL, NULL)",
    "UPDATE seal.witnesses SET fault = NULL",
    *(f"{change} {table}" for table in SEAL for change in ("DELETE FROM", "TRUNCATE")),
]
REFUSED_TO_EVERYBODY = [
    *(f"{change} {table}" for table in SEAL for change in ("DELETE FROM",)),
    *(f"TRUNCATE {table} CASCADE" for table in SEAL),
    "UPDATE seal.trees SET origin = 'x'",
    "UPDATE seal.checkpoints SET note = 'x'",
    "UPDATE seal.cosignatures SET line = 'x'",
    "UPDATE seal.tiles SET hashes = substr(hashes, 1, 32)",
    "UPDATE seal.tiles SET hashes = set_byte(hashes, 0, 0) || hashes",
    "UPDATE seal.tiles SET hashes = hashes || hashes, n = n + 1",
    "UPDATE seal.tiles SET hashes = hashes || hashes, last_position = first_position",
    "INSERT INTO seal.checkpoints (tree, size, note, kind, made_at) VALUES (1, 2, 'x', 'regular', now())",
]


@pytest.fixture(autouse=True)
def something_sealed(registry):
    registry.record(3)
    registry.seal()
    registry.connection.execute(COSIGNED)


@pytest.fixture(scope="module")
def sealed_once(server, template, tmp_path_factory):
    """Owner's address of a database whose triggers stand as they were migrated."""
    with new_database(server, template) as made:
        registry = Registry(made, tmp_path_factory.mktemp("data"))
        registry.record(3)
        registry.seal()
        registry.connection.execute(COSIGNED)
        registry.connection.close()
        yield made.owner_url


def refused(url, statement, replica=False):
    with psycopg.connect(url) as connection:
        if replica:
            connection.execute("SET session_replication_role = replica")
        with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.InvalidParameterValue)):
            connection.execute(statement)


@pytest.mark.parametrize("statement", REFUSED_TO_THE_SEALER)
def test_the_sealer_may_not(database, statement):
    refused(sealer_url(database.url), statement)


@pytest.mark.parametrize("statement", REFUSED_TO_THE_OFFICE)
def test_the_office_may_not(database, statement):
    refused(database.url, statement)


@pytest.mark.parametrize("table", SEAL)
def test_the_office_may_read_the_seal(database, table):
    with psycopg.connect(database.url) as connection:
        assert connection.execute(f"TABLE {table}").fetchall()


@pytest.mark.parametrize("statement", REFUSED_TO_EVERYBODY)
@pytest.mark.parametrize("replica", [False, True], ids=["", "calling itself a replica"])
def test_the_owner_may_not_either(sealed_once, statement, replica):
    refused(sealed_once, statement, replica)


def test_the_sealer_works_as_its_role_with_bounded_waits(database):
    with psycopg.connect(sealer_url(database.url)) as connection:
        shown = [connection.execute(f"SHOW {name}").fetchone()[0] for name in ("role", "TimeZone", "lock_timeout")]
        assert shown == ["pobratim_sealer", "UTC", "5s"]
        assert connection.info.get_parameters()["application_name"] == "pobratim-sealer"
