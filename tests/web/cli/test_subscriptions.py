"""`pobratim subscription`, as an administrator types it, with a worker beside it that delivers."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from standardwebhooks import Webhook

from adapters.reference.demo import INITIATIVES
from application.subscriptions import MACHINE
from application.subscriptions_reading import ReadingSubscriptions
from domain.subscriptions.subscription import Standing
from tests.conftest import Database
from tests.receivers import Reply, receiver
from tests.web.cli.test_commands import Shell
from web.main import Installation
from web.settings import Settings


@pytest.fixture(scope="module")
def shell(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """As in the demo: on this machine alone, over a folder that it has filled."""
    folder = tmp_path_factory.mktemp("data")
    (folder / "filled").touch()
    made = Shell(database)
    made.environment |= {"POBRATIM_DATA_DIR": str(folder), "POBRATIM_BASE_URL": "http://127.0.0.1:8000"}
    made("import", "register", str(INITIATIVES))
    return made


@contextmanager
def worker(shell: Shell) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([sys.executable, "-m", "web.cli", "worker"], env=shell.environment)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


@pytest.fixture(scope="module")
def reading(shell: Shell) -> Iterator[ReadingSubscriptions]:
    """Looks without starting a process each time."""
    made = Installation(Settings(database_url=shell.database.url))
    yield made.reading_subscriptions
    made.close()


def tail(shell: Shell) -> list[bytes]:
    return [line.encode() for line in shell("log", "tail").stdout.splitlines()]


def test_a_life_from_the_first_delivery_to_a_replay(shell: Shell, reading: ReadingSubscriptions) -> None:
    with receiver() as to, worker(shell):
        said = shell("subscription", "add", "nis", "--name", "Portal", "--address", to.address, "--after", "0").stdout
        assert "A test delivery was taken: status 204" in said
        assert "Deliveries begin." in said
        secret = next(line.strip() for line in said.splitlines() if line.strip().startswith("whsec_"))
        to.wait(lambda: reading.one(MACHINE, "nis").lag == 0, seconds=60)
        lines = set(tail(shell))
        assert {one.body for one in to.arrived if one.position} <= lines
        for one in to.arrived:
            Webhook(secret).verify(one.body, one.headers)

        newest = json.loads(shell("subscription", "deliveries", "nis", "--most", "1", "--json").stdout)
        assert newest["delivery"]["answer"]["status"] == 204
        assert newest["body"].encode() in lines
        assert "status 204" in shell("subscription", "deliveries", "nis", "--bodies").stdout

        plan = shell("subscription", "replay", "nis", "--after", "0").stdout
        assert "would be sent again, the oldest of" in plan
        before = len(to.arrived)
        shell("subscription", "replay", "nis", "--after", "0", "--begin")
        to.wait(lambda: reading.one(MACHINE, "nis").state.replay is None, seconds=60)
        assert "No replay runs" in shell("subscription", "replay", "nis").stdout
        assert len(to.arrived) > before

        new = shell("subscription", "rotate", "nis", "--json").stdout
        assert json.loads(new)["for_receiver"] != secret
        for command in ("pause", "resume", "disable"):
            shell("subscription", command, "nis")
        assert shell("subscription", "parked", "nis").stdout == ""


def test_after_a_worker_was_killed_another_goes_on(shell: Shell, reading: ReadingSubscriptions) -> None:
    """What was sent and not noted may come again, under the same name; nothing is missing."""
    with receiver(lambda _: Reply(200)) as to:
        shell("subscription", "add", "killed", "--name", "Portal", "--address", to.address, "--after", "0")
        first = subprocess.Popen([sys.executable, "-m", "web.cli", "worker"], env=shell.environment)
        to.wait(lambda: len(to.arrived) > 20, seconds=60)
        os.kill(first.pid, signal.SIGKILL)
        first.wait()
        with worker(shell):
            to.wait(lambda: reading.one(MACHINE, "killed").lag == 0, seconds=60)
        shell("subscription", "disable", "killed")
    facts = [json.loads(line) for line in tail(shell)]
    wanted = {fact["id"] for fact in facts if not fact["type"].startswith("subscription.")}
    named = {one.headers["webhook-id"]: one.position for one in to.arrived if one.position}
    assert {str(position) for position in named.values()} == wanted
    assert len(named) == len(wanted)


def test_a_receiver_that_does_not_take_it_yet_is_tried_again_by_hand(
    shell: Shell, reading: ReadingSubscriptions
) -> None:
    ready = [False]
    with receiver(lambda _: Reply(204 if ready[0] else 401, body=b"unknown signature")) as to:
        said = shell("subscription", "add", "later", "--name", "P", "--address", to.address, expect=1).stdout
        assert "NOT taken: status 401" in said
        assert "It says: unknown signature" in said
        assert "later " in shell("subscription", "list").stdout
        assert reading.one(MACHINE, "later").state.standing is Standing.NEW
        assert "NOT taken" in shell("subscription", "test", "later", expect=1).stdout
        ready[0] = True
        assert "was taken" in shell("subscription", "test", "later").stdout


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["add", "x", "--name", "P", "--address", "http://portal.ni.rs/"], "https only"),
        (["add", "x", "--name", "P", "--address", "https://portal.ni.rs/", "--type", "a.b.v1"], "a.b.v1"),
        (["add", "x", "--name", "P", "--address", "https://portal.ni.rs/", "--kind", "love"], "Give one of"),
        (["add", "x", "--name", "P", "--address", "https://portal.ni.rs/", "--local-government", "rim"], "local"),
        (["add", "x", "--name", "P", "--address", "https://portal.ni.rs/", "--case", "42"], "2026-0042"),
        (["pause", "nobody"], "nobody"),
        (["release", "nobody"], "--all"),
        (["replay", "nobody", "--since", "yesterday"], "2026-03-01"),
        (["replay", "nobody", "--begin"], "--after POSITION"),
        (["replay", "nobody", "--stop", "--begin"], "alone"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_wrong_use_gets_one_clear_line(shell: Shell, words: list[str], told: str) -> None:
    fault = shell("subscription", *words, expect=2).stderr
    assert told in fault
    assert len(fault.strip().splitlines()) == 1


def test_the_doctor_says_where_deliveries_stand_still(shell: Shell) -> None:
    with receiver() as to:
        shell("subscription", "add", "still", "--name", "P", "--address", to.address, "--after", "0")
    found = shell("doctor", expect=1).stdout
    assert "nobody delivers. Start: pobratim serve, or pobratim worker" in found
    key_file = Path(shell.environment["POBRATIM_DATA_DIR"]) / "deliveries" / "secrets.key"
    moved = key_file.rename(key_file.with_suffix(".away"))
    try:
        with receiver() as to:
            fault = shell("subscription", "test", "still", expect=2).stderr
        assert "is not here. Put it back from a backup" in fault
    finally:
        moved.rename(key_file)


def test_without_a_data_folder_nothing_is_subscribed(shell: Shell) -> None:
    words = ("subscription", "add", "x", "--name", "P", "--address", "https://portal.ni.rs/")
    assert "POBRATIM_DATA_DIR" in shell(*words, expect=2, POBRATIM_DATA_DIR="").stderr


def test_outside_of_the_demo_this_machine_is_not_reached(shell: Shell) -> None:
    elsewhere = {"POBRATIM_BASE_URL": "https://pobratim.example.rs"}
    with receiver() as to:
        words = ("subscription", "add", "own", "--name", "P", "--address", to.address)
        assert "https only" in shell(*words, expect=2, **elsewhere).stderr
        words = ("subscription", "add", "own", "--name", "P", "--address", f"https://localhost:{to.port}/")
        assert "address-refused" in shell(*words, expect=1, **elsewhere).stdout
    assert to.arrived == []
