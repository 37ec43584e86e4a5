"""How a case enters the register."""

from typing import Annotated
from uuid import UUID

from msgspec import Meta

from domain.dates import Day
from domain.initiatives import events as e
from domain.initiatives.decisions.common import check
from domain.initiatives.policies import day_refusal, unreal_day
from domain.initiatives.terms import LIVE, PROPOSABLE_KINDS, Field, Kind, Origin, Party, PartyRole, Stage, Term
from domain.kernel import Command, Occasion, Refusal, VaultRef
from domain.words import CaseNumber, LongLine, Number

Parties = Annotated[tuple[Party, ...], Meta(min_length=2, max_length=24)]


class ProposeInitiative(Command, frozen=True, kw_only=True):
    number: CaseNumber
    kind: Kind
    parties: Parties
    origin: Origin
    rationale: VaultRef
    occurred_on: Day | None = None
    letter_number: Number | None = None
    fields: Annotated[tuple[Field, ...], Meta(max_length=12)] = ()
    duplicates: tuple[UUID, ...] = ()
    """Live cases of the same pair, found by the use case."""
    distinct_because: VaultRef | None = None


class EnterHistoricAgreement(Command, frozen=True, kw_only=True):
    number: CaseNumber
    kind: Kind
    parties: Parties
    source: LongLine
    remark: VaultRef | None = None
    confirmed: bool = False
    occurred_on: Day | None = None
    term: Term | None = None


class TakeOverInitiative(Command, frozen=True, kw_only=True):
    number: CaseNumber
    kind: Kind
    parties: Parties
    stage: Stage
    source: LongLine
    remark: VaultRef | None = None
    occurred_on: Day | None = None


def propose(command: ProposeInitiative, on: Occasion) -> list[e.InitiativeEvent]:
    """A local government, or the association for an embassy or a partner, asks for a cooperation."""
    refusals = [*_parties(command.parties), day_refusal(command.occurred_on, on)]
    if command.kind not in PROPOSABLE_KINDS:
        refusals.append(Refusal("initiative.kind-not-proposable", {"kind": command.kind.value}, "kind"))
    if command.duplicates and command.distinct_because is None:
        refusals.append(Refusal("initiative.duplicate", {"count": len(command.duplicates)}, "distinct_because"))
    check(*refusals)
    return [
        e.InitiativeProposed(
            occurred_on=command.occurred_on,
            number=command.number,
            kind=command.kind,
            parties=command.parties,
            origin=command.origin,
            rationale=command.rationale,
            letter_number=command.letter_number,
            fields=command.fields,
            distinct_from=command.duplicates,
            distinct_because=command.distinct_because if command.duplicates else None,
        )
    ]


def enter_historic(command: EnterHistoricAgreement, on: Occasion) -> list[e.InitiativeEvent]:
    """Enter a partnership that was concluded before this register was kept."""
    check(
        *_parties(command.parties),
        day_refusal(command.occurred_on, on),
        unreal_day(command.term.ends_on if command.term else None, "ends_on"),
    )
    return [
        e.HistoricAgreementEntered(
            occurred_on=command.occurred_on,
            number=command.number,
            kind=command.kind,
            parties=command.parties,
            source=command.source,
            remark=command.remark,
            confirmed=command.confirmed,
            term=command.term,
        )
    ]


def take_over(command: TakeOverInitiative, on: Occasion) -> list[e.InitiativeEvent]:
    """Take over a case that is under way, at the stage that its source reports."""
    refusals = [*_parties(command.parties), day_refusal(command.occurred_on, on)]
    if command.stage not in LIVE:
        refusals.append(Refusal("initiative.not-live", {"stage": command.stage.value}, "stage"))
    check(*refusals)
    return [
        e.InitiativeTakenOver(
            occurred_on=command.occurred_on,
            number=command.number,
            kind=command.kind,
            parties=command.parties,
            stage=command.stage,
            source=command.source,
            remark=command.remark,
        )
    ]


def _parties(parties: tuple[Party, ...]) -> list[Refusal | None]:
    roles = [p.role for p in parties]
    return [
        *(party_refusal(p) for p in parties),
        None if PartyRole.HOME in roles else Refusal("initiative.home-missing", field="local_government"),
        None if PartyRole.PARTNER in roles else Refusal("initiative.partner-missing", field="partner"),
        Refusal("initiative.party-twice", field="partner") if len({p.key for p in parties}) < len(parties) else None,
    ]


def party_refusal(party: Party) -> Refusal | None:
    """A party is either a local government at home or a partner abroad. Two at home are no case of ours."""
    if (party.local_government is None) == (party.partner is None):
        return Refusal("initiative.party-unclear", field="partner")
    if party.role is PartyRole.HOME and party.local_government is None:
        return Refusal("initiative.home-not-domestic", field="local_government")
    if party.role is PartyRole.PARTNER and party.partner is None:
        return Refusal("initiative.domestic-pair", field="partner")
    return None
