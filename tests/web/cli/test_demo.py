"""`pobratim demo` in a process of its own, without a browser: what it says, and how it ends."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from adapters.embedded.postgres import EmbeddedPostgres
from tests.processes import UP_SECONDS, end, free_port, started

AS_ROOT = sys.platform != "win32" and os.geteuid() == 0


def a_demo(folder: Path, port: int | None = None, **environment: str) -> "subprocess.Popen[str]":
    arguments = ["demo", "--no-browser", "--data-dir", str(folder), "--port", str(port or free_port())]
    return started(arguments, {"PYTHONUNBUFFERED": "1", **environment})


def read_until(demo: "subprocess.Popen[str]", words: str) -> str:
    assert demo.stdout
    said = ""
    for line in demo.stdout:
        said += line
        if words in line:
            return said
    raise AssertionError(said)


def ended(demo: "subprocess.Popen[str]") -> tuple[int, list[str]]:
    said, _ = demo.communicate(timeout=3 * UP_SECONDS)
    return demo.returncode, said.strip().splitlines()


def servers_of(folder: Path) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if str(folder / "postgres") in process.cmdline():
                found.append(process)
    return found


def test_the_hint_for_other_commands_is_enough_and_the_language_is_the_one_asked_for(demo_folder: Path) -> None:
    port = free_port()
    demo = a_demo(demo_folder, port, POBRATIM_LOCALE="en")
    try:
        said = read_until(demo, "Ctrl-C")
        hints = dict(re.findall(r"export (\w+)='([^']+)'", said))
        asked = [sys.executable, "-m", "web.cli", "account", "link", "officer@primer.rs"]
        link = subprocess.run(asked, env=os.environ | hints, capture_output=True, text=True, check=True).stdout
        assert link.startswith(f"http://127.0.0.1:{port}/sign-in/link/")
        for what in ("seal", "verify"):
            checked = [sys.executable, "-m", "web.cli", "audit", what]
            subprocess.run(checked, env=os.environ | hints, capture_output=True, text=True, check=True)
        with psycopg.connect(hints["POBRATIM_DATABASE_URL"]) as owner:
            assert owner.execute("SELECT DISTINCT locale FROM access.accounts").fetchall() == [("en",)]
    finally:
        code, rest = end(demo)
    assert code == 0, rest


@pytest.mark.skipif(sys.platform == "win32", reason="no such signals there")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
@pytest.mark.parametrize("step", ["Starting PostgreSQL", "Importing"])
def test_whoever_ends_it_while_it_prepares_ends_the_server_too(tmp_place: Path, name: str, step: str) -> None:
    demo = a_demo(tmp_place)
    read_until(demo, step)
    until = time.monotonic() + UP_SECONDS
    while not servers_of(tmp_place):
        assert time.monotonic() < until
    os.kill(demo.pid, getattr(signal, name))
    code, said = ended(demo)
    assert code == 130, said
    assert "Traceback" not in "\n".join(said)
    assert servers_of(tmp_place) == []


@pytest.mark.skipif(not AS_ROOT, reason="only root can mount a small file system")
@pytest.mark.parametrize("megabytes", [30, 41, 43])
def test_a_disk_that_fills_up_on_the_way(tmp_place: Path, megabytes: int) -> None:
    """In initdb, in the import, and in the views."""
    place = tmp_place.parent
    small = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "tmpfs", str(place)]
    if subprocess.run(small, capture_output=True, check=False).returncode:
        pytest.skip("this account may not mount a file system")
    try:
        code, said = ended(a_demo(tmp_place))
        assert code == 2, said
        assert said[-1].startswith("pobratim: No space is left on the disk that holds")
        assert "Traceback" not in "\n".join(said)
        assert not (tmp_place / "filled").exists()
    finally:
        subprocess.run(["umount", str(place)], check=True)


def test_a_key_that_is_no_text(tmp_place: Path) -> None:
    tmp_place.mkdir()
    (tmp_place / "secret.key").write_bytes(b"\xff")
    code, said = ended(a_demo(tmp_place))
    assert code == 2, said
    assert said[1:] == [f"pobratim: {tmp_place / 'secret.key'} cannot be used (it is no text). {MEND}"]


def test_a_key_that_cannot_be_read(tmp_place: Path) -> None:
    """Also root is refused here."""
    (tmp_place / "secret.key").mkdir(parents=True)
    code, said = ended(a_demo(tmp_place))
    assert code == 2, said
    assert said[1:] == [f"pobratim: {tmp_place / 'secret.key'} cannot be used (Is a directory). {MEND}"]


@pytest.mark.skipif(AS_ROOT or sys.platform == "win32", reason="this account may read everything")
def test_a_key_that_may_not_be_read(tmp_place: Path) -> None:
    tmp_place.mkdir()
    (tmp_place / "secret.key").touch(mode=0)
    code, said = ended(a_demo(tmp_place))
    assert code == 2, said
    assert said[1:] == [f"pobratim: {tmp_place / 'secret.key'} cannot be used (Permission denied). {MEND}"]


def test_a_folder_with_a_version_that_is_none(tmp_place: Path) -> None:
    (tmp_place / "postgres").mkdir(parents=True)
    (tmp_place / "postgres" / "PG_VERSION").write_bytes(b"\xff")
    code, said = ended(a_demo(tmp_place))
    assert code == 2, said
    assert "is in the way" in said[-1]
    assert len(said) == 2


MEND = "Give this user access to it, or move it away: it is made anew, and open forms have to be sent twice."


@pytest.fixture
def tmp_place(demo_folder: Path) -> Iterator[Path]:
    place = demo_folder.parent / "other"
    place.mkdir(mode=0o755)
    yield place / "data"
    if servers_of(place / "data"):  # of a test that failed
        with EmbeddedPostgres(place / "data"):
            pass
    shutil.rmtree(place)
