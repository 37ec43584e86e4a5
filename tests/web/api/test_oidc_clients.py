"""Systems that ask with access tokens of an identity provider, at the started application."""

import asyncio
import logging
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from httpx import Response
from litestar.testing import TestClient

from application.access import Role
from application.accounts import Account, OpenAccount
from application.oidc_clients import Client, ProviderUnavailable
from domain.partners.events import PartnerRegistered
from tests.adapters.recording.office import a_save
from tests.conftest import Database
from tests.identity_provider import (
    AUDIENCE,
    DISCOVERY,
    Answer,
    IdentityProvider,
    identity_provider,
    jwk,
    rsa_key,
)
from tests.web.api.listening import PATIENCE, listening
from tests.web.conftest import OfficeClock
from web.api.feed import event_streams
from web.demo import KEEPER
from web.main import Installation, build
from web.settings import Settings

EVENTS = "/api/v1/events"


@dataclass
class Town:
    """The application, the provider, and one client that may read events and cases for an auditor."""

    provider: IdentityProvider
    made: Installation
    door: TestClient[Any]
    clock: OfficeClock
    account: Account

    def add(self, client: str = "portal", *scopes: str, subject: str = "", account: Account | None = None) -> Client:
        given = scopes or ("events:read", "cases:read")
        return self.made.keeping_clients.add(KEEPER, client, (account or self.account).id, given, subject)

    def token(self, **more: Any) -> str:
        return self.provider.token(self.clock().timestamp(), **more)

    def ask(self, token: str, path: str = EVENTS, method: str = "GET", **more: Any) -> Response:
        return self.door.request(method, path, headers={"authorization": f"Bearer {token}"}, **more)

    def used_at(self) -> Any:
        return self.made.keeping_clients.list(KEEPER)[0].used_at


@pytest.fixture
def town(database: Database) -> Iterator[Town]:
    with identity_provider() as provider:
        settings = Settings(
            database_url=database.owner_url,
            base_url="http://testserver.local",
            secret_key="x" * 40,
            oidc_issuer=provider.issuer,
            oidc_audience=AUDIENCE,
        )
        made, clock = Installation(settings), OfficeClock()
        made.clock = clock
        with psycopg.connect(database.owner_url) as db:
            db.execute("DELETE FROM access.accounts")
            db.execute("DELETE FROM access.allowances")
        made.project()
        assert made.read_side.views.caught_up(0, 60.0)
        with TestClient(build(made), raise_server_exceptions=False) as door:
            account = made.keeping_accounts.open(
                KEEPER, OpenAccount(name="Портал", email="portal@nis.rs", role=Role.AUDITOR)
            )
            yield Town(provider, made, door, clock, account)


def run(coroutine: Coroutine[object, object, None]) -> None:
    asyncio.run(asyncio.wait_for(coroutine, 3 * PATIENCE))


def test_a_client_asks_with_tokens_of_the_provider_and_acts_for_its_account(town: Town) -> None:
    assert town.ask(town.token()).status_code == 401, "the provider knows it, and we do not"
    town.add()
    assert town.used_at() is None
    answer = town.ask(town.token())
    assert answer.status_code == 200
    assert town.used_at() == town.clock()
    assert answer.headers["ratelimit"].startswith('"minute";r=1199;')
    assert town.ask(town.token(jti="2")).headers["ratelimit"].startswith('"minute";r=1198;'), "counted by client"
    assert town.ask(town.token(), "/api/v1/initiatives").status_code == 200


def test_scopes_are_those_that_were_given_here(town: Town) -> None:
    town.add("portal", "events:read")
    token = town.token(scope="cases:read cases:write", scp=["cases:read"], roles=["administrator"])
    refused = town.ask(token, "/api/v1/initiatives")
    assert (refused.status_code, refused.json()["params"]) == (403, {"scope": "cases:read"})


def test_a_client_that_is_removed_or_whose_account_ends_is_refused_from_then_on(town: Town) -> None:
    kept, token = town.add(), town.token()
    assert town.ask(token).status_code == 200
    town.made.keeping_clients.remove(KEEPER, kept.id)
    assert town.ask(token).status_code == 401
    town.add()
    assert town.ask(token).status_code == 200
    town.made.keeping_accounts.disable(KEEPER, town.account.id)
    assert town.ask(token).status_code == 401
    town.made.keeping_accounts.enable(KEEPER, town.account.id)
    assert town.ask(token).status_code == 401, "it has to be added anew"


def test_an_account_that_is_disabled_by_hand_lets_no_client_in(town: Town, database: Database) -> None:
    town.add()
    with psycopg.connect(database.owner_url) as db:
        db.execute("UPDATE access.accounts SET disabled_at = now()")
    assert town.ask(town.token()).status_code == 401


def test_a_person_who_signed_in_through_the_client_is_not_the_client(town: Town) -> None:
    town.add()
    assert town.ask(town.token(sub="jelena")).status_code == 401
    town.add("portal", subject="service-account-7f1c")
    assert town.ask(town.token()).status_code == 401
    assert town.ask(town.token(sub="service-account-7f1c")).status_code == 200


def test_the_same_client_of_another_provider_is_another_client(town: Town, database: Database) -> None:
    town.add()
    with psycopg.connect(database.owner_url) as db:
        db.execute("UPDATE access.oidc_clients SET issuer = 'https://former.example.rs'")
    assert town.ask(town.token()).status_code == 401


