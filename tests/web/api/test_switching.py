"""Fifty write at once and commit late, while a consumer restarts and goes from one transport to the next: it misses
nothing, and what it gets has the same bytes by every way."""

import contextlib
import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import cycle, islice
from pathlib import Path
from random import Random
from typing import Final
from uuid import UUID

import httpx
import msgspec
import psycopg
import pytest

from adapters.recording import arrays
from adapters.recording.mapper import Entered, FactMapper
from adapters.recording.request import APPEND, Request, parameters
from adapters.recording.topics import published
from application.access import Role
from application.accounts import OpenAccount
from application.identity import case_id
from domain.initiatives import events as e
from domain.initiatives.terms import Kind, Party, PartyRole
from domain.kernel import CommandKey, Fact, VaultRef
from tests.adapters.recording.office import OFFICER
from tests.conftest import Database
from tests.processes import ROOT, end, free_port, started, wait_until_it_answers
from tests.web.api.hooking import LOST, delivered
from web.demo import KEEPER
from web.main import Installation
from web.settings import Settings

WRITERS: Final = 50
PATIENCE: Final = 120.0
LAST_CHUNK: Final = b"\r\n0\r\n\r\n"
"""The end of an answer that was not torn off."""
LONGEST_DELAY: Final = 0.02
"""Seconds between a write and its commit."""
NIS, PIROT = (Party(role=PartyRole.HOME, local_government=code) for code in ("nis", "pirot"))


def life(number: int) -> list[Fact]:
    """Even cases are of Niš from their beginning, odd ones from their fourth fact to their sixth."""
    remark = e.RemarkAdded(remark=VaultRef(UUID(int=number + 1)))
    party = PIROT if number % 2 else NIS
    begun = e.HistoricAgreementEntered(number=number_of(number), kind=Kind.TWINNING, parties=(party,), source="списак")
    return [begun, remark, remark, e.PartyJoined(party=NIS), remark, e.PartyLeft(party="nis"), remark]


def number_of(number: int) -> str:
    return f"2026-{number:04d}"


def of_nis(number: int, version: int) -> bool:
    return 4 <= version <= 6 if number % 2 else version <= 6


def write(url: str, number: int) -> None:
    """One fact a transaction, which stays open for a while; some are given up and made again."""
    chance, facts = Random(number), life(number)  # noqa: S311 - the same each time
    mapper, version = FactMapper(topics=published()), 0
    with psycopg.connect(url, autocommit=True) as connection:
        arrays.register(connection)
        while version < len(facts):
            key = CommandKey(UUID(int=chance.getrandbits(128), version=4))
            fact = Entered(case_id(number_of(number)), version + 1, OFFICER, None, key, facts[version])
            request = Request(key, hashlib.sha256(key.bytes).digest(), [mapper.to_stored_event(fact)])
            given_up = chance.random() < 0.2
            with connection.transaction(), connection.cursor(binary=True) as cursor:
                cursor.execute(APPEND.encode(), parameters([request]))
                time.sleep(chance.random() * LONGEST_DELAY)
                if given_up:
                    raise psycopg.Rollback
            version += not given_up


Event = tuple[int, bytes]


