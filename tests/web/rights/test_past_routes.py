"""Every page that shows what was recorded can be looked at as of another day, or stands here with a reason."""

from typing import Any, Final, cast

import pytest
from litestar.routes import HTTPRoute

from tests.web.rights.test_routes import ENTRIES, places
from tests.web.running import House

__all__ = ["places"]

OF_ITSELF: Final = {
    "GET /initiatives/{number:str}": "known_at",
    "GET /initiatives/{number:str}/history": "known_at",
    "GET /initiatives/{number:str}/who-could-act": "known_at",
    "GET /initiatives/{number:str}/account": "known_at",
    "GET /initiatives/{number:str}/history/changes": "to",
    "GET /audit/log": "known_at",
    "GET /audit/log/export/{kind:str}": "known_at",
    "GET /audit/figures": "known_at",
    "GET /audit/bundle": "to",
    "GET /audit/bundle/file": "to",
    "GET /audit/looks": "to",
}
"""Pages of one case and of a period read their days by themselves; from which part of the address."""
PERIODS: Final = 400
"""What a page of the audit area answers to a day that it cannot read; all others answer 422."""
FORM: Final = "a form by which something is done today"
SETTING: Final = "what somebody has chosen for themselves, kept as it is today"
ACCOUNT: Final = "accounts, sessions and absences: no facts of the log, kept as they are today"
PROOF: Final = "the seal and the keys as they are published now"
TOOL: Final = "no page: a redirection, a file of the program, or a sign of life"
CALENDAR: Final = "what a calendar program is to hold from now on"
FEED: Final = "the facts themselves by their place in the log"
DELIVERIES: Final = (
    "where deliveries stand: rows beside the log, kept as they are today; what was decided stands in the log"
)
CONTRACT: Final = "what other programs may rely on: a text of the program"
WITHOUT: Final = {
    "GET /initiatives/hand-over": FORM,
    "GET /initiatives/new": FORM,
    "GET /initiatives/new/duplicates": FORM,
    "GET /initiatives/{number:str}/{deed:str}": FORM,
    "GET /initiatives/{number:str}/history/{version:int}/correct": FORM,
    "GET /initiatives/{number:str}/ask": FORM,
    "GET /api/v1/initiatives/{number:str}/choices": FORM,
    "GET /api/v1/initiatives/hand-over": FORM,
    "GET /api/v1/notices/mail": SETTING,
    "GET /api/v1/views": SETTING,
    "GET /api/v1/procedures/draft": FORM,
    **{
        f"GET /api/v1/audit/{rest}": "of days of recording, which it asks for itself"
        for rest in ("facts", "figures", "looks", "bundle", "bundle/file")
    },
    "GET /api/v1/audit/bundle/policy": PROOF,
    "GET /api/v1/absences": ACCOUNT,
    "GET /api/v1/subscriptions": DELIVERIES,
    **{
        f"GET /api/v1/subscriptions/{{subscription:str}}{rest}": DELIVERIES
        for rest in ("", "/deliveries", "/cases", "/replay")
    },
    "GET /api/v1/views/{view:uuid}": SETTING,
    "GET /confirm/{secret:str}": FORM,
    "GET /partners/suggestions": FORM,
    "GET /partners/new": FORM,
    "GET /partners/{partner:uuid}/{deed:str}": FORM,
    "GET /admin/procedures/new": FORM,
    "GET /initiatives/views": SETTING,
    "GET /initiatives/views/{view:uuid}": SETTING,
    "GET /audit/log/inquiries": SETTING,
    "GET /audit/log/inquiries/{inquiry:uuid}": SETTING,
    "GET /account/notices": SETTING,
    "GET /account/calendar": SETTING,
    "GET /account": ACCOUNT,
    "GET /account/absence": ACCOUNT,
    "GET /admin/accounts": ACCOUNT,
    "GET /admin/accounts/{account:uuid}/disable": ACCOUNT,
    "GET /admin/accounts/{account:uuid}/same-person": ACCOUNT,
    "GET /admin/subscriptions": DELIVERIES,
    "GET /admin/subscriptions/{code:str}": DELIVERIES,
    "GET /admin/subscriptions/{code:str}/deliveries": DELIVERIES,
    "GET /admin/subscriptions/{code:str}/replay": DELIVERIES,
    "GET /admin/subscriptions/new": FORM,
    "GET /admin/subscriptions/{code:str}/change": FORM,
    "GET /admin/subscriptions/{code:str}/rotate": FORM,
    "GET /admin/subscriptions/{code:str}/disable": FORM,
    "GET /subscriptions": DELIVERIES,
    "GET /subscriptions/{code:str}": DELIVERIES,
    "GET /subscriptions/{code:str}/deliveries": DELIVERIES,
    "GET /subscriptions/{code:str}/rotate": FORM,
    "GET /account/tokens": ACCOUNT,
    "GET /account/tokens/{token:str}/rotate": ACCOUNT,
    "GET /account/tokens/{token:str}/revoke": ACCOUNT,
    "GET /sign-in": ACCOUNT,
    "GET /sign-in/link/{secret:str}": ACCOUNT,
    "GET /admin/tokens": ACCOUNT,
    "GET /admin/tokens/new": FORM,
    "GET /admin/tokens/clients": ACCOUNT,
    "GET /admin/tokens/clients/new": FORM,
    "GET /admin/tokens/clients/{client:str}/remove": ACCOUNT,
    "GET /admin/tokens/{token:str}/rotate": ACCOUNT,
    "GET /admin/tokens/{token:str}/revoke": ACCOUNT,
    "GET /admin/processing": "what this program keeps about persons: a text of the program",
    "GET /audit/bundle/policy": PROOF,
    "GET /seal/checkpoint": PROOF,
    "GET /seal/keys": PROOF,
    "GET /initiatives/{number:str}/deadline.ics": CALENDAR,
    "GET /calendar/feed/{secret:str}": CALENDAR,
    "GET /api/v1/events": FEED,
    "GET /api/v1/events/stream": FEED,
    "GET /api/v1/initiatives/{number:str}/events": FEED,
    "GET /api/v1/initiatives/{number:str}/texts": "words of the vault: as they read today, or erased",
    "GET /api/v1/schemas": CONTRACT,
    "GET /api/v1/schemas/{topic:str}": CONTRACT,
    "GET /api/v1/asyncapi.json": CONTRACT,
    "GET /api/v1/openapi.json": CONTRACT,
    "GET /api/v1/docs": CONTRACT,
    "GET /audit": TOOL,
    "GET /language/{code:str}": TOOL,
    "GET /static/{asked_version:str}/{name:str}": TOOL,
    "GET /health/live": TOOL,
    "GET /health/ready": TOOL,
}
"""Pages without the past, and why; docs/decisions/0012-looking-back.md tells the same."""


