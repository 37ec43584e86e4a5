"""The client built, installed alone in a new environment, and run against a served installation."""

import contextlib
import json
import os
import signal
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from time import monotonic, sleep

import pytest

from application.access import Role
from application.accounts import OpenAccount
from domain.partners.events import NameKind, PartnerRenamed
from tests.clients.history import OTHER, append, erase_and_correct, record
from tests.clients.stranger import EXAMPLES, PATIENCE, Machine, by_row, installed, rows
from tests.conftest import Database
from tests.processes import end, free_port, started, wait_until_it_answers
from web.demo import KEEPER
from web.main import Installation
from web.settings import Settings

COUNTING = Path(__file__).with_name("counting.py")


@dataclass
class Served:
    made: Installation
    url: str
    port: int
    environment: dict[str, str]
    process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        self.process = started(["serve", "--port", str(self.port), "--workers", "1"], self.environment)
        wait_until_it_answers(self.url, self.process)

    def kill(self) -> None:
        assert self.process
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.communicate()

    def token(self, *scopes: str) -> str:
        wish = OpenAccount(
            name="Portal", email=f"p{len(self.made.keeping_accounts.list(KEEPER))}@primer.rs", role=Role.AUDITOR
        )
        account = self.made.keeping_accounts.open(KEEPER, wish)
        return self.made.signing_in.issue_token(KEEPER, account.id, "portal", scopes, timedelta(days=1))

    def ids(self) -> list[str]:
        return [str(recorded.position) for recorded in self.made.log.page(0, 100_000)]

    def rows(self, token: str) -> list[dict[str, object]]:
        """The register as the API tells it, once the views show everything."""
        assert self.made.read_side.views.caught_up(self.made.log.head(), PATIENCE)
        return rows(self.url, token)


@pytest.fixture(scope="module")
def served(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    data_dir = str(tmp_path_factory.mktemp("data"))
    settings = Settings(database_url=database.url, base_url=url, secret_key="clients " * 5, data_dir=data_dir)
    with closing(Installation(settings)) as made:
        record(made)
        installation = Served(made, url, port, {**settings.as_environment(), "POBRATIM_API_RATE": "0"})
        installation.start()
        try:
            yield installation
        finally:
            if installation.process:
                end(installation.process)


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory, served: Served) -> Machine:
    return installed(tmp_path_factory.mktemp("stranger"), served.token("events:read", "cases:read"))


def test_it_brings_httpx_and_nothing_of_the_office(machine: Machine) -> None:
    listed = machine.run("-m", "pip", "list", "--format=freeze").stdout.splitlines()
    names = {line.partition("==")[0].partition(" @")[0].lower() for line in listed} - {"pip", "setuptools", "wheel"}
    assert names - {
        "anyio",
        "certifi",
        "h11",
        "httpcore",
        "idna",
        "sniffio",
        "typing-extensions",
        "typing_extensions",
    } == {
        "httpx",
        "pobratim-client",
    }
    assert machine.run("-c", "import domain").returncode != 0


# --- killed and started again


