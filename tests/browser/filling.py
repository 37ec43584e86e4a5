"""A small part of the real register, and one case with papers of every kind, for tests that only look at pages."""

import tempfile
from itertools import islice
from pathlib import Path
from typing import Final
from uuid import uuid4

from adapters.reference.demo import INITIATIVES, PARTNERSHIPS
from application.access import OPERATOR, Person
from application.accounts import Account
from application.handling import Request
from application.partners import PartnerChoice
from application.ports import VaultEntry, VaultKind
from application.proposing import Proposal
from domain.dates import PartialDate as Day
from domain.initiatives.decisions.anytime import AddRemark, CorrectFact, ReportPartyStatus
from domain.initiatives.decisions.concluding import AdoptDecision, RequestConsent
from domain.initiatives.decisions.coordinating import (
    CompleteCoordination,
    Coordinate,
    GiveSupport,
    ReviewDraft,
    StartDrafting,
)
from domain.initiatives.events import DecisionAdopted
from domain.initiatives.terms import DecidingBody, Field, Kind, Origin, PartyStatus, Support
from domain.kernel import Command, CommandKey, VaultRef
from tests.browser.house import House
from web.main import open_table

PARTNERSHIPS_TAKEN: Final = 60
ADOPTED: Final = DecisionAdopted(
    occurred_on=Day("2026-03-02"),
    number="06-12/26",
    body=DecidingBody.ASSEMBLY,
    foreign_state="Republika Turska",
    fields=(Field.CULTURE, Field.EDUCATION),
)


def fill(house: House, coordinator: Account) -> str:
    """The number of the case with papers: consent is requested, one record was corrected, the sides disagree."""
    _import(house, INITIATIVES, None)
    _import(house, PARTNERSHIPS, PARTNERSHIPS_TAKEN)
    number = _proposed(house, coordinator.person)
    remark, reason = _words("remark"), _words("reason")
    _advance(house, coordinator.person, number, Coordinate(handler=coordinator.id, occurred_on=Day("2026-01-15")))
    _advance(house, coordinator.person, number, GiveSupport(items=tuple(Support)))
    _advance(house, coordinator.person, number, CompleteCoordination(), StartDrafting())
    _advance(house, coordinator.person, number, ReviewDraft(languages=("sr", "tr"), draft_version=2))
    decided = {name: getattr(ADOPTED, name) for name in ("occurred_on", "number", "body", "foreign_state", "fields")}
    _advance(house, coordinator.person, number, AdoptDecision(**decided))
    right = DecisionAdopted(**{**decided, "number": "06-21/26"})
    _advance(house, coordinator.person, number, CorrectFact(corrects=7, restated=right, reason=reason.ref), words=reason)
    sent = RequestConsent(occurred_on=Day("2026-03-09"), registry_number="06-31/26", addressee="MDULS")
    _advance(house, coordinator.person, number, sent)
    for status, source in ((PartyStatus.DECIDED, "e-mail"), (PartyStatus.SIGNED, "https://www.edirne.bel.tr")):
        party = house.made.advancing.offers  # noqa: F841
    _advance(house, coordinator.person, number, AddRemark(remark=remark.ref), words=remark)
    house.show_everything()
    return number
