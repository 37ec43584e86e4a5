"""Until when the next step of a case is to be taken: how long it has been waited for, and what of that counts.

The read side and a rehearsal follow each case with the same functions, so that both come to the same days.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, cast

import msgspec
from msgspec.structs import replace

from domain.calendars import Calendar, UnknownYear, working_day_after, working_days_between
from domain.dates import PartialDate, earliest, latest, months_after
from domain.initiatives import events as e
from domain.initiatives.initiative import LEADS_TO, Initiative, grow, tag_of
from domain.initiatives.procedure import IN_TERM, Counted, Deadline, Procedures, Start, Step, next_step
from domain.initiatives.terms import Stage, Term
from domain.kernel import Fact


class Waiting(msgspec.Struct, frozen=True, gc=False):
    """Since when the next step has been waited for."""

    since: date
    """The office's day on which the step became the next one."""
    used: int = 0
    """Days of a deadline that had gone by before it was paused, counted as the deadline counts them."""
    paused: Stage | None = None
    """The stage whose deadline stands still meanwhile and holds `used`; None where none does."""


def same_move(step: Step | None, before: Step | None) -> bool:
    """Another version of the procedure may give other days, but what is waited for began when it began."""
    return step is before or (
        step is not None and before is not None and (step.deed, step.actor) == (before.deed, before.actor)
    )


def waited_on(
    waiting: Waiting,
    left: Stage,
    before: Step | None,
    state: Initiative,
    step: Step | None,
    fact: Fact,
    day: date,
    calendar: Calendar,
) -> Waiting:
    """After a fact that was recorded on `day` and took the case from `left`, where it waited for `before`, to `state`.

    A deadline that is paused by a stage goes on where it stood as soon as the case comes back from that stage.
    """
    if state.stage is left:
        if same_move(step, before):
            return waiting
        return replace(waiting, since=day) if waiting.paused else Waiting(day)
    if state.stage is waiting.paused:
        return Waiting(day, waiting.used)
    if before and (deadline := before.deadline) and state.stage in deadline.pauses:
        return Waiting(day, _used(waiting, left, deadline, state, fact, day, calendar), left)
    return Waiting(day)


def _used(
    waiting: Waiting, left: Stage, deadline: Deadline, state: Initiative, fact: Fact, day: date, calendar: Calendar
) -> int:
    began = counted_from(state, left, deadline, waiting.since)
    ended = _day_meant(fact.occurred_on, day) if deadline.start is Start.FACT and fact.occurred_on else day
    if deadline.counted is Counted.CALENDAR:
        return waiting.used + max(0, (ended - began).days)
    try:
        return waiting.used + working_days_between(calendar, began, ended)
    except UnknownYear:
        return waiting.used  # the day by which the step was due is unknown as well, and said to be


def due_day(state: Initiative, step: Step, waiting: Waiting, calendar: Calendar) -> date | None:
    """The day by which the next step, `step`, is to be done; None where no time is set.

    An extension goes before everything, a day that was set for this very case before the procedure's days; a case
    taken over from old records has been waiting since the day of its record. Where the days stood still meanwhile, they
    may come to a later day than an extension. Raises UnknownYear where working days cannot be counted.
    """
    if later := extension(state, step):
        until = latest(later.until)
        counted = _counted_day(state, step, waiting, calendar) if waiting.used else None
        return max(until, counted) if counted else until
    if own := _set_for_the_case(state):
        return latest(own)
    if state.stage in IN_TERM:
        return _notice_day(state.term, step.notice_months or 0)
    return _counted_day(state, step, waiting, calendar)


def _counted_day(state: Initiative, step: Step, waiting: Waiting, calendar: Calendar) -> date | None:
    """By the days of the procedure."""
    deadline = step.deadline
    if deadline is None:
        return None
    left = deadline.days if waiting.paused else deadline.days - waiting.used
    began = counted_from(state, state.stage, deadline, waiting.since)
    return (
        began + timedelta(days=left)
        if deadline.counted is Counted.CALENDAR
        else working_day_after(calendar, began, left)
    )


