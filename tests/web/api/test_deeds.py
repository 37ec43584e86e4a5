"""Everything that pages do to a case, done by a program: once, upon what it saw, and by nobody who may not."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from domain.initiatives.deeds import DEEDS
from domain.initiatives.terms import Kind
from domain.partners.events import PartnerKind
from tests.web.api.program import Program
from tests.web.rights.deeds import WAYS, prepared
from tests.web.running import OTHER, OWN, House
from web.api.register.deed_bodies import deed_body
from web.api.register.deed_examples import DEED_EXAMPLES, PARTNER_DEED_EXAMPLES
from web.api.register.deeds import DEEDS as OF_THE_API
from web.partners.words import PARTNER_DEEDS

DEED = "/initiatives/{}/{}"
FIRST: dict[str, Any] = {
    "local_governments": [OWN],
    "kind": "twinning",
    "origin": "embassy",
    "rationale": " Razmena\r\nučenika ",
}


@pytest.fixture(scope="module", autouse=True)
def colleague(house: House, program: Program) -> None:
    house.account("colleague", house.person("coordinator").role)


def sent(house: House, deed: str, number: str, typed: dict[str, str]) -> dict[str, Any]:
    """What the form says, as a program says it: other dates, lists, and the two names that forms look up."""
    body: dict[str, Any] = {}
    for name, value in typed.items():
        field = getattr(deed_body(deed), name, None)
        body[name] = value
        if name in ("items", "languages"):
            body[name] = [value]
        elif value == "1. 4. 2026.":
            body[name] = "2026-04-01"
        elif value == "1. 4. 2031.":
            body[name] = "2031-04-01"
        elif value == "mart 2026":
            body[name] = "2026-03"
        assert field is None or name in deed_body(deed).__struct_fields__
    if deed == "add-party":
        return {"party": {"role": "observer", "local_government": "sombor"}}
    if deed == "unlink-case":
        state = house.made.reading.case(house.person("coordinator"), number).state
        return {"other_number": state.links[0].number}
    return body


def version(house: House, number: str) -> int:
    house.show_everything()
    return house.made.reading.case(house.person("coordinator"), number).state.version


@pytest.mark.parametrize("deed", WAYS)
def test_every_deed_is_done_as_its_page_does_it(house: House, program: Program, deed: str) -> None:
    who = "approver" if deed == "approve" else "coordinator"
    case = prepared(house, deed)
    seen = version(house, case.number)
    body = sent(house, deed, case.number, dict(case.sent))
    answer = program.post(DEED.format(case.number, deed), body, who, if_match=f'"{seen}"')
    assert answer.status_code == 200, answer.text
    done = answer.json()
    assert done["number"] == case.number
    assert done["version"] == seen + len(done["events"])
    assert answer.headers["etag"] == f'"{done["version"]}"'
    assert [event["subject"] for event in done["events"]] == [case.number] * len(done["events"])
    assert int(done["events"][-1]["id"]) <= done["position"]
    shown = program.get(f"/initiatives/{case.number}").json()
    assert shown["version"] == done["version"]


def test_the_api_does_every_deed_that_has_a_page() -> None:
    assert {*DEEDS} - {*OF_THE_API} == {"absorb", "receive-report"}
    assert {*DEED_EXAMPLES} == {*OF_THE_API}
    assert {*PARTNER_DEED_EXAMPLES} == {*PARTNER_DEEDS}


# --- proposing


def test_a_program_proposes_and_reads_what_came_of_it(house: House, program: Program) -> None:
    body = FIRST | {"partner": {"name": "  Ulm   an der Donau", "country": "DE"}, "occurred_on": "2026-03"}
    answer = program.post("/initiatives", body)
    assert answer.status_code == 201, answer.text
    done = answer.json()
    assert answer.headers["location"] == f"/api/v1/initiatives/{done['number']}"
    assert (done["version"], done["events"][0]["type"]) == (1, "initiative.proposed.v1")
    case = program.get(f"/initiatives/{done['number']}").json()
    assert case["parties"][1]["partner"]["name"] == "Ulm an der Donau"
    rationale = done["events"][0]["data"]["fact"]["rationale"]
    texts = program.get(f"/initiatives/{done['number']}/texts").json()["texts"]
    assert texts[rationale] == "Razmena\nučenika"


def test_a_pair_that_has_a_case_is_a_duplicate(house: House, program: Program) -> None:
    body = FIRST | {"partner": {"name": "Gera", "country": "DE"}}
    assert program.post("/initiatives", body).status_code == 201
    refused = program.post("/initiatives", body)
    assert (refused.status_code, refused.json()["code"]) == (422, "initiative.duplicate")
    assert program.post("/initiatives", body | {"distinct_because": "Drugi projekat"}).status_code == 201


def test_an_officer_proposes_for_the_own_town_only(program: Program) -> None:
    partner = {"partner": {"name": "Jena", "country": "DE"}}
    refused = program.post("/initiatives", FIRST | partner | {"local_governments": [OTHER]}, "officer")
    assert (refused.status_code, refused.json()["code"]) == (422, "initiative.not-your-local-government")
    assert program.post("/initiatives", FIRST | partner, "officer").status_code == 201
    for who in ("approver", "auditor", "administrator"):
        assert program.post("/initiatives", FIRST | partner, who).json()["code"] == "access.deed-not-yours"


# --- once


def test_the_same_request_again_is_answered_the_same_and_done_once(house: House, program: Program) -> None:
    number, key = house.propose(OWN), str(uuid4())
    house.show_everything()
    body = {"remark": "Poziv primljen"}
    first = program.post(DEED.format(number, "add-remark"), body, idempotency_key=key, if_match='"1"')
    head = house.head()
    again = program.post(DEED.format(number, "add-remark"), body, idempotency_key=key, if_match='"1"')
    assert (again.status_code, again.content, again.headers["etag"]) == (200, first.content, first.headers["etag"])
    assert (again.headers["idempotency-replayed"], house.head()) == ("true", head)
    assert "idempotency-replayed" not in first.headers


def test_where_the_answer_was_lost_it_is_made_anew_from_the_log(house: House, program: Program) -> None:
    number, key = house.propose(OWN), str(uuid4())
    house.show_everything()
    body = {"handler": str(house.accounts["coordinator"].id)}
    first = program.post(DEED.format(number, "coordinate"), body, idempotency_key=key, if_match='"1"')
    house.advance(number)
    with house.made.pool.connection() as db:
        assert db.execute("DELETE FROM access.answers").rowcount > 0
    head = house.head()
    again = program.post(DEED.format(number, "coordinate"), body, idempotency_key=key, if_match='"1"')
    assert (again.status_code, again.content, house.head()) == (200, first.content, head)


def test_a_proposal_whose_answer_was_lost_names_the_same_case(house: House, program: Program) -> None:
    key, body = str(uuid4()), FIRST | {"partner": {"name": "Riesa", "country": "DE"}}
    first = program.post("/initiatives", body, idempotency_key=key)
    with house.made.pool.connection() as db:
        db.execute("DELETE FROM access.answers")
    again = program.post("/initiatives", body, idempotency_key=key)
    assert (again.status_code, again.content) == (201, first.content)


def test_a_key_that_named_another_request_is_refused(house: House, program: Program) -> None:
    number, key = house.propose(OWN), str(uuid4())
    house.show_everything()
    path = DEED.format(number, "add-remark")
    assert program.post(path, {"remark": "Jedno"}, idempotency_key=key, if_match='"1"').status_code == 200
    head = house.head()
    for other, body in ((path, {"remark": "Drugo"}), (DEED.format(number, "decline"), {"reason": "Jedno"})):
        refused = program.post(other, body, idempotency_key=key, if_match="*")
        assert (refused.status_code, refused.json()["code"]) == (422, "log.key-reused")
    assert house.head() == head


def test_keys_of_two_accounts_never_meet(house: House, program: Program) -> None:
    number, key = house.propose(OWN), str(uuid4())
    house.show_everything()
    for who, text in (("coordinator", "Jedno"), ("officer", "Drugo")):
        path = DEED.format(number, "add-remark")
        assert program.post(path, {"remark": text}, who, idempotency_key=key, if_match="*").status_code == 200


def test_a_refusal_is_not_kept(house: House, program: Program) -> None:
    number, key = house.propose(OWN), str(uuid4())
    house.show_everything()
    body = {"items": ["information"]}
    path = DEED.format(number, "give-support")
    refused = program.post(path, body, idempotency_key=key, if_match="*")
    assert (refused.status_code, refused.json()["code"]) == (422, "initiative.wrong-stage")
    handler = {"handler": str(house.accounts["coordinator"].id)}
    assert program.post(DEED.format(number, "coordinate"), handler, if_match="*").status_code == 200
    assert program.post(path, body, idempotency_key=key, if_match="*").status_code == 200


def test_what_had_its_effect_already_records_nothing(house: House, program: Program) -> None:
    number = house.propose(OWN)
    house.show_everything()
    body = {"handler": str(house.accounts["coordinator"].id)}
    path = DEED.format(number, "coordinate")
    first = program.post(path, body, if_match='"1"').json()
    again = program.post(path, body, if_match="*").json()
    assert (again["version"], again["events"]) == (first["version"], [])


# --- upon what was seen


def test_without_the_version_nothing_is_done(house: House, program: Program) -> None:
    number = house.propose(OWN)
    house.show_everything()
    path, head = DEED.format(number, "add-remark"), house.head()
    missing = program.post(path, {"remark": "x"})
    assert (missing.status_code, missing.json()["code"]) == (428, "request.if-match-missing")
    for nonsense in ("1", '"0"', '"x"', 'W/"1"', '"1", "2"', '""', '"1-"', '"99999999999"'):
        unread = program.post(path, {"remark": "x"}, if_match=nonsense)
        assert (unread.status_code, unread.json()["code"]) == (400, "request.if-match-unreadable"), nonsense
    for key in ("", "a b", "a\tb", "x" * 256):
        unnamed = program.ask("POST", path, json={"remark": "x"}, headers={"idempotency-key": key, "if-match": "*"})
        assert (unnamed.status_code, unnamed.json()["code"]) == (400, "request.idempotency-key"), key
    assert house.head() == head


def test_a_stale_version_is_told_the_new_one(house: House, program: Program) -> None:
    number = house.propose(OWN)
    house.show_everything()
    handler = {"handler": str(house.accounts["coordinator"].id)}
    assert program.post(DEED.format(number, "coordinate"), handler, if_match='"1"').status_code == 200
    stale = program.post(DEED.format(number, "give-support"), {"items": ["information"]}, if_match='"1"')
    assert (stale.status_code, stale.json()["code"], stale.headers["etag"]) == (409, "log.conflict", '"2"')
    tag = program.get(f"/initiatives/{number}").headers["etag"]
    fresh = program.post(DEED.format(number, "give-support"), {"items": ["information"]}, if_match=tag)
    assert fresh.status_code == 200


# --- four eyes


def test_a_deed_that_needs_a_second_person_waits_for_one(house: House, program: Program) -> None:
    number = house.propose(OWN, Kind.CROSS_BORDER)
    house.show_everything()
    key, body = str(uuid4()), {"termination": "mutual"}
    path = DEED.format(number, "terminate")
    waits = program.post(path, body, idempotency_key=key, if_match='"1"')
    assert waits.status_code == 202, waits.text
    told = waits.json()
    assert (told["deed"], told["waits_for"], told["version"]) == ("terminate", "approve", 2)
    case = program.get(told["href"].removeprefix("/api/v1")).json()
    assert (case["asked"], case["stage"]) == (["terminate"], "proposed")
    assert program.post(path, body, if_match='"2"').json()["version"] == 2, "it is asked for once"
    assert (
        program.post(DEED.format(number, "approve"), {"deed": "terminate"}, "approver", if_match='"2"').status_code
        == 200
    )
    done = program.post(path, body, idempotency_key=key, if_match='"3"')
    assert (done.status_code, done.json()["events"][-1]["type"]) == (200, "initiative.terminated.v1")


# --- corrections


def test_a_correction_restates_what_it_says_and_leaves_the_rest(house: House, program: Program) -> None:
    number = house.propose(OWN)
    house.show_everything()
    body = {
        "corrects": 1,
        "restated": {"fact": "initiative.proposed", "origin": "embassy", "letter_number": "06-1"},
        "reason": "Pismo je od ambasade",
    }
    answer = program.post(DEED.format(number, "correct"), body, if_match='"1"')
    assert answer.status_code == 200, answer.text
    fact = answer.json()["events"][0]["data"]["fact"]
    before = program.get(f"/initiatives/{number}/events").json()[0]["data"]["fact"]
    assert fact["restated"] == before | {"origin": "embassy", "letter_number": "06-1"}
    emptied = body | {"restated": {"fact": "initiative.proposed", "letter_number": None, "rationale": "Drugo"}}
    answer = program.post(DEED.format(number, "correct"), emptied, if_match='"2"').json()
    now = answer["events"][0]["data"]["fact"]["restated"]
    assert "letter_number" not in now
    texts = program.get(f"/initiatives/{number}/texts").json()["texts"]
    assert texts[now["rationale"]] == "Drugo"


@pytest.mark.parametrize(
    ("restated", "status", "code"),
    [
        ({"fact": "initiative.withdrawn"}, 422, "initiative.no-such-fact"),
        ({"fact": "initiative.proposed"}, 422, "initiative.nothing-corrected"),
        ({"fact": "initiative.proposed", "number": "2026-9999"}, 400, "request.unknown-field"),
        ({"fact": "initiative.invented"}, 400, "request.body"),
        ({"fact": "initiative.handler-named"}, 400, "request.body"),
        ({"origin": "embassy"}, 400, "request.body"),
        ({"fact": "initiative.proposed", "kind": None}, 422, "form.choice-unknown"),
        ({"fact": "initiative.proposed", "occurred_on": "2026-02-31"}, 422, "date.impossible"),
    ],
)
def test_a_correction_that_cannot_be(house: House, program: Program, restated: Any, status: int, code: str) -> None:
    number = house.propose(OWN)
    house.show_everything()
    body = {"corrects": 1, "restated": restated, "reason": "x"}
    answer = program.post(DEED.format(number, "correct"), body, if_match='"1"')
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text


# --- rights


def test_a_token_that_may_not_write_hears_which_scope_and_nothing_else(house: House, program: Program) -> None:
    number = house.propose(OWN)
    house.show_everything()
    for path in (DEED.format(number, "add-remark"), DEED.format("2026-99999", "nothing"), "/initiatives", "/partners"):
        answer = program.ask("POST", path, scopes=("cases:read", "events:read"), json={"x": 1})
        assert (answer.status_code, answer.json()["params"]) == (403, {"scope": "cases:write"})


def test_a_case_out_of_sight_is_none(house: House, program: Program) -> None:
    number = house.propose(OTHER)
    house.show_everything()
    head = house.head()
    for path in (
        DEED.format(number, "add-remark"),
        DEED.format("2026-99999", "add-remark"),
        DEED.format(number, "fly"),
    ):
        answer = program.post(path, {"remark": "x"}, "officer", if_match="*")
        assert (answer.status_code, answer.json()["code"]) == (404, "request.not-found")
    assert house.head() == head


def test_a_deed_of_another_role_is_refused_before_its_body_is_read(house: House, program: Program) -> None:
    number = house.propose(OWN)
    house.show_everything()
    for who, deed in (("officer", "coordinate"), ("auditor", "add-remark"), ("approver", "coordinate")):
        answer = program.post(DEED.format(number, deed), {"nonsense": 1}, who)
        assert (answer.status_code, answer.json()["code"]) == (403, "access.deed-not-yours")


def test_a_session_of_a_browser_opens_nothing_here(house: House, program: Program) -> None:
    cookie = {"pobratim": house.sessions["coordinator"]}
    answer = house.ask("POST", "/api/v1/initiatives", cookies=cookie, json=FIRST)
    assert (answer.status_code, answer.json()["code"]) == (401, "access.token-missing")


# --- partners


def test_the_life_of_a_partner_s_file(house: House, program: Program) -> None:
    opened = program.post("/partners", {"name": "Halle", "country": "DE"})
    assert opened.status_code == 201, opened.text
    partner = opened.json()["id"]
    assert opened.headers["location"] == f"/api/v1/partners/{partner}"
    again = program.post("/partners", {"name": "HALLE", "country": "DE"})
    assert (again.status_code, again.json()["code"]) == (422, "partner.exists")
    path = f"/partners/{partner}/"
    assert program.post(path + "rename", {"name": "Halle (Saale)"}, if_match='"1"').status_code == 200
    stale = program.post(path + "rename", {"name": "Anders"}, if_match='"1"')
    assert (stale.status_code, stale.headers["etag"]) == (409, '"2"')
    named = {"name": "Хале", "kind": "exonym", "language": "sr"}
    assert program.post(path + "add-name", named, if_match='"2"').json()["version"] == 3
    assert program.post(path + "remove-name", {"name": "Хале"}, if_match='"3"').status_code == 200
    body = {"kind": PartnerKind.REGION.value, "country": "AT", "reason": "x"}
    assert program.post(path + "reclassify", body, if_match='"4"').status_code == 200
    into = program.post("/partners", {"name": "Saale", "country": "DE"}).json()["id"]
    assert program.post(path + "merge", {"into": into}, if_match="*").status_code == 200
    assert program.get(f"/partners/{partner}").json()["merged_into"] == into
    assert program.post(path + "fly", {}, if_match="*").status_code == 404
    assert program.post(f"/partners/{uuid4()}/rename", {"name": "x"}, if_match="*").status_code == 404
    assert program.post(path + "rename", {"name": "x"}, "officer", if_match="*").status_code == 403


def test_ids_are_those_of_the_register(program: Program) -> None:
    assert UUID(program.get("/partners").json()["partners"][0]["id"])
