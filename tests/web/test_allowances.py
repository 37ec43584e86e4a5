"""What an answer of the API says of the limit, and what comes when it is reached."""

from datetime import timedelta

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from application.accounts import Account
from application.allowances import WRONG_TOKENS
from tests.web.conftest import ADMINISTRATOR, Office

Visitor = TestClient[Litestar]
ECHO = "/api/v1/echo"


def bearer(office: Office, account: Account) -> dict[str, str]:
    given = office.parts.keeping_tokens.issue(ADMINISTRATOR, account.id, "x", ["cases:write"], timedelta(days=1))
    return {"authorization": f"Bearer {given[1]}"}


@pytest.fixture
def token(office: Office) -> dict[str, str]:
    return bearer(office, office.account())


def test_each_answer_says_what_may_still_be_asked(office: Office, visitor: Visitor, token: dict[str, str]) -> None:
    for left in (1199, 1198):
        answer = visitor.post(ECHO, json={}, headers=token)
        assert answer.headers["ratelimit-policy"] == '"minute";q=1200;w=60'
        assert answer.headers["ratelimit"] == f'"minute";r={left};t=1'
    assert "ratelimit" not in visitor.get("/sign-in").headers


def test_over_the_limit_comes_a_problem_with_the_time_to_wait(
    office: Office, visitor: Visitor, token: dict[str, str]
) -> None:
    counting = office.parts.allowances
    key = f"token {office.parts.signing_in.grant(token['authorization'].removeprefix('Bearer ')).key}"  # type: ignore[union-attr]
    while not counting.take(key).wait:
        pass
    refused = visitor.post(ECHO, json={}, headers=token)
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "1")
    assert refused.headers["content-type"] == "application/problem+json"
    assert (refused.json()["code"], refused.json()["params"]) == ("access.too-many-requests", {"seconds": 1})
    assert refused.headers["ratelimit"].startswith('"minute";r=0;')
    other = bearer(office, next(iter(office.opened.values())))
    assert visitor.post(ECHO, json={}, headers=other).status_code == 201
    office.clock.pass_by(timedelta(seconds=1))
    assert visitor.post(ECHO, json={}, headers=token).status_code == 201


def test_many_wrong_tokens_are_refused_and_hold_up_no_right_one(
    office: Office, visitor: Visitor, token: dict[str, str]
) -> None:
    wrong = [visitor.get("/api/v1/fails/refused", headers={"authorization": f"Bearer {n}"}) for n in range(62)]
    assert [answer.status_code for answer in wrong] == [401] * WRONG_TOKENS + [429] * 2
    assert wrong[-1].json()["code"] == "access.too-many-wrong-tokens"
    assert visitor.get("/api/v1/fails/refused").status_code == 401, "without a token nothing is guessed"
    assert visitor.post(ECHO, json={}, headers=token).status_code == 201
    office.clock.pass_by(timedelta(minutes=1))
    assert visitor.get("/api/v1/fails/refused", headers={"authorization": "Bearer 0"}).status_code == 401