@pytest.fixture(scope="module")
def export(served: Served, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("export") / "events.jsonl"
    continue_export(served, file)
    return file


def continue_export(served: Served, file: Path) -> None:
    process = started(["log", "export", "--output", str(file)], served.environment)
    output, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, output


def counted(ledger: Path) -> int:
    with contextlib.suppress(sqlite3.Error), closing(sqlite3.connect(ledger)) as db:
        return db.execute("SELECT count(*) FROM rows").fetchone()[0]
    return 0


def until(ledger: Path, count: int, process: subprocess.Popen[str]) -> None:
    deadline = monotonic() + PATIENCE
    while counted(ledger) < count:
        assert process.poll() is None, process.communicate()[1]
        assert monotonic() < deadline, f"no more than {counted(ledger)}"
        sleep(0.01)


@pytest.mark.parametrize("how", ["sync", "async"])
def test_killed_on_every_transport_it_leaves_nothing_out_and_does_nothing_twice(
    served: Served, machine: Machine, export: Path, tmp_path: Path, how: str
) -> None:
    ids, ledger = served.ids(), tmp_path / "ledger.sqlite"
    for by in ("pull", "stream", str(export), "pull", "stream", str(export)):
        before = counted(ledger)
        with machine.start(COUNTING, how, by, served.url, ledger, str(len(ids))) as process:
            until(ledger, before + 25, process)
            process.kill()
        assert before + 25 <= counted(ledger) < len(ids)
    done = machine.run(COUNTING, how, "stream", served.url, ledger, str(len(ids)))

    assert (done.returncode, done.stderr) == (0, "")
    assert effects(ledger) == ids


@pytest.mark.parametrize("how", ["sync", "async"])
def test_each_transport_alone_gives_the_same_events(
    served: Served, machine: Machine, export: Path, tmp_path: Path, how: str
) -> None:
    ids, told = served.ids(), set[str]()
    for n, by in enumerate(("pull", "stream", str(export))):
        ledger = tmp_path / f"{n}.sqlite"
        assert machine.run(COUNTING, how, by, served.url, ledger, str(len(ids))).stderr == ""
        assert effects(ledger) == ids
        with closing(sqlite3.connect(ledger)) as db:
            told.add(json.dumps(db.execute("SELECT topic, body FROM rows ORDER BY rowid").fetchall()))
    assert len(told) == 1


@pytest.mark.parametrize(("how", "by"), [("sync", "stream"), ("async", "stream"), ("sync", "pull"), ("async", "pull")])
def test_a_server_that_is_killed_and_comes_back_is_gone_on_with(
    served: Served, machine: Machine, tmp_path: Path, how: str, by: str
) -> None:
    """The last event is recorded after that, so no connection from before brings it."""
    ledger = tmp_path / "ledger.sqlite"
    with machine.start(COUNTING, how, by, served.url, ledger, str(len(served.ids()) + 1)) as process:
        until(ledger, 30, process)
        served.kill()
        served.start()
        version = served.made.log.read(OTHER)[-1].version
        append(served.made, OTHER, version, [PartnerRenamed(name=f"Doboj {version}", old_name_is=NameKind.ALIAS)])
        _, faults = process.communicate(timeout=PATIENCE)

    assert process.returncode == 0, faults
    assert "does not answer" in faults
    assert "Traceback" not in faults
    assert effects(ledger) == served.ids()


def effects(ledger: Path) -> list[str]:
    with closing(sqlite3.connect(ledger)) as db:
        return [row[0] for row in db.execute("SELECT id FROM rows ORDER BY rowid")]


# --- the examples


def test_the_ten_lines_print_what_is_recorded_and_go_on_where_they_stopped(served: Served, machine: Machine) -> None:
    def printed(lines: int) -> list[str]:
        with machine.start(EXAMPLES / "follow.py", served.url) as process:
            assert process.stdout
            found = [process.stdout.readline().split(" ")[0] for _ in range(lines)]
            process.kill()
        return found

    ids, cursor = served.ids(), machine.folder / "follow.cursor"
    assert printed(40) == ids[:40]
    # it was killed at some moment after the fortieth line: whatever it had kept by then is not printed again
    kept = json.loads(cursor.read_text())["position"] if cursor.exists() else 0
    rest = [one for one in ids if int(one) > kept]
    assert printed(len(rest)) == rest


def mirrored(machine: Machine, *arguments: str | Path) -> list[dict[str, object]]:
    done = machine.run(EXAMPLES / "mirror.py", *arguments, "--once", "--show")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_mirror_is_the_register_row_by_row(served: Served, machine: Machine, export: Path, tmp_path: Path) -> None:
    continue_export(served, export)
    expected = served.rows(machine.token)
    pulled = mirrored(machine, served.url, tmp_path / "pulled.sqlite")
    read = mirrored(machine, served.url, tmp_path / "read.sqlite", "--file", export)

    assert len(expected) > 80
    assert len({row["stage"] for row in expected}) > 15, "the histories do not come to enough stages"
    assert by_row(pulled) == by_row(expected)
    assert pulled == read
    handlers = {str(row["number"]): (row["handler"] or {}).get("id") for row in expected}  # type: ignore[attr-defined]
    assert {str(row["number"]): row["handler"] for row in pulled} == handlers
    with closing(sqlite3.connect(tmp_path / "pulled.sqlite")) as db:
        assert db.execute("SELECT sum(unread) FROM cases").fetchone() == (0,)


def test_a_mirror_that_is_killed_at_any_moment_is_the_register_in_the_end(
    served: Served, machine: Machine, tmp_path: Path
) -> None:
    file, places = tmp_path / "killed.sqlite", list[int]()
    for by in ("pull", "stream", "stream"):
        version = served.made.log.read(OTHER)[-1].version  # so that there is something new, however late it was killed
        append(served.made, OTHER, version, [PartnerRenamed(name=f"Tuzla {version}", old_name_is=NameKind.ALIAS)])
        with machine.start(EXAMPLES / "mirror.py", served.url, file, "--by", by) as process:
            assert process.stderr
            places.append(int(process.stderr.readline().rpartition(" ")[2]))
            process.kill()

    assert places == sorted(places)
    assert by_row(mirrored(machine, served.url, file)) == by_row(served.rows(machine.token))


def test_words_that_are_erased_leave_the_mirror_too(served: Served, machine: Machine, tmp_path: Path) -> None:
    file = tmp_path / "words.sqlite"
    mirrored(machine, served.url, file, "--words")
    before = words(file)
    erase_and_correct(served.made)
    mirrored(machine, served.url, file, "--words")

    texts = {row["number"]: row["remark"] for row in served.rows(machine.token) if row["remark"]}
    assert words(file) == texts
    assert len(texts) < len(before)
    assert "Исправљено." in texts.values()
    raw = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    for text in {*before.values()} - {*texts.values()}:
        assert str(text).encode() not in raw


def words(file: Path) -> dict[object, object]:
    """Remarks of cases, as far as there are any."""
    with closing(sqlite3.connect(file)) as db:
        return dict(db.execute("SELECT number, text FROM cases JOIN words ON entry = remark"))


def test_a_token_that_is_over_is_told_in_one_line(served: Served, machine: Machine, tmp_path: Path) -> None:
    stranger = Machine(machine.folder, "nonsense")
    done = stranger.run(EXAMPLES / "mirror.py", served.url, tmp_path / "x.sqlite")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "401" in done.stderr
    assert "access.token-missing" in done.stderr
