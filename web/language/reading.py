"""Dates as people type them."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import cast

from babel.dates import get_month_names

from application.languages_abroad import ABROAD
from application.script import fold
from domain.dates import EARLIEST_YEAR, LATEST_YEAR, PartialDate
from domain.kernel import Refusal

_LONGEST = 60
_MONTHS: tuple[str, ...] = (
    "januar januara jan january",
    "februar februara feb february",
    "mart marta mar march",
    "april aprila apr",
    "maj maja may",
    "jun juna juni june",
    "jul jula juli july",
    "avgust avgusta avg august aug",
    "septembar septembra sep sept september",
    "oktobar oktobra okt october oct",
    "novembar novembra nov november",
    "decembar decembra dec december",
)
_MONTH_OF = {fold(name): n for n, names in enumerate(_MONTHS, 1) for name in names.split()}
_FILLERS = frozenset({"godina", "godine", "god", "g", "goda", "r", "year", "de", "del"})
_ORDINAL = re.compile(r"(\d{1,2})(?:st|nd|rd|th|er)")
_CHINESE = re.compile(r"(?<=[0-9])\s*[年月日号]")
_YEAR_DIGITS = 4


def read_date(typed: str, field: str | None = None) -> PartialDate | Refusal:
    """A day, a month or a year, as precise as it was typed: `1.3.2026`, `31. 2. 2026.`, `mart 2026`, `2026-03-01`.

    In either script, in English and as sides abroad write it; numbers stand day before month. Refused with
    `date.unclear`, `date.impossible` for a day that the calendar lacks, or `date.out-of-range`.
    """
    unclear = Refusal("date.unclear", {"typed": typed[:_LONGEST]}, field)
    if len(typed) > _LONGEST:
        return unclear
    words = [_ORDINAL.sub(r"\1", word) for word in _CHINESE.sub(" ", fold(typed)).split() if word not in _FILLERS]
    ordered = _year_month_day(words)
    if ordered is None:
        return unclear
    year, month, day = ordered
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        return Refusal("date.out-of-range", {"earliest": EARLIEST_YEAR, "latest": LATEST_YEAR}, field)
    try:
        date(year, 1 if month is None else month, 1 if day is None else day)
    except ValueError:
        return Refusal("date.impossible", {"day": typed.strip()}, field)
    return PartialDate("-".join(f"{part:02}" for part in (year, month, day) if part is not None))


def _year_month_day(words: Sequence[str]) -> tuple[int, int | None, int | None] | None:
    """The parts in their order, None where they cannot be told apart."""
    match words:
        case [y] if _is_year(y):
            return int(y), None, None
        case [y, m] if _is_year(y) and (month := _month(m)) is not None:
            return int(y), month, None
        case [m, y] if _is_year(y) and (month := _month(m)) is not None:
            return int(y), month, None
        case [y, m, d] if _is_year(y) and _is_small(d) and (month := _month(m)) is not None:
            return int(y), month, int(d)
        case [d, m, y] if _is_year(y) and _is_small(d) and (month := _month(m)) is not None:
            return int(y), month, int(d)
        case [m, d, y] if _is_year(y) and _is_small(d) and not _is_small(m) and (month := _month(m)) is not None:
            return int(y), month, int(d)
        case _:
            return None


def _is_year(word: str) -> bool:
    return len(word) == _YEAR_DIGITS and word.isascii() and word.isdigit()


def _is_small(word: str) -> bool:
    return len(word) <= len("31") and word.isascii() and word.isdigit()


def _month(word: str) -> int | None:
    if _is_small(word):
        return int(word)
    return _MONTH_OF.get(word) or (None if word.isdigit() else _months_abroad().get(word))


@cache
def _months_abroad() -> Mapping[str, int]:
    """Read where it is first needed: it takes a moment."""
    found: dict[str, int] = {}
    for code in ABROAD:
        for context in ("format", "stand-alone"):
            names = cast("Mapping[int, str]", get_month_names("wide", context, code.replace("-", "_")))
            found |= {fold(name): n for n, name in names.items()}
    return found
