"""Subscriptions kept by program, absences entered by program: as an administrator does on pages, and nobody else."""

from typing import Any
from uuid import uuid4

import pytest

from application.access import Role
from tests.web.api.program import Program
from tests.web.running import House

KEEPER = "administrator"
PATH = "/subscriptions"
OF_KEEPERS = ("test", "resume", "pause", "rotate", "release")
OF_ADMINISTRATORS = ("change", "disable", "replay", "replay/stop")
WISH: dict[str, Any] = {"name": "Portal Niša", "address": "https://portal.example.rs/pobratim"}


def created(program: Program, code: str, **more: Any) -> dict[str, Any]:
    answer = program.post(PATH, {"code": code, **WISH, **more}, KEEPER)
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_a_subscription_lives_by_program(house: House, program: Program) -> None:
    made = created(program, "zivot", filter={"local_government": ["nis"], "kind": ["twinning"]}, after=0)
    assert made["secret"].startswith("whsec_")
    shown = program.get(f"{PATH}/zivot", KEEPER).json()
    assert (shown["standing"], shown["after"], shown["filter"]["local_government"]) == ("new", 0, ["nis"])
    assert made["secret"] not in program.get(PATH, KEEPER).text
    assert "zivot" in [one["code"] for one in program.get(PATH, KEEPER).json()["subscriptions"]]
    for deed, standing in (("resume", "active"), ("pause", "paused"), ("resume", "active"), ("disable", "disabled")):
        before = house.head()
        answer = program.post(f"{PATH}/zivot/{deed}", {}, KEEPER)
        assert (answer.status_code, answer.json()["standing"]) == (200, standing), answer.text
        assert house.head() == before + 1
    refused = program.post(f"{PATH}/zivot/pause", {}, KEEPER)
    assert refused.status_code == 422, "what is disabled does not rest"


def test_the_same_request_does_it_once_and_gives_no_secret_again(house: House, program: Program) -> None:
    key, body = str(uuid4()), {"code": "jednom", **WISH}
    first = program.post(PATH, body, KEEPER, idempotency_key=key)
    head = house.head()
    again = program.post(PATH, body, KEEPER, idempotency_key=key)
    assert (again.status_code, again.json()) == (201, {"code": "jednom", "secret": ""})
    assert house.head() == head
    with house.made.pool.connection() as db:
        kept = [bytes(row[0]) for row in db.execute("SELECT body FROM access.answers").fetchall()]
    assert first.json()["secret"].encode() not in b" ".join(kept)
    key = str(uuid4())
    rotated = program.post(f"{PATH}/jednom/rotate", {"overlap_hours": 1}, KEEPER, idempotency_key=key)
    assert rotated.json()["secret"].startswith("whsec_")
    assert rotated.json()["secret"] != first.json()["secret"]
    head = house.head()
    assert (
        program.post(f"{PATH}/jednom/rotate", {"overlap_hours": 1}, KEEPER, idempotency_key=key).json()["secret"] == ""
    )
    assert house.head() == head


def test_a_change_is_made_upon_what_was_seen(program: Program) -> None:
    created(program, "izmena")
    seen = program.get(f"{PATH}/izmena", KEEPER).json()["seen"]
    changed = program.post(f"{PATH}/izmena/change", {**WISH, "name": "Drugo", "seen": seen}, KEEPER)
    assert (changed.status_code, changed.json()["name"]) == (200, "Drugo"), changed.text
    stale = program.post(f"{PATH}/izmena/change", {**WISH, "name": "Treće", "seen": seen}, KEEPER)
    assert (stale.status_code, stale.json()["code"], stale.json()["field"]) == (409, "log.conflict", "seen")
    for wrong, field in (
        ({"address": "http://portal.example.rs/"}, "address"),
        ({"filter": {"type": ["no.such.v1"]}}, "type"),
        ({"filter": {"local_government": ["atlantida"]}}, "local_government"),
        ({"keeper": str(uuid4())}, "keeper"),
    ):
        body = {**WISH, **wrong, "seen": changed.json()["seen"]}
        refused = program.post(f"{PATH}/izmena/change", body, KEEPER)
        assert (refused.status_code, refused.json()["field"]) == (422, field), refused.text
    assert program.post(PATH, {"code": "Ne Valja", **WISH}, KEEPER).json()["code"] == "subscription.code"
    assert program.post(PATH, {"code": "izmena", **WISH}, KEEPER).json()["code"] == "subscription.exists"


def test_a_try_and_what_was_answered_are_read(program: Program) -> None:
    created(program, "proba", address="https://10.0.0.7/hook")
    tried = program.post(f"{PATH}/proba/test", {}, KEEPER).json()
    assert tried["accepted"] is False
    assert tried["fault"].startswith("address-refused")
    listed = program.get(f"{PATH}/proba/deliveries", KEEPER).json()
    (one,) = listed["deliveries"]
    assert (one["position"], one["case"], one["answer"]["fault"]) == (0, "", tried["fault"])
    program.post(f"{PATH}/proba/test", {}, KEEPER)
    first = program.get(f"{PATH}/proba/deliveries?limit=1", KEEPER).json()
    second = program.get(f"{PATH}/proba/deliveries?limit=1&cursor={first['next']}", KEEPER).json()
    assert second["deliveries"] == [one]
    assert second["next"] is None
    assert program.get(f"{PATH}/proba/deliveries?outcome=taken", KEEPER).json()["deliveries"] == []
    assert program.get(f"{PATH}/proba/deliveries?outcome=lost", KEEPER).json()["field"] == "outcome"
    assert program.get(f"{PATH}/proba/cases", KEEPER).json() == {"parked": [], "waiting": []}
    refused = program.post(f"{PATH}/proba/release", {"case": "2026-0001"}, KEEPER)
    assert (refused.status_code, refused.json()["code"]) == (422, "subscription.not-parked")
    assert program.post(f"{PATH}/proba/release", {}, KEEPER).json()["parked"] == 0


