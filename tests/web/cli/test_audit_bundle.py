"""An operator writes a bundle of the reference data; the verifier, a program of its own, says whether it holds."""

import json
import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner

from adapters.reference.demo import INITIATIVES
from tests.conftest import Database
from tests.web.cli.test_commands import Shell
from web.cli.bundle import bundle
from web.cli.faults import Complaint

VERIFIER = Path(__file__).parents[3] / "verifier"
SINCE, UNTIL = ("--from", "2020-01-01"), ("--to", "2100-01-01")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("audit")


@pytest.fixture(scope="module")
def sealed(database: Database, folder: Path) -> Shell:
    """The shell of an installation whose log is sealed, and its policy."""
    shell = Shell(database)
    shell.environment["POBRATIM_DATA_DIR"] = str(folder / "data")
    shell("import", "register", str(INITIATIVES))
    shell("audit", "seal")
    shell("audit", "policy", "--output", str(folder / "policy.json"))
    return shell


def verified(folder: Path, file: str) -> tuple[int, dict[str, object]]:
    command = [sys.executable, "-m", "pobratim_verify", file, "--policy", "policy.json", "--json"]
    environment = {**os.environ, "PYTHONPATH": str(VERIFIER)}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert done.stderr == ""
    return done.returncode, json.loads(done.stdout)


def test_a_bundle_of_the_whole_log_is_verified(sealed: Shell, folder: Path) -> None:
    said = sealed("audit", "bundle", *SINCE, *UNTIL, "--output", str(folder / "all.gz"))
    code, told = verified(folder, "all.gz")

    facts = len(sealed("log", "tail").stdout.splitlines())
    assert "the bundle ends there" in said.stderr
    assert f"holds {facts:,} facts under {facts:,} leaves of pobratim.example.rs/log" in said.stdout
    assert (code, told["origin"], told["leaves"]) == (0, "pobratim.example.rs/log", facts)


def test_a_bundle_of_one_case_is_verified(sealed: Shell, folder: Path) -> None:
    number = json.loads(sealed("export", "register", "--format", "json").stdout)[0]["number"]
    written = json.loads(
        sealed("audit", "bundle", *SINCE, *UNTIL, "--case", number, "--output", str(folder / "one.gz"), "--json").stdout
    )
    code, told = verified(folder, "one.gz")

    assert (code, told["case"] and number) == (0, number)
    assert 0 < written["facts"] < written["leaves"] == told["leaves"]


WRONG: dict[str, tuple[list[str], str]] = {
    "no day": (["--from", "yesterday", *UNTIL], "is no day"),
    "a day that no month has": (["--from", "2026-02-30", *UNTIL], "is no day"),
    "a moment without a zone": (["--from", "2026-03-01T08:00:00", *UNTIL], "is no day"),
    "the end of all days": ([*SINCE, "--to", "9999-12-31"], "is no day"),
    "an end before the beginning": (["--from", "2026-03-01", "--to", "2026-02-01"], "does not come before"),
    "no case number": ([*SINCE, *UNTIL, "--case", "../x"], "no case number"),
}


@pytest.mark.parametrize(("words", "reason"), WRONG.values(), ids=WRONG)
def test_wrong_use_is_told_before_anything_is_asked(tmp_path: Path, words: list[str], reason: str) -> None:
    told = CliRunner().invoke(bundle, [*words, "--output", str(tmp_path / "wrong.gz")])

    assert isinstance(told.exception, Complaint)
    assert reason in str(told.exception)
    assert not list(tmp_path.iterdir())


def test_a_case_that_is_not_there(sealed: Shell, folder: Path) -> None:
    said = sealed("audit", "bundle", *SINCE, *UNTIL, "--case", "2026-9999", "--output", str(folder / "x.gz"), expect=2)

    assert said.stderr.startswith("pobratim: There is no case 2026-9999")


def test_days_to_come(sealed: Shell, folder: Path) -> None:
    words = ("--from", "2100-01-01", "--to", "2100-01-02", "--output", str(folder / "wrong.gz"))
    said = sealed("audit", "bundle", *words, expect=2)

    assert "The seal reaches to" in said.stderr
    assert said.stderr.count("\n") == 1
    assert not (folder / "wrong.gz").exists()


def test_a_file_that_cannot_be_written(sealed: Shell, folder: Path) -> None:
    said = sealed("audit", "bundle", *SINCE, *UNTIL, "--output", str(folder / "no" / "where.gz"), expect=2)

    assert "cannot be written" in said.stderr


def test_what_a_superuser_changed_underneath_does_not_hold(sealed: Shell, folder: Path) -> None:
    with psycopg.connect(sealed.database.owner_url) as connection:
        connection.execute("ALTER TABLE log.facts DISABLE TRIGGER USER")
        connection.execute(
            "UPDATE log.facts SET state = convert_to(replace(convert_from(state, 'UTF8'), '{', '{ '), 'UTF8') "
            "WHERE notification_id = (SELECT max(notification_id) / 2 FROM log.facts)"
        )
        connection.execute("ALTER TABLE log.facts ENABLE TRIGGER USER")
    sealed("audit", "bundle", *SINCE, *UNTIL, "--output", str(folder / "changed.gz"))

    code, told = verified(folder, "changed.gz")

    assert (code, told["verified"]) == (1, False)
