"""What a reader of each language sees, and how dates that people type are understood."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.dates import PartialDate, partial_date
from domain.kernel import Refusal
from web.language import ABROAD, language
from web.language.language import office_day
from web.language.negotiation import negotiated, negotiated_abroad
from web.language.reading import read_date

NEGOTIATED = [
    ("sr-Latn-RS", "sr-Latn"),
    ("sr-Cyrl-RS,sr;q=0.9", "sr-Cyrl"),
    ("sr-RS,sr;q=0.9,en;q=0.8", "sr-Latn"),
    ("sr", "sr-Latn"),
    ("sr_Cyrl_RS", "sr-Cyrl"),
    ("hr-HR,hr;q=0.9,en;q=0.5", "sr-Latn"),
    ("bs", "sr-Latn"),
    ("cnr", "sr-Latn"),
    ("sr-ME", "sr-Latn"),
    ("en-GB,en;q=0.9,sr;q=0.1", "en"),
    ("de-DE,de;q=0.9,en;q=0.8", "en"),
    ("de-DE,de;q=0.9", "sr-Latn"),
    ("en;q=0,sr-Cyrl;q=0.1", "sr-Cyrl"),
    ("en;q=nonsense,sr-Cyrl;q=0.1", "sr-Cyrl"),
    ("*", "sr-Latn"),
    ("", "sr-Latn"),
    (";;;,,,q=1", "sr-Latn"),
    ("sr-Cyrl" + "," * 100_000, "sr-Cyrl"),
]


@pytest.mark.parametrize(("header", "expected"), NEGOTIATED)
def test_a_browser_gets_what_it_asks_for(header: str, expected: str) -> None:
    assert negotiated(header, "sr-Latn") == expected


def test_serbian_without_a_script_means_that_of_the_installation() -> None:
    assert negotiated("sr-RS", "sr-Cyrl") == "sr-Cyrl"
    assert negotiated("sr-RS", "en") == "sr-Latn"
    assert negotiated("sr-Latn-RS", "sr-Cyrl") == "sr-Latn"


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("de-AT,de;q=0.9,en;q=0.8", "de"),
        ("zh-CN,zh;q=0.9", "zh-Hans"),
        ("nb,el;q=0.5", "el"),
        ("bs", "sr-Latn"),
        ("sr", "sr-Latn"),
        ("nb", "en"),
        ("", "en"),
    ],
)
def test_a_side_abroad_gets_more_languages_and_else_english(header: str, expected: str) -> None:
    assert negotiated_abroad(header, "sr-Latn") == expected


READ = {
    "1.3.2026": "2026-03-01",
    "1. 3. 2026.": "2026-03-01",
    "01/03/2026": "2026-03-01",
    "2026-03-01": "2026-03-01",
    "17. mart 2026.": "2026-03-17",
    "17. marta 2026. godine": "2026-03-17",
    "17. МАРТА 2026. године": "2026-03-17",
    "17 March 2026": "2026-03-17",
    "March 17, 2026": "2026-03-17",
    "1st March 2026": "2026-03-01",
    "mart 2026": "2026-03",
    "март 2026.": "2026-03",
    "March 2026": "2026-03",
    "2026-03": "2026-03",
    "03.2026.": "2026-03",
    "septembar 2026": "2026-09",
    "2026": "2026",
    " 2026. ": "2026",
    "29. 2. 2024.": "2024-02-29",
    "17. März 2026": "2026-03-17",
    "1er mars 2026": "2026-03-01",
    "17 de marzo del 2026": "2026-03-17",
    "2026. március 17.": "2026-03-17",
    "17 ΜΑΡΤΙΟΥ 2026": "2026-03-17",
    "17 mayıs 2026": "2026-05-17",
    "5 MAYIS 2026": "2026-05-05",
    "10 lipca 2026 r.": "2026-07-10",
    "17 марта 2026 года": "2026-03-17",
    "2026年3月17日": "2026-03-17",
    "2026 年 3 月": "2026-03",
    "２０２６年": "2026",
}


@pytest.mark.parametrize(("typed", "expected"), READ.items())
def test_dates_are_read_as_they_are_typed(typed: str, expected: str) -> None:
    assert read_date(typed) == expected


NOT_READ = {
    "31. 2. 2026.": "date.impossible",
    "29. 2. 2026.": "date.impossible",
    "13/2026": "date.impossible",
    "0. 1. 2026": "date.impossible",
    "00.2026": "date.impossible",
    "1. 3. 26.": "date.unclear",
    "juče": "date.unclear",
    "": "date.unclear",
    "1 2 3 2026": "date.unclear",
    "٢٠٢٦": "date.unclear",
    "9" * 30: "date.unclear",
    "1" * 5000: "date.unclear",
    "1. 3. 1799": "date.out-of-range",
    "9999": "date.out-of-range",
}


@pytest.mark.parametrize(("typed", "code"), NOT_READ.items())
def test_what_is_no_date_is_refused_with_its_reason(typed: str, code: str) -> None:
    refused = read_date(typed, "signed_on")
    assert isinstance(refused, Refusal)
    assert (refused.code, refused.field) == (code, "signed_on")


@given(st.dates(min_value=date(1800, 1, 1), max_value=date(2200, 12, 31)), st.sampled_from(ABROAD))
def test_every_date_that_is_shown_can_be_typed_back(day: date, code: str) -> None:
    for shown in (language(code).date(day), language(code).long_date(day)):
        assert read_date(shown) == day.isoformat()
    for part in (day.isoformat()[:7], day.isoformat()[:4]):
        assert read_date(language(code).date(PartialDate(part))) == part


@given(st.text())
def test_whatever_is_typed_is_read_or_refused(typed: str) -> None:
    read = read_date(typed)
    assert isinstance(read, Refusal) or partial_date(read) == read


def test_dates_are_shown_as_precise_as_they_are() -> None:
    latin, cyrillic, english = language("sr-Latn"), language("sr-Cyrl"), language("en")
    day, month, year = PartialDate("2026-03-17"), PartialDate("2026-03"), PartialDate("2026")
    assert [latin.date(d) for d in (day, month, year)] == ["17. 3. 2026.", "mart 2026.", "2026."]
    assert [cyrillic.date(d) for d in (day, month, year)] == ["17. 3. 2026.", "март 2026.", "2026."]
    assert [english.date(d) for d in (day, month, year)] == ["17 March 2026", "March 2026", "2026"]
    assert latin.weekday_date(date(2026, 3, 17)) == "utorak, 17. mart 2026."


def test_distances_are_counted_in_days() -> None:
    today, latin, english = date(2026, 3, 17), language("sr-Latn"), language("en")
    late = [date(2026, 3, 10), date(2026, 3, 16), today, date(2026, 3, 18), date(2026, 4, 17)]
    assert [latin.deadline(d, today) for d in late] == ["kasni 7 dana", "kasni 1 dan", "danas", "sutra", "za 31 dan"]
    assert [english.distance(d, today) for d in late] == ["7 days ago", "yesterday", "today", "tomorrow", "in 31 days"]


def test_long_distances_are_counted_in_months_and_years() -> None:
    today, latin, english = date(2026, 3, 17), language("sr-Latn"), language("en")
    late = [date(2025, 12, 1), date(2024, 1, 1), date(2011, 10, 16)]
    assert [latin.deadline(d, today) for d in late] == ["kasni 3 meseca", "kasni 2 godine", "kasni 14 godina"]
    assert [english.distance(d, today) for d in late] == ["3 months ago", "2 years ago", "14 years ago"]
    assert english.deadline(date(2031, 3, 17), today) == "in 5 years"
    assert latin.lag(1827) == "5 godina kasnije"


def test_moments_are_told_on_the_clock_of_the_office() -> None:
    before_midnight_in_utc = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)
    assert language("sr-Latn").moment(before_midnight_in_utc) == "2. 7. 2026. 00:30"
    assert office_day(before_midnight_in_utc) == date(2026, 7, 2)


def test_countries_and_numbers() -> None:
    assert language("sr-Cyrl").country("BA") == "Босна и Херцеговина"
    assert language("sr-Latn").country("BA") == "Bosna i Hercegovina"
    assert language("en").country("BA") == "Bosnia and Herzegovina"
    assert language("en").country("??") == "??"
    assert "XK" not in language("en").countries
    assert (language("sr-Latn").number(12345), language("en").number(12345)) == ("12.345", "12,345")


def test_a_serbian_name_stands_in_the_script_of_the_reader() -> None:
    assert [language(code).name("Љубовија") for code in ("sr-Cyrl", "sr-Latn", "en")] == [
        "Љубовија",
        "Ljubovija",
        "Ljubovija",
    ]
