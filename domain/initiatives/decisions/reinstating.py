"""The way back from a mistaken end. The end stays in the history; docs/decisions/0001 argues it."""

from domain.initiatives import events as e
from domain.initiatives.initiative import Initiative
from domain.initiatives.policies import stage_lacking
from domain.initiatives.procedure import CaseOccasion
from domain.initiatives.terms import Stage
from domain.kernel import Command, Occasion, Refusal, VaultRef


class Reinstate(Command, frozen=True, kw_only=True):
    reason: VaultRef


def reinstate(state: Initiative, command: Reinstate, on: Occasion) -> list[e.InitiativeEvent]:
    """The case stands again where it stood before it was ended."""
    if isinstance(state.newest, e.InitiativeReinstated):
        return [e.InitiativeReinstated(stage=state.stage, reason=command.reason)]
    return [e.InitiativeReinstated(stage=stage_before_the_end(state), reason=command.reason)]


def stage_before_the_end(state: Initiative) -> Stage:
    """Of a case that is live, the stage at which it stands."""
    return state.ended_from or state.stage


def way_back_in_procedure(state: Initiative, on: CaseOccasion) -> Refusal | None:
    """A correction of the kind may have brought a procedure that lacks the stage."""
    return stage_lacking(on.procedures.of(state), stage_before_the_end(state))
