"""Compares the log with its seal: every leaf, tile and checkpoint, the one that is kept outside, and cosignatures."""

from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from adapters.sealing.checkpoint import Checkpoint, CheckpointFault, read_checkpoint
from adapters.sealing.cosignatures import Cosignatures
from adapters.sealing.faults import SealFault
from adapters.sealing.leaves import FactRow, leaf, leaf_hashes
from adapters.sealing.notes import COSIGNATURE, NoteFault, Verifier, cosignature, opened, verifier
from adapters.sealing.sealing import Sealing, Told
from adapters.sealing.store import Connection, Store, TreeRow
from adapters.sealing.tree import HASH_BYTES, TILE_BYTES, WIDTH, Edge, Tile, leaf_hash

PAGE: Final = 64 * WIDTH


class SealVerdict(msgspec.Struct, frozen=True, kw_only=True):
    origin: str
    sealed: int
    """Facts that were compared and found as they were sealed."""
    checkpoints: int
    """That were looked at, the one outside included."""
    position: int | None = None
    """Of the first fact that is not as it was sealed, where it is known."""
    fault: str = ""
    """What is wrong; empty where nothing is."""


class _Wrong(Exception):
    def __init__(self, said: str, position: int | None = None) -> None:
        super().__init__(said)
        self.position = position


def verify_seal(connection: Connection, sealing: Sealing, told: Told) -> SealVerdict:
    """Of the newest tree, in one snapshot; stops at the first thing that is wrong. Raises SealFault, psycopg.Error."""
    store, checked = Store(connection), _Checked()
    verifiers = sealing.keys.verifiers()
    kept = _kept(sealing, verifiers)  # before the snapshot: tiles are there before the checkpoint over them is
    with connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        trees = store.trees()
        if not trees:
            raise SealFault("seal.no-key")
        try:
            points = _points(store, trees[-1], verifiers, kept)
            checked.look(store, trees[-1], points, told)
            _require_cosignatures(Cosignatures(connection), trees[-1])
        except _Wrong as wrong:
            return _verdict(trees[-1], checked, wrong.position, str(wrong))
        except SealFault as fault:
            return _verdict(trees[-1], checked, None, str(fault))
    return _verdict(trees[-1], checked, None, "")


def _require_cosignatures(kept: Cosignatures, tree: TreeRow) -> None:
    """Each was verified before it was kept. Raises _Wrong where one does not hold any more."""
    for size, note, witness, line in kept.all(tree.number):
        try:
            held = cosignature(note.rpartition("\n\n")[0] + "\n", line, verifier(witness, COSIGNATURE))
        except NoteFault:
            held = None
        if held is None:
            raise _Wrong(f"the cosignature of {witness.partition('+')[0]} over {size:,} facts does not hold")


def _verdict(tree: TreeRow, checked: "_Checked", position: int | None, fault: str) -> SealVerdict:
    return SealVerdict(
        origin=tree.origin, sealed=checked.edge.size, checkpoints=checked.roots, position=position, fault=fault
    )


