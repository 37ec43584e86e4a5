"""Merkle trees of RFC 6962, kept as tiles of C2SP tlog-tiles (height 8).

A hash is 32 bytes of SHA-256. Tile `n` of level `L` holds the roots of the subtrees of 256^L leaves from number 256n
on, up to 256 of them, one after another; only the last of a level may hold fewer.
"""

from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Final, NamedTuple

HASH_BYTES: Final = 32
HEIGHT: Final = 8
WIDTH: Final = 1 << HEIGHT
"""Hashes of a full tile."""
TILE_BYTES: Final = WIDTH * HASH_BYTES
EMPTY: Final = sha256(b"").digest()
"""The root of a tree without leaves."""
ReadTile = Callable[[int, int], bytes]
"""Gives the hashes of the tile of a level and number, also more of them than there were in an older tree."""


class Tile(NamedTuple):
    level: int
    n: int
    hashes: bytes


def leaf_hash(leaf: bytes) -> bytes:
    return sha256(b"\0" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\1" + left + right).digest()


def folded(hashes: bytes) -> bytes:
    """The root over hashes whose number is a power of two."""
    while len(hashes) > HASH_BYTES:
        hashes = b"".join([sha256(b"\1" + hashes[at : at + 64]).digest() for at in range(0, len(hashes), 64)])
    return hashes


def root_of(compact_range: Sequence[bytes]) -> bytes:
    """The root over perfect subtrees that stand from left to right, each smaller than the one before."""
    if not compact_range:
        return EMPTY
    root = compact_range[-1]
    for left in reversed(compact_range[:-1]):
        root = node_hash(left, root)
    return root


class Edge:
    """The right edge of a tree: of each level the hashes that fill no tile yet. All that appending needs."""

    def __init__(self, size: int = 0, rows: Sequence[bytes] = ()) -> None:
        """`rows` by level. Raises ValueError where they are not those of a tree of this size."""
        if [len(row) // HASH_BYTES for row in rows] != widths(size):
            raise ValueError(f"the last tiles are not those of a tree of {size} leaves")
        self.size = size
        self._rows = list(rows)

    def append(self, hashes: bytes) -> list[Tile]:
        """Take hashes of leaves, one after another, and give every tile that is new or holds more than before."""
        before, changed = self.size, list[Tile]()
        self.size += len(hashes) // HASH_BYTES
        level = 0
        while hashes:
            if level == len(self._rows):
                self._rows.append(b"")
            row, first = self._rows[level] + hashes, before >> HEIGHT * (level + 1)
            full = [row[at : at + TILE_BYTES] for at in range(0, len(row) - TILE_BYTES + 1, TILE_BYTES)]
            rest = row[len(full) * TILE_BYTES :]
            changed += [Tile(level, first + number, tile) for number, tile in enumerate(full)]
            if rest:
                changed.append(Tile(level, first + len(full), rest))
            self._rows[level] = rest
            hashes = b"".join(map(folded, full))
            level += 1
        return changed

    def compact_range(self) -> list[bytes]:
        """Roots of the perfect subtrees that make up the tree, from left to right."""
        return [root for row in reversed(self._rows) for root in _halved(row)]

    def root(self) -> bytes:
        return root_of(self.compact_range())


def widths(size: int) -> list[int]:
    """How many hashes stand in the tile of each level that is not full, in a tree of this size."""
    return [size >> HEIGHT * level & WIDTH - 1 for level in range(-(-size.bit_length() // HEIGHT))]


def _halved(row: bytes) -> list[bytes]:
    """The roots over the largest powers of two of hashes, from the left."""
    roots, at = list[bytes](), 0
    for bit in reversed(range(HEIGHT)):
        step = HASH_BYTES << bit
        if (len(row) // HASH_BYTES) & (1 << bit):
            roots.append(folded(row[at : at + step]))
            at += step
    return roots


class Tree:
    """What can be said of the first `size` leaves of a tree of which the tiles are kept; each tile is read once."""

    def __init__(self, read: ReadTile) -> None:
        self._read = read
        self._tiles: dict[tuple[int, int], bytes] = {}

    def root(self, size: int) -> bytes:
        return root_of(self.compact_range(size))

    def compact_range(self, size: int) -> list[bytes]:
        return self._perfect(0, size)

    def inclusion(self, index: int, size: int) -> list[bytes]:
        """The path of RFC 9162, 2.1.3.1. Raises IndexError for a leaf that the tree does not hold."""
        if not 0 <= index < size:
            raise IndexError(f"a tree of {size} leaves has no leaf {index}")
        path, start, end = list[bytes](), 0, size
        while end - start > 1:
            middle = start + _split(end - start)
            if index < middle:
                path.append(self._over(middle, end))
                end = middle
            else:
                path.append(self._over(start, middle))
                start = middle
        return path[::-1]

    def consistency(self, old: int, size: int) -> list[bytes]:
        """The path of RFC 9162, 2.1.4.1. Raises IndexError where the old tree is empty or the larger one."""
        if not 0 < old <= size:
            raise IndexError(f"a tree of {size} leaves has no part of {old}")
        path, start, end = list[bytes](), 0, size
        while end != old:
            middle = start + _split(end - start)
            if old <= middle:
                path.append(self._over(middle, end))
                end = middle
            else:
                path.append(self._over(start, middle))
                start = middle
        return ([self._over(start, end)] if start else []) + path[::-1]

    def _over(self, start: int, end: int) -> bytes:
        return root_of(self._perfect(start, end))

    def _perfect(self, start: int, end: int) -> list[bytes]:
        """Roots of the perfect subtrees over [start, end); start is a multiple of the largest of them."""
        roots = list[bytes]()
        while start < end:
            height = (end - start).bit_length() - 1
            roots.append(self._subtree(start, height))
            start += 1 << height
        return roots

    def _subtree(self, start: int, height: int) -> bytes:
        level, within = divmod(height, HEIGHT)
        n, at = divmod(start >> HEIGHT * level, WIDTH)
        hashes = self._tile(level, n)[at * HASH_BYTES : (at + (1 << within)) * HASH_BYTES]
        if len(hashes) != HASH_BYTES << within:
            raise LookupError(f"tile {n} of level {level} is missing or too short")
        return folded(hashes)

    def _tile(self, level: int, n: int) -> bytes:
        if (level, n) not in self._tiles:
            self._tiles[level, n] = self._read(level, n)
        return self._tiles[level, n]


def _split(leaves: int) -> int:
    """The largest power of two that is smaller."""
    return 1 << (leaves - 1).bit_length() - 1


def is_included(hashed: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """RFC 9162, 2.1.3.2."""
    if not 0 <= index < size:
        return False
    fn, sn, found = index, size - 1, hashed
    for one in path:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            found = node_hash(one, found)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            found = node_hash(found, one)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and found == root


def is_consistent(old: int, size: int, old_root: bytes, root: bytes, path: Sequence[bytes]) -> bool:
    """RFC 9162, 2.1.4.2; an empty tree is part of every other one."""
    if old == 0:
        return old_root == EMPTY and not path
    if old == size:
        return old_root == root and not path
    if old > size or not path:
        return False
    steps = [old_root, *path] if old & (old - 1) == 0 else list(path)
    fn, sn = old - 1, size - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    first = second = steps[0]
    for one in steps[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            first, second = node_hash(one, first), node_hash(one, second)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            second = node_hash(second, one)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and first == old_root and second == root
