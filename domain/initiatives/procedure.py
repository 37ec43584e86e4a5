"""How a kind of cooperation is to be led: who acts at each stage, within how many days, and whether consent is needed.

Law and practice change, so all of this is data; it will be read from versioned files that an administrator edits.
"""

from calendar import monthrange
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from typing import Final

import msgspec

from domain.dates import PartialDate, latest
from domain.initiatives import events as e
from domain.initiatives.initiative import Initiative
from domain.initiatives.terms import PROPOSABLE_KINDS, Kind, Stage, Support, Term


class Actor(StrEnum):
    """Whose move it is."""

    ASSOCIATION = "association"
    LOCAL_GOVERNMENT = "local_government"
    BOTH_SIDES = "both_sides"
    ASSEMBLY = "assembly"
    MINISTRY = "ministry"
    GOVERNMENT = "government"
    SIGNATORIES = "signatories"


class Step(msgspec.Struct, frozen=True):
    """What is next at a stage: the deed that moves the case on, whose move it is, and the days given for it."""

    deed: str
    actor: Actor
    days: int | None = None
    """Calendar days from the recording of the stage; None where no time is set."""


class Procedure(msgspec.Struct, frozen=True, kw_only=True):
    code: str
    consent_required: bool = True
    """False lets the handler record why no consent is needed."""
    publication_before_signing: bool = True
    """False lets the signatories sign as soon as consent is there, or is not needed; publication may follow."""
    steps: dict[Stage, Step]


_STEPS: Final[dict[Stage, Step]] = {
    Stage.PROPOSED: Step("coordinate", Actor.ASSOCIATION, 8),
    Stage.COORDINATING: Step("start-drafting", Actor.ASSOCIATION, 15),
    Stage.SUSPENDED: Step("resume", Actor.ASSOCIATION),
    Stage.LETTER_OF_INTENT: Step("start-drafting", Actor.BOTH_SIDES, 30),
    Stage.DRAFTING: Step("adopt-decision", Actor.ASSEMBLY, 60),
    Stage.DECIDED: Step("request-consent", Actor.LOCAL_GOVERNMENT, 15),
    Stage.CONSENT_REQUESTED: Step("record-opinion", Actor.MINISTRY, 30),
    Stage.OPINIONS: Step("grant-consent", Actor.GOVERNMENT, 30),
    Stage.RETURNED: Step("supplement-file", Actor.LOCAL_GOVERNMENT, 15),
    Stage.CONSENT_GRANTED: Step("publish", Actor.LOCAL_GOVERNMENT, 15),
    Stage.CONSENT_REFUSED: Step("reopen-drafting", Actor.ASSEMBLY),
    Stage.PUBLISHED: Step("sign-agreement", Actor.SIGNATORIES, 90),
    Stage.SIGNED: Step("enter-into-force", Actor.ASSOCIATION, 15),
    Stage.ACTIVE: Step("announce-expiry", Actor.ASSOCIATION),
    Stage.EXPIRING: Step("renew", Actor.BOTH_SIDES, 90),
    Stage.RENEWED: Step("announce-expiry", Actor.ASSOCIATION),
    Stage.DORMANT: Step("resume-activity", Actor.LOCAL_GOVERNMENT),
}

_CONSENT_NOT_ALWAYS: Final = frozenset({Kind.PROJECT_BASED, Kind.CROSS_BORDER, Kind.ASSOCIATION})

_NO_GAZETTE: Final = frozenset({Kind.ASSOCIATION})
"""The association itself has no official gazette of a town."""
_UNPUBLISHED: Final = {**_STEPS, Stage.CONSENT_GRANTED: Step("sign-agreement", Actor.SIGNATORIES, 90)}

PROCEDURES: Final[dict[Kind, Procedure]] = {
    kind: Procedure(
        code=kind.value,
        consent_required=kind not in _CONSENT_NOT_ALWAYS,
        publication_before_signing=kind not in _NO_GAZETTE,
        steps=_UNPUBLISHED if kind in _NO_GAZETTE else _STEPS,
    )
    for kind in (*PROPOSABLE_KINDS, Kind.COOPERATION, Kind.FRIENDSHIP, Kind.UNKNOWN)
}


_IN_TERM: Final = frozenset({Stage.ACTIVE, Stage.RENEWED})
USUAL_NOTICE: Final = 3
"""Months before its end in which an agreement is looked at, where it names no notice of its own."""


def procedure_of(state: Initiative) -> Procedure:
    """The procedure that the case follows."""
    return PROCEDURES[state.kind]


def next_step(state: Initiative) -> Step | None:
    """What moves the case on from where it stands; None where nothing is waited for."""
    procedure, stage = PROCEDURES[state.kind], state.stage
    step = procedure.steps.get(stage)
    if step is None or (stage in _IN_TERM and state.term.ends_on is None):
        return None
    if stage is Stage.COORDINATING and not state.coordinated:
        return _with(step, "complete-coordination" if _supported(state) else "give-support")
    if stage is Stage.DECIDED and state.consent_waived:
        may_sign = state.published or not procedure.publication_before_signing
        return _with(step, "sign-agreement" if may_sign else "publish")
    return step


@cache
def _with(step: Step, deed: str) -> Step:
    return msgspec.structs.replace(step, deed=deed)


def _supported(state: Initiative) -> bool:
    return len(state.support) == len(Support)


def due_day(state: Initiative, step: Step, since: date) -> date | None:
    """The day by which the next step, `step`, is to be done; None where no time is set.

    `since` is the office's day on which the step became the next one. A day that somebody set for this very case goes
    before the procedure's days; a case taken over from old records has been waiting since the day of its record.
    """
    if own := _set_for_the_case(state):
        return latest(own)
    if state.stage in _IN_TERM:
        return _notice_day(state.term)
    if step.days is None:
        return None
    taken_over = state.last(e.InitiativeTakenOver)
    if taken_over and state.stage is taken_over.stage and taken_over.occurred_on:
        since = min(since, latest(taken_over.occurred_on))
    return since + timedelta(days=step.days)


class Ground(StrEnum):
    """From what a deadline follows."""

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
    if _set_for_the_case(state):
        return Ground.TERM if state.stage is Stage.EXPIRING else Ground.SET
    if state.stage in _IN_TERM:
        return Ground.NOTICE
    return Ground.DAYS if step.days is not None else None


def _notice_day(term: Term) -> date | None:
    if term.ends_on is None:
        return None
    ends = latest(term.ends_on)
    months = ends.year * 12 + ends.month - 1 - (USUAL_NOTICE if term.notice_months is None else term.notice_months)
    year, month = divmod(months, 12)
    return date(year, month + 1, min(ends.day, monthrange(year, month + 1)[1]))


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
