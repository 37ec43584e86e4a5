"""A later day for the step that a case waits for."""

from domain.dates import Day, latest
from domain.initiatives import events as e
from domain.initiatives.decisions.common import Dated, check
from domain.initiatives.initiative import Initiative
from domain.initiatives.policies import unreal_day
from domain.initiatives.procedure import CaseOccasion, next_step
from domain.kernel import Refusal, VaultRef


class ExtendDeadline(Dated, frozen=True, kw_only=True):
    until: Day
    reason: VaultRef


def extend_deadline(state: Initiative, command: ExtendDeadline, on: CaseOccasion) -> list[e.InitiativeEvent]:
    """It holds for the step that waits now, and ends with it. Where no day can be counted, any day will do."""
    step = next_step(state, on.procedures.of(state))
    extended = e.DeadlineExtended(
        occurred_on=command.occurred_on, deed=step.deed if step else "", until=command.until, reason=command.reason
    )
    if state.newest != extended:
        check(unreal_day(command.until, "until"))
        check(_no_later(command, on))
    return [extended]


def _no_later(command: ExtendDeadline, on: CaseOccasion) -> Refusal | None:
    if on.due is None or latest(command.until) > on.due:
        return None
    return Refusal("initiative.extension-not-later", {"due": on.due.isoformat()}, "until")
