"""What is seen of subscriptions beyond their rows: how old what waits is, and the last answer."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from application.access import Person
from application.ports import Archive, UnreadableFact
from application.subscriptions_ports import Delivery, Desk, Outcome
from application.subscriptions_reading import ReadingSubscriptions, Row
from application.subscriptions_rights import kept


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A subscription in the list."""

    row: Row
    since: datetime | None
    """When the oldest fact that waits was recorded; None where there is none, or it cannot be read."""
    last: Delivery | None
    """The newest attempt that is kept."""


class ShowingSubscriptions:
    """`by` is whoever asks: an administrator, or the keeper of what is asked for."""

    def __init__(self, log: Archive, desk: Desk, reading: ReadingSubscriptions) -> None:
        self._log, self._desk, self._reading = log, desk, reading

    def list(self, by: Person) -> Sequence[Line]:
        """By code, those that were disabled last."""
        rows, newest = self._reading.list(by), self._desk.newest()
        return [Line(row=row, since=self._since(row), last=newest.get(row.id)) for row in rows]

    def one(self, by: Person, code: str) -> Line:
        """Raises NotFound."""
        row = self._reading.one(by, code)
        last = next(iter(self._desk.deliveries(row.id, 1)), None)
        return Line(row=row, since=self._since(row), last=last)

    def test(self, by: Person, row: Row) -> Delivery | None:
        """The newest test delivery. Raises NotFound."""
        kept(by, row.state, row.state.code)
        return next(iter(self._desk.deliveries(row.id, 1, outcome=Outcome.TEST)), None)

    def _since(self, row: Row) -> datetime | None:
        if not row.lag:
            return None
        cursor = row.stand.cursor if row.stand else row.state.after
        try:
            return next((recorded.recorded_at for recorded in self._log.page(cursor, 1)), None)
        except UnreadableFact:
            return None
