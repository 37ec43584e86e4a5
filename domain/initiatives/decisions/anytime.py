"""What may be recorded at nearly any time: handler, parties, remarks, corrections."""

from typing import Annotated

from msgspec import Meta

from domain.initiatives import events as e
from domain.initiatives.decisions.beginning import party_refusal
from domain.initiatives.decisions.common import Dated, check
from domain.initiatives.decisions.restating import restating_refusals
from domain.initiatives.initiative import Initiative
from domain.initiatives.policies import known_party
from domain.initiatives.terms import Party, PartyRole, PartyStatus
from domain.kernel import AccountId, Command, Occasion, Refusal, VaultRef
from domain.words import Line, LongLine


class NameHandler(Command, frozen=True, kw_only=True):
    handler: AccountId
    reason: VaultRef | None = None


class AddParty(Dated, frozen=True, kw_only=True):
    party: Party


class RemoveParty(Dated, frozen=True, kw_only=True):
    party: Line
    reason: VaultRef | None = None


class ReportPartyStatus(Dated, frozen=True, kw_only=True):
    party: Line
    status: PartyStatus
    source: LongLine


class AddRemark(Command, frozen=True, kw_only=True):
    remark: VaultRef


class CorrectFact(Command, frozen=True, kw_only=True):
    corrects: Annotated[int, Meta(ge=1, le=1_000_000)]
    restated: e.Correctable
    reason: VaultRef


def name_handler(state: Initiative, command: NameHandler, on: Occasion) -> list[e.InitiativeEvent]:
    if command.handler == state.handler:
        return []
    return [e.HandlerNamed(handler=command.handler, reason=command.reason)]


def add_party(state: Initiative, command: AddParty, on: Occasion) -> list[e.InitiativeEvent]:
    joined = e.PartyJoined(occurred_on=command.occurred_on, party=command.party)
    if state.newest != joined:
        twice = any(p.key == command.party.key for p in state.parties)
        check(party_refusal(command.party), Refusal("initiative.party-twice", field="partner") if twice else None)
    return [joined]


def remove_party(state: Initiative, command: RemoveParty, on: Occasion) -> list[e.InitiativeEvent]:
    """A party leaves; at least one stays on each side."""
    left = e.PartyLeft(occurred_on=command.occurred_on, party=command.party, reason=command.reason)
    if state.newest != left:
        check(known_party(state.parties, command.party, "party"), _last_of_its_side(state, command.party))
    return [left]


def report_party_status(state: Initiative, command: ReportPartyStatus, on: Occasion) -> list[e.InitiativeEvent]:
    return [
        e.PartyStatusReported(
            occurred_on=command.occurred_on, party=command.party, status=command.status, source=command.source
        )
    ]


def add_remark(state: Initiative, command: AddRemark, on: Occasion) -> list[e.InitiativeEvent]:
    return [e.RemarkAdded(remark=command.remark)]


def correct(state: Initiative, command: CorrectFact, on: Occasion) -> list[e.InitiativeEvent]:
    """Restate an earlier fact. Its kind, and so the road that the case took, cannot be rewritten."""
    corrected = e.FactCorrected(corrects=command.corrects, restated=command.restated, reason=command.reason)
    if state.newest != corrected:
        check(*restating_refusals(state, corrected, on))
    return [corrected]


def _last_of_its_side(state: Initiative, key: str) -> Refusal | None:
    roles = [p.role for p in state.parties if p.key != key]
    if PartyRole.HOME in roles and PartyRole.PARTNER in roles:
        return None
    return Refusal("initiative.last-of-its-side", field="party")
