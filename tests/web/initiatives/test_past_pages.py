"""A case looked at as of another day: the right thing is shown, nothing can be changed, and the address can be sent."""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

import psycopg
import pytest

from application.access import Role
from application.identity import case_id
from tests.conftest import Database
from tests.web.casework_stack import Browser, Page, Stack, proposed
from web.language.language import OFFICE_ZONE

TODAY = datetime.now(OFFICE_ZONE).date()
SIGNED, RECORDED, CORRECTED = (TODAY - timedelta(days=n) for n in (31, 22, 10))
"""Signed on the first day, recorded on the second, corrected on the third to have been signed five days later."""
REALLY = SIGNED + timedelta(days=5)
NINE = [
    (RECORDED - timedelta(days=1), SIGNED - timedelta(days=1), None),
    (RECORDED - timedelta(days=1), SIGNED, None),
    (RECORDED - timedelta(days=1), REALLY, None),
    (RECORDED, SIGNED - timedelta(days=1), None),
    (RECORDED, SIGNED, SIGNED),
    (RECORDED, REALLY, SIGNED),
    (CORRECTED, SIGNED - timedelta(days=1), None),
    (CORRECTED, SIGNED, None),
    (CORRECTED, REALLY, REALLY),
]


def english(day: date) -> str:
    return f"{day.day} {day:%B} {day.year}"


def recorded_on(database: Database, number: str, days: Mapping[int, date]) -> None:
    """As if these versions of a case had been recorded at noon of these days; only the owner of a test can do that."""
    with psycopg.connect(database.owner_url) as connection:
        connection.execute("ALTER TABLE log.facts DISABLE TRIGGER only_grows")
        for version, day in days.items():
            noon = datetime(day.year, day.month, day.day, 12, tzinfo=OFFICE_ZONE)
            connection.execute(
                "UPDATE log.facts SET recorded_at = %s WHERE originator_id = %s AND originator_version = %s",
                (noon, case_id(number), version),
            )
        connection.execute("ALTER TABLE log.facts ENABLE ALWAYS TRIGGER only_grows")


@pytest.fixture(scope="module")
def number(coordinator: Browser, database: Database) -> str:
    """A historic agreement that was signed, and whose day was corrected."""
    made = proposed(coordinator, "nis", "Edirne")
    first = {"occurred_on": (SIGNED - timedelta(days=9)).isoformat()}
    assert coordinator.do(made, "coordinate", first).status == 200
    assert coordinator.do(made, "hold-visit", {"occurred_on": SIGNED.isoformat(), "place": "Edirne"}).status == 200
    version = 3
    path = f"/initiatives/{made}/history/{version}/correct"
    page = coordinator.send(
        coordinator.open(path), path, {"occurred_on": REALLY.isoformat(), "reason": "The minutes name another day."}
    )
    assert page.status == 200, page.words
    days = {1: SIGNED - timedelta(days=10), 2: SIGNED - timedelta(days=9), version: RECORDED, version + 1: CORRECTED}
    recorded_on(database, made, days)
    return made


def look(browser: Browser, number: str, known: date | None = None, valid: date | None = None, at: str = "") -> Page:
    asked = {"known_at": known, "valid_at": valid}
    query = "&".join(f"{name}={day.isoformat()}" for name, day in asked.items() if day)
    return browser.open(f"/initiatives/{number}{at}?{query}")


@pytest.mark.parametrize(("known", "valid", "day"), NINE)
@pytest.mark.parametrize("at", ["", "/history"])
def test_each_pair_of_days_shows_what_was_known_and_had_happened(
    coordinator: Browser, number: str, known: date, valid: date, day: date | None, at: str
) -> None:
    page = look(coordinator, number, known, valid, at)
    assert page.status == 200
    assert english(valid) in page.words
    assert english(known) in page.words
    assert ("A visit was held" in page.words) == (day is not None), page.words
    if day:
        shown = page.answer.text.partition("<main")[2]
        assert english(day) in shown
        assert english(SIGNED if day == REALLY else REALLY) not in shown.replace(english(valid), "")


def test_nothing_can_be_changed_in_the_past(coordinator: Browser, number: str) -> None:
    for at in ("", "/history"):
        page = look(coordinator, number, RECORDED, at=at)
        posts = [form.action for form in page.forms if form.method == "post"]
        assert all(not action.startswith(("/initiatives", "/desk")) for action in posts), posts
        text = page.answer.text
        assert 'data-time="past"' in text
        assert 'class="past"' in text
        assert "/correct" not in text
        assert "deadline.ics" not in text
        places = {part.partition("?")[0].partition("/")[0] for part in text.split(f"/initiatives/{number}/")[1:]}
        assert {re.match(r"[a-z-]+", place)[0] for place in places} <= {"history", "account", "who-could-act"}  # type: ignore[index]
        assert "Back to today" in page.words


