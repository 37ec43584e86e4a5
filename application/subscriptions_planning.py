"""Counts what a replay would send, in the background: over a long log nobody waits at a page for it."""

import threading
from typing import Final

from application.access import Person
from application.past import Preparing
from application.subscriptions_reading import Plan, ReadingSubscriptions
from application.subscriptions_rights import require
from domain.kernel import Refusal, Refused
from domain.subscriptions.subscription import Filter

WAIT_SECONDS: Final = 1.5
"""So long a question waits for a count."""
MOST: Final = 4
"""Counts that a process keeps, those that run among them."""
_Key = tuple[str, int, Filter]


class _Count(threading.Thread):
    """One count. It reads only, so it may end with the process at any moment."""

    def __init__(self, reading: ReadingSubscriptions, by: Person, code: str, after: int) -> None:
        super().__init__(name="replay-count", daemon=True)
        self._reading, self._by, self._code, self._after = reading, by, code, after
        self.done, self.whole = 0, 0
        self.plan: Plan | None = None
        self.fault: Exception | None = None

    def run(self) -> None:
        try:
            self.plan = self._reading.plan(self._by, self._code, self._after, self._told)
        except Exception as fault:
            self.fault = fault

    def _told(self, done: int, whole: int) -> None:
        self.done, self.whole = done, whole


class PlanningReplays:
    """`by` must be an administrator, else Forbidden is raised."""

    def __init__(self, reading: ReadingSubscriptions) -> None:
        self._reading = reading
        self._counts: dict[_Key, _Count] = {}
        self._lock = threading.Lock()

    def plan(self, by: Person, code: str, after: int) -> Plan:
        """What a replay from a position would send, of what was delivered when it was first asked for.

        Raises Forbidden, NotFound, Refused; Preparing while it is counted.
        """
        require(by)
        row = self._reading.one(by, code)
        reached = row.stand.cursor if row.stand else 0
        if after > reached:
            raise Refused(Refusal("subscription.nothing-to-replay", {"up_to": reached}, "after"))
        with self._lock:
            count = self._running(by, code, after, row.state.filter)
        if count is None:
            raise Preparing(0, reached - after)
        count.join(WAIT_SECONDS)
        if count.is_alive():
            raise Preparing(count.done, count.whole or reached - after)
        with self._lock:
            self._counts = {key: one for key, one in self._counts.items() if one is not count}
        if count.fault:
            raise count.fault
        assert count.plan is not None  # noqa: S101 - it ended without a fault
        return count.plan

    def _running(self, by: Person, code: str, after: int, let: Filter) -> _Count | None:
        """The same count where it was begun already, though facts have come since; None where too many run."""
        if count := self._counts.get((code, after, let)):
            return count
        if len(self._counts) >= MOST:
            self._counts = {key: one for key, one in self._counts.items() if one.is_alive()}
        if len(self._counts) >= MOST:
            return None
        count = self._counts[code, after, let] = _Count(self._reading, by, code, after)
        count.start()
        return count
