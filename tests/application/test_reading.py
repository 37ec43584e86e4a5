"""Reading: the scope of the person reaches every query, and words that were erased are gone."""

import dataclasses
import typing
from collections.abc import Callable, Sequence
from datetime import timedelta
from uuid import UUID

import pytest

from application.access import Forbidden, Person, Scope
from application.identity import case_id
from application.past import AsOf, NotYet
from application.ports import VaultEntry
from application.reading import VAULT_FIELDS, NotFound, Reading, vault_refs
from application.views.desk import QueueQuery, SilentQuery, TaskPage
from application.views.models import ReadModels
from application.views.partners import PartnerQuery
from application.views.register import RegisterQuery
from domain.initiatives import events as cases
from domain.initiatives.decisions.anytime import AddRemark
from domain.kernel import Fact, VaultRef
from domain.partners import events as partners
from domain.partners.decisions import MergePartner
from tests.application.office import (
    ADMINISTRATOR,
    APPROVER,
    AUDITOR,
    COORDINATOR,
    LOST,
    NOW,
    OFFICER,
    STRANGER,
    WORDS,
    CasesInMemory,
    Office,
    request,
)
from tests.domain.specification import proposed
from tests.fakes import InMemoryVault, witness


class Asked:
    """Every view at once: remembers with which scope it was asked."""

    def __init__(self, office: Office) -> None:
        self.scopes: list[Scope] = []
        self._files = office.files

    def page(self, scope: Scope, *asked: object) -> None:
        self.scopes.append(scope)

    def tasks(self, scope: Scope, *asked: object) -> TaskPage:
        self.scopes.append(scope)
        return TaskPage((), 0)

    after = rows = board = days = open_steps = silent = waiting = newest = all = of = page

    def open(self, scope: Scope, asked: UUID | str) -> object:
        self.scopes.append(scope)
        return self._files.open(scope, asked) if isinstance(asked, UUID) else asked

    def like(self, *asked: object) -> Sequence[object]:
        return ()


@pytest.fixture
def asked(office: Office) -> Asked:
    return Asked(office)


@pytest.fixture
def reading(office: Office, asked: Asked) -> Reading:
    vault = InMemoryVault(office.log)
    cases = CasesInMemory(office.log)
    present = ReadModels(**{field.name: asked for field in dataclasses.fields(ReadModels)})
    return Reading(present, asked, cases, cases, office.log, asked, vault, lambda: NOW, witness())


Question = Callable[[Reading, Person], object]
LISTS: dict[str, Question] = {
    "register": lambda reading, who: reading.register(who, RegisterQuery()),
    "export": lambda reading, who: reading.rows(who, RegisterQuery()),
    "queue": lambda reading, who: reading.steps(who, [QueueQuery()]),
    "silent": lambda reading, who: reading.silent(who, SilentQuery()),
    "board": lambda reading, who: reading.board(who, RegisterQuery(), [], 8),
    "tasks": lambda reading, who: reading.tasks(who, 8),
    "approvals": lambda reading, who: reading.approvals(who, 8),
    "changes": lambda reading, who: reading.changes(who, 8),
    "cases": lambda reading, who: reading.cases(who, []),
    "days": lambda reading, who: reading.days(who, NOW.date(), NOW.date(), mine=True, most_a_day=8),
    "followed": lambda reading, who: reading.followed(who),
    "notices": lambda reading, who: reading.notices(who, 8),
    "partners": lambda reading, who: reading.partners(who, PartnerQuery()),
    "partners after one": lambda reading, who: reading.partners_after(who, PartnerQuery(), None),
    "register after a row": lambda reading, who: reading.register_after(who, RegisterQuery(), None),
    "local governments": lambda reading, who: reading.local_governments(who),
    "local government": lambda reading, who: reading.local_government(who, "varvarin"),
}
ONE: dict[str, Question] = {
    "case": lambda reading, who: reading.case(who, "2026-0001"),
    "done": lambda reading, who: reading.done(who, case_id("2026-0001"), None),
    "facts": lambda reading, who: reading.case_facts(who, "2026-0001", 0, 10),
    "history": lambda reading, who: reading.case_with_history(who, "2026-0001"),
    "case in the past": lambda reading, who: reading.case_as_of(who, "2026-0001", AsOf(known_at=NOW)),
    "digest": lambda reading, who: reading.digest(who, "2026-0001", 1),
    "partner": lambda reading, who: reading.partner(who, case_id("2026-0001")),
    "partner's history": lambda reading, who: reading.partner_history(who, case_id("2026-0001")),
    "look-up": lambda reading, who: reading.partners_like(who, "mod"),
    "log": lambda reading, who: reading.log_page(who, 0, 10),
}


