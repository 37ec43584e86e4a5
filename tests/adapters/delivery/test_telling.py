"""Whoever is to look after it gets one mail a day, in words of the moment at which it is sent."""

from uuid import uuid4

import pytest

from adapters.office.smtp import Smtp
from application.access import Role
from application.accounts import OpenAccount
from application.mailing import Mailing
from application.subscriptions import MACHINE
from tests.adapters.delivery.conftest import House, key
from tests.mail_server import receiver as mail_server
from tests.receivers import Reply, receiver
from web.notices.letters import Letters
from web.notices.subscription_letters import SubscriptionLetters


@pytest.fixture
def administrator(house: House) -> str:
    wish = OpenAccount(name="Ana Đorđević", email="ana@primer.rs", role=Role.ADMINISTRATOR, locale="en")
    other = OpenAccount(name="Jelena", email="jelena@primer.rs", role=Role.COORDINATOR, locale="en")
    for one in (wish, other):
        house.made.keeping_accounts.open(MACHINE, one)
    return wish.email


def mailing(house: House, server: object) -> Mailing:
    made = house.made
    letters = Letters("https://x.rs", made.local_governments, made.accounts, made.procedures)
    about = SubscriptionLetters("https://x.rs", made.reading_subscriptions)
    post = Smtp(server, 5)  # pyright: ignore[reportArgumentType]
    return Mailing(made.mails, made.accounts, letters, post, made.clock, about)


def test_a_parked_case_reaches_an_administrator_by_mail_once(house: House, quick: None, administrator: str) -> None:
    cases = [uuid4(), uuid4()]
    house.record(*cases)
    with receiver(lambda _: Reply(422)) as to, mail_server() as there, house.delivering():
        house.subscribe(to)
        to.wait(lambda: bool((stand := house.row().stand) and stand.parked >= 2))
        post = mailing(house, there.server)
        post.round()
        post.round()
    [mail] = there.arrived
    assert (mail["to"], mail["subject"]) == (administrator, "Subscription Portal nis: deliveries wait for you")
    text = mail.get_body(("plain",)).get_content()  # pyright: ignore[reportOptionalMemberAccess, reportAttributeAccessIssue]
    assert f"{cases[0]}: status 422" in text
    assert "pobratim subscription parked nis" in text
    assert "https://x.rs/admin/subscriptions/nis#parked" in text


def test_whoever_keeps_it_is_led_to_the_own_page(house: House, quick: None, administrator: str) -> None:
    wish = OpenAccount(name="Saša", email="sasa@primer.rs", role=Role.TECHNICIAN, locale="en")
    keeper = house.made.keeping_accounts.open(MACHINE, wish)
    house.record(uuid4())
    with receiver(lambda _: Reply(422)) as to, mail_server() as there, house.delivering():
        house.subscribe(to, keeper=keeper.id)
        to.wait(lambda: bool((stand := house.row().stand) and stand.parked))
        mailing(house, there.server).round()
    [mail] = there.arrived
    assert mail["to"] == keeper.email
    for kind in ("plain", "html"):
        text = mail.get_body((kind,)).get_content()  # pyright: ignore[reportOptionalMemberAccess, reportAttributeAccessIssue]
        assert "https://x.rs/subscriptions/nis#parked" in text
        assert "pobratim subscription" not in text, "who holds no machine gets no command of it"


def test_what_was_mended_meanwhile_is_not_told(house: House, quick: None, administrator: str) -> None:
    house.record(uuid4())
    wrong = [True]
    with receiver(lambda _: Reply(422 if wrong[0] else 204)) as to, mail_server() as there, house.delivering():
        house.subscribe(to)
        to.wait(lambda: bool((stand := house.row().stand) and stand.parked))
        wrong[0] = False
        house.made.mending_deliveries.release_all(MACHINE, "nis", key())
        to.wait(lambda: bool((stand := house.row().stand) and not stand.parked and not stand.waiting))
        mailing(house, there.server).round()
    assert there.arrived == []


def test_a_receiver_that_is_gone_is_told(house: House, administrator: str) -> None:
    house.record(uuid4())
    with receiver(lambda _: Reply(410)) as to, mail_server() as there, house.delivering():
        house.subscribe(to)

        def told() -> bool:
            mailing(house, there.server).round()
            return bool(there.arrived)

        to.wait(told)
    assert there.subjects == ["Subscription Portal nis: the receiver wants no more deliveries"]
