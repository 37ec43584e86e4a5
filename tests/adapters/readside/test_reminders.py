"""The same reminders whoever sweeps: day by day or all at once, by a clock that jumps, from pages cut anywhere."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.procedures.shelf import FiledProcedures
from adapters.readside.page import CASES, PARTNERS, Memory, fold_page
from adapters.readside.reminders import RemindersView
from application.identity import case_id
from application.ports import Recorded
from application.reminders import settled_day
from domain.initiatives import events as e
from domain.initiatives.reminding import Clock, Reminded
from domain.initiatives.terms import Renewal, Stage, Stance, Support, Term
from domain.kernel import AccountId, CommandKey
from tests.domain.initiatives import stories
from tests.domain.specification import WORDS
from tools.golden_rows import _Remembered, _Towns

CASE = case_id("2026-0009")
BEGIN = datetime(2026, 1, 5, 8, tzinfo=UTC)
PROCEDURES = FiledProcedures().now()
Given = dict[UUID, date]


class Projected:
    """What the view holds, as a database would, and what was given from it."""

    def __init__(self) -> None:
        self.memory, self.view = Memory(), RemindersView()
        self.source = _Remembered(self.memory)
        self.past: Given = {}
        self.running: dict[UUID, Clock] = {}
        self.given: Given = {}

    def page(self, facts: list[Recorded]) -> None:
        page = fold_page(facts, self.memory, self.source, _Towns(), PROCEDURES, {CASES, PARTNERS})
        past, running, stopped = (one.rows for one in self.view.project(page))
        self.past |= {row.id: row.on_day for row in past}
        for row in running:
            at = (row.deed, row.due, row.before, row.escalates, row.confirm_on, row.dormant_on)
            self.running[row.case_id] = Clock(Stage(row.stage), row.began, *at)
        for row in stopped:
            del self.running[row.case_id]

    def sweep(self, until: date) -> None:
        coming = ((case, clock, r) for case, clock in self.running.items() for r in clock.reminders())
        now = {r.identity(case, clock.stage): r.on for case, clock, r in coming if r.on <= until}
        past = {id_: on for id_, on in self.past.items() if on <= until}
        for id_, on in (past | now).items():
            self.given.setdefault(id_, on)


def recorded(facts: list[tuple[e.InitiativeEvent, datetime]]) -> list[Recorded]:
    key, actor = CommandKey(UUID(int=3)), AccountId(UUID(int=4))
    return [Recorded(CASE, n, n, at, actor, None, key, fact) for n, (fact, at) in enumerate(facts, 1)]


def life(r: Random) -> Iterator[e.InitiativeEvent]:
    """A case that goes on as chance wants: returned, suspended, extended, visited, corrected."""
    yield from stories.coordinating()
    if r.random() < 0.4:
        yield e.ProcedureSuspended(reason=WORDS, until=r.choice([None, "2026-06"]))
        yield e.ProcedureResumed()
    yield from (e.SupportGiven(items=tuple(Support)), e.CoordinationCompleted(), e.DraftingStarted())
    if r.random() < 0.5:
        yield e.DeadlineExtended(deed="adopt-decision", until=f"20{r.randint(26, 29)}-07-01", reason=WORDS)
    yield from (e.DraftReviewed(languages=("sr",)), stories.ADOPTED)
    yield e.ConsentRequested(registry_number="1", addressee="Ministarstvo")
    while r.random() < 0.4:
        yield e.FileReturned(missing=WORDS, due_on=r.choice(["2026-05-20", "2027-02-01"]))
        if r.random() < 0.5:
            yield e.RemarkAdded(remark=WORDS)
        yield e.FileSupplemented()
    yield e.OpinionReceived(body="Ministarstvo", stance=Stance.FAVOURABLE)
    yield from (stories.GRANTED, stories.PUBLISHED, stories.SIGNED, stories.IN_FORCE)
    while r.random() < 0.7:
        yield r.choice([e.VisitHeld(occurred_on="2027"), e.PartnershipConfirmed(occurred_on="2026-11"), *_turn(r)])
    if r.random() < 0.3:
        yield e.ExpiryApproached(ends_on="2030-12-31")
        yield e.AgreementRenewed(renewal=Renewal.TACIT, term=Term(ends_on="2036"))


def _turn(r: Random) -> list[e.InitiativeEvent]:
    signed = e.AgreementSigned(instrument="charter", term=Term(ends_on=f"{r.randint(2027, 2031)}"))
    return [e.RemarkAdded(remark=WORDS), e.FactCorrected(corrects=13, restated=signed, reason=WORDS)]


@settings(max_examples=150, deadline=None)
@given(seed=st.integers(0, 2**40))
def test_the_same_reminders_day_by_day_and_all_at_once(seed: int) -> None:
    r = Random(seed)  # noqa: S311 - a walk, not a secret
    at, jump, stamped = BEGIN, timedelta(0), BEGIN
    day_by_day = Projected()
    facts: list[tuple[e.InitiativeEvent, datetime]] = []
    for fact in life(r):
        until = at + timedelta(hours=r.choice([0, 0, 1, 5, 30, 24 * 9, 24 * 40, 24 * 500]))
        while at < until:  # somebody looks in at any hour; now and then the clock jumps by an hour, either way
            at = min(until, at + timedelta(hours=r.choice([1, 7, 24, 24 * 20])))
            jump = r.choice([jump, jump, timedelta(0), timedelta(hours=1), timedelta(hours=-1)])
            if r.random() < 0.8:
                day_by_day.sweep(settled_day(at + jump))
        stamped = max(stamped, at + jump)  # the log never runs backwards
        facts.append((fact, stamped))
        day_by_day.page(recorded(facts)[-1:])
    end = settled_day(at + timedelta(days=4_000))
    day_by_day.sweep(end)
    at_once = Projected()
    at_once.page(recorded(facts))
    at_once.sweep(end)
    assert day_by_day.given == at_once.given
    assert day_by_day.running == at_once.running


def swept(*facts: tuple[e.InitiativeEvent, datetime], until: date) -> list[date]:
    projected = Projected()
    projected.page(recorded(list(facts)))
    projected.sweep(until)
    return sorted(projected.given.values())


def test_a_step_is_reminded_of_before_and_after_its_day() -> None:
    proposed = (stories.proposed(), BEGIN)  # due on 13 January
    everything = [date(2026, 1, 10), date(2026, 1, 14), date(2026, 1, 21)]
    assert swept(proposed, until=date(2026, 12, 31)) == everything
    assert swept(proposed, until=date(2026, 1, 13)) == everything[:1]


def test_what_was_done_in_time_is_reminded_of_no_more() -> None:
    started = (e.CoordinationStarted(handler=AccountId(UUID(int=4))), BEGIN + timedelta(days=5))
    assert swept((stories.proposed(), BEGIN), started, until=date(2026, 1, 20)) == [date(2026, 1, 10)]


def test_a_silent_partnership_is_asked_about_after_a_year_and_after_two() -> None:
    entered = (stories.historic(), BEGIN)
    assert swept(entered, until=date(2030, 1, 1)) == [date(2027, 1, 5), date(2028, 1, 5)]
    visit = (e.VisitHeld(occurred_on="2026-10-01"), BEGIN + timedelta(days=300))
    assert swept(entered, visit, until=date(2030, 1, 1)) == [date(2027, 10, 1), date(2028, 10, 1)]


def test_each_reminder_has_one_identity_of_its_own() -> None:
    clock = Clock(Stage.DRAFTING, date(2026, 1, 1), "adopt-decision", date(2026, 3, 1), (14, 3), date(2026, 3, 9))
    ids = {reminder.identity(CASE, clock.stage) for reminder in clock.reminders()}
    kinds = [reminder.kind for reminder in clock.reminders()]
    assert kinds == [Reminded.BEFORE, Reminded.BEFORE, Reminded.LATE, Reminded.ESCALATED]
    assert len(ids) == 4
    assert ids.isdisjoint(r.identity(case_id("2026-0010"), clock.stage) for r in clock.reminders())


def test_a_clock_an_hour_ahead_gives_nothing_that_a_fact_then_takes_away() -> None:
    ahead = datetime(2026, 1, 13, 22, 30, tzinfo=UTC) + timedelta(hours=1)  # half past midnight, by the wrong clock
    in_time = (e.CoordinationStarted(handler=AccountId(UUID(int=4))), datetime(2026, 1, 13, 22, 40, tzinfo=UTC))
    day_by_day = Projected()
    day_by_day.page(recorded([(stories.proposed(), BEGIN)]))
    day_by_day.sweep(settled_day(ahead))
    day_by_day.page(recorded([(stories.proposed(), BEGIN), in_time])[1:])
    day_by_day.sweep(date(2026, 1, 20))
    assert sorted(day_by_day.given.values()) == [date(2026, 1, 10)]
