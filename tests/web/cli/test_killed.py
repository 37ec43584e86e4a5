"""Whoever kills the program without a word can start it again at once: nothing of it goes on."""

import contextlib
import multiprocessing
import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from pathlib import Path

import psutil

from tests.conftest import Database
from tests.processes import end, free_port, started, wait_until_it_answers
from web import orphans

SOON_SECONDS = 5


def test_a_demo_that_was_killed_is_taken_over_on_the_same_port(demo_folder: Path) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    arguments = ["demo", "--no-browser", "--data-dir", str(demo_folder), "--port", str(port)]
    first = started(arguments, {})
    wait_until_it_answers(url, first)
    assert int((demo_folder / "pobratim.lock").read_text()) == first.pid
    workers = workers_of(first)
    killed(first, workers)
    second = started(arguments, {})
    try:
        wait_until_it_answers(url, second)
    finally:
        code, said = end(second)
    assert code == 0, said


def test_a_server_that_was_killed_leaves_no_worker(database: Database) -> None:
    port = free_port()
    environment = {"POBRATIM_DATABASE_URL": database.url}
    server = started(["serve", "--port", str(port), "--workers", "3"], environment)
    wait_until_it_answers(f"http://127.0.0.1:{port}", server)
    workers = workers_of(server)
    assert len(workers) == 3
    killed(server, workers)


def test_a_worker_ends_with_its_parent_also_where_the_kernel_does_not_see_to_it() -> None:
    hear, tell = multiprocessing.Pipe(duplex=False)
    parent = multiprocessing.get_context("spawn").Process(target=start_a_worker, args=(tell,))
    parent.start()
    worker = hear.recv()
    assert psutil.pid_exists(worker)
    parent.kill()
    parent.join()
    eventually(lambda: not psutil.pid_exists(worker))


def start_a_worker(tell: Connection) -> None:
    worker = multiprocessing.get_context("spawn").Process(target=work, args=(tell,))
    worker.start()
    worker.join()


def work(tell: Connection) -> None:
    orphans._ended_by_the_kernel = lambda _parent: False  # type: ignore[assignment]
    orphans.end_with_parent()
    tell.send(os.getpid())
    time.sleep(60)


def workers_of(server: "subprocess.Popen[str]") -> list[int]:
    return [child.pid for child in psutil.Process(server.pid).children() if "postgres" not in child.name()]


def killed(server: "subprocess.Popen[str]", workers: Sequence[int]) -> None:
    """The one process that somebody sees: `kill -9`. The others end by themselves."""
    os.kill(server.pid, signal.SIGKILL)
    server.wait()
    assert server.stdout
    server.stdout.close()
    try:
        eventually(lambda: not any(map(psutil.pid_exists, workers)))
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGKILL)


def eventually(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + SOON_SECONDS
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.02)
