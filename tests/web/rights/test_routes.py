"""Every address of the running application against everybody who may ask for it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, cast

import pytest
from litestar.routes import HTTPRoute

from application.identity import partner_id
from application.tokens import SCOPES
from tests.web.running import EVERYBODY, OWN, House

Fields = dict[str, str]


@dataclass(frozen=True)
class Entry:
    """`answers` is the status for each of EVERYBODY, in that order; `at` fills the address; `sent` is the form."""

    answers: str
    at: str = ""
    sent: Fields | None = None

    def answer_for(self, who: str) -> int:
        return int(dict(zip(EVERYBODY, self.answers.split(), strict=True))[who])


ALL_READ: Final = "303 200 200 200 200 200 403 403"
OWN_READ: Final = "303 200 200 404 200 200 403 403"
PUBLIC: Final = "200 200 200 200 200 200 200 200"
ADMINISTRATION: Final = "401 403 403 403 403 403"
TOKEN_ONLY: Final = "401 401 401 401 401 401 401 401"
PROPOSAL: Final = {
    "local_government": "Niš",
    "partner": "Graz {who}",
    "country": "AT",
    "kind": "twinning",
    "origin": "local_government",
    "rationale": "Saradnja škola",
}
REQUEST: Final = {"kind": "access", "received_on": "1. 3. 2026.", "name": "Mira {who}", "contact": "mira@primer.rs"}
ON_A_REQUEST: Final = {
    "delay": {"delay_reason": "Mnogo zahteva"},
    "grant": {},
    "refuse": {"refusal_ground": "unfounded", "refusal_reason": "Ponovljeno"},
    "search": {"words": "Mira"},
    "entries": {"do": "read", "entry": "00000000-0000-0000-0000-00000000abcd"},
    "erase": {"ground": "objection", "sure": "1", "entry": "00000000-0000-0000-0000-00000000abcd"},
    "correct": {"text": "Mira", "entry": "00000000-0000-0000-0000-00000000abcd"},
}
NO_VIEW: Final = "00000000-0000-0000-0000-00000000abcd"
"""Whose saved view is whose is looked at in tests/web/initiatives/test_saved_views.py."""
ENTRIES: Final[dict[str, Entry]] = {
    # anonymous coordinator officer stranger approver auditor administrator technician
    "GET /": Entry("303 200 200 200 200 200 303 303"),
    "POST /desk/take-over/{number:str}": Entry("401 303 403 404 403 403 403 403", "/desk/take-over/{case}", {}),
    "GET /desk/tasks": Entry("303 200 200 200 200 404 404 404"),
    "GET /desk/changed": Entry(ALL_READ),
    "GET /desk/{group:str}": Entry("303 200 200 200 200 404 404 404", "/desk/late"),
    "GET /initiatives": Entry(ALL_READ),
    "GET /initiatives/export/{kind:str}": Entry(ALL_READ, "/initiatives/export/csv"),
    "GET /initiatives/board": Entry(ALL_READ),
    "GET /initiatives/hand-over": Entry("303 200 403 403 200 403 403 403", "/initiatives/hand-over?case={case}"),
    "POST /initiatives/hand-over": Entry("401 422 403 403 422 403 403 403", sent={"case": "2026-0001@1"}),
    "GET /initiatives/views": Entry(ALL_READ),
    "POST /initiatives/views": Entry(
        "401 303 303 303 303 303 403 403", sent={"name": "Moj {who}", "query": "country=TR"}
    ),
    "GET /initiatives/views/{view:uuid}": Entry("303 404 404 404 404 404 403 403", f"/initiatives/views/{NO_VIEW}"),
    "POST /initiatives/views/{view:uuid}": Entry(
        "401 404 404 404 404 404 403 403", f"/initiatives/views/{NO_VIEW}", {"name": "Drugi"}
    ),
    "POST /initiatives/views/{view:uuid}/remove": Entry(
        "401 404 404 404 404 404 403 403", f"/initiatives/views/{NO_VIEW}/remove", {}
    ),
    "GET /initiatives/new": Entry("303 200 200 200 403 403 403 403"),
    "POST /initiatives/new": Entry("401 303 303 422 403 403 403 403", sent=PROPOSAL),
    "GET /initiatives/new/duplicates": Entry("303 200 200 200 403 403 403 403"),
    "GET /initiatives/{number:str}": Entry(OWN_READ, "/initiatives/{case}"),
    "GET /initiatives/{number:str}/history": Entry(OWN_READ, "/initiatives/{case}/history"),
    "GET /initiatives/{number:str}/who-could-act": Entry(
        "303 200 403 404 200 200 403 403", "/initiatives/{case}/who-could-act"
    ),
    "GET /initiatives/{number:str}/history/changes": Entry(OWN_READ, "/initiatives/{case}/history/changes"),
    "GET /initiatives/{number:str}/account": Entry(OWN_READ, "/initiatives/{case}/account"),
    "GET /initiatives/{number:str}/{deed:str}": Entry(OWN_READ, "/initiatives/{case}/coordinate"),
    "POST /initiatives/{number:str}/{deed:str}": Entry(
        "401 303 303 404 303 403 403 403", "/initiatives/{case}/add-remark", {"remark": "Poziv primljen"}
    ),
    "GET /initiatives/{number:str}/history/{version:int}/correct": Entry(
        OWN_READ, "/initiatives/{case}/history/1/correct"
    ),
    "POST /initiatives/{number:str}/history/{version:int}/correct": Entry(
        "401 303 403 404 403 403 403 403",
        "/initiatives/{case}/history/1/correct",
        {"kind": "decentralised", "origin": "embassy", "rationale": "Saradnja škola", "reason": "Pismo je od ambasade"},
    ),
    "GET /followed": Entry(ALL_READ),
    "POST /followed/seen": Entry("401 303 303 303 303 303 403 403", sent={"position": "1"}),
    "POST /initiatives/{number:str}/follow": Entry("401 303 303 404 303 303 403 403", "/initiatives/{case}/follow", {}),
    "GET /partners": Entry(ALL_READ),
    "GET /partners/suggestions": Entry(ALL_READ, "/partners/suggestions?partner=Stadt"),
    "GET /partners/new": Entry("303 200 200 200 403 403 403 403"),
    "POST /partners/new": Entry(
        "401 303 303 303 403 403 403 403", sent={"name": "Linz {who}", "country": "AT", "kind": "local_government"}
    ),
    "GET /partners/{partner:uuid}": Entry(ALL_READ, "/partners/{partner}"),
    "GET /partners/{partner:uuid}/{deed:str}": Entry("303 200 403 403 403 403 403 403", "/partners/{partner}/add-name"),
    "POST /partners/{partner:uuid}/{deed:str}": Entry(
        "401 303 403 403 403 403 403 403", "/partners/{partner}/add-name", {"name": "Grad {who}", "kind": "alias"}
    ),
    "GET /local-governments": Entry(ALL_READ),
    "GET /local-governments/{code:str}": Entry(OWN_READ, f"/local-governments/{OWN}"),
    "GET /audit": Entry("303 303 403 403 303 303 403 403"),
    "GET /audit/bundle": Entry("303 200 403 403 200 200 403 403"),
    # 422: these facts are not sealed here; tests/web/audit/test_bundle_pages.py takes a file
    "GET /audit/bundle/file": Entry(
        "303 422 403 403 422 422 403 403", "/audit/bundle/file?from=2026-01-01&to=2026-03-17"
    ),
    "GET /audit/bundle/policy": Entry("303 200 403 403 200 200 403 403"),
    "GET /audit/log": Entry("303 200 403 403 200 200 403 403"),
    "GET /audit/log/export/{kind:str}": Entry("303 200 403 403 200 200 403 403", "/audit/log/export/jsonl"),
    "GET /audit/log/inquiries": Entry("303 200 403 403 200 200 403 403"),
    "POST /audit/log/inquiries": Entry(
        "401 303 403 403 303 303 403 403", sent={"name": "Moj {who}", "query": "kind=corrections"}
    ),
    "GET /audit/log/inquiries/{inquiry:uuid}": Entry(
        "303 404 403 403 404 404 403 403", f"/audit/log/inquiries/{NO_VIEW}"
    ),
    "POST /audit/log/inquiries/{inquiry:uuid}": Entry(
        "401 404 403 403 404 404 403 403", f"/audit/log/inquiries/{NO_VIEW}", {"name": "Drugi"}
    ),
    "POST /audit/log/inquiries/{inquiry:uuid}/remove": Entry(
        "401 404 403 403 404 404 403 403", f"/audit/log/inquiries/{NO_VIEW}/remove", {}
    ),
    "GET /audit/figures": Entry("303 200 403 403 200 200 403 403"),
    "GET /audit/looks": Entry("303 403 403 403 403 200 403 403"),
    "GET /admin/accounts": Entry("303 403 403 403 403 403 200 403"),
    "POST /admin/accounts": Entry(
        f"{ADMINISTRATION} 303 403",
        sent={"name": "Нови {who}", "email": "novi-{who}@primer.rs", "role": "auditor", "locale": "en"},
    ),
    "POST /admin/accounts/{account:uuid}/link": Entry(
        f"{ADMINISTRATION} 200 403", "/admin/accounts/{account}/link", {}
    ),
    "GET /admin/accounts/{account:uuid}/disable": Entry(
        "303 403 403 403 403 403 200 403", "/admin/accounts/{account}/disable"
    ),
    "POST /admin/accounts/{account:uuid}/disable": Entry(
        f"{ADMINISTRATION} 303 403", "/admin/accounts/{account}/disable", {}
    ),
    "POST /admin/accounts/{account:uuid}/enable": Entry(
        f"{ADMINISTRATION} 303 403", "/admin/accounts/{account}/enable", {}
    ),
    "GET /admin/accounts/{account:uuid}/same-person": Entry(
        "303 403 403 403 403 403 200 403", "/admin/accounts/{account}/same-person"
    ),
    "POST /admin/accounts/{account:uuid}/same-person": Entry(
        f"{ADMINISTRATION} 303 403", "/admin/accounts/{account}/same-person", {}
    ),
    "GET /admin/tokens": Entry("303 403 403 403 403 403 200 403"),
    "GET /admin/tokens/new": Entry("303 403 403 403 403 403 200 403"),
    "POST /admin/tokens": Entry(f"{ADMINISTRATION} 422 403", sent={"name": "Портал {who}"}),
    # 422: there is no such token; tests/web/test_tokens_page.py has some
    "GET /admin/tokens/{token:str}/rotate": Entry("303 403 403 403 403 403 422 403", "/admin/tokens/0123456789/rotate"),
    "POST /admin/tokens/{token:str}/rotate": Entry(f"{ADMINISTRATION} 422 403", "/admin/tokens/0123456789/rotate", {}),
    "GET /admin/tokens/{token:str}/revoke": Entry("303 403 403 403 403 403 422 403", "/admin/tokens/0123456789/revoke"),
    "GET /admin/tokens/clients": Entry("303 403 403 403 403 403 200 403"),
    "GET /admin/tokens/clients/new": Entry("303 403 403 403 403 403 200 403"),
    # 422: no identity provider is set here, and so there is no client; tests/web/test_token_clients_page.py has some
    "POST /admin/tokens/clients": Entry(f"{ADMINISTRATION} 422 403", sent={"client": "portal"}),
    "GET /admin/tokens/clients/{client:str}/remove": Entry(
        "303 403 403 403 403 403 422 403", "/admin/tokens/clients/0123456789/remove"
    ),
    "POST /admin/tokens/clients/{client:str}/remove": Entry(
        f"{ADMINISTRATION} 422 403", "/admin/tokens/clients/0123456789/remove", {}
    ),
    "POST /admin/tokens/{token:str}/revoke": Entry(f"{ADMINISTRATION} 422 403", "/admin/tokens/0123456789/revoke", {}),
    "GET /admin/people": Entry("303 403 403 403 403 403 200 403"),
    "POST /admin/people": Entry(f"{ADMINISTRATION} 303 403", sent=REQUEST),
    "GET /admin/people/{number:str}": Entry("303 403 403 403 403 403 404 403", "/admin/people/ZL-1900-0001"),
    **{
        f"POST /admin/people/{{number:str}}/{deed}": Entry(
            f"{ADMINISTRATION} 404 403", f"/admin/people/ZL-1900-0001/{deed}", sent
        )
        for deed, sent in ON_A_REQUEST.items()
    },
    "GET /admin/processing": Entry("303 403 403 403 403 403 200 403"),
    "GET /admin/procedures": Entry("303 200 403 403 200 200 200 403"),
    "GET /admin/procedures/new": Entry("303 403 403 403 403 403 200 403"),
    "POST /admin/procedures/new": Entry(f"{ADMINISTRATION} 422 403", sent={"text": "code = 1", "do": "adopt"}),
    "GET /admin/procedures/{pin:str}": Entry("303 200 403 403 200 200 200 403", "/admin/procedures/twinning@1"),
    "GET /admin/subscriptions": Entry("303 403 403 403 403 403 200 403"),
    "GET /admin/subscriptions/new": Entry("303 403 403 403 403 403 200 403"),
    "POST /admin/subscriptions/new": Entry(f"{ADMINISTRATION} 422 403", sent={"code": "nis-portal"}),
    **{
        f"GET /admin/subscriptions/{{code:str}}{page}": Entry(
            "303 403 403 403 403 403 404 403", f"/admin/subscriptions/nema{page}"
        )
        for page in ("", "/change", "/rotate", "/disable", "/deliveries", "/replay")
    },
    **{
        f"POST /admin/subscriptions/{{code:str}}/{deed}": Entry(
            f"{ADMINISTRATION} 404 403", f"/admin/subscriptions/nema/{deed}", {"subject": "2026-0001"}
        )
        for deed in ("change", "test", "resume", "pause", "rotate", "disable", "release", "replay", "replay/stop")
    },
    # nobody keeps one here; tests/web/subscriptions/test_keepers.py has some
    "GET /subscriptions": Entry("303 200 200 200 200 200 303 200"),
    "GET /subscriptions/{code:str}": Entry("303 404 404 404 404 404 303 404", "/subscriptions/nema"),
    **{
        f"GET /subscriptions/{{code:str}}{page}": Entry("303 404 404 404 404 404 404 404", f"/subscriptions/nema{page}")
        for page in ("/rotate", "/deliveries")
    },
    **{
        f"POST /subscriptions/{{code:str}}/{deed}": Entry(
            "401 404 404 404 404 404 404 404", f"/subscriptions/nema/{deed}", {"subject": "2026-0001"}
        )
        for deed in ("test", "resume", "pause", "rotate", "release")
    },
    "GET /account/tokens": Entry("303 200 200 200 200 200 200 200"),
    **{
        f"{method} /account/tokens/{{token:str}}/{deed}": Entry(
            f"{first} 422 422 422 422 422 422 422", f"/account/tokens/0123456789/{deed}", {}
        )
        for method, first in (("GET", 303), ("POST", 401))
        for deed in ("rotate", "revoke")
    },
    "GET /account/notices": Entry(ALL_READ),
    "POST /account/notices": Entry("401 422 422 422 422 422 403 403", sent={"mentioned": "never"}),
    "GET /notices": Entry(ALL_READ),
    "POST /notices/read": Entry("401 303 303 303 303 303 403 403", sent={"until": "1"}),
    "POST /notices/{notice:int}/read": Entry("401 303 303 303 303 303 403 403", "/notices/1/read", {}),
    "GET /calendar": Entry(ALL_READ),
    "GET /initiatives/{number:str}/deadline.ics": Entry(OWN_READ, "/initiatives/{case}/deadline.ics"),
    "GET /calendar/feed/{secret:str}": Entry("404 404 404 404 404 404 404 404", "/calendar/feed/invented.ics"),
    "GET /account/calendar": Entry(ALL_READ),
    "POST /account/calendar": Entry("401 200 200 200 200 200 403 403", sent={}),
    "POST /account/calendar/withdraw": Entry("401 303 303 303 303 303 403 403", sent={}),
    "GET /account": Entry("303 200 200 200 200 200 200 200"),
    "POST /account": Entry("401 422 422 422 422 422 422 422", sent={"password": "kratka", "password_again": "kratka"}),
    "GET /account/absence": Entry("303 200 200 200 200 403 200 403"),
    "POST /account/absence": Entry("401 422 422 422 422 403 422 403", sent={"first_day": "1. 4. 2026."}),
    "POST /account/absence/{absence:uuid}/end": Entry(
        "401 422 422 422 422 403 422 403", "/account/absence/{account}/end", {}
    ),
    "GET /sign-in": Entry("200 303 303 303 303 303 303 303"),
    "POST /sign-in": Entry(
        "422 422 422 422 422 422 422 422", sent={"email": "nobody-{who}@primer.rs", "password": "not the right one"}
    ),
    "GET /sign-in/link/{secret:str}": Entry("410 410 410 410 410 410 410 410", "/sign-in/link/invented"),
    "POST /sign-in/link/{secret:str}": Entry("410 410 410 410 410 410 410 410", "/sign-in/link/invented", {}),
    "GET /initiatives/{number:str}/ask": Entry("303 200 403 403 403 403 403 403", "/initiatives/{case}/ask"),
    "POST /initiatives/{number:str}/ask": Entry(
        "401 422 403 403 403 403 403 403", "/initiatives/{case}/ask", {"days": "0"}
    ),
    "GET /confirm/{secret:str}": Entry("410 410 410 410 410 410 410 410", "/confirm/invented"),
    "POST /confirm/{secret:str}": Entry("410 410 410 410 410 410 410 410", "/confirm/invented", {}),
    "POST /sign-out": Entry("303 303 303 303 303 303 303 303", sent={}),
    "GET /language/{code:str}": Entry("303 303 303 303 303 303 303 303", "/language/sr-Latn"),
    "GET /static/{asked_version:str}/{name:str}": Entry(PUBLIC, "/static/any/pobratim.css"),
    "GET /health/live": Entry(PUBLIC),
    "GET /health/ready": Entry(PUBLIC),
    "GET /api/v1/events": Entry(TOKEN_ONLY),
    "GET /api/v1/events/stream": Entry(TOKEN_ONLY),
    "GET /api/v1/initiatives": Entry(TOKEN_ONLY),
    "GET /api/v1/initiatives/{number:str}": Entry(TOKEN_ONLY, "/api/v1/initiatives/{case}"),
    "GET /api/v1/initiatives/{number:str}/events": Entry(TOKEN_ONLY, "/api/v1/initiatives/{case}/events"),
    "GET /api/v1/initiatives/{number:str}/choices": Entry(TOKEN_ONLY, "/api/v1/initiatives/{case}/choices"),
    "GET /api/v1/initiatives/{number:str}/texts": Entry(TOKEN_ONLY, "/api/v1/initiatives/{case}/texts"),
    "POST /api/v1/initiatives": Entry(TOKEN_ONLY, sent={}),
    "POST /api/v1/initiatives/{number:str}/{deed:str}": Entry(
        TOKEN_ONLY, "/api/v1/initiatives/{case}/add-remark", {"remark": "Poziv primljen"}
    ),
    "GET /api/v1/partners": Entry(TOKEN_ONLY),
    "GET /api/v1/openapi.json": Entry(PUBLIC),
    "GET /api/v1/docs": Entry(PUBLIC),
    "POST /api/v1/partners": Entry(TOKEN_ONLY, sent={}),
    "POST /api/v1/partners/{partner:uuid}/{deed:str}": Entry(TOKEN_ONLY, "/api/v1/partners/{partner}/rename", {}),
    "GET /api/v1/partners/{partner:uuid}": Entry(TOKEN_ONLY, "/api/v1/partners/{partner}"),
    "GET /api/v1/local-governments": Entry(TOKEN_ONLY),
    "GET /api/v1/local-governments/{code:str}": Entry(TOKEN_ONLY, f"/api/v1/local-governments/{OWN}"),
    "GET /api/v1/procedures": Entry(TOKEN_ONLY),
    "GET /api/v1/procedures/{pin:str}": Entry(TOKEN_ONLY, "/api/v1/procedures/twinning@1"),
    "GET /api/v1/queue": Entry(TOKEN_ONLY, "/api/v1/queue?group=late"),
    "GET /api/v1/tasks": Entry(TOKEN_ONLY),
    "GET /api/v1/calendar": Entry(TOKEN_ONLY, "/api/v1/calendar?first=2026-03-01"),
    "GET /api/v1/board": Entry(TOKEN_ONLY),
    "GET /api/v1/initiatives/{number:str}/who-could-act": Entry(TOKEN_ONLY, "/api/v1/initiatives/{case}/who-could-act"),
    "GET /api/v1/initiatives/hand-over": Entry(TOKEN_ONLY, "/api/v1/initiatives/hand-over?number={case}"),
    "POST /api/v1/initiatives/hand-over": Entry(TOKEN_ONLY, sent={}),
    "POST /api/v1/initiatives/{number:str}/ask-side": Entry(TOKEN_ONLY, "/api/v1/initiatives/{case}/ask-side", {}),
    "POST /api/v1/initiatives/{number:str}/follow": Entry(TOKEN_ONLY, "/api/v1/initiatives/{case}/follow", {}),
    "POST /api/v1/initiatives/{number:str}/unfollow": Entry(TOKEN_ONLY, "/api/v1/initiatives/{case}/unfollow", {}),
    "GET /api/v1/followed": Entry(TOKEN_ONLY),
    "POST /api/v1/followed/seen": Entry(TOKEN_ONLY, sent={}),
    "GET /api/v1/notices": Entry(TOKEN_ONLY),
    "POST /api/v1/notices/read": Entry(TOKEN_ONLY, sent={}),
    "POST /api/v1/notices/{notice:int}/read": Entry(TOKEN_ONLY, "/api/v1/notices/1/read", {}),
    "GET /api/v1/notices/mail": Entry(TOKEN_ONLY),
    "POST /api/v1/notices/mail": Entry(TOKEN_ONLY, sent={}),
    "GET /api/v1/views": Entry(TOKEN_ONLY),
    "POST /api/v1/views": Entry(TOKEN_ONLY, sent={}),
    "GET /api/v1/views/{view:uuid}": Entry(TOKEN_ONLY, f"/api/v1/views/{NO_VIEW}"),
    "POST /api/v1/views/{view:uuid}": Entry(TOKEN_ONLY, f"/api/v1/views/{NO_VIEW}", {}),
    "POST /api/v1/views/{view:uuid}/remove": Entry(TOKEN_ONLY, f"/api/v1/views/{NO_VIEW}/remove", {}),
    "POST /api/v1/procedures": Entry(TOKEN_ONLY, sent={}),
    "GET /api/v1/procedures/draft": Entry(TOKEN_ONLY),
    "POST /api/v1/procedures/draft": Entry(TOKEN_ONLY, sent={}),
    **{f"GET /api/v1/audit/{rest}": Entry(TOKEN_ONLY) for rest in ("facts", "looks", "bundle/policy")},
    **{
        f"GET /api/v1/audit/{rest}": Entry(TOKEN_ONLY, f"/api/v1/audit/{rest}?from=2026-01-01&to=2026-03-17")
        for rest in ("figures", "bundle", "bundle/file")
    },
    "GET /api/v1/absences": Entry(TOKEN_ONLY),
    "POST /api/v1/absences": Entry(TOKEN_ONLY, sent={}),
    "POST /api/v1/absences/{absence:uuid}/end": Entry(TOKEN_ONLY, f"/api/v1/absences/{NO_VIEW}/end", {}),
    "GET /api/v1/subscriptions": Entry(TOKEN_ONLY),
    "POST /api/v1/subscriptions": Entry(TOKEN_ONLY, sent={}),
    **{
        f"GET /api/v1/subscriptions/{{subscription:str}}{rest}": Entry(TOKEN_ONLY, f"/api/v1/subscriptions/nema{rest}")
        for rest in ("", "/deliveries", "/cases", "/replay")
    },
    **{
        f"POST /api/v1/subscriptions/{{subscription:str}}/{deed}": Entry(
            TOKEN_ONLY, f"/api/v1/subscriptions/nema/{deed}", {}
        )
        for deed in ("change", "test", "resume", "pause", "disable", "rotate", "release", "replay", "replay/stop")
    },
    "GET /api/v1/schemas": Entry(PUBLIC),
    "GET /api/v1/schemas/{topic:str}": Entry(PUBLIC, "/api/v1/schemas/initiative.agreement-signed.v1"),
    "GET /api/v1/asyncapi.json": Entry(PUBLIC),
    "GET /seal/checkpoint": Entry(PUBLIC),
    "GET /seal/keys": Entry(PUBLIC),
}
COMBINATIONS: Final = [(route, who) for route in ENTRIES for who in EVERYBODY]
APPENDS_WHEN_TAKEN: Final = {303}


def routes_of(house: House) -> Iterator[str]:
    for route in house.app.routes:
        assert isinstance(route, HTTPRoute), f"{route.path}: a kind of route that this test does not know"
        for handler in route.route_handlers:
            methods: set[str] = {str(method) for method in cast("Any", handler).http_methods}
            yield from (f"{method} {route.path}" for method in methods if method != "OPTIONS")


def test_every_route_has_its_entry_and_every_entry_its_route(house: House) -> None:
    routes = set(routes_of(house))
    assert sorted(routes - ENTRIES.keys()) == [], "routes about which this table says nothing"
    assert sorted(ENTRIES.keys() - routes) == [], "entries of routes that are gone"


@pytest.fixture(scope="module")
def places(house: House) -> dict[str, dict[str, str]]:
    """For everybody a case of Niš with its partner, and an account that may be disabled."""
    given: dict[str, dict[str, str]] = {}
    for who in EVERYBODY:
        case = house.propose(OWN)
        account = house.account(f"spare-{who}", house.person("auditor").role)
        partner = partner_id("DE", f"Stadt {house.partners}")
        given[who] = {"case": case, "partner": str(partner), "account": str(account.id), "who": who}
    house.show_everything()
    return given


@pytest.mark.parametrize(("route", "who"), COMBINATIONS, ids=[f"{who}: {route}" for route, who in COMBINATIONS])
def test_everybody_gets_what_the_table_says(
    house: House, places: dict[str, dict[str, str]], route: str, who: str
) -> None:
    entry, (method, path) = ENTRIES[route], route.split()
    address = (entry.at or path).format(**places[who])
    before, session = house.head(), house.sessions.get(who, "")
    if path == "/sign-out" and session:
        house.sessions[who] = house.entered(who)
    if method == "GET":
        answer = house.get(address, who)
    else:
        sent = {name: value.format(who=who) for name, value in (entry.sent or {}).items()}
        answer = house.send(address, who, sent)
    house.sessions[who] = session
    assert answer.status_code == entry.answer_for(who), answer.text[:2000]
    if answer.status_code not in APPENDS_WHEN_TAKEN or method == "GET":
        assert house.head() == before, "a refusal left something in the log"
    if answer.status_code == 303 and who == "anonymous" and method == "GET" and "language" not in route:
        assert answer.headers["location"].startswith("/sign-in")


SEEN_BY: Final = {"coordinator": True, "officer": True, "stranger": False, "approver": True, "auditor": True}


@pytest.mark.parametrize(("who", "seen"), SEEN_BY.items())
@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/desk/changed",
        "/desk/changed?before=999999999",
        "/initiatives",
        "/initiatives?q={case}",
        "/initiatives/board?q={case}",
        "/initiatives?local_government=nis",
        "/initiatives?partner={partner}",
        "/initiatives/export/csv",
        "/partners/{partner}",
    ],
)
def test_no_page_shows_a_case_of_another_town(
    house: House, places: dict[str, dict[str, str]], address: str, who: str, seen: bool
) -> None:
    place = places["anonymous"]  # nobody changed this one
    answer = house.get(address.format(**place), who)
    assert answer.status_code == 200
    if address != "/" or not seen:  # a desk is about what is to be done, and may be silent about a case
        assert (f"/initiatives/{place['case']}" in answer.text or f"{place['case']}," in answer.text) is seen


def test_a_warning_of_duplicates_names_no_case_of_another_town(house: House, places: dict[str, dict[str, str]]) -> None:
    pair = f"local_government={OWN}&partner=Stadt+1&country=DE"
    address = f"/initiatives/new/duplicates?{pair}"
    case = places["anonymous"]["case"]
    assert case in house.get(address, "coordinator").text
    assert case in house.get(address, "officer").text
    assert case not in house.get(address, "stranger").text


FEED: Final = {
    "coordinator": 200,
    "officer": 200,
    "stranger": 200,
    "approver": 200,
    "auditor": 200,
    "administrator": 403,
    "technician": 403,
}


@pytest.mark.parametrize(("who", "status"), FEED.items())
def test_the_feed_gives_the_facts_that_its_reader_may_see(
    house: House, places: dict[str, dict[str, str]], who: str, status: int
) -> None:
    token, case = house.bearer(who, "events:read"), places["anonymous"]["case"]
    answer = house.get(f"/api/v1/events?case={case}", headers={"authorization": f"Bearer {token}"})
    assert answer.status_code == status
    if status == 200:
        assert bool(answer.json()) is SEEN_BY[who]
        whole = house.get("/api/v1/events?limit=1000", headers={"authorization": f"Bearer {token}"})
        assert (case in whole.text) is SEEN_BY[who]
    other = house.bearer(who, "cases:read")
    assert house.get("/api/v1/events", headers={"authorization": f"Bearer {other}"}).status_code == 403
    no_cookie = house.get("/initiatives", headers={"authorization": f"Bearer {token}"})
    assert no_cookie.status_code == 303, "a token opens no page"


OF_THE_API: Final = [route for route, entry in ENTRIES.items() if "/api/v1/" in route and entry.answers == TOKEN_ONLY]


def test_a_technician_sees_the_subscriptions_that_they_keep_and_here_they_keep_none(house: House) -> None:
    token = house.bearer("technician", *SCOPES)
    answer = house.get("/api/v1/subscriptions", headers={"authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.json()["subscriptions"]) == (200, [])


@pytest.mark.parametrize("route", [route for route in OF_THE_API if route != "GET /api/v1/subscriptions"])
def test_a_token_of_a_technician_reaches_nothing(house: House, places: dict[str, dict[str, str]], route: str) -> None:
    token = house.bearer("technician", *SCOPES)
    method, path = route.split()
    address = (ENTRIES[route].at or path).format(**places["anonymous"])
    sent = {"json": ENTRIES[route].sent or {}} if method == "POST" else {}
    before = house.head()
    answer = house.ask(method, address, headers={"authorization": f"Bearer {token}"}, **sent)
    assert answer.status_code in (400, 403, 404, 422), answer.text[:2000]
    assert answer.status_code in (403, 404) or method == "POST"
    assert house.head() == before
