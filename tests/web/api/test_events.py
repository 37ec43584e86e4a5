"""A subscriber reads the facts from any position and misses none."""

import json
import re
from datetime import timedelta

import pytest
from litestar.testing import TestClient

from application.access import Role
from application.feed import encoded
from tests.web.casework_stack import Stack
from web.demo import KEEPER

FEED = "/api/v1/events"


def next_of(answer) -> str:
    found = re.fullmatch(r'<(.+)>; rel="next"', answer.headers["link"])
    assert found
    return found[1]


def everything(client: TestClient, path: str) -> list[dict]:
    """Follow `next` until a page is empty."""
    events: list[dict] = []
    while page := (answer := client.get(path)).json():
        events += page
        path = next_of(answer)
    return events


@pytest.mark.parametrize("limit", [1, 7, 1000])
def test_a_subscriber_from_zero_misses_nothing_whatever_the_page(stack: Stack, subscriber, limit: int) -> None:
    events = everything(subscriber, f"{FEED}?after=0&limit={limit}")
    recorded = stack.made.log.page(0, 10_000)
    assert [int(event["id"]) for event in events] == [r.position for r in recorded]
    assert [event["sequence"] for event in events] == sorted(event["sequence"] for event in events)


def test_an_event_is_a_cloud_event(stack: Stack, subscriber) -> None:
    answer = subscriber.get(f"{FEED}?type=initiative.taken-over.v1&limit=1")
    assert answer.headers["content-type"] == "application/cloudevents-batch+json"
    (event,) = answer.json()
    assert event["specversion"] == "1.0"
    assert event["type"] == "initiative.taken-over.v1"
    assert event["source"] == stack.made.settings.base_url
    assert re.fullmatch(r"\d{4}-\d{4}", event["subject"])
    assert event["subject"] == event["data"]["fact"]["number"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", event["time"])


def test_the_command_line_gives_the_same_bytes(stack: Stack, subscriber) -> None:
    recorded = stack.made.log.page(0, 5)
    body = b"[" + b",".join(encoded(event) for event in stack.made.feed.events(recorded)) + b"]"
    assert subscriber.get(f"{FEED}?limit=5").content == body


def test_a_case_alone(subscriber) -> None:
    number = subscriber.get(f"{FEED}?type=initiative.taken-over.v1&limit=1").json()[0]["subject"]
    assert {event["subject"] for event in everything(subscriber, f"{FEED}?case={number}")} == {number}


def test_an_officers_token_gives_the_facts_of_the_own_cases_and_nothing_of_others(stack: Stack, subscriber) -> None:
    whole = everything(subscriber, f"{FEED}?limit=1000")
    begun = [event for event in whole if event["type"] == "initiative.taken-over.v1"]
    town = next(party["local_government"] for party in begun[0]["data"]["fact"]["parties"] if party["role"] == "home")
    account = stack.account(Role.OFFICER, town)
    token = stack.made.signing_in.issue_token(KEEPER, account.id, "town", ["events:read"], timedelta(days=1))
    officer = TestClient(stack.app)
    officer.headers["authorization"] = f"Bearer {token}"

    own = everything(officer, f"{FEED}?limit=7")

    assert own == everything(subscriber, f"{FEED}?limit=1000&local_government={town}")
    cases = {event["subject"] for event in own if event["type"].startswith("initiative.")}
    assert cases == {
        event["subject"]
        for event in begun
        if town in [party.get("local_government") for party in event["data"]["fact"]["parties"]]
    }
    assert 0 < len(own) < len(whole)
    answer = officer.get(f"{FEED}?after={own[-1]['id']}")
    assert (answer.json(), f"after={stack.made.log.head()}&" in next_of(answer)) == ([], True)


def test_the_filter_is_kept_from_page_to_page(subscriber) -> None:
    query = "type=initiative.taken-over.v1&local_government=nis%2Cleskovac&kind=twinning&kind=friendship"
    following = next_of(subscriber.get(f"{FEED}?limit=3&{query}"))
    for part in ("type=initiative.taken-over.v1", "local_government=nis", "local_government=leskovac", "kind=twinning"):
        assert part in following
    assert "kind=friendship" in following


def test_the_cursor_moves_where_a_filter_lets_nothing_through(stack: Stack, subscriber) -> None:
    answer = subscriber.get(f"{FEED}?type=initiative.terminated.v1")
    assert answer.json() == []
    assert f"after={stack.made.log.head()}&" in next_of(answer)
    assert "type=initiative.terminated.v1" in next_of(answer)


def test_no_vault_text_leaves_by_the_feed(subscriber) -> None:
    text = json.dumps(everything(subscriber, FEED))
    assert "letter of intent planned" not in text


@pytest.mark.parametrize(
    "query",
    [
        "after=-1",
        "after=abc",
        "after=1.5",
        "after=1.0",
        "after=1e2",
        "after=%D9%A3",
        "limit=1.0",
        "after=99999999999999999999999999999999",
        "limit=0",
        "limit=1001",
        "type=no.such.v1",
        "case=2026",
        "case=%00",
        "kind=war",
        "local_government=atlantis",
        "local_government=%00",
        "colour=red",
        "after=1&after=2",
    ],
)
def test_a_question_that_cannot_be_meant_is_explained(subscriber, query: str) -> None:
    answer = subscriber.get(f"{FEED}?{query}")
    assert answer.status_code in (400, 422), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["code"].startswith("feed.") or problem["field"] == "local_government"
    if problem["code"] == "feed.parameter":
        assert problem["field"] == query.partition("=")[0]
        assert f"“{problem['field']}”" in problem["detail"]


@pytest.mark.parametrize("narrowed", ["", "&type=initiative.terminated.v1", "&local_government=nis", "&case=2021-0001"])
def test_a_cursor_beyond_the_end_is_of_another_installation(stack: Stack, subscriber, narrowed: str) -> None:
    answer = subscriber.get(f"{FEED}?after={stack.made.log.head() + 1}{narrowed}")
    assert (answer.status_code, answer.json()["code"]) == (422, "feed.cursor-beyond-end")


def test_without_a_token_nothing_is_said(stack: Stack) -> None:
    nobody = TestClient(stack.app)
    for header in ({}, {"authorization": "Bearer nonsense"}, {"authorization": "Basic YTpi"}):
        answer = nobody.get(FEED, headers=header)
        assert (answer.status_code, answer.json()["code"]) == (401, "access.token-missing")


def test_a_token_needs_the_scope_and_its_account_the_right(stack: Stack) -> None:
    def asks(role: Role, town: str | None, scope: str) -> int:
        account = stack.account(role, town)
        token = stack.made.signing_in.issue_token(KEEPER, account.id, "x", [scope], timedelta(days=1))
        return TestClient(stack.app).get(FEED, headers={"authorization": f"Bearer {token}"}).status_code

    assert asks(Role.COORDINATOR, None, "events:read") == 200
    assert asks(Role.COORDINATOR, None, "cases:read") == 403
    assert asks(Role.OFFICER, "leskovac", "events:read") == 200
    assert asks(Role.ADMINISTRATOR, None, "events:read") == 403
