"""Bundles: what an auditor takes away and checks with `pobratim-verify`. Their form: docs/proof-formats.md."""

import zlib
from base64 import b64encode
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import msgspec
import psycopg

from adapters.database.urls import lead_url
from adapters.files.writing import write_file
from adapters.sealing.checkpoint import moment
from adapters.sealing.faults import SealFault
from adapters.sealing.leaves import FactRow, leaf
from adapters.sealing.sealing import PAGE, Told
from adapters.sealing.span import Span, chosen
from adapters.sealing.store import Connection, Store
from adapters.sealing.tree import WIDTH, Tree
from adapters.sealing.witnesses import NOBODY, Witnesses
from application.identity import case_id

FORMAT: Final = 1
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
        with self.opened(start, end, number) as bundle:
            write_file(bundle.packed(told), file)
        return Bundled(
            origin=bundle.span.tree.origin,
            start=start,
            end=bundle.span.end,
            leaves=bundle.span.leaves,
            facts=bundle.facts,
            quorum=bundle.span.quorum,
        )

    @contextmanager
    def opened(self, start: datetime, end: datetime, number: str | None) -> Generator["Bundle"]:
        """A bundle that can be made as long as this lasts."""
        with psycopg.connect(self._url, autocommit=True) as connection:
            trees = Store(connection).trees()
            if not trees:
                raise SealFault("seal.no-key")
            span = chosen(connection, trees[-1], start, end, self._witnesses)
            yield Bundle(connection, span, _Case(number, case_id(number)) if number else None)


class Bundle:
    def __init__(self, connection: Connection, span: Span, case: _Case | None) -> None:
        self.connection, self.span, self.case = connection, span, case
        self._store = Store(connection)
        self.facts = 0

    def packed(self, told: Told) -> Iterator[bytes]:
        """As gzip, without a name and a time, so that the same bundle is the same file."""
        packing = zlib.compressobj(6, wbits=_GZIP)
        for line in self.lines(told):
            if piece := packing.compress(line):
                yield piece
        yield packing.flush()

    def lines(self, told: Told) -> Iterator[bytes]:
        span, case = self.span, self.case
        start, end = moment(span.start.astimezone(UTC)), moment(span.end.astimezone(UTC))
        yield _line({"pobratim_bundle": FORMAT, "origin": span.tree.origin, "from": start, "to": end, "case": case})
        position = self.front()
        yield _line(self._before(position))
        index = span.first
        while index < span.after.size:
            rows = self._store.facts(position, min(PAGE, span.after.size - index))
            if not rows:
                raise SealFault("seal.differs", sealed=span.after.size)
            for row in rows:
                yield self._leaf(index, row)
                index += 1
            position = rows[-1][0]
            told(index - span.first, span.leaves)
        yield _line({"after": span.after.note, "leaves": span.leaves})

    def front(self) -> int:
        """The position of the last fact before the first leaf, 0 without one."""
        return self.position_of(self.span.first - 1) if self.span.first else 0

    def position_of(self, index: int) -> int:
        """Of the fact of a leaf. Raises SealFault where it is gone."""
        found = self.connection.execute(_POSITION, (index % WIDTH, self.span.tree.number, index // WIDTH)).fetchone()
        if found is None:
            raise SealFault("seal.differs", sealed=index + 1)
        return found[0]

    def _before(self, position: int) -> dict[str, Any]:
        """The line that tells of the tree up to the fact at this position."""
        size, tree = self.span.first, self.span.tree.number
        if self.span.before is None:
            return {"before": None, "size": 0, "range": [], "last": None}
        last, rows = size - 1, self._store.facts(position - 1, 1)
        tiles = Tree(lambda level, n: self._store.tile(tree, level, n))
        low_zeros = (size & -size).bit_length() - 1
        told = {"leaf": leaf(last, rows[0]).decode(), "path": _base64(tiles.inclusion(last, size)[:low_zeros])}
        hashes = _base64(tiles.compact_range(size))
        return {"before": self.span.before.note, "size": size, "range": hashes, "last": told}

    def _leaf(self, index: int, row: FactRow) -> bytes:
        told = {"leaf": leaf(index, row).decode()}
        if self.case and row[1] != str(self.case.stream):
            return _line(told)
        self.facts += 1
        state = row[-1]
        try:
            return _line({**told, "state": state.decode("utf-8")})
        except UnicodeDecodeError:
            return _line({**told, "state_base64": b64encode(state).decode()})


def _base64(hashes: list[bytes]) -> list[str]:
    return [b64encode(one).decode() for one in hashes]


def _line(value: object) -> bytes:
    return msgspec.json.encode(value) + b"\n"
