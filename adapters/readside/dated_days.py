"""Days of a case beside its deadline: when visits were held, and when its agreement ends."""

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

import msgspec

from adapters.readside.page import CASES, CaseChange, Page
from adapters.readside.table import Rows, Table
from application.views.calendar import Sort
from domain.dates import is_whole, latest
from domain.initiatives.initiative import Initiative
from domain.initiatives.terms import FINAL

TABLE: Final = Table(
    name="dated_days",
    key=("case_id", "sort", "day"),
    columns={"case_id": "uuid", "sort": "text", "day": "date"},
    indexes=("CREATE INDEX ON views.dated_days (day)",),
)
_ADD: Final = TABLE.insert
_GONE: Final = TABLE.delete()


class _Row(msgspec.Struct, frozen=True, gc=False):
    case_id: UUID
    sort: str
    day: date


class DatedDaysView:
    name = "dated_days"
    revision = 1
    keeps: Sequence[type] = ()
    needs = (CASES,)
    reads: Sequence[str] = ()
    tables = (TABLE,)
    rules: Sequence[object] = ()

    def project(self, page: Page) -> Sequence[Rows]:
        gone, added = list[_Row](), list[_Row]()
        for change in page.changes:
            before, after = _before(change), _days(change.case, change.after.entry.state)
            gone += before - after
            added += after - before
        return (Rows(_GONE, gone), Rows(_ADD, added))


def _before(change: CaseChange) -> set[_Row]:
    return _days(change.case, change.before.entry.state) if change.before else set()


def _days(case: UUID, state: Initiative) -> set[_Row]:
    """A visit of which only the month is known stands on no day; an agreement lasts to the last day it may mean."""
    held = {s.fact.occurred_on for s in state.visits if s.fact.occurred_on and is_whole(s.fact.occurred_on)}
    found = {_Row(case, Sort.VISIT.value, latest(day)) for day in held}
    if state.term.ends_on and state.stage not in FINAL:
        found.add(_Row(case, Sort.ENDS.value, latest(state.term.ends_on)))
    return found
