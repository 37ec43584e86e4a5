"""Figures for auditors: who recorded what, how long cases stood in each stage, how much was corrected.

They are counted when they are asked for, from the auditor's index of the log and from the stays that the fold of
decisions has made (see adapters/auditing): one pass over the index a page. Days, months and years are the office's, by
the moment of recording. A stay counts in the period in which it was recorded that it ended; its length goes by the
days on which things happened.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final, Protocol, runtime_checkable
from uuid import UUID

import msgspec

from application.access import Person
from application.auditing import require_audit
from application.auditing_looks import Place, Witness
from domain.initiatives.events import FactCorrected
from domain.initiatives.initiative import tag_of
from domain.initiatives.terms import Kind, Stage

CORRECTION: Final = tag_of(FactCorrected)
MOST_MONTHS: Final = 12
"""A longer period is told by years."""


class FigureQuery(msgspec.Struct, frozen=True, kw_only=True):
    since: date
    until: date
    """Both days belong to the period."""
    cooperation: Kind | None = None
    """For times in stages: cases of this kind only."""

    @property
    def by_year(self) -> bool:
        return (self.until.year - self.since.year) * 12 + self.until.month - self.since.month >= MOST_MONTHS


class Deeds(msgspec.Struct, frozen=True):
    """How many facts of one kind somebody recorded within a month or year, which is named by its first day."""

    person: UUID | None
    kind: str
    span: date
    count: int


class StageTime(msgspec.Struct, frozen=True):
    """Of the stays in a stage that ended within the period: how many, and the days within which half of them, and nine
    tenths of them, were over."""

    stage: Stage
    count: int
    median: int
    ninetieth: int


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    spans: Sequence[date]
    """Every month or year of the period, first to last, by its first day."""
    people: Mapping[UUID | None, Mapping[date, int]]
    kinds: Mapping[UUID | None, Mapping[str, Mapping[date, int]]]
    """By person."""
    all: Mapping[date, int]
    corrections: Mapping[date, int]
    stages: Sequence[StageTime]
    behind: int
    """Newest facts that are not counted yet."""


@runtime_checkable
class FigureSource(Protocol):
    """All methods raise LogUnavailable."""

    def deeds(self, query: FigureQuery) -> Sequence[Deeds]: ...

    def stages(self, query: FigureQuery) -> Sequence[StageTime]:
        """In the order of the stages."""
        ...

    def behind(self) -> int:
        """See application.auditing.FactSearch."""
        ...


class ReadingFigures:
    """For those who read the whole log."""

    def __init__(self, source: FigureSource, witness: Witness) -> None:
        self._source, self._witness = source, witness

    def of(self, person: Person, query: FigureQuery) -> Figures:
        """Raises Forbidden."""
        require_audit(person)
        self._witness.sees(person, Place.LOG)
        behind = self._source.behind()
        people = defaultdict[UUID | None, dict[date, int]](dict)
        kinds = defaultdict[UUID | None, dict[str, dict[date, int]]](lambda: defaultdict(dict))
        total, corrections = dict[date, int](), dict[date, int]()
        for deeds in self._source.deeds(query):
            span, count = deeds.span, deeds.count
            people[deeds.person][span] = people[deeds.person].get(span, 0) + count
            kinds[deeds.person][deeds.kind][span] = kinds[deeds.person][deeds.kind].get(span, 0) + count
            total[span] = total.get(span, 0) + count
            if deeds.kind == CORRECTION:
                corrections[span] = corrections.get(span, 0) + count
        return Figures(
            spans=spans(query),
            people=people,
            kinds=kinds,
            all=total,
            corrections=corrections,
            stages=self._source.stages(query),
            behind=behind,
        )


def spans(query: FigureQuery) -> list[date]:
    """Every month or year of the period by its first day."""
    if query.by_year:
        return [date(year, 1, 1) for year in range(query.since.year, query.until.year + 1)]
    first = query.since.year * 12 + query.since.month - 1
    last = query.until.year * 12 + query.until.month - 1
    return [date(month // 12, month % 12 + 1, 1) for month in range(first, last + 1)]
