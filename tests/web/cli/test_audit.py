"""The seal from the command line and from outside: sealing, verifying, policies, keys and a new origin."""

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep
from typing import Any, cast

import psycopg
import pytest
from litestar.testing import TestClient
from pobratim_verify.policy import read as read_policy

from adapters.sealing.checkpoint import read_checkpoint
from adapters.sealing.notes import opened, verifier
from tests.conftest import Database, new_database
from tests.planting import plant
from tests.processes import UP_SECONDS, end, started
from tests.verifier.making import WITNESSES
from tests.web.cli.test_commands import Shell
from tests.witness.nearby import nearby
from web.main import Installation, build
from web.settings import Settings

ORIGIN = "pobratim.example.rs/log"
VKEY = WITNESSES[0].vkey


@pytest.fixture
def shell(server: str, template: str, tmp_path: Path) -> Any:
    """A log of three facts."""
    with new_database(server, template) as database:
        made = Shell(database)
        made.environment["POBRATIM_DATA_DIR"] = str(tmp_path / "data")
        for _ in range(3):
            plant(database.owner_url)
        yield made


def folder(shell: Shell) -> Path:
    return Path(shell.environment["POBRATIM_DATA_DIR"]) / "seal"


def forced(database: Database, statement: str) -> None:
    with psycopg.connect(database.owner_url) as connection:
        tables = ("log.facts", "seal.tiles", "seal.checkpoints")
        for table in tables:
            connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER".encode())
        connection.execute(statement.encode())


def policy(shell: Shell, tmp_path: Path) -> dict[str, Any]:
    shell("audit", "policy", "--output", str(tmp_path / "policy.json"))
    read_policy(tmp_path / "policy.json")  # as the auditor's program reads it
    return cast("dict[str, Any]", json.loads((tmp_path / "policy.json").read_text("utf-8")))


def seal_check(shell: Shell, **environment: str) -> dict[str, Any]:
    told = [json.loads(line) for line in shell("doctor", "--json", expect=1, **environment).stdout.splitlines()]
    return next(check for check in told if check["what"] == "seal")


def test_facts_are_sealed_and_verified(shell: Shell) -> None:
    assert "no key" in shell("audit", "verify", expect=2).stderr
    assert shell("audit", "seal").stdout == "3 facts are sealed.\n"
    assert shell("audit", "verify").stdout == f"{ORIGIN}: 3 facts and 2 checkpoints are as they were sealed.\n"
    assert json.loads(shell("audit", "seal", "--json").stdout) == {"sealed": 3}
    found = json.loads(shell("audit", "verify", "--json").stdout)
    assert found == {"origin": ORIGIN, "sealed": 3, "checkpoints": 2, "position": None, "fault": ""}


def sealed_until(shell: Shell, size: int) -> None:
    latest = monotonic() + UP_SECONDS
    while (
        not (folder(shell) / "checkpoint").exists() or f"\n{size}\n" not in (folder(shell) / "checkpoint").read_text()
    ):
        assert monotonic() < latest, "nobody has sealed it"
        sleep(0.05)


def test_a_worker_seals_and_another_goes_on_where_it_was_killed(shell: Shell) -> None:
    many = (
        "INSERT INTO log.facts SELECT gen_random_uuid(), 1, topic, state, notification_id + n, recorded_at "
        "FROM (SELECT * FROM log.facts ORDER BY notification_id DESC LIMIT 1) AS last, generate_series(1, 20000) AS n"
    )
    worker = started(["worker"], shell.environment)
    try:
        sealed_until(shell, 3)
        forced(shell.database, many)
        sleep(0.9)  # somewhere in the work that these make; wherever it is, the rest holds
    finally:
        os.killpg(worker.pid, signal.SIGKILL)
        worker.communicate()
    plant(shell.database.owner_url)
    worker = started(["worker"], shell.environment)
    try:
        sealed_until(shell, 20_004)
    finally:
        end(worker)
    assert shell("audit", "verify").stdout.startswith(f"{ORIGIN}: 20,004 facts and ")


def test_a_changed_fact_is_named_by_its_position(shell: Shell) -> None:
    shell("audit", "seal")
    forced(shell.database, "UPDATE log.facts SET topic = 'changed.v1' WHERE notification_id = 2")
    said = shell("audit", "verify", expect=1).stdout
    assert said == ("NOT as it was sealed: the fact at position 2 is not as it was sealed (first bad position: 2).\n")
    assert json.loads(shell("audit", "verify", "--json", expect=1).stdout)["position"] == 2


def test_a_policy_names_keys_and_the_newest_checkpoint(shell: Shell, tmp_path: Path) -> None:
    assert "Nothing was sealed yet" in shell("audit", "policy", "--output", str(tmp_path / "p"), expect=2).stderr
    shell("audit", "seal")
    told = policy(shell, tmp_path)
    [origin], [note] = told["origins"], told["checkpoints"]
    assert (told["pobratim_policy"], told["witnesses"], told["quorum"]) == (1, [], 0)
    assert (origin["origin"], origin["successor_of"]) == (ORIGIN, None)
    text, _signed = opened(note, [verifier(origin["keys"][0])])
    assert read_checkpoint(text).size == 3
    shell("audit", "policy", "--output", str(tmp_path / "no" / "such" / "folder"), expect=2)


