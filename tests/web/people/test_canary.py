"""A name that is typed wherever a person can be typed, and then erased, is readable nowhere: a bird in a mine."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote, urlsplit

import httpx
import psycopg
import pytest
from litestar.testing import TestClient
from psycopg import sql

from application.access import Role
from tests.conftest import Database
from tests.postgres_programs import run
from tests.web.casework_stack import Browser, Page, Stack, proposed
from tests.web.people.handling import PEOPLE, entries, found, received, used

NAME = "Zmijka Kanarinović"
CYRILLIC = "Змијка Канариновић"
STEMS = ("kanarinovi", "КАНАРИНОВИ".casefold())
NEEDLES = tuple(
    needle
    for stem in STEMS
    for written in (stem, stem.capitalize(), stem.upper())
    for needle in (written.encode(), written.encode().hex().encode(), quote(written).encode())
)
"""As text, as PostgreSQL writes bytes, and as an address has it."""


def readable(content: bytes) -> bool:
    """The bird can be heard in it, whatever the case of its letters."""
    return any(needle in content for needle in NEEDLES) or any(
        stem in content.decode("utf-8", "ignore").casefold() for stem in STEMS
    )


@dataclass
class Mine:
    """The whole installation, seen from everywhere."""

    stack: Stack
    database: Database
    data_dir: Path
    coordinator: Browser
    administrator: Browser
    auditor: Browser
    case: str
    partner: str
    request: str
    feed_token: str
    calendar: str

    def tables(self) -> dict[str, bytes]:
        """Every row of every table, as text."""
        named = """
            SELECT schemaname, tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')
        """
        rows_of: dict[str, bytes] = {}
        with psycopg.connect(self.database.owner_url) as connection:
            for schema, table in connection.execute(named).fetchall():
                rows = connection.execute(sql.SQL("SELECT t::text FROM {} AS t").format(sql.Identifier(schema, table)))
                rows_of[f"{schema}.{table}"] = "\n".join(row for (row,) in rows.fetchall()).encode()
        return rows_of

    def statistics(self) -> bytes:
        """What the planner remembers of the values of columns."""
        with psycopg.connect(self.database.owner_url) as connection:
            return repr(
                connection.execute("SELECT * FROM pg_stats WHERE schemaname <> 'pg_catalog'").fetchall()
            ).encode()

    def dump(self) -> bytes:
        return run("pg_dump", "--inserts", f"--dbname={self.database.owner_url}")

    def table_files(self) -> bytes:
        """Of the vault on the disk, with the parts of long texts."""
        asked = """
            SELECT pg_read_binary_file(pg_relation_filepath(c.oid::regclass), 0, 100000000, true)
            FROM pg_class AS c WHERE c.oid IN (
                'vault.entries'::regclass, (SELECT reltoastrelid FROM pg_class WHERE oid = 'vault.entries'::regclass))
        """
        with psycopg.connect(self.database.owner_url, autocommit=True) as connection:
            connection.execute("CHECKPOINT")
            return b"".join(content for (content,) in connection.execute(asked).fetchall())

    def files(self) -> dict[str, bytes]:
        return {str(path): path.read_bytes() for path in self.data_dir.rglob("*") if path.is_file()}

    def server_logs(self) -> dict[str, bytes]:
        """Of PostgreSQL, where it runs on this machine."""
        with psycopg.connect(self.database.owner_url) as connection:
            row = connection.execute("SHOW data_directory").fetchone()
        assert row
        return {str(path): path.read_bytes() for path in Path(row[0]).parent.glob("*.log")}

    def pages(self) -> dict[str, bytes]:
        """What people, programs and files show."""
        ours = f"/initiatives/{self.case}"
        asked: dict[str, Callable[[], httpx.Response]] = {}

        def page(browser: Browser, path: str) -> None:
            asked[f"{browser.person.role} {path}"] = lambda: browser.client.get(path)

        for path in (
            *(
                "/",
                "/desk/tasks",
                "/desk/changed",
                "/initiatives",
                "/notices",
                "/calendar",
                "/audit/log",
                "/audit/looks",
                self.partner,
            ),
            *(ours, f"{ours}/history", f"{ours}/history?order=recorded", f"{ours}?known_at=2100-01-01"),
            *(f"{ours}/history/1/correct", f"{ours}/history?valid_at=2100-01-01"),
            *(f"/initiatives/export/{kind}" for kind in ("csv", "xlsx")),
            *(f"/audit/log/export/{kind}" for kind in ("csv", "xlsx", "jsonl", "parquet")),
        ):
            for browser in (self.coordinator, self.auditor):
                page(browser, path)
        for path in (PEOPLE, self.request, "/admin/accounts", "/admin/processing"):
            page(self.administrator, path)
        bearer = {"authorization": f"Bearer {self.feed_token}"}
        client = TestClient(self.stack.app, base_url="http://testserver.local")
        asked["feed"] = lambda: client.get("/api/v1/events?limit=1000", headers=bearer)
        asked["calendar feed"] = lambda: client.get(self.calendar)
        shown = {name: answer.content for name, ask in asked.items() if (answer := ask()).status_code < 500}
        assert shown.keys() == asked.keys()
        shown["exported as JSON"] = b"".join(self.stack.made.exported("json", "sr-Latn"))
        history = self.stack.made.reading.case_with_history(self.coordinator.person, self.case)[1]
        shown["history"] = repr(history).encode()
        return shown


@pytest.fixture(scope="module")
def mine(stack: Stack, database: Database, data_dir: Path, coordinator: Browser, administrator: Browser) -> Mine:
    case = proposed(coordinator, "Vranje", "Trieste", "IT", rationale=f"Predložila je {NAME}, iz saveta.")
    partner = str(coordinator.open(f"/initiatives/{case}").answer.text)
    link = re.search(r'href="(/partners/[0-9a-f-]{36})"', partner)
    assert link
    account = coordinator.person.account
    token = stack.made.signing_in.issue_token(
        administrator.person, account, "feed", ("events:read",), timedelta(days=1)
    )
    made = coordinator.send(coordinator.open("/account/calendar"), "/account/calendar")
    calendar = re.search(r"https?://\S+/calendar/feed/[\w.-]+", made.answer.text)
    assert calendar
    opened = Mine(
        stack=stack,
        database=database,
        data_dir=data_dir,
        coordinator=coordinator,
        administrator=administrator,
        auditor=stack.browser(Role.AUDITOR),
        case=case,
        partner=link[1],
        request=received(administrator, "erasure", NAME, contact=f"{NAME}, Vranje", words=f"Ja sam {CYRILLIC}."),
        feed_token=token,
        calendar=urlsplit(calendar[0]).path,
    )
    type_the_name(opened)
    return opened


def type_the_name(mine: Mine) -> None:
    """By every form and way by which a text goes into the vault."""
    coordinator, case = mine.coordinator, mine.case
    coordinator.do(case, "coordinate")
    coordinator.do(case, "add-remark", {"remark": f"Zvala {NAME}, {coordinator.person.name} da zna."})
    colleague = mine.stack.browser(name="Petra Colleague").person.account
    task = {"what": f"Pozvati: {NAME}", "assignee": str(colleague), "due_on": "1. 12. 2030."}
    assert coordinator.do(case, "give-task", task).path == f"/initiatives/{case}"
    path = f"/initiatives/{case}/history/1/correct"
    values = {"rationale": f"Predložila je {CYRILLIC}.", "reason": f"Ime je pogrešno: {CYRILLIC}"}
    assert coordinator.send(coordinator.open(path), path, values).status == 200
    suspended = coordinator.do(case, "suspend", {"reason": f"Čeka se {NAME}."})
    assert suspended.path == f"/initiatives/{case}", suspended.words
    ask_the_side(mine)
    names = f"{mine.partner}/add-name"
    coordinator.send(coordinator.open(names), names, {"name": "Trst", "kind": "exonym"})
    away = f"{mine.partner}/remove-name"
    removed = coordinator.send(coordinator.open(away), away, {"name": "Trst", "reason": f"Rekla {NAME}"})
    assert removed.status == 200, removed.words
    other = received(mine.administrator, "correction", "Neko Drugi", words=f"O meni piše {NAME}.")
    page = found(mine.administrator, other, "Kanarinović čeka se")
    form = used(mine.administrator, other, page, "correct", entries(page))
    done = mine.administrator.send(form, f"{other}/correct", {"text": f"Čeka se odgovor: {NAME}."})
    assert done.path == other, done.words
    write_a_draft(mine)
    assert mine.stack.made.read_side.views.caught_up(mine.stack.made.log.head(), 20)


def ask_the_side(mine: Mine) -> None:
    path = f"/initiatives/{mine.case}/ask"
    made = mine.coordinator.send(mine.coordinator.open(path), path, {"locale": "en", "days": "30"})
    there = re.search(r"https?://\S+/confirm/[\w-]+", made.answer.text)
    assert there, made.words
    stranger = TestClient(mine.stack.app, base_url="http://testserver.local")
    at = urlsplit(there[0]).path
    said = {"signed": "12. 5. 2026.", "name": NAME, "office": "Trieste", "remark": f"Greetings, {NAME}"}
    body = dict(Page(stranger.get(at)).forms[0].fields) | said
    answered = Page(stranger.post(at, data=body))
    assert "Thank you" in answered.words, answered.words


def write_a_draft(mine: Mine) -> None:
    """A form whose writer's session has ended: it waits for the next sign-in."""
    visitor = TestClient(mine.stack.app, base_url="http://testserver.local")
    path = f"/initiatives/{mine.case}/add-remark"
    visitor.post(path, data={"remark": f"Opet {NAME}", "_csrf": "x"})


