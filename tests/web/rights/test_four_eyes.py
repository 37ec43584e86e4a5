"""Four eyes over the real database: by a page or by a token, with and without a substitute, each cell of the matrix.

The wider matrix of people stands in tests/application/test_four_eyes.py. There is no address for deeds of other systems
yet, so a token is tried where one would come in: with the person whom its grant names.
"""

from collections.abc import Callable
from itertools import product
from typing import Final
from uuid import uuid4

import pytest

from application.absences import EnterAbsence
from application.access import Person, Role
from application.handling import Request
from application.identity import case_id
from domain.initiatives.decisions.anytime import NameHandler
from domain.initiatives.decisions.approving import ApproveStep
from domain.initiatives.decisions.concluding import RequestConsent
from domain.initiatives.terms import Kind
from domain.kernel import Command, CommandKey, Refused
from tests.web.rights.deeds import roads
from tests.web.running import _KEEPER as KEEPER  # pyright: ignore[reportPrivateUsage] - who opens the accounts
from tests.web.running import OWN, House

ROLES: Final = {"coordinator": Role.COORDINATOR, "officer": Role.OFFICER}
SUBSTITUTION: Final = ("none", "before both", "begins between", "chain")
DOORS: Final = ("session", "token")
CELLS: Final = list(product(ROLES, SUBSTITUTION, DOORS, DOORS, (False, True)))
SENT: Final = {"registry_number": "06-31/2026", "addressee": "Vlada"}


class Cast:
    """New people for each cell: Ana, who stands in for her, and an approver who may be one of them."""

    def __init__(self, house: House, role: str) -> None:
        self.house, self.mark = house, uuid4().hex[:8]
        town = OWN if role == "officer" else None
        for name in ("ana", "boris", "ceca"):
            self.open(name, ROLES[role], town)
        self.open("xenia", Role.APPROVER, None)

    def open(self, name: str, role: Role, town: str | None) -> None:
        known = self.key(name)
        self.house.account(known, role, town)
        self.house.sessions[known] = self.house.entered(known)

    def key(self, name: str) -> str:
        return f"{name}-{self.mark}"

    def person(self, name: str) -> Person:
        return self.house.person(self.key(name))

    def away(self, who: str, substitute: str) -> None:
        today = self.house.made.reading.today()
        account, stands_in = self.person(who).account, self.person(substitute).account
        wish = EnterAbsence(account=account, substitute=stands_in, first_day=today, last_day=today)
        self.house.made.keeping_absences.enter(self.person(who), wish)

    def case(self, role: str) -> str:
        """It waits for the request for consent: led by Ana, or the move of the town whose officer she is."""
        number = self.house.propose(OWN, Kind.CROSS_BORDER)
        self.house.advance(number, *roads(self.house)["decided"])
        if role == "coordinator":
            self.house.advance(number, NameHandler(handler=self.person("ana").account))
        self.house.show_everything()
        return number

    def by_session(self, who: str, number: str, command: Command) -> str:
        """Sends the form; the code of the refusal, as the sentence on the page tells it."""
        deed, sent = (
            ("approve", {"deed": "request-consent"}) if isinstance(command, ApproveStep) else ("request-consent", SENT)
        )
        answer = self.house.send(f"/initiatives/{number}/{deed}", self.key(who), sent)
        assert answer.status_code in (303, 422), answer.text[:2000]
        if answer.status_code == 303:
            self.house.show_everything()
            return ""
        return next(code for code, said in SAID.items() if said in answer.text)

    def by_token(self, who: str, number: str, command: Command) -> str:
        grant = self.house.made.signing_in.grant(self.house.bearer(self.key(who), "cases:write"))
        assert grant is not None
        try:
            self.house.made.advancing.advance(grant.person, number, Request(key=CommandKey(uuid4()), command=command))
        except Refused as refused:
            return refused.refusals[0].code
        self.house.show_everything()
        return ""

    def door(self, name: str) -> Callable[[str, str, Command], str]:
        return self.by_session if name == "session" else self.by_token


MISSING, SAME = "initiative.second-person-missing", "initiative.second-person-same"
SAID: Final = {MISSING: "procedura traži drugu osobu", SAME: "Potrebne su dve različite osobe"}
CONSENT: Final = RequestConsent(registry_number=SENT["registry_number"], addressee=SENT["addressee"])
APPROVAL: Final = ApproveStep(deed="request-consent")


@pytest.mark.parametrize(("role", "substitution", "approves_by", "acts_by", "same"), CELLS, ids=map(str, CELLS))
def test_two_people_by_every_door(
    house: House, role: str, substitution: str, approves_by: str, acts_by: str, same: bool
) -> None:
    cast = Cast(house, role)
    number = cast.case(role)
    if same:
        house.made.keeping_accounts.same_person(KEEPER, cast.person("ana").account, cast.person("xenia").account)
    if substitution in ("before both", "chain"):
        cast.away("ana", "boris")
    if substitution == "chain":
        cast.away("boris", "ceca")
    actor = {"none": "ana", "chain": "ceca"}.get(substitution, "boris")
    assert cast.door(acts_by)(actor, number, CONSENT) == MISSING
    assert cast.door(approves_by)("xenia", number, APPROVAL) == ""
    if substitution == "begins between":
        cast.away("ana", "boris")

    assert cast.door(acts_by)(actor, number, CONSENT) == (SAME if same else "")
    recorded = house.made.log.read(case_id(number))[-1]
    nearest = {"none": None, "chain": "boris" if role == "officer" else "ana"}.get(substitution, "ana")
    acted = (cast.person(actor).account, cast.person(nearest).account if nearest else None)
    approved = (cast.person("xenia").account, None)
    assert (recorded.actor, recorded.on_behalf_of) == (approved if same else acted)
