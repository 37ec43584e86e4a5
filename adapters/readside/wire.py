"""A column of a page on its way to the server, as one array.

Psycopg's own way with lists, which looks at each element, takes eight times as long. Words and moments go in
PostgreSQL's binary form, where there is nothing to escape here and little to parse there.
"""

import json
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import chain
from struct import Struct
from typing import Any, Final, cast

import msgspec
import psycopg
from psycopg import postgres
from psycopg.adapt import Dumper
from psycopg.pq import Format

_ENCODER = msgspec.json.Encoder()
_ESCAPED = re.compile(r"\\(?:u[0-9a-fA-F]{4}|.)")
_LENGTH: Final = Struct("!i").pack
_NULL: Final = _LENGTH(-1)
_HEADER: Final = Struct("!iiIii").pack  # dimensions, whether one is null, kind and number of elements, first index
_MOMENT: Final = Struct("!iq").pack
_EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)
_TICK: Final = timedelta(microseconds=1)


class Words(msgspec.Struct, frozen=True):
    """A `text[]`."""

    wire: bytes


class Moments(msgspec.Struct, frozen=True):
    """A `timestamptz[]`."""

    wire: bytes


Array = str | Words | Moments
Way = Callable[[Sequence[Any]], Array]


def plain(values: Sequence[object]) -> str:
    """As PostgreSQL writes it: JSON, but for the brackets and for what a backslash stands for."""
    inner = _ENCODER.encode(values).decode()[1:-1]
    return f"{{{_ESCAPED.sub(_unescaped, inner) if chr(92) in inner else inner}}}"


def _unescaped(found: re.Match[str]) -> str:
    character = json.loads(f'"{found.group()}"')
    return f"\\{character}" if character in '"\\' else character


def words(values: Sequence[str | None]) -> Words:
    if None in values:
        elements = [_NULL if value is None else _LENGTH(len(own := value.encode())) + own for value in values]
        return Words(_array("text", elements, nulls=True))
    return _words(list(map(str.encode, cast("Sequence[str]", values))))


def documents(values: Sequence[object]) -> Words:
    return _words(_lines(values))


def lists(values: Sequence[Sequence[object]]) -> Words:
    """Each list as PostgreSQL writes it."""
    lines = _lines(values)
    if any(b"\\" in line for line in lines):
        return _words([plain(value).encode() for value in values])
    return _words([b"{%b}" % line[1:-1] for line in lines])


def moments(values: Sequence[datetime | None]) -> Moments:
    elements: list[bytes] = []
    before: datetime | None = None
    element = _NULL
    for value in values:
        if value != before:  # facts of one save share their moment
            element = _NULL if value is None else _MOMENT(8, (value - _EPOCH) // _TICK)
            before = value
        elements.append(element)
    return Moments(_array("timestamptz", elements, nulls=None in values))


def _lines(values: Sequence[object]) -> list[bytes]:
    """Each value as JSON, which has no line break of its own."""
    return _ENCODER.encode_lines(values).split(b"\n")[:-1]


def _words(values: Sequence[bytes]) -> Words:
    elements = list(chain.from_iterable(zip(map(_LENGTH, map(len, values)), values, strict=True)))
    return Words(_array("text", elements, len(values)))


def _array(kind: str, elements: Sequence[bytes], count: int | None = None, *, nulls: bool = False) -> bytes:
    """The binary form: of each element its length and itself, in one piece or, where there is a `count`, in two."""
    return _HEADER(1, nulls, postgres.types[kind].oid, count or len(elements), 1) + b"".join(elements)


class _WordsDumper(Dumper):
    format = Format.BINARY
    oid = postgres.types["text"].array_oid

    def dump(self, obj: Words | Moments) -> bytes:
        return obj.wire


class _MomentsDumper(_WordsDumper):
    oid = postgres.types["timestamptz"].array_oid


psycopg.adapters.register_dumper(Words, _WordsDumper)
psycopg.adapters.register_dumper(Moments, _MomentsDumper)
