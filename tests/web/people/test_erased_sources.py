"""From where the word of a side is known: in the vault since version 2 of the fact, in clear in older ones."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from io import BytesIO
from pathlib import Path

import msgspec
import pytest
from litestar.testing import TestClient

from application.handling import OFFICE
from application.identity import case_id
from domain.initiatives import events as e
from domain.initiatives.initiative import Initiative, fold
from domain.initiatives.sides import reports
from tests.planting import plant
from tests.web.casework_stack import Browser, Stack, proposed
from tests.web.people.handling import erased, received

OLD, NEW = "Dopis, potpisala Vera Stara", "Beleška: zvala Vera Nova"
REPORT = "/initiatives/{}/report-party-status"
TOWNS = iter(("Edirne", "Izmir", "Bursa", "Konya", "Adana", "Antalya"))


def planted(stack: Stack, number: str, topic: str, fact: Mapping[str, object]) -> int:
    """A fact as an older release wrote it; its version."""
    stream = case_id(number)
    someone = "00000000-0000-4000-8000-000000000001"
    body = {"actor": someone, "command": someone, "fact": {"fact": topic.rpartition(".v")[0], **fact}}
    plant(stack.made.settings.database_url, stream, topic, msgspec.json.encode(body))
    shown(stack)
    return stack.made.log.read(stream)[-1].version


def old_report(stack: Stack, number: str, source: str = OLD) -> int:
    told = {"occurred_on": "2026-02", "party": "nis", "status": "decided", "source": source}
    return planted(stack, number, "initiative.party-status-reported.v1", told)


def new_report(by: Browser, number: str, source: str = NEW, **more: str) -> None:
    values = {"party": "nis", "status": "proposed", "occurred_on": "3. 2. 2026.", "known_from": source} | more
    done = by.do(number, "report-party-status", values)
    assert done.path == f"/initiatives/{number}", done.words


def today() -> date:
    return datetime.now(OFFICE).date()


def shown(stack: Stack) -> None:
    assert stack.made.read_side.views.caught_up(stack.made.log.head(), 20)


def state_of(stack: Stack, number: str) -> Initiative:
    state = fold([r.fact for r in stack.made.log.read(case_id(number))])  # type: ignore[misc]
    assert state is not None
    return state


@pytest.fixture
def number(stack: Stack, coordinator: Browser) -> Iterator[str]:
    made = proposed(coordinator, "nis", next(TOWNS), rationale="Predlog.")
    coordinator.do(made, "coordinate")
    yield made
    shown(stack)  # nothing here stops the views


def test_an_old_report_reads_beside_a_new_one(stack: Stack, coordinator: Browser, number: str) -> None:
    old_report(stack, number)
    new_report(coordinator, number)
    shown(stack)
    before, after = [report for _, report in reports(state_of(stack, number))]
    assert (before.source, before.known_from, after.source) == (OLD, None, None)
    assert after.known_from
    for page in ("", "/history", f"/history?known_at={today()}", "/account"):
        words = coordinator.open(f"/initiatives/{number}{page}").answer.text
        assert (OLD in words, NEW in words) == (True, True), page


def test_subscribers_get_both_in_the_shape_of_today(
    stack: Stack, coordinator: Browser, administrator: Browser, number: str
) -> None:
    old_report(stack, number)
    new_report(coordinator, number)
    by, account = administrator.person, coordinator.person.account
    token = stack.made.signing_in.issue_token(by, account, "feed", ("events:read",), timedelta(days=1))
    client = TestClient(stack.app, base_url="http://testserver.local")
    asked = f"/api/v1/events?case={number}&type=initiative.party-status-reported.v2"
    answer = client.get(asked, headers={"authorization": f"Bearer {token}"})
    first, second = (event["data"]["fact"] for event in answer.json())
    assert first["source"] == OLD
    assert "known_from" not in first
    assert second.keys() == {"fact", "occurred_on", "party", "status", "known_from"}
    assert NEW not in answer.text


def test_what_was_erased_is_erased_on_every_page_and_day(
    stack: Stack, coordinator: Browser, administrator: Browser, number: str
) -> None:
    old_report(stack, number)
    new_report(coordinator, number)
    before = state_of(stack, number)
    assert erased(administrator, received(administrator, "erasure", "Vera Nova"), "Vera Nova") >= 1
    shown(stack)
    assert state_of(stack, number) == before
    clocks = (f"?known_at={today()}", f"?valid_at={today()}", f"/history?valid_at={today()}")
    for page in ("", "/history", "/history?order=recorded", *clocks):
        there = coordinator.open(f"/initiatives/{number}{page}")
        assert there.status == 200
        assert ("Vera Nova" in there.answer.text, "[erased]" in there.words) == (False, True), page
        assert OLD in there.answer.text, "what an old fact holds in clear cannot be erased, and nobody hides that"
    account = coordinator.open(f"/initiatives/{number}/account?lang=sr-Cyrl").answer.text
    assert ("Vera Nova" in account, "[обрисано]" in account) == (False, True)
    for kind in ("csv", "xlsx", "jsonl", "parquet"):
        taken = coordinator.client.get(f"/audit/log/export/{kind}?case={number}").content
        assert b"Vera Nova" not in BytesIO(taken).read()
    correct = coordinator.open(f"/initiatives/{number}/history/{before.version}/correct")
    assert ("Vera Nova" in correct.answer.text, correct.status) == (False, 200)


def test_a_corrected_old_report_keeps_its_words_or_moves_them_to_the_vault(
    stack: Stack, coordinator: Browser, administrator: Browser, number: str
) -> None:
    version = old_report(stack, number)
    path = f"/initiatives/{number}/history/{version}/correct"
    opened = coordinator.open(path)
    assert dict(opened.form(path).fields)["known_from"] == OLD
    again = coordinator.send(opened, path, {"reason": "Bez razloga."})
    assert again.status == 422, "nothing is corrected"

    assert coordinator.send(opened, path, {"status": "consented", "reason": "Pogrešno."}).status == 200
    [(_, report)] = reports(state_of(stack, number))
    assert (report.status, report.source, report.known_from) == ("consented", OLD, None)

    words = "Zapisnik, vodila Vera Treća"
    done = coordinator.send(coordinator.open(path), path, {"known_from": words, "reason": "Pogrešan izvor."})
    assert done.status == 200, done.words
    [(_, report)] = reports(state_of(stack, number))
    assert report.source is None
    assert report.known_from
    shown(stack)
    case, history = (coordinator.open(f"/initiatives/{number}{page}").answer.text for page in ("", "/history"))
    assert (words in case, OLD in case) == (True, False)
    assert words in history
    assert OLD in history

    assert erased(administrator, received(administrator, "erasure", "Vera Treća"), "Vera Treća") >= 1
    case, history = (coordinator.open(f"/initiatives/{number}{page}").words for page in ("", "/history"))
    for there in (case, history):
        assert ("Vera Treća" in there, "[erased]" in there) == (False, True)
    assert OLD in history


def test_an_old_correction_reads_with_the_report_that_it_restates(
    stack: Stack, coordinator: Browser, number: str
) -> None:
    version = old_report(stack, number)
    right = {
        "fact": "initiative.party-status-reported",
        "party": "nis",
        "status": "decided",
        "source": f"{OLD}, 2. maj",
    }
    reason = next(
        r.fact.rationale for r in stack.made.log.read(case_id(number)) if isinstance(r.fact, e.InitiativeProposed)
    )
    planted(stack, number, "initiative.corrected.v1", {"corrects": version, "restated": right, "reason": str(reason)})
    [(_, report)] = reports(state_of(stack, number))
    assert (report.source, report.known_from) == (f"{OLD}, 2. maj", None)
    told = (Path(__file__).parents[3] / "docs" / "personal-data.md").read_text("utf-8")
    [asked] = re.findall(r"```sql\n(.*?)```", told, re.DOTALL)
    with stack.made.pool.connection() as db:
        listed = [row[-1] for row in db.execute(asked).fetchall() if row[1] == case_id(number)]
    assert listed == [OLD, f"{OLD}, 2. maj"], "what the guide says to look for"
    shown(stack)
    assert f"{OLD}, 2. maj" in coordinator.open(f"/initiatives/{number}").words


def test_the_same_request_again_is_the_same_and_another_one_under_its_key_is_refused(
    stack: Stack, coordinator: Browser, number: str
) -> None:
    path = REPORT.format(number)
    opened = coordinator.open(path)
    values = {"party": "nis", "status": "signed", "occurred_on": "2026", "known_from": NEW}
    for _ in range(2):
        assert coordinator.send(opened, path, values).path == f"/initiatives/{number}"
    assert len(list(reports(state_of(stack, number)))) == 1
    other = coordinator.send(opened, path, values | {"known_from": "Nešto drugo"})
    assert other.path != f"/initiatives/{number}"
    assert len(list(reports(state_of(stack, number)))) == 1
    assert json.dumps(NEW) not in json.dumps(msgspec.to_builtins(state_of(stack, number)))
