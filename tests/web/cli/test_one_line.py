"""Whatever is wrong with the settings or the machine gets one line that says what, where and how to mend it."""

import json
import os
import resource
import socket
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from tests.conftest import Database
from tests.processes import ROOT
from tests.web.cli.test_commands import Shell
from web.main import known_fault

SECRET = "s3cret"
NO_ADDRESSES = [
    "foo",
    "mysql://x",
    "postgresql://[::1",
    "postgresql://x?nope=1",
    "host=/tmp dbname='x",
    f"postgresql://u:{SECRET}%ret@h/x",
    f"postgresql://u:p@{SECRET}@h/x",
    f"postgresql://u:{SECRET}/{SECRET}@h/x",
    "postgresql://h/x?connect_timeout=soon",
    "postgresql://h/\udcff",
]


@pytest.fixture(scope="module")
def shell(database: Database) -> Shell:
    return Shell(database)


@pytest.mark.parametrize("url", NO_ADDRESSES)
def test_no_address_of_a_database(shell: Shell, url: str) -> None:
    said = shell("history", "2026-0001", expect=2, POBRATIM_DATABASE_URL=url).stderr
    assert said.startswith("pobratim: POBRATIM_DATABASE_URL is no address")
    assert said.count("\n") == 1
    assert SECRET not in said


@pytest.mark.parametrize("words", [["serve"], ["worker"], ["migrate"], ["views", "verify"]])
def test_every_command_says_so(shell: Shell, words: list[str]) -> None:
    said = shell(*words, expect=2, POBRATIM_DATABASE_URL=NO_ADDRESSES[5]).stderr
    assert said.startswith("pobratim: POBRATIM_DATABASE_URL is no address")
    assert said.count("\n") == 1


def test_the_address_of_the_owner_is_named_by_its_own_variable(shell: Shell) -> None:
    said = shell("migrate", expect=2, POBRATIM_MIGRATION_URL="foo").stderr
    assert "POBRATIM_MIGRATION_URL is no address" in said
    said = shell("migrate", expect=2, POBRATIM_MIGRATION_URL="postgresql://nobody@127.0.0.1:1/nothing").stderr
    assert "POBRATIM_MIGRATION_URL names it" in said


def test_an_address_from_the_file_is_named_by_the_file(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "pobratim.toml").write_text('database_url = "foo"\n')
    shell.environment["PYTHONPATH"] = str(ROOT)
    command = [sys.executable, "-m", "web.cli", "log", "tail"]
    environment = {**shell.environment, "POBRATIM_DATABASE_URL": ""}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "database_url in pobratim.toml is no address" in done.stderr


@pytest.mark.parametrize("name", ["POBRATIM_DATABASE_URL", "POBRATIM_MIGRATION_URL"])
def test_the_doctor_goes_on_and_shows_it(shell: Shell, name: str) -> None:
    told = shell("doctor", expect=1, **{name: f"postgresql://u:{SECRET}%ret@h/\udcff"}).stdout
    assert f"BAD  database     {name} is no address" in told
    assert "base_url" in told
    assert SECRET not in told


def test_the_doctor_misses_the_secret_key_although_there_is_a_file(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "pobratim.toml").touch()
    environment = {name: value for name, value in shell.environment.items() if name != "POBRATIM_SECRET_KEY"}
    command = [sys.executable, "-m", "web.cli", "doctor", "--json"]
    done = subprocess.run(
        command,
        cwd=tmp_path,
        env=environment | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    [key] = [check for line in done.stdout.splitlines() if (check := json.loads(line))["what"] == "secret key"]
    assert not key["good"]


def test_a_full_disk_of_the_database_is_not_a_database_that_is_away() -> None:
    said = known_fault(psycopg.errors.DiskFull('could not extend file "base/1/2"'))
    assert said
    assert "The disk of the database is full" in said
    assert "POBRATIM_DATABASE_URL" not in said


@pytest.mark.parametrize("host", ["", "no such host", "nowhere.invalid"])
def test_a_host_that_is_none(shell: Shell, host: str) -> None:
    said = shell("serve", "--host", host, "--port", "1", expect=2).stderr
    assert "is no address of this machine" in said
    assert said.count("\n") == 1


def test_a_host_by_its_name(shell: Shell) -> None:
    """It gets as far as a port that is taken."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert (
            f"Port {port} on 127.0.0.1 is taken"
            in shell("serve", "--host", "localhost", "--port", port, expect=2).stderr
        )


@pytest.mark.skipif(sys.platform == "win32", reason="no bounds of a process there")
@pytest.mark.parametrize("words", [["--help"], ["migrate"], ["export", "register", "--format", "csv"]])
def test_an_output_that_takes_nothing(shell: Shell, tmp_path: Path, words: list[str]) -> None:
    """No file of this process may grow: a write gets EFBIG, as one on a full disk gets ENOSPC."""
    if "export" in words:
        shell("views", "rebuild")
    with (tmp_path / "out").open("wb") as out:
        done = subprocess.run(
            [sys.executable, "-m", "web.cli", *words],
            env=shell.environment,
            stdout=out,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)),
        )
    assert done.returncode == 2, done.stderr
    assert done.stderr.startswith("pobratim: The output cannot be written")
    assert done.stderr.count("\n") == 1


def test_whoever_reads_only_the_beginning_hears_no_complaint(shell: Shell) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "web.cli", "--help"]
    done = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writing)
    assert done.stderr == ""


@pytest.mark.parametrize("words", [[], ["account"], ["import"], ["export"], ["views"], ["log"]])
def test_a_group_without_a_command_shows_its_help(shell: Shell, words: list[str]) -> None:
    shown = shell(*words, expect=2).stderr
    assert shown.startswith("Usage:")
    assert "\nCommands:\n" in shown
    assert "Example: pobratim" in shown or "Begin with: pobratim" in shown
    assert shell(*words, "--help").stdout == shown


def test_a_name_of_a_token_that_is_too_long(shell: Shell) -> None:
    words = ["account", "token", "ana@primer.rs", "--scope", "events:read", "--name", "x" * 100_000]
    assert "--name has 100,000 characters. Give at most" in shell(*words, expect=2).stderr


def test_every_verdict_on_a_view_is_one_line(shell: Shell) -> None:
    shell("views", "rebuild")
    told = [json.loads(line) for line in shell("views", "verify", "--json").stdout.splitlines()]
    assert len(told) == 8
    assert all(verdict["equal"] is True and verdict["view"] for verdict in told)
