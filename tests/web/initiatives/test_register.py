"""The register: found in any script, filtered, sorted, paged, and taken away as a file."""

import csv
import io

import pytest
from openpyxl import load_workbook

from tests.web.casework_stack import Browser, proposed


@pytest.fixture(scope="module")
def cases(coordinator: Browser) -> dict[str, str]:
    """Number by partner."""
    pairs = [
        ("Niš", "Bursa", "TR", "twinning"),
        ("Niš", "Košice", "SK", "twinning"),
        ("Leskovac", "Pernik", "BG", "cross_border"),
        ("Sevojno", "Belváros-Lipótváros", "HU", "project_based"),
    ]
    return {p: proposed(coordinator, home, p, country, kind=kind) for home, p, country, kind in pairs}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=nis", {"Bursa", "Košice"}),
        ("q=Ниш", {"Bursa", "Košice"}),
        ("q=kosice", {"Košice"}),
        ("q=belvaros", {"Belváros-Lipótváros"}),
        ("country=TR&country=BG", {"Bursa", "Pernik"}),
        ("kind=cross_border", {"Pernik"}),
        ("local_government=nis&country=SK", {"Košice"}),
        ("handler=none&country=TR", {"Bursa"}),
        ("phase=consent", set[str]()),
        ("stage=proposed&country=HU", {"Belváros-Lipótváros"}),
        ("due=late", set[str]()),
    ],
)
def test_filters_leave_exactly_what_fits(
    coordinator: Browser, cases: dict[str, str], query: str, found: set[str]
) -> None:
    page = coordinator.open(f"/initiatives?{query}")
    assert page.status == 200
    assert {
        partner for partner, number in cases.items() if f'href="/initiatives/{number}"' in page.answer.text
    } == found
    if not found:
        assert "No case fits all these filters" in page.words


def test_a_filter_that_is_set_can_be_taken_away(coordinator: Browser, cases: dict[str, str]) -> None:
    text = coordinator.open("/initiatives?country=TR&kind=twinning&q=bursa").answer.text
    assert 'href="/initiatives?q=bursa&amp;kind=twinning"' in text
    assert 'href="/initiatives?kind=twinning&amp;country=TR"' in text
    assert "1 case" in text


def test_headings_sort_and_say_how(coordinator: Browser, cases: dict[str, str]) -> None:
    text = coordinator.open("/initiatives?sort=pair").answer.text
    assert 'aria-sort="ascending"><a href="/initiatives?sort=-pair"' in text
    assert text.index("Leskovac") < text.index("Niš")
    backwards = coordinator.open("/initiatives?sort=-pair").answer.text
    assert backwards.index("Niš") < backwards.index("Leskovac")


def test_a_page_beyond_the_last_shows_the_last(coordinator: Browser, cases: dict[str, str]) -> None:
    page = coordinator.open("/initiatives?page=99999")
    assert page.status == 200
    assert "1–4 / 4" in page.words


def test_the_export_holds_exactly_the_filtered_rows(coordinator: Browser, cases: dict[str, str]) -> None:
    answer = coordinator.open("/initiatives/export/csv?local_government=nis&sort=pair").answer
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"].startswith('attachment; filename="pobratim-')
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == 3
    assert {row[0] for row in rows[1:]} == {cases["Bursa"], cases["Košice"]}


def test_the_export_is_a_real_workbook(coordinator: Browser, cases: dict[str, str]) -> None:
    answer = coordinator.open("/initiatives/export/xlsx?country=HU").answer
    sheet = load_workbook(io.BytesIO(answer.content), read_only=True).active
    assert sheet is not None
    assert [row[0] for row in sheet.iter_rows(values_only=True)][1:] == [cases["Belváros-Lipótváros"]]


def test_a_wrong_filter_is_not_exported(coordinator: Browser) -> None:
    assert coordinator.open("/initiatives/export/csv?sort=bogus").status == 422


@pytest.mark.parametrize(
    ("code", "expected"),
    [("sr-Latn", "Sevojno (Užice)"), ("sr-Cyrl", "Севојно (Ужице)")],
)
def test_names_stand_in_the_script_of_the_reader(
    coordinator: Browser, cases: dict[str, str], code: str, expected: str
) -> None:
    coordinator.speaks(code)
    page = coordinator.open("/initiatives?country=HU")
    coordinator.speaks("en")
    assert expected in page.words
    assert "Belváros-Lipótváros" in page.words
