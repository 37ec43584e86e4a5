"""The register as people ask for it."""

from datetime import date, timedelta

import pytest

from adapters.readside.entries import OFFICE
from application.access import Scope
from application.views.register import NOBODY, Due, Phase, RegisterQuery
from domain.dates import PartialDate
from domain.initiatives import events as e
from domain.initiatives import terms as t
from tests.adapters.readside.office import ANA, MIRKO, WORDS, to_consent

TODAY = date(2026, 3, 1)
EVERYBODY = Scope()


@pytest.fixture(scope="module")
def cases(office, shown):
    """Five cases of three towns."""
    bari = office.partner("Bari", "IT")
    bucharest = office.partner("București", "RO", "Bukurešt", "Букурешт")
    office.coordinated("2024-0007", "nis", bari)
    office.coordinated("2024-0010", "leskovac", bucharest, handler=MIRKO)
    office.add("2024-0010", e.SupportGiven(items=tuple(t.Support)), e.CoordinationCompleted(), *to_consent())
    office.proposed("2025-9999", "nis", bari, bucharest, kind=t.Kind.PROJECT_BASED)
    office.historic("2025-10000", "cacak", bari)
    office.coordinated("2026-0001", "leskovac", bari, handler=MIRKO)
    office.add("2026-0001", e.InitiativeWithdrawn(reason=WORDS))
    return shown().register


def numbers(cases, scope=EVERYBODY, **asked) -> list[str]:
    query = RegisterQuery(**{"sort": "number", "descending": False, **asked})
    return [row.number for row in cases.page(scope, query, TODAY).rows]


def test_numbers_sort_by_year_and_then_by_count_and_not_as_text(cases):
    assert numbers(cases) == ["2024-0007", "2024-0010", "2025-9999", "2025-10000", "2026-0001"]
    assert numbers(cases, descending=True) == ["2026-0001", "2025-10000", "2025-9999", "2024-0010", "2024-0007"]


@pytest.mark.parametrize("typed", ["Niš", "Ниш", "nis", "NIŠ bari", "  bari   ниш "])
def test_search_finds_a_town_in_any_script_and_spelling(cases, typed):
    assert numbers(cases, text=typed) == ["2024-0007", "2025-9999"]


@pytest.mark.parametrize("typed", ["bucuresti", "Bukurešt", "букурешт", "București"])
def test_search_finds_a_partner_by_every_name(cases, typed):
    assert numbers(cases, text=typed) == ["2024-0010", "2025-9999"]


def test_every_word_must_match_somewhere(cases):
    assert numbers(cases, text="leskovac bari") == ["2026-0001"]
    assert numbers(cases, text="leskovac bari nis") == []


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("2024-0007", ["2024-0007"]),
        ("2025-", ["2025-9999", "2025-10000"]),
        ("2025-1", ["2025-10000"]),
        ("2024-000", ["2024-0007"]),
        ("2024-00070", []),
        ("7", ["2024-0007"]),
        ("0010", ["2024-0010"]),
        ("10000", ["2025-10000"]),
        ("2025", ["2025-9999", "2025-10000"]),
        ("2025 nis", ["2025-9999"]),
        ("12345678", []),
        ("2024-" + "9" * 30, []),
    ],
)
def test_search_finds_a_case_by_its_number(cases, typed, found):
    assert numbers(cases, text=typed) == found


@pytest.mark.parametrize("typed", ["%", "_", "'", "\\", "\0", "\u202e", "🙂", "%' OR 1=1 --", "a" * 200, "\ud800"])
def test_search_for_nonsense_finds_nothing_and_does_no_harm(cases, typed):
    assert numbers(cases, text=typed) == []


def test_blank_text_does_not_filter(cases):
    assert len(numbers(cases, text="   ")) == 5


