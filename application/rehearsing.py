"""Rehearsing a draft of a procedure over the whole history. Nothing is written."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, get_args

import msgspec

from application.handling import OFFICE
from application.ports import Clock, Histories, Recorded
from domain.calendars import Calendar
from domain.initiatives.events import InitiativeEvent
from domain.initiatives.procedure import Procedure
from domain.initiatives.rehearsal import Rehearsed, rehearse
from domain.kernel import Fact

Told = Callable[[int, int], None]


class Count(msgspec.Struct):
    """What a rehearsal has come to so far."""

    facts: int = 0
    cases: int = 0
    """Those of the kinds that have the procedure."""
    refused: int = 0
    stranded: int = 0
    missed: int = 0
    uncounted: int = 0
    """Cases with a deadline in a year whose working days nobody knows."""


class Rehearsing:
    def __init__(
        self,
        log: Histories,
        head: Callable[[], int],
        topic_of: Callable[[type[Fact]], str],
        clock: Clock,
        calendar: Calendar,
    ) -> None:
        self._log = log
        self._head = head
        self._topics = [topic_of(kind) for kind in get_args(InitiativeEvent)]
        self._clock = clock
        self._calendar = calendar

    def rehearse(self, draft: Procedure, count: Count, told: Told = lambda _done, _all: None) -> Iterator[Rehearsed]:
        """Every case that the draft would have led otherwise, one by one; `count` grows meanwhile.

        Raises UnreadableFact, LogUnavailable.
        """
        until, today = self._head(), self._clock().astimezone(OFFICE).date()
        for history in self._log.histories(self._topics, until):
            count.facts += len(history)
            found = _of(history, draft, today, self._calendar)
            if found is not None:
                count.cases += 1
                count.refused += len(found.refused)
                count.stranded += bool(found.stranded)
                count.missed += len(found.missed)
                count.uncounted += bool(found.uncounted)
                if found.refused or found.stranded or found.missed or found.uncounted:
                    yield found
            told(count.facts, until)


def _of(history: Any, draft: Procedure, today: date, calendar: Calendar) -> Rehearsed | None:
    recorded: list[Recorded] = list(history)
    days = [r.recorded_at.astimezone(OFFICE).date() for r in recorded]
    facts: Any = [r.fact for r in recorded]
    return rehearse(facts, days, draft, today, calendar)
