"""Both clocks: what had been recorded by a moment, and what of it had happened by a day."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from application.past import AsOf, end_of_day, happened_by, seen
from application.ports import Recorded
from domain.dates import PartialDate
from domain.initiatives import events as e
from domain.initiatives.initiative import Initiative, fold
from domain.initiatives.terms import Instrument, Kind, Origin, Stage
from domain.kernel import AccountId, CommandKey, VaultRef
from tests.domain.initiatives.test_road import begun, tried
from tests.domain.specification import WITH_MODRICA, WORDS

CASE = UUID(int=9)
FAR = datetime(2030, 1, 1, tzinfo=UTC)


def recorded(facts: Iterable[tuple[datetime, e.InitiativeEvent]]) -> list[Recorded]:
    return [
        Recorded(
            stream=CASE,
            version=version,
            position=version,
            recorded_at=at,
            actor=AccountId(UUID(int=1)),
            on_behalf_of=None,
            command=CommandKey(UUID(int=version)),
            fact=fact,
        )
        for version, (at, fact) in enumerate(facts, 1)
    ]


def on(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 9, tzinfo=UTC)


def signed(day: str) -> e.AgreementSigned:
    return e.AgreementSigned(occurred_on=PartialDate(day), instrument=Instrument.PROTOCOL)


SIGNED = recorded(
    [
        (
            on(1, 12),
            e.InitiativeProposed(
                number="2026-0009",
                kind=Kind.TWINNING,
                parties=WITH_MODRICA,
                origin=Origin.LOCAL_GOVERNMENT,
                rationale=WORDS,
                occurred_on=PartialDate("2026-01-12"),
            ),
        ),
        (on(3, 10), signed("2026-03-01")),
        (on(4, 1), e.FactCorrected(corrects=2, restated=signed("2026-03-05"), reason=VaultRef(UUID(int=78)))),
    ]
)
"""Signed on 1 March, recorded on 10 March, corrected to 5 March on 1 April."""
NINE = [
    # known by the end of, valid on, the day of signing that is seen
    ((3, 5), (2, 28), None),
    ((3, 5), (3, 1), None),
    ((3, 5), (3, 5), None),
    ((3, 10), (2, 28), None),
    ((3, 10), (3, 1), "2026-03-01"),
    ((3, 10), (3, 5), "2026-03-01"),
    ((4, 1), (2, 28), None),
    ((4, 1), (3, 1), None),
    ((4, 1), (3, 5), "2026-03-05"),
]


def state_as_of(history: Sequence[Recorded], as_of: AsOf) -> Initiative | None:
    return fold(r.fact for r in seen(history, as_of))  # pyright: ignore[reportArgumentType] - facts of one case


@pytest.mark.parametrize(("known", "valid", "day"), NINE)
def test_each_pair_of_days_shows_the_signing_that_was_known_and_had_happened(
    known: tuple[int, int], valid: tuple[int, int], day: str | None
) -> None:
    as_of = AsOf(known_at=end_of_day(date(2026, *known)), valid_at=date(2026, *valid))
    state = state_as_of(SIGNED, as_of)
    assert state is not None
    found = state.last(e.AgreementSigned)
    assert (found.occurred_on if found else None) == day
    assert state.stage is (Stage.SIGNED if day else Stage.PROPOSED)


def test_known_alone_keeps_the_correction_as_a_fact_of_its_own() -> None:
    at_head = seen(SIGNED, AsOf(known_at=FAR))
    assert at_head == SIGNED


def test_nothing_is_seen_before_the_beginning_on_either_clock() -> None:
    assert seen(SIGNED, AsOf(known_at=on(1, 11))) == []
    assert seen(SIGNED, AsOf(known_at=FAR, valid_at=date(2026, 1, 11))) == []


def test_a_day_ends_with_the_midnight_of_the_office() -> None:
    assert end_of_day(date(2026, 3, 10)) == datetime(2026, 3, 10, 22, 59, 59, 999_999, tzinfo=UTC)
    assert end_of_day(date(2026, 7, 10)) == datetime(2026, 7, 10, 21, 59, 59, 999_999, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "by"),
    [
        ("2026-03-01", date(2026, 3, 1)),
        ("2026-02", date(2026, 2, 28)),
        ("2026-03", date(2026, 3, 10)),  # recorded on the tenth: it had happened by then
        ("2025", date(2025, 12, 31)),
        (None, date(2026, 3, 10)),
    ],
)
def test_what_is_known_only_as_a_month_has_happened_when_that_is_over(day: str | None, by: date) -> None:
    fact = e.VisitHeld(occurred_on=PartialDate(day) if day else None)
    assert happened_by(recorded([(on(3, 10), fact)])[0]) == by


@given(seed=st.integers(0, 2**32), length=st.integers(0, 25))
@settings(deadline=None, max_examples=60)
def test_every_place_on_the_clocks_of_every_history_can_be_folded(seed: int, length: int) -> None:
    r = Random(seed)  # noqa: S311 - a walk, not a secret
    facts = [begun(r)]
    for _ in range(length):
        ways = tried(fold(facts), r)
        if not ways:
            break
        facts += r.choice(ways)
    moment = datetime(2026, 3, 17, 9, tzinfo=UTC)
    history = recorded((moment + timedelta(hours=6 * n), fact) for n, fact in enumerate(facts))
    for known in (r.recorded_at for r in history):
        assert state_as_of(history, AsOf(known_at=known)) == fold(f.fact for f in history if f.recorded_at <= known)  # type: ignore[arg-type]
        for valid in {happened_by(r) for r in history}:
            state_as_of(history, AsOf(known_at=known, valid_at=valid))
    now, stands = fold(facts), state_as_of(history, AsOf(known_at=FAR, valid_at=date.max))
    assert now is not None
    if stands is not None:
        shown = ("number", "kind", "stage", "parties", "handler", "fields", "support", "term", "merged_into", "tasks")
        assert {name: getattr(stands, name) for name in shown} == {name: getattr(now, name) for name in shown}
