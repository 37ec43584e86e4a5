"""Small records of a history, folded into one line where several stand together."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Final

import msgspec

from web.initiatives.history import Entry
from web.language import Language
from web.language.language import office_day

_FEWEST: Final = 2


class Fold(msgspec.Struct, frozen=True, kw_only=True):
    """Several small records that follow one another."""

    entries: tuple[Entry, ...]
    text: str
    """How many, and from when to when: `5 small records, 3–7 March 2026`."""
    titles: tuple[str, ...]
    """What they are, each kind once, with how often."""


def folded(entries: Sequence[Entry], spoken: Language, *, recorded: bool) -> list[Entry | Fold]:
    """The entries in their order, runs of small ones as one; `recorded` says by which clock they are ordered."""
    found: list[Entry | Fold] = []
    for small, run in groupby(entries, key=lambda entry: entry.small):
        together = tuple(run)
        if small and len(together) >= _FEWEST:
            found.append(_fold(together, spoken, recorded=recorded))
        else:
            found += together
    return found


def _fold(entries: tuple[Entry, ...], spoken: Language, *, recorded: bool) -> Fold:
    days = [office_day(entry.recorded_at) if recorded else entry.happened_key for entry in entries]
    counted = spoken.count("%(num)s small record", "%(num)s small records", len(entries))
    titles = Counter(entry.title for entry in entries)
    return Fold(
        entries=entries,
        text=f"{counted}, {span(min(days), max(days), spoken)}",
        titles=tuple(f"{title} ({spoken.number(n)})" if n > 1 else title for title, n in titles.items()),
    )


def span(first: date, last: date, spoken: Language) -> str:
    """`3 March 2026`, `3–7 March 2026`, `28 February 2026 – 3 March 2026`."""
    if first == last:
        return spoken.long_date(last)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{spoken.long_date(last)}"
    return f"{spoken.long_date(first)} – {spoken.long_date(last)}"
