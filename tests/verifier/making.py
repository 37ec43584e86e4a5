"""Bundles as an installation makes them, in the plainest way: the tree is RFC 6962's own recursion over all leaves."""

import gzip
import json
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid5

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

ORIGIN = "pobratim.example.rs/log"
NUMBERS = ("2026-0001", "2026-0002", "2026-0003")
STREAMS = tuple(str(uuid5(UUID("6f1c2f0e-5a0b-4b53-9e2d-7d1f4d0c8a11"), f"initiative/{number}")) for number in NUMBERS)
PARTNER = "0f0e0d0c-0b0a-4908-8706-050403020100"


@dataclass(frozen=True)
class Fact:
    index: int
    position: int
    stream: str
    version: int
    topic: str
    recorded_at: str
    state: bytes

    @property
    def leaf(self) -> str:
        return (
            f'{{"v":1,"index":{self.index},"position":{self.position},"case":"{self.stream}","version":{self.version},'
            f'"topic":"{self.topic}","recorded_at":"{self.recorded_at}","sha256":"{sha256(self.state).hexdigest()}"}}'
        )


def moment(hour: int) -> str:
    """Hours after the first of March."""
    return f"2026-03-{1 + hour // 24:02}T{hour % 24:02}:00:00.000000Z"


def history(count: int = 20) -> list[Fact]:
    """One fact an hour, turn by turn of three cases and a partner, at positions with gaps."""
    streams = [*STREAMS, PARTNER]
    return [
        Fact(
            index=index,
            position=1 + index * 2,
            stream=streams[index % 4],
            version=1 + index // 4,
            topic="partner.renamed.v1" if index % 4 == 3 else "initiative.remark-added.v1",
            recorded_at=moment(index),
            state=f'{{"fact":"Ниш \\"{index}\\"","n":{index}}}'.encode(),
        )
        for index in range(count)
    ]


def numbered(facts: Sequence[Fact]) -> list[Fact]:
    """As an operator would number them who wants nobody to miss anything."""
    versions: dict[str, int] = {}
    made: list[Fact] = []
    for index, fact in enumerate(facts):
        versions[fact.stream] = versions.get(fact.stream, 0) + 1
        made.append(replace(fact, index=index, position=1 + index * 2, version=versions[fact.stream]))
    return made


# --- trees


def hash_of(leaf: str) -> bytes:
    return sha256(b"\x00" + leaf.encode()).digest()


def root(hashes: Sequence[bytes]) -> bytes:
    """RFC 6962, 2.1: the largest power of two smaller than n goes to the left."""
    if len(hashes) < 2:
        return hashes[0] if hashes else sha256(b"").digest()
    split = 1 << (len(hashes) - 1).bit_length() - 1
    return sha256(b"\x01" + root(hashes[:split]) + root(hashes[split:])).digest()


def perfect(size: int) -> list[tuple[int, int]]:
    """Bounds of the perfect subtrees of [0, size), from left to right."""
    found: list[tuple[int, int]] = []
    start = 0
    while start < size:
        width = 1 << (size - start).bit_length() - 1
        found.append((start, start + width))
        start += width
    return found


def left_neighbours(hashes: Sequence[bytes]) -> list[bytes]:
    """Of the last leaf of a perfect tree, the lowest first."""
    if len(hashes) == 1:
        return []
    half = len(hashes) // 2
    return [*left_neighbours(hashes[half:]), root(hashes[:half])]


# --- keys and notes


@dataclass(frozen=True)
class Signer:
    name: str = ORIGIN
    kind: int = 1
    seed: int = 1
    time: int = 1_772_000_000

    @property
    def private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(bytes([self.seed]) * 32)

    @property
    def material(self) -> bytes:
        return bytes([self.kind]) + self.private.public_key().public_bytes_raw()

    @property
    def id(self) -> bytes:
        return sha256(self.name.encode() + b"\n" + self.material).digest()[:4]

    @property
    def vkey(self) -> str:
        return f"{self.name}+{self.id.hex()}+{b64encode(self.material).decode()}"

    def line(self, text: str) -> str:
        if self.kind == 4:
            signed = self.private.sign(f"cosignature/v1\ntime {self.time}\n{text}".encode())
            signed = self.time.to_bytes(8, "big") + signed
        else:
            signed = self.private.sign(text.encode())
        return f"— {self.name} {b64encode(self.id + signed).decode()}\n"


LOG = Signer()
WITNESSES = (Signer("w1.example/witness", 4, 11), Signer("w2.example/witness", 4, 12))


def checkpoint_text(facts: Sequence[Fact], origin: str = ORIGIN) -> str:
    newest = f"recorded_at {facts[-1].recorded_at}\n" if facts else ""
    top = b64encode(root([hash_of(fact.leaf) for fact in facts])).decode()
    return f"{origin}\n{len(facts)}\n{top}\n{newest}"


def note(text: str, signers: Sequence[Signer] = (LOG,)) -> str:
    return text + "\n" + "".join(signer.line(text) for signer in signers)


def policy(**other: Any) -> dict[str, Any]:
    return {
        "pobratim_policy": 1,
        "origins": [{"origin": ORIGIN, "keys": [LOG.vkey], "successor_of": None}],
        "witnesses": [],
        "quorum": 0,
        "checkpoints": [],
        **other,
    }


# --- bundles


@dataclass
class Bundle:
    """Of the leaves [start, len(facts)); every part can be changed before it is packed."""

    facts: list[Fact]
    start: int = 0
    since: str = "2026-03-01T00:00:00Z"
    until: str = ""
    number: str | None = None
    origin: str = ORIGIN
    signers: Sequence[Signer] = (LOG,)
    lines: list[bytes] = field(default_factory=list[bytes])

    def __post_init__(self) -> None:
        self.until = self.until or self.facts[-1].recorded_at
        self.lines = [self.first(), self.second(), *map(self.line, self.facts[self.start :]), self.last()]

    def first(self) -> bytes:
        case = self.number and {"number": self.number, "stream": STREAMS[NUMBERS.index(self.number)]}
        return dumped({"pobratim_bundle": 1, "origin": self.origin, "from": self.since, "to": self.until, "case": case})

    def second(self) -> bytes:
        if not self.start:
            return dumped({"before": None, "size": 0, "range": [], "last": None})
        hashes = [hash_of(fact.leaf) for fact in self.facts[: self.start]]
        subtrees = [hashes[a:b] for a, b in perfect(self.start)]
        path = [b64encode(one).decode() for one in left_neighbours(subtrees[-1])]
        return dumped(
            {
                "before": note(checkpoint_text(self.facts[: self.start], self.origin), self.signers),
                "size": self.start,
                "range": [b64encode(root(subtree)).decode() for subtree in subtrees],
                "last": {"leaf": self.facts[self.start - 1].leaf, "path": path},
            }
        )

    def line(self, fact: Fact) -> bytes:
        if self.number and fact.stream != STREAMS[NUMBERS.index(self.number)]:
            return dumped({"leaf": fact.leaf})
        try:
            return dumped({"leaf": fact.leaf, "state": fact.state.decode()})
        except UnicodeDecodeError:
            return dumped({"leaf": fact.leaf, "state_base64": b64encode(fact.state).decode()})

    def last(self) -> bytes:
        after = note(checkpoint_text(self.facts, self.origin), self.signers)
        return dumped({"after": after, "leaves": len(self.facts) - self.start})

    @property
    def text(self) -> bytes:
        return b"".join(line + b"\n" for line in self.lines)

    def packed(self) -> bytes:
        return gzip.compress(self.text, mtime=0)


def dumped(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
