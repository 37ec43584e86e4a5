"""Commands of ours as processes of their own, from the moment when they serve until they are told to end."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

ROOT = Path(__file__).parents[1]
UP_SECONDS = 30


@contextmanager
def served(arguments: Sequence[str], url: str, environment: Mapping[str, str]) -> Generator[subprocess.Popen[str]]:
    """A command of ours that serves pages, from the moment when it does until it is told to end."""
    process = started(arguments, environment)
    try:
        wait_until_it_answers(url, process)
        yield process
    finally:
        end(process)


def started(arguments: Sequence[str], environment: Mapping[str, str]) -> subprocess.Popen[str]:
    """In a process group of its own, so that the end of a test is the end of all of it."""
    with _as_at_a_terminal():
        return subprocess.Popen(
            [sys.executable, "-m", "web.cli", *arguments],
            cwd=ROOT,
            env={**os.environ, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )


@contextmanager
def _as_at_a_terminal() -> Generator[None]:
    """Who runs the tests under `nohup` ignores SIGHUP, and what they start inherits that."""
    if not hasattr(signal, "SIGHUP"):
        yield
        return
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    try:
        yield
    finally:
        signal.signal(signal.SIGHUP, before)


def end(process: subprocess.Popen[str]) -> tuple[int, str]:
    """As Ctrl-C ends it; its exit code, and what it had said."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGINT)
    try:
        output, _ = process.communicate(timeout=UP_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        output, _ = process.communicate()
    return process.returncode, output


def wait_until_it_answers(url: str, process: subprocess.Popen[str]) -> None:
    until = monotonic() + UP_SECONDS
    while monotonic() < until:
        if process.poll() is not None:
            raise AssertionError(f"the server ended with {process.returncode}: {process.communicate()[0]}")
        door = http.client.HTTPConnection(url.removeprefix("http://"), timeout=5)
        with contextlib.suppress(OSError, http.client.HTTPException), contextlib.closing(door):
            door.request("GET", "/health/live")
            if door.getresponse().status == http.HTTPStatus.OK:
                return
        sleep(0.1)
    raise AssertionError("the server did not answer")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])
