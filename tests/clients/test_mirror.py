"""What a mirror makes of events that it meets twice, out of order, in older or newer shapes, or does not know."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from mirror import Mirror, Unreadable
from pobratim_client import Batch, Cursor, CursorFault, Event

SOURCE, CASE, PARTNER = "http://pobratim.example", str(UUID(int=1)), str(UUID(int=2))
PARTIES = [{"role": "home", "local_government": "nis"}, {"role": "partner", "partner": PARTNER}]
PROPOSED = {
    **{"fact": "initiative.proposed", "occurred_on": "2026-01-12", "number": "2026-0001", "kind": "twinning"},
    **{"parties": PARTIES, "origin": "embassy", "rationale": str(UUID(int=9))},
}


def event(version: int, topic: str, fact: dict[str, Any], position: int = 0, stream: str = CASE) -> Event:
    data = {"stream": stream, "version": version, "actor": "x", "fact": fact}
    return Event(
        *(str(position or version), SOURCE, topic, "2026-0001", f"2026-03-{version:02d}T00:00:00.000000Z"),
        **{"occurred_on": fact.get("occurred_on"), "data": data, "whole": {}},
    )


BEGUN = event(1, "initiative.proposed.v1", PROPOSED)
STARTED = event(2, "initiative.coordination-started.v1", {"handler": "jelena"})
SUSPENDED = event(3, "initiative.suspended.v1", {"reason": str(UUID(int=8))})


@pytest.fixture
def mirror(tmp_path: Path) -> Iterator[Mirror]:
    with closing(Mirror(str(tmp_path / "register.sqlite"))) as made:
        yield made


def row(mirror: Mirror) -> dict[str, Any]:
    (one,) = mirror.rows()
    return one


def unread(mirror: Mirror) -> int:
    return mirror.db.execute("SELECT unread FROM cases").fetchone()[0]


def batch(before: int, *events: Event) -> Batch:
    position = events[-1].position
    return Batch(events, Cursor(position, SOURCE), Cursor(before, SOURCE if before else ""))


def test_what_a_webhook_brought_is_passed_by_when_the_feed_brings_it(mirror: Mirror) -> None:
    mirror.deliver([BEGUN])
    mirror.deliver([BEGUN, STARTED])
    mirror.take(batch(0, BEGUN, STARTED, SUSPENDED))

    assert (row(mirror)["stage"], row(mirror)["version"]) == ("suspended", 3)
    assert mirror.db.execute("SELECT count(*) FROM facts").fetchone() == (3,)
    assert mirror.cursor.load() == Cursor(3, SOURCE)


def test_a_delivery_before_its_turn_changes_nothing(mirror: Mirror) -> None:
    mirror.deliver([BEGUN])
    with pytest.raises(Unreadable, match="version 3 of its history; 1 is here"):
        mirror.deliver([SUSPENDED])
    assert row(mirror)["version"] == 1


def test_of_the_requests_of_persons_only_what_concerns_texts_is_given_out(mirror: Mirror) -> None:
    erased = [event(n, "people.entry-erased.v1", {"entry": f"x{n}"}, n + 1, PARTNER) for n in (4, 7)]
    mirror.take(batch(0, BEGUN, *erased))
    mirror.deliver(erased)
    assert mirror.db.execute("SELECT count(*) FROM gone").fetchone() == (2,)


def test_a_batch_is_taken_whole_or_not_at_all(mirror: Mirror) -> None:
    with pytest.raises(Unreadable, match="cannot be read"):
        mirror.take(batch(0, BEGUN, event(2, "initiative.coordination-started.v1", {})))
    assert (mirror.rows(), mirror.cursor.load()) == ([], Cursor())
    with pytest.raises(CursorFault):
        mirror.take(batch(5, BEGUN))
    assert mirror.rows() == []


def test_fields_and_codes_that_are_not_known_pass(mirror: Mirror) -> None:
    newer = {
        **PROPOSED,
        "kind": "sisterhood",
        "colour": "red",
        "parties": [*PARTIES, {"role": "patron", "partner": "x"}],
    }
    mirror.deliver([event(1, "initiative.proposed.v1", newer), STARTED])

    assert (row(mirror)["kind"], row(mirror)["stage"], len(row(mirror)["partners"])) == (
        "sisterhood",
        "coordinating",
        1,
    )
    assert unread(mirror) == 0


@pytest.mark.parametrize("topic", ["initiative.blessed.v1", "initiative.suspended.v2", "initiative.suspended"])
def test_a_topic_or_shape_that_is_not_known_is_kept_and_counted(mirror: Mirror, topic: str) -> None:
    mirror.deliver([BEGUN, STARTED, event(3, topic, {"reason": "x"}), event(1, "weather.seen.v1", {}, 4, "other")])

    understood = topic == "initiative.suspended"
    assert (row(mirror)["stage"], row(mirror)["version"]) == ("suspended" if understood else "coordinating", 3)
    assert unread(mirror) == (0 if understood else 1)


def test_a_case_that_begins_in_a_way_that_is_not_known_is_kept_without_a_row(mirror: Mirror) -> None:
    mirror.deliver([event(1, "initiative.dreamt-of.v1", {"new": 1}), STARTED, SUSPENDED])
    assert (mirror.rows(), mirror.unasked()) == ([], [])
    assert mirror.held(CASE) == {"version": 3, "facts": 3, "words": []}


def test_older_topics_are_understood(mirror: Mirror) -> None:
    report = {"fact": "initiative.party-status-reported", "party": "nis", "status": "decided", "source": "Записник"}
    restated = {**PROPOSED, "kind": "decentralised", "occurred_on": "2026-01"}
    corrected = {"corrects": 1, "restated": restated, "reason": str(UUID(int=7))}
    mirror.deliver(
        [
            BEGUN,
            event(2, "initiative.party-status-reported.v1", report),
            event(3, "initiative.corrected.v1", corrected),
        ]
    )

    told = (row(mirror)["kind"], row(mirror)["proposed_on"], row(mirror)["stage"], row(mirror)["version"])
    assert (told, unread(mirror)) == (("decentralised", "2026-01", "proposed", 3), 0)


def test_a_merging_of_cases_and_of_partners_leads_on(mirror: Mirror) -> None:
    other = str(UUID(int=3))
    mirror.deliver(
        [
            BEGUN,
            event(2, "initiative.merged.v1", {"into": str(UUID(int=5)), "into_number": "2025-0009"}),
            event(1, "partner.registered.v1", {"name": "Modriča", "country": "BA"}, 3, PARTNER),
            event(1, "partner.registered.v1", {"name": "Doboj", "country": "BA"}, 4, other),
            event(2, "partner.merged.v1", {"into": other}, 5, PARTNER),
        ]
    )

    assert row(mirror)["stage"] == "merged"
    assert row(mirror)["partners"] == [{"id": other, "name": "Doboj", "country": "BA", "part_of": None}]
    assert mirror.db.execute("SELECT merged_into FROM cases").fetchone() == ("2025-0009",)
