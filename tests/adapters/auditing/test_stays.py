"""How long a case stood in each stage: by the day on which things happened, as it is known today."""

from datetime import date

from adapters.auditing.stays import Stay, stays_of
from domain.dates import PartialDate
from domain.initiatives import events as e
from domain.initiatives.terms import Instrument, Kind, Origin
from tests.application.test_past import on, recorded
from tests.domain.specification import WITH_MODRICA, WORDS

PROPOSED = e.InitiativeProposed(
    number="2026-0009", kind=Kind.TWINNING, parties=WITH_MODRICA, origin=Origin.LOCAL_GOVERNMENT, rationale=WORDS
)
STARTED = e.CoordinationStarted(handler=None, occurred_on=PartialDate("2026-01-20"))  # pyright: ignore[reportArgumentType]


def told(*facts):
    return stays_of(recorded(facts))


def test_a_stage_lasts_from_its_day_to_that_of_the_next():
    found = told((on(1, 12), PROPOSED), (on(2, 1), STARTED), (on(2, 3), e.RemarkAdded(remark=WORDS)))
    assert found == [
        Stay("proposed", "twinning", date(2026, 1, 12), date(2026, 1, 20), 2),
        Stay("coordinating", "twinning", date(2026, 1, 20)),
    ]


def test_a_day_that_is_not_known_in_full_gives_way_to_that_of_recording():
    started = e.CoordinationStarted(handler=None, occurred_on=PartialDate("2026-01"))  # pyright: ignore[reportArgumentType]
    assert told((on(1, 12), PROPOSED), (on(2, 1), started))[1].since == date(2026, 2, 1)


def test_a_correction_moves_the_days_of_both_stages():
    signed = e.AgreementSigned(occurred_on=PartialDate("2026-03-01"), instrument=Instrument.PROTOCOL)
    right = e.AgreementSigned(occurred_on=PartialDate("2026-02-10"), instrument=Instrument.PROTOCOL)
    facts = ((on(1, 12), PROPOSED), (on(3, 10), signed))
    corrected = (on(4, 1), e.FactCorrected(corrects=2, restated=right, reason=WORDS))
    assert [(s.since, s.until) for s in told(*facts)] == [
        (date(2026, 1, 12), date(2026, 3, 1)),
        (date(2026, 3, 1), None),
    ]
    assert [(s.since, s.until) for s in told(*facts, corrected)] == [
        (date(2026, 1, 12), date(2026, 2, 10)),
        (date(2026, 2, 10), None),
    ]


def test_days_that_contradict_each_other_give_no_time_below_nothing():
    early = e.CoordinationStarted(handler=None, occurred_on=PartialDate("2025-12-01"))  # pyright: ignore[reportArgumentType]
    assert [s.since for s in told((on(1, 12), PROPOSED), (on(2, 1), early))] == [date(2026, 1, 12), date(2026, 1, 12)]


def test_a_history_that_breaks_counts_up_to_there():
    assert told((on(1, 12), PROPOSED), (on(2, 1), PROPOSED)) == [Stay("proposed", "twinning", date(2026, 1, 12))]
    assert told((on(1, 12), e.RemarkAdded(remark=WORDS))) == []
