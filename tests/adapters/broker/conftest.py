"""A NATS server, a log with facts, and the command that publishes the one to the other."""

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from adapters.reference.demo import INITIATIVES
from tests.adapters.recording.office import a_save, renamed
from tests.conftest import Database, new_database
from tests.nats_server import NatsServer, require_nats
from tests.web.cli.test_commands import Shell
from web.main import Installation
from web.settings import Settings

Serving = Callable[..., NatsServer]


@pytest.fixture
def serving() -> Iterator[Serving]:
    """Starts servers that end with the test."""
    require_nats()
    made: list[NatsServer] = []

    def start(**options: Any) -> NatsServer:
        folder = options.pop("folder", None) or Path(tempfile.mkdtemp(prefix="pobratim-nats-"))
        made.append(NatsServer(folder, **options))
        return made[-1].start()

    yield start
    for server in made:
        server.end()
        shutil.rmtree(server.folder, ignore_errors=True)


class Office(Shell):
    """Shell over a log that a test can write to."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.environment["POBRATIM_BASE_URL"] = "https://pobratim.example.rs"
        self.made = Installation(Settings(database_url=database.url))
        self.versions: dict[UUID, int] = {}

    def record(self, facts: int = 1, streams: int = 1) -> None:
        """So many facts of each of some new files."""
        for _ in range(streams):
            stream = uuid4()
            self.made.log.append([a_save(stream, 0, [renamed(f"Ниш {number}") for number in range(facts)])])

    def publish(self, server: NatsServer | str, *words: str, expect: int = 0, **environment: str) -> str:
        """What `pobratim log publish --once` says; to the stream FACTS."""
        to = server if isinstance(server, str) else server.url
        where = ["--to", to] if to else []
        stream = [] if "--stream" in words else ["--stream", "FACTS"]
        said = self("log", "publish", *where, *stream, "--once", *words, expect=expect, **environment)
        assert said.stdout == ""
        return said.stderr

    def lines(self, *filters: str) -> list[bytes]:
        """The log as the feed gives it."""
        return [line.encode() for line in self("log", "tail", *filters).stdout.splitlines()]


@pytest.fixture(scope="module")
def office(database: Database) -> Iterator[Office]:
    """With the initiatives of the reference data."""
    made = Office(database)
    made("import", "register", str(INITIATIVES))
    yield made
    made.made.close()


@pytest.fixture
def other_office(server: str, template: str) -> Iterator[Office]:
    """Another installation, or the same one restored, for whoever gives both one address."""
    with new_database(server, template) as database:
        made = Office(database)
        yield made
        made.made.close()


def bodies(server: NatsServer, stream: str = "FACTS") -> list[bytes]:
    return [one.body for one in server.kept(stream)]


def positions(server: NatsServer, stream: str = "FACTS") -> list[int]:
    return [int(json.loads(body)["id"]) for body in bodies(server, stream)]
