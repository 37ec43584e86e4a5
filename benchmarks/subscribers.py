"""Other systems that follow the log: `python -m benchmarks.subscribers [FACTS]`, two workers, all on one machine;
`--streams`, `--seconds` and `--cases` make it smaller.

From commit to subscriber: 50 facts a second, 200 open streams; the clients are a process of their own and stamp each
event when its bytes arrive. The clock starts before the append is asked for, so the commit itself is in it, and the
time of the append alone stands beside it.

The pull feed, over HTTP and without it, against a raw COPY of the same rows whose bodies msgspec decodes.

Catching up with the whole log (a million facts unless told otherwise) by one stream, while another one is never read:
memory of the two workers on the way. Then the Python client (benchmarks.following).

NATS JetStream stands beside our figures in the same run (benchmarks.nats_peer). KurrentDB, nearest in kind, does not:
it is in no package registry that this project draws on, and figures of other machines would compare nothing.
"""

import argparse
import asyncio
import gc
import http.client
import multiprocessing
import re
import socket
import statistics
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from multiprocessing.connection import Connection
from typing import Final

import msgspec
import psutil
import psycopg

from adapters.database.urls import runtime_url
from adapters.reference.units import local_governments
from application.access import OPERATOR, Role
from application.accounts import OpenAccount
from application.feed import FeedFilter, FeedQuery, batch, encoded
from benchmarks.following import following
from benchmarks.measure import Deed, compared, migrated_server, show
from benchmarks.nats_peer import beside
from benchmarks.seeding import one_more, seed
from benchmarks.serving import KEEPER, serving
from web.api.feed.event_streams import MOST_PER_TOKEN
from web.main import Installation
from web.settings import Settings

FACTS: Final = 1_000_000
FACTS_A_CASE: Final = 9.1
"""Of the generated register."""
STREAMS: Final = 200
A_SECOND: Final = 50
SECONDS: Final = 20
WANTED_MS: Final = 25.0
PULLED_CASES: Final = 2_000
ROUND_SECONDS, ROUNDS = 2.0, 7
LARGEST_PAGE: Final = 1_000
STEPS: Final = 10
COPY: Final = (
    "COPY (SELECT originator_id, originator_version, topic, state, notification_id, recorded_at FROM log.facts "
    "ORDER BY notification_id) TO STDOUT (FORMAT binary)"
)
_ID: Final = re.compile(rb"^id: (\d+)$", re.MULTILINE)


class Body(msgspec.Struct):
    """What the log stores, whatever the fact."""

    actor: str
    command: str
    fact: dict[str, object]
    on_behalf_of: str | None = None


class Served(msgspec.Struct, frozen=True):
    made: Installation
    port: int
    tokens: Sequence[str]
    """Enough of them for STREAMS."""

    def request(self, path: str, number: int = 0) -> bytes:
        token = self.tokens[number % len(self.tokens)]
        host = f"127.0.0.1:{self.port}"
        return f"GET {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n\r\n".encode()


def main(facts: int = FACTS, streams: int = STREAMS, seconds: int = SECONDS, cases: int = PULLED_CASES) -> None:
    with served(cases) as server:
        latency(server, streams, seconds)
        pulling(server)
        beside(_bytes(server), streams, A_SECOND, seconds)
    with served(round(facts / FACTS_A_CASE)) as server:
        catching_up(server)
        following(f"http://127.0.0.1:{server.port}", server.tokens[0], server.made.log.head())


def _bytes(server: Served) -> list[bytes]:
    """Of every event."""
    feed, log = server.made.feed, server.made.log
    return [encoded(one) for one in feed.events(feed.look(FeedFilter(), 0, log.head()).recorded)]


