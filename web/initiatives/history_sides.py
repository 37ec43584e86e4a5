"""Which sides of a case each fact concerns."""

from collections.abc import Iterator, Sequence
from typing import Final

from application.ports import Recorded
from domain.initiatives import events as e
from domain.initiatives.terms import Party, PartyRole
from domain.kernel import Fact

_OF_ALL: Final = (
    e.InitiativeProposed,
    e.HistoricAgreementEntered,
    e.InitiativeTakenOver,
    e.InitiativeDeclined,
    e.InitiativeWithdrawn,
    e.LetterOfIntentSigned,
    e.AgreementSigned,
    e.AgreementEnteredIntoForce,
    e.ExpiryApproached,
    e.AgreementRenewed,
    e.AgreementExpired,
    e.FellDormant,
    e.ActivityResumed,
    e.AgreementTerminated,
    e.PartnershipConfirmed,
    e.DisagreementSettled,
)
"""What the sides do together, or what happens to all of them."""
_AT_HOME: Final = (
    e.DraftingStarted,
    e.DraftReviewed,
    e.DecisionAdopted,
    e.DraftingReopened,
    e.ConsentNotRequired,
    e.ConsentRequested,
    e.OpinionReceived,
    e.FileReturned,
    e.FileSupplemented,
    e.ConsentGranted,
    e.ConsentRefused,
    e.DecisionPublished,
    e.EarlierPublicationRecognised,
)
"""The way of the home side's own decision, from draft to gazette."""


def concerned(recorded: Sequence[Recorded]) -> Iterator[frozenset[str]]:
    """For each fact the keys of the sides that it concerns: those that it names; else all that the case had then, or
    the home sides alone. What only the office does, such as a remark, concerns none. A correction concerns whom the
    fact did, and whom it does now.
    """
    sides: dict[str, Party] = {}
    before: dict[int, frozenset[str]] = {}
    for r in recorded:
        match r.fact:
            case e.InitiativeProposed() | e.HistoricAgreementEntered() | e.InitiativeTakenOver():
                sides = {party.key: party for party in r.fact.parties}
            case e.PartyJoined(party=party):
                sides[party.key] = party
            case _:
                pass
        found = _concerned(r.fact, sides)
        if isinstance(r.fact, e.FactCorrected):
            found = _concerned(r.fact.restated, sides) | before.get(r.fact.corrects, frozenset())
        elif isinstance(r.fact, e.PartyLeft):
            sides.pop(r.fact.party, None)
        before[r.version] = found
        yield found


def _concerned(fact: Fact, sides: dict[str, Party]) -> frozenset[str]:
    match fact:
        case e.PartyJoined(party=party):
            return frozenset({party.key})
        case e.PartyLeft(party=key) | e.PartyStatusReported(party=key):
            return frozenset({key})
        case e.VisitHeld(host=host):
            return frozenset({host}) if host else frozenset(sides)
        case _ if isinstance(fact, _OF_ALL):
            return frozenset(sides)
        case _ if isinstance(fact, _AT_HOME):
            return frozenset(key for key, party in sides.items() if party.role is PartyRole.HOME)
        case _:
            return frozenset()
