"""The calendar as pages show it and as a calendar program reads it."""

import re
from datetime import date, timedelta
from urllib.parse import urlsplit

import icalendar
import pytest
from litestar.testing import TestClient

from application.access import Role
from tests.web.casework_stack import Browser, Stack, proposed
from web.demo import KEEPER


def days_of(*events: icalendar.Event) -> list[tuple[str, date]]:
    return [(str(event["status"]), event.decoded("dtstart")) for event in events]


@pytest.fixture(scope="module")
def number(coordinator: Browser) -> str:
    """A case whose handler is the coordinator, with a deadline."""
    number = proposed(coordinator, "Niš", "Bursa")
    coordinator.send(coordinator.open("/"), f"/desk/take-over/{number}")
    coordinator.do(number, "suspend", {"reason": "Čekamo", "until": due().isoformat()})
    return number


def due() -> date:
    return date.today() + timedelta(days=20)  # noqa: DTZ011 - the application's own clock runs here


def month(day: date) -> str:
    return f"{day:%Y-%m}"


def test_the_month_shows_the_deadline_on_its_day(coordinator: Browser, number: str) -> None:
    page = coordinator.open(f"/calendar?month={month(due())}")
    assert page.status == 200
    assert f'href="/initiatives/{number}#step"' in page.answer.text
    cell = re.search(rf'<time datetime="{due()}".*?</td>', page.answer.text, re.DOTALL)
    assert cell and number in cell[0]


@pytest.mark.parametrize("asked", ["view=list&month={month}", "day={day}"])
def test_list_and_day_show_it_too(coordinator: Browser, number: str, asked: str) -> None:
    page = coordinator.open("/calendar?" + asked.format(month=month(due()), day=due()))
    assert number in page.words


@pytest.mark.parametrize(
    "asked", ["month=2026-13", "month=9999-12", "day=2026-02-30", "day=0001-01-01", "view=x&whose=y"]
)
def test_an_address_that_means_nothing_shows_this_month(coordinator: Browser, asked: str) -> None:
    page = coordinator.open(f"/calendar?{asked}")
    assert page.status == 200
    assert f'<time datetime="{date.today().replace(day=1)}"' in page.answer.text  # noqa: DTZ011


def test_the_first_and_the_last_month_open(coordinator: Browser) -> None:
    for asked in ("1800-01", "2200-12"):
        assert coordinator.open(f"/calendar?month={asked}").status == 200


def test_a_coordinator_sees_the_own_cases_first_and_all_on_request(stack: Stack, number: str) -> None:
    other = stack.browser(name="Milan Đorđević")
    asked = f"/calendar?view=list&month={month(due())}"
    assert number not in other.open(asked).words
    assert number in other.open(f"{asked}&whose=all").words


def test_an_officer_sees_the_own_town_only(stack: Stack, number: str) -> None:
    asked = f"/calendar?view=list&month={month(due())}"
    assert number in stack.browser(Role.OFFICER, "nis").open(asked).words
    assert number not in stack.browser(Role.OFFICER, "leskovac").open(f"{asked}&whose=all").words


def test_a_visit_stands_on_its_day(coordinator: Browser) -> None:
    number = proposed(coordinator, "Pirot", "Larissa", "GR")
    coordinator.send(coordinator.open("/"), f"/desk/take-over/{number}")
    coordinator.do(number, "hold-visit", {"occurred_on": "2026-02-10", "place": "Larissa"})
    page = coordinator.open("/calendar?view=list&month=2026-02")
    assert "Visit" in page.words and number in page.words


def test_the_file_of_one_deadline(coordinator: Browser, number: str) -> None:
    answer = coordinator.client.get(f"/initiatives/{number}/deadline.ics")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    (event,) = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
    assert days_of(event) == [("CONFIRMED", due())]
    assert str(event["summary"]) == "Resumption of the procedure: Niš – Bursa"
    assert str(event["url"]) == f"http://testserver.local/initiatives/{number}"


def test_a_case_without_a_deadline_has_no_such_file(coordinator: Browser) -> None:
    number = proposed(coordinator, "Vranje", "Zwolle", "NL")
    coordinator.do(number, "decline", {"reason": "Nije za to"})
    assert coordinator.client.get(f"/initiatives/{number}/deadline.ics").status_code == 404


