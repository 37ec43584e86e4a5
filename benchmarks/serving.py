"""Pages over HTTP: register, board, queues and a case among 100,000, for 8 readers at once, beside a page of nothing.

The server is the one of `pobratim serve` with two workers; readers, server and database share the machine.
Each reader keeps a connection, as a browser does; a first round, in which templates are compiled and statements
prepared, does not count, and the database is at rest after the load. The readers are plain sockets, so that they take
little of what they measure.
"""

import http.client
import os
import random
import re
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime, timedelta
from itertools import count
from typing import NamedTuple
from urllib.parse import quote

import msgspec
import psycopg
from msgspec.structs import replace

from adapters.database.urls import runtime_url
from adapters.reference.units import local_governments
from application.access import OPERATOR, Role
from application.accounts import Account
from application.ports import Log
from benchmarks.exploring import fill
from benchmarks.measure import migrated_server
from benchmarks.seeding import HANDLERS, ON, a_long_case, one_more, seed
from domain.kernel import AccountId
from web.main import Installation
from web.settings import Settings

CASES = int(os.environ.get("POBRATIM_BENCHMARK_CASES", "100000"))
READERS = 8
SECONDS = 8.0
ROUNDS = 3
PAUSE = 0.5
CHANGING = "changing"
"""Filtered as before it, while facts are recorded: nothing that was counted can be remembered for long."""
WANTED_MS = 60.0
QUEUE_MS = 80.0
"""For any queue, filter and board."""
PAST_MS = 100.0
LONG_CASE, LONG = "2026-9999", 200
"""A case of that many facts, looked at as of any of its moments."""
_LENGTH = re.compile(rb"(?i)content-length: *([0-9]+)")
KEEPER = replace(OPERATOR, role=Role.ADMINISTRATOR)
FILTERS = (
    "",
    "?phase=consent",
    "?country=BA",
    "?country=IT&kind=twinning",
    "?q=nis",
    "?q=%D0%9B%D0%B5%D1%81%D0%BA%D0%BE%D0%B2%D0%B0%D1%86",
    "?sort=pair&page=40",
    "?due=late&sort=due",
)
BOARD = (
    "",
    "?phase=consent",
    "?phase=partnership",
    "?country=BA",
    "?country=US",
    "?kind=association",
    "?q=nis",
    "?due=late",
)
QUEUES = (
    "/desk/late",
    "/desk/later",
    "/desk/waiting",
    "/desk/unassigned",
    "/desk/team",
    "/desk/team?page=200",
    "/desk/changed",
)


SAVED = "phase=partnership&country=IT&column=country&column=signed&column=ends&column=visits&sort=pair"


class Times(msgspec.Struct):
    """Milliseconds of every answer, by round, and answers a second."""

    rounds: list[list[float]]
    rates: list[float]

    @property
    def p50(self) -> float:
        return statistics.median(statistics.median(r) for r in self.rounds)

    @property
    def p95(self) -> float:
        return statistics.median(sorted(r)[int(len(r) * 0.95)] for r in self.rounds)


class Reader:
    """One browser: a connection and the cookie of a session."""

    def __init__(self, port: int, secret: str) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self._rest = f" HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: pobratim={secret}\r\n\r\n".encode()

    def __enter__(self) -> "Reader":
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def get(self, address: str) -> bytes:
        """The body of the page. Raises SystemExit for anything but 200."""
        self._socket.sendall(b"GET " + address.encode() + self._rest)
        answer = self._more()
        while b"\r\n\r\n" not in answer:
            answer += self._more()
        head, _, body = answer.partition(b"\r\n\r\n")
        if b" 200 " not in head[:20]:
            raise SystemExit(head.decode(errors="replace"))
        length = int(_LENGTH.findall(head)[0])
        parts, missing = [body], length - len(body)
        while missing > 0:
            parts.append(self._more())
            missing -= len(parts[-1])
        return b"".join(parts)

    def _more(self) -> bytes:
        received = self._socket.recv(1 << 18)
        if not received:
            raise SystemExit("the server hung up")
        return received


class AtWork(NamedTuple):
    """A served register of CASES cases at rest."""

    port: int
    secret: str
    log: Log
    moments: list[datetime]
    """When the facts of LONG_CASE were recorded."""


def main() -> None:
    with at_work() as served:
        measure(served)


@contextmanager
def at_work() -> Generator[AtWork]:
    with migrated_server() as owner_url:
        settings = Settings(database_url=runtime_url(owner_url), secret_key="benchmark " * 5, api_rate="0")
        made = Installation(settings)
        made.project()
        began = time.perf_counter()
        seed(made.log, local_governments(), CASES)
        moments = a_long_case(made.log, local_governments(), LONG_CASE, LONG)
        if not made.read_side.views.caught_up(made.log.head(), 3600):
            raise SystemExit("the views did not catch up")
        print(f"{CASES:,} cases, {made.log.head():,} facts in {time.perf_counter() - began:.0f} s")
        fill(made.pool, made.log)
        _rest(owner_url)
        for number, handler in enumerate(HANDLERS):
            made.accounts.add(_handler(handler, number), None)
        secret = _session(made)
        with serving(settings) as port:
            yield AtWork(port, secret, made.log, moments)
        made.close()