def named(questions: dict[str, Question]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("question", questions.values(), ids=questions.keys())


@named(LISTS)
@pytest.mark.parametrize(
    ("who", "scope"),
    [(COORDINATOR, Scope()), (APPROVER, Scope()), (AUDITOR, Scope()), (OFFICER, Scope("varvarin"))],
    ids=["coordinator", "approver", "auditor", "officer"],
)
def test_every_list_is_asked_within_the_scope_of_who_looks(
    reading: Reading, asked: Asked, question: Question, who: Person, scope: Scope
) -> None:
    question(reading, who)
    assert asked.scopes == [scope]


@named(LISTS | ONE)
@pytest.mark.parametrize("who", [ADMINISTRATOR, LOST], ids=["administrator", "officer of nowhere"])
def test_who_does_no_casework_reads_none(reading: Reading, asked: Asked, question: Question, who: Person) -> None:
    with pytest.raises(Forbidden):
        question(reading, who)
    assert asked.scopes == []


def test_every_question_of_reading_is_asked_here() -> None:
    methods = {name for name in vars(Reading) if not name.startswith("_")}
    assert len(methods - {"today", "at", "as_of"}) == len(LISTS | ONE)


def test_a_case_of_another_town_cannot_be_told_from_none(office: Office, reading: Reading) -> None:
    number = office.propose(OFFICER)
    assert reading.case(OFFICER, number).state.number == number
    for who, wanted in ((STRANGER, number), (OFFICER, "2026-9999")):
        with pytest.raises(NotFound, match=f"^{wanted}$"):
            reading.case(who, wanted)
        with pytest.raises(NotFound, match=f"^{wanted}$"):
            reading.case_with_history(who, wanted)


def test_the_file_of_another_town_is_not_found(reading: Reading) -> None:
    assert reading.local_government(STRANGER, "nis") == "nis"
    with pytest.raises(NotFound):
        reading.local_government(STRANGER, "varvarin")
    assert reading.local_government(COORDINATOR, "varvarin") == "varvarin"


def test_only_who_sees_all_cases_reads_the_whole_log(office: Office, reading: Reading) -> None:
    office.propose(OFFICER)
    assert len(reading.log_page(AUDITOR, 0, 10)) == office.log.head()
    with pytest.raises(Forbidden, match=r"^access\.whole-log$"):
        reading.log_page(OFFICER, 0, 10)


def test_a_history_comes_with_its_words_and_without_those_that_were_erased(office: Office, reading: Reading) -> None:
    number = office.propose(OFFICER)
    kept, erased = VaultRef(UUID(int=1)), VaultRef(UUID(int=2))
    for ref, text in ((kept, "ostaje"), (erased, "briše se")):
        entry = VaultEntry(ref, "remark", text)
        office.advancing.advance(OFFICER, number, request(AddRemark(remark=ref), entries=(entry,)))
    del office.log.words[erased]
    history = reading.case_with_history(OFFICER, number)[1]
    assert [r.version for r in history.facts] == [1, 2, 3]
    assert (history.texts[kept], history.texts[erased]) == ("ostaje", None)


def test_why_the_office_merged_two_partners_is_not_shown_to_officers(office: Office, reading: Reading) -> None:
    wien, vienna = office.partner("Wien", "AT"), office.partner("Vienna", "AT")
    entry = VaultEntry(WORDS, "reason", "Isti grad.")
    office.keeping.edit(COORDINATOR, vienna, request(MergePartner(into=wien, reason=WORDS), entries=(entry,)))
    assert reading.partner_history(AUDITOR, vienna).texts == {WORDS: "Isti grad."}
    officers = reading.partner_history(OFFICER, vienna)
    assert (len(officers.facts), officers.texts) == (2, {})


# --- references into the vault


def fact_types() -> list[type[Fact]]:
    return [*typing.get_args(cases.InitiativeEvent), *typing.get_args(partners.PartnerEvent)]


def points_into_the_vault(hint: object) -> bool:
    return hint is VaultRef or VaultRef in typing.get_args(hint)


def test_the_list_of_fields_that_point_into_the_vault_is_whole() -> None:
    pointing = {
        name
        for fact in fact_types()
        for name, hint in typing.get_type_hints(fact).items()
        if points_into_the_vault(hint)
    }
    assert pointing == set(VAULT_FIELDS)


def test_no_other_meaning_is_given_to_these_fields() -> None:
    for fact in fact_types():
        for name, hint in typing.get_type_hints(fact).items():
            assert name not in VAULT_FIELDS or points_into_the_vault(hint), (fact, name)


def test_a_correction_points_to_its_own_words_and_to_those_restated() -> None:
    why = VaultRef(UUID(int=5))
    correction = cases.FactCorrected(corrects=1, restated=proposed(), reason=why)
    assert vault_refs(correction) == [why, WORDS]
    assert vault_refs(cases.ProcedureResumed()) == []


def test_before_its_first_fact_a_case_says_from_when_on(reading: Reading, office: Office) -> None:
    number = office.propose(OFFICER)
    with pytest.raises(NotYet) as early:
        reading.case_as_of(COORDINATOR, number, AsOf(known_at=NOW - timedelta(days=1)))
    assert early.value.first == NOW.date()