def test_filters_join_by_and_and_their_values_by_or(cases):
    assert numbers(cases, phase=Phase.CONSENT) == ["2024-0010"]
    assert numbers(cases, stages=(t.Stage.PROPOSED, t.Stage.WITHDRAWN)) == ["2025-9999", "2026-0001"]
    assert numbers(cases, phase=Phase.ENDED, stages=(t.Stage.PROPOSED,)) == []
    assert numbers(cases, kinds=(t.Kind.PROJECT_BASED,)) == ["2025-9999"]
    assert numbers(cases, countries=("RO",)) == ["2024-0010", "2025-9999"]
    assert numbers(cases, handlers=(str(ANA), NOBODY)) == ["2024-0007", "2025-9999", "2025-10000"]
    assert numbers(cases, local_governments=("cacak", "leskovac"), countries=("IT",)) == ["2025-10000", "2026-0001"]


@pytest.mark.parametrize("facet", ["countries", "handlers", "local_governments"])
@pytest.mark.parametrize("value", ["nobody knows", "\0", "\ud800", "'; DROP SCHEMA views --"])
def test_a_value_that_no_case_has_filters_everything_out(cases, facet, value):
    assert numbers(cases, **{facet: (value,)}) == []


def test_an_officer_sees_the_cases_of_the_own_local_government_in_rows_and_counts(cases):
    page = cases.page(Scope("leskovac"), RegisterQuery(), TODAY)
    assert {row.number for row in page.rows} == {"2024-0010", "2026-0001"}
    assert (page.total, page.everything) == (2, 2)
    assert {option.value: option.count for option in page.countries} == {"RO": 1, "IT": 1}
    assert numbers(cases, Scope("leskovac"), local_governments=("nis",)) == []


def test_a_row_says_what_is_next_and_by_when(cases):
    row = cases.page(EVERYBODY, RegisterQuery(text="2024-0007"), TODAY).rows[0]
    assert (row.home, row.partners[0].name, row.stage, row.deed) == (
        ("nis",),
        "Bari",
        t.Stage.COORDINATING,
        "give-support",
    )
    assert row.due == row.since.astimezone(OFFICE).date() + timedelta(days=15)
    assert row.handler == ANA


def test_a_returned_file_is_due_when_its_handler_said(office, shown, cases):
    office.add("2024-0010", e.FileReturned(missing=WORDS, due_on=PartialDate("2026-02")))
    late = shown().register.page(EVERYBODY, RegisterQuery(due=(Due.LATE,)), TODAY)
    assert [(row.number, row.due) for row in late.rows] == [("2024-0010", date(2026, 2, 28))]


def test_a_page_beyond_the_end_gives_the_last_one(cases):
    page = cases.page(EVERYBODY, RegisterQuery(page=900, size=2, sort="number", descending=False), TODAY)
    assert ([row.number for row in page.rows], page.pages) == (["2026-0001"], 3)
    assert cases.page(EVERYBODY, RegisterQuery(page=9, countries=("CN",)), TODAY).rows == ()


def test_pages_follow_each_other_without_gap_or_repetition_in_every_order(cases):
    for sort in ("number", "pair", "stage", "due", "kind", "updated"):
        for descending in (False, True):
            query = {"sort": sort, "descending": descending, "size": 2}
            paged = [row for page in (1, 2, 3) for row in numbers(cases, page=page, **query)]
            assert paged == numbers(cases, sort=sort, descending=descending)
            assert len(set(paged)) == 5
            exported = cases.rows(EVERYBODY, RegisterQuery(sort=sort, descending=descending), TODAY)
            assert [row.number for batch in exported for row in batch] == paged


def test_pairs_stand_in_the_order_of_the_alphabet(cases):
    homes = [row.home for row in cases.page(EVERYBODY, RegisterQuery(sort="pair", descending=False), TODAY).rows]
    assert homes == [("cacak",), ("leskovac",), ("leskovac",), ("nis",), ("nis",)]


def test_a_live_case_of_the_same_pair_is_found(office, cases, reading):
    bari = reading.partner_files.named("bari")[0].id
    assert [row.number for row in cases.same_pair(["leskovac", "nis"], [bari])] == ["2024-0007", "2025-9999"]
    assert list(cases.same_pair(["leskovac"], [bari])) == []  # withdrawn


def test_the_newest_number_of_a_year_is_known(cases):
    assert [cases.newest_number(year) for year in (2023, 2024, 2025, 2026)] == [0, 10, 10000, 1]
