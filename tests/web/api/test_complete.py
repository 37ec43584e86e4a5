"""What the pages can do and show, the API can, or it stands here why not: so that no new page forgets it."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, cast

from litestar.routes import HTTPRoute

from tests.web.api.test_openapi import document, operations
from tests.web.running import House

__all__ = ["document"]

ONLY_A_FORM: Final = "a form by which something is asked; the description says what is sent"
OWN_SECRET: Final = (
    "passwords, sign-in and the person's own account: a person does that, and not a program in their name"
)
ACCOUNTS: Final = "who may come in is decided by a person, or by the identity provider"
TOKENS: Final = "a token that could make or prolong tokens would be worth every other one"
PERSONS: Final = "a request of a person is answered by a person, who reads each entry; each reading stands in the log"
ADDRESS_OF_ONE: Final = "a secret address for a person's own calendar; a program reads the calendar by its token"
FOR_PEOPLE: Final = "words and pictures for people, made of what the operations give"

SEARCHES: Final = "names for addresses of the page of the log; a program keeps what it asks by itself"
OWN_TOKENS: Final = "a person gives a program its secret; one that could renew its own would never be over"

OF_SUBSCRIPTIONS: Final = {
    "change": "changeSubscription",
    "test": "testSubscription",
    "resume": "resumeSubscription",
    "pause": "pauseSubscription",
    "disable": "disableSubscription",
    "rotate": "rotateSecret",
    "release": "releaseCases",
    "replay": "beginReplay",
    "replay/stop": "stopReplay",
}
OF_KEEPERS: Final = ("test", "resume", "pause", "rotate", "release")
DEEDS: Final[Mapping[str, tuple[str, ...]]] = {
    "POST /desk/take-over/{number:str}": ("coordinate", "nameHandler"),
    "POST /initiatives/hand-over": ("handOver",),
    "POST /initiatives/views": ("saveView", "changeView"),
    "POST /initiatives/views/{view:uuid}": ("changeView",),
    "POST /initiatives/views/{view:uuid}/remove": ("removeView",),
    "POST /initiatives/new": ("proposeInitiative",),
    "POST /initiatives/{number:str}/{deed:str}": ("coordinate", "signAgreement", "addRemark"),
    "POST /initiatives/{number:str}/history/{version:int}/correct": ("correct",),
    "POST /initiatives/{number:str}/ask": ("askSide",),
    "POST /initiatives/{number:str}/follow": ("followInitiative", "unfollowInitiative"),
    "POST /followed/seen": ("seeFollowed",),
    "POST /partners/new": ("registerPartner",),
    "POST /partners/{partner:uuid}/{deed:str}": ("renamePartner", "mergePartner"),
    "POST /notices/read": ("readNotices",),
    "POST /notices/{notice:int}/read": ("readNotice",),
    "POST /account/notices": ("chooseMail",),
    "POST /account/absence": ("enterAbsence",),
    "POST /account/absence/{absence:uuid}/end": ("endAbsence",),
    "POST /admin/procedures/new": ("checkDraft", "adoptProcedure"),
    "POST /admin/subscriptions/new": ("createSubscription",),
    **{f"POST /admin/subscriptions/{{code:str}}/{deed}": (done,) for deed, done in OF_SUBSCRIPTIONS.items()},
    **{f"POST /subscriptions/{{code:str}}/{deed}": (OF_SUBSCRIPTIONS[deed],) for deed in OF_KEEPERS},
}
"""By the page's route the operations that do the same."""
DEEDS_LEFT: Final[Mapping[str, str]] = {
    "POST /account": OWN_SECRET,
    "POST /account/calendar": ADDRESS_OF_ONE,
    "POST /account/calendar/withdraw": ADDRESS_OF_ONE,
    **{
        f"POST /admin/accounts{rest}": ACCOUNTS
        for rest in (
            "",
            "/{account:uuid}/link",
            "/{account:uuid}/disable",
            "/{account:uuid}/enable",
            "/{account:uuid}/same-person",
        )
    },
    **{f"POST /audit/log/inquiries{rest}": SEARCHES for rest in ("", "/{inquiry:uuid}", "/{inquiry:uuid}/remove")},
    **{f"POST /account/tokens/{{token:str}}/{deed}": OWN_TOKENS for deed in ("rotate", "revoke")},
    **{
        f"POST /admin/tokens{rest}": TOKENS
        for rest in ("", "/{token:str}/rotate", "/{token:str}/revoke", "/clients", "/clients/{client:str}/remove")
    },
    **{
        f"POST /admin/people{rest}": PERSONS
        for rest in (
            "",
            *(
                f"/{{number:str}}/{deed}"
                for deed in ("delay", "grant", "refuse", "search", "entries", "erase", "correct")
            ),
        )
    },
}
SHOWN: Final[Mapping[str, tuple[str, ...]]] = {
    "GET /": ("listQueue", "listTasks", "listNotices"),
    "GET /desk/tasks": ("listTasks",),
    "GET /desk/changed": ("listEvents",),
    "GET /desk/{group:str}": ("listQueue",),
    "GET /initiatives": ("listInitiatives", "getBoard"),
    "GET /initiatives/export/{kind:str}": ("listInitiatives",),
    "GET /initiatives/board": ("getBoard",),
    "GET /initiatives/hand-over": ("lookAtHandOver",),
    "GET /initiatives/views": ("listViews",),
    "GET /initiatives/views/{view:uuid}": ("getView",),
    "GET /initiatives/{number:str}": ("getInitiative", "getInitiativeTexts"),
    "GET /initiatives/{number:str}/history": ("listInitiativeEvents", "getInitiativeTexts"),
    "GET /initiatives/{number:str}/history/changes": ("getInitiative", "listInitiativeEvents"),
    "GET /initiatives/{number:str}/who-could-act": ("listWhoCouldAct",),
    "GET /initiatives/{number:str}/{deed:str}": ("getInitiativeChoices",),
    "GET /initiatives/{number:str}/deadline.ics": ("getCalendar",),
    "GET /followed": ("listFollowed",),
    "GET /partners": ("listPartners",),
    "GET /partners/suggestions": ("listPartners",),
    "GET /partners/{partner:uuid}": ("getPartner",),
    "GET /local-governments": ("listLocalGovernments",),
    "GET /local-governments/{code:str}": ("getLocalGovernment", "listInitiatives"),
    "GET /admin/procedures": ("listProcedures",),
    "GET /admin/procedures/{pin:str}": ("getProcedure",),
    "GET /notices": ("listNotices",),
    "GET /account/notices": ("getMailChoices",),
    "GET /calendar": ("getCalendar",),
    "GET /account/absence": ("listAbsences",),
    "GET /admin/procedures/new": ("beginDraft",),
    **{
        f"GET {desk}{rest}": operations
        for desk in ("/admin/subscriptions", "/subscriptions")
        for rest, operations in {
            "": ("listSubscriptions",),
            "/{code:str}": ("getSubscription", "listWaitingCases"),
            "/{code:str}/deliveries": ("listDeliveries",),
        }.items()
    },
    "GET /audit/log": ("searchFacts",),
    "GET /audit/log/export/{kind:str}": ("searchFacts",),
    "GET /audit/figures": ("getFigures",),
    "GET /audit/looks": ("listLooks",),
    "GET /audit/bundle": ("planBundle",),
    "GET /audit/bundle/file": ("getBundle",),
    "GET /audit/bundle/policy": ("getPolicy",),
    "GET /admin/subscriptions/{code:str}/replay": ("planReplay",),
}
SHOWN_LEFT: Final[Mapping[str, str]] = {
    "GET /initiatives/new": ONLY_A_FORM,
    "GET /initiatives/new/duplicates": "proposing says it: `initiative.duplicate`",
    "GET /initiatives/{number:str}/account": FOR_PEOPLE,
    "GET /initiatives/{number:str}/history/{version:int}/correct": ONLY_A_FORM,
    "GET /initiatives/{number:str}/ask": ONLY_A_FORM,
    "GET /partners/new": ONLY_A_FORM,
    "GET /partners/{partner:uuid}/{deed:str}": ONLY_A_FORM,
    "GET /admin/subscriptions/new": ONLY_A_FORM,
    "GET /admin/subscriptions/{code:str}/change": ONLY_A_FORM,
    "GET /admin/subscriptions/{code:str}/rotate": ONLY_A_FORM,
    "GET /subscriptions/{code:str}/rotate": ONLY_A_FORM,
    "GET /admin/subscriptions/{code:str}/disable": ONLY_A_FORM,
    "GET /audit": "leads to the first place of the audit",
    "GET /audit/log/inquiries": SEARCHES,
    "GET /audit/log/inquiries/{inquiry:uuid}": SEARCHES,
    "GET /account/tokens": OWN_TOKENS,
    **{f"GET /account/tokens/{{token:str}}/{deed}": OWN_TOKENS for deed in ("rotate", "revoke")},
    "GET /account": OWN_SECRET,
    "GET /account/calendar": ADDRESS_OF_ONE,
    "GET /admin/accounts": ACCOUNTS,
    "GET /admin/accounts/{account:uuid}/disable": ACCOUNTS,
    "GET /admin/accounts/{account:uuid}/same-person": ACCOUNTS,
    "GET /admin/tokens": TOKENS,
    "GET /admin/tokens/new": TOKENS,
    "GET /admin/tokens/{token:str}/rotate": TOKENS,
    "GET /admin/tokens/{token:str}/revoke": TOKENS,
    **{f"GET /admin/tokens/clients{rest}": TOKENS for rest in ("", "/new", "/{client:str}/remove")},
    "GET /admin/people": PERSONS,
    "GET /admin/people/{number:str}": PERSONS,
    "GET /admin/processing": FOR_PEOPLE,
}