class _Checked:
    """What has been found right so far."""

    def __init__(self) -> None:
        self.edge = Edge()
        self.position = 0
        self.roots = 0
        self._right_until = 0
        """Position under the newest checkpoint that was right."""

    def look(self, store: Store, tree: TreeRow, points: Sequence[tuple[int, bytes, str]], told: Told) -> None:
        stored, _ = store.edge(tree.number)
        waiting = list(points)
        self._take(waiting)
        while self.edge.size < stored.size:
            until = min(stored.size, *(size for size, _, _ in waiting[:1])) if waiting else stored.size
            rows = store.facts(self.position, min(PAGE, until - self.edge.size))
            if not rows:
                missing = stored.size - self.edge.size
                raise _Wrong(
                    f"{missing:,} facts after position {self.position} were sealed and are gone", self.position
                )
            self._compare(store, tree, rows)
            self._take(waiting)
            told(self.edge.size, stored.size)
        if self.edge.root() != stored.root():
            raise _Wrong("the last tiles are not those of the facts")
        if waiting:
            size, _, name = waiting[0]
            raise _Wrong(f"{name} is over {size:,} facts, and only {stored.size:,} are sealed here", self.position)

    def _compare(self, store: Store, tree: TreeRow, rows: Sequence[FactRow]) -> None:
        first, hashes = self.edge.size, leaf_hashes(rows, self.edge.size)
        for at, part in _by_tile(first, hashes):
            n, within = divmod(first + at, WIDTH)
            there = store.tile(tree.number, 0, n)[within * HASH_BYTES :][: len(part)]
            if there != part:
                step = next(i for i in range(0, len(part), HASH_BYTES) if there[i : i + HASH_BYTES] != part[i : i + 32])
                self._name(store, tree, rows[at + step // HASH_BYTES :], first + at + step // HASH_BYTES)
        for tile in self.edge.append(hashes):
            self._compare_tile(store, tree, tile)
        self.position = rows[-1][0]

    @staticmethod
    def _compare_tile(store: Store, tree: TreeRow, tile: Tile) -> None:
        if tile.level and len(tile.hashes) == TILE_BYTES and store.tile(tree.number, tile.level, tile.n) != tile.hashes:
            raise _Wrong(f"tile {tile.n} of level {tile.level} is not that of the facts")

    @staticmethod
    def _name(store: Store, tree: TreeRow, rows: Sequence[FactRow], index: int) -> None:
        """Raises _Wrong for the leaf `index`, which is not that of the first of the rows."""
        position = rows[0][0]
        following = [*rows[1:2], *store.facts(rows[-1][0], 1)][:1]
        if leaf_hash(leaf(index + 1, rows[0])) == _leaf_of(store, tree, index + 1):
            raise _Wrong(f"a fact before position {position} was sealed and is gone", position)
        if following and leaf_hash(leaf(index, following[0])) == _leaf_of(store, tree, index):
            raise _Wrong(f"the fact at position {position} was not there when those after it were sealed", position)
        raise _Wrong(f"the fact at position {position} is not as it was sealed", position)

    def _take(self, waiting: list[tuple[int, bytes, str]]) -> None:
        """Compare the checkpoints over as many facts as were read."""
        while waiting and waiting[0][0] == self.edge.size:
            _size, root, name = waiting.pop(0)
            if root != self.edge.root():
                raise _Wrong(
                    f"{name} is over another history: a fact after position {self._right_until} "
                    f"and up to position {self.position} is not as it was sealed",
                    self._right_until or None,
                )
            self.roots += 1
            self._right_until = self.position


def _by_tile(first: int, hashes: bytes) -> Iterator[tuple[int, bytes]]:
    """The hashes of each tile of level 0, with the number of leaves before them in `hashes`."""
    at = 0
    while at * HASH_BYTES < len(hashes):
        wide = WIDTH - (first + at) % WIDTH
        yield at, hashes[at * HASH_BYTES : (at + wide) * HASH_BYTES]
        at += wide


def _leaf_of(store: Store, tree: TreeRow, index: int) -> bytes:
    n, within = divmod(index, WIDTH)
    return store.tile(tree.number, 0, n)[within * HASH_BYTES : (within + 1) * HASH_BYTES]


def _kept(sealing: Sealing, verifiers: Sequence[Verifier]) -> Checkpoint | _Wrong:
    """The checkpoint outside the database, or what is wrong with it."""
    try:
        kept = sealing.kept.read(verifiers)
    except SealFault as fault:
        return _Wrong(str(fault))
    return kept.checkpoint if kept else _Wrong(f"{sealing.kept.path} is missing")


def _points(
    store: Store, tree: TreeRow, verifiers: Sequence[Verifier], kept: Checkpoint | _Wrong
) -> list[tuple[int, bytes, str]]:
    """Size, root and name of every checkpoint of the tree whose signature holds, by size."""
    if isinstance(kept, _Wrong):
        raise kept
    found = [_point(tree, size, note, verifiers) for size, note in store.checkpoints(tree.number)]
    if kept.origin == tree.origin:
        found.append((kept.size, kept.root, "the checkpoint outside the database"))
    return sorted(set(found), key=lambda point: point[0])


def _point(tree: TreeRow, size: int, note: str, verifiers: Sequence[Verifier]) -> tuple[int, bytes, str]:
    name = f"the checkpoint over {size:,} facts"
    try:
        checkpoint = read_checkpoint(opened(note, verifiers)[0])
    except (NoteFault, CheckpointFault) as fault:
        raise _Wrong(f"{name} cannot be believed: {fault}") from fault
    if (checkpoint.origin, checkpoint.size) != (tree.origin, size):
        raise _Wrong(f"{name} is one over {checkpoint.size:,} facts of {checkpoint.origin}")
    return size, checkpoint.root, name