def test_a_key_is_rotated_by_signing_twice(shell: Shell, tmp_path: Path) -> None:
    assert "There is only one key" not in shell("audit", "rotate-key", expect=2).stderr
    shell("audit", "seal")
    assert "There is only one key" in shell("audit", "rotate-key", "--finish", expect=2).stderr
    new = shell("audit", "rotate-key").stdout.split(" ")[0]
    told = policy(shell, tmp_path)
    old = told["origins"][0]["keys"][0]
    assert told["origins"][0]["keys"] == [old, new]
    for key in (old, new):
        assert opened(told["checkpoints"][-1], [verifier(key)])
    assert shell("audit", "rotate-key", "--finish").stdout.startswith(f"{old} signs no more")
    assert "3 facts and" in shell("audit", "verify").stdout
    assert [file.suffix for file in folder(shell).glob("*.pem")] == [".pem"]


def test_after_a_restore_to_less_a_new_origin_names_the_old_one(shell: Shell, tmp_path: Path) -> None:
    shell("audit", "seal")
    root = read_checkpoint((folder(shell) / "checkpoint").read_text("utf-8").partition("\n\n")[0] + "\n").root
    assert "is sound" in shell("audit", "new-origin", "--reason", "none", expect=2).stderr
    forced(shell.database, "DELETE FROM seal.checkpoints; DELETE FROM seal.tiles; DELETE FROM log.facts")
    plant(shell.database.owner_url)
    assert "restored to less" in shell("audit", "seal", expect=2).stderr
    check = seal_check(shell)
    assert not check["good"]
    assert "pobratim audit new-origin --reason" in check["says"]
    shell("audit", "new-origin", "--reason", "two\nlines", expect=2)
    said = shell("audit", "new-origin", "--reason", "restored from the backup").stdout
    assert said.startswith(f"The log goes on as {ORIGIN}/2. It follows {ORIGIN} of 3 facts.")
    told = policy(shell, tmp_path)
    assert [origin["origin"] for origin in told["origins"]] == [ORIGIN, f"{ORIGIN}/2"]
    before = told["origins"][1]["successor_of"]
    assert (before["origin"], before["size"]) == (ORIGIN, 3)
    text, _signed = opened(told["checkpoints"][-1], [verifier(told["origins"][1]["keys"][0])])
    first = read_checkpoint(text)
    assert first.successor_of is not None
    assert (first.size, first.successor_of.root) == (1, root)
    assert f"{ORIGIN}/2: 1 facts" in shell("audit", "verify").stdout


def test_a_policy_leaves_out_what_only_a_lost_key_has_signed(shell: Shell, tmp_path: Path) -> None:
    shell("audit", "seal")
    for file in folder(shell).iterdir():
        file.unlink()
    shell("audit", "new-origin", "--reason", "the folder was lost")
    told = policy(shell, tmp_path)
    assert [note.partition("\n")[0] for note in told["checkpoints"]] == [f"{ORIGIN}/2"]


def test_the_doctor_says_how_the_seal_stands(shell: Shell) -> None:
    assert seal_check(shell, POBRATIM_DATA_DIR="")["good"], "the office may work without a seal"
    assert "POBRATIM_DATA_DIR is not set" in seal_check(shell, POBRATIM_DATA_DIR="")["says"]
    shell("audit", "seal")
    assert seal_check(shell)["says"].startswith("3 facts sealed, last ")
    plant(shell.database.owner_url)
    check = seal_check(shell)
    assert not check["good"]
    assert check["says"].endswith("1 wait. Start: pobratim serve, or pobratim worker")
    file = folder(shell).parent.with_name("a file")
    file.write_text("")
    assert "is no folder" in seal_check(shell, POBRATIM_DATA_DIR=str(file))["says"]
    if os.name == "posix":
        next(folder(shell).glob("*.pem")).chmod(0o644)
        assert "chmod 600" in seal_check(shell)["says"]


def test_without_a_data_folder_the_commands_say_so(shell: Shell, tmp_path: Path) -> None:
    for words in (["seal"], ["verify"], ["policy", "--output", str(tmp_path / "p")], ["rotate-key"]):
        assert "POBRATIM_DATA_DIR is not set" in shell("audit", *words, expect=2, POBRATIM_DATA_DIR="").stderr


def test_everybody_may_read_checkpoint_and_keys(shell: Shell) -> None:
    data_dir = shell.environment["POBRATIM_DATA_DIR"]
    settings = Settings(database_url=shell.database.owner_url, secret_key="x" * 40, data_dir=data_dir)
    app = build(Installation(settings))
    with TestClient(app) as anybody:
        assert [anybody.get(path).status_code for path in ("/seal/checkpoint", "/seal/keys")] == [404, 404]
        shell("audit", "seal")
        note, keys = anybody.get("/seal/checkpoint"), anybody.get("/seal/keys")
        assert note.headers["content-type"] == keys.headers["content-type"] == "text/plain; charset=utf-8"
        assert "set-cookie" not in note.headers
        assert read_checkpoint(opened(note.text, [verifier(keys.text.strip())])[0]).size == 3
        assert "seal" not in anybody.get("/health/ready").json()


