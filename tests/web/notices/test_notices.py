"""People learn of what concerns them, once, and of nothing that they may not see."""

import re
import time
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import psycopg
import pytest

from adapters.office.notifier import Notifier
from application.access import Role
from application.identity import case_id
from application.notices import notices_of_reminder
from application.reminders import Given
from domain.initiatives.reminding import Reminded
from tests.conftest import Database
from tests.web.casework_stack import Browser, Page, Stack, proposed
from web.language.language import office_day

pytestmark = pytest.mark.usefixtures("notifier")


def told(stack: Stack) -> None:
    """Wait until the notifier has read the whole log, and the views show it."""
    head = stack.made.log.head()
    assert stack.made.read_side.views.caught_up(head, 20.0)
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with stack.made.pool.connection() as db:
            row = db.execute("SELECT position FROM office.cursors WHERE name = 'notices'").fetchone()
        if row and row[0] >= head:
            return
        time.sleep(0.02)
    raise AssertionError("the notifier stands still")


def notices(stack: Stack, browser: Browser) -> Page:
    told(stack)
    page = browser.open("/notices")
    assert page.status == 200
    return page


def unread(page: Page) -> int:
    found = re.search(r'<svg class="i" aria-hidden="true"><use href="[^"]+#i-bell"/></svg><b>(\d+)', page.answer.text)
    return int(found[1]) if found else 0


def led(browser: Browser, home: str, partner: str, country: str = "TR") -> str:
    number = proposed(browser, home, partner, country)
    browser.send(browser.open("/"), f"/desk/take-over/{number}")
    return number


def test_whoever_is_named_handler_learns_of_it_and_whoever_did_it_does_not(stack: Stack, coordinator: Browser) -> None:
    milan = stack.browser(name="Milan Đorđević")
    number = led(coordinator, "Niš", "Bursa")
    coordinator.do(number, "name-handler", {"handler": str(milan.person.account), "reason": "Odmor"})
    page = notices(stack, milan)
    assert "You lead this case now" in page.words
    assert number in page.words
    assert unread(page) == 1
    assert number not in notices(stack, coordinator).words


def test_a_deed_of_somebody_else_on_a_case_tells_its_handler(stack: Stack, coordinator: Browser) -> None:
    officer = stack.browser(Role.OFFICER, "pirot")
    number = led(coordinator, "Pirot", "Larissa", "GR")
    officer.do(number, "add-remark", {"remark": "Stiglo je pismo"})
    page = notices(stack, coordinator)
    assert "A case that you lead was changed" in page.words
    assert number in page.words
    assert "Stiglo je pismo" not in page.words


def test_a_town_learns_that_its_case_moved_on(stack: Stack, coordinator: Browser) -> None:
    officer, stranger = stack.browser(Role.OFFICER, "vranje"), stack.browser(Role.OFFICER, "leskovac")
    number = led(coordinator, "Vranje", "Zwolle", "NL")
    page = notices(stack, officer)
    assert "A case of your town moved on" in page.words
    assert "SKGO started the coordination" in page.words
    assert number in page.words
    assert number not in notices(stack, stranger).words


def test_a_mention_and_a_task_reach_the_one_who_is_meant(stack: Stack, coordinator: Browser) -> None:
    approver = stack.browser(Role.APPROVER, name="Vesna Ćirić")
    number = led(coordinator, "Sombor", "Baja", "HU")
    account = str(approver.person.account)
    coordinator.do(number, "add-remark", {"remark": "Pogledajte", "mentions": account})
    coordinator.do(number, "give-task", {"what": "Proveriti nacrt", "assignee": account})
    page = notices(stack, approver)
    assert "You are mentioned in a remark" in page.words
    assert "You were given a task" in page.words
    assert unread(page) == 2


def test_notices_are_marked_one_by_one_and_all_at_once(stack: Stack, coordinator: Browser) -> None:
    officer = stack.browser(Role.OFFICER, "kikinda")
    for partner in ("Jimbolia", "Narva", "Medgidia"):
        led(coordinator, "Kikinda", partner, "RO")
    page = notices(stack, officer)
    assert unread(page) == 3
    action = next(form.action for form in page.forms if re.fullmatch(r"/notices/\d+/read", form.action))
    page = officer.send(page, action)
    assert unread(page) == 2
    page = officer.send(page, "/notices/read")
    assert (unread(page), page.path) == (0, "/notices")
    assert "A case of your town moved on" in page.words


