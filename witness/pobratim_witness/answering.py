"""The answer to `add-checkpoint` of C2SP tlog-witness."""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from pobratim_witness.book import Book
from pobratim_witness.files import Fault
from pobratim_witness.notes import Checkpoint, Cosigner, LogKey, base64_bytes, checkpoint, size_of
from pobratim_witness.tree import EMPTY_ROOT, HASH_BYTES, goes_on

LONGEST_REQUEST = 65_536
"""Bytes."""
MOST_HASHES = 63
_TEXT, _TREE_SIZE = "text/plain; charset=utf-8", "text/x.tlog.size"


@dataclass(frozen=True)
class Answer:
    status: int
    body: str
    kind: str = _TEXT
    said: str = ""
    """For the log of requests."""


@dataclass(frozen=True)
class Request:
    old: int
    proof: Sequence[bytes]
    note: str
    checkpoint: Checkpoint


def request(body: bytes) -> Request:
    """Raises ValueError."""
    head, gap, note = body.decode("utf-8").partition("\n\n")
    first, *hashes = head.split("\n")
    if not gap or not first.startswith("old ") or len(hashes) > MOST_HASHES:
        raise ValueError("a request is: old SIZE, up to 63 hashes, an empty line and a checkpoint")
    proof = [base64_bytes(one, HASH_BYTES) for one in hashes]
    return Request(size_of(first.removeprefix("old ")), proof, note, checkpoint(note))


class Witness:
    def __init__(
        self,
        cosigner: Cosigner,
        origins: Mapping[str, Sequence[LogKey]],
        book: Book,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`clock` gives POSIX seconds."""
        self._cosigner, self._origins, self._book, self._clock = cosigner, origins, book, clock
        self._turn = threading.Lock()

    def add_checkpoint(self, body: bytes) -> Answer:
        try:
            asked = request(body)
        except ValueError as fault:
            return Answer(400, f"{fault}\n")
        made = asked.checkpoint
        keys = self._origins.get(made.origin)
        if keys is None:
            return Answer(404, "this origin is not known here\n", said=made.origin[:100])
        if not made.is_signed_by(keys):
            return Answer(403, "no key that is known for this origin has signed it\n", said=made.origin)
        if asked.old > made.size:
            return Answer(400, "the old size is above that of the checkpoint\n", said=made.origin)
        with self._turn:  # from looking what was cosigned last until the new one is on the disk
            try:
                return self._cosigned(asked)
            except Fault as fault:
                return Answer(500, "the witness cannot keep what it cosigns\n", said=str(fault))

    def _cosigned(self, asked: Request) -> Answer:
        made, last = asked.checkpoint, self._book.newest(asked.checkpoint.origin)
        size, root = (last.size, last.root) if last else (0, EMPTY_ROOT)
        said = f"{made.origin} from {asked.old} to {made.size}"
        if asked.old != size or (size == made.size and root != made.root and last):
            return Answer(409, f"{size}\n", _TREE_SIZE, f"{said}, cosigned was {size}")
        if not goes_on(size, root, made.size, made.root, asked.proof):
            return Answer(422, "the tree does not go on from the one that was cosigned\n", said=said)
        self._book.keep(made.origin, asked.note)
        return Answer(200, self._cosigner.line(made.text, int(self._clock())), said=said)
