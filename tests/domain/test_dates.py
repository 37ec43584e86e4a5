"""Partial dates, and the bounds of what a command may carry."""

from datetime import date, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.dates import Day, NotADate, earliest, latest, partial_date, whole
from domain.words import CaseNumber, Country, Line, LineOrNothing, LocalGovernmentCode, LongLine, Number


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026-04", date(2026, 4, 1), date(2026, 4, 30)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2026-02-17", date(2026, 2, 17), date(2026, 2, 17)),
    ],
)
def test_a_partial_date_may_mean_any_day_from_its_first_to_its_last(day: str, first: date, last: date) -> None:
    assert (partial_date(day), earliest(day), latest(day)) == (day, first, last)


@pytest.mark.parametrize(
    "text",
    [
        *("", "26", "2026-", "2026-13", "2026-02-30", "2026-1-1", "20260301", "2026-W01-1", "2026-060"),
        *("1799", "2201", "0000", "٢٠٢٦", "2026\n", "2026-03-01\n", " 2026", "2026-03-01T00", "9" * 30),
    ],
)
def test_anything_else_is_no_date(text: str) -> None:
    with pytest.raises(NotADate):
        partial_date(text)


@given(st.dates(date(1800, 1, 1), date(2200, 12, 31)))
def test_every_day_lies_within_its_month_and_its_year(day: date) -> None:
    text = whole(day)
    for shorter in (text, text[:7], text[:4]):
        assert earliest(partial_date(shorter)) <= day <= latest(shorter)
    month = text[:7]
    assert (latest(month) + timedelta(days=1)).day == 1


ACCEPTED = [
    (Day, "2026-03"),
    (Line, "Petrogradski rejon (Sankt Peterburg)"),
    (Line, "Ниш"),
    (LineOrNothing, ""),
    (LongLine, "x" * 500),
    (Number, "06-12/2026"),
    (LocalGovernmentCode, "beograd-vozdovac"),
    (Country, "BA"),
    (CaseNumber, "2026-0042"),
]


@pytest.mark.parametrize(("kind", "text"), ACCEPTED)
def test_what_an_office_writes_fits(kind: object, text: str) -> None:
    assert msgspec.convert(text, kind) == text


@pytest.mark.parametrize(("kind", "text"), ACCEPTED)
@pytest.mark.parametrize("unseen", ["\n", "\x00", "\u202e", "\ud800"])
def test_nothing_invisible_hides_at_its_end(kind: object, text: str, unseen: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(text + unseen, kind)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Line, ""),
        (Line, "  "),
        (Line, "x" * 201),
        (LineOrNothing, "x" * 201),
        (LongLine, "x" * 501),
        (Number, "x" * 61),
        (LocalGovernmentCode, "Niš"),
        (LocalGovernmentCode, "beograd-"),
        (Country, "ba"),
        (Country, "BIH"),
        (CaseNumber, "2026-042"),
        (CaseNumber, "3026-0042"),
        (Day, "17. 3. 2026"),
    ],
)
def test_what_is_blank_too_long_or_of_another_shape_does_not(kind: object, text: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(text, kind)
