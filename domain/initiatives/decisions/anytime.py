"""What may be recorded at nearly any time: handler, parties, remarks, corrections."""

from typing import Annotated, Final

from msgspec import Meta

from domain.initiatives import events as e
from domain.initiatives.decisions.beginning import party_refusal
from domain.initiatives.decisions.common import Dated, check
from domain.initiatives.decisions.restating import restating_refusals, steps_without_ground, with_its_procedure
from domain.initiatives.initiative import Initiative
from domain.initiatives.policies import known_party, strands
from domain.initiatives.procedure import CODES, CaseOccasion
from domain.initiatives.sides import disagreements
from domain.initiatives.terms import Channel, Party, PartyRole, PartyStatus
from domain.kernel import AccountId, Command, Occasion, Refusal, Refused, VaultRef
from domain.words import Line

MOST_MENTIONED: Final = 10
"""Colleagues that one remark may call; a remark to everybody is none."""


class NameHandler(Command, frozen=True, kw_only=True):
    handler: AccountId
    reason: VaultRef | None = None


class ChangeProcedure(Command, frozen=True, kw_only=True):
    procedure: Line
    """Names the version, such as `twinning@2`."""
    reason: VaultRef


class AddParty(Dated, frozen=True, kw_only=True):
    party: Party


class RemoveParty(Dated, frozen=True, kw_only=True):
    party: Line
    reason: VaultRef | None = None


class ReportPartyStatus(Dated, frozen=True, kw_only=True):
    party: Line
    status: PartyStatus
    known_from: VaultRef


class ReceiveReport(ReportPartyStatus, frozen=True, kw_only=True):
    """The same from the side itself, by a way that shows that it was the side."""

    channel: Channel
    told_by: VaultRef | None = None
    register: Line | None = None
    register_version: Annotated[int, Meta(ge=1, le=1_000_000)] | None = None


class SettleDisagreement(Command, frozen=True, kw_only=True):
    status: PartyStatus
    note: VaultRef


class AddRemark(Command, frozen=True, kw_only=True):
    remark: VaultRef
    mentions: Annotated[tuple[AccountId, ...], Meta(max_length=MOST_MENTIONED)] = ()


class CorrectFact(Command, frozen=True, kw_only=True):
    corrects: Annotated[int, Meta(ge=1, le=1_000_000)]
    restated: e.Correctable
    reason: VaultRef


def name_handler(state: Initiative, command: NameHandler, on: Occasion) -> list[e.InitiativeEvent]:
    if command.handler == state.handler:
        return []
    return [e.HandlerNamed(handler=command.handler, reason=command.reason)]


def change_procedure(state: Initiative, command: ChangeProcedure, on: CaseOccasion) -> list[e.InitiativeEvent]:
    """The case follows another version of the procedure of its kind from now on."""
    to = on.procedures.named(command.procedure)
    if to is None or to.code != CODES[state.kind]:
        raise Refused(Refusal("initiative.procedure-unknown", {"procedure": command.procedure}, "procedure"))
    now = on.procedures.of(state)
    if to == now:
        return []
    check(*(list(steps_without_ground(state, now, to, "procedure")) or strands(state, to)))
    return [e.ProcedureChanged(procedure=to.pin, reason=command.reason)]


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
            occurred_on=command.occurred_on,
            party=command.party,
            status=command.status,
            known_from=command.known_from,
        )
    ]


def receive_report(state: Initiative, command: ReceiveReport, on: Occasion) -> list[e.InitiativeEvent]:
    return [
        e.PartyStatusReported(
            occurred_on=command.occurred_on,
            party=command.party,
            status=command.status,
            known_from=command.known_from,
            channel=command.channel,
            told_by=command.told_by,
            register=command.register,
            register_version=command.register_version,
        )
    ]


def settle_disagreement(state: Initiative, command: SettleDisagreement, on: Occasion) -> list[e.InitiativeEvent]:
    """The claims stay as they are; they no longer wait for anybody until a newer one comes."""
    settled = e.DisagreementSettled(status=command.status, note=command.note)
    if state.newest != settled and all(command.status is not found.status for found in disagreements(state)):
        raise Refused(Refusal("initiative.nothing-to-settle", field="status"))
    return [settled]


def add_remark(state: Initiative, command: AddRemark, on: Occasion) -> list[e.InitiativeEvent]:
    return [e.RemarkAdded(remark=command.remark, mentions=tuple(dict.fromkeys(command.mentions)))]


def correct(state: Initiative, command: CorrectFact, on: CaseOccasion) -> list[e.InitiativeEvent]:
    """Restate an earlier fact. Its kind, and so the road that the case took, cannot be rewritten."""
    restated = with_its_procedure(state, command.corrects, command.restated, on.procedures)
    corrected = e.FactCorrected(corrects=command.corrects, restated=restated, reason=command.reason)
    if state.newest != corrected:
        check(*restating_refusals(state, corrected, on))
    return [corrected]


def _last_of_its_side(state: Initiative, key: str) -> Refusal | None:
    roles = [p.role for p in state.parties if p.key != key]
    if PartyRole.HOME in roles and PartyRole.PARTNER in roles:
        return None
    return Refusal("initiative.last-of-its-side", field="party")
