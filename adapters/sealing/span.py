"""Between which two checkpoints a bundle stands."""

from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from adapters.sealing.checkpoint import moment
from adapters.sealing.cosignatures import Cosignatures
from adapters.sealing.faults import SealFault
from adapters.sealing.store import Connection, TreeRow
from adapters.sealing.witnesses import Witnesses

_WITNESSED: Final = b"""
    (SELECT count(*) FROM seal.cosignatures AS s WHERE s.checkpoint = c.number AND s.witness = ANY(%(witnesses)s))
    >= %(quorum)s
"""
_BEFORE: Final = b"""
    SELECT c.number, c.size, c.note, c.recorded_at FROM seal.checkpoints AS c
    WHERE c.tree = %(tree)s AND c.size > 0 AND c.recorded_at < %(at)s AND (%(quorum)s = 0 OR WITNESSED)
    ORDER BY c.number DESC LIMIT 1
""".replace(b"WITNESSED", _WITNESSED)
_AFTER: Final = b"""
    SELECT c.number, c.size, c.note, c.recorded_at FROM seal.checkpoints AS c
    WHERE c.tree = %(tree)s AND c.recorded_at >= %(at)s AND (%(quorum)s = 0 OR WITNESSED)
    ORDER BY c.size, c.number DESC LIMIT 1
""".replace(b"WITNESSED", _WITNESSED)
_REACHED: Final = b"""
    SELECT c.recorded_at FROM seal.checkpoints AS c
    WHERE c.tree = %(tree)s AND c.recorded_at IS NOT NULL AND (%(quorum)s = 0 OR WITNESSED)
    ORDER BY c.number DESC LIMIT 1
""".replace(b"WITNESSED", _WITNESSED)


class SpanEnd(msgspec.Struct, frozen=True):
    size: int
    note: str
    """With the cosignatures of the witnesses that are named."""
    recorded_at: datetime
    witnesses: int


class Span(msgspec.Struct, frozen=True):
    tree: TreeRow
    start: datetime
    end: datetime
    """No later than the newest fact that was sealed, and witnessed where it has to be."""
    before: SpanEnd | None
    after: SpanEnd
    quorum: int
    """So many have signed both checkpoints; 0 where too few have, or none is named."""

    @property
    def first(self) -> int:
        """Index of the first leaf."""
        return self.before.size if self.before else 0

    @property
    def leaves(self) -> int:
        return self.after.size - self.first


def chosen(connection: Connection, tree: TreeRow, start: datetime, end: datetime, witnesses: Witnesses) -> Span:
    """The last checkpoint before the interval, and the first one that reaches its end.

    Where witnesses are named only checkpoints count that enough of them have signed: without one before the interval
    the bundle begins with the first fact of all, and without one that reaches into it none is asked for. Raises
    SealFault where nothing was sealed since `start`.
    """
    look = _Look(connection, tree, witnesses)
    quorum = witnesses.quorum
    reached = look.reached(quorum)
    if quorum and (reached is None or reached <= start):
        quorum = 0
        reached = look.reached(quorum)
    if reached is None or reached <= start:
        raise SealFault("seal.not-yet", reached=moment(reached.astimezone(UTC)) if reached else "nowhere")
    end = min(end, reached)
    before, after = look.end(_BEFORE, quorum, start), look.end(_AFTER, quorum, end)
    assert after is not None  # noqa: S101 - the one that reaches so far is there
    return Span(tree, start, end, before, after, quorum)


class _Look:
    def __init__(self, connection: Connection, tree: TreeRow, witnesses: Witnesses) -> None:
        self._connection, self._tree, self._keys = connection, tree.number, witnesses.keys

    def reached(self, quorum: int) -> datetime | None:
        row = self._row(_REACHED, quorum)
        return row[0] if row else None

    def end(self, asked: bytes, quorum: int, at: datetime) -> SpanEnd | None:
        row = self._row(asked, quorum, at=at)
        if row is None:
            return None
        number, size, note, recorded_at = row
        lines = Cosignatures(self._connection).lines(number, self._keys)
        return SpanEnd(size, note + lines, recorded_at, lines.count("\n"))

    def _row(self, asked: bytes, quorum: int, **values: object) -> Any:
        given = {"tree": self._tree, "witnesses": self._keys, "quorum": quorum, **values}
        return self._connection.execute(asked, given).fetchone()
