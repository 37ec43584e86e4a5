"""Trees, proofs and requests as a log would send them, in the plainest way: RFC 6962's own recursion."""

from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256

from tests.verifier.making import Signer, note, root

ORIGIN = "pobratim.example.rs/log"
LOG = Signer()


def leaves(count: int, kind: str = "fact") -> list[bytes]:
    return [sha256(b"\0" + f"{kind} {n}".encode()).digest() for n in range(count)]


def proof(hashes: Sequence[bytes], old: int) -> list[bytes]:
    """RFC 6962, 2.1.2."""

    def sub(m: int, part: Sequence[bytes], whole: bool) -> list[bytes]:
        if m == len(part):
            return [] if whole else [root(part)]
        split = 1 << (len(part) - 1).bit_length() - 1
        if m <= split:
            return [*sub(m, part[:split], whole), root(part[split:])]
        return [*sub(m - split, part[split:], False), root(part[:split])]

    return sub(old, hashes, True) if old else []


def checkpoint(hashes: Sequence[bytes], signers: Sequence[Signer] = (LOG,), origin: str = ORIGIN) -> str:
    return note(f"{origin}\n{len(hashes)}\n{b64encode(root(hashes)).decode()}\nan extension\n", signers)


def request(old: int, path: Sequence[bytes], made: str) -> bytes:
    return f"old {old}\n{''.join(b64encode(one).decode() + chr(10) for one in path)}\n{made}".encode()


def growth(old: int, size: int, kind: str = "fact") -> bytes:
    """The request of an honest log that has grown."""
    hashes = leaves(size, kind)
    return request(old, proof(hashes, old), checkpoint(hashes))
