"""Consistency of Merkle trees: the proof of RFC 6962, 2.1.2, read from its end as the recursion that made it."""

from collections.abc import Sequence
from hashlib import sha256

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()


def goes_on(old: int, old_root: bytes, size: int, root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the first `old` leaves of the tree over `size` are those under `old_root`; 0 <= old <= size."""
    if old in (0, size):
        return not proof and old_root == (root if old == size else EMPTY_ROOT)
    left = list(proof)
    try:
        found = _roots(old, size, left, old_root)
    except IndexError:  # the proof is too short
        return False
    return not left and found == (old_root, root)


def _roots(old: int, size: int, proof: list[bytes], whole: bytes | None) -> tuple[bytes, bytes]:
    """The roots of the old and the new part of a subtree, taking its hashes from the end of `proof`.

    `whole` is the root of the old tree as long as the subtree begins with its first leaf and holds all of it.
    """
    if old == size:
        known = proof.pop() if whole is None else whole
        return known, known
    split = 1 << (size - 1).bit_length() - 1
    beside = proof.pop()
    if old <= split:
        before, after = _roots(old, split, proof, whole)
        return before, _node(after, beside)
    before, after = _roots(old - split, size - split, proof, None)
    return _node(beside, before), _node(beside, after)


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()
