"""Mail tells what the notices tell, as each person chose, once; a failing server loses nothing and stops nobody."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from adapters.office.absences import PostgresAbsences
from adapters.office.mails import PostgresMails
from adapters.office.notice_choices import PostgresChoices
from adapters.office.notifier import Notifier
from adapters.office.postman import Postman
from adapters.office.smtp import Smtp
from application.access import Role
from application.mailing import GIVEN_UP_AFTER, PAUSES, Mailing
from tests.mail_server import Receiver, receiver
from tests.web.casework_stack import Browser, Stack
from tests.web.conftest import OfficeClock
from tests.web.notices.test_notices import led, told
from web.demo import KEEPER
from web.notices.letters import Letters

MORNING = datetime(2030, 3, 18, 8, 30, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
SITE = "http://testserver.local"


@pytest.fixture(scope="module")
def clock() -> OfficeClock:
    return OfficeClock(MORNING)


@pytest.fixture(scope="module", autouse=True)
def notifier(stack: Stack, clock: OfficeClock) -> Iterator[Notifier]:
    """One that knows about mail."""
    choices = PostgresChoices(stack.made.pool)
    made = Notifier(
        stack.made.settings.database_url,
        stack.made.log,
        stack.made.reminders,
        stack.made.accounts,
        clock,
        PostgresAbsences(stack.made.pool),
        choices,
    )
    made.start()
    yield made
    made.stop()


class Post:
    """The post of the office, with a server that tests can spoil."""

    def __init__(self, stack: Stack, clock: OfficeClock, there: Receiver) -> None:
        self._stack, self.clock, self.there = stack, clock, there
        self.mails = PostgresMails(stack.made.pool)

    def mailing(self) -> Mailing:
        made = self._stack.made
        letters = Letters(SITE, made.local_governments, made.accounts, made.procedures)
        return Mailing(self.mails, made.accounts, letters, Smtp(self.there.server, 0.5), self.clock)

    def goes(self) -> list[str]:
        """What arrives by one round, by its subject."""
        told(self._stack)
        before = len(self.there.arrived)
        self.mailing().round()
        return self.there.subjects[before:]


@pytest.fixture
def post(stack: Stack, clock: OfficeClock) -> Iterator[Post]:
    """Each test has days of its own, and nothing that others left."""
    clock.now = (clock.now + 3 * DAY).replace(hour=8, minute=30)
    told(stack)
    with stack.made.pool.connection() as db:
        db.execute("DELETE FROM office.mails")
        db.execute("DELETE FROM office.notices")
        db.execute("DELETE FROM office.unreachable")
    with receiver() as there:
        yield Post(stack, clock, there)


def handed_over(coordinator: Browser, to: Browser, home: str, partner: str) -> str:
    number = led(coordinator, home, partner)
    coordinator.do(number, "name-handler", {"handler": str(to.person.account), "reason": "Odmor"})
    return number


@pytest.fixture
def milan(stack: Stack) -> Browser:
    return stack.browser(name="Milan Đorđević")


def address(stack: Stack, browser: Browser) -> str:
    account = stack.made.accounts.find(browser.person.account)
    assert account
    return account.email


def test_who_is_named_handler_gets_a_mail_at_once(
    stack: Stack, coordinator: Browser, post: Post, milan: Browser
) -> None:
    milan.speaks("sr-Cyrl")
    number = handed_over(coordinator, milan, "Niš", "Bursa")
    assert post.goes() == [f"Предмет је додељен на вођење: Ниш – Bursa ({number})"]
    assert post.goes() == []
    (message,) = post.there.arrived
    assert message["to"] == address(stack, milan)
    assert message["list-unsubscribe"] == f"<{SITE}/account/notices>"
    plain, html = (part.get_content() for part in message.iter_parts())
    for text in (plain, html):
        assert f"{SITE}/initiatives/{number}" in text
        assert "Jelena Marković" in text
        assert f"{SITE}/account/notices" in text
        assert "Odmor" not in text, "reasons stay in the register"
    assert '<html lang="sr-Cyrl">' in html


def test_a_digest_comes_once_a_day_whatever_clocks_and_restarts_do(
    coordinator: Browser, post: Post, milan: Browser
) -> None:
    number = handed_over(coordinator, milan, "Pirot", "Larissa")
    post.goes()
    post.clock.now = post.clock.now.replace(hour=4, minute=30)
    for remark in ("Prva", "Druga"):
        coordinator.do(number, "add-remark", {"remark": remark})
    assert post.goes() == [], "before the hour of digests"
    post.clock.pass_by(2 * HOUR)
    assert post.goes() == ["Pobratim: 2 notices"]
    coordinator.do(number, "add-remark", {"remark": "Treća"})
    for jump in (HOUR, -HOUR, -HOUR, HOUR, HOUR):
        post.clock.pass_by(jump)
        assert post.goes() == []
    post.clock.pass_by(DAY)
    assert post.goes() == ["Pobratim: 1 notice"]
    post.clock.pass_by(DAY)
    assert post.goes() == []


def test_what_was_read_meanwhile_is_in_no_digest(coordinator: Browser, post: Post, milan: Browser) -> None:
    number = handed_over(coordinator, milan, "Vranje", "Zwolle")
    coordinator.do(number, "add-remark", {"remark": "Prva"})
    post.goes()
    coordinator.do(number, "add-remark", {"remark": "Druga"})
    told(post._stack)
    milan.send(milan.open("/notices"), "/notices/read")
    post.clock.pass_by(DAY)
    assert post.goes() == []


@pytest.mark.parametrize(("way", "now", "tomorrow"), [("none", 0, 0), ("digest", 0, 1), ("at_once", 1, 0)])
def test_each_person_chooses(
    coordinator: Browser, post: Post, milan: Browser, way: str, now: int, tomorrow: int
) -> None:
    page = milan.send(milan.open("/account/notices"), "/account/notices", {"handler": way})
    assert "Your choice about mail is kept." in page.words
    post.clock.now = post.clock.now.replace(hour=4)
    handed_over(coordinator, milan, "Sombor", f"Baja {way}")
    assert len(post.goes()) == now
    post.clock.pass_by(DAY + 3 * HOUR)
    assert len(post.goes()) == tomorrow


def test_a_choice_that_is_none_comes_back(milan: Browser) -> None:
    page = milan.send(milan.open("/account/notices"), "/account/notices", {"handler": "hourly"})
    assert page.status == 422
    assert "1 thing needs mending. Nothing is lost." in page.words


def attempts(stack: Stack) -> int:
    """How often the one mail that waits was tried."""
    with stack.made.pool.connection() as db:
        rows = db.execute("SELECT attempts FROM office.mails WHERE sent_at IS NULL").fetchall()
    return rows[0][0] if len(rows) == 1 else -1


@pytest.mark.parametrize("how", ["away", "hangs", "greylists", "drops"])
def test_a_failing_server_loses_nothing_and_is_asked_ever_more_seldom(
    stack: Stack, coordinator: Browser, post: Post, milan: Browser, how: str
) -> None:
    port = post.there.port
    post.there.hang, post.there.drop = how == "hangs", how == "drops"
    post.there.recipient = "450 greylisted" if how == "greylists" else "250 OK"
    post.there.port = 1 if how == "away" else port
    number = handed_over(coordinator, milan, "Kikinda", f"Narva {how}")
    assert coordinator.open(f"/initiatives/{number}").status == 200
    post.goes()
    for number_of_pause, pause in enumerate(PAUSES, 1):
        assert attempts(stack) == number_of_pause
        post.clock.pass_by(pause - timedelta(seconds=1))
        post.mailing().round()
        assert attempts(stack) == number_of_pause, "too early"
        post.clock.pass_by(timedelta(seconds=1))
        post.mailing().round()
    assert post.mails.state(post.clock.now).waiting == 1
    post.there.hang, post.there.drop, post.there.recipient, post.there.port = False, False, "250 OK", port
    post.clock.pass_by(PAUSES[-1])
    assert post.goes() == [f"You lead this case now: Kikinda – Narva {how} ({number})"]
    assert post.mails.state(post.clock.now).waiting == 0
    assert len({one["message-id"] for one in post.there.arrived}) == 1


def test_after_a_day_it_is_given_up_and_counted(coordinator: Browser, post: Post, milan: Browser) -> None:
    post.there.recipient = "450 greylisted"
    handed_over(coordinator, milan, "Zrenjanin", "Shenyang")
    post.goes()
    post.clock.pass_by(GIVEN_UP_AFTER)
    post.goes()
    state = post.mails.state(post.clock.now)
    assert (state.waiting, state.given_up, state.unreachable) == (0, 1, 0)


def test_an_address_that_is_gone_is_shown_on_the_case_until_mail_arrives_again(
    stack: Stack, coordinator: Browser, post: Post, milan: Browser
) -> None:
    administrator = stack.browser(Role.ADMINISTRATOR)
    post.there.recipient = "550 no such user"
    number = handed_over(coordinator, milan, "Subotica", "Szeged")
    assert post.goes() == []
    assert post.mails.state(post.clock.now).unreachable == 1
    assert "mail comes back" in coordinator.open(f"/initiatives/{number}").words
    assert "mail comes back" in administrator.open("/admin/accounts").words
    assert "mail to your address comes back" in milan.open("/account/notices").words

    post.there.recipient = "250 OK"
    other = handed_over(coordinator, milan, "Subotica", "Osijek")
    assert len(post.goes()) == 1
    for case in (number, other):
        assert "mail comes back" not in coordinator.open(f"/initiatives/{case}").words
    assert "mail comes back" not in administrator.open("/admin/accounts").words


def test_a_mail_of_one_does_not_keep_those_of_others(stack: Stack, coordinator: Browser, post: Post) -> None:
    ana, petar = stack.browser(name="Ana Ilić"), stack.browser(name="Petar Savić")
    post.there.recipient = "550 no such user"
    handed_over(coordinator, ana, "Zaječar", "Turda")
    post.goes()
    post.there.recipient = "250 OK"
    handed_over(coordinator, petar, "Zaječar", "Vidin")
    assert len(post.goes()) == 1


def test_a_disabled_account_gets_none(stack: Stack, coordinator: Browser, post: Post, milan: Browser) -> None:
    handed_over(coordinator, milan, "Šabac", "Kavala")
    told(stack)
    stack.made.keeping_accounts.disable(KEEPER, milan.person.account)
    assert post.goes() == []
    assert post.mails.state(post.clock.now).waiting == 0


def test_who_moved_to_another_town_gets_nothing_of_the_old_one(stack: Stack, coordinator: Browser, post: Post) -> None:
    officer = stack.browser(Role.OFFICER, "vrsac")
    led(coordinator, "Vršac", "Lugoj", "RO")
    told(stack)
    with stack.made.pool.connection() as db:
        db.execute("UPDATE access.accounts SET local_government = 'leskovac' WHERE id = %s", (officer.person.account,))
    post.clock.pass_by(DAY)
    assert post.goes() == []


def test_two_who_send_at_once_send_one(coordinator: Browser, post: Post, milan: Browser) -> None:
    handed_over(coordinator, milan, "Čačak", "Bari")
    told(post._stack)
    (mail,) = post.mails.due(post.clock.now, 10)
    until = post.clock.now + HOUR
    assert [post.mails.claim(mail, until), post.mails.claim(mail, until)] == [True, False]


def test_the_postman_brings_it_by_itself(stack: Stack, coordinator: Browser, post: Post, milan: Browser) -> None:
    postman = Postman(stack.made.settings.database_url, post.mailing())
    postman.start()
    try:
        number = handed_over(coordinator, milan, "Užice", "Kursk")
        for _ in range(200):
            if post.there.arrived:
                break
            postman.stopping.wait(0.05)
        assert number in post.there.subjects[0]
    finally:
        postman.stop()
