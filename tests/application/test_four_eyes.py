"""Four eyes on people, not on accounts: every role and substitution on both sides of an approval, cell by cell.

Ana leads the case, or is the officer whose move it is. Boris stands in for her, and Ceca for Boris. Xenia approves; she
may stand in for Yvonne, or for Zoran who stands in for Yvonne. In each cell at most one human has two accounts.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import product
from pathlib import Path
from uuid import uuid4

import pytest

from application.access import Person, Role
from application.identity import case_id
from application.standing_in import Absence
from domain.initiatives import events as e
from domain.initiatives.decisions.approving import ApproveStep, AskApproval
from domain.initiatives.decisions.concluding import RequestConsent
from domain.initiatives.decisions.coordinating import WithdrawInitiative
from domain.initiatives.terms import Stage
from domain.kernel import AccountId, Command, Refused
from tests.application.office import NOW, Office, person, request
from tests.domain.initiatives import stories
from tests.domain.specification import WORDS
from tests.web.running import with_a_second_person

ROLES = {"coordinator": (Role.COORDINATOR, None), "officer": (Role.OFFICER, "varvarin")}
DEED_SIDE: dict[str, tuple[str, set[str]]] = {
    "none": ("Ana", {"Ana"}),
    "before both": ("Boris", {"Boris", "Ana"}),
    "begins between": ("Boris", {"Boris", "Ana"}),
    "ends between": ("Boris", {"Boris"}),
    "chain": ("Ceca", {"Ceca", "Boris", "Ana"}),
}
"""How Ana's absence lies to the two steps: who does the deed, and who stands behind it."""
NAMED = {
    (role, side): "Ana" if "Ana" in behind and actor != "Ana" else ""
    for role in ROLES
    for side, (actor, behind) in DEED_SIDE.items()
} | {("officer", "chain"): "Boris"}
"""For whom the fact says that it was done: the handler of the case; among officers the nearest who is away."""
APPROVAL_SIDE: dict[str, set[str]] = {
    "none": {"Xenia"},
    "before both": {"Xenia", "Yvonne"},
    "begins between": {"Xenia"},
    "chain": {"Xenia", "Zoran", "Yvonne"},
}
"""How Yvonne's absence lies to them, and who stands behind the approval."""
TWINS = (None, *product(("Ana", "Boris", "Ceca"), ("Xenia", "Yvonne", "Zoran")))
"""Whose account is the second one of whom."""
CELLS = list(product(ROLES, DEED_SIDE, APPROVAL_SIDE, TWINS))
NUMBER = "2026-0009"
CONSENT = RequestConsent(registry_number="06-1", addressee="Vlada")


class Case:
    """A case at "decided" whose procedure wants a second person before consent is requested."""

    def __init__(self, data_dir: str, role: str, story: stories.Story | None = None) -> None:
        self.office = Office(data_dir)
        kind, town = ROLES[role]
        self.people = {name: person(n, kind, town) for n, name in enumerate(("Ana", "Boris", "Ceca"), 20)}
        self.people |= {name: person(n, Role.APPROVER) for n, name in enumerate(("Xenia", "Yvonne", "Zoran"), 30)}
        begun, *rest = story or stories.decided()
        assert isinstance(begun, e.InitiativeProposed)
        handler = self.people["Ana"] if role == "coordinator" else person(19, Role.COORDINATOR)
        begun = e.InitiativeProposed(**{n: getattr(begun, n) for n in begun.__struct_fields__} | {"procedure": PIN})
        self.office.write(case_id(NUMBER), begun, *rest, e.HandlerNamed(handler=handler.account))

    def away(self, who: str, substitute: str) -> None:
        absence = Absence(
            id=uuid4(),
            account=self.people[who].account,
            substitute=self.people[substitute].account,
            first_day=NOW.date(),
            last_day=NOW.date() + timedelta(days=3),
            entered_by=self.people[who].account,
            entered_at=NOW,
        )
        self.office.away.absences.append(absence)

    def back(self, who: str) -> None:
        absences = self.office.away.absences
        absences[:] = [one for one in absences if one.account != self.people[who].account]

    def one_human(self, *names: str) -> None:
        self.office.away.humans.append(frozenset(self.people[name].account for name in names))

    def approve(self, who: str = "Xenia", deed: str = "request-consent") -> None:
        self.office.advancing.advance(self.people[who], NUMBER, request(ApproveStep(deed=deed)))

    def refusal(self, who: Person, deed: str = "request-consent", command: Command = CONSENT) -> str:
        """Why the deed is refused, the same as is offered; empty where it was done."""
        offers = self.office.advancing.offers(who, self.office.case(NUMBER))
        offered = next(o for o in offers if o.deed == deed)
        try:
            self.office.advancing.advance(who, NUMBER, request(command))
        except Refused as refused:
            assert offered.refusals == refused.refusals, "offered if and only if accepted"
            return refused.refusals[0].code
        assert offered.open
        return ""

    @property
    def newest(self) -> tuple[AccountId, AccountId | None]:
        recorded = self.office.log.read(case_id(NUMBER))[-1]
        return recorded.actor, recorded.on_behalf_of


