"""Which deed moves a case, by which fact, and to which stage."""

from typing import Final

from domain.initiatives import events as e
from domain.initiatives.initiative import LEADS_TO
from domain.initiatives.terms import Stage

MOVES: Final[dict[str, type[e.InitiativeEvent]]] = {
    "coordinate": e.CoordinationStarted,
    "decline": e.InitiativeDeclined,
    "merge": e.InitiativeMerged,
    "sign-letter-of-intent": e.LetterOfIntentSigned,
    "start-drafting": e.DraftingStarted,
    "suspend": e.ProcedureSuspended,
    "resume": e.ProcedureResumed,
    "withdraw": e.InitiativeWithdrawn,
    "adopt-decision": e.DecisionAdopted,
    "request-consent": e.ConsentRequested,
    "record-opinion": e.OpinionReceived,
    "return-file": e.FileReturned,
    "supplement-file": e.FileSupplemented,
    "grant-consent": e.ConsentGranted,
    "refuse-consent": e.ConsentRefused,
    "reopen-drafting": e.DraftingReopened,
    "publish": e.DecisionPublished,
    "sign-agreement": e.AgreementSigned,
    "enter-into-force": e.AgreementEnteredIntoForce,
    "announce-expiry": e.ExpiryApproached,
    "renew": e.AgreementRenewed,
    "confirm-expiry": e.AgreementExpired,
    "mark-dormant": e.FellDormant,
    "resume-activity": e.ActivityResumed,
    "terminate": e.AgreementTerminated,
}
"""The fact by which each deed moves the case; the other deeds leave it where it stands."""
APPROVABLE: Final[dict[str, type[e.InitiativeEvent]]] = {
    **MOVES,
    "give-support": e.SupportGiven,
    "complete-coordination": e.CoordinationCompleted,
    "review-draft": e.DraftReviewed,
    "waive-consent": e.ConsentNotRequired,
    "hold-visit": e.VisitHeld,
    "name-handler": e.HandlerNamed,
    "change-procedure": e.ProcedureChanged,
    "add-party": e.PartyJoined,
    "remove-party": e.PartyLeft,
}
"""Deeds for which a procedure may ask for a second person, and the fact by which each uses the approval up."""
DEED_OF: Final = {fact: deed for deed, fact in MOVES.items()}
_BY_STATE: Final = {"publish": Stage.PUBLISHED, "resume-activity": Stage.ACTIVE}
"""These ask the state; here stands where they lead where they move the case at all."""


def leads_to(deed: str) -> Stage | None:
    """None for a deed that leaves the case where it stands."""
    fact = MOVES.get(deed)
    return _BY_STATE.get(deed) or (LEADS_TO[fact] if fact else None)
