"""A browser at the real application over a real database, with an office clock that tests can turn."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html import unescape
from types import SimpleNamespace
from typing import cast
from uuid import UUID

import pytest
from argon2 import PasswordHasher
from httpx import Response as HttpResponse
from litestar import Litestar, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from litestar.testing import TestClient

from adapters.database.pool import Pool, open_pool
from adapters.identity.accounts import PostgresAccounts
from adapters.identity.answers import PostgresAnswers
from adapters.identity.attempts import PostgresAttempts
from adapters.identity.buckets import PostgresBuckets
from adapters.identity.kept_entries import PostgresKeptEntries
from adapters.identity.links import PostgresLinks
from adapters.identity.oidc_clients import PostgresClients
from adapters.identity.passwords import Argon2Passwords
from adapters.identity.sessions import PostgresSessions
from adapters.identity.tokens import PostgresTokens
from adapters.office.absences import PostgresAbsences
from adapters.office.mails import PostgresMails
from adapters.office.notice_choices import PostgresChoices
from adapters.office.notices import PostgresNotices
from application.absences import KeepingAbsences
from application.access import Forbidden, Person, Role
from application.accounts import Account, KeepingAccounts, OpenAccount
from application.allowances import WRONG_TOKENS, Allowances
from application.answers import KeepingAnswers
from application.asking_sides import AskingSides
from application.feed import Feed
from application.kept_entries import KeepingEntries
from application.notice_choices import KeepingChoices
from application.notices import ReadingNotices
from application.oidc_clients import KeepingClients
from application.own_account import KeepingOwnAccount
from application.people import KeepingPeople
from application.ports import CommandKeyReused, Conflict, LogUnavailable, UnreadableFact
from application.reference import LocalGovernment, UnitKind
from application.signing_in import SigningIn
from application.tokens import KeepingTokens
from domain.initiatives.procedure import UnknownProcedure
from domain.kernel import AccountId, Refusal, Refused
from tests.conftest import Database
from web.admin.subscriptions_parts import SubscriptionDesk
from web.api.feed.event_streams import EventStreams
from web.app import create_app
from web.casework import Casework
from web.forms import Form
from web.guards import grant_required
from web.pages import page
from web.parts import Parts, Readiness
from web.session import PageRequest
from web.settings import Settings

PASSWORD = "sedam hrastova kraj puta"
MORNING = datetime(2026, 3, 17, 7, 30, tzinfo=UTC)


@dataclass
class OfficeClock:
    now: datetime = MORNING

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, time: timedelta) -> None:
        self.now += time


class NoSeal:
    """An installation that has sealed nothing."""

    def checkpoint(self) -> str | None:
        return None

    def keys(self) -> str | None:
        return None


class TwoTowns:
    """Reference data with two towns are enough for the shell."""

    by_code: Mapping[str, LocalGovernment] = {
        code: LocalGovernment(code=code, name=name, kind=UnitKind.CITY, district="Нишавски")
        for code, name in (("nis", "Ниш"), ("leskovac", "Лесковац"))
    }

    def find(self, text: str) -> LocalGovernment | None:
        return None

    def of_settlement(self, text: str) -> LocalGovernment | None:
        return None


@get("/", sync_to_thread=True)
def desk(request: PageRequest) -> Response[str]:
    return page(request, "error.html", title="Desk", text="", sentences=[], reference="", entry=Form(), back="/")


@post("/initiatives/new", status_code=303, sync_to_thread=True)
def propose(form: NamedDependency[Form], person: NamedDependency[Person]) -> Response[str]:
    PROPOSED.append((person.name, form.typed))
    return Response("", status_code=303, headers={"location": "/"})


@get("/fails/{how:str}", sync_to_thread=True)
def fails(how: FromPath[str]) -> None:
    raise FAILURES[how]


@post("/fails/{how:str}", sync_to_thread=True)
def fails_in_a_deed(how: FromPath[str]) -> None:
    raise FAILURES[how]


@get("/api/v1/fails/{how:str}", sync_to_thread=True)
def fails_in_the_api(how: FromPath[str]) -> None:
    raise FAILURES[how]


@post("/api/v1/echo", sync_to_thread=True)
def echo(request: PageRequest, data: JSONBody[dict[str, object]]) -> dict[str, object]:
    grant_required(request).require("cases:write")
    return data


PROPOSED: list[tuple[str, tuple[tuple[str, str], ...]]] = []
FAILURES: dict[str, Exception] = {
    "refused": Refused(Refusal("initiative.wrong-stage", {"stage": "drafting", "deed": "publish"}, "occurred_on")),
    "unknown-code": Refused(Refusal("initiative.invented-in-a-test")),
    "forbidden": Forbidden("access.no-casework"),
    "conflict": Conflict(UUID(int=0)),
    "key-reused": CommandKeyReused(),
    "unavailable": LogUnavailable("no route to host 10.0.0.7"),
    "no-procedure": UnknownProcedure("twinning@9"),
    "unreadable": UnreadableFact(1187, "initiative.agreement-signed.v9", "the secret of the inside"),
    "unexpected": RuntimeError("the secret of the inside"),
}


@dataclass
class Office:
    """The application, its use cases and its clock."""

    app: Litestar
    parts: Parts
    clock: OfficeClock
    pool: Pool
    opened: dict[str, Account] = field(default_factory=dict[str, Account])

    def account(self, role: Role = Role.COORDINATOR, name: str = "Jelena Marković") -> Account:
        """An account with PASSWORD, of its own each time."""
        number = len(self.opened) + 1
        wish = OpenAccount(
            name=name,
            email=f"{role.value}{number}@primer.rs",
            role=role,
            local_government="nis" if role is Role.OFFICER else None,
            password=PASSWORD,
        )
        account = self.parts.keeping_accounts.open(ADMINISTRATOR, wish)
        self.opened[account.email] = account
        return account

    def browser(self) -> TestClient[Litestar]:
        """Another browser, beside the fixture `visitor` that holds the application up."""
        return TestClient(self.app, raise_server_exceptions=False)

    def sessions(self) -> int:
        """How many sessions there are."""
        with self.pool.connection() as db:
            row = db.execute("SELECT count(*) FROM access.sessions").fetchone()
        assert row is not None
        return row[0]


ADMINISTRATOR = Person(AccountId(UUID(int=1)), "Operator", Role.ADMINISTRATOR)


class NoSubscriptions:
    """application.subscriptions_reading.ReadingSubscriptions where there are none."""

    def list(self, by: Person) -> list[object]:
        return []


def make_parts(pool: Pool, clock: OfficeClock, settings: Settings) -> Parts:
    passwords = Argon2Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    accounts, links = PostgresAccounts(pool), PostgresLinks(pool)
    return Parts(
        seal=NoSeal(),
        settings=settings,
        clock=clock,
        signing_in=SigningIn(
            accounts, PostgresSessions(pool), links, PostgresTokens(pool), PostgresAttempts(pool), passwords, clock
        ),
        keeping_accounts=KeepingAccounts(accounts, links, passwords, clock),
        allowances=Allowances(PostgresBuckets(pool), int(settings.api_rate), clock),
        wrong_tokens=Allowances(PostgresBuckets(pool), WRONG_TOKENS, clock),
        keeping_tokens=KeepingTokens(PostgresTokens(pool), accounts, clock),
        keeping_clients=KeepingClients(PostgresClients(pool), accounts, settings.oidc_issuer, clock),
        keeping_own_account=KeepingOwnAccount(
            accounts, PostgresSessions(pool), PostgresAttempts(pool), passwords, clock
        ),
        keeping_absences=KeepingAbsences(PostgresAbsences(pool), accounts, clock),
        keeping_entries=KeepingEntries(PostgresKeptEntries(pool), PostgresSessions(pool), clock),
        notices=ReadingNotices(PostgresNotices(pool), clock),
        notice_choices=KeepingChoices(PostgresChoices(pool)),
        unreached=PostgresMails(pool).unreached,
        local_governments=TwoTowns(),
        readiness=lambda: Readiness(ready=True),
        outdated=lambda: None,
        work=cast("Casework", None),  # the shell reaches no case; tests/web/running.py has the whole house
        feed=cast("Feed", None),
        event_streams=cast("EventStreams", None),
        keeping_answers=KeepingAnswers(PostgresAnswers(pool), clock),
        subscriptions=cast("SubscriptionDesk", SimpleNamespace(reading=NoSubscriptions())),
        asking_sides=cast("AskingSides", None),
        keeping_people=cast("KeepingPeople", None),
    )


@pytest.fixture(scope="module")
def pool(database: Database) -> Iterator[Pool]:
    with open_pool(database.url) as opened:
        yield opened


@pytest.fixture
def office(pool: Pool) -> Office:
    clock = OfficeClock()
    parts = make_parts(pool, clock, Settings(base_url="http://testserver.local", secret_key="x" * 40))
    handlers = [desk, propose, fails, fails_in_a_deed, fails_in_the_api, echo]
    PROPOSED.clear()
    with pool.connection() as db:
        db.execute("DELETE FROM access.accounts")
        db.execute("DELETE FROM access.attempts")
        db.execute("DELETE FROM access.allowances")
        db.execute("DELETE FROM access.kept_entries")
    return Office(create_app(parts, handlers), parts, clock, pool)


@pytest.fixture
def visitor(office: Office) -> Iterator[TestClient[Litestar]]:
    with office.browser() as client:
        yield client


def token_of(page_text: str) -> str:
    """The form token on a page."""
    found = re.search(r'name="_csrf" value="([^"]+)"', page_text)
    assert found, page_text
    return unescape(found[1])


def hidden_of(page_text: str) -> dict[str, str]:
    """Hidden fields of a page, by name."""
    return {
        unescape(name): unescape(value)
        for name, value in re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page_text)
    }


def sign_in(visitor: TestClient[Litestar], email: str, password: str = PASSWORD, **more: str) -> HttpResponse:
    token = token_of(visitor.get("/sign-in").text)
    fields = {"_csrf": token, "email": email, "password": password, **more}
    return visitor.post("/sign-in", data=fields, follow_redirects=False)
