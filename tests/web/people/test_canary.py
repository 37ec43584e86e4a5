"""A name that is typed wherever a person can be typed, and then erased, is readable nowhere: a bird in a mine."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from litestar.testing import TestClient

from adapters.office.absences import PostgresAbsences
from adapters.office.notice_choices import PostgresChoices
from adapters.office.notifier import Notifier
from application.access import Role
from application.identity import case_id
from tests.conftest import Database
from tests.mail_server import Receiver, receiver
from tests.web.casework_stack import Browser, Page, Stack, proposed
from tests.web.notices.test_notices import told
from tests.web.people.handling import entries, found, received, used
from tests.web.people.mine import Mine, opened, readable

NAME = "Zmijka Kanarinović"
CYRILLIC = "Змијка Канариновић"


@pytest.fixture(scope="module")
def post(stack: Stack) -> Iterator[Receiver]:
    """A mail server, and the notifier that says what is to be mailed."""
    made = stack.made
    choices, absences = PostgresChoices(made.pool), PostgresAbsences(made.pool)
    url = made.settings.database_url
    notifier = Notifier(url, made.log, made.reminders, made.accounts, made.clock, absences, choices)
    notifier.start()
    with receiver() as there:
        yield there
    notifier.stop()


@pytest.fixture(scope="module")
def mine(
    stack: Stack,
    database: Database,
    data_dir: Path,
    coordinator: Browser,
    administrator: Browser,
    post: Receiver,
    tmp_path_factory: pytest.TempPathFactory,
) -> Mine:
    case = proposed(coordinator, "Vranje", "Trieste", "IT", rationale=f"Predložila je {NAME}, iz saveta.")
    partner = str(coordinator.open(f"/initiatives/{case}").answer.text)
    link = re.search(r'href="(/partners/[0-9a-f-]{36})"', partner)
    assert link
    account = coordinator.person.account
    scopes = ("events:read", "cases:read")
    token = stack.made.signing_in.issue_token(administrator.person, account, "feed", scopes, timedelta(days=1))
    shown = coordinator.send(coordinator.open("/account/calendar"), "/account/calendar")
    calendar = re.search(r"https?://\S+/calendar/feed/[\w.-]+", shown.answer.text)
    assert calendar
    made = Mine(
        stack=stack,
        database=database,
        data_dir=data_dir,
        coordinator=coordinator,
        administrator=administrator,
        auditor=stack.browser(Role.AUDITOR),
        case=case,
        partner=link[1],
        request=received(administrator, "erasure", NAME, contact=f"{NAME}, Vranje", words=f"Ja sam {CYRILLIC}."),
        token=token,
        calendar=urlsplit(calendar[0]).path,
        report=0,
        post=post,
        outside=tmp_path_factory.mktemp("outside"),
    )
    type_the_name(made)
    return made


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
    write_reports(mine)
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
    said = {"signed": "12. 5. 2026.", "name": NAME, "office": f"Kabinet, {NAME}", "remark": f"Greetings, {NAME}"}
    body = dict(Page(stranger.get(at)).forms[0].fields) | said
    answered = Page(stranger.post(at, data=body))
    assert "Thank you" in answered.words, answered.words


def write_reports(mine: Mine) -> None:
    """From where the word of a side is known, typed and then corrected."""
    ours = f"/initiatives/{mine.case}"
    told = {"party": "vranje", "status": "decided", "occurred_on": "2. 3. 2026.", "known_from": f"Beleška: {NAME}"}
    assert mine.coordinator.do(mine.case, "report-party-status", told).path == ours
    mine.report = mine.stack.made.log.read(case_id(mine.case))[-1].version
    path = f"{ours}/history/{mine.report}/correct"
    right = {"known_from": f"Zapisnik, vodila {CYRILLIC}", "reason": "Nije bila beleška."}
    assert mine.coordinator.send(mine.coordinator.open(path), path, right).status == 200


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
    yield from mine.mails().items()
    yield "exchange file", mine.exchanged()
    yield "dump", mine.dump()
    yield "statistics", mine.statistics()


def test_the_bird_sings_everywhere_and_then_nowhere(mine: Mine, capfd: pytest.CaptureFixture[str]) -> None:
    told(mine.stack)
    mine.post_goes(datetime.now(UTC))
    before = dict(hiding_places(mine))
    heard = {name for name, content in before.items() if readable(content)}
    ours = f"/initiatives/{mine.case}"
    for place in ("vault.entries", "access.kept_entries", "dump", "history", "exchange file", f"api {ours}/texts"):
        assert place in heard, place
    for path in (ours, f"{ours}/history", f"{ours}/account", f"{ours}/history/changes"):
        assert {f"coordinator {path}", f"auditor {path}"} <= heard, path
    assert f"coordinator {ours}/history/{mine.report}/correct" in heard
    assert not [name for name in heard if name.startswith(("mail", "api /events", "calendar")) or "export" in name]
    for name in [name for name in before if "audit/log/export" in name or name.startswith("mail")]:
        assert any(mine.case.encode() in part for part in opened(before[name])), f"{name} tells of the case"
    sent = len(mine.mails())
    assert sent
    called = {"remark": f"Zove {NAME}", "mentions": str(mine.coordinator.person.account)}
    assert mine.stack.browser(name="Petra Druga").do(mine.case, "add-remark", called).path == ours
    told(mine.stack)

    page = found(mine.administrator, mine.request, "Kanarinović")
    chosen = entries(page)
    with psycopg.connect(mine.database.owner_url) as connection:
        row = connection.execute("SELECT count(*) FROM vault.entries WHERE text ~* 'kanarinovi|канаринови'").fetchone()
    assert row == (len(chosen),), "the search finds every one"
    preview = used(mine.administrator, mine.request, page, "erase", chosen)
    done = mine.administrator.send(preview, f"{mine.request}/erase", {"ground": "unlawful", "sure": "1"})
    assert done.path == mine.request, done.words
    told(mine.stack)
    mine.post_goes(datetime.now(UTC))
    assert len(mine.mails()) > sent, "of what was recorded before the erasure, written after it"
    with psycopg.connect(mine.database.owner_url, autocommit=True) as connection:
        connection.execute("VACUUM FULL ANALYZE vault.entries")

    after = dict(hiding_places(mine))
    assert b"[erased]" in after["exchange file"]
    left = [name for name, content in after.items() if readable(content)]
    left += ["files of the vault"] if readable(mine.table_files()) else []
    said = capfd.readouterr()
    left += ["log of the program"] if readable((said.out + said.err).encode()) else []
    assert left == []
    listed = (mine.data_dir / "people" / "erased").read_text().splitlines()
    assert len(listed) == len(chosen) + 1, "those that were erased, and the one that was corrected"
