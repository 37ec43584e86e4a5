"""Leaves of the tree: what stands in the log, one JSON object a fact (docs/decisions/0011-seal.md)."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Final

import msgspec

from adapters.sealing.checkpoint import moment
from adapters.sealing.tree import leaf_hash

FACTS: Final = b"""
    SELECT notification_id, originator_id::text, originator_version, topic, recorded_at, state
    FROM log.facts WHERE notification_id > %s ORDER BY notification_id LIMIT %s
"""
"""Rows for `leaf`, to be fetched in binary over a connection in UTC."""
FactRow = tuple[int, str, int, str, datetime, bytes]


class Leaf(msgspec.Struct, frozen=True):
    """The order of the members is part of the format."""

    v: int
    index: int
    position: int
    case: str
    version: int
    topic: str
    recorded_at: str
    sha256: str


_ENCODER: Final = msgspec.json.Encoder()


def leaf(index: int, row: FactRow) -> bytes:
    position, stream, version, topic, recorded_at, state = row
    return _ENCODER.encode(
        Leaf(1, index, position, stream, version, topic, moment(recorded_at), sha256(state).hexdigest())
    )


def leaf_hashes(rows: Sequence[FactRow], first: int) -> bytes:
    """One after another; `first` is the index of the first row."""
    return b"".join([leaf_hash(leaf(index, row)) for index, row in enumerate(rows, first)])
