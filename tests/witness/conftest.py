"""A witness in a process of its own, with its key, its origins and its folder."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from pobratim_verify.notes import WITNESS_KEY, VerifierKey, verifier_key

from tests.witness.making import LOG, ORIGIN
from tests.witness.nearby import NAME, Answer, Nearby, nearby, post

SOURCES = Path(__file__).parents[2] / "witness"
DIES = """
import os, sys
from pobratim_witness import notes
from pobratim_witness.__main__ import main
notes.Cosigner.line = lambda *_: os._exit(9)
main()
"""
"""Ends between writing and answering, as a loss of power would."""


def ran(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pobratim_witness", *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": str(SOURCES)}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)


@dataclass
class Site:
    """One organisation's machine."""

    folder: Path
    key: VerifierKey = field(init=False)
    running: subprocess.Popen[str] | None = None
    address: str = ""

    def __post_init__(self) -> None:
        made = ran("keygen", "--name", NAME, "--key", self.folder / "key", "--data-dir", self.folder / "data")
        assert (made.returncode, made.stderr) == (0, "")
        self.key = verifier_key(made.stdout.strip(), WITNESS_KEY)
        (self.folder / "origins").write_text(f"# the register\n\n{ORIGIN} {LOG.vkey}\n", "utf-8")

    @property
    def arguments(self) -> list[str | Path]:
        return [
            *("serve", "--key", self.folder / "key", "--origins", self.folder / "origins"),
            *("--data-dir", self.folder / "data", "--port", "0"),
        ]

    def start(self, program: Sequence[str] = ("-m", "pobratim_witness")) -> None:
        self.running = subprocess.Popen(
            [sys.executable, *program, *map(str, self.arguments)],
            env={**os.environ, "PYTHONPATH": str(SOURCES)},
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.running.stderr
        said = self.running.stderr.readline()
        assert " listens on http://" in said, said
        self.address = said.split(" listens on ")[1].split(" ")[0]

    def stop(self) -> None:
        if self.running:
            self.running.terminate()
            self.running.communicate(timeout=30)
            self.running = None

    def ask(self, body: bytes) -> Answer:
        return post(self.address, body)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(tmp_path)
    made.start()
    yield made
    made.stop()


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Nearby]:
    """One in this process, for what needs no process of its own."""
    with nearby(tmp_path, {ORIGIN: [LOG.vkey]}) as made:
        yield made
