"""A small part of the real register, and one case with papers of every kind, for tests that only look at pages."""

import tempfile
from itertools import islice
from pathlib import Path
from typing import Final
from uuid import uuid4

import msgspec

from adapters.reference.demo import INITIATIVES, PARTNERSHIPS
from application.access import OPERATOR
from application.accounts import Account
from application.handling import Request
from application.partners import PartnerChoice
from application.ports import VaultEntry, VaultKind
from application.proposing import Proposal
from domain.dates import PartialDate as Day
from domain.initiatives.decisions.anytime import AddRemark, CorrectFact, ReportPartyStatus
from domain.initiatives.decisions.concluding import AdoptDecision, RequestConsent, ReviewDraft
from domain.initiatives.decisions.coordinating import (
    CompleteCoordination,
    Coordinate,
    GiveSupport,
    StartDrafting,
)
from domain.initiatives.events import DecisionAdopted
from domain.initiatives.terms import DecidingBody, Field, Kind, Origin, PartyStatus, Support
from domain.kernel import Command, CommandKey, VaultRef
from tests.browser.house import House
from web.main import open_table

PARTNERSHIPS_TAKEN: Final = 60
TOWN: Final = "leskovac"
ADOPTED: Final = DecisionAdopted(
    occurred_on=Day("2026-03-02"),
    number="06-12/26",
    body=DecidingBody.ASSEMBLY,
    foreign_state="Republika Turska",
    fields=(Field.CULTURE, Field.EDUCATION),
)
"""The record that is corrected …"""
ADOPTED_AT: Final = 7
"""… and its place among those of the case."""


class Desk(msgspec.Struct, frozen=True):
    """A coordinator who works without a browser, for what a test does not look at."""

    house: House
    coordinator: Account

    def take(self, file: Path, rows: int | None = None) -> None:
        """Import a file, or its first rows."""
        with file.open(encoding="utf-8") as whole, tempfile.TemporaryDirectory() as folder:
            part = Path(folder) / file.name
            part.write_text("".join(islice(whole, rows and rows + 1)), encoding="utf-8")
            with open_table(part) as table:
                self.house.made.importing.take(OPERATOR, table)

    def propose(self, partner: str, country: str) -> str:
        why = words("rationale", "Razmena učenika i zajednički festival.")
        proposal = Proposal(
            local_governments=(TOWN,),
            partner=PartnerChoice(name=partner, country=country),
            kind=Kind.TWINNING,
            origin=Origin.LOCAL_GOVERNMENT,
            rationale=why.ref,
            occurred_on=Day("2026-01-12"),
        )
        request = Request(key=CommandKey(uuid4()), command=proposal, entries=(why,))
        return self.house.made.proposing.propose(self.coordinator.person, proposal, request).number

    def advance(self, number: str, command: Command, words: VaultEntry | None = None) -> None:
        request = Request(key=CommandKey(uuid4()), command=command, entries=(words,) if words else ())
        self.house.made.advancing.advance(self.coordinator.person, number, request)


def fill(house: House, coordinator: Account) -> str:
    """The number of the case with papers: its consent is requested, a record was corrected, two sources disagree."""
    desk = Desk(house, coordinator)
    desk.take(INITIATIVES)
    desk.take(PARTNERSHIPS, PARTNERSHIPS_TAKEN)
    number = desk.propose("Edirne", "TR")
    desk.advance(number, Coordinate(handler=coordinator.id, occurred_on=Day("2026-01-15")))
    desk.advance(number, GiveSupport(items=tuple(Support), occurred_on=Day("2026-02")))
    desk.advance(number, CompleteCoordination())
    desk.advance(number, StartDrafting())
    desk.advance(number, ReviewDraft(languages=("sr", "tr"), draft_version=2))
    desk.advance(
        number,
        AdoptDecision(
            occurred_on=ADOPTED.occurred_on,
            number=ADOPTED.number,
            foreign_state=ADOPTED.foreign_state,
            fields=ADOPTED.fields,
        ),
    )
    why, right = words("reason", "Zamenjene cifre u prepisu."), msgspec.structs.replace(ADOPTED, number="06-21/26")
    desk.advance(number, CorrectFact(corrects=ADOPTED_AT, restated=right, reason=why.ref), why)
    desk.advance(number, RequestConsent(occurred_on=Day("2026-03-09"), registry_number="06-31/26", addressee="MDULS"))
    for status, source in ((PartyStatus.DECIDED, "Zapisnik od 2. marta"), (PartyStatus.PROPOSED, "Dopis od 3. marta")):
        known_from = words("remark", source)
        desk.advance(number, ReportPartyStatus(party=TOWN, status=status, known_from=known_from.ref), known_from)
    said = words("remark", "Zvati protokol zbog termina.")
    desk.advance(number, AddRemark(remark=said.ref), said)
    house.show_everything()
    return number


def words(kind: VaultKind, text: str) -> VaultEntry:
    return VaultEntry(VaultRef(uuid4()), kind, text)