@contextmanager
def _changing(log: Log, numbers: Iterator[int]) -> Generator[None]:
    """Somebody records something every half second."""
    done = threading.Event()

    def record() -> None:
        while not done.wait(PAUSE):
            one_more(log, local_governments(), next(numbers))

    thread = threading.Thread(target=record)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def measure(served: AtWork) -> None:
    port, secret, more = served.port, served.secret, count(CASES + 1)
    chance = random.Random(7)  # noqa: S311 - the same walk each time

    def case() -> str:
        running = chance.randrange(CASES)
        return f"/initiatives/{2000 + running * 26 // CASES}-{running + 1:04d}"

    pages: dict[str, Callable[[], str]] = {
        "nothing": lambda: "/health/live",
        "register, plain": lambda: "/initiatives",
        "register, filtered": lambda: "/initiatives" + chance.choice(FILTERS),
        f"register, {CHANGING}": lambda: "/initiatives" + chance.choice(FILTERS),
        "case": case,
        "case, as of": lambda: f"/initiatives/{LONG_CASE}?known_at={quote(chance.choice(served.moments).isoformat())}",
        "board, plain": lambda: "/initiatives/board",
        "board, filtered": lambda: "/initiatives/board" + chance.choice(BOARD),
        "saved filter": lambda: f"/initiatives?{SAVED}",
        "queue": lambda: chance.choice(QUEUES),
        "desk": lambda: "/",
    }
    times = {name: Times([], []) for name in pages}
    for number in range(ROUNDS + 1):
        for name, address in pages.items():
            with _changing(served.log, more) if name.endswith(CHANGING) else nullcontext():
                _round(times[name] if number else Times([], []), port, secret, address)
    floor = times["nothing"]
    print(f"\nPages for {READERS} readers at once, {ROUNDS} rounds of {SECONDS:.0f} s, medians of the rounds")
    print(f"{'':>20} {'answers/s':>10} {'p50 ms':>8} {'p95 ms':>8} {'p95 / nothing':>14}  wanted")
    for name, found in times.items():
        wanted = f"p95 < {WANTED_MS:.0f} ms" if name.startswith(("register", "case")) else f"p95 < {QUEUE_MS:.0f} ms"
        wanted = "" if name == "nothing" else f"p95 < {PAST_MS:.0f} ms" if name == "case, as of" else wanted
        rate = statistics.median(found.rates)
        print(f"{name:>20} {rate:>10,.0f} {found.p50:>8.1f} {found.p95:>8.1f} {found.p95 / floor.p95:>14.1f}  {wanted}")


def _round(times: Times, port: int, secret: str, address: Callable[[], str]) -> None:
    taken: list[float] = []
    end = time.perf_counter() + SECONDS

    def read() -> None:
        with Reader(port, secret) as reader:
            while time.perf_counter() < end:
                wanted = address()
                began = time.perf_counter()
                reader.get(wanted)
                taken.append((time.perf_counter() - began) * 1000)

    threads = [threading.Thread(target=read) for _ in range(READERS)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    times.rounds.append(taken)
    times.rates.append(len(taken) / (time.perf_counter() - began))


def _rest(owner_url: str) -> None:
    """What comes within the first minutes of so many facts, and would be measured with: autovacuum, and notices."""
    with psycopg.connect(owner_url, autocommit=True) as connection:
        connection.execute("VACUUM (ANALYZE)")
        connection.execute(
            "UPDATE office.cursors SET position = (SELECT max(notification_id) FROM log.facts) WHERE name = 'notices'"
        )


def _handler(account: AccountId, number: int) -> Account:
    """Somebody who leads cases in the seed, so that pages have names to show."""
    return Account(
        id=account,
        name=f"Handler {number}",
        email=f"handler{number}@example.org",
        role=Role.COORDINATOR,
        local_government=None,
        locale="sr-Latn",
        disabled=False,
        has_password=False,
        opened_at=ON.at,
    )


def _session(made: Installation) -> str:
    """Of a coordinator with thousands of cases on the desk, and a saved filter."""
    made.saved_views.save(_handler(HANDLERS[0], 0).person, "Italy by country", SAVED, shared=True)
    return made.signing_in.with_link(made.keeping_accounts.link(KEEPER, HANDLERS[0], timedelta(hours=1))[1])


@contextmanager
def serving(settings: Settings, *more: str) -> Generator[int]:
    """The port of `pobratim serve` with two workers."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "web.cli", "serve", "--port", str(port), "--workers", "2", *more]
    server = subprocess.Popen(command, env=os.environ | settings.as_environment())
    try:
        _wait(port)
        yield port
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(30)


def _wait(port: int) -> None:
    for _ in range(300):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/health/live")
            if connection.getresponse().status == http.HTTPStatus.OK:
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the server did not start")


if __name__ == "__main__":
    main()