@dataclass
class Office:
    """The served installation, and what a consumer needs of it."""

    made: Installation
    url: str
    token: str
    folder: Path
    files: int = 0

    @property
    def environment(self) -> dict[str, str]:
        return self.made.settings.as_environment()

    def pull(self, after: int, query: str, limit: int = 7) -> tuple[list[Event], int]:
        """A page, and the cursor that it leads on to."""
        address = f"{self.url}/api/v1/events?after={after}&limit={limit}{query}"
        answer = httpx.get(address, headers={"authorization": f"Bearer {self.token}"}, timeout=30)
        assert answer.status_code == 200, answer.text
        pieces = msgspec.json.decode(answer.content, type=list[msgspec.Raw])
        leads_on = httpx.URL(answer.links["next"]["url"]).params["after"]
        return [event_of(bytes(piece)) for piece in pieces], int(leads_on)

    def stream(self, after: int, query: str) -> Iterator[Event | int]:
        """Events, and positions that say only how far it is; ends after some silence."""
        headers = {"authorization": f"Bearer {self.token}", "last-event-id": str(after)}
        address = f"{self.url}/api/v1/events/stream?{query.removeprefix('&')}"
        with (
            contextlib.suppress(httpx.ReadTimeout),
            httpx.stream("GET", address, headers=headers, timeout=httpx.Timeout(30, read=2)) as answer,
        ):
            assert answer.status_code == 200
            fields = dict[str, str]()
            for line in answer.iter_lines():
                name, _, value = line.partition(": ")
                fields[name] = value
                if not line:
                    if "data" in fields:
                        assert fields["event"] == json.loads(fields["data"])["type"]
                        yield int(fields["id"]), fields["data"].encode()
                    elif "id" in fields:
                        yield int(fields["id"])
                    fields.clear()

    def file(self, after: int, query: str) -> list[Event]:
        """A file of its own."""
        self.files += 1
        path = self.folder / f"{after}-{self.files}.jsonl"
        self.export(path, query, "--after", str(after))
        return [event_of(line) for line in path.read_bytes().splitlines()]

    def hook(self, after: int, query: str) -> tuple[list[Event], int]:
        """Deliveries to a receiver that goes away in the middle, and the cursor that its subscription leads on to."""
        bodies, settled = delivered(self.made, after, query, 25)
        return [event_of(body) for body in bodies], settled

    def export(self, path: Path, query: str, *more: str) -> None:
        asked = [part for pair in query.split("&") if pair for part in ("--" + pair.replace("_", "-")).split("=")]
        command = [sys.executable, "-m", "web.cli", "log", "export", "--output", str(path), *asked, *more]
        subprocess.run(command, cwd=ROOT, env=os.environ | self.environment, check=True, timeout=60)


def event_of(piece: bytes) -> Event:
    return int(json.loads(piece)["id"]), piece


@dataclass
class Consumer:
    """Keeps its cursor now and then, and forgets the rest whenever it restarts."""

    office: Office
    query: str = ""
    cursor: int = 0
    got: list[Event] = field(default_factory=list[Event])
    ways: list[str] = field(default_factory=list[str])
    hooked: int = 0

    def follow(self, writers: list[Future[None]]) -> None:
        """In turns by every way, until all is written and seen."""
        deadline = time.monotonic() + PATIENCE
        for way in cycle((self.by_pages, self.by_webhook, self.by_stream, self.by_file)):
            written = all(writer.done() for writer in writers)
            before = len(self.got)
            way()
            self.ways.append(way.__name__)
            assert time.monotonic() < deadline, f"at {self.cursor} after {self.ways}"
            if written and len(self.ways) > 4 and len(self.got) == before and way == self.by_pages:
                return

    def by_pages(self) -> None:
        for _ in range(5):
            events, self.cursor = self.office.pull(self.cursor, self.query)
            self.take(events)

    def by_stream(self) -> None:
        """It is killed before it has kept how far the last five events led."""
        seen = list(islice(self.office.stream(self.cursor, self.query), 25))
        self.take([one for one in seen if isinstance(one, tuple)])
        if len(seen) > 5:
            self.cursor = position_of(seen[-6])
        elif seen:
            self.cursor = position_of(seen[-1])

    def by_file(self) -> None:
        events = self.office.file(self.cursor, self.query)
        self.take(events)
        self.cursor = events[-1][0] if events else self.cursor

    def by_webhook(self) -> None:
        """In the order of each case, and not of the log."""
        events, self.cursor = self.office.hook(self.cursor, self.query)
        self.got += events
        self.hooked += len(events)

    def take(self, events: list[Event]) -> None:
        assert [position for position, _ in events] == sorted(position for position, _ in events)
        self.got += events

    @property
    def once(self) -> dict[int, bytes]:
        """Without what came again."""
        return dict(self.got)


def position_of(one: Event | int) -> int:
    return one if isinstance(one, int) else one[0]


@pytest.fixture
def office(database: Database, tmp_path: Path) -> Iterator[Office]:
    with serving(database, tmp_path) as (office, server):
        yield office
        code, said = end(server)
    assert code == 0, said


