"""Bundles: what an auditor takes away and checks with `pobratim-verify`. Their form: docs/proof-formats.md."""

import zlib
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import msgspec
import psycopg

from adapters.database.urls import lead_url
from adapters.files.writing import write_file
from adapters.sealing.checkpoint import moment
from adapters.sealing.cosignatures import Cosignatures
from adapters.sealing.faults import SealFault
from adapters.sealing.leaves import FactRow, leaf
from adapters.sealing.sealing import PAGE, Told
from adapters.sealing.store import Connection, Store, TreeRow
from adapters.sealing.tree import WIDTH, Tree
from adapters.sealing.witnesses import NOBODY, Witnesses
from application.identity import case_id

FORMAT: Final = 1
_WITNESSED: Final = b"""
    (SELECT count(*) FROM seal.cosignatures AS s WHERE s.checkpoint = c.number AND s.witness = ANY(%(witnesses)s))
    >= %(quorum)s
"""
_BEFORE: Final = b"""
    SELECT c.number, c.size, c.note FROM seal.checkpoints AS c
    WHERE c.tree = %(tree)s AND c.size > 0 AND c.recorded_at < %(at)s AND (%(quorum)s = 0 OR WITNESSED)
    ORDER BY c.number DESC LIMIT 1
""".replace(b"WITNESSED", _WITNESSED)
_AFTER: Final = b"""
    SELECT c.number, c.size, c.note FROM seal.checkpoints AS c
    WHERE c.tree = %(tree)s AND c.recorded_at >= %(at)s AND (%(quorum)s = 0 OR WITNESSED)
    ORDER BY c.size, c.number DESC LIMIT 1
""".replace(b"WITNESSED", _WITNESSED)
_REACHED: Final = b"""
    SELECT c.recorded_at FROM seal.checkpoints AS c
    WHERE c.tree = %(tree)s AND c.recorded_at IS NOT NULL AND (%(quorum)s = 0 OR WITNESSED)
    ORDER BY c.number DESC LIMIT 1
""".replace(b"WITNESSED", _WITNESSED)
_POSITION: Final = b"""
    SELECT f.notification_id
    FROM seal.tiles AS t, LATERAL (
        SELECT notification_id FROM log.facts WHERE notification_id >= t.first_position
        ORDER BY notification_id OFFSET %s LIMIT 1
    ) AS f
    WHERE t.tree = %s AND t.level = 0 AND t.n = %s
"""
_GZIP: Final = 31


class _Case(msgspec.Struct, frozen=True):
    number: str
    stream: UUID


class Bundled(msgspec.Struct, frozen=True, kw_only=True):
    """What was written."""

    origin: str
    start: datetime
    end: datetime
    """Earlier than what was asked for where the newest sealed fact is: only a later fact shows that none is missing."""
    leaves: int
    facts: int
    """Leaves whose fact is in the file: all of them, or those of the case."""
    quorum: int = 0
    """So many witnesses have signed both checkpoints; 0 where too few have, or none is named."""


class Bundling:
    """Reads as the runtime role. Raises SealFault, psycopg.Error, and OSError where the file cannot be written."""

    def __init__(self, url: str, witnesses: Witnesses = NOBODY) -> None:
        self._url, self._witnesses = lead_url(url, "pobratim-audit"), witnesses

    def write(self, file: Path, start: datetime, end: datetime, number: str | None, told: Told) -> Bundled:
        """Aware moments: `start` belongs to the interval, `end` does not. `number` is that of one case."""
        case = _Case(number, case_id(number)) if number else None
        with psycopg.connect(self._url, autocommit=True) as connection:
            trees = Store(connection).trees()
            if not trees:
                raise SealFault("seal.no-key")
            bundle = _Bundle(connection, trees[-1], start, end, case, self._witnesses)
            write_file(_packed(bundle.lines(told)), file)
        return Bundled(
            origin=trees[-1].origin,
            start=start,
            end=bundle.end,
            leaves=bundle.size - bundle.first,
            facts=bundle.facts,
            quorum=bundle.quorum,
        )