def test_who_watches_the_server_is_told_of_a_seal_that_stopped(shell: Shell) -> None:
    shell("audit", "seal")
    (folder(shell) / "checkpoint").unlink()
    settings = Settings(
        database_url=shell.database.owner_url, secret_key="x" * 40, data_dir=shell.environment["POBRATIM_DATA_DIR"]
    )
    with TestClient(build(Installation(settings))) as anybody:
        assert anybody.get("/health/ready").json()["seal"] == "seal.file-missing"


# --- witnesses


@pytest.fixture
def witnessed(shell: Shell, tmp_path: Path) -> Iterator[dict[str, str]]:
    """A sealed log, and the setting that names a witness which knows it."""
    shell("audit", "seal")
    keys = policy(shell, tmp_path)["origins"][0]["keys"]
    with nearby(tmp_path / "witness", {ORIGIN: keys}) as site:
        yield {"POBRATIM_WITNESSES": f"{site.vkey} {site.address}"}


def witness_checks(shell: Shell, **environment: str) -> list[dict[str, Any]]:
    told = [json.loads(line) for line in shell("doctor", "--json", expect=1, **environment).stdout.splitlines()]
    return [check for check in told if check["what"].startswith("witness")]


def test_a_witness_is_asked_by_hand(shell: Shell, witnessed: dict[str, str], tmp_path: Path) -> None:
    assert "has not been asked yet" in witness_checks(shell, **witnessed)[0]["says"]

    said = shell("audit", "witness", **witnessed).stdout

    assert said.startswith("witness.example.org/w1 has cosigned 3 facts at ")
    assert shell("audit", "witness", **witnessed).stdout == said, "it has signed that already"
    assert witness_checks(shell, **witnessed)[0]["says"].startswith("witness.example.org/w1 cosigned 3 facts at ")
    shell("audit", "policy", "--output", str(tmp_path / "policy.json"), **witnessed)
    told = json.loads((tmp_path / "policy.json").read_text("utf-8"))
    assert (len(told["witnesses"]), told["quorum"]) == (1, 1)
    assert told["checkpoints"][0].count("\n— ") == 2


def test_one_that_does_not_answer_is_told_by_doctor_and_health(shell: Shell, witnessed: dict[str, str]) -> None:
    gone = {"POBRATIM_WITNESSES": f"{witnessed['POBRATIM_WITNESSES'].split(' ')[0]} http://127.0.0.1:1"}
    told = json.loads(shell("audit", "witness", "--json", expect=1, **gone).stdout)
    assert told["fault"].startswith("witness.example.org/w1 does not answer (")
    check = witness_checks(shell, **gone)[0]
    assert not check["good"]
    assert " Since " in check["says"]
    settings = Settings(
        database_url=shell.database.owner_url,
        secret_key="x" * 40,
        data_dir=shell.environment["POBRATIM_DATA_DIR"],
        base_url=f"https://{ORIGIN.removesuffix('/log')}",
        witnesses=gone["POBRATIM_WITNESSES"],
    )
    made = Installation(settings)
    made.project()
    with TestClient(build(made)) as anybody:
        answer = anybody.get("/health/ready")
        assert answer.json()["witnesses"] == ["witness.example.org/w1"]
        assert "seal" not in answer.json()
        note = anybody.get("/seal/checkpoint").text
    assert note.count("\n— ") == 1


def cosigned(shell: Shell, size: int) -> bool:
    with psycopg.connect(shell.database.owner_url) as connection:
        asked = "SELECT FROM seal.cosignatures JOIN seal.checkpoints ON number = checkpoint WHERE size = %s"
        return connection.execute(asked, (size,)).fetchone() is not None


def test_a_server_asks_by_itself(shell: Shell, witnessed: dict[str, str]) -> None:
    plant(shell.database.owner_url)
    worker = started(["worker"], {**shell.environment, **witnessed})
    try:
        until = monotonic() + UP_SECONDS
        while not cosigned(shell, 4):
            assert monotonic() < until, "nobody asked"
            sleep(0.2)
    finally:
        end(worker)


def test_nobody_is_named(shell: Shell) -> None:
    shell("audit", "seal")
    assert shell("audit", "witness").stdout == "No witness is named. Set POBRATIM_WITNESSES.\n"
    assert [check["good"] for check in witness_checks(shell)] == [True]


def test_a_setting_that_cannot_be_used(shell: Shell) -> None:
    """What else cannot be is held where it is read, in tests/adapters/sealing/test_witnessing.py."""
    for words in (["audit", "seal"], ["doctor"]):
        told = shell(*words, expect=2, POBRATIM_WITNESSES=f"{VKEY} http://w.example").stderr
        assert told.count("\n") == 1
        assert told.startswith("pobratim: POBRATIM_WITNESSES: 'http://w.example' is no address")