def gets(house: House) -> dict[str, bool]:
    """Every page, and whether its handler says `past=True`."""
    found: dict[str, bool] = {}
    for route in house.app.routes:
        assert isinstance(route, HTTPRoute), f"{route.path}: a kind of route that this test does not know"
        for handler in route.route_handlers:
            if "GET" in cast("Any", handler).http_methods:
                found[f"GET {route.path}"] = bool(handler.opt.get("past"))
    return found


def test_every_page_has_a_past_or_a_reason(house: House) -> None:
    routes = gets(house)
    with_past = {route for route, past in routes.items() if past}
    told = [*OF_ITSELF, *WITHOUT]
    assert sorted(routes.keys() - with_past - {*told}) == [], "pages that neither take past=True nor stand here"
    assert sorted({*told} - routes.keys()) == [], "pages that are gone"
    assert sorted(with_past & {*told}) == [], "pages that have a past after all"
    assert sorted(OF_ITSELF.keys() & WITHOUT.keys()) == []


def test_every_page_with_a_past_reads_the_day(house: House, places: dict[str, dict[str, str]]) -> None:
    """What it cannot read it refuses: a page that let the day through would show today's as that of the day."""
    asked = OF_ITSELF | {route: "known_at" for route, past in gets(house).items() if past}
    let_through = {route: answer for route, name in asked.items() if (answer := answered(house, places, route, name))}
    assert let_through == {}


def answered(house: House, places: dict[str, dict[str, str]], route: str, name: str) -> str:
    """What is wrong with the answer; empty where it is as it should be."""
    path = route.removeprefix("GET ")
    address = (ENTRIES[route].at or path).format(**places["auditor"])
    address = address.partition("?")[0] if name == "to" else address
    who = {"desk": "coordinator", "admin": "administrator"}.get(path.split("/")[1], "auditor")
    headers = {"authorization": f"Bearer {house.bearer('auditor', 'cases:read')}"} if path.startswith("/api/") else {}
    answer = house.get(f"{address}{'&' if '?' in address else '?'}{name}=31.+2.+2026", who, headers=headers)
    of_a_period = path.startswith("/audit/") and not path.endswith(("/file", "/{kind:str}"))
    expected = PERIODS if of_a_period else 422
    return "" if answer.status_code == expected else f"{answer.status_code} instead of {expected}"


@pytest.mark.parametrize("who", ["coordinator", "administrator"])
def test_a_page_without_the_past_offers_none(house: House, places: dict[str, dict[str, str]], who: str) -> None:
    for route in WITHOUT:
        path = route.removeprefix("GET ")
        if "{" in path and "{case}" not in ENTRIES[route].at:
            continue
        answer = house.get((ENTRIES[route].at or path).format(**places[who]), who)
        assert 'class="menu asof"' not in answer.text, route