def due_now(facts: Sequence[e.InitiativeEvent], days: Sequence[date], procedures: Procedures) -> date | None:
    """When the next step of a case with this history is due; None where nothing is waited for or no day is known.

    `days` are the office's days on which the facts were recorded.
    """
    state, step, stage, waiting = None, None, None, Waiting(days[0])
    for fact, day, now in zip(facts, days, grow(None, facts), strict=True):
        before, state = step, now
        step = next_step(state, procedures.of(state))
        if stage is not None:
            waiting = waited_on(waiting, stage, before, state, step, fact, day, procedures.calendar)
        stage = state.stage
    return known_due_day(state, step, waiting, procedures.calendar) if state else None


def known_due_day(state: Initiative, step: Step | None, waiting: Waiting, calendar: Calendar) -> date | None:
    """As `due_day`; None also where nothing is waited for, or nobody knows the working days."""
    try:
        return due_day(state, step, waiting, calendar) if step else None
    except UnknownYear:
        return None


def counted_from(state: Initiative, stage: Stage, deadline: Deadline, since: date) -> date:
    """The day from which the days of a deadline at `stage` count; `since` is the day on which the step became next."""
    if deadline.start is Start.FACT:
        led = [s for s in state.standing.values() if LEADS_TO.get(type(s.fact)) is stage]
        newest = max(led, key=lambda s: s.version, default=None)
        if newest and newest.fact.occurred_on:
            return _day_meant(newest.fact.occurred_on, since)
    taken_over = state.last(e.InitiativeTakenOver)
    if taken_over and stage is taken_over.stage and taken_over.occurred_on:
        return min(since, latest(taken_over.occurred_on))
    return since


def _day_meant(said: PartialDate, recorded: date) -> date:
    """The latest day that it may mean, and none after the recording where a month or a year leaves that open."""
    return max(earliest(said), min(latest(said), recorded))


def extension(state: Initiative, step: Step) -> e.DeadlineExtended | None:
    """The newest one for the step, as long as that is still the next one, or was while its days stood still."""
    standing = state.standing.get(_EXTENDED)
    if standing is None:
        return None
    given = [s for s in (*state.earlier, standing) if _extends(s.fact, step)]
    if not given:
        return None
    newest = max(given, key=lambda s: s.version)
    moved = (_LEADS_TO.get(tag) for tag in state.tags[newest.version :])
    pauses = step.deadline.pauses if step.deadline else ()
    return cast("e.DeadlineExtended", newest.fact) if {*moved} <= {None, state.stage, *pauses} else None


def _extends(fact: Fact, step: Step) -> bool:
    return isinstance(fact, e.DeadlineExtended) and fact.deed == step.deed


_EXTENDED: Final = tag_of(e.DeadlineExtended)
_LEADS_TO: Final = {tag_of(fact): stage for fact, stage in LEADS_TO.items()}


class Ground(StrEnum):
    """From what a deadline follows."""

    EXTENDED = "extended"
    """Somebody gave the step more time."""
    SET = "set"
    """Somebody set it for this very case."""
    TERM = "term"
    """The agreement's own end."""
    NOTICE = "notice"
    """The last day on which a side can give notice before that end."""
    DAYS = "days"
    """The days that the procedure gives."""


def deadline_ground(state: Initiative, step: Step) -> Ground | None:
    """None where `due_day` gives none."""
    if extension(state, step):
        return Ground.EXTENDED
    if _set_for_the_case(state):
        return Ground.TERM if state.stage is Stage.EXPIRING else Ground.SET
    if state.stage in IN_TERM:
        return Ground.NOTICE
    return Ground.DAYS if step.deadline is not None else None


def _notice_day(term: Term, usual: int) -> date | None:
    if term.ends_on is None:
        return None
    months = usual if term.notice_months is None else term.notice_months
    return months_after(latest(term.ends_on), -months)


def _set_for_the_case(state: Initiative) -> PartialDate | None:
    match state.stage:
        case Stage.RETURNED:
            returned = state.last(e.FileReturned)
            return returned.due_on if returned else None
        case Stage.SUSPENDED:
            suspended = state.last(e.ProcedureSuspended)
            return suspended.until if suspended else None
        case Stage.EXPIRING:
            return state.term.ends_on
        case _:
            return None