@contextmanager
def served(cases: int) -> Generator[Served]:
    """Without views: a subscriber needs none, and they would be made while it is measured."""
    with migrated_server() as owner_url:
        settings = Settings(database_url=runtime_url(owner_url), secret_key="benchmark " * 5, api_rate="0")
        made = Installation(settings)
        count = seed(made.log, local_governments(), cases)
        print(f"{cases:,} cases, {count:,} facts")
        wish = OpenAccount(name="Portal", email="portal@example.org", role=Role.AUDITOR)
        account = made.keeping_accounts.open(KEEPER, wish).id
        names = [f"portal {n}" for n in range(2 * STREAMS // MOST_PER_TOKEN)]
        issue = made.signing_in.issue_token
        tokens = [issue(KEEPER, account, name, ["events:read"], timedelta(days=1)) for name in names]
        with psycopg.connect(owner_url, autocommit=True) as connection:
            connection.execute("VACUUM (ANALYZE)")
        with serving(settings, "--web-only") as port:
            yield Served(made, port, tokens)
        made.close()


# --- from commit to subscriber


class Heard(asyncio.Protocol):
    """One stream: when which position came."""

    def __init__(self, request: bytes, times: list[tuple[int, float]]) -> None:
        self._request, self._times = request, times
        self._rest = b""
        self.status = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.WriteTransport):
            transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        now = time.time()
        self.status = self.status or data[:12]
        whole, found, self._rest = (self._rest + data).rpartition(b"\n\n")
        if found:
            self._times += [(int(position), now) for position in _ID.findall(whole)]


def hear(port: int, requests: Sequence[bytes], pipe: Connection) -> None:
    """A process: opens the streams, says so, and tells what came when it is asked."""

    async def listen() -> list[tuple[int, float]]:
        loop, times = asyncio.get_running_loop(), list[tuple[int, float]]()
        opened = [
            await loop.create_connection(lambda r=request: Heard(r, times), "127.0.0.1", port) for request in requests
        ]
        while not all(protocol.status for _, protocol in opened):
            await asyncio.sleep(0.05)
        pipe.send({protocol.status for _, protocol in opened})
        await asyncio.to_thread(pipe.recv)
        return times

    pipe.send(asyncio.run(listen()))


def latency(server: Served, streams: int, seconds: int) -> None:
    log, head = server.made.log, server.made.log.head()
    path = f"/api/v1/events/stream?after={head}"
    requests = [server.request(path, number) for number in range(streams)]
    ours, theirs = multiprocessing.Pipe()
    clients = multiprocessing.get_context("spawn").Process(target=hear, args=(server.port, requests, theirs))
    clients.start()
    if ours.recv() != {b"HTTP/1.1 200"}:
        raise SystemExit("a stream was refused")
    asked, appends = dict[int, float](), list[float]()
    begin = time.time()
    for number in range(A_SECOND * seconds):
        time.sleep(max(0.0, begin + number / A_SECOND - time.time()))
        before = time.time()
        one_more(log, local_governments(), number + 1)
        appends.append((time.time() - before) * 1_000)
        asked[head + number + 1] = before
    time.sleep(1)
    ours.send("done")
    times: list[tuple[int, float]] = ours.recv()
    clients.join()
    if len(times) != streams * len(asked):
        raise SystemExit(f"{len(times)} events came instead of {streams * len(asked)}")
    waited = [(moment - asked[position]) * 1_000 for position, moment in times]
    print(f"\nFrom append to subscriber, {A_SECOND} facts/s, {streams} streams, milliseconds")
    print(f"{'':>20} {'p50':>8} {'p95':>8} {'p99':>8}  wanted")
    _times("append alone", appends, "")
    _times("until it is heard", waited, f"p95 < {WANTED_MS:.0f}")


def _times(name: str, times: Sequence[float], wanted: str) -> None:
    cuts = statistics.quantiles(times, n=100)
    print(f"{name:>20} {cuts[49]:>8.1f} {cuts[94]:>8.1f} {cuts[98]:>8.1f}  {wanted}")


# --- the pull feed


def pulling(server: Served) -> None:
    gc.collect()
    gc.freeze()  # as the server does
    made = server.made
    everything = made.log.head()
    with psycopg.connect(made.settings.database_url or "", autocommit=True) as connection:
        raw = a_copy(connection)
        unserved = compared("feed", [a_feed(made)], [raw], ROUND_SECONDS, ROUNDS)
        over_http = compared("feed over HTTP", [a_puller(server)], [raw], ROUND_SECONDS, ROUNDS)
    show(f"The whole log of {everything:,} facts", "logs/s", [unserved, over_http], {"feed": ">= 0.40"})


def a_copy(connection: psycopg.Connection[tuple[object, ...]]) -> Deed:
    decode = msgspec.json.Decoder(Body).decode

    def read() -> int:
        count = 0
        with connection.cursor() as cursor, cursor.copy(COPY) as copy:
            copy.set_types(["uuid", "int4", "text", "bytea", "int8", "timestamptz"])
            for row in copy.rows():
                decode(row[3])
                count += 1
        return count

    return read


def a_feed(made: Installation) -> Deed:
    """As the server makes pages, to the last byte of their bodies."""

    def read() -> int:
        after, size = -1, 0
        reached = 0
        while reached > after:
            after = reached
            page = made.feed.page(OPERATOR, FeedQuery(after=after, limit=LARGEST_PAGE))
            reached = page.next
            size += len(batch(page.events))
        return size

    return read


def a_puller(server: Served) -> Deed:
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    headers = {"authorization": f"Bearer {server.tokens[0]}"}

    def read() -> int:
        path: str | None = f"/api/v1/events?limit={LARGEST_PAGE}"
        size = 0
        while path:
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            body = answer.read()
            size += len(body)
            link = answer.headers["link"]
            path = link[1 : link.index(">")] if len(body) > len(b"[]") else None
        return size

    return read


# --- catching up


def catching_up(server: Served) -> None:
    """One reads all of it, one never reads a byte."""
    everything = server.made.log.head()
    workers = _workers(server.port)
    stalled, reading = _opened(server, 1), _opened(server, 0)
    began, seen = time.perf_counter(), 0
    memory = list[str]()
    rest = b""
    while seen < everything:
        data = reading.recv(1 << 18)
        if not data:
            raise SystemExit(f"the stream ended after {seen:,} facts")
        found = _ID.findall(rest + data)
        before, seen = seen, max(seen, *map(int, found[-1:]), 0)
        rest = (rest + data)[-2_000:]
        if seen * STEPS // everything > before * STEPS // everything:
            memory.append(" + ".join(f"{worker.memory_info().rss / 1e6:.0f}" for worker in workers))
    spent = time.perf_counter() - began
    print(f"\nCatching up with {everything:,} facts by one stream: {spent:,.0f} s, {everything / spent:,.0f} facts/s")
    print(f"MB of the workers at each tenth: {', '.join(memory)}")
    stalled.close()
    reading.close()


def _opened(server: Served, number: int) -> socket.socket:
    opened = socket.create_connection(("127.0.0.1", server.port), 60)
    opened.sendall(server.request("/api/v1/events/stream", number))
    return opened


def _workers(port: int) -> list[psutil.Process]:
    [served] = [child for child in psutil.Process().children() if str(port) in child.cmdline()]
    return [child for child in served.children() if not any("resource_tracker" in part for part in child.cmdline())]


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description="Other systems that follow the log.")
    asked.add_argument("facts", nargs="?", type=int, default=FACTS)
    asked.add_argument("--streams", type=int, default=STREAMS)
    asked.add_argument("--seconds", type=int, default=SECONDS)
    asked.add_argument("--cases", type=int, default=PULLED_CASES, help="of the log that is pulled, and sent by NATS")
    main(**vars(asked.parse_args()))
