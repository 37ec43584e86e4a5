"""Absences over a real database: who enters them, who may stand in, and what is refused."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread
from uuid import UUID, uuid4

import pytest

from adapters.database.pool import Pool, open_pool
from adapters.identity.accounts import PostgresAccounts
from adapters.office.absences import PostgresAbsences
from application.absences import MOST_DAYS, EnterAbsence, KeepingAbsences
from application.access import Forbidden, Person, Role
from application.accounts import Account
from application.standing_in import Absence, absent_behind
from domain.kernel import AccountId, Refused
from tests.conftest import Database

TODAY = date(2026, 3, 17)
MORNING = datetime(2026, 3, 17, 8, tzinfo=UTC)
ADMINISTRATOR = Person(AccountId(UUID(int=1)), "Operator", Role.ADMINISTRATOR)


def day(n: int) -> date:
    """So many days from today."""
    return TODAY + timedelta(days=n)


class Office:
    def __init__(self, pool: Pool) -> None:
        self.now = MORNING
        self.accounts, self.absences = PostgresAccounts(pool), PostgresAbsences(pool)
        self.keeping = KeepingAbsences(self.absences, self.accounts, lambda: self.now)

    def account(self, role: Role = Role.COORDINATOR, town: str | None = None) -> Person:
        account = Account(
            id=AccountId(uuid4()),
            name=role.value,
            email=f"{uuid4()}@primer.rs",
            role=role,
            local_government=town,
            opened_at=MORNING,
        )
        self.accounts.add(account, None)
        return account.person

    def enter(self, by: Person, who: Person, substitute: Person, first: int = 0, last: int = 6) -> Absence:
        wish = EnterAbsence(
            account=who.account, substitute=substitute.account, first_day=day(first), last_day=day(last)
        )
        return self.keeping.enter(by, wish)

    def refusal(self, by: Person, who: Person, substitute: Person, first: int = 0, last: int = 6) -> str:
        with pytest.raises(Refused) as refused:
            self.enter(by, who, substitute, first, last)
        return f"{refused.value.refusals[0].code} {refused.value.refusals[0].field}"

    def away(self, on: int = 0) -> list[AccountId]:
        return [absence.account for absence in self.absences.on(day(on))]


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    with open_pool(database.url) as pool:
        with pool.connection() as db:
            db.execute("DELETE FROM access.accounts")
        yield Office(pool)


def test_an_absence_holds_from_its_first_day_to_its_last(office: Office) -> None:
    ana, boris = office.account(), office.account()
    office.enter(ana, ana, boris, 1, 3)
    assert [n for n in range(6) if office.away(n) == [ana.account]] == [1, 2, 3]


def test_whoever_is_back_early_ends_it_at_once(office: Office) -> None:
    ana, boris = office.account(), office.account()
    entered = office.enter(ana, ana, boris)
    office.keeping.end(ana, entered.id)
    assert office.away() == []
    assert office.keeping.shown(ana) == []
    with pytest.raises(Refused, match=r"absence\.gone"):
        office.keeping.end(ana, entered.id)


def test_who_enters_an_absence_for_whom(office: Office) -> None:
    people = {
        "coordinator": office.account(),
        "approver": office.account(Role.APPROVER),
        "officer": office.account(Role.OFFICER, "nis"),
        "neighbour": office.account(Role.OFFICER, "nis"),
    }
    asking = {**people, "administrator": ADMINISTRATOR}
    may = {
        (by, who)
        for by, person in asking.items()
        for who, other in people.items()
        if other.account in {account.id for account in office.keeping.people(person)}
    }
    association = {(by, who) for by in ("coordinator", "approver") for who in ("coordinator", "approver")}
    own = {("officer", "officer"), ("neighbour", "neighbour")}
    assert may == association | own | {("administrator", who) for who in people}
    assert office.refusal(people["officer"], people["neighbour"], people["officer"]) == "form.choice-unknown account"


@pytest.mark.parametrize("role", [Role.AUDITOR])
def test_whoever_has_no_work_of_their_own_has_no_substitute(office: Office, role: Role) -> None:
    with pytest.raises(Forbidden):
        office.keeping.people(office.account(role))


def test_a_substitute_has_the_same_role_and_town_and_an_open_account(office: Office) -> None:
    ana, officer = office.account(), office.account(Role.OFFICER, "nis")
    gone = office.account()
    office.accounts.disable(gone.account, MORNING)
    unfit = [ana, gone, office.account(Role.APPROVER), officer]
    assert {office.refusal(ana, ana, one) for one in unfit} == {"absence.substitute-unfit substitute"}
    elsewhere = office.account(Role.OFFICER, "leskovac")
    assert office.refusal(officer, officer, elsewhere) == "absence.substitute-unfit substitute"
    assert office.enter(officer, officer, office.account(Role.OFFICER, "nis"))


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [
        (3, 2, "absence.backwards last_day"),
        (-3, -1, "absence.over last_day"),
        (0, MOST_DAYS, "absence.too-long last_day"),
        (MOST_DAYS, MOST_DAYS, "absence.too-long last_day"),
    ],
)
def test_days_that_cannot_be(office: Office, first: int, last: int, code: str) -> None:
    assert office.refusal(ana := office.account(), ana, office.account(), first, last) == code


def test_a_person_is_not_away_twice_on_one_day(office: Office) -> None:
    ana, boris = office.account(), office.account()
    first = office.enter(ana, ana, boris, 2, 4)
    for days in ((0, 2), (3, 3), (4, 9), (0, 9)):
        assert office.refusal(ana, ana, boris, *days) == "absence.overlaps first_day"
    office.enter(ana, ana, boris, 0, 1)
    office.keeping.end(ana, first.id)
    office.enter(ana, ana, boris, 2, 9)


def test_substitutes_never_lead_back_to_the_one_who_is_away(office: Office) -> None:
    ana, boris, ceca = office.account(), office.account(), office.account()
    office.enter(ana, ana, boris, 0, 5)
    office.enter(ana, boris, ceca, 4, 9)
    assert office.refusal(ana, ceca, ana, 5, 5) == "absence.returns substitute"
    assert office.refusal(ana, ceca, boris, 9, 12) == "absence.returns substitute"
    office.enter(ana, ceca, ana, 6, 9)  # Ana is back by then


def test_two_who_name_each_other_at_the_same_moment_do_not_both_succeed(office: Office) -> None:
    ana, boris = office.account(), office.account()
    start, answers = Barrier(2), list[str]()

    def enter(who: Person, substitute: Person) -> None:
        start.wait()
        try:
            office.enter(who, who, substitute)
            answers.append("entered")
        except Refused as refused:
            answers.append(refused.refusals[0].code)

    threads = [Thread(target=enter, args=pair) for pair in ((ana, boris), (boris, ana))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["absence.returns", "entered"]


def test_a_substitute_who_is_away_hands_on_what_was_taken_over(office: Office) -> None:
    ana, boris, ceca, dusan = (office.account() for _ in range(4))
    office.enter(ana, ana, boris)
    office.enter(ana, boris, ceca)
    office.enter(ana, dusan, ceca)
    today = office.absences.on(TODAY)
    behind = {absent.account: absent.through for absent in absent_behind(today, ceca.account)}
    assert behind == {boris.account: (), dusan.account: (), ana.account: (boris.account,)}
    assert [absent.account for absent in absent_behind(today, boris.account)] == [ana.account]
    assert absent_behind(today, ana.account) == []
