"""Over several cases, and around one: the board, who could act, hand-over, and asking a side abroad."""

import re
from typing import Any
from uuid import UUID, uuid4

import pytest

from application.access import Role
from application.identity import case_id
from domain.initiatives.decisions import coordinating
from tests.web.api.program import Program
from tests.web.running import OTHER, House

HAND_OVER = "/initiatives/hand-over"


@pytest.fixture
def case(house: House) -> str:
    number = house.propose()
    house.show_everything()
    return number


# --- the board


def test_the_board_counts_what_the_list_lists(house: House, program: Program, case: str) -> None:
    lead = house.accounts["coordinator"].id
    house.advance(house.propose(OTHER), coordinating.Coordinate(handler=lead))
    house.show_everything()
    board = program.get("/board").json()
    assert board["total"] == board["everything"] == program.get("/initiatives?limit=1").json()["total"]
    for name, counts in (("phase", "by_phase"), ("stage", "by_stage"), ("kind", "by_kind"), ("handler", "by_handler")):
        for value, count in board[counts].items():
            listed = program.get(f"/initiatives?limit=1&{name}={value}").json()
            assert listed["total"] == count, (name, value)
    assert [column["code"] for column in board["columns"]] == [
        "proposal",
        "draft_and_decision",
        "consent",
        "partnership",
        "ended",
    ]
    assert sum(column["total"] for column in board["columns"]) == board["total"]
    assert all(column["initiatives"] == [] for column in board["columns"])


def test_a_phase_has_a_column_for_each_stage_with_its_first_cases(program: Program, case: str) -> None:
    board = program.get("/board?phase=proposal&cards=1").json()
    assert [column["stages"] for column in board["columns"]] == [
        ["proposed"],
        ["coordinating"],
        ["suspended"],
        ["letter_of_intent"],
    ]
    for column in board["columns"]:
        assert len(column["initiatives"]) == min(column["total"], 1)
        assert {one["stage"] for one in column["initiatives"]} <= {column["code"]}
    assert program.get("/board?cards=13").json()["field"] == "cards"
    assert program.get("/board?limit=1").json()["field"] == "limit"
    own = program.get("/board", "stranger").json()
    assert own["everything"] < program.get("/board").json()["everything"]
    assert case not in program.get("/board?cards=12", "stranger").text
    assert program.get("/board", "administrator").status_code == 403


# --- who could act


def test_who_could_act_says_why(house: House, program: Program, case: str) -> None:
    lead = house.accounts["coordinator"].id
    house.advance(case, coordinating.Coordinate(handler=lead))
    house.show_everything()
    answer = program.get(f"/initiatives/{case}/who-could-act")
    assert answer.status_code == 200
    people: list[dict[str, Any]] = answer.json()["people"]
    first = people[0]
    assert (first["account"]["id"], first["leads"], first["role"]) == (str(lead), True, "coordinator")
    assert {*first["deeds"]} <= {*program.get(f"/initiatives/{case}").json()["deeds"]}
    assert "give-support" in first["deeds"]
    officers = [one["local_government"] for one in people if one["role"] == "officer"]
    assert officers == ["nis"]
    assert all(one["role"] != "auditor" for one in people)
    path = f"/initiatives/{case}/who-could-act"
    assert program.get(path, "stranger").status_code == 404
    refused = program.get(path, "officer")
    assert (refused.status_code, refused.json()["code"]) == (403, "access.deed-not-yours")
    assert program.get(f"{path}?known_at=2019-01-01").status_code == 404
    assert program.get("/initiatives/2026-9999/who-could-act").status_code == 404


# --- hand-over


def test_each_case_is_handed_over_on_its_own(house: House, program: Program) -> None:
    lead, other = house.accounts["coordinator"].id, house.account("heir", Role.COORDINATOR).id
    cases = [house.propose() for _ in range(3)]
    house.advance(cases[0], coordinating.Coordinate(handler=lead))
    house.advance(cases[1], coordinating.Coordinate(handler=other))
    house.advance(cases[2], coordinating.Coordinate(handler=lead))
    house.show_everything()
    query = "&".join(f"number={number}" for number in (*cases, "2026-9999"))
    looked = program.get(f"{HAND_OVER}?{query}&to={other}").json()["cases"]
    assert [one["number"] for one in looked] == cases, "what is out of sight is left out"
    assert [[r["code"] for r in one["refusals"]] for one in looked] == [[], ["hand-over.already-theirs"], []]
    chosen = [{"number": one["number"], "version": one["version"]} for one in looked]
    chosen[2]["version"] -= 1
    body = {"cases": [*chosen, {"number": "2026-9999", "version": 1}], "to": str(other), "reason": "Porodiljsko."}
    key, before = str(uuid4()), house.head()
    answer = program.post(HAND_OVER, body, idempotency_key=key)
    assert answer.status_code == 200, answer.text
    outcomes = answer.json()["outcomes"]
    assert [one["done"] for one in outcomes] == [True, True, False, False], outcomes
    assert [r["code"] for r in outcomes[2]["refusals"]] == ["log.conflict"]
    assert [r["code"] for r in outcomes[3]["refusals"]] == ["initiative.unknown"]
    assert program.get(f"/initiatives/{cases[0]}").json()["handler"]["id"] == str(other)
    assert program.get(f"/initiatives/{cases[2]}").json()["handler"]["id"] == str(lead)
    head = house.head()
    assert head == answer.json()["position"] > before
    again = program.post(HAND_OVER, body, idempotency_key=key)
    assert (again.json(), again.headers["idempotency-replayed"], house.head()) == (answer.json(), "true", head)


