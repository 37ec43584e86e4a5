"""The package installed alone in a new environment, as an auditor has it: nothing of the office's program is there."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.verifier.making import Bundle, history, policy

PACKAGE = Path(__file__).parents[2] / "verifier"
BIN = "Scripts" if os.name == "nt" else "bin"


def ran(command: Sequence[str | Path], folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=300, encoding="utf-8"
    )


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the environment `alone`, a good bundle, a bad one and a policy."""
    folder = tmp_path_factory.mktemp("auditor")
    for command in (
        [sys.executable, "-m", "venv", "alone"],
        [folder / "alone" / BIN / "python", "-m", "pip", "install", "-q", "--disable-pip-version-check", PACKAGE],
    ):
        done = ran(command, folder)
        assert done.returncode == 0, done.stderr
    good = Bundle(history())
    (folder / "good.gz").write_bytes(good.packed())
    good.lines[9] = good.lines[9].replace("Ниш".encode(), "Бор".encode())
    (folder / "bad.gz").write_bytes(good.packed())
    (folder / "policy.json").write_text(json.dumps(policy()), "utf-8")
    return folder


def verified(machine: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return ran([machine / "alone" / BIN / "pobratim-verify", *arguments], machine)


def test_it_brings_cryptography_and_nothing_of_the_office(machine: Path) -> None:
    listed = ran([machine / "alone" / BIN / "python", "-m", "pip", "list", "--format=freeze"], machine)
    names = {line.partition("==")[0].partition(" @")[0] for line in listed.stdout.splitlines()}

    assert names - {"pip", "setuptools", "cffi", "pycparser"} == {"cryptography", "pobratim-verify"}
    assert ran([machine / "alone" / BIN / "python", "-c", "import domain"], machine).returncode != 0


def test_a_good_bundle_is_verified_and_what_is_not_proven_is_said(machine: Path) -> None:
    done = verified(machine, "good.gz", "--policy", "policy.json")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("VERIFIED\n")
    for told in ("pobratim.example.rs/log", "19 in 3 cases", "size 20", "witnessed by nobody", "NOT PROVEN"):
        assert told in done.stdout


def test_a_bad_bundle_is_refused_in_one_line(machine: Path) -> None:
    done = verified(machine, "bad.gz", "--policy", "policy.json")

    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout == "DOES NOT HOLD: leaf 7 (position 15): its fact is not the one that was sealed\n"


def test_wrong_use_is_told_in_one_line(machine: Path) -> None:
    done = verified(machine, "good.gz")

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_an_answer_that_reaches_nobody_is_no_success(machine: Path) -> None:
    program = str(machine / "alone" / BIN / "pobratim-verify")
    done = ran(["sh", "-c", f"{program} good.gz --policy policy.json > /dev/full"], machine)

    assert done.returncode == 2
    assert "Traceback" not in done.stderr
