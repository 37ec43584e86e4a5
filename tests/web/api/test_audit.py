"""The log, its figures, who looked, and its proof by program: what the pages show, to the same people."""

import gzip
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from application.handling import OFFICE
from application.identity import case_id
from domain.initiatives.decisions import coordinating
from tests.web.api.program import Program
from tests.web.running import House

FACTS = "/audit/facts"
PERIOD = "from=2026-01-01&to=2026-12-31"


@pytest.fixture(scope="module")
def case(house: House) -> str:
    number = house.propose()
    house.advance(number, coordinating.Coordinate(handler=house.accounts["coordinator"].id))
    for _ in range(30):
        house.propose()
    house.show_everything()
    return number


def found(program: Program, query: str = "") -> list[dict[str, Any]]:
    return program.every(f"{FACTS}?{query}", "facts", "auditor")


def test_pages_lead_through_the_whole_log(house: House, program: Program, case: str) -> None:
    positions = [one["position"] for one in found(program)]
    assert positions == sorted(positions, reverse=True)
    assert len(positions) == len({*positions}) > 50
    assert positions[0] == house.head()
    assert program.get(FACTS, "auditor").json()["count"] == len(positions)


def test_each_part_narrows(house: House, program: Program, case: str) -> None:
    of_case = found(program, f"case={case}")
    assert [one["kind"] for one in of_case] == ["initiative.coordination-started", "initiative.proposed"]
    assert {one["case"] for one in of_case} == {case}
    assert of_case[0]["fact"]["handler"] == str(house.accounts["coordinator"].id)
    assert of_case[0]["actor"]["name"] == "Име coordinator"
    (left,) = found(program, "left=proposed&cooperation=twinning")
    assert left["position"] == of_case[0]["position"]
    assert {one["kind"] for one in found(program, "kind=partners")} >= {"partner.registered"}
    assert found(program, "kind=initiative.agreement-signed") == []
    assert found(program, "to=2019-12-31") == []
    assert found(program, f"actor={house.accounts['auditor'].id}") == []
    for wrong, field in (
        ("kind=no-such", "kind"),
        ("from=2026-05-01&to=2026-04-01", "to"),
        ("from=1700-01-01", "from"),
        ("local_government=atlantida", "local_government"),
        ("since=2026-01-01", "since"),
        ("cursor=AAAA", "cursor"),
    ):
        refused = program.get(f"{FACTS}?{wrong}", "auditor")
        assert (refused.status_code, refused.json()["field"]) == (422, field), wrong


def test_what_leaves_by_no_way_is_told_without_its_words(house: House, program: Program) -> None:
    wish = {"code": "revizija", "name": "Portal", "address": "https://tajna.example.rs/"}
    assert program.post("/subscriptions", wish, "administrator").status_code == 201
    (one,) = found(program, "kind=subscriptions")
    assert (one["kind"], one["fact"]) == ("subscription.created", None)
    assert "tajna.example.rs" not in program.get(FACTS, "auditor").text


def test_figures_count_what_was_recorded(house: House, program: Program, case: str) -> None:
    answer = program.get(f"/audit/figures?{PERIOD}", "auditor")
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert len(told["spans"]) == len(told["facts"]) == 12
    own = next(one for one in told["people"] if one["account"]["id"] == str(house.accounts["coordinator"].id))
    assert own["by_kind"]["initiative.coordination-started"] == 1
    assert own["by_kind"]["initiative.proposed"] == 31
    assert sum(own["by_kind"].values()) == sum(own["by_span"])
    assert sum(told["facts"]) == program.get(f"{FACTS}?{PERIOD}", "auditor").json()["count"]
    (stage,) = told["stages"]
    assert (stage["stage"], stage["count"]) == ("proposed", 1)
    assert program.get("/audit/figures?from=2026-01-01", "auditor").json()["field"] == "to"
    assert program.get("/audit/figures?from=0001-01-01&to=2026-01-01", "auditor").json()["code"] == "date.out-of-range"


def test_who_looked_is_read_by_auditors_alone(house: House, program: Program, case: str) -> None:
    assert program.get(f"/initiatives/{case}/texts").status_code == 200
    house.made.looks.flush()
    own = house.accounts["coordinator"].id
    (one,) = program.get(f"/audit/looks?case={case}&place=case&person={own}", "auditor").json()["looks"]
    assert (one["account"]["name"], one["case"], one["version"]) == ("Име coordinator", case, 2)
    assert program.get("/audit/looks?place=log", "auditor").json()["looks"], "that the log was read is kept too"
    refused = program.get("/audit/looks", "coordinator")
    assert (refused.status_code, refused.json()["code"]) == (403, "access.auditors-only")


@pytest.fixture
def later(house: House) -> Iterator[date]:
    """The day of the database, on which facts were recorded: days to come have no bundle."""
    before = house.clock.now
    house.clock.now = house.made.log.read(case_id("2026-0001"))[-1].recorded_at
    yield house.clock.now.astimezone(OFFICE).date()
    house.clock.now = before


def test_a_bundle_is_planned_and_taken(house: House, case: str, later: date) -> None:
    program = Program(house)  # with tokens of that day
    house.made.auditing.seal(lambda _done, _total: None)
    plan = program.get(f"/audit/bundle?from=2026-01-01&to={later}&case={case}", "auditor")
    assert plan.status_code == 200, plan.text
    assert (plan.json()["facts"], plan.json()["before"]) == (2, None)
    taken = program.get(plan.json()["href"].removeprefix("/api/v1"), "auditor")
    assert (taken.status_code, taken.headers["content-type"]) == (200, "application/gzip")
    assert case in gzip.decompress(taken.content).decode()
    policy = program.get("/audit/bundle/policy", "auditor")
    assert (policy.status_code, plan.json()["origin"] in policy.text) == (200, True)
    late = program.get("/audit/bundle?from=2199-01-01&to=2199-01-02", "auditor")
    assert (late.status_code, late.json()["code"]) == (422, "bundle.not-come")


@pytest.mark.parametrize("who", ["officer", "administrator", "technician"])
def test_nobody_else_reads_the_log(program: Program, who: str) -> None:
    for path in (FACTS, f"/audit/figures?{PERIOD}", "/audit/looks", f"/audit/bundle?{PERIOD}", "/audit/bundle/policy"):
        assert program.get(path, who).status_code == 403, path
        lacks = program.get(path, "auditor", scopes=("cases:read", "events:read"))
        assert lacks.json()["params"] == {"scope": "audit:read"}, path
    assert program.get(f"/audit/bundle/file?{PERIOD}", who).status_code == 403
