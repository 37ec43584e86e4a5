"""Trees, tiles and checkpoints in the schema `seal`, over one connection in UTC."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, Literal

import msgspec
import psycopg

from adapters.sealing.checkpoint import Point
from adapters.sealing.faults import SealFault
from adapters.sealing.kept import Kept
from adapters.sealing.leaves import FACTS, FactRow
from adapters.sealing.tree import HASH_BYTES, HEIGHT, WIDTH, Edge, Tile, widths

Connection = psycopg.Connection[tuple[Any, ...]]
Kind = Literal["regular", "daily"]
_TREES: Final = b"SELECT number, origin, previous_origin, previous_size, previous_root FROM seal.trees ORDER BY number"
_OPEN: Final = b"""
    INSERT INTO seal.trees (number, origin, opened_at, reason, previous_origin, previous_size, previous_root)
    VALUES (%s, %s, %s, %s, %s, %s, %s)
"""
_LAST: Final = b"""
    SELECT n, octet_length(hashes), last_position FROM seal.tiles WHERE tree = %s AND level = 0 ORDER BY n DESC LIMIT 1
"""
_TILE: Final = b"SELECT hashes FROM seal.tiles WHERE tree = %s AND level = %s AND n = %s"
_COPY: Final = b"COPY seal.tiles (tree, level, n, hashes, first_position, last_position) FROM STDIN (FORMAT BINARY)"
_FILL: Final = b"""
    INSERT INTO seal.tiles (tree, level, n, hashes, first_position, last_position) VALUES (%s, %s, %s, %s, %s, %s)
    ON CONFLICT (tree, level, n) DO UPDATE SET hashes = EXCLUDED.hashes, last_position = EXCLUDED.last_position
"""
_CHECKPOINTS: Final = b"SELECT size, note FROM seal.checkpoints WHERE tree = %s ORDER BY number DESC LIMIT 1"
_ALL_CHECKPOINTS: Final = b"SELECT size, note FROM seal.checkpoints WHERE tree = %s ORDER BY number"
_ADD: Final = b"""
    INSERT INTO seal.checkpoints (tree, size, note, kind, recorded_at, made_at) VALUES (%s, %s, %s, %s, %s, %s)
"""
_DAILY: Final = b"SELECT made_at FROM seal.checkpoints WHERE kind = 'daily' ORDER BY number DESC LIMIT 1"
_INDEX: Final = b"""
    SELECT t.n * 256 + (
        SELECT count(*) - 1 FROM log.facts AS f WHERE f.notification_id BETWEEN t.first_position AND %(position)s
    )
    FROM seal.tiles AS t
    WHERE t.tree = %(tree)s AND t.level = 0 AND %(position)s BETWEEN t.first_position AND t.last_position
    AND EXISTS (SELECT FROM log.facts WHERE notification_id = %(position)s)
    ORDER BY t.first_position DESC LIMIT 1
