"""What is a person's own, by program: cases that are followed, notices, mail, saved filters."""

import time
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from adapters.office.absences import PostgresAbsences
from adapters.office.notifier import Notifier
from domain.initiatives.decisions import coordinating
from tests.web.api.program import Program
from tests.web.running import OTHER, House


@pytest.fixture
def notifier(house: House) -> Iterator[Notifier]:
    made = house.made
    away = PostgresAbsences(made.pool)
    running = Notifier(made.settings.database_url, made.log, made.reminders, made.accounts, made.clock, away)
    running.start()
    yield running
    running.stop()


def told(house: House) -> None:
    """Wait until everybody was told of everything."""
    house.show_everything()
    head, deadline = house.head(), time.monotonic() + 20
    while time.monotonic() < deadline:
        with house.made.pool.connection() as db:
            row = db.execute("SELECT position FROM office.cursors WHERE name = 'notices'").fetchone()
        if row and row[0] >= head:
            return
        time.sleep(0.02)
    raise AssertionError("the notifier stands still")


@pytest.fixture
def case(house: House) -> str:
    number = house.propose()
    house.show_everything()
    return number


def followed(program: Program, case: str, who: str = "coordinator") -> dict[str, Any] | None:
    found = program.get("/followed", who).json()["followed"]
    return next((one for one in found if one["number"] == case), None)


def test_what_changes_in_a_followed_case_is_news_until_it_was_seen(house: House, program: Program, case: str) -> None:
    assert followed(program, case) is None
    answer = program.post(f"/initiatives/{case}/follow", {})
    assert (answer.status_code, answer.json()) == (200, {"number": case, "follows": True})
    assert (followed(program, case) or {})["changes"] == 0
    house.advance(case, coordinating.Coordinate(handler=house.accounts["coordinator"].id))
    house.show_everything()
    news = followed(program, case) or {}
    assert (news["changes"], news["newest"], news["stage"]) == (1, "initiative.coordination-started", "coordinating")
    until = program.get("/followed").json()["position"]
    assert program.post("/followed/seen", {"position": until}).json() == {"position": until}
    assert (followed(program, case) or {})["changes"] == 0
    assert followed(program, case, "auditor") is None, "everybody has a list of their own"
    assert program.post(f"/initiatives/{case}/unfollow", {}).json()["follows"] is False
    assert followed(program, case) is None


def test_the_same_key_does_it_once(program: Program, case: str) -> None:
    key = str(uuid4())
    program.post(f"/initiatives/{case}/follow", {}, idempotency_key=key)
    program.post(f"/initiatives/{case}/unfollow", {})
    again = program.post(f"/initiatives/{case}/follow", {}, idempotency_key=key)
    assert (again.json()["follows"], again.headers["idempotency-replayed"]) == (True, "true")
    assert followed(program, case) is None
    reused = program.post(f"/initiatives/{case}/unfollow", {}, idempotency_key=key)
    assert (reused.status_code, reused.json()["code"]) == (422, "log.key-reused")


def test_what_lies_out_of_sight_is_not_followed(program: Program, case: str) -> None:
    hidden = program.post(f"/initiatives/{case}/follow", {}, "stranger")
    nowhere = program.post("/initiatives/2026-9999/follow", {}, "stranger")
    assert (hidden.status_code, hidden.json()["code"]) == (404, nowhere.json()["code"])
    assert program.get("/followed", "administrator").status_code == 403
    assert program.ask("POST", f"/initiatives/{case}/follow", scopes=("cases:read",), json={}).status_code == 403
    assert program.post("/followed/seen", {"position": -1}).json()["field"] == "position"