def test_nobody_marks_the_notices_of_others(stack: Stack, coordinator: Browser) -> None:
    officer, other = stack.browser(Role.OFFICER, "zrenjanin"), stack.browser(Role.OFFICER, "zrenjanin")
    led(coordinator, "Zrenjanin", "Shenyang", "CN")
    page = notices(stack, officer)
    action = next(form.action for form in page.forms if re.fullmatch(r"/notices/\d+/read", form.action))
    asked = dict(notices(stack, other).form("/notices/read").fields)
    answer = other.client.post(action, data={"_csrf": asked["_csrf"]})
    assert answer.status_code == 200
    assert unread(officer.open("/notices")) == 1


def test_what_came_after_the_page_stays_unread(stack: Stack, coordinator: Browser) -> None:
    officer = stack.browser(Role.OFFICER, "subotica")
    led(coordinator, "Subotica", "Szeged", "HU")
    page = notices(stack, officer)
    led(coordinator, "Subotica", "Osijek", "HR")
    told(stack)
    assert unread(officer.send(page, "/notices/read")) == 1


def test_who_moved_to_another_town_reads_no_notice_of_the_old_one(stack: Stack, coordinator: Browser) -> None:
    officer = stack.browser(Role.OFFICER, "vrsac")
    number = led(coordinator, "Vršac", "Lugoj", "RO")
    assert number in notices(stack, officer).words
    with stack.made.pool.connection() as db:
        db.execute("UPDATE access.accounts SET local_government = 'leskovac' WHERE id = %s", (officer.person.account,))
    page = officer.open("/notices")
    assert (unread(page), number in page.words) == (0, False)


def test_reading_the_log_again_tells_nobody_twice(stack: Stack, notifier: Notifier, coordinator: Browser) -> None:
    officer = stack.browser(Role.OFFICER, "zajecar")
    led(coordinator, "Zaječar", "Turda", "RO")
    assert unread(notices(stack, officer)) == 1
    with stack.made.pool.connection() as db:
        db.execute("UPDATE office.cursors SET position = 0 WHERE name = 'notices'")
    assert unread(notices(stack, officer)) == 1


@pytest.mark.parametrize("until", ["", "x", "-1", "9" * 30, "１２"])
def test_an_until_that_is_none_marks_nothing(stack: Stack, coordinator: Browser, until: str) -> None:
    token = dict(coordinator.open("/account/calendar").form("/account/calendar").fields)["_csrf"]
    before = unread(notices(stack, coordinator))
    answer = coordinator.client.post("/notices/read", data={"_csrf": token, "until": until})
    assert answer.status_code == 200
    assert unread(coordinator.open("/notices")) == before
    assert before


def test_whoever_follows_a_case_learns_of_every_change_until_they_stop(stack: Stack, coordinator: Browser) -> None:
    auditor = stack.browser(Role.AUDITOR)
    number = led(coordinator, "Bečej", "Csepel", "HU")
    follow = f"/initiatives/{number}/follow"
    auditor.send(auditor.open(f"/initiatives/{number}"), follow)
    coordinator.do(number, "add-remark", {"remark": "Prva"})
    page = notices(stack, auditor)
    assert "A case that you follow was changed" in page.words
    assert unread(page) == 1
    auditor.send(auditor.open(f"/initiatives/{number}"), follow)
    coordinator.do(number, "add-remark", {"remark": "Druga"})
    assert unread(notices(stack, auditor)) == 1