def test_links_within_the_past_stay_there(coordinator: Browser, number: str) -> None:
    page = look(coordinator, number, RECORDED, SIGNED)
    there = f"/initiatives/{number}/history?known_at={RECORDED}&amp;valid_at={SIGNED}"
    assert there in page.answer.text
    history = look(coordinator, number, RECORDED, SIGNED, "/history")
    assert f"/initiatives/{number}?known_at={RECORDED}&amp;valid_at={SIGNED}" in history.answer.text
    assert f"order=recorded&amp;known_at={RECORDED}" in history.answer.text
    form = history.form(f"/initiatives/{number}/history")
    kept = [form for form in history.forms if ("known_at", RECORDED.isoformat()) in form.fields]
    assert kept, form


def test_the_address_shows_a_colleague_the_same_in_another_language(
    stack: Stack, coordinator: Browser, number: str
) -> None:
    colleague = stack.browser(Role.AUDITOR)
    colleague.speaks("sr-Latn")
    address = f"/initiatives/{number}?known_at={english(RECORDED).replace(' ', '+')}"
    assert "Gledate" in colleague.open(address).words
    sent = look(coordinator, number, RECORDED).answer.text.partition("<main")[2]
    same = coordinator.open(address).answer.text.partition("<main")[2]
    assert same == sent


def test_known_today_shows_the_page_of_today(coordinator: Browser, number: str) -> None:
    now = coordinator.open(f"/initiatives/{number}/history").answer.text
    then = look(coordinator, number, TODAY, at="/history").answer.text
    entries = [text.partition('<ol class="line')[2].partition("</ol>")[0] for text in (now, then)]
    assert entries[0].count("<li id=") == entries[1].count("<li id=") == 4
    assert "No record is left out" in then


def test_a_moment_cuts_within_a_day(coordinator: Browser, number: str) -> None:
    before = coordinator.open(f"/initiatives/{number}?known_at={RECORDED}T11:59")
    after = coordinator.open(f"/initiatives/{number}?as_of={RECORDED}T12:00")
    assert "A visit was held" not in before.words
    assert "A visit was held" in after.words
    assert f"{english(RECORDED)} 11:59" in before.words


@pytest.mark.parametrize("name", ["known_at", "valid_at"])
def test_before_the_first_record_the_page_says_from_when_on(coordinator: Browser, number: str, name: str) -> None:
    page = coordinator.open(f"/initiatives/{number}?{name}=1999-01-01")
    assert page.status == 404
    assert english(SIGNED - timedelta(days=10)) in page.words
    link = f"/initiatives/{number}?known_at={SIGNED - timedelta(days=10)}"
    assert link in page.answer.text
    assert coordinator.open(link).status == 200


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("known_at=yesterday", "cannot be read as a date"),
        ("known_at=2026-02-30", "There is no such day"),
        ("known_at=2026-02-30T10:00", "There is no such day"),
        ("known_at=2199-01-01", "has not come yet"),
        ("known_at=2199-01-01T10:00", "has not come yet"),
        ("valid_at=2199", "has not come yet"),
        ("known_at=0001-01-01T00:00", "Give a year from"),
        ("known_at=9999-12-31T23:59:59-14:00", "Give a year from"),
        ("as_of=x&valid_at=y", "cannot be read as a date"),
        ("known_at=%00", "cannot be read as a date"),
        ("known_at=" + "9" * 5000, "cannot be read as a date"),
    ],
)
@pytest.mark.parametrize("at", ["", "/history"])
def test_a_day_that_is_none_is_said_and_can_be_typed_anew(
    coordinator: Browser, number: str, query: str, said: str, at: str
) -> None:
    page = coordinator.open(f"/initiatives/{number}{at}?{query}")
    assert page.status == 422
    assert said in page.words
    assert page.form(f"/initiatives/{number}{at}").method == "get"


def test_a_case_out_of_sight_is_out_of_sight_in_the_past_too(stack: Stack, number: str) -> None:
    stranger = stack.browser(Role.OFFICER, "leskovac")
    assert look(stranger, number, RECORDED).status == 404
    own = stack.browser(Role.OFFICER, "nis")
    assert look(own, number, RECORDED).status == 200


def test_the_slider_leads_through_the_days_with_records(coordinator: Browser, number: str) -> None:
    text = look(coordinator, number, RECORDED, at="/history").answer.text
    slider = text.partition('class="slider__days"')[2].partition("</ol>")[0]
    days = [SIGNED - timedelta(days=10), SIGNED - timedelta(days=9), RECORDED, CORRECTED]
    assert [part.partition('"')[0] for part in slider.split("known_at=")[1:]] == [day.isoformat() for day in days]
    assert slider.count("is-later") == 2  # the last day with a record, and today
    assert f'href="/initiatives/{number}/history"' in slider
    assert slider.partition('aria-current="true"')[0].count("known_at=") == 3
    assert urlsplit(f"/initiatives/{number}/history?known_at={CORRECTED}").query in text


def test_the_slider_keeps_filters_and_the_other_clock(coordinator: Browser, number: str) -> None:
    page = coordinator.open(f"/initiatives/{number}/history?kind=steps&valid_at={SIGNED}&known_at={RECORDED}")
    slider = page.answer.text.partition('class="slider__days"')[2].partition("</ol>")[0]
    assert f'href="/initiatives/{number}/history?kind=steps&amp;valid_at={SIGNED}&amp;known_at={CORRECTED}"' in slider