def hiding_places(mine: Mine) -> Iterator[tuple[str, bytes]]:
    """Everything but the files of tables, which want a VACUUM first."""
    yield from mine.tables().items()
    yield from mine.pages().items()
    yield from mine.files().items()
    yield from mine.server_logs().items()
    yield "dump", mine.dump()
    yield "statistics", mine.statistics()


def test_the_bird_sings_everywhere_and_then_nowhere(mine: Mine, capfd: pytest.CaptureFixture[str]) -> None:
    heard = {name for name, content in hiding_places(mine) if readable(content)}
    for place in ("vault.entries", "access.kept_entries", "dump", "history"):
        assert place in heard, place
    for path in (f"coordinator /initiatives/{mine.case}/history", f"auditor /initiatives/{mine.case}", "feed"):
        assert (path in heard) is (path != "feed"), path

    page = found(mine.administrator, mine.request, "Kanarinović")
    chosen = entries(page)
    with psycopg.connect(mine.database.owner_url) as connection:
        row = connection.execute("SELECT count(*) FROM vault.entries WHERE text ~* 'kanarinovi|канаринови'").fetchone()
    assert row == (len(chosen),), "the search finds every one"
    preview = used(mine.administrator, mine.request, page, "erase", chosen)
    done = mine.administrator.send(preview, f"{mine.request}/erase", {"ground": "unlawful", "sure": "1"})
    assert done.path == mine.request, done.words
    assert mine.stack.made.read_side.views.caught_up(mine.stack.made.log.head(), 20)
    with psycopg.connect(mine.database.owner_url, autocommit=True) as connection:
        connection.execute("VACUUM FULL ANALYZE vault.entries")

    left = [name for name, content in hiding_places(mine) if readable(content)]
    left += ["files of the vault"] if readable(mine.table_files()) else []
    said = capfd.readouterr()
    left += ["log of the program"] if readable((said.out + said.err).encode()) else []
    assert left == []
    listed = (mine.data_dir / "people" / "erased").read_text().splitlines()
    assert len(listed) == len(chosen) + 1, "those that were erased, and the one that was corrected"