@pytest.mark.usefixtures("notifier")
def test_notices_are_read_as_far_as_they_were_seen(house: House, program: Program, case: str) -> None:
    handler = house.accounts["coordinator"].id
    sent = {"handler": str(handler), "occurred_on": "2026-03-17"}
    # somebody else names the coordinator: nobody is told of an own deed
    house.account("boss", house.person("coordinator").role)
    assert program.post(f"/initiatives/{case}/coordinate", sent, "boss", if_match="*").status_code == 200
    told(house)
    found = program.get("/notices?limit=1").json()
    (newest,) = found["notices"]
    assert (newest["number"], newest["kind"], newest["read"]) == (case, "handler", False)
    assert newest["about"] == "initiative.coordination-started"
    assert newest["by"]["name"] == "Име boss"
    before = found["unread"]
    assert before >= 1
    other = program.post(f"/notices/{newest['id']}/read", {}, "auditor")
    assert other.status_code == 200, "it stays as it is"
    assert program.get("/notices").json()["unread"] == before
    assert program.post(f"/notices/{newest['id']}/read", {}).json() == {"unread": before - 1}
    assert program.get("/notices?limit=1").json()["notices"][0]["read"] is True
    assert program.post("/notices/read", {"until": newest["id"]}).json() == {"unread": 0}
    assert program.post("/notices/read", {"until": 0}).status_code == 400
    assert program.post(f"/notices/{10**30}/read", {}).status_code == 404
    assert program.get("/notices", "administrator").status_code == 403


def test_mail_is_chosen_by_kind(program: Program) -> None:
    before = program.get("/notices/mail").json()["mail"]
    assert before["followed"] == "digest"
    answer = program.post("/notices/mail", {"mail": {"followed": "none"}})
    assert answer.json()["mail"] == {**before, "followed": "none"}
    assert program.get("/notices/mail").json() == answer.json()
    for wrong in ({"moved": "none"}, {"colour": "none"}):
        refused = program.post("/notices/mail", {"mail": wrong})
        assert (refused.status_code, refused.json()["field"]) == (422, "mail"), "a coordinator is never told of that"
    assert program.post("/notices/mail", {"mail": {"followed": "often"}}).status_code == 400


def test_saved_filters_lead_to_the_list(house: House, program: Program) -> None:
    elsewhere = house.propose(OTHER)
    house.show_everything()
    query = f"local_government={OTHER}&differs=yes&column=ends"
    saved = program.post("/views", {"name": "Leskovac, gde se ne slažu", "query": query})
    assert saved.status_code == 201, saved.text
    view = saved.json()
    assert (view["query"], view["shared"], view["changeable"]) == (query, False, True)
    answer = program.get(view["href"].removeprefix("/api/v1"))
    assert (answer.status_code, answer.json()["total"]) == (200, 0)
    changed = program.post(f"/views/{view['id']}", {"query": f"local_government={OTHER}"}).json()
    assert (changed["name"], changed["query"]) == (view["name"], f"local_government={OTHER}")
    listed = program.get(changed["href"].removeprefix("/api/v1")).json()["initiatives"]
    assert elsewhere in [one["number"] for one in listed]
    assert program.get("/views").json()["views"] == [changed]
    assert program.get(f"/views/{view['id']}").json() == changed
    assert program.get(f"/views/{view['id']}", "auditor").status_code == 404
    assert program.post(f"/views/{view['id']}/remove", {}).json() == changed
    assert program.get("/views").json()["views"] == []
    assert program.post(f"/views/{view['id']}/remove", {}).status_code == 404


def test_filters_are_shared_by_coordinators_and_read_by_those_who_see_all(program: Program) -> None:
    shared = program.post("/views", {"name": "Za sve", "query": "country=TR", "shared": True}).json()
    assert program.get(f"/views/{shared['id']}", "auditor").json()["changeable"] is False
    refused = program.post(f"/views/{shared['id']}", {"name": "Moje"}, "auditor")
    assert (refused.status_code, refused.json()["code"]) == (403, "access.saved-view-not-yours")
    assert program.get(f"/views/{shared['id']}", "officer").status_code == 404
    own = program.post("/views", {"name": "Moji", "query": "", "shared": True}, "officer")
    assert (own.status_code, own.json()["code"]) == (403, "access.coordinators-share")
    for query in ("stage=asleep", "colour=red&stage=" + "x" * 50, "partner=1"):
        unreadable = program.post("/views", {"name": "x", "query": query})
        assert (unreadable.status_code, unreadable.json()["code"]) == (422, "saved-view.unreadable")
    taken = program.post("/views", {"name": "Za sve", "query": "country=BG"})
    assert (taken.status_code, taken.json()["code"]) == (422, "saved-view.name-taken")
