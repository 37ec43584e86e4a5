"""Sealing: facts become leaves, and a checkpoint over them is signed when it agrees with the one that was kept outside.

The order makes every crash harmless: tiles are committed first, then the checkpoint is signed and written to the file,
then it becomes a row. What is missing is done by the next run.
"""

import os
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import msgspec
import psycopg

from adapters.sealing.checkpoint import Checkpoint, CheckpointFault, Point, moment, read_checkpoint
from adapters.sealing.faults import SealFault
from adapters.sealing.kept import Kept, KeptFile
from adapters.sealing.keys import KeyFolder
from adapters.sealing.leaves import leaf, leaf_hashes
from adapters.sealing.notes import is_name, sign
from adapters.sealing.store import Connection, Kind, Store, TreeRow
from adapters.sealing.tree import HASH_BYTES, WIDTH, Edge, Tree, is_consistent, leaf_hash
from application.ports import Clock

FOLDER: Final = "seal"
"""In the data folder."""
STEP_LOCK: Final = 7_631_400_032
"""Held while somebody seals, opens an origin or changes keys."""
PAGE: Final = 16_384
Told = Callable[[int, int], None]


class Sealed(msgspec.Struct, frozen=True):
    """Where a tree stands."""

    tree: TreeRow
    edge: Edge
    position: int
    """Of the newest sealed fact, 0 without one."""