class _Bundle:
    """One bundle, from the last checkpoint before the interval to the first one that reaches its end.

    Where witnesses are named only checkpoints count that enough of them have signed: without one before the interval
    the bundle begins with the first fact of all, and without one that reaches into it none is asked for.
    """

    def __init__(
        self,
        connection: Connection,
        tree: TreeRow,
        start: datetime,
        end: datetime,
        case: _Case | None,
        witnesses: Witnesses,
    ) -> None:
        """Raises SealFault where nothing was sealed since `start`."""
        self._connection, self._tree, self._start, self._case = connection, tree, start, case
        self._store, self._witnesses = Store(connection), witnesses.keys
        self.quorum = witnesses.quorum
        reached = self._reached()
        if self.quorum and (reached is None or reached <= start):
            self.quorum = 0
            reached = self._reached()
        if reached is None or reached <= start:
            raise SealFault("seal.not-yet", reached=moment(reached.astimezone(UTC)) if reached else "nowhere")
        self.end = min(end, reached)
        self.first, self._before = self._chosen(_BEFORE, start) or (0, None)
        chosen = self._chosen(_AFTER, self.end)
        if chosen is None:
            raise SealFault("seal.not-yet", reached="nowhere")
        self.size, self._after = chosen
        self.facts = 0

    def _reached(self) -> datetime | None:
        row = self._found(_REACHED)
        return row[0] if row else None

    def _chosen(self, asked: bytes, at: datetime) -> tuple[int, str] | None:
        """Size and note of a checkpoint, with what the witnesses have signed under it."""
        row = self._found(asked, at=at)
        if row is None:
            return None
        number, size, note = row
        return size, note + Cosignatures(self._connection).lines(number, self._witnesses)

    def _found(self, asked: bytes, **values: object) -> Any:
        given = {"tree": self._tree.number, "witnesses": self._witnesses, "quorum": self.quorum, **values}
        return self._connection.execute(asked, given).fetchone()

    def lines(self, told: Told) -> Iterator[bytes]:
        case, start, end = self._case, moment(self._start.astimezone(UTC)), moment(self.end.astimezone(UTC))
        yield _line({"pobratim_bundle": FORMAT, "origin": self._tree.origin, "from": start, "to": end, "case": case})
        position, before = self._front()
        yield _line(before)
        index = self.first
        while index < self.size:
            rows = self._store.facts(position, min(PAGE, self.size - index))
            if not rows:
                raise SealFault("seal.differs", sealed=self.size)
            for row in rows:
                yield self._leaf(index, row)
                index += 1
            position = rows[-1][0]
            told(index - self.first, self.size - self.first)
        yield _line({"after": self._after, "leaves": self.size - self.first})

    def _front(self) -> tuple[int, dict[str, Any]]:
        """The position of the last fact before the first leaf, and the line that tells of the tree up to it."""
        if not self.first:
            return 0, {"before": None, "size": 0, "range": [], "last": None}
        last = self.first - 1
        found = self._row(_POSITION, last % WIDTH, self._tree.number, last // WIDTH)
        rows = self._store.facts(found[0] - 1, 1) if found else ()
        if not rows:
            raise SealFault("seal.differs", sealed=self.first)
        tree = Tree(lambda level, n: self._store.tile(self._tree.number, level, n))
        low_zeros = (self.first & -self.first).bit_length() - 1
        path = tree.inclusion(last, self.first)[:low_zeros]
        told = {"leaf": leaf(last, rows[0]).decode(), "path": _base64(path)}
        hashes = _base64(tree.compact_range(self.first))
        return rows[0][0], {"before": self._before, "size": self.first, "range": hashes, "last": told}

    def _leaf(self, index: int, row: FactRow) -> bytes:
        told = {"leaf": leaf(index, row).decode()}
        if self._case and row[1] != str(self._case.stream):
            return _line(told)
        self.facts += 1
        state = row[-1]
        try:
            return _line({**told, "state": state.decode("utf-8")})
        except UnicodeDecodeError:
            return _line({**told, "state_base64": b64encode(state).decode()})

    def _row(self, asked: bytes, *values: object) -> Any:
        return self._connection.execute(asked, values).fetchone()


def _base64(hashes: list[bytes]) -> list[str]:
    return [b64encode(one).decode() for one in hashes]


def _line(value: object) -> bytes:
    return msgspec.json.encode(value) + b"\n"


def _packed(lines: Iterator[bytes]) -> Iterator[bytes]:
    """As gzip, without a name and a time, so that the same bundle is the same file."""
    packing = zlib.compressobj(6, wbits=_GZIP)
    for line in lines:
        if piece := packing.compress(line):
            yield piece
    yield packing.flush()
