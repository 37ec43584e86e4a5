"""Asking for the approval of a second person, and giving it."""

from domain.initiatives import events as e
from domain.initiatives.initiative import Initiative
from domain.initiatives.procedure import CaseOccasion
from domain.initiatives.second_person import people_behind, standing_approvals
from domain.kernel import Command, VaultRef
from domain.words import Line


class AskApproval(Command, frozen=True, kw_only=True):
    deed: Line
    reason: VaultRef | None = None


class ApproveStep(Command, frozen=True, kw_only=True):
    deed: Line
    reason: VaultRef | None = None


def ask_approval(state: Initiative, command: AskApproval, on: CaseOccasion) -> list[e.InitiativeEvent]:
    if command.deed in state.asked:
        return []
    return [e.ApprovalAsked(deed=command.deed, reason=command.reason)]


def approve_step(state: Initiative, command: ApproveStep, on: CaseOccasion) -> list[e.InitiativeEvent]:
    """The same people approve a deed once; it stands until the deed is done or the case is at another stage."""
    people = people_behind(on)
    if any(approval.people == people for approval in standing_approvals(state, command.deed)):
        return []
    return [
        e.StepApproved(
            deed=command.deed,
            seen=state.version,
            approver=on.actor,
            on_behalf_of=on.on_behalf_of,
            also_for=on.also_for,
            reason=command.reason,
        )
    ]