def test_a_hand_over_is_refused_as_a_whole_where_it_cannot_be_meant(house: House, program: Program, case: str) -> None:
    body = {"cases": [{"number": case, "version": 1}], "to": str(house.accounts["officer"].id), "reason": "x"}
    refused = program.post(HAND_OVER, body)
    assert (refused.status_code, refused.json()["code"]) == (422, "initiative.not-a-handler")
    assert program.post(HAND_OVER, {**body, "cases": []}).json()["field"] == "cases"
    for who in ("officer", "auditor", "administrator"):
        assert program.post(HAND_OVER, body, who).status_code == 403
        assert program.get(f"{HAND_OVER}?number={case}", who).status_code == 403
    assert program.get(HAND_OVER).json()["field"] == "number"


# --- asking a side


def side(program: Program, case: str) -> str:
    parties = program.get(f"/initiatives/{case}").json()["parties"]
    return next(one["key"] for one in parties if one["partner"])


def opened(house: House, href: str) -> int:
    return house.get(href.removeprefix("http://testserver.local")).status_code


def test_a_side_is_asked_by_a_link_of_which_the_last_one_works(house: House, program: Program, case: str) -> None:
    path, body, key = f"/initiatives/{case}/ask-side", {"party": side(program, case), "locale": "de"}, str(uuid4())
    before = house.head()
    first = program.post(path, body, idempotency_key=key)
    assert (first.status_code, first.headers["cache-control"]) == (201, "no-store"), first.text
    assert re.fullmatch(r"http://testserver\.local/confirm/[\w-]{30,}", first.json()["href"])
    assert opened(house, first.json()["href"]) == 200
    again = program.post(path, body, idempotency_key=key)
    assert again.status_code == 201
    assert (opened(house, first.json()["href"]), opened(house, again.json()["href"])) == (410, 200)
    other = program.post(path, {**body, "locale": "en"}, idempotency_key=key)
    assert (other.status_code, other.json()["code"]) == (422, "log.key-reused")
    with house.made.pool.connection() as db:  # the answer was lost, the link was not
        db.execute("DELETE FROM access.answers")
        kept = db.execute("SELECT count(*) FROM access.side_links WHERE number = %s", (case,)).fetchone()
    assert kept == (1,)
    third = program.post(path, body, idempotency_key=key)
    assert (opened(house, again.json()["href"]), opened(house, third.json()["href"])) == (410, 200)
    assert house.head() == before, "asking records nothing"
    link = third.json()["href"].removeprefix("http://testserver.local")
    said = {"signed": "12. 3. 2026.", "name": "Anna Rossi", "office": "Stadt"}
    assert house.send(link, "anonymous", said).status_code == 200
    assert house.made.log.read(case_id(case))[-1].position > before
    over = program.post(path, body, idempotency_key=key)
    assert (over.status_code, over.json()["code"]) == (422, "initiative.link-over")
    assert program.post(path, body).status_code == 201, "with another key it is asked anew"


def test_no_secret_of_a_link_is_kept(house: House, program: Program, case: str) -> None:
    made = program.post(f"/initiatives/{case}/ask-side", {"party": side(program, case)})
    secret = made.json()["href"].rpartition("/")[2]
    with house.made.pool.connection() as db:
        kept = db.execute("SELECT body FROM access.answers").fetchall()
        links = db.execute("SELECT row_to_json(s)::text FROM access.side_links s").fetchall()
    assert kept
    assert all(secret.encode() not in bytes(body) for (body,) in kept)
    assert all(secret not in row for (row,) in links)


def test_only_the_office_asks_and_only_a_side_abroad_is_asked(program: Program, case: str) -> None:
    path, body = f"/initiatives/{case}/ask-side", {"party": side(program, case)}
    for who, status in (("officer", 403), ("stranger", 404), ("approver", 403), ("administrator", 403)):
        assert program.post(path, body, who).status_code == status, who
    for wrong, field in (
        ({"party": str(UUID(int=1))}, "party"),
        ({**body, "locale": "xx"}, "locale"),
    ):
        refused = program.post(path, wrong)
        assert (refused.status_code, refused.json()["field"]) == (422, field)
    assert program.post(path, {**body, "days": 91}).status_code == 400
