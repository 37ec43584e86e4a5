"""The account of a case for a report: complete, in the language that is asked for, and tied to the log."""

import re
from datetime import timedelta
from hashlib import sha256

import psycopg
import pytest

from application.access import Role
from application.identity import case_id
from domain.initiatives import events as e
from domain.initiatives.terms import EntryRule, Gazette
from tests.conftest import Database
from tests.web.casework_stack import Browser, Page, Stack, proposed
from tests.web.initiatives.samples import WORDS
from tests.web.initiatives.test_past_pages import CORRECTED, REALLY, RECORDED, SIGNED, english, recorded_on
from tests.web.initiatives.test_presenting import teller


def test_particulars_name_their_fields() -> None:
    fact = e.DecisionPublished(gazette=Gazette(name="Glasnik", number="9/26"), before_consent=True)
    assert [name for name, _ in teller("en", {}).named_lines(fact)] == ["gazette", "before_consent"]
    waived = e.ConsentNotRequired(basis=WORDS)
    assert [(name, line.value) for name, line in teller("en", {WORDS: "Article 3."}).named_lines(waived)] == [
        ("basis", "Article 3.")
    ]
    assert next(teller("en", {}).lines(e.AgreementEnteredIntoForce(rule=EntryRule.ON_CONSENT))).value


@pytest.fixture(scope="module")
def number(coordinator: Browser, database: Database) -> str:
    made = proposed(coordinator, "nis", "Bursa", letter_number="06-1/26")
    assert coordinator.do(made, "coordinate", {"occurred_on": (SIGNED - timedelta(days=9)).isoformat()}).status == 200
    visit = {"occurred_on": SIGNED.isoformat(), "place": "Bursa", "purpose": "Days of the city."}
    assert coordinator.do(made, "hold-visit", visit).status == 200
    path = f"/initiatives/{made}/history/3/correct"
    answers = {"occurred_on": REALLY.isoformat(), "reason": "The minutes name another day."}
    assert coordinator.send(coordinator.open(path), path, answers).status == 200
    recorded_on(
        database, made, {1: SIGNED - timedelta(days=10), 2: SIGNED - timedelta(days=9), 3: RECORDED, 4: CORRECTED}
    )
    return made


def rows(page: Page) -> list[str]:
    """The records in their order, each as its own piece of the page."""
    return page.answer.text.partition('class="account__facts"')[2].split('<tr id="record-')[1:]


def test_every_record_stands_there_with_clocks_person_reason_and_source(coordinator: Browser, number: str) -> None:
    page = coordinator.open(f"/initiatives/{number}/account")
    assert page.status == 200
    found = rows(page)
    assert [row.partition('"')[0] for row in found] == ["1", "2", "3", "4"]
    begun, _, visit, correction = found
    why = begun.rpartition("<td>")[2]
    assert "Razmena učenika" in why
    assert "06-1/26" in why
    assert english(SIGNED) in visit
    assert f"recorded {english(RECORDED)} 12:00" in visit
    assert "9 days later" in visit
    assert "Jelena Marković" in visit
    assert "Days of the city." in visit.rpartition("<td>")[2]
    assert '<a href="#record-4">See record 4</a>' in visit
    assert '<a href="#record-3">Puts right record 3</a>' in correction
    assert f"<del>{english(SIGNED)}</del>" in correction
    assert f"<ins>{english(REALLY)}</ins>" in correction
    assert "The minutes name another day." in correction.rpartition("<td>")[2]


@pytest.mark.parametrize(
    ("code", "said"), [("sr-Latn", "Prikaz predmeta"), ("sr-Cyrl", "Приказ предмета"), ("en", "Account of the case")]
)
def test_it_speaks_the_language_that_is_asked_for(coordinator: Browser, number: str, code: str, said: str) -> None:
    page = coordinator.open(f"/initiatives/{number}/account?lang={code}")
    assert f'<html lang="{code}">' in page.answer.text
    assert said in page.words
    assert '<html lang="en">' in coordinator.open(f"/initiatives/{number}").answer.text  # the reader's own stays


def test_an_unknown_language_is_the_readers_own(coordinator: Browser, number: str) -> None:
    assert '<html lang="en">' in coordinator.open(f"/initiatives/{number}/account?lang=xx").answer.text


def test_as_of_a_day_it_tells_what_was_known_then(coordinator: Browser, number: str) -> None:
    page = coordinator.open(f"/initiatives/{number}/account?known_at={RECORDED}&lang=en")
    assert len(rows(page)) == 3
    assert "as it was known then" in page.words
    assert "1 record is left out." in page.words
    assert "How the case stood" in page.words
    assert "corrected" not in rows(page)[2]
    assert f"lang=sr-Cyrl&amp;known_at={RECORDED}" in page.answer.text
    before = coordinator.open(f"/initiatives/{number}/account?known_at={CORRECTED}&valid_at={SIGNED}")
    assert len(rows(before)) == 2


@pytest.mark.parametrize(("query", "status"), [("known_at=1999", 404), ("known_at=x", 422), ("valid_at=2199", 422)])
def test_a_day_that_cannot_be_looked_at_is_said(coordinator: Browser, number: str, query: str, status: int) -> None:
    assert coordinator.open(f"/initiatives/{number}/account?{query}").status == status


@pytest.mark.parametrize(
    ("query", "facts"), [("", 4), (f"?known_at={RECORDED}&valid_at={SIGNED}", 3)], ids=["now", "then"]
)
def test_the_tie_can_be_reckoned_from_what_is_stored(
    coordinator: Browser, database: Database, number: str, query: str, facts: int
) -> None:
    with psycopg.connect(database.owner_url) as connection:
        stored = connection.execute(
            "SELECT originator_version, notification_id, state FROM log.facts WHERE originator_id = %s "
            "AND originator_version <= %s ORDER BY originator_version",
            (case_id(number), facts),
        ).fetchall()
    lines = "".join(f"{version} {position} {sha256(state).hexdigest()}\n" for version, position, state in stored)
    page = coordinator.open(f"/initiatives/{number}/account{query}")
    assert f"Recorded facts {facts}, newest position {stored[-1][1]}, SHA-256" in page.words
    assert re.findall(r"<code[^>]*>([0-9a-f]{64})</code>", page.answer.text) == [sha256(lines.encode()).hexdigest()]


def test_the_history_leads_there_at_its_time(coordinator: Browser, number: str) -> None:
    text = coordinator.open(f"/initiatives/{number}/history?known_at={RECORDED}").answer.text
    assert f'href="/initiatives/{number}/account?known_at={RECORDED}"' in text


def test_a_case_out_of_sight_has_no_account(stack: Stack, number: str) -> None:
    assert stack.browser(Role.OFFICER, "leskovac").open(f"/initiatives/{number}/account").status == 404
    assert stack.browser(Role.OFFICER, "nis").open(f"/initiatives/{number}/account").status == 200
    assert stack.browser(Role.ADMINISTRATOR).open(f"/initiatives/{number}/account").status == 403
