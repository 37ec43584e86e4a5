"""The lines of a bundle's file, in bounded memory, and what its first, second and last line say.

Bounds: a line has 4 MB at most, and the whole no more than 100 times the bytes of its file and 64 MB.
"""

import re
import zlib
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO
from uuid import UUID, uuid5

from pobratim_verify import moments
from pobratim_verify.notes import base64_bytes
from pobratim_verify.strict_json import dumped, format_of, loaded, members, strings
from pobratim_verify.tree import HASH_BYTES
from pobratim_verify.verdicts import CannotJudge, DoesNotHold

VERSION = 1
LONGEST_LINE = 4_000_000
GREATEST_RATIO, FREE_BYTES = 100, 64_000_000
_READ, _GZIP = 1 << 17, 31
_CASES = UUID("6f1c2f0e-5a0b-4b53-9e2d-7d1f4d0c8a11")
_CASE_NUMBER = re.compile(r"[0-9]{4}-[0-9]{4,7}")


@dataclass(frozen=True)
class Case:
    number: str
    stream: str


@dataclass(frozen=True)
class Opening:
    """What the bundle claims to be. `start` and `end` are `from` and `to`, as leaves write moments."""

    origin: str
    start: str
    end: str
    case: Case | None


@dataclass(frozen=True)
class Before:
    """The tree in front of the bundle's first leaf. Its last leaf, with its path, shows that it ends before `from`."""

    note: str | None
    size: int
    range: Sequence[bytes]
    last: str | None
    path: Sequence[bytes]


@dataclass(frozen=True)
class Closing:
    note: str
    leaves: int


def lines(file: BinaryIO) -> Generator[bytes]:
    """Without their ends. Raises CannotJudge where it is no gzip or beyond the bounds, DoesNotHold where it is cut."""
    carried, seen = b"", False
    for piece in _unpacked(file):
        seen = True
        found = (carried + piece).split(b"\n")
        carried = found.pop()
        if len(carried) > LONGEST_LINE or (found and len(found[0]) > LONGEST_LINE):
            raise CannotJudge(f"The bundle has a line of more than {LONGEST_LINE:,} bytes.")
        yield from found
    if not seen:
        raise CannotJudge("The bundle is empty.")
    if carried:
        raise DoesNotHold("the bundle is cut: its last line has no end")


def _unpacked(file: BinaryIO) -> Iterator[bytes]:
    stream, taken, given = zlib.decompressobj(_GZIP), 0, 0
    while not stream.eof:
        packed = stream.unconsumed_tail or file.read(_READ)
        if not stream.unconsumed_tail:
            taken += len(packed)
        if not packed and given == 0:
            raise CannotJudge("The bundle is empty, or no gzip file.")
        if not packed:
            raise DoesNotHold("the bundle is cut: its file ends too early")
        try:
            piece = stream.decompress(packed, 8 * _READ)
        except zlib.error as fault:
            if given == 0:
                raise CannotJudge("The bundle is no gzip file.") from fault
            raise DoesNotHold("the bundle is damaged: its file does not unpack") from fault
        given += len(piece)
        if given > FREE_BYTES + GREATEST_RATIO * taken:
            raise CannotJudge(f"The bundle unpacks to more than {GREATEST_RATIO} times its size, as no bundle does.")
        if piece:
            yield piece
    if stream.unused_data or file.read(1):
        raise DoesNotHold("something stands in the file behind the end of the bundle")


def opening(line: bytes) -> Opening:
    """Raises CannotJudge for another kind of file or a newer format, DoesNotHold for a header that is wrong."""
    try:
        value = loaded(line.decode("utf-8"))
    except ValueError as fault:
        raise CannotJudge(f"The file is no bundle: {fault}.") from fault
    version = format_of(value, "pobratim_bundle")
    if version is None:
        raise CannotJudge("The file is no bundle: its first line does not say so.")
    if version != VERSION:
        raise CannotJudge(f"The bundle has the format {version}; this version reads {VERSION}. Install a newer one.")
    try:
        shape = {"pobratim_bundle": int, "origin": str, "from": str, "to": str, "case": (dict, type(None))}
        found = _in_its_form(line, shape)
        made = Opening(
            found["origin"], moments.written(found["from"]), moments.written(found["to"]), _case(found["case"])
        )
        if made.start >= made.end:
            raise ValueError("'from' is not before 'to'")
    except ValueError as fault:
        raise DoesNotHold(f"the first line of the bundle is wrong: {fault}") from fault
    return made


def _case(value: Any) -> Case | None:
    if value is None:
        return None
    found = members(value, {"number": str, "stream": str})
    if not _CASE_NUMBER.fullmatch(found["number"]):
        raise ValueError(f"{found['number'][:60]!r} is no case number such as 2026-0042")
    if str(uuid5(_CASES, f"initiative/{found['number']}")) != found["stream"]:
        raise ValueError(f"{found['stream'][:60]!r} is not the stream of the case {found['number']}")
    return Case(found["number"], found["stream"])


def before(line: bytes) -> Before:
    """Raises DoesNotHold."""
    try:
        shape = {"before": (str, type(None)), "size": int, "range": list, "last": (dict, type(None))}
        found = _in_its_form(line, shape)
        last = found["last"] and members(found["last"], {"leaf": str, "path": list})
        return Before(
            note=found["before"],
            size=found["size"],
            range=_hashes(found["range"], "range"),
            last=last["leaf"] if last else None,
            path=_hashes(last["path"], "path") if last else (),
        )
    except ValueError as fault:
        raise DoesNotHold(f"the second line of the bundle is wrong: {fault}") from fault


def closing(line: bytes) -> Closing:
    """Raises DoesNotHold."""
    try:
        found = _in_its_form(line, {"after": str, "leaves": int})
        return Closing(found["after"], found["leaves"])
    except ValueError as fault:
        raise DoesNotHold(f"the last line of the bundle is wrong: {fault}") from fault


def state_bytes(text: str) -> bytes:
    """Of a `state_base64`: stored bytes that are no UTF-8. Raises ValueError."""
    raw = base64_bytes(text)
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw
    raise ValueError("'state_base64' holds text, which stands as 'state'")


def _in_its_form(line: bytes, shape: Any) -> dict[str, Any]:
    text = line.decode("utf-8")
    found = members(loaded(text), shape)
    if list(found) != list(shape) or dumped(found) != text:
        raise ValueError("it is not in the one form that it may have")
    return found


def _hashes(values: Sequence[Any], name: str) -> list[bytes]:
    return [base64_bytes(one, HASH_BYTES) for one in strings(values, name)]
