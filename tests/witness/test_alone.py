"""The package installed alone in a new environment, as a second organisation has it, serving a real log."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.verifier.test_alone import BIN, ran
from tests.witness.making import LOG, ORIGIN, growth
from tests.witness.nearby import post

PACKAGE = Path(__file__).parents[2] / "witness"
KEYGEN = ("keygen", "--name", "w.example/1", "--key", "key", "--data-dir", "data")


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the environment `alone`, a key, its data folder and the origins."""
    folder = tmp_path_factory.mktemp("witness")
    for command in (
        [sys.executable, "-m", "venv", "alone"],
        [folder / "alone" / BIN / "python", "-m", "pip", "install", "-q", "--disable-pip-version-check", PACKAGE],
        [folder / "alone" / BIN / "pobratim-witness", *KEYGEN],
    ):
        done = ran(command, folder)
        assert done.returncode == 0, done.stderr
    (folder / "origins").write_text(f"{ORIGIN} {LOG.vkey}\n", "utf-8")
    return folder


def test_it_brings_cryptography_and_nothing_of_the_office(machine: Path) -> None:
    listed = ran([machine / "alone" / BIN / "python", "-m", "pip", "list", "--format=freeze"], machine)
    names = {line.partition("==")[0].partition(" @")[0] for line in listed.stdout.splitlines()}

    assert names - {"pip", "setuptools", "cffi", "pycparser"} == {"cryptography", "pobratim-witness"}


def test_it_cosigns(machine: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    command = [machine / "alone" / BIN / "pobratim-witness", "serve", "--key", "key", "--origins", "origins"]
    running = subprocess.Popen(
        [*command, "--data-dir", "data", "--port", "0"], cwd=machine, env=environment, stderr=subprocess.PIPE, text=True
    )
    try:
        assert running.stderr
        address = running.stderr.readline().split(" listens on ")[1].split(" ")[0]
        assert post(address, growth(0, 3)).text.startswith("— w.example/1 ")
    finally:
        running.terminate()
        running.communicate(timeout=30)
    assert running.returncode == 0


def test_wrong_use_is_told_in_one_line(machine: Path) -> None:
    done = ran([machine / "alone" / BIN / "pobratim-witness", "serve"], machine)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