PIN = "twinning@2"


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("procedures")
    with_a_second_person(Path(folder), "twinning", "request-consent", "terminate", "withdraw")
    yield str(folder)


def absences_before(case: Case, deed_side: str, approval_side: str) -> None:
    if deed_side in ("before both", "ends between", "chain"):
        case.away("Ana", "Boris")
    if deed_side == "chain":
        case.away("Boris", "Ceca")
    if approval_side == "before both":
        case.away("Yvonne", "Xenia")
    if approval_side == "chain":
        case.away("Yvonne", "Zoran")
        case.away("Zoran", "Xenia")


def absences_between(case: Case, deed_side: str, approval_side: str) -> None:
    if deed_side == "begins between":
        case.away("Ana", "Boris")
    if deed_side == "ends between":
        case.back("Ana")
    if approval_side == "begins between":
        case.away("Yvonne", "Xenia")


@pytest.mark.parametrize(("role", "deed_side", "approval_side", "twins"), CELLS, ids=map(str, CELLS))
def test_it_takes_two_people(
    data_dir: str, role: str, deed_side: str, approval_side: str, twins: Sequence[str] | None
) -> None:
    case = Case(data_dir, role)
    if twins:
        case.one_human(*twins)
    actor, behind_deed = DEED_SIDE[deed_side]
    absences_before(case, deed_side, approval_side)
    assert case.refusal(case.people[actor]) == "initiative.second-person-missing"
    case.approve()
    absences_between(case, deed_side, approval_side)

    same = bool(twins) and twins[0] in behind_deed and twins[1] in APPROVAL_SIDE[approval_side]
    assert case.refusal(case.people[actor]) == ("initiative.second-person-same" if same else "")
    if not same:
        acted_for = NAMED[role, deed_side]
        assert case.newest == (case.people[actor].account, case.people[acted_for].account if acted_for else None)
        assert case.office.case(NUMBER).stage is Stage.CONSENT_REQUESTED


def test_a_link_between_accounts_that_comes_after_the_approval_counts_too(data_dir: str) -> None:
    case = Case(data_dir, "coordinator")
    case.approve()
    case.one_human("Ana", "Xenia")
    assert case.refusal(case.people["Ana"]) == "initiative.second-person-same"


def test_an_officer_has_nobody_behind_the_back_where_the_move_is_not_the_towns(data_dir: str) -> None:
    case = Case(data_dir, "officer", stories.coordinating())
    withdraw = WithdrawInitiative(reason=WORDS)
    case.one_human("Ana", "Xenia")
    case.away("Ana", "Boris")
    case.approve(deed="withdraw")
    assert case.refusal(case.people["Boris"], "withdraw", withdraw) == "initiative.second-person-same"
    case.back("Ana")
    assert case.refusal(case.people["Boris"], "withdraw", withdraw) == ""
    assert case.newest == (case.people["Boris"].account, None)


def test_another_approver_makes_up_for_one_who_is_the_same_person(data_dir: str) -> None:
    case = Case(data_dir, "coordinator")
    case.one_human("Ana", "Xenia")
    case.approve("Xenia")
    case.approve("Yvonne")
    assert case.refusal(case.people["Ana"]) == ""


def test_an_approval_holds_for_its_own_deed_only(data_dir: str) -> None:
    case = Case(data_dir, "coordinator")
    case.approve(deed="terminate")
    assert case.refusal(case.people["Ana"]) == "initiative.second-person-missing"


def test_the_fact_of_an_approval_names_everybody_who_stands_behind_it(data_dir: str) -> None:
    case = Case(data_dir, "coordinator")
    absences_before(case, "none", "chain")
    before = case.office.case(NUMBER).version
    case.approve()
    account = {name: one.account for name, one in case.people.items()}
    assert case.office.log.read(case_id(NUMBER))[-1].fact == e.StepApproved(
        deed="request-consent",
        seen=before,
        approver=account["Xenia"],
        on_behalf_of=account["Zoran"],
        also_for=(account["Yvonne"],),
    )


def test_asking_is_answered_by_the_approval(data_dir: str) -> None:
    case = Case(data_dir, "coordinator")
    case.office.advancing.advance(case.people["Ana"], NUMBER, request(AskApproval(deed="request-consent")))
    assert case.office.case(NUMBER).asked == ("request-consent",)
    case.approve()
    assert case.office.case(NUMBER).asked == ()


@pytest.mark.parametrize("deed", ["sign-agreement", "publish", "no-such-deed"])
def test_only_what_the_procedure_names_and_the_stage_allows_is_approved(data_dir: str, deed: str) -> None:
    with pytest.raises(Refused, match="needs-no-second-person"):
        Case(data_dir, "coordinator").approve(deed=deed)
