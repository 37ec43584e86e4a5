"""Several people at the same moment, in two processes over one database: who is first, and what the others are told."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar
from uuid import uuid4

import pytest

from adapters.reference.partner_names import partner_names
from application.access import OPERATOR
from application.handling import Request
from application.identity import case_id, pair_id, partner_id
from application.pairs import Pairs
from application.partners import PartnerChoice
from application.ports import VaultEntry
from application.proposing import Proposal, ProposingInitiatives
from domain.initiatives.decisions.anytime import AddParty, AddRemark
from domain.initiatives.events import InitiativeProposed
from domain.initiatives.terms import Kind, Origin, Party, PartyRole
from domain.kernel import CommandKey, Refused, VaultRef
from domain.partners.decisions import RegisterPartner
from tests.web.casework_stack import Stack
from web.main import Installation

T = TypeVar("T")
PEOPLE = 8


@pytest.fixture(scope="module")
def processes(stack: Stack) -> Iterator[Sequence[Installation]]:
    """Two that share nothing but the database; the first one projects."""
    other = Installation(stack.made.settings)
    yield (stack.made, other)
    other.close()


def at_once(acts: Sequence[Callable[[], T]]) -> list[T | Refused]:
    barrier = Barrier(len(acts), timeout=30)

    def act(one: Callable[[], T]) -> T | Refused:
        barrier.wait()
        try:
            return one()
        except Refused as refused:
            return refused

    with ThreadPoolExecutor(len(acts)) as people:
        return list(people.map(act, acts))


def register(made: Installation, name: str, country: str) -> None:
    command = RegisterPartner(name=name, country=country)
    done = made.keeping_partners.register(OPERATOR, Request(key=CommandKey(uuid4()), command=command))
    assert made.read_side.views.caught_up(done.position, 10)


def propose(proposing: ProposingInitiatives, home: str, partner: PartnerChoice, **more: object) -> str:
    asked = Proposal(
        local_governments=(home,),
        partner=partner,
        kind=Kind.TWINNING,
        origin=Origin.LOCAL_GOVERNMENT,
        rationale=VaultRef(uuid4()),
        **more,  # pyright: ignore[reportArgumentType]
    )
    return proposing.propose(OPERATOR, asked, Request(key=CommandKey(uuid4()), command=asked)).number


def one_case_and_the_others_told(answers: Sequence[str | Refused]) -> str:
    """The number of the one case, after it was seen that every other answer names it."""
    [number] = [answer for answer in answers if isinstance(answer, str)]
    refused = [answer.refusals[0] for answer in answers if isinstance(answer, Refused)]
    assert len(refused) == len(answers) - 1
    assert {(reason.code, reason.params["numbers"]) for reason in refused} == {("initiative.duplicate", number)}
    return number


def proposed_with(made: Installation, partner: PartnerChoice) -> int:
    assert partner.name
    assert partner.country
    stream = partner_id(partner.country, partner.name)
    facts = [r.fact for r in made.log.page(0, 10_000) if isinstance(r.fact, InitiativeProposed)]
    return sum(any(party.partner == stream for party in fact.parties) for fact in facts)


def test_eight_propose_a_pair_with_a_known_partner_and_get_one_case(processes: Sequence[Installation]) -> None:
    trst = PartnerChoice(name="Trst", country="IT")
    register(processes[0], "Trst", "IT")
    answers = at_once([lambda n=n: propose(processes[n % 2].proposing, "nis", trst) for n in range(PEOPLE)])
    number = one_case_and_the_others_told(answers)
    assert proposed_with(processes[0], trst) == 1
    stream = pair_id("nis", partner_id("IT", "Trst"))
    assert [r.fact.case_number for r in processes[0].log.read(stream)] == [number]


def test_and_with_a_partner_that_nobody_knew(processes: Sequence[Installation]) -> None:
    gorica = PartnerChoice(name="Gorica", country="IT")
    answers = at_once([lambda n=n: propose(processes[n % 2].proposing, "nis", gorica) for n in range(PEOPLE)])
    one_case_and_the_others_told(answers)
    assert proposed_with(processes[0], gorica) == 1


def test_and_where_their_cases_count_in_eight_years(processes: Sequence[Installation]) -> None:
    udine = PartnerChoice(name="Udine", country="IT")
    register(processes[0], "Udine", "IT")
    answers = at_once(
        [
            lambda n=n: propose(processes[n % 2].proposing, "nis", udine, occurred_on=str(2010 + n))
            for n in range(PEOPLE)
        ]
    )
    one_case_and_the_others_told(answers)


def test_and_where_the_views_stay_behind(processes: Sequence[Installation]) -> None:
    """As while they are rebuilt: the register knows the partner and none of the cases."""

    class Behind:
        def caught_up(self, position: int, timeout: float = 2.0) -> bool:
            return False

        def same_pair(self, local_governments: Sequence[str], partners: Sequence[object]) -> Sequence[object]:
            return ()

        def newest_number(self, year: int) -> int:
            return 0

    pula, behind = PartnerChoice(name="Pula", country="HR"), Behind()
    register(processes[0], "Pula", "HR")

    def proposing(made: Installation) -> ProposingInitiatives:
        pairs = Pairs(made.log, behind, behind)
        return ProposingInitiatives(
            made.log, behind, made.read_side.partner_files, made.local_governments, pairs, made.clock, partner_names()
        )

    answers = at_once([lambda n=n: propose(proposing(processes[n % 2]), "nis", pula) for n in range(PEOPLE)])
    one_case_and_the_others_told(answers)


def test_with_a_reason_each_gets_a_case_of_its_own(processes: Sequence[Installation]) -> None:
    koper = PartnerChoice(name="Koper", country="SI")
    reason = VaultRef(uuid4())
    answers = at_once(
        [lambda n=n: propose(processes[n % 2].proposing, "nis", koper, distinct_because=reason) for n in range(PEOPLE)]
    )
    assert len({answer for answer in answers if isinstance(answer, str)}) == PEOPLE
    others = [len(r.fact.distinct_from) for r in cases_of(processes[0], answers)]
    assert sorted(others) == list(range(PEOPLE))


def cases_of(made: Installation, numbers: Sequence[object]) -> list:
    return [made.log.read(case_id(str(number)))[0] for number in numbers]


def test_a_party_that_joins_and_a_proposal_of_the_same_pair(processes: Sequence[Installation]) -> None:
    made, other = processes
    for n in range(4):
        name = f"Piran {n}"
        register(made, name, "SI")
        choice, partner = PartnerChoice(name=name, country="SI"), partner_id("SI", name)
        case = propose(made.proposing, "bor", PartnerChoice(name=f"Izola {n}", country="SI"))
        joins = AddParty(party=Party(role=PartyRole.PARTNER, partner=partner))
        request = Request(key=CommandKey(uuid4()), command=joins)
        answers = at_once(
            [
                lambda case=case, request=request: made.advancing.advance(OPERATOR, case, request).number,
                lambda choice=choice: propose(other.proposing, "bor", choice),
            ]
        )
        assert sum(isinstance(answer, Refused) for answer in answers) == 1


def test_sixteen_remarks_at_the_same_moment_are_all_kept(processes: Sequence[Installation]) -> None:
    case = propose(processes[0].proposing, "bor", PartnerChoice(name="Bled", country="SI"))

    def remark(made: Installation) -> int:
        ref = VaultRef(uuid4())
        entries = (VaultEntry(ref, "remark", "Zvali su."),)
        request = Request(key=CommandKey(uuid4()), command=AddRemark(remark=ref), entries=entries, seen=1)
        return made.advancing.advance(OPERATOR, case, request).position

    positions = at_once([lambda n=n: remark(processes[n % 2]) for n in range(16)])
    assert len({position for position in positions if isinstance(position, int)}) == 16
    assert len(processes[0].log.read(case_id(case))) == 17
