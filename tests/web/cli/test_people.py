"""What was erased stays erased after a restore, and what was proven before and after an erasure stays proven."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from msgspec.structs import replace

from adapters.database.urls import in_database
from adapters.reference.demo import INITIATIVES
from application.access import OPERATOR, Role
from application.people_requests import ReceivedRequest
from domain.kernel import CommandKey
from domain.people.events import ErasureGround, RequestKind
from tests.conftest import Database, drop_database, new_database
from tests.postgres_programs import run
from tests.processes import served
from tests.web.cli.test_commands import Shell
from web.main import Installation
from web.settings import Settings

VERIFIER = Path(__file__).parents[3] / "verifier"
ADMINISTRATOR = replace(OPERATOR, role=Role.ADMINISTRATOR)
WORD = "pending"
"""It stands in some remarks of the reference data; in the tests it is the name of a person."""


@dataclass
class Office:
    shell: Shell
    server: str
    folder: Path

    @property
    def database(self) -> Database:
        return self.shell.database

    def installation(self) -> Installation:
        url, data_dir = self.database.owner_url, self.shell.environment["POBRATIM_DATA_DIR"]
        return Installation(Settings(database_url=url, base_url="https://pobratim.example.rs", data_dir=data_dir))

    def texts(self) -> int:
        """Entries of the vault that hold the word."""
        with psycopg.connect(self.database.owner_url) as connection:
            row = connection.execute("SELECT count(*) FROM vault.entries WHERE text ~* %s", (WORD,)).fetchone()
        assert row
        return row[0]

    def erase(self) -> int:
        """By a request, everything that holds the word."""
        made = self.installation()
        try:
            return erase(made)
        finally:
            made.close()

    def dump(self) -> Path:
        file = self.folder / "pobratim.dump"
        run("pg_dump", "-Fc", f"--dbname={self.database.owner_url}", f"--file={file}")
        return file

    def restore(self, file: Path) -> None:
        """Over what is there, as the operator's guide has it."""
        name = psycopg.conninfo.conninfo_to_dict(self.database.owner_url)["dbname"]
        drop_database(self.server, str(name))
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE template0'.encode())
        script = file.with_suffix(".sql")
        run("pg_restore", f"--file={script}", str(file))
        told = script.read_text("utf-8")  # the program is of PostgreSQL 18, and older servers lack this setting
        script.write_text(told.replace("SET transaction_timeout = 0;", ""), "utf-8")
        address = in_database(self.server, str(name))
        run("psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", f"--dbname={address}", f"--file={script}")

    def erasures(self) -> tuple[bool, str]:
        """What the doctor says of them."""
        done = subprocess.run(
            [sys.executable, "-m", "web.cli", "doctor", "--json"],
            env=self.shell.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        told = [json.loads(line) for line in done.stdout.splitlines()]
        return next((check["good"], check["says"]) for check in told if check["what"] == "erasures")


def erase(made: Installation) -> int:
    keeping, today = made.keeping_people, made.reading.today()
    asked = ReceivedRequest(kind=RequestKind.ERASURE, received_on=today, name="N N", contact="-")
    number = keeping.receive(ADMINISTRATOR, CommandKey(uuid4()), asked).number
    found = keeping.search(ADMINISTRATOR, number, CommandKey(uuid4()), WORD)
    refs = [one.entry.ref for one in found]
    done = keeping.erase(ADMINISTRATOR, number, CommandKey(uuid4()), refs, ErasureGround.NO_LONGER_NEEDED)
    assert done.listed
    return done.entries


@pytest.fixture
def office(server: str, template: str, tmp_path: Path) -> Iterator[Office]:
    with new_database(server, template) as database:
        shell = Shell(database)
        shell.environment["POBRATIM_DATA_DIR"] = str(tmp_path / "data")
        shell("import", "register", str(INITIATIVES))
        made = Office(shell, server, tmp_path)
        assert made.texts() > 0
        yield made


def test_a_restored_backup_is_served_only_after_the_erasures(office: Office) -> None:
    backup = office.dump()
    erased = office.erase()
    assert (office.texts(), office.erasures()) == (0, (True, f"{erased} listed, none came back"))

    office.restore(backup)
    assert office.texts() == erased
    good, says = office.erasures()
    assert (good, says.startswith(f"{erased} entries that had been erased are in the vault again")) == (False, True)
    port = 18_000 + os.getpid() % 10_000
    arguments = ["serve", "--port", str(port), "--workers", "1"]
    with served(arguments, f"http://127.0.0.1:{port}", office.shell.environment):
        assert office.texts() == 0
    assert office.erasures() == (True, f"{erased} listed, none came back")

    office.restore(backup)
    told = json.loads(office.shell("people", "reapply", "--json").stdout)
    assert (told, office.texts()) == ({"erased": erased, "listed": erased}, 0)
    assert json.loads(office.shell("people", "reapply", "--json").stdout) == {"erased": 0, "listed": erased}


def test_a_damaged_list_keeps_everything_from_being_served(office: Office) -> None:
    office.erase()
    listed = Path(office.shell.environment["POBRATIM_DATA_DIR"]) / "people" / "erased"
    with listed.open("a") as file:
        file.write("nobody\n")
    for command in (["serve", "--port", "18000"], ["worker"], ["people", "reapply"]):
        refused = office.shell(*command, expect=2)
        assert "is no erasure" in refused.stderr
        assert len(refused.stderr.strip().splitlines()) == 1


def test_bundles_of_before_and_after_an_erasure_are_verified(office: Office) -> None:
    since_ever = ("--from", "2020-01-01", "--to", "2100-01-01")
    office.shell("audit", "seal")
    office.shell("audit", "bundle", *since_ever, "--output", str(office.folder / "before.gz"))
    office.erase()
    office.shell("audit", "seal")
    office.shell("audit", "bundle", *since_ever, "--output", str(office.folder / "after.gz"))
    office.shell("audit", "policy", "--output", str(office.folder / "policy.json"))
    assert json.loads(office.shell("audit", "verify", "--json").stdout)["fault"] == ""
    for file in ("before.gz", "after.gz"):
        done = subprocess.run(
            [sys.executable, "-m", "pobratim_verify", file, "--policy", "policy.json", "--json"],
            cwd=office.folder,
            env={**os.environ, "PYTHONPATH": str(VERIFIER)},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == 0, done.stdout + done.stderr


def test_without_a_data_folder_it_is_said_that_no_list_is_kept(office: Office) -> None:
    del office.shell.environment["POBRATIM_DATA_DIR"]
    assert "No list of erasures is kept" in office.shell("people", "reapply").stdout
    assert office.erasures() == (True, "no list is kept: POBRATIM_DATA_DIR is not set")