class Program:
    """A calendar program: it has an address and no cookie."""

    def __init__(self, stack: Stack, browser: Browser) -> None:
        page = browser.send(browser.open("/account/calendar"), "/account/calendar")
        found = re.search(r"http://testserver\.local(/calendar/feed/[\w-]+\.ics)", page.answer.text)
        assert found, page.words
        self.path = found[1]
        self._client = TestClient(stack.app, base_url="http://testserver.local")

    @property
    def status(self) -> int:
        return self._client.get(self.path).status_code

    def events(self) -> dict[str, icalendar.Event]:
        answer = self._client.get(self.path)
        assert answer.status_code == 200
        assert "set-cookie" not in answer.headers
        return {
            str(event["url"]).rsplit("/", 1)[1]: event
            for event in icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
        }


def test_a_feed_follows_a_deadline_to_another_day_and_to_its_end(stack: Stack) -> None:
    ana = stack.browser(name="Ana Ilić")
    number = proposed(ana, "Zaječar", "Turda", "RO")
    ana.send(ana.open("/"), f"/desk/take-over/{number}")
    ana.do(number, "suspend", {"reason": "Čekamo", "until": due().isoformat()})
    program = Program(stack, ana)
    before = program.events()[number]
    assert days_of(before) == [("CONFIRMED", due())]
    assert program.events()[number] == before, "nothing changed"

    later = due() + timedelta(days=9)
    case = ana.open(f"/initiatives/{number}/history").answer.text
    versions = re.findall(rf"/initiatives/{number}/history/(\d+)/correct", case)
    path = f"/initiatives/{number}/history/{max(map(int, versions))}/correct"
    ana.send(ana.open(path), path, {"until": later.isoformat(), "reason": "Drugi dan"})
    moved = program.events()[number]
    assert days_of(moved) == [("CONFIRMED", later)]
    assert moved["uid"] == before["uid"]
    assert moved["sequence"] > before["sequence"]

    ana.do(number, "withdraw", {"reason": "Odustali smo"})
    gone = program.events()[number]
    assert days_of(gone) == [("CANCELLED", later)]
    assert gone["uid"] == before["uid"]
    assert gone["sequence"] > moved["sequence"]


def test_a_case_that_was_handed_over_goes_from_one_feed_to_the_other(stack: Stack) -> None:
    ana, milan = stack.browser(name="Ana Petrović"), stack.browser(name="Milan Ristić")
    number = proposed(ana, "Šabac", "Kavala", "GR")
    ana.send(ana.open("/"), f"/desk/take-over/{number}")
    ana.do(number, "suspend", {"reason": "Čekamo", "until": due().isoformat()})
    hers, his = Program(stack, ana), Program(stack, milan)
    assert number in hers.events()
    assert number not in his.events()
    ana.do(number, "name-handler", {"handler": str(milan.person.account), "reason": "Odmor"})
    assert str(hers.events()[number]["status"]) == "CANCELLED"
    assert str(his.events()[number]["status"]) == "CONFIRMED"


def test_a_feed_shows_an_officer_the_own_town_and_speaks_the_own_script(stack: Stack, number: str) -> None:
    officer = stack.browser(Role.OFFICER, "nis")
    officer.speaks("sr-Cyrl")
    event = Program(stack, officer).events()[number]
    assert str(event["summary"]).endswith(": Ниш – Bursa")
    assert number not in Program(stack, stack.browser(Role.OFFICER, "leskovac")).events()


def test_a_new_address_ends_the_old_one_and_withdrawing_ends_both(stack: Stack, number: str) -> None:
    officer = stack.browser(Role.OFFICER, "nis")
    first = Program(stack, officer)
    second = Program(stack, officer)
    assert (first.status, second.status) == (404, 200)
    page = officer.send(officer.open("/account/calendar"), "/account/calendar/withdraw")
    assert "There is none yet" in page.words
    assert second.status == 404
    assert urlsplit(second.path).path not in page.answer.text


def test_the_feed_of_a_disabled_account_is_gone(stack: Stack, number: str) -> None:
    officer = stack.browser(Role.OFFICER, "nis")
    program = Program(stack, officer)
    stack.made.keeping_accounts.disable(KEEPER, officer.person.account)
    assert program.status == 404


def test_only_the_hash_of_a_secret_is_kept(stack: Stack, coordinator: Browser) -> None:
    secret = Program(stack, coordinator).path.rsplit("/", 1)[1].removesuffix(".ics")
    with stack.made.pool.connection() as db:
        kept = db.execute("SELECT f::text FROM office.calendar_feeds AS f").fetchall()
    assert kept and all(secret not in row[0] for row in kept)