def of_staff(house: House, wanted: str) -> Iterator[str]:
    """Routes of pages for whoever has an account."""
    for route in house.app.routes:
        assert isinstance(route, HTTPRoute), f"{route.path}: a kind of route that this test does not know"
        if route.path.startswith("/api/"):
            continue
        for handler in route.route_handlers:
            if wanted in cast("Any", handler).http_methods and not handler.opt.get("public"):
                yield f"{wanted} {route.path}"


def test_whatever_a_page_does_a_program_does(house: House, document: dict[str, Any]) -> None:
    held(house, document, "POST", DEEDS, DEEDS_LEFT)


def test_whatever_a_page_shows_a_program_reads(house: House, document: dict[str, Any]) -> None:
    held(house, document, "GET", SHOWN, SHOWN_LEFT)


def held(
    house: House,
    document: dict[str, Any],
    method: str,
    mapped: Mapping[str, tuple[str, ...]],
    left: Mapping[str, str],
) -> None:
    routes, told = {*of_staff(house, method)}, {*mapped, *left}
    assert sorted(routes - told) == [], "pages of which neither an operation of the API nor a reason is told"
    assert sorted(told - routes) == [], "pages that are gone"
    assert sorted(mapped.keys() & left.keys()) == []
    described = {operation["operationId"]: name.split()[0] for name, operation in operations(document)}
    for route, ids in mapped.items():
        assert ids, route
        for one in ids:
            assert described.get(one) == method, f"{route}: {one} is no {method} of the API"
