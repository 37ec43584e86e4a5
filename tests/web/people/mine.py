"""An installation in which a bird sings, and the places where it may be heard."""

import gzip
import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import quote

import httpx
import psycopg
import pyarrow.parquet as pq  # pyright: ignore[reportMissingTypeStubs] - the library has none
from litestar.testing import TestClient
from psycopg import sql

from adapters.office.mails import PostgresMails
from adapters.office.smtp import Smtp
from application.handling import OFFICE
from application.mailing import Mailing
from tests.conftest import Database
from tests.mail_server import Receiver
from tests.postgres_programs import run
from tests.web.casework_stack import Browser, Stack
from tests.web.cli.test_commands import Shell
from tests.web.people.handling import PEOPLE
from web.notices.letters import Letters

STEMS = ("kanarinovi", "КАНАРИНОВИ".casefold())
NEEDLES = tuple(
    needle
    for stem in STEMS
    for written in (stem, stem.capitalize(), stem.upper())
    for needle in (written.encode(), written.encode().hex().encode(), quote(written).encode())
)
"""As text, as PostgreSQL writes bytes, and as an address has it."""


def readable(content: bytes) -> bool:
    """The bird can be heard in it, whatever the case of its letters, also where it is packed."""
    return any(map(_heard, opened(content)))


def _heard(content: bytes) -> bool:
    return any(needle in content for needle in NEEDLES) or any(
        stem in content.decode("utf-8", "ignore").casefold() for stem in STEMS
    )


def opened(content: bytes) -> Iterator[bytes]:
    """The content as it is, and what is packed in it: a workbook, a Parquet table, a gzip file."""
    yield content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            yield from map(archive.read, archive.namelist())
    elif content.startswith(b"PAR1"):
        yield repr(pq.read_table(io.BytesIO(content)).to_pylist()).encode()  # pyright: ignore[reportUnknownMemberType]
    elif content.startswith(b"\x1f\x8b"):
        yield gzip.decompress(content)


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
    report: int
    """Version of the word of a side that was written down."""
    request: str
    token: str
    calendar: str
    post: Receiver
    outside: Path
    """Where files go that are taken out of the house."""

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
        ours, today = f"/initiatives/{self.case}", datetime.now(OFFICE).date()
        asked: dict[str, Callable[[], httpx.Response]] = {}

        def page(browser: Browser, path: str) -> None:
            asked[f"{browser.person.role} {path}"] = lambda: browser.client.get(path)

        for path in (
            *("/", "/desk/changed", "/initiatives", "/notices", "/calendar", self.partner),
            *("/audit/log", f"/audit/log?case={self.case}", "/audit/figures"),
            *(ours, f"{ours}/history", f"{ours}/history?order=recorded", f"{ours}?known_at={today}"),
            *(f"{ours}/history/changes", f"{ours}/history?valid_at={today}", f"{ours}/account"),
            *(f"/initiatives/export/{kind}" for kind in ("csv", "xlsx")),
            *(f"/audit/log/export/{kind}" for kind in ("csv", "xlsx", "jsonl", "parquet")),
        ):
            for browser in (self.coordinator, self.auditor):
                page(browser, path)
        page(self.auditor, "/audit/looks")
        page(self.coordinator, "/desk/tasks")
        for version in (1, self.report):
            page(self.coordinator, f"{ours}/history/{version}/correct")
        for path in (PEOPLE, self.request, "/admin/accounts", "/admin/processing"):
            page(self.administrator, path)
        client = TestClient(self.stack.app, base_url="http://testserver.local")
        bearer = {"authorization": f"Bearer {self.token}"}
        for path in ("/events?limit=1000", ours, f"{ours}/events", f"{ours}/texts", "/tasks", "/initiatives"):
            asked[f"api {path}"] = lambda path=path: client.get(f"/api/v1{path}", headers=bearer)
        asked["calendar feed"] = lambda: client.get(self.calendar)
        answers = {name: ask() for name, ask in asked.items()}
        bad = {name: code for name, one in answers.items() if (code := one.status_code) != 200}
        assert not bad, bad
        shown = {name: answer.content for name, answer in answers.items()}
        shown["exported as JSON"] = b"".join(self.stack.made.exported("json", "sr-Latn"))
        history = self.stack.made.reading.case_with_history(self.coordinator.person, self.case)[1]
        shown["history"] = repr(history).encode()
        return shown

    def exchanged(self) -> bytes:
        """The file for another register about both sides, as the command writes it."""
        shell, file = Shell(self.database), self.outside / "sides.json"
        shell.environment["POBRATIM_DATA_DIR"] = str(self.data_dir)
        sides = ("--side", "vranje", "--side", self.partner.rpartition("/")[2])
        shell("exchange", "export", "--as", "SKGO", *sides, "--output", str(file))
        return file.read_bytes()

    def mails(self) -> dict[str, bytes]:
        """Everything that has arrived, as it came and as it is read."""
        return {f"mail {n}: {one['subject']}": b"\n".join(_parts(one)) for n, one in enumerate(self.post.arrived)}

    def post_goes(self, at: datetime) -> None:
        """One round of the post at a moment."""
        made = self.stack.made
        letters = Letters(made.settings.base_url, made.local_governments, made.accounts, made.procedures)
        Mailing(PostgresMails(made.pool), made.accounts, letters, Smtp(self.post.server, 5), lambda: at).round()


def _parts(message: EmailMessage) -> Iterator[bytes]:
    yield message.as_bytes()
    yield repr(message.items()).encode()
    for part in message.walk():
        if not part.is_multipart():
            yield str(part.get_content()).encode()
