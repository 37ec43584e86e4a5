"""Checkpoints of C2SP tlog-checkpoint, with two lines of our own behind the three.

`recorded_at` is the time of the newest sealed fact; a tree without facts has none. `successor_of ORIGIN SIZE ROOT`
stands in the first checkpoint of a later origin and names the last one of the origin before it.
"""

import re
from base64 import b64decode, b64encode
from datetime import datetime
from typing import Final

import msgspec

from adapters.sealing.notes import is_name
from adapters.sealing.tree import HASH_BYTES

_SIZE: Final = re.compile(r"0|[1-9][0-9]{0,17}")
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")


class CheckpointFault(Exception):
    """A text is no checkpoint; the message says why."""


class Point(msgspec.Struct, frozen=True):
    """A tree, as somebody may have kept it."""

    origin: str
    size: int
    root: bytes


class Checkpoint(msgspec.Struct, frozen=True, kw_only=True):
    origin: str
    size: int
    root: bytes
    recorded_at: str | None = None
    successor_of: Point | None = None

    @property
    def point(self) -> Point:
        return Point(self.origin, self.size, self.root)

    def text(self) -> str:
        lines = [self.origin, str(self.size), b64encode(self.root).decode()]
        if self.recorded_at is not None:
            lines.append(f"recorded_at {self.recorded_at}")
        if before := self.successor_of:
            lines.append(f"successor_of {before.origin} {before.size} {b64encode(before.root).decode()}")
        return "\n".join(lines) + "\n"


def moment(at: datetime) -> str:
    """An aware UTC moment as leaves and checkpoints write it."""
    return f"{at.isoformat(timespec='microseconds')[:26]}Z"


def read_checkpoint(text: str) -> Checkpoint:
    """Lines that this version does not know are left out. Raises CheckpointFault."""
    lines = text.split("\n")
    if len(lines) < 4 or lines[-1] or "" in lines[:-1]:  # noqa: PLR2004 - three lines, and nothing after the last
        raise CheckpointFault("it has fewer than three lines")
    point = _point(*lines[:3])
    more = {name: rest for name, _, rest in (line.partition(" ") for line in lines[3:-1])}
    recorded_at, before = more.get("recorded_at"), more.get("successor_of")
    if recorded_at is not None and not _MOMENT.fullmatch(recorded_at):
        raise CheckpointFault("recorded_at is no moment")
    return Checkpoint(
        origin=point.origin,
        size=point.size,
        root=point.root,
        recorded_at=recorded_at,
        successor_of=_before(before) if before is not None else None,
    )


def _before(text: str) -> Point:
    parts = text.split(" ")
    if len(parts) != 3:  # noqa: PLR2004 - origin, size and root
        raise CheckpointFault("successor_of is no tree")
    return _point(*parts)


def _point(origin: str, size: str, root: str) -> Point:
    try:
        raw = b64decode(root, validate=True)
    except ValueError as fault:
        raise CheckpointFault("the root is no hash") from fault
    if len(raw) != HASH_BYTES or b64encode(raw).decode() != root:
        raise CheckpointFault("the root is no hash")
    if not _SIZE.fullmatch(size):
        raise CheckpointFault("the size is no number")
    if not is_name(origin):
        raise CheckpointFault("the origin is no name")
    return Point(origin, int(size), raw)