@contextlib.contextmanager
def serving(database: Database, folder: Path) -> Iterator[tuple[Office, subprocess.Popen[str]]]:
    """Two processes; whoever asks for it ends them."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    (folder / "filled").touch()  # as the demo: deliveries may go to this machine
    settings = Settings(database_url=database.url, secret_key="k" * 40, base_url=url, data_dir=str(folder))
    with contextlib.closing(Installation(settings)) as made:
        wish = OpenAccount(name="Портал", email=f"portal{port}@primer.rs", role=Role.AUDITOR)
        account = made.keeping_accounts.open(KEEPER, wish).id
        token = made.signing_in.issue_token(KEEPER, account, "портал", ["events:read"], timedelta(days=1))
        office = Office(made, url, token, folder)
        server = started(["serve", "--port", str(port), "--workers", "2"], office.environment)
        try:
            wait_until_it_answers(office.url, server)
            yield office, server
        finally:
            if server.poll() is None:
                end(server)


def test_a_consumer_that_restarts_and_changes_the_transport_misses_nothing(office: Office, database: Database) -> None:
    consumers = [Consumer(office), Consumer(office, "&local_government=nis")]
    with ThreadPoolExecutor(WRITERS) as writing, ThreadPoolExecutor(len(consumers)) as following:
        writers = [writing.submit(write, database.url, number) for number in range(WRITERS)]
        for follows in [following.submit(consumer.follow, writers) for consumer in consumers]:
            follows.result()
        for writer in writers:
            writer.result()

    with psycopg.connect(database.url) as connection:
        facts = connection.execute(
            "SELECT notification_id, originator_id, originator_version FROM log.facts ORDER BY 1"
        ).fetchall()
    numbers = {case_id(number_of(number)): number for number in range(WRITERS)}
    facts = [fact for fact in facts if fact[1] in numbers]  # those of subscriptions are given to nobody
    assert len(facts) == WRITERS * len(life(0))
    cases = {position: case for position, case, _ in facts}
    wanted = [
        [position for position, _, _ in facts],
        [position for position, case, version in facts if of_nis(numbers[case], version)],
    ]
    for consumer, positions in zip(consumers, wanted, strict=True):
        assert sorted(consumer.once) == positions, "without a gap"
        for case in {case for _, case, _ in facts}:
            of_case = [position for position in consumer.once if cases[position] == case]
            assert of_case == sorted(of_case), "in the order of each case"
        assert consumer.hooked > LOST
        assert all(consumer.once[position] == event for position, event in consumer.got), "the same bytes again"
        assert {"by_pages", "by_webhook", "by_stream", "by_file"} == set(consumer.ways)
        whole = dict(sorted(consumer.once.items()))
        assert [one for one in office.stream(0, consumer.query) if isinstance(one, tuple)] == list(whole.items())
        assert office.file(0, consumer.query) == list(whole.items())
        assert list(pages(office, consumer.query)) == list(whole.items())


def pages(office: Office, query: str) -> Iterator[Event]:
    after = -1
    reached = 0
    while reached > after:
        after = reached
        events, reached = office.pull(after, query, 100)
        yield from events


@pytest.mark.parametrize(
    "told",
    [lambda pid: os.killpg(pid, signal.SIGINT), lambda pid: os.kill(pid, signal.SIGTERM)],
    ids=["by Ctrl-C", "by the system"],
)
def test_a_server_with_open_streams_ends_when_it_is_told_to(
    told: Callable[[int], None], database: Database, tmp_path: Path
) -> None:
    with serving(database, tmp_path) as (office, server), contextlib.ExitStack() as opened:
        place = httpx.URL(office.url)
        bearer = f"Host: {place.host}\r\nAuthorization: Bearer {office.token}\r\n\r\n"
        asked = f"GET /api/v1/events/stream HTTP/1.1\r\n{bearer}"
        lines = [opened.enter_context(socket.create_connection((place.host, place.port), 30)) for _ in range(12)]
        for line in lines:
            line.sendall(asked.encode())
            until(line, b"retry: 2000")
        for _ in range(3):
            told(server.pid)
        said, _ = server.communicate(timeout=60)
        assert (server.returncode, "Killing" in said) == (0, False), said
        for line in lines:
            until(line, LAST_CHUNK)


def until(line: socket.socket, words: bytes) -> bytes:
    """What comes up to these words."""
    heard = b""
    while words not in b"\r\n" + heard:
        more = line.recv(65_536)
        assert more, heard
        heard += more
    return heard
