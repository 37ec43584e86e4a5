"""What a person follows and is told, and procedures, on both clocks; and every page at the head against the present."""

import re
from datetime import date, datetime, timedelta
from urllib.parse import quote

import psycopg
import pytest

from adapters.office.notices import add
from application.access import Role
from application.identity import case_id
from application.notice_choices import By
from application.notices import Kind, Notice
from domain.kernel import AccountId
from tests.adapters.readside.office import ANA, Office
from tests.conftest import Database
from tests.web.casework_stack import Browser, Page, Stack, coordinator, stack
from tests.web.test_clocks import (
    BEGUN,
    CORRECTED,
    NUMBER,
    OTHER,
    PAGES,
    RECORDED,
    SIGNED,
    asked,
    facts,
    patience,
)
from web.language.language import OFFICE_ZONE

__all__ = ["coordinator", "facts", "patience", "stack"]

TOLD = {"first": BEGUN, "second": RECORDED, "third": CORRECTED}
"""Notices of the case, each at noon of its day; the first one was read at noon of the day of the second."""


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=OFFICE_ZONE)


def tell(database: Database, account: AccountId, number: str) -> None:
    with psycopg.connect(database.owner_url) as connection:
        notices = [
            Notice(
                account=account,
                kind=Kind.CHANGED,
                case=case_id(number),
                source=f"test/{number}/{name}",
                tag="initiative.agreement-signed",
                actor=ANA,
                at=noon(day),
            )
            for name, day in TOLD.items()
        ]
        add(connection, [(notice, By.NONE) for notice in notices], noon(CORRECTED))
        connection.execute("UPDATE office.notices SET read_at = %s WHERE source LIKE '%%/first'", (noon(RECORDED),))


@pytest.fixture(scope="module", autouse=True)
def followed(facts: Office, coordinator: Browser, database: Database, stack: Stack) -> None:
    """The coordinator follows both cases, and has looked at everything that was known before the signing."""
    for number in (NUMBER, OTHER):
        coordinator.send(coordinator.open(f"/initiatives/{number}"), f"/initiatives/{number}/follow")
    tell(database, coordinator.person.account, NUMBER)
    with psycopg.connect(database.owner_url) as connection:
        connection.execute("UPDATE office.followed SET seen = %s", (facts.last - 2,))


def lines(page: Page) -> list[str]:
    """Each line of the list, without its markup."""
    assert page.status == 200, page.words
    main = page.answer.text.partition("<main")[2]
    found = re.findall(r"<li[ >].*?</li>", main, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", line).split()) for line in found]


@pytest.mark.parametrize(
    ("known", "valid", "news", "newest", "stage"),
    [
        (RECORDED - timedelta(days=1), None, "nothing new", "The decision was published", "Published"),
        (RECORDED, None, "1 new", "The agreement was signed", "Signed"),
        (CORRECTED, None, "2 new", "An earlier record was corrected", "Signed"),
        (CORRECTED, SIGNED, "nothing new", "The decision was published", "Published"),
        (RECORDED, SIGNED, "1 new", "The agreement was signed", "Signed"),
    ],
)
def test_followed_cases_as_they_stood(
    coordinator: Browser, known: date, valid: date | None, news: str, newest: str, stage: str
) -> None:
    page = coordinator.open(asked("/followed", known, valid))
    [line] = [line for line in lines(page) if NUMBER in line]
    assert line.startswith(f"{news} {newest}"), line
    assert line.endswith(stage), line
    assert "These are the cases that you follow today" in page.words


def test_before_they_had_begun_there_are_none(coordinator: Browser) -> None:
    page = coordinator.open(asked("/followed", BEGUN - timedelta(days=1)))
    assert lines(page) == []
    assert "None of these cases had begun by then" in page.words
    assert "There is nothing to tell you yet" in coordinator.open(asked("/notices", BEGUN - timedelta(days=1))).words


@pytest.mark.parametrize(
    ("known", "valid", "read"),
    [
        (RECORDED - timedelta(days=1), None, [False]),
        (RECORDED, None, [False, True]),
        (CORRECTED, None, [False, False, True]),
        (CORRECTED, SIGNED, [False]),
    ],
)
def test_notices_that_had_been_given_read_as_far_as_they_had_been(
    coordinator: Browser, known: date, valid: date | None, read: list[bool]
) -> None:
    """The newest first."""
    page = coordinator.open(asked("/notices", known, valid))
    assert [" new " not in line for line in lines(page)] == read
    assert f'<span class="count">{len(read)}</span>' in page.answer.text
    assert "Mark all as read" not in page.words


def test_a_moment_cuts_within_a_day(coordinator: Browser) -> None:
    for minute, count in (("11:59", 1), ("12:00", 2)):
        assert len(lines(coordinator.open(f"/notices?known_at={RECORDED}T{minute}"))) == count


def test_nobody_reads_what_others_follow_and_are_told(stack: Stack, database: Database) -> None:
    officer = stack.browser(Role.OFFICER, "cacak")
    tell(database, officer.person.account, NUMBER)  # it was of the own town once, and is not today
    tell(database, officer.person.account, OTHER)
    page = officer.open(asked("/notices", CORRECTED))
    assert len(lines(page)) == len(TOLD)
    assert NUMBER not in page.words
    assert lines(officer.open(asked("/followed", CORRECTED))) == []


# --- at the head


DEED = "|".join(
    (
        r'<form method="post".*?</form>|<span></span>',
        r'<a [^>]*href="/(?:initiatives|partners)/new[^"]*"[^>]*>.*?</a>',
        r'<details class="menu" id="views">.*?</div></details>',
        r'<p class="small muted mb">Drag a card.*?</p>| data-board\b',
    )
)
"""What can be done today, and what keeps its place in the past."""


def shown(page: Page, *, now: str) -> str:
    """The main part, without what the past alone has, and without what the present alone has: deeds and their links."""
    assert page.status == 200, page.words
    main = page.answer.text.partition("<main")[2].partition("</main>")[0]
    main = re.sub(rf"(\?|&amp;)known_at={re.escape(quote(now))}", "", main)
    main = re.sub(rf'<input type="hidden" name="known_at" value="{re.escape(now)}">', "", main)
    return re.sub(DEED, "", main, flags=re.DOTALL)


def differences(one: str, other: str) -> list[tuple[str, str]]:
    here, there = one.splitlines(), other.splitlines()
    return [(a, b) for a, b in zip(here, there, strict=False) if a != b] or [("", "")] * (len(here) != len(there))


LOOKED_AT = [
    *((Role.AUDITOR, path) for path in PAGES if path not in ("/desk/team", "/desk/tasks")),
    *((Role.COORDINATOR, path) for path in PAGES if path not in ("/initiatives", "/initiatives/board")),
]
"""Not what an auditor has not, nor the lists whose every row offers deeds to a coordinator."""


@pytest.mark.parametrize(("role", "path"), LOOKED_AT)
def test_known_at_the_head_a_page_is_that_of_the_present(
    stack: Stack, coordinator: Browser, role: Role, path: str
) -> None:
    """Byte for byte but for the band, and for what can be done today."""
    browser = coordinator if role is Role.COORDINATOR else stack.browser(role)
    now = datetime.now(OFFICE_ZONE).replace(microsecond=0).isoformat()
    then = browser.open(f"{path}{'&' if '?' in path else '?'}known_at={quote(now)}")
    assert differences(shown(then, now=now), shown(browser.open(path), now=now)) == []
