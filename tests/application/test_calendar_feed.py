"""What a private calendar remembers: sequences rise with the day, and what is gone is cancelled for a while."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from application.calendar_feed import CANCELLED_STAYS, Item, renewed
from application.views.calendar import Dated, Sort
from application.views.register import RegisterRow
from domain.initiatives.procedure import Actor
from domain.initiatives.terms import Kind, Stage

NOW = datetime(2026, 3, 17, 7, 30, tzinfo=UTC)
DAY, FIRST, LAST = date(2026, 4, 1), date(2025, 3, 17), date(2028, 3, 17)
CASE = UUID(int=7)
KEY = (CASE, "publish")


def dated(version: int = 5) -> Dated:
    row = RegisterRow(
        case=CASE,
        number="2026-0001",
        home=("nis",),
        partners=(),
        kind=Kind.TWINNING,
        stage=Stage.CONSENT_GRANTED,
        handler=None,
        deed="publish",
        actor=Actor.LOCAL_GOVERNMENT,
        due=DAY,
        since=NOW,
        updated=NOW,
        version=version,
    )
    return Dated(Sort.DEADLINE, row)


def item(**more: object) -> Item:
    held = {"case": CASE, "step": "publish", "number": "2026-0001", "day": DAY, "sequence": 5, "changed_at": NOW}
    return Item(**{**held, **more})  # type: ignore[arg-type]


def read(*known: Item, day: date | None = DAY, version: int = 5, now: datetime = NOW, last: date = LAST) -> list[Item]:
    there = {KEY: (day, dated(version))} if day else {}
    return list(renewed({one.key: one for one in known}, there, FIRST, last, now).values())


def test_an_entry_begins_with_the_version_of_its_case() -> None:
    assert read() == [item()]


def test_an_entry_whose_day_stays_stays_as_it_was() -> None:
    assert read(item(), version=9, now=NOW + timedelta(days=1)) == [item()]


def test_another_day_raises_the_sequence() -> None:
    later = NOW + timedelta(days=1)
    moved = DAY + timedelta(days=3)
    assert read(item(), day=moved, version=5, now=later) == [item(day=moved, sequence=6, changed_at=later)]
    assert read(item(), day=moved, version=9, now=later) == [item(day=moved, sequence=9, changed_at=later)]


def test_what_is_gone_is_cancelled_by_a_higher_sequence_and_stays_so_for_a_while() -> None:
    (gone,) = read(item(), day=None)
    assert gone == item(cancelled=True, sequence=6)
    assert read(gone, day=None, now=NOW + CANCELLED_STAYS - timedelta(seconds=1)) == [gone]
    assert read(gone, day=None, now=NOW + CANCELLED_STAYS) == []


def test_a_step_that_comes_back_is_no_longer_cancelled() -> None:
    (gone,) = read(item(), day=None)
    (back,) = read(gone, version=5)
    assert (back.cancelled, back.sequence) == (False, 7)


def test_what_was_left_out_for_want_of_room_is_not_cancelled() -> None:
    assert read(item(), day=None, last=DAY) == [item()]


def test_what_passed_out_of_the_window_is_forgotten() -> None:
    assert read(item(day=FIRST - timedelta(days=1)), day=None) == []
