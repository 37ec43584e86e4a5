"""Each figure equals what a count through the log gives, and leads to just as many facts."""

import re
import statistics
from collections import Counter
from collections.abc import Iterator
from datetime import date
from html import unescape
from urllib.parse import parse_qsl, urlsplit

import pytest

from application.access import Role
from application.auditing_figures import FigureQuery, spans
from application.handling import OFFICE
from domain.initiatives.initiative import tag_of
from domain.initiatives.terms import Kind
from tests.web.casework_stack import Browser, Stack, proposed
from web.audit.filters import readable
from web.forms import Form

LINK = re.compile(r'<a href="(/audit/log\?[^"]+)">([\d,]+)</a>')


@pytest.fixture(scope="module")
def auditor(stack: Stack) -> Browser:
    return stack.browser(Role.AUDITOR, name="Vera Lukić")


@pytest.fixture(scope="module", autouse=True)
def work(stack: Stack, coordinator: Browser) -> None:
    """Two people, five cases of two kinds that stood as proposals for 1, 2, 3, 10 and 40 days, and two corrections."""
    other = stack.browser(Role.COORDINATOR, name="Milan Đorđević")
    for place, (days, kind) in enumerate(
        ((1, "twinning"), (2, "twinning"), (3, "twinning"), (10, "project_based"), (40, "project_based"))
    ):
        browser = (coordinator, other)[place % 2]
        number = proposed(browser, "Niš", f"Grad {place}", "SK", kind=kind, occurred_on="1. 1. 2026.")
        browser.do(
            number,
            "coordinate",
            {"occurred_on": f"{date.fromordinal(date(2026, 1, 1).toordinal() + days):%d. %m. %Y}."},
        )
        if place < 2:
            path = f"/initiatives/{number}/history/1/correct"
            values = {"occurred_on": "1. 1. 2026.", "rationale": "Druga", "reason": "Pogrešno prepisano"}
            assert browser.send(browser.open(path), path, values).status == 200


def counted(page_text: str) -> Iterator[tuple[str, int]]:
    for address, number in LINK.findall(page_text):
        yield unescape(address), int(number.replace(",", ""))


def test_every_number_leads_to_just_as_many_facts(stack: Stack, auditor: Browser, coordinator: Browser) -> None:
    for query in ("", f"?person={coordinator.person.account}", "?from=2020&to=2030", "?cooperation=twinning"):
        links = list(counted(auditor.open(f"/audit/figures{query}").answer.text))
        assert len(links) > 4
        for address, number in links:
            asked, read = readable(Form(parse_qsl(urlsplit(address).query)), ())
            assert read.refusals == ()
            assert stack.made.exploring.count(auditor.person, asked, 10_000) == number, address


def test_people_are_counted_as_the_log_counts_them(stack: Stack, auditor: Browser, coordinator: Browser) -> None:
    today = stack.made.reading.today()
    query = FigureQuery(since=today.replace(day=1), until=today)
    figures = stack.made.figures.of(auditor.person, query)
    log = stack.made.log.page(0, 10_000)
    in_period = [r for r in log if r.recorded_at.astimezone(OFFICE).date() >= query.since]
    people = Counter(r.actor for r in in_period)
    assert {who: sum(by_span.values()) for who, by_span in figures.people.items()} == people
    kinds = Counter(tag_of(r.fact) for r in in_period if r.actor == coordinator.person.account)
    of_one = figures.kinds[coordinator.person.account]
    assert {kind: sum(by_span.values()) for kind, by_span in of_one.items()} == kinds
    assert sum(figures.corrections.values()) == sum(tag_of(r.fact) == "initiative.corrected" for r in log) == 2


@pytest.mark.parametrize(
    ("kind", "days"), [(None, [1, 2, 3, 10, 40]), (Kind.TWINNING, [1, 2, 3]), (Kind.PROJECT_BASED, [10, 40])]
)
def test_times_are_those_between_the_days_on_which_things_happened(
    stack: Stack, auditor: Browser, kind: Kind | None, days: list[int]
) -> None:
    today = stack.made.reading.today()
    query = FigureQuery(since=today, until=today, cooperation=kind)
    [proposals] = stack.made.figures.of(auditor.person, query).stages
    assert (proposals.stage, proposals.count) == ("proposed", len(days))
    assert proposals.median == statistics.median_low(days)
    assert proposals.ninetieth == max(days)


def test_the_page_names_people_months_and_stages(auditor: Browser) -> None:
    page = auditor.open("/audit/figures")
    assert page.status == 200
    for said in ("Jelena Marković", "Milan Đorđević", "Proposed", "Median, days", "Corrections"):
        assert said in page.words
    assert "Nothing was recorded" in auditor.open("/audit/figures?from=2020&to=2020").words


def test_what_cannot_be_read_is_said(auditor: Browser) -> None:
    for query in ("from=x", "person=x", "cooperation=x", "from=2026&to=2025"):
        page = auditor.open(f"/audit/figures?{query}")
        assert (page.status, "needs mending" in page.words) == (400, True), query


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        (date(2025, 12, 5), date(2026, 2, 1), [date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1)]),
        (date(2026, 3, 1), date(2026, 3, 31), [date(2026, 3, 1)]),
        (date(2025, 3, 1), date(2026, 3, 1), [date(2025, 1, 1), date(2026, 1, 1)]),
    ],
)
def test_a_longer_period_is_told_by_years(since: date, until: date, expected: list[date]) -> None:
    assert spans(FigureQuery(since=since, until=until)) == expected
