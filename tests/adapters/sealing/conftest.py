"""A log with facts, a data folder, and who seals the one into the other."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from adapters.database.urls import sealer_url
from adapters.sealing.checkpoint import Checkpoint, read_checkpoint
from adapters.sealing.faults import SealFault
from adapters.sealing.notes import opened
from adapters.sealing.sealing import Sealing
from adapters.sealing.store import Connection, Store
from tests.conftest import Database

FACTS = """
    WITH there AS (SELECT count(*) AS facts FROM log.facts)
    INSERT INTO log.facts (originator_id, originator_version, topic, state, notification_id, recorded_at)
    SELECT gen_random_uuid(), 1, 'partner.renamed.v1', convert_to('{"n":' || n || '}', 'UTF8'), n * %(apart)s,
           timestamptz '2026-03-01 08:00:00Z' + n * interval '1 second'
    FROM there, generate_series(1 + facts, %(facts)s + facts) AS n
"""
TABLES = "log.facts", "seal.cosignatures", "seal.witnesses", "seal.tiles", "seal.checkpoints", "seal.trees"


@dataclass
class Registry:
    """One database with its log, and the data folder of the installation beside it."""

    database: Database
    data_dir: Path
    now: datetime = datetime(2026, 3, 17, 7, 30, tzinfo=UTC)
    sealing: Sealing = field(init=False)
    connection: Connection = field(init=False)

    def __post_init__(self) -> None:
        self.sealing = Sealing(self.data_dir, "pobratim.example.rs", lambda: self.now)
        self.connection = self.connected()

    def connected(self) -> Connection:
        return psycopg.connect(sealer_url(self.database.url), autocommit=True)

    @property
    def store(self) -> Store:
        return Store(self.connection)

    def record(self, facts: int, apart: int = 1) -> None:
        """Facts past every check of the program; positions lie so far apart."""
        with psycopg.connect(self.database.owner_url) as connection:
            connection.execute(FACTS, {"facts": facts, "apart": apart})

    def force(self, statement: str, *values: object) -> None:
        """As an owner who takes the refusals away."""
        with psycopg.connect(self.database.owner_url) as connection:
            for table in TABLES:
                connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            connection.execute(statement, values or None)
            for table in TABLES:
                connection.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")

    def seal(self, **more) -> int:
        return self.sealing.seal(self.connection, **more)

    def kept(self) -> Checkpoint:
        kept = self.sealing.kept.read(self.sealing.keys.verifiers())
        assert kept is not None
        return kept.checkpoint

    def checkpoints(self, tree: int = 1) -> list[Checkpoint]:
        """Of the database, every signature looked at."""
        verifiers = self.sealing.keys.verifiers()
        return [read_checkpoint(opened(note, verifiers)[0]) for _size, note in self.store.checkpoints(tree)]


@pytest.fixture
def registry(database: Database, tmp_path: Path) -> Iterator[Registry]:
    made = Registry(database, tmp_path / "data")
    made.force(f"TRUNCATE {', '.join(TABLES)}")
    yield made
    made.connection.close()


def code(act: Callable[[], object]) -> str:
    with pytest.raises(SealFault) as fault:
        act()
    assert "\n" not in str(fault.value)
    return fault.value.code