def test_only_a_plan_that_was_shown_is_begun(program: Program) -> None:
    created(program, "ponovo")
    plan = program.get(f"{PATH}/ponovo/replay", KEEPER).json()
    assert (plan["after"], plan["facts"]) == (0, 0), "nothing was delivered yet"
    beyond = program.get(f"{PATH}/ponovo/replay?after=5", KEEPER)
    assert (beyond.status_code, beyond.json()["code"]) == (422, "subscription.nothing-to-replay")
    forged = program.post(f"{PATH}/ponovo/replay", {"plan": plan["plan"].replace('"after":0', '"after":1')}, KEEPER)
    assert (forged.status_code, forged.json()["code"]) == (422, "subscription.plan-over")
    other = created(program, "drugo")["code"]
    assert (
        program.post(f"{PATH}/{other}/replay", {"plan": plan["plan"]}, KEEPER).json()["code"]
        == "subscription.plan-over"
    )
    assert program.post(f"{PATH}/ponovo/replay/stop", {}, KEEPER).status_code == 422


def test_who_keeps_one_looks_after_it_and_after_no_other(house: House, program: Program) -> None:
    technician = house.accounts["technician"].id
    created(program, "njihova", keeper=str(technician))
    created(program, "nicija")
    listed = program.get(PATH, "technician").json()["subscriptions"]
    assert [one["code"] for one in listed] == ["njihova"]
    assert program.get(f"{PATH}/njihova", "technician").json()["keeper"]["id"] == str(technician)
    for deed in ("resume", "pause", "resume"):
        assert program.post(f"{PATH}/njihova/{deed}", {}, "technician").status_code == 200, deed
    assert program.post(f"{PATH}/njihova/rotate", {}, "technician").json()["secret"].startswith("whsec_")
    for deed in OF_ADMINISTRATORS:
        assert program.post(f"{PATH}/njihova/{deed}", {}, "technician").status_code == 403, deed
    assert program.post(f"{PATH}/njihova/rotate", {"lost": True}, "technician").status_code == 403
    assert program.get("/initiatives", "technician").status_code == 403


@pytest.mark.parametrize("who", ["coordinator", "officer", "approver", "auditor", "technician"])
def test_nobody_else_keeps_subscriptions(program: Program, who: str) -> None:
    created(program, f"tudja-{who}")
    for code in (f"tudja-{who}", "nema"):
        assert code not in program.get(PATH, who).text
        for rest in ("", "/deliveries", "/cases"):
            assert program.get(f"{PATH}/{code}{rest}", who).status_code == 404, rest
        for deed in OF_KEEPERS:
            assert program.post(f"{PATH}/{code}/{deed}", {}, who).status_code == 404, deed
        for deed in OF_ADMINISTRATORS:
            assert program.post(f"{PATH}/{code}/{deed}", {}, who).status_code == 403, deed
        assert program.get(f"{PATH}/{code}/replay", who).status_code == 403
    for rest in ("", "/deliveries", "/cases", "/replay"):
        assert program.get(f"{PATH}/nema{rest}", KEEPER).status_code == 404, rest
    for deed in (*OF_KEEPERS, *OF_ADMINISTRATORS):
        assert program.post(f"{PATH}/nema/{deed}", {}, KEEPER).status_code == 404, deed
        lacks = program.ask("POST", f"{PATH}/nema/{deed}", KEEPER, ("subscriptions:read", "cases:write"), json={})
        assert (lacks.status_code, lacks.json()["params"]) == (403, {"scope": "subscriptions:write"}), deed
    assert program.post(PATH, {}, who).status_code == 403


# --- absences


def test_an_absence_is_entered_and_ended(house: House, program: Program) -> None:
    stand_in = house.account("zamena", Role.COORDINATOR).id
    own = house.accounts["coordinator"].id
    today = house.made.reading.today()
    body = {"account": str(own), "substitute": str(stand_in), "first_day": str(today), "last_day": str(today)}
    key = str(uuid4())
    answer = program.post("/absences", body, idempotency_key=key)
    assert (answer.status_code, answer.json()["substitute"]["name"]) == (201, "Име zamena"), answer.text
    assert program.post("/absences", body, idempotency_key=key).json() == answer.json()
    listed = program.get("/absences").json()
    assert listed["absences"] == [answer.json()]
    assert str(own) in [one["id"] for one in listed["people"]]
    twice = program.post("/absences", body)
    assert (twice.status_code, twice.json()["code"]) == (422, "absence.overlaps")
    ended = program.post(f"/absences/{answer.json()['id']}/end", {})
    assert ended.json() == answer.json()
    gone = program.post(f"/absences/{answer.json()['id']}/end", {})
    assert (gone.status_code, gone.json()["code"]) == (422, "absence.gone")


def test_absences_are_entered_for_whom_one_may(house: House, program: Program) -> None:
    today = str(house.made.reading.today())
    wrong = {
        "account": str(house.accounts["officer"].id),
        "substitute": str(house.accounts["stranger"].id),
        "first_day": today,
        "last_day": today,
    }
    refused = program.post("/absences", wrong)
    assert (refused.status_code, refused.json()["field"]) == (422, "account")
    unfit = program.post("/absences", wrong, KEEPER)
    assert (unfit.status_code, unfit.json()["code"]) == (422, "absence.substitute-unfit")
    assert program.get("/absences", "auditor").status_code == 403
    assert program.post("/absences", wrong, "auditor").status_code == 403
