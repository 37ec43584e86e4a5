"""Figures beside their yardsticks: both run in the same process on the same server, in rounds that take turns."""

import os
import shutil
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import msgspec
import psycopg

from adapters.database.migrate import migrate
from adapters.database.urls import in_database
from adapters.embedded.postgres import EmbeddedPostgres

DATABASE = "pobratim_benchmark"
Deed = Callable[[], object]


class Figure(msgspec.Struct, frozen=True):
    """What `deeds_a_second` of the subject and of its yardstick came to, round by round."""

    name: str
    subject: Sequence[float]
    yardstick: Sequence[float]

    @property
    def ratio(self) -> float:
        """Median over the rounds of subject by yardstick."""
        return statistics.median(a / b for a, b in zip(self.subject, self.yardstick, strict=True))


@contextmanager
def migrated_server() -> Generator[str]:
    """Owner's address of a new migrated database that keeps its promises (fsync on).

    On the server that POBRATIM_TEST_DATABASE_URL names, else on an embedded one.
    """
    with ExitStack() as stack:
        server = os.environ.get("POBRATIM_TEST_DATABASE_URL")
        if not server:
            folder = Path(tempfile.mkdtemp(prefix="pobratim-benchmark-"))
            folder.chmod(0o755)
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
            server = stack.enter_context(EmbeddedPostgres(folder)).url
        _statement(server, f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
        _statement(server, f"CREATE DATABASE {DATABASE}")
        stack.callback(_statement, server, f"DROP DATABASE {DATABASE} WITH (FORCE)")
        url = in_database(server, DATABASE)
        migrate(url)
        with psycopg.connect(url) as connection:
            version = connection.info.parameter_status("server_version")
            durable = connection.execute("SELECT current_setting('fsync'), current_setting('synchronous_commit')")
            settings = " and ".join(durable.fetchone() or ())
        print(f"PostgreSQL {version}, fsync and synchronous_commit {settings}, {os.cpu_count()} processors")
        yield url


def compared(name: str, subject: Sequence[Deed], yardstick: Sequence[Deed], seconds: float, rounds: int) -> Figure:
    """Each sequence holds one deed a thread; each round lets the threads of one side repeat theirs for `seconds`."""
    for deed in (*subject, *yardstick):
        deed()
    sides = [(subject, list[float]()), (yardstick, list[float]())]
    for number in range(rounds):
        for deeds, rates in sides if number % 2 else reversed(sides):
            rates.append(deeds_a_second(deeds, seconds))
    return Figure(name, sides[0][1], sides[1][1])


def deeds_a_second(deeds: Sequence[Deed], seconds: float) -> float:
    counts = [0] * len(deeds)
    start = threading.Barrier(len(deeds) + 1)

    def repeat(number: int, deed: Deed) -> None:
        start.wait()
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            deed()
            counts[number] += 1

    threads = [threading.Thread(target=repeat, args=one) for one in enumerate(deeds)]
    for thread in threads:
        thread.start()
    start.wait()
    begin = time.perf_counter()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.perf_counter() - begin)


def show(title: str, unit: str, figures: Sequence[Figure], bounds: Mapping[str, str]) -> None:
    """A table of medians with the spread of the rounds."""
    print(f"\n{title}")
    print(f"{'':>16} {'ours ' + unit:>22} {'raw ' + unit:>22} {'ours/raw':>9}  wanted")
    for figure in figures:
        ours, raw = _spread(figure.subject), _spread(figure.yardstick)
        print(f"{figure.name:>16} {ours:>22} {raw:>22} {figure.ratio:>9.2f}  {bounds.get(figure.name, '')}")


def _spread(rates: Sequence[float]) -> str:
    return f"{statistics.median(rates):,.0f} ({min(rates):,.0f}-{max(rates):,.0f})"


def _statement(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement.encode())