class Sealing:
    """All methods raise SealFault and psycopg.Error. `connection` acts as the sealer, in autocommit and in UTC."""

    def __init__(self, data_dir: Path, host: str, clock: Clock) -> None:
        """`host` names the log where it has no name yet."""
        self.folder = data_dir / FOLDER
        self.keys = KeyFolder(self.folder)
        self.kept = KeptFile(self.folder / "checkpoint")
        self.clock = clock
        self._host = host

    def seal(
        self, connection: Connection, *, kind: Kind = "regular", again: bool = False, told: Told | None = None
    ) -> int:
        """Seal every fact that is not sealed yet; the size of the tree.

        A checkpoint is signed where the tree has grown, for a daily one, and where it is asked for `again`.
        """
        store = Store(connection)
        self._require_folder()
        with locked(connection):
            with connection.transaction():
                tree, kept = self._where(store)
                edge, position = self._append(store, tree, told)
                self.require_sound(store, tree, kept, edge)
            self.keys.make_first(tree.origin, self.clock())
            newest = store.newest_checkpoint(tree.number)
            if kept and (newest is None or newest[0] < kept.checkpoint.size):  # the row of a run that was broken off
                store.add_checkpoint(tree.number, kept, "regular", self.clock())
            grown = kept is None or edge.size > kept.checkpoint.size
            if grown or again or kind == "daily":
                self._sign(store, Sealed(tree, edge, position), kept, kind, first=kept is None)
        return edge.size

    def open_origin(self, connection: Connection, reason: str) -> TreeRow:
        """Begin a new tree beside one that cannot be gone on with, and seal the whole log in it."""
        store = Store(connection)
        with locked(connection):
            fault = self.stopped(connection)
            trees = store.trees()
            if fault is None and trees:
                raise SealFault("seal.sound", origin=trees[-1].origin)
            before, now = self._last_point(store, trees), self.clock()
            first = trees[0].origin if trees else self._name()
            number = max(len(trees), _number(before.origin, first) if before else 0) + 1
            self.keys.replace_lost(first, now)
            self.kept.put_aside_damaged(self.keys.verifiers(), now)
            tree = TreeRow(number, first if number == 1 else f"{first}/{number}", before)
            store.open_tree(tree, now, reason if before else None)
        self.seal(connection)
        return tree

    def rotate(self, connection: Connection, *, finish: bool) -> Sequence[str]:
        """Let a new key sign beside the old one, or the old one no longer; the keys that came or went."""
        with locked(connection):
            now = self.clock()
            changed = self.keys.finish_rotation(now) if finish else [self.keys.begin_rotation(now)]
        self.seal(connection, again=True)
        return [str(one) for one in changed]

    def stopped(self, connection: Connection) -> SealFault | None:
        """Why nothing can be sealed; it is looked at, and nothing is changed. The runtime role may ask."""
        store = Store(connection)
        try:
            self._require_folder()
            with connection.transaction():
                # One snapshot, taken after the file is read: tiles are there before the checkpoint over them is.
                connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                tree, kept = self._where(store, opening=False)
                if self.keys.name is not None:
                    self.keys.signers()
                edge, position = self._edge(store, tree)
                grown, tiles = edge, dict[tuple[int, int], bytes]()
                if kept and kept.checkpoint.size > edge.size:
                    grown, tiles = _grown(store, edge, position, kept.checkpoint.size)
                self.require_sound(store, tree, kept, grown, tiles)
        except SealFault as fault:
            return fault
        return None

    def require_sound(
        self,
        store: Store,
        tree: TreeRow,
        kept: Kept | None,
        edge: Edge,
        more: dict[tuple[int, int], bytes] | None = None,
    ) -> None:
        """Raises SealFault where the tree does not continue what was signed. `more` are tiles that nobody kept."""
        known = more or {}
        grown = Tree(lambda level, n: known.get((level, n)) or store.tile(tree.number, level, n))
        newest = store.newest_checkpoint(tree.number)
        if newest and kept is None:
            raise SealFault("seal.file-missing", file=str(self.kept.path), sealed=newest[0])
        points = [kept.checkpoint.point] if kept else []
        points += [_point_of(newest[1])] if newest else []
        for point in points:
            if point.size > edge.size:
                raise SealFault("seal.shorter", sealed=point.size, found=edge.size)
            try:
                path = grown.consistency(point.size, edge.size) if point.size else []
            except LookupError as fault:
                raise SealFault("seal.tiles-damaged", reason=str(fault)) from fault
            if not is_consistent(point.size, edge.size, point.root, edge.root(), path):
                raise SealFault("seal.differs", sealed=point.size)

    def _where(self, store: Store, *, opening: bool = True) -> tuple[TreeRow, Kept | None]:
        """The tree that is gone on with, and what is kept of it outside."""
        kept = self.kept.read(self.keys.verifiers())
        trees = store.trees()
        if trees:
            tree = trees[-1]
        else:
            tree = TreeRow(1, self.keys.name or self._name())
            if opening:
                store.open_tree(tree, self.clock())
        if kept is None or kept.checkpoint.origin == tree.origin:
            return tree, kept
        if kept.checkpoint.point == tree.successor_of and store.newest_checkpoint(tree.number) is None:
            return tree, None  # a new origin whose first checkpoint was not signed yet
        raise SealFault("seal.other-origin", kept=kept.checkpoint.origin, found=tree.origin)

    def _edge(self, store: Store, tree: TreeRow) -> tuple[Edge, int]:
        """The right edge and the position of the newest sealed fact. Raises SealFault where that fact is gone or is
        another one: what was recorded since then stands at positions that would never be sealed."""
        edge, position = store.edge(tree.number)
        if edge.size:
            newest = store.facts(position - 1, 1)
            if not newest or newest[0][0] != position:
                raise SealFault("seal.fact-missing", position=position)
            last = edge.size - 1
            if leaf_hash(leaf(last, newest[0])) != store.tile(tree.number, 0, last // WIDTH)[-HASH_BYTES:]:
                raise SealFault("seal.differs", sealed=edge.size)
        return edge, position

    def _append(self, store: Store, tree: TreeRow, told: Told | None) -> tuple[Edge, int]:
        edge, position = self._edge(store, tree)
        while rows := store.facts(position, PAGE):
            first, positions = edge.size, [row[0] for row in rows]
            store.keep(tree.number, edge.append(leaf_hashes(rows, first)), first, positions)
            position = positions[-1]
            if told:
                told(edge.size, 0)
        return edge, position

    def _sign(self, store: Store, sealed: Sealed, kept: Kept | None, kind: Kind, *, first: bool) -> None:
        size = sealed.edge.size
        checkpoint = Checkpoint(
            origin=sealed.tree.origin,
            size=size,
            root=sealed.edge.root(),
            recorded_at=moment(store.recorded_at(sealed.position)) if size else None,
            successor_of=sealed.tree.successor_of if first else None,
        )
        made = Kept(sign(checkpoint.text(), self.keys.signers()), checkpoint)
        self.kept.write(made, kept)
        store.add_checkpoint(sealed.tree.number, made, kind, self.clock())

    def _last_point(self, store: Store, trees: Sequence[TreeRow]) -> Point | None:
        """Of the origin that ends: what is kept outside, else what the database knows."""
        try:
            kept = self.kept.read(self.keys.verifiers())
        except SealFault:
            kept = None
        if kept:
            return kept.checkpoint.point
        newest = store.newest_checkpoint(trees[-1].number) if trees else None
        return _point_of(newest[1]) if newest else None

    def _require_folder(self) -> None:
        """Raises SealFault where the folder cannot be written, or cannot be made."""
        try:
            there = next((one for one in (self.folder, *self.folder.parents) if one.exists()), self.folder)
        except OSError as fault:
            raise SealFault("seal.folder", file=str(self.folder), reason=fault.strerror or str(fault)) from fault
        if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
            reason = "no right to write there" if there.is_dir() else f"{there} is no folder"
            raise SealFault("seal.folder", file=str(self.folder), reason=reason)

    def _name(self) -> str:
        name = f"{self._host}/log"
        if not self._host or not is_name(name):
            raise SealFault("seal.no-name", host=self._host)
        return name


@contextmanager
def locked(connection: Connection) -> Generator[None]:
    """One at a time seals. Raises SealFault where another one does so for longer than the connection waits."""
    try:
        connection.execute("SELECT pg_advisory_lock(%s)", (STEP_LOCK,))
    except psycopg.errors.LockNotAvailable as fault:
        raise SealFault("seal.busy") from fault
    try:
        yield
    finally:
        if not connection.closed:
            connection.execute("SELECT pg_advisory_unlock(%s)", (STEP_LOCK,))


def _grown(store: Store, edge: Edge, position: int, size: int) -> tuple[Edge, dict[tuple[int, int], bytes]]:
    """The tree with facts that are not sealed yet, up to a size, in memory."""
    tiles = dict[tuple[int, int], bytes]()
    while edge.size < size and (rows := store.facts(position, min(PAGE, size - edge.size))):
        tiles |= {(tile.level, tile.n): tile.hashes for tile in edge.append(leaf_hashes(rows, edge.size))}
        position = rows[-1][0]
    return edge, tiles


def _point_of(note: str) -> Point:
    """Of a row; nobody asks who signed it. Raises SealFault."""
    try:
        return read_checkpoint(note.partition("\n\n")[0] + "\n").point
    except CheckpointFault as fault:
        raise SealFault("seal.tiles-damaged", reason=f"a checkpoint: {fault}") from fault


def _number(origin: str, first: str) -> int:
    """Which of the origins of this log it is; 0 for one of another log."""
    rest = origin.removeprefix(first)
    if not rest:
        return 1
    return int(rest[1:]) if rest[:1] == "/" and rest[1:].isdecimal() else 0
