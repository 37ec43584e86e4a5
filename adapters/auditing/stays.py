"""The days that a case spent in each of its stages, by the fold that decisions use."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec

from adapters.readside.entries import office_day
from application.ports import Recorded
from domain.dates import earliest, is_whole
from domain.initiatives.events import FactCorrected
from domain.initiatives.initiative import BrokenHistory, grow
from domain.kernel import Fact


class Stay(msgspec.Struct, frozen=True):
    """`until` and `ended_by`, the position of the fact by which the case left, are None where it still stands there."""

    stage: str
    kind: str
    since: date
    until: date | None = None
    ended_by: int | None = None


def stays_of(history: Sequence[Recorded]) -> list[Stay]:
    """First to last; those before the contradiction where the history contradicts itself.

    A stage begins on the day on which its fact happened, as corrected since. Where that is not known to the day, it
    begins on the day of recording; and never before the stage that it follows.
    """
    days = {r.version: _day(r, r.fact) for r in history}
    for r in history:
        if isinstance(r.fact, FactCorrected) and r.fact.corrects in days:
            days[r.fact.corrects] = _day(history[r.fact.corrects - 1], r.fact.restated)
    begun: list[tuple[str, date, int]] = []
    kind = ""
    facts: Any = (r.fact for r in history)
    try:
        for r, state in zip(history, grow(None, facts), strict=True):
            kind = state.kind.value
            if not begun or begun[-1][0] != state.stage.value:
                since = max(days[r.version], begun[-1][1]) if begun else days[r.version]
                begun.append((state.stage.value, since, r.position))
    except BrokenHistory:
        pass
    ends = [*((day, position) for _, day, position in begun[1:]), (None, None)][: len(begun)]
    return [Stay(stage, kind, since, *end) for (stage, since, _), end in zip(begun, ends, strict=True)]


def _day(r: Recorded, fact: Fact) -> date:
    return earliest(fact.occurred_on) if fact.occurred_on and is_whole(fact.occurred_on) else office_day(r.recorded_at)
