"""The log as it reads at a place on both clocks, fact after fact: what a projector takes to show a past day."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Final
from uuid import UUID

from msgspec.structs import replace

from adapters.readside.entries import PARTNER_FACTS
from adapters.recording.topics import published
from application.past import happened_by, true_on
from application.ports import Archive, Recorded
from domain.initiatives.events import FactCorrected
from domain.kernel import Fact

_PAGE: Final = 2_000


class PastLog:
    """Facts up to a position. With `valid_at`, of a case only those that had happened by that day, each as it reads
    after the corrections that were known, as application.past.seen leaves them; of a case that had not begun, nothing.

    A partner is there from its registration, whenever that was: what had happened with it earlier needs its name.
    """

    def __init__(self, log: Archive, until: int, valid_at: date | None) -> None:
        self._log = log
        self._until = until
        self._valid_at = valid_at
        self._restated = _restated(log, until) if valid_at else {}
        self._not_begun: set[UUID] = set()

    def page(self, after: int, limit: int) -> Sequence[Recorded]:
        """As application.ports.Log.page, to be asked for in the order of the log."""
        while True:
            facts = [fact for fact in self._log.page(after, limit) if fact.position <= self._until]
            if not facts or self._valid_at is None:
                return facts
            if left := [fact for one in facts if (fact := self._valid(one, self._valid_at))]:
                return left
            after = facts[-1].position

    def _valid(self, recorded: Recorded, day: date) -> Recorded | None:
        if isinstance(recorded.fact, FactCorrected) or recorded.stream in self._not_begun:
            return None
        if (restated := self._restated.get((recorded.stream, recorded.version))) is not None:
            recorded = replace(recorded, fact=restated)
        if happened_by(recorded) <= day:
            return recorded
        if recorded.version > 1:
            return None
        if type(recorded.fact) in PARTNER_FACTS:
            return recorded
        self._not_begun.add(recorded.stream)
        return None


def partners_on(log: Archive, until: int, day: date) -> list[Recorded]:
    """What of the log up to a position had happened with partners by a day, in its order."""
    topics = [published().topic_of[kind] for kind in PARTNER_FACTS]
    found: list[Recorded] = []
    after = 0
    while facts := [fact for fact in log.page(after, _PAGE, topics) if fact.position <= until]:
        found += [fact for fact in facts if fact.version == 1 or happened_by(fact) <= day]
        after = facts[-1].position
    return found


def cases_on(log: Archive, until: int, day: date, cases: Collection[UUID]) -> list[Recorded]:
    """What of some cases up to a position had happened by a day, in the order of the log."""
    histories: dict[UUID, list[Recorded]] = {}
    for recorded in log.read_several(list(cases), until):
        histories.setdefault(recorded.stream, []).append(recorded)
    return sorted(
        (fact for history in histories.values() for fact in true_on(day, history)), key=lambda fact: fact.position
    )


def _restated(log: Archive, until: int) -> dict[tuple[UUID, int], Fact]:
    """What each corrected fact says in the end."""
    found: dict[tuple[UUID, int], Fact] = {}
    after = 0
    while facts := log.page(after, _PAGE, [published().topic_of[FactCorrected]]):
        for recorded in facts:
            if isinstance(recorded.fact, FactCorrected) and recorded.position <= until:
                found[recorded.stream, recorded.fact.corrects] = recorded.fact.restated
        after = facts[-1].position
    return found
