"""The command line, as an operator types it: a process of its own over a real database."""

import base64
import json
import os
import pty
import re
import select
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from adapters.reference.demo import INITIATIVES, PARTNERSHIPS
from application.identity import case_id
from tests.conftest import Database
from tests.planting import NEWER, plant


class Shell:
    def __init__(self, database: Database) -> None:
        self.database = database
        self.environment = os.environ | {
            "POBRATIM_DATABASE_URL": database.owner_url,
            "POBRATIM_BASE_URL": "https://pobratim.example.rs",
            "POBRATIM_SECRET_KEY": "k" * 40,
            "POBRATIM_TRUSTED_PROXIES": "127.0.0.1",
        }

    def __call__(
        self, *words: str, expect: int = 0, typed: str = "", **environment: str
    ) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "web.cli", *words]
        done = subprocess.run(
            command,
            env=self.environment | environment,
            input=typed,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == expect, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return done


@pytest.fixture(scope="module")
def shell(database: Database) -> Shell:
    return Shell(database)


@pytest.fixture(scope="module")
def register(shell: Shell) -> Shell:
    """The shell once the initiatives of the reference data are in the register."""
    shell("import", "register", str(INITIATIVES))
    return shell


def test_a_dry_run_says_what_would_happen_and_writes_nothing(shell: Shell) -> None:
    said = shell("import", "register", str(PARTNERSHIPS), "--dry-run").stdout
    assert "534 agreements would be entered" in said
    assert shell("log", "tail").stdout == ""


def test_importing_twice_adds_no_fact(register: Shell) -> None:
    before = register("log", "tail").stdout
    again = json.loads(register("import", "register", str(INITIATIVES), "--json").stdout)
    assert (again["rows"], again["already_there"]) == (24, 24)
    assert register("log", "tail").stdout == before


def test_a_row_that_cannot_be_taken_is_told_and_the_others_are_taken(register: Shell, tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    file.write_text(
        "local_government,partner_name,partner_country_iso2,kind,year,date_signed,status_note,source_url\n"
        "Palić,Szeged,HU,twinning,2001,,active,https://example.org\n"
        "Суботица,Baja,HU,twinning,2001,,active,https://example.org\n",
        encoding="utf-8",
    )
    done = register("import", "register", str(file), expect=1)
    assert "rows.csv, line 2, local_government “Palić”" in done.stderr
    assert "1 agreements entered" in done.stdout
    assert "1 could not be taken" in done.stdout


def test_an_export_is_what_an_import_takes(register: Shell, tmp_path: Path) -> None:
    file = tmp_path / "register.xlsx"
    register("export", "register", "--format", "xlsx", "--output", str(file))
    again = json.loads(register("import", "register", str(file), "--dry-run", "--json").stdout)
    assert again["rows"] == again["already_there"] > 0


def test_the_history_of_a_case(register: Shell) -> None:
    told = json.loads(register("history", "2021-0001", "--json").stdout)
    assert told["state"]["stage"] == "consent_granted"
    assert [fact["type"] for fact in told["facts"]] == ["initiative.taken-over.v1"]
    assert "2021-0001 stands at: consent_granted" in register("history", "2021-0001").stdout


def test_the_account_of_a_case_is_a_file_that_stands_alone(register: Shell) -> None:
    told = register("history", "2021-0001", "--account", "--lang", "sr-Cyrl").stdout
    assert told.startswith("<!doctype html>")
    assert '<html lang="sr-Cyrl">' in told
    assert "Приказ предмета 2021-0001" in told
    style = told.partition('href="data:text/css;base64,')[2].partition('"')[0]
    assert "@page account" in base64.b64decode(style, validate=True).decode()
    assert "/static/" not in told
    assert "<script" not in told
    both = register("history", "2021-0001", "--account", "--json", expect=2)
    assert "either --account or --json" in both.stderr


def test_the_history_of_a_case_as_it_stood(register: Shell) -> None:
    whole = json.loads(register("history", "2021-0001", "--json").stdout)
    recorded, happened = whole["facts"][0]["time"], whole["facts"][0]["occurredon"]
    asked = ("history", "2021-0001", "--known-at", recorded, "--valid-at", happened, "--json")
    assert json.loads(register(*asked).stdout) == whole
    before = register("history", "2021-0001", "--valid-at", "2021-04-16", expect=1)
    assert "there is something to see from 2021-04-17 on" in before.stderr
    early = register("history", "2021-0001", "--known-at", "1999-01-01", expect=1)
    assert "there is something to see from" in early.stderr
    assert "cannot be read as a date" in register("history", "2021-0001", "--known-at", "yesterday", expect=2).stderr


def test_the_log_can_be_followed_from_any_position(register: Shell) -> None:
    lines = register("log", "tail").stdout.splitlines()
    rest = register("log", "tail", "--after", json.loads(lines[9])["id"]).stdout.splitlines()
    assert rest == lines[10:]
    assert {json.loads(line)["source"] for line in lines} == {"https://pobratim.example.rs"}


def test_a_file_of_events_is_continued_and_holds_the_bytes_of_the_tail(register: Shell, tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    whole = register("log", "tail").stdout
    told = register("log", "export", "--output", str(path))
    assert path.read_text() == whole == register("log", "export").stdout
    assert (told.stdout, "events more are in" in told.stderr) == ("", True)

    kept = path.read_bytes()
    path.write_bytes(kept[: len(kept) // 2])
    register("log", "export", "--output", str(path))
    assert path.read_bytes() == kept
    register("log", "export", "--output", str(path))
    assert path.read_bytes() == kept
    assert "Leave out --after" in register("log", "export", "--output", str(path), "--after", "3", expect=2).stderr


def test_tail_and_export_take_the_filters_of_the_feed(register: Shell, tmp_path: Path) -> None:
    events = [json.loads(line) for line in register("log", "tail").stdout.splitlines()]
    number = events[-1]["subject"]
    of_the_case = [event for event in events if event["subject"] == number]
    assert [json.loads(line) for line in register("log", "tail", "--case", number).stdout.splitlines()] == of_the_case
    asked = ["--type", "initiative.taken-over.v1", "--kind", "twinning", "--local-government", "nis"]
    found = [json.loads(line) for line in register("log", "export", *asked).stdout.splitlines()]
    assert found == [
        event
        for event in events
        if event["type"] == "initiative.taken-over.v1"
        and event["data"]["fact"]["kind"] == "twinning"
        and {"role": "home", "local_government": "nis"} in event["data"]["fact"]["parties"]
    ]


def test_a_sweep_gives_what_has_come_and_nothing_twice(register: Shell) -> None:
    first = json.loads(register("sweep", "--json").stdout)
    again = json.loads(register("sweep", "--json", "--on", "2026-01-01").stdout)
    assert first["given"] >= 0
    assert again == {"until": "2026-01-01", "given": 0}
    assert "reminders given, up to" in register("sweep").stdout
    register("sweep", "--on", "tomorrow", expect=2)


def test_views_equal_their_replay_until_somebody_meddles(register: Shell) -> None:
    said = register("views", "verify").stdout
    assert said.count("equals its replay") == 8
    with psycopg.connect(register.database.owner_url) as owner:
        owner.execute("UPDATE views.work_queue SET due = due + 1 WHERE due IS NOT NULL")
    assert "DIFFERS" in register("views", "verify", "work_queue", expect=1).stdout
    register("views", "rebuild", "work_queue")
    assert "work_queue" in register("views", "verify", "work_queue").stdout


def test_a_view_that_has_stopped_is_not_called_equal(register: Shell) -> None:
    with psycopg.connect(register.database.owner_url) as owner:
        owner.execute(
            "UPDATE views.progress SET stopped_at = position + 1, error = 'ValueError: poison', stopped_since = now() "
            "WHERE view = 'timeline'"
        )
    said = register("views", "verify", expect=1).stdout
    assert re.search(r"timeline +equals its replay: .*\n    STOPPED before position [\d,]+: ValueError: poison", said)
    assert said.count("STOPPED") == 1
    told = json.loads(register("views", "verify", "timeline", "--json", expect=1).stdout)
    assert (told["stopped_at"], told["error"]) == (told["position"] + 1, "ValueError: poison")
    register("views", "rebuild", "timeline")
    register("views", "verify", "timeline")


def test_accounts_and_tokens(shell: Shell) -> None:
    shell("account", "add", "ana@primer.rs", "--name", "Ana", "--role", "officer", "--local-government", "leskovac")
    assert "ana@primer.rs" in shell("account", "list").stdout
    assert shell("account", "link", "ana@primer.rs").stdout.startswith("https://pobratim.example.rs/sign-in/link/")
    assert len(shell("account", "token", "ana@primer.rs", "--name", "x", "--scope", "events:read").stdout) > 30
    shell("account", "disable", "ana@primer.rs")
    assert "disabled" in shell("account", "list").stdout


def test_a_password_comes_by_standard_input(shell: Shell) -> None:
    add = ("account", "add", "mila@primer.rs", "--name", "Mila Milić", "--role", "auditor", "--json")
    opened = json.loads(shell(*add, "--password-stdin", typed="sedam hrastova kraj puta\n").stdout)
    assert opened["has_password"]
    said = shell("account", "password", "mila@primer.rs", typed="osam bukava u magli\r\n").stdout
    assert said == "mila@primer.rs: password set, sessions ended.\n"


def test_at_a_terminal_a_password_is_asked_for_twice_and_not_shown(shell: Shell) -> None:
    shell("account", "add", "vuk@primer.rs", "--name", "Vuk Vukić", "--role", "auditor")
    terminal, other_end = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "web.cli", "account", "password", "vuk@primer.rs"],
        env=shell.environment,
        stdin=other_end,
        stdout=other_end,
        stderr=other_end,
        start_new_session=True,
    ) as asked:
        shown = ""
        try:
            for words in ("New password of vuk@primer.rs:", "Once more:"):
                shown += _until(terminal, words)
                os.write(terminal, b"osam bukava u magli\n")
            shown += _until(terminal, "sessions ended.")
            assert asked.wait(timeout=60) == 0
        finally:
            asked.kill()
            os.close(other_end)
            os.close(terminal)
    assert "bukava" not in shown


def _until(terminal: int, words: str) -> str:
    shown = b""
    while words.encode() not in shown:
        assert select.select([terminal], [], [], 60)[0], shown
        shown += os.read(terminal, 1000)
    return shown.decode()


@pytest.mark.parametrize(
    ("typed", "told"),
    [("", "at least 12"), ("password1234\n", "guessed first"), ("Mitar Mitić 1\n", "little more than the name")],
)
def test_a_poor_password_gets_one_clear_line(shell: Shell, typed: str, told: str) -> None:
    new = ("account", "add", f"mitar{len(typed)}@primer.rs", "--name", "Mitar Mitić", "--role", "auditor")
    shell(*new)
    for words in ((*new[:2], "again@primer.rs", *new[3:], "--password-stdin"), ("account", "password", new[2])):
        said = shell(*words, expect=2, typed=typed).stderr
        assert told in said
        assert said.count("\n") == 1


def test_migrating_is_safe_to_repeat(shell: Shell) -> None:
    assert shell("migrate").stdout == "The database is up to date.\n"


def test_the_doctor_finds_nothing_to_mend_but_a_missing_worker(register: Shell) -> None:
    told = [json.loads(line) for line in register("doctor", "--json", expect=1).stdout.splitlines()]
    assert [check["what"] for check in told if not check["good"]] == ["projector"]


def test_the_doctor_misses_the_proxy_that_must_be_there(register: Shell) -> None:
    told = [
        json.loads(line)
        for line in register("doctor", "--json", expect=1, POBRATIM_TRUSTED_PROXIES="").stdout.splitlines()
    ]
    said = {check["what"]: check["says"] for check in told if not check["good"]}
    assert "POBRATIM_TRUSTED_PROXIES" in said["proxies"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["colour"], "No such command"),
        (["history", "12"], "is no case number"),
        (["history", "1901-0001"], "There is no case 1901-0001"),
        (["log", "tail", "--after", "999999999"], "beyond the end"),
        (["log", "tail", "--after", "-1"], "--after"),
        (["log", "tail", "--type", "no.such.v1"], "--type: There is no type of fact called no.such.v1."),
        (["log", "export", "--case", "12"], "--case: "),
        (["log", "export", "--local-government", "atlantis"], "--local-government: "),
        (["log", "export", "--kind", "war"], "--kind: "),
        (["log", "export", "--after", "999999999"], "beyond the end"),
        (["log", "export", "--output", "/nowhere/events.jsonl"], "cannot be written"),
        (["log", "export", "--output", "pyproject.toml"], "ends with something else than an event"),
        (["views", "verify", "weather"], "no view named weather"),
        (["import", "register", "nowhere.csv"], "nowhere.csv"),
        (["export", "register", "--format", "csv", "--output", "/nowhere/x.csv"], "cannot be written"),
        (["account", "link", "nobody@primer.rs"], "nobody@primer.rs"),
        (
            ["account", "add", "x@primer.rs", "--name", "X", "--role", "officer", "--local-government", "atlantis"],
            "No local government has this name",
        ),
    ],
)
def test_wrong_use_gets_one_clear_line(register: Shell, words: list[str], told: str) -> None:
    said = register(*words, expect=2).stderr
    assert told in said
    assert said.count("\n") == 1


@pytest.mark.parametrize("words", [["migrate"], ["views", "verify"], ["log", "tail"], ["account", "list"]])
def test_a_database_that_is_away_gets_one_clear_line(shell: Shell, words: list[str]) -> None:
    away = shell(*words, expect=2, POBRATIM_DATABASE_URL="postgresql://nobody@127.0.0.1:1/nothing").stderr
    assert "POBRATIM_DATABASE_URL" in away
    assert away.count("\n") == 1


@pytest.mark.parametrize(
    "command", ["demo", "serve", "worker", "migrate", "doctor", "history", "log", "views", "account"]
)
def test_every_command_has_help(shell: Shell, command: str) -> None:
    assert "Usage:" in shell(command, "--help").stdout


def test_a_fact_of_a_newer_version_ends_the_tail_behind_what_stands_before_it(register: Shell, tmp_path: Path) -> None:
    before = register("log", "tail").stdout
    planted = plant(register.database.url, case_id("2021-0001"))
    told = register("log", "tail", expect=1)
    assert told.stdout == before
    assert f"position {planted}, topic {NEWER} cannot be read" in told.stderr
    assert told.stderr.count("\n") == 1
    assert f"position {planted}" in register("history", "2021-0001", expect=1).stderr
    path = tmp_path / "events.jsonl"
    assert f"position {planted}" in register("log", "export", "--output", str(path), expect=1).stderr
    assert path.read_text() == before