"""


class TreeRow(msgspec.Struct, frozen=True):
    number: int
    origin: str
    successor_of: Point | None = None


class Store:
    """Raises psycopg.Error."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def trees(self) -> Sequence[TreeRow]:
        """The newest last."""
        rows = self._connection.execute(_TREES).fetchall()
        return [TreeRow(number, origin, Point(*before) if before[0] else None) for number, origin, *before in rows]

    def open_tree(self, tree: TreeRow, now: datetime, reason: str | None = None) -> None:
        before = tree.successor_of
        ended = (before.origin, before.size, before.root) if before else (None, None, None)
        self._connection.execute(_OPEN, (tree.number, tree.origin, now, reason, *ended))

    def edge(self, tree: int) -> tuple[Edge, int]:
        """The right edge, and the position of the newest sealed fact (0 without one). Raises SealFault."""
        row = self._connection.execute(_LAST, (tree,)).fetchone()
        if row is None:
            return Edge(), 0
        n, length, position = row
        size = n * WIDTH + length // HASH_BYTES
        wide = enumerate(widths(size))
        rows = [self.tile(tree, level, size >> HEIGHT * (level + 1)) if width else b"" for level, width in wide]
        try:
            return Edge(size, rows), position
        except ValueError as fault:
            raise SealFault("seal.tiles-damaged", reason=str(fault)) from fault

    def tile(self, tree: int, level: int, n: int) -> bytes:
        """Empty where there is none."""
        row = self._connection.execute(_TILE, (tree, level, n)).fetchone()
        return row[0] if row else b""

    def keep(self, tree: int, tiles: Sequence[Tile], first: int, positions: Sequence[int]) -> None:
        """Tiles that are new or have grown by leaves from index `first` on; `positions` are those of the leaves."""
        rows = [(tree, *tile, *_positions(tile, first, positions)) for tile in tiles]
        begun = {(tree, level, n) for level, n in {tile.level: tile.n for tile in reversed(tiles)}.items()}
        # The first of each level may be there already, with fewer hashes.
        self._connection.cursor().executemany(_FILL, [row for row in rows if row[:3] in begun])
        fresh = [row for row in rows if row[:3] not in begun]
        if fresh:
            with self._connection.cursor().copy(_COPY) as copy:
                copy.set_types(["int4", "int2", "int8", "bytea", "int8", "int8"])
                for row in fresh:
                    copy.write_row(row)

    def facts(self, after: int, limit: int) -> Sequence[FactRow]:
        with self._connection.cursor(binary=True) as cursor:
            return cursor.execute(FACTS, (after, limit)).fetchall()

    def waiting(self, after: int, limit: int) -> int:
        """Facts that are not sealed, `limit` at most."""
        asked = b"SELECT count(*) FROM (SELECT FROM log.facts WHERE notification_id > %s LIMIT %s) AS waiting"
        return self._one(asked, (after, limit))[0]

    def recorded_at(self, position: int) -> datetime:
        """Raises SealFault where the fact is gone."""
        asked = b"SELECT recorded_at FROM log.facts WHERE notification_id = %s"
        row = self._connection.execute(asked, (position,)).fetchone()
        if row is None:
            raise SealFault("seal.fact-missing", position=position)
        return row[0]

    def index(self, tree: int, position: int) -> int | None:
        """The index of the leaf of the fact at a position; None where it is not sealed."""
        row = self._connection.execute(_INDEX, {"tree": tree, "position": position}).fetchone()
        return row[0] if row else None

    def newest_checkpoint(self, tree: int) -> tuple[int, str] | None:
        """Size and note."""
        row = self._connection.execute(_CHECKPOINTS, (tree,)).fetchone()
        return (row[0], row[1]) if row else None

    def checkpoints(self, tree: int) -> Sequence[tuple[int, str]]:
        """Sizes and notes, by size."""
        return [(size, note) for size, note in self._connection.execute(_ALL_CHECKPOINTS, (tree,))]

    def add_checkpoint(self, tree: int, kept: Kept, kind: Kind, now: datetime) -> None:
        checkpoint = kept.checkpoint
        row = (tree, checkpoint.size, kept.note, kind, checkpoint.recorded_at, now)
        self._connection.execute(_ADD, row)

    def last_daily(self) -> datetime | None:
        row = self._connection.execute(_DAILY).fetchone()
        return row[0] if row else None

    def _one(self, asked: bytes, values: Sequence[object]) -> tuple[Any, ...]:
        row = self._connection.execute(asked, values).fetchone()
        assert row is not None  # noqa: S101 - an aggregate gives one row
        return row


def _positions(tile: Tile, first: int, positions: Sequence[int]) -> tuple[int | None, int | None]:
    """Of the first and last fact of a tile of level 0, as far as they are among the new ones."""
    if tile.level:
        return None, None
    begin, end = tile.n * WIDTH, tile.n * WIDTH + len(tile.hashes) // HASH_BYTES
    return positions[max(begin - first, 0)], positions[end - 1 - first]
