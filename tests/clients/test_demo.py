"""The examples as a stranger runs them: against a demo that was really started, with a token as the README says."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.clients.stranger import EXAMPLES, PATIENCE, Machine, by_row, installed, rows
from tests.processes import ROOT, end, free_port, started


class Demo:
    """A running demo, and its other commands in the shell that it asks for."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        command = ["demo", "--no-browser", "--data-dir", str(folder), "--port", str(self.port)]
        self.process = started(command, {"PYTHONUNBUFFERED": "1"})
        assert self.process.stdout
        said = ""
        while "Ctrl-C" not in said and (line := self.process.stdout.readline()):
            said += line
        self.hints = dict(re.findall(r"export (\w+)='([^']+)'", said))
        assert self.hints, said
        self.url = f"http://127.0.0.1:{self.port}"

    def pobratim(self, *command: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "web.cli", *command],
            cwd=ROOT,
            env=os.environ | self.hints,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def rows(self, token: str) -> list[dict[str, object]]:
        deadline = time.monotonic() + PATIENCE
        while (ready := httpx.get(f"{self.url}/health/ready").json())["lag"]:
            assert time.monotonic() < deadline, ready
            time.sleep(0.1)
        return rows(self.url, token)


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    """Its folder is not of pytest: as root the database's server is `nobody`, who may not enter there."""
    place = Path(tempfile.mkdtemp(prefix="pobratim-clients-"))
    place.chmod(0o755)
    made = Demo(place / "data")
    yield made
    code, said = end(made.process)
    shutil.rmtree(place, ignore_errors=True)
    assert code == 0, said


@pytest.fixture(scope="module")
def machine(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Machine:
    asked = ("--name", "Portal", "--scope", "events:read", "--scope", "cases:read")
    token = demo.pobratim("token", "add", "auditor@primer.rs", *asked)
    return installed(tmp_path_factory.mktemp("stranger"), token.strip())


def test_the_ten_lines_and_the_mirror_tell_what_the_demo_holds(demo: Demo, machine: Machine) -> None:
    told = [json.loads(line) for line in demo.pobratim("log", "tail").splitlines()]
    wanted = [[event[name] for name in ("id", "time", "subject", "type")] for event in told]
    with machine.start(EXAMPLES / "follow.py", demo.url) as process:
        assert process.stdout
        try:
            printed = [process.stdout.readline().split() for _ in wanted]
        finally:
            process.kill()
    assert printed == wanted
    assert len(printed) > 100

    done = machine.run(EXAMPLES / "mirror.py", demo.url, "register.sqlite", "--once", "--show")
    assert done.returncode == 0, done.stderr
    expected = demo.rows(machine.token)
    assert len(expected) > 80
    assert by_row(json.loads(done.stdout)) == by_row(expected)
