"""Merkle trees of RFC 6962 from left to right, as compact ranges: the roots of the perfect subtrees of [0, size)."""

from collections.abc import Sequence
from hashlib import sha256

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()


def leaf_hash(leaf: bytes) -> bytes:
    return sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


class CompactRange:
    """The tree over [0, size). One hash for each bit of the size that is set, the largest subtree first."""

    def __init__(self, size: int = 0, hashes: Sequence[bytes] = ()) -> None:
        """Raises ValueError where the number of hashes does not fit the size."""
        if len(hashes) != size.bit_count():
            raise ValueError(f"a tree of size {size} has {size.bit_count()} perfect subtrees, not {len(hashes)}")
        self.size = size
        self.hashes = list(hashes)

    def append(self, hashed: bytes) -> None:
        """One more leaf, by its hash."""
        size, hashes = self.size, self.hashes
        self.size = size + 1
        while size & 1:
            hashed = sha256(b"\x01" + hashes.pop() + hashed).digest()
            size >>= 1
        hashes.append(hashed)

    def root(self) -> bytes:
        if not self.hashes:
            return EMPTY_ROOT
        root = self.hashes[-1]
        for left in reversed(self.hashes[:-1]):
            root = node_hash(left, root)
        return root

    def ends_with(self, leaf: bytes, path: Sequence[bytes]) -> bool:
        """Whether `leaf` is the last one. `path`: its left neighbours in the last perfect subtree, lowest first."""
        low_zeros = (self.size & -self.size).bit_length() - 1
        if self.size == 0 or len(path) != low_zeros:
            return False
        hashed = leaf_hash(leaf)
        for left in path:
            hashed = node_hash(left, hashed)
        return hashed == self.hashes[-1]