WRONG: dict[str, dict[str, Any]] = {
    "forged": {"key": rsa_key(number=1)},
    "alg none": {"header": {"alg": "none"}},
    "of another client": {"client_id": "ministry"},
    "for others": {"aud": "https://elsewhere.example.rs"},
    "over": {"exp": 1},
    "9 kB": {"filling": "x" * 9_000},
}


@pytest.mark.parametrize("how", WRONG)
def test_every_refusal_looks_alike(town: Town, how: str) -> None:
    town.add()
    refused, missing = town.ask(town.token(**WRONG[how])), town.door.get(EVENTS)
    assert (refused.status_code, refused.json()) == (401, missing.json())
    assert refused.headers["www-authenticate"] == missing.headers["www-authenticate"]


def test_the_reason_is_in_the_log_and_the_token_is_not(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    town.add()
    with caplog.at_level(logging.INFO):
        for _ in range(3):
            assert town.ask(town.token(exp=1, name="Kanarinac")).status_code == 401
    said = [record.getMessage() for record in caplog.records if record.name == "pobratim.office"]
    assert said == ["An access token of the identity provider was refused: it has expired."]
    assert "Kanarinac" not in caplog.text
    assert town.token()[:20] not in caplog.text


def test_wrong_tokens_are_counted_to_the_address(town: Town) -> None:
    town.add()
    wrong = town.token(key=rsa_key(number=1))
    assert [town.ask(wrong).status_code for _ in range(62)] == [401] * 60 + [429] * 2
    assert town.ask(town.token()).status_code == 200


def test_a_provider_that_is_away_is_told_apart_from_a_wrong_token(town: Town) -> None:
    kept = town.add()
    town.provider.answers[DISCOVERY] = lambda: Answer(status=503)
    answer = town.ask(town.token())
    assert (answer.status_code, answer.json()["code"]) == (503, "access.provider-unavailable")
    assert answer.headers["content-type"] == "application/problem+json"
    assert 0 < int(answer.headers["retry-after"]) <= 60
    own = town.made.signing_in.issue_token(KEEPER, town.account.id, "x", ["events:read"], timedelta(days=1))
    assert town.ask(own).status_code == 200, "tokens of our own need no provider"
    assert town.made.keeping_clients.one(KEEPER, kept.id).used_at is None


def test_once_known_the_keys_carry_over_an_absence_and_a_new_key_is_found(town: Town) -> None:
    town.add()
    assert town.ask(town.token()).status_code == 200
    town.provider.answers[DISCOVERY] = lambda: Answer(status=503)
    assert town.ask(town.token()).status_code == 200
    town.provider.answers.clear()
    town.provider.published = [jwk(rsa_key(number=1), "second")]
    assert town.ask(town.token(key=rsa_key(number=1), header={"kid": "second"})).status_code == 401, "asked just now"
    assert town.provider.asked[DISCOVERY] == 1


def test_without_a_provider_nothing_with_a_point_in_it_is_a_token(database: Database, town: Town) -> None:
    town.add()
    made = Installation(Settings(database_url=database.owner_url))
    try:
        assert made.signing_in.grant(town.token()) is None
        assert made.keeping_clients.issuer == ""
    finally:
        made.close()


@pytest.mark.parametrize("how", ["removed", "expired", "disabled"])
def test_a_stream_ends_with_its_client(town: Town, how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_streams, "CHECK_SECONDS", 0.05)
    kept = town.add()

    async def listen() -> None:
        async with listening(town.door.app, town.token()) as listener:
            assert await listener.status == 200
            fact = PartnerRegistered(name="Graz", country="AT")
            position = town.made.log.append([a_save(uuid4(), 0, [fact])])[0].position
            while await listener.ids(1) != [position]:
                pass
            match how:
                case "removed":
                    town.made.keeping_clients.remove(KEEPER, kept.id)
                case "expired":
                    town.clock.pass_by(timedelta(hours=1))
                case _:
                    town.made.keeping_accounts.disable(KEEPER, town.account.id)
            assert all(block.data is None for block in await listener.end())

    run(listen())


def test_streams_are_counted_by_client_whatever_token_they_began_with(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_streams, "MOST_PER_TOKEN", 1)
    town.add()

    async def listen() -> None:
        async with listening(town.door.app, town.token(jti="1")) as first:
            assert await first.status == 200
            async with listening(town.door.app, town.token(jti="2")) as second:
                assert await second.status == 429

    run(listen())


def test_a_stream_waits_while_the_provider_is_away(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_streams, "CHECK_SECONDS", 0.05)
    monkeypatch.setattr(event_streams, "AGAIN_SECONDS", 0.05)
    town.add()
    grant, away = town.made.signing_in.grant, asyncio.Event()

    def found(token: str) -> Any:
        if away.is_set():
            away.clear()
            raise ProviderUnavailable("away", 1)
        return grant(token)

    async def listen() -> None:
        after = town.made.log.head()
        async with listening(town.door.app, town.token(), f"after={after}") as listener:
            assert await listener.status == 200
            monkeypatch.setattr(town.made.signing_in, "grant", found)
            away.set()
            while away.is_set():
                await asyncio.sleep(0.01)
            fact = PartnerRegistered(name="Graz", country="AT")
            position = town.made.log.append([a_save(uuid4(), 0, [fact])])[0].position
            assert await listener.ids(1) == [position]

    run(listen())
