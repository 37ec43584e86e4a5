"""Proposal and coordination, up to the draft."""

from typing import Annotated
from uuid import UUID

from msgspec import Meta

from domain.dates import Day
from domain.initiatives import events as e
from domain.initiatives.decisions.common import Dated, check
from domain.initiatives.initiative import Initiative
from domain.initiatives.terms import Support
from domain.kernel import AccountId, Command, Occasion, Refusal, VaultRef
from domain.words import CaseNumber, Line

Languages = Annotated[
    tuple[Annotated[str, Meta(pattern=r"^[a-z]{2,3}$(?!\n)")], ...], Meta(min_length=1, max_length=12)
]


class DeclineInitiative(Dated, frozen=True, kw_only=True):
    reason: VaultRef


class MergeInitiative(Dated, frozen=True, kw_only=True):
    into: UUID
    into_number: CaseNumber
    reason: VaultRef | None = None


class AbsorbDuplicate(Command, frozen=True, kw_only=True):
    duplicate: UUID
    duplicate_number: CaseNumber


class Coordinate(Dated, frozen=True, kw_only=True):
    handler: AccountId


class GiveSupport(Dated, frozen=True, kw_only=True):
    items: Annotated[tuple[Support, ...], Meta(min_length=1, max_length=3)]


class CompleteCoordination(Dated, frozen=True, kw_only=True):
    pass


class SuspendProcedure(Dated, frozen=True, kw_only=True):
    reason: VaultRef
    until: Day | None = None


class ResumeProcedure(Dated, frozen=True, kw_only=True):
    pass


class WithdrawInitiative(Dated, frozen=True, kw_only=True):
    reason: VaultRef


class SignLetterOfIntent(Dated, frozen=True, kw_only=True):
    place: Line | None = None


class StartDrafting(Dated, frozen=True, kw_only=True):
    pass


def decline(state: Initiative, command: DeclineInitiative, on: Occasion) -> list[e.InitiativeEvent]:
    return [e.InitiativeDeclined(occurred_on=command.occurred_on, reason=command.reason)]


def merge(state: Initiative, command: MergeInitiative, on: Occasion) -> list[e.InitiativeEvent]:
    """End a duplicate; the use case records the other end in the case that goes on."""
    check(Refusal("initiative.merge-into-itself", field="into") if command.into_number == state.number else None)
    return [
        e.InitiativeMerged(
            occurred_on=command.occurred_on,
            into=command.into,
            into_number=command.into_number,
            reason=command.reason,
        )
    ]


def absorb(state: Initiative, command: AbsorbDuplicate, on: Occasion) -> list[e.InitiativeEvent]:
    if command.duplicate in state.absorbed:
        return []
    return [e.DuplicateAbsorbed(duplicate=command.duplicate, duplicate_number=command.duplicate_number)]


def coordinate(state: Initiative, command: Coordinate, on: Occasion) -> list[e.InitiativeEvent]:
    return [e.CoordinationStarted(occurred_on=command.occurred_on, handler=command.handler)]


def give_support(state: Initiative, command: GiveSupport, on: Occasion) -> list[e.InitiativeEvent]:
    new = tuple(s for s in Support if s in command.items and s not in state.support)
    return [e.SupportGiven(occurred_on=command.occurred_on, items=new)] if new else []


def complete_coordination(state: Initiative, command: CompleteCoordination, on: Occasion) -> list[e.InitiativeEvent]:
    return [e.CoordinationCompleted(occurred_on=command.occurred_on)]


def suspend(state: Initiative, command: SuspendProcedure, on: Occasion) -> list[e.InitiativeEvent]:
    return [e.ProcedureSuspended(occurred_on=command.occurred_on, reason=command.reason, until=command.until)]


def resume(state: Initiative, command: ResumeProcedure, on: Occasion) -> list[e.InitiativeEvent]:
    return [e.ProcedureResumed(occurred_on=command.occurred_on)]


def withdraw(state: Initiative, command: WithdrawInitiative, on: Occasion) -> list[e.InitiativeEvent]:
    return [e.InitiativeWithdrawn(occurred_on=command.occurred_on, reason=command.reason)]


def sign_letter_of_intent(state: Initiative, command: SignLetterOfIntent, on: Occasion) -> list[e.InitiativeEvent]:
    return [e.LetterOfIntentSigned(occurred_on=command.occurred_on, place=command.place)]


def start_drafting(state: Initiative, command: StartDrafting, on: Occasion) -> list[e.InitiativeEvent]:
    return [e.DraftingStarted(occurred_on=command.occurred_on)]