def test_reminders_reach_those_whose_move_it_is(stack: Stack) -> None:
    today, at = date(2026, 3, 17), datetime(2026, 3, 17, 9, tzinfo=UTC)
    people = {
        name: stack.account(role, town, name)
        for name, role, town in (
            ("Vođa", Role.COORDINATOR, None),
            ("Kolega", Role.COORDINATOR, None),
            ("Iz Bora", Role.OFFICER, "bor"),
            ("Iz Sente", Role.OFFICER, "senta"),
            ("Načelnica", Role.APPROVER, None),
            ("Revizor", Role.AUDITOR, None),
        )
    }

    def told(kind: Reminded, *, stands: bool = True, on: date = today) -> set[str]:
        given = Given(
            position=1,
            id=uuid4(),
            case=uuid4(),
            number="2026-0001",
            kind=kind,
            deed="start-drafting",
            due=today,
            on=on,
            stands=stands,
            homes=("bor",),
            handler=people["Vođa"].id,
        )
        made = notices_of_reminder(given, today, at, list(people.values()))
        assert {one.source for one in made} <= {f"reminder/{given.id}"}
        return {name for name, account in people.items() if account.id in {one.account for one in made}}

    assert told(Reminded.BEFORE) == told(Reminded.LATE) == {"Vođa", "Iz Bora"}
    assert told(Reminded.ESCALATED) == {"Vođa", "Iz Bora", "Načelnica"}
    assert told(Reminded.CONFIRM) == {"Iz Bora"}
    assert told(Reminded.DORMANT) == {"Vođa"}
    assert told(Reminded.LATE, stands=False) == set()
    assert told(Reminded.LATE, on=today - timedelta(days=4)) == set()


def test_a_reminder_becomes_a_notice_once(stack: Stack, coordinator: Browser) -> None:
    number = led(coordinator, "Bor", "Vraca", "BG")
    case, today = case_id(number), office_day(stack.made.clock())
    with psycopg.connect(stack.made.settings.database_url, autocommit=True) as owner:
        found = owner.execute("SELECT deed, due FROM views.clock WHERE case_id = %s", (case,)).fetchone()
        assert found
        row = (uuid4(), case, "before", *found, today)
        owner.execute(
            "INSERT INTO office.reminders (id, case_id, kind, deed, due, on_day) VALUES (%s, %s, %s, %s, %s, %s)", row
        )
    end = time.monotonic() + 20
    while "A deadline comes" not in (page := notices(stack, coordinator)).words:
        assert time.monotonic() < end, page.words
        time.sleep(0.1)
    assert number in page.words
    with stack.made.pool.connection() as db:
        kept = db.execute("SELECT account FROM office.notices WHERE case_id = %s AND kind = 'reminder'", (case,))
        assert [account for (account,) in kept.fetchall()].count(coordinator.person.account) == 1


def test_a_substitute_learns_of_what_comes_for_the_one_who_is_away(stack: Stack, coordinator: Browser) -> None:
    away, substitute = stack.browser(name="Ana Anić"), stack.browser(name="Mira Mirić")
    number = led(away, "Pirot", "Kavala", "GR")
    form = away.open("/account/absence")
    today = stack.made.reading.today().isoformat()
    sent = {"first_day": today, "last_day": today, "substitute": str(substitute.person.account)}
    assert away.send(form, "/account/absence", sent).status == 200
    coordinator.do(number, "add-remark", {"remark": "Stiglo je pismo"})
    coordinator.do(number, "add-remark", {"remark": "Za zamenu", "mentions": str(substitute.person.account)})
    assert unread(notices(stack, away)) == 2
    page = notices(stack, substitute)
    assert "Something came for somebody for whom you stand in" in page.words
    assert "You are mentioned in a remark" in page.words
    assert unread(page) == 2, "one reason is enough"
    substitute.do(number, "add-remark", {"remark": "Odgovoreno"})
    assert unread(notices(stack, substitute)) == 2, "nobody is told of the own deed"


def test_a_history_that_contradicts_itself_keeps_no_other_notices_back(
    stack: Stack, database: Database, coordinator: Browser
) -> None:
    officer = stack.browser(Role.OFFICER, "pirot")
    broken, sound = (led(coordinator, "Pirot", town, "GR") for town in ("Serres", "Volos"))
    told(stack)
    with psycopg.connect(database.owner_url) as connection:
        connection.execute(
            """INSERT INTO log.facts (originator_id, originator_version, topic, state, notification_id, recorded_at)
            SELECT originator_id, 1 + max(originator_version) OVER (), topic, state,
                   1 + (SELECT max(notification_id) FROM log.facts), clock_timestamp()
            FROM log.facts WHERE originator_id = %s ORDER BY originator_version LIMIT 1""",
            (case_id(broken),),
        )
    officer.do(sound, "add-remark", {"remark": "Stiglo je pismo"})
    deadline = time.monotonic() + 20
    while sound not in (page := coordinator.open("/notices")).words and time.monotonic() < deadline:
        time.sleep(0.05)
    assert sound in page.words
