"""The life of an agreement: entry into force, visits, renewal, dormancy, end."""

from typing import Annotated

from msgspec import Meta

from domain.dates import Day
from domain.initiatives import events as e
from domain.initiatives.decisions.common import Dated, check
from domain.initiatives.initiative import Initiative
from domain.initiatives.terms import EntryRule, Instrument, Renewal, Stage, Term, Termination
from domain.kernel import Occasion, Refusal, VaultRef
from domain.words import Line, Number


class EnterIntoForce(Dated, frozen=True, kw_only=True):
    rule: EntryRule | None = None


class HoldVisit(Dated, frozen=True, kw_only=True):
    occurred_on: Day  # pyright: ignore[reportGeneralTypeIssues, reportIncompatibleVariableOverride] - a visit without any date is no milestone
    host: Line | None = None
    place: Line | None = None
    purpose: VaultRef | None = None


class ConfirmPartnership(Dated, frozen=True, kw_only=True):
    occurred_on: Day  # pyright: ignore[reportGeneralTypeIssues, reportIncompatibleVariableOverride] - it confirms up to a day
    remark: VaultRef | None = None


class AnnounceExpiry(Dated, frozen=True, kw_only=True):
    ends_on: Day | None = None


class Renew(Dated, frozen=True, kw_only=True):
    renewal: Renewal
    instrument: Instrument | None = None
    ends_on: Day | None = None
    notice_months: Annotated[int, Meta(ge=0, le=120)] | None = None
    tacit_renewal: bool = False


class ConfirmExpiry(Dated, frozen=True, kw_only=True):
    pass


class MarkDormant(Dated, frozen=True, kw_only=True):
    reason: VaultRef | None = None


class ResumeActivity(Dated, frozen=True, kw_only=True):
    pass


class Terminate(Dated, frozen=True, kw_only=True):
    termination: Termination
    decision_number: Number | None = None
    reason: VaultRef | None = None


def enter_into_force(state: Initiative, command: EnterIntoForce, on: Occasion) -> list[e.InitiativeEvent]:
    return [e.AgreementEnteredIntoForce(occurred_on=command.occurred_on, rule=command.rule)]


def hold_visit(state: Initiative, command: HoldVisit, on: Occasion) -> list[e.InitiativeEvent]:
    return [
        e.VisitHeld(occurred_on=command.occurred_on, host=command.host, place=command.place, purpose=command.purpose)
    ]


def confirm_partnership(state: Initiative, command: ConfirmPartnership, on: Occasion) -> list[e.InitiativeEvent]:
    return [e.PartnershipConfirmed(occurred_on=command.occurred_on, remark=command.remark)]


def announce_expiry(state: Initiative, command: AnnounceExpiry, on: Occasion) -> list[e.InitiativeEvent]:
    """The agreement is up for renewal: by its own term, by the day that the handler gives, or without a known end.

    At `expiring` only the end itself is left to be announced.
    """
    approached = e.ExpiryApproached(occurred_on=command.occurred_on, ends_on=command.ends_on or state.term.ends_on)
    if state.stage is Stage.EXPIRING and approached.ends_on is None and state.newest != approached:
        check(Refusal("initiative.term-unknown", field="ends_on"))
    return [approached]


def renew(state: Initiative, command: Renew, on: Occasion) -> list[e.InitiativeEvent]:
    """A new agreement, or a tacit renewal where the agreement has such a clause or the sides simply went on."""
    return [
        e.AgreementRenewed(
            occurred_on=command.occurred_on,
            renewal=command.renewal,
            instrument=command.instrument,
            term=Term(
                ends_on=command.ends_on, notice_months=command.notice_months, tacit_renewal=command.tacit_renewal
            ),
        )
    ]


def confirm_expiry(state: Initiative, command: ConfirmExpiry, on: Occasion) -> list[e.InitiativeEvent]:
    return [e.AgreementExpired(occurred_on=command.occurred_on)]


def mark_dormant(state: Initiative, command: MarkDormant, on: Occasion) -> list[e.InitiativeEvent]:
    return [e.FellDormant(occurred_on=command.occurred_on, reason=command.reason)]


def resume_activity(state: Initiative, command: ResumeActivity, on: Occasion) -> list[e.InitiativeEvent]:
    return [e.ActivityResumed(occurred_on=command.occurred_on)]


def terminate(state: Initiative, command: Terminate, on: Occasion) -> list[e.InitiativeEvent]:
    """The cooperation is given up; one side may do so alone. What an assembly decided takes an annulling decision."""
    return [
        e.AgreementTerminated(
            occurred_on=command.occurred_on,
            termination=command.termination,
            decision_number=command.decision_number,
            reason=command.reason,
        )
    ]
