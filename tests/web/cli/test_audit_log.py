"""An operator takes facts of the log from the command line, as the page exports them."""

import csv
import json
from pathlib import Path

import pytest

from adapters.reference.demo import INITIATIVES
from application.auditing import COLUMNS
from tests.conftest import Database
from tests.web.cli.test_commands import Shell


@pytest.fixture(scope="module")
def office(database: Database) -> Shell:
    shell = Shell(database)
    shell("import", "register", str(INITIATIVES))
    return shell


def test_every_fact_goes_out_newest_first(office: Shell) -> None:
    lines = [json.loads(line) for line in office("audit", "log", "--format", "jsonl").stdout.splitlines()]
    in_the_log = [int(json.loads(line)["id"]) for line in office("log", "tail").stdout.splitlines()]
    assert [line["position"] for line in lines] == in_the_log[::-1]
    assert tuple(lines[0]) == COLUMNS
    assert {line["person_id"] for line in lines} == {"00000000-0000-0000-0000-000000000000"}


def test_filters_narrow_it_and_a_file_takes_it(office: Shell, tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    asked = ("--kind", "initiative.taken-over", "--from", "2020", "--person", "00000000-0000-0000-0000-000000000000")
    said = office("audit", "log", *asked, "--language", "en", "--output", str(path))
    assert said.stdout == f"{path} is written.\n"
    rows = list(csv.DictReader(path.read_text("utf-8-sig").splitlines()))
    assert {row["what"] for row in rows} == {"A case under way was taken over into the register"}
    assert len(rows) == 24


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (("--from", "yesterday"), "cannot be read as a date"),
        (("--from", "2026", "--to", "2025"), "The last day lies before the first"),
        (("--case", "12"), "is no number of a case"),
        (("--kind", "initiative.unheard-of"), "--kind: Choose one of those offered"),
        (("--person", "nobody@primer.rs"), "no account with the address nobody@primer.rs"),
    ],
)
def test_what_cannot_be_asked_is_one_line(office: Shell, wrong: tuple[str, ...], said: str) -> None:
    done = office("audit", "log", *wrong, expect=2)
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1
