"""Whether a partnership is alive: when its local government is to be asked, when it may be dormant, and whether its
agreement has renewed itself."""

from datetime import date
from typing import Final

import msgspec

from domain.dates import latest, months_after
from domain.initiatives import events as e
from domain.initiatives.initiative import Initiative
from domain.initiatives.procedure import IN_TERM, Step
from domain.initiatives.terms import Stage, Term


class Liveness(msgspec.Struct, frozen=True, gc=False):
    """Days that follow from the last activity; None where the procedure never asks."""

    confirm_on: date | None = None
    """The local government is asked whether the partnership is alive."""
    dormant_on: date | None = None
    """Nothing was heard for so long that the association asks whether to mark it dormant."""


UNASKED: Final = Liveness()
_RUNNING_OUT: Final = IN_TERM | {Stage.EXPIRING}


def renewed_tacitly(stage: Stage, term: Term, today: date) -> bool:
    """Whether an agreement has renewed itself: it says so of itself, its last day has passed, and no renewal, expiry or
    termination is recorded."""
    ended = term.ends_on is not None and latest(term.ends_on) < today
    return ended and term.tacit_renewal and stage in _RUNNING_OUT


def liveness(state: Initiative, step: Step | None, since: date) -> Liveness:
    """Of an agreement in its term. `step` is the stage's own in the procedure, `since` the day of its recording.

    An agreement from before the register counts from the day on which it was entered: had it counted from its signing,
    all of them would have been silent for decades on the first day.
    """
    if step is None or state.stage not in IN_TERM:
        return UNASKED
    last = _last_activity(state, since)
    return Liveness(
        months_after(last, step.confirm_months) if step.confirm_months else None,
        months_after(last, step.dormant_months) if step.dormant_months else None,
    )


def _last_activity(state: Initiative, since: date) -> date:
    """The newest of entry into the stage, visits and confirmation, as late as their partial days may mean."""
    confirmed = state.last(e.PartnershipConfirmed)
    told = [visit.fact.occurred_on for visit in state.visits]
    told += [confirmed.occurred_on] if confirmed else []
    return max([since, *(latest(day) for day in told if day)])
