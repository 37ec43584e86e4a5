"""Every list of the office on both clocks: signed on 1 March, recorded on 10 March, corrected on 1 April."""

import csv
import io
import json
import re
from datetime import date, datetime, timedelta
from time import sleep

import psycopg
import pytest
from litestar.testing import TestClient

from adapters.identity.accounts import LATELY_SECONDS
from application.access import Role
from application.identity import case_id
from domain.dates import partial_date
from domain.initiatives import events as e
from domain.initiatives.terms import Gazette, Instrument, Kind, Origin
from tests.adapters.readside.office import ANA, WORDS, Office, abroad, home, to_consent
from tests.conftest import Database
from tests.web.casework_stack import Browser, Stack, coordinator, stack
from web.demo import KEEPER
from web.language.language import OFFICE_ZONE

__all__ = ["coordinator", "stack"]

BEGUN, SIGNED, RECORDED, CORRECTED = date(2026, 2, 2), date(2026, 3, 1), date(2026, 3, 10), date(2026, 4, 1)
REALLY = date(2026, 3, 5)
"""The day of signing as it was corrected."""
BEFORE = SIGNED - timedelta(days=1)
NUMBER, OTHER = "2026-0001", "2026-0002"
NINE = [
    (RECORDED - timedelta(days=1), BEFORE, None),
    (RECORDED - timedelta(days=1), SIGNED, None),
    (RECORDED - timedelta(days=1), REALLY, None),
    (RECORDED, BEFORE, None),
    (RECORDED, SIGNED, SIGNED),
    (RECORDED, REALLY, SIGNED),
    (CORRECTED, BEFORE, None),
    (CORRECTED, SIGNED, None),
    (CORRECTED, REALLY, REALLY),
]
"""What had been recorded by, what had happened by, and the day of signing as it shows then."""
DATED = ("initiatives", "partners", "local-governments", "desk", "followed", "notices", "calendar", "admin/procedures")
PAGES = [
    "/",
    "/desk/changed",
    "/desk/team",
    "/desk/tasks",
    "/initiatives",
    "/initiatives/board",
    "/partners",
    "/local-governments",
    "/local-governments/nis",
    "/calendar?month=2026-03",
    "/followed",
    "/notices",
    "/admin/procedures",
    "/admin/procedures/twinning@1",
]


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine takes longer than a reader waits."""
    monkeypatch.setattr("adapters.readside.past_session.PATIENCE_SECONDS", 60.0)


@pytest.fixture(scope="module")
def facts(stack: Stack, database: Database) -> Office:
    """A case that was signed, and one that nobody has taken up, recorded on the days that the story tells."""
    office = Office(stack.made.log)
    partner = office.partner("Trento")
    on = partial_date(BEGUN.isoformat())
    parties = (home("nis"), abroad(partner))
    rest = [e.CoordinationStarted(handler=ANA, occurred_on=on), e.CoordinationCompleted(occurred_on=on), *to_consent()]
    begun = e.InitiativeProposed(
        number=NUMBER, kind=Kind.TWINNING, parties=parties, origin=Origin.ASSOCIATION, rationale=WORDS, occurred_on=on
    )
    office.add(
        NUMBER,
        begun,
        *rest,
        e.ConsentGranted(act_number="05-1", occurred_on=on),
        e.DecisionPublished(gazette=Gazette(name="List", number="3"), occurred_on=on),
    )
    office.add(
        OTHER,
        e.InitiativeProposed(
            number=OTHER,
            kind=Kind.TWINNING,
            parties=(home("cacak"), abroad(partner)),
            origin=Origin.ASSOCIATION,
            rationale=WORDS,
            occurred_on=on,
        ),
    )
    known = office.last
    office.add(NUMBER, signed_on(SIGNED))
    [signing] = stack.made.log.page(known, 1)
    office.add(NUMBER, e.FactCorrected(corrects=signing.version, restated=signed_on(REALLY), reason=WORDS))
    stamps = {known: BEGUN, known + 1: RECORDED, known + 2: CORRECTED}
    with psycopg.connect(database.owner_url) as connection:
        connection.execute("ALTER TABLE log.facts DISABLE TRIGGER only_grows")
        for until, day in sorted(stamps.items(), reverse=True):
            noon = datetime(day.year, day.month, day.day, 12, tzinfo=OFFICE_ZONE)
            connection.execute("UPDATE log.facts SET recorded_at = %s WHERE notification_id <= %s", (noon, until))
        connection.execute("ALTER TABLE log.facts ENABLE ALWAYS TRIGGER only_grows")
    stack.made.rebuild([], lambda _done, _whole: None)  # the views have seen the other stamps
    assert stack.made.read_side.views.caught_up(office.last, 20.0)
    return office


def signed_on(day: date) -> e.AgreementSigned:
    return e.AgreementSigned(occurred_on=partial_date(day.isoformat()), instrument=Instrument.AGREEMENT)


def asked(path: str, known: date, valid: date | None = None) -> str:
    query = f"known_at={known}" + (f"&valid_at={valid}" if valid else "")
    return f"{path}{'&' if '?' in path else '?'}{query}"


@pytest.fixture(scope="module")
def program(stack: Stack) -> TestClient:
    account = stack.account(Role.AUDITOR)
    token = stack.made.signing_in.issue_token(KEEPER, account.id, "books", ["cases:read"], timedelta(days=1))
    return bearing(stack, token)


def bearing(stack: Stack, token: str) -> TestClient:
    client = TestClient(stack.app)
    client.headers["authorization"] = f"Bearer {token}"
    return client


@pytest.mark.parametrize(("known", "valid", "day"), NINE)
def test_each_pair_of_days_shows_the_same_in_list_export_and_api(
    facts: Office, coordinator: Browser, program: TestClient, known: date, valid: date, day: date | None
) -> None:
    page = coordinator.open(asked("/initiatives?column=stage&column=signed", known, valid))
    assert page.status == 200
    shown = f'data-label="Signed on">{f"{day.day} {day:%B} {day.year}" if day else ""}</td>'
    row = page.answer.text.split(f'href="/initiatives/{NUMBER}?')[1].split("</tr>")[0]
    assert shown in row
    assert f"<span>{'Signed' if day else 'Published'}</span>" in row
    table = coordinator.client.get(asked("/initiatives/export/csv?column=stage&column=signed", known, valid))
    assert table.headers["content-disposition"].endswith(f'"pobratim-known-{known}-valid-{valid}.csv"')
    [taken] = [line for line in csv.reader(io.StringIO(table.content.decode("utf-8-sig"))) if NUMBER in line]
    assert taken[-1] == (day.isoformat() if day else "")
    answer = program.get(asked(f"/api/v1/initiatives/{NUMBER}", known, valid))
    assert answer.json()["signed_on"] == (day.isoformat() if day else None)
    assert (answer.json()["as_of"]["valid_at"], answer.json()["deeds"]) == (valid.isoformat(), [])
    [record] = [
        r
        for r in program.get(asked("/api/v1/initiatives", known, valid)).json()["initiatives"]
        if r["number"] == NUMBER
    ]
    alike = ("number", "version", "stage", "signed_on", "proposed_on", "handler", "updated")
    assert {name: record[name] for name in alike} == {name: answer.json()[name] for name in alike}


@pytest.mark.parametrize(("known", "valid", "day"), NINE)
def test_counts_board_and_files_follow(
    facts: Office, coordinator: Browser, known: date, valid: date, day: date | None
) -> None:
    page = coordinator.open(asked("/initiatives", known, valid))
    [tab] = re.findall(
        r'href="[^"]*phase=partnership[^"]*"[^>]*>[^<]*<span class="count">(\d+)</span>', page.answer.text
    )
    assert int(tab) == bool(day)
    board = coordinator.open(asked("/initiatives/board", known, valid)).answer.text
    column = board.split('data-column="partnership"')[1].split("</section>")[0]
    assert (NUMBER in column) is bool(day)
    town = coordinator.open(asked("/local-governments/nis", known, valid))
    assert ("<span>Signed</span>" in town.answer.text) is bool(day)


def test_before_the_beginning_there_is_nothing(facts: Office, coordinator: Browser, program: TestClient) -> None:
    day = BEGUN - timedelta(days=1)
    for known, valid in ((day, None), (CORRECTED, day)):
        page = coordinator.open(asked("/initiatives", known, valid))
        assert "Nothing had been recorded by then" in page.words
        assert program.get(asked("/api/v1/initiatives", known, valid)).json()["initiatives"] == []
        assert program.get(asked(f"/api/v1/initiatives/{NUMBER}", known, valid)).status_code == 404
    assert coordinator.open(asked("/initiatives", date(1990, 1, 1))).status == 200


@pytest.mark.parametrize("path", PAGES)
def test_a_page_of_the_past_says_so_changes_nothing_and_stays_there(
    facts: Office, coordinator: Browser, path: str
) -> None:
    page = coordinator.open(asked(path, RECORDED))
    assert page.status == 200
    assert "You are looking at 10 March 2026" in page.words
    assert 'data-time="past"' in page.answer.text
    posts = {form.action for form in page.forms if form.method == "post"}
    assert posts <= {"/sign-out"}, posts
    assert 'href="/initiatives/new' not in page.answer.text
    for form in page.forms:
        if form.method == "get" and form.action.startswith(("/initiatives", "/partners", "/calendar")):
            assert any(name in ("known_at", "as_of") for name, _ in form.fields), form
    links = [part.split('"')[0] for part in page.answer.text.split('href="/')[1:]]
    dated = [link for link in links if link.startswith(DATED)]
    back = [link for link in dated if "known_at" not in link]
    assert dated
    assert all(f"/{link}".partition("?")[0] == path.partition("?")[0] for link in back), back


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.APPROVER, Role.AUDITOR, Role.OFFICER])
def test_every_role_reads_its_own_past(facts: Office, stack: Stack, role: Role) -> None:
    browser = stack.browser(role, "cacak" if role is Role.OFFICER else None)
    page = browser.open(asked("/initiatives", RECORDED, SIGNED))
    assert page.status == 200
    assert OTHER in page.words
    assert (NUMBER in page.words) is (role is not Role.OFFICER)
    assert browser.open(asked("/", RECORDED)).status == 200


def test_an_administrator_reads_no_past(facts: Office, stack: Stack) -> None:
    assert stack.browser(Role.ADMINISTRATOR).open(asked("/initiatives", RECORDED)).status == 403


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("typed", ["tomorrow", "2026-02-30", "9999-01-01", "%00", "1" * 5000, "2026-03-10T99:00"])
def test_a_day_that_cannot_be_read_is_asked_for_again(
    facts: Office, coordinator: Browser, path: str, typed: str
) -> None:
    page = coordinator.open(f"{path}{'&' if '?' in path else '?'}known_at={typed}")
    assert page.status == 422
    assert "This day cannot be looked at" in page.words
    assert "data-time" not in page.answer.text


def test_the_api_refuses_what_it_does_not_know(facts: Office, stack: Stack, program: TestClient) -> None:
    answer = program.get("/api/v1/initiatives?knownat=2026-03-10")
    assert (answer.status_code, answer.json()["code"]) == (422, "request.parameter")
    assert program.get("/api/v1/initiatives?known_at=tomorrow").status_code == 422
    assert program.get("/api/v1/initiatives/2026-0001%20").status_code == 404
    assert TestClient(stack.app).get("/api/v1/initiatives").status_code == 401
    account = stack.account(Role.AUDITOR)
    token = stack.made.signing_in.issue_token(KEEPER, account.id, "feed", ["events:read"], timedelta(days=1))
    assert bearing(stack, token).get("/api/v1/initiatives").status_code == 403


def test_the_present_says_nothing_of_the_past(facts: Office, coordinator: Browser, program: TestClient) -> None:
    page = coordinator.open("/initiatives")
    assert "data-time" not in page.answer.text
    assert "known_at=" not in page.answer.text
    assert program.get(f"/api/v1/initiatives/{NUMBER}").json()["as_of"] is None


def test_while_the_past_is_put_together_the_page_says_how_far_it_is(
    facts: Office, coordinator: Browser, program: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.readside.past_session.PATIENCE_SECONDS", 0.0)
    page = coordinator.open(asked("/initiatives?q=trento", RECORDED - timedelta(days=3)))
    assert (page.status, page.answer.headers["retry-after"]) == (503, "2")
    assert "This day is being put together" in page.words
    assert 'data-again="2000"' in page.answer.text
    answer = program.get(asked("/api/v1/initiatives", RECORDED - timedelta(days=4)))
    assert (answer.status_code, answer.json()["code"]) == (503, "past.preparing")
    file = coordinator.open(asked("/initiatives/export/csv", RECORDED - timedelta(days=5)))
    assert (file.status, file.answer.headers["retry-after"]) == (503, "2")
    monkeypatch.setattr("adapters.readside.past_session.PATIENCE_SECONDS", 60.0)
    assert coordinator.open(asked("/initiatives?q=trento", RECORDED - timedelta(days=3))).status == 200


def test_the_command_line_exports_the_past(facts: Office, stack: Stack) -> None:
    from web.forms import Form  # noqa: PLC0415
    from web.past import asked_past  # noqa: PLC0415

    past = asked_past(Form.showing(known_at="2026-03-10", valid_at="2026-03-01"), stack.made.clock())
    records = json.loads(b"".join(stack.made.exported("json", "en", past.as_of)))
    assert {r["number"]: r["signed_on"] for r in records} == {NUMBER: SIGNED.isoformat(), OTHER: None}


def test_the_case_of_the_past_is_that_of_its_own_page(facts: Office, stack: Stack, coordinator: Browser) -> None:
    """Lists come from the tables of the past, a case from its own history: both by the same folds."""
    assert stack.made.log.read(case_id(NUMBER))[-1].version == 11
    for known, valid, day in NINE:
        page = coordinator.open(asked(f"/initiatives/{NUMBER}", known, valid))
        meta = page.answer.text.split("case__meta")[1].split("</div>")[0]
        assert ("Signed" in meta) is bool(day)


def test_who_could_act_then_and_why(facts: Office, stack: Stack, coordinator: Browser) -> None:
    """Signing was open to coordinators while the decision was published, and to nobody once it was signed."""
    path = f"/initiatives/{NUMBER}/who-could-act"
    colleague = stack.account(Role.COORDINATOR, name="Petra Ilić")
    with stack.made.pool.connection() as connection:
        connection.execute("UPDATE access.accounts SET opened_at = '2026-03-02' WHERE id = %s", (colleague.id,))
    stack.account(Role.OFFICER, "leskovac", name="Stranger Officer")
    sleep(LATELY_SECONDS)
    before = coordinator.open(asked(path, RECORDED - timedelta(days=1)))
    assert before.status == 200
    assert "Petra Ilić" in before.words
    assert "Record the signing" in before.answer.text
    assert "The log holds no history of roles" in before.words
    assert "Petra Ilić" not in coordinator.open(asked(path, SIGNED)).words
    assert "Record the signing" not in coordinator.open(asked(path, CORRECTED)).answer.text
    assert "Stranger Officer" not in coordinator.open(path).words
    assert stack.browser(Role.OFFICER, "nis").open(path).status == 403
    assert stack.browser(Role.AUDITOR).open(path).status == 200
    assert f'href="{path}"' in coordinator.open(f"/initiatives/{NUMBER}").answer.text
