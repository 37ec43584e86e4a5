"""A table of a view: what it is made of, and the one statement that writes a page of rows into it."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from operator import attrgetter
from struct import Struct
from typing import Any, Final

import msgspec
import psycopg
from psycopg import postgres
from psycopg.adapt import Dumper
from psycopg.pq import Format

LIVE = "views"
NEXT = "views_next"
_ENCODER = msgspec.json.Encoder()
_TEXT_OID: Final = postgres.types["text"].oid
_LENGTH: Final = Struct("!i")
_NULL: Final = _LENGTH.pack(-1)
_ARRAY_HEADER: Final = Struct("!iiiii")  # dimensions, whether any is null, kind of the elements, their number, the first one's index
_ESCAPED = re.compile(r"\\(?:u[0-9a-fA-F]{4}|.)")


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """Columns are `name: SQL type`, with constraints after the type's first word where it has some.

    Columns named in `documents` are text in the table, and hold JSON. The projector itself looks rows up by the key and
    by `lookups`; `indexes` are for readers.
    """

    name: str
    key: tuple[str, ...]
    columns: Mapping[str, str]
    documents: Sequence[str] = ()
    storage: str = ""
    lookups: Sequence[str] = ()
    indexes: Sequence[str] = ()

    @property
    def create(self) -> str:
        columns = ", ".join(f"{name} {kind}" for name, kind in self.columns.items())
        storage = f" WITH ({self.storage})" if self.storage else ""
        return f"CREATE TABLE views.{self.name} ({columns}, PRIMARY KEY ({', '.join(self.key)})){storage}"

    @property
    def insert(self) -> "Write":
        return Write(self._insert, self._sent(self.columns))

    def upsert(self, changes: str = "") -> "Write":
        """Put rows in the place of those with the same key, or make the `changes`."""
        others = [name for name in self.columns if name not in self.key]
        changes = changes or ", ".join(f"{name} = EXCLUDED.{name}" for name in others)
        statement = f"{self._insert} ON CONFLICT ({', '.join(self.key)}) DO UPDATE SET {changes}"
        return Write(statement, self._sent(self.columns))

    def delete(self, where: str = "true", key: Sequence[str] = ()) -> "Write":
        """Remove the rows that have the same key, or the same values in `key`, and meet a condition."""
        names = key or self.key
        same = " AND ".join(f"t.{name} = r.{name}" for name in names)
        statement = f"DELETE FROM views.{self.name} AS t USING {self._read(names)} WHERE {same} AND {where}"  # noqa: S608 - our own
        return Write(statement, self._sent(names))

    @property
    def _insert(self) -> str:
        names, values = ", ".join(self.columns), ", ".join(map(self._value, self.columns))
        return f"INSERT INTO views.{self.name} AS t ({names}) SELECT {values} FROM {self._read(self.columns)}"  # noqa: S608 - our own

    def _kind(self, name: str) -> str:
        return self.columns[name].split(maxsplit=1)[0]

    def _is_list(self, name: str) -> bool:
        return self._kind(name).endswith("[]")

    def _read(self, names: Iterable[str]) -> str:
        """The rows of a page, to select from: an array a column, where one that is a list itself stands as its text."""
        arrays = ", ".join(f"%s::{'text' if self._is_list(name) else self._kind(name)}[]" for name in names)
        return f"unnest({arrays}) AS r ({', '.join(names)})"

    def _value(self, name: str) -> str:
        return f"r.{name}::{self._kind(name)}" if self._is_list(name) else f"r.{name}"

    def _sent(self, names: Iterable[str]) -> "tuple[tuple[str, _Way], ...]":
        def way(name: str) -> _Way:
            if name in self.documents:
                return _documents
            if self._is_list(name):
                return _lists
            return _words if self._kind(name) == "text" else _array

        return tuple((name, way(name)) for name in names)


class Write(msgspec.Struct, frozen=True):
    """A statement that takes a page of rows: the columns that it takes, and how each reaches the server."""

    statement: str
    columns: "tuple[tuple[str, _Way], ...]"


    def ready(self, columns: Iterable[Sequence[Any]]) -> "Ready":
        """Psycopg's own way with lists, which looks at each element, takes eight times as long."""
        ways = (way for _, way in self.columns)
        return self.statement, tuple(way(column) for way, column in zip(ways, columns, strict=True))


class Rows(msgspec.Struct, frozen=True):
    """What to write: structs that have the columns of the statement."""

    write: Write
    rows: Sequence[msgspec.Struct]

    def ready(self) -> "list[Ready]":
        names = (name for name, _ in self.write.columns)
        return [self.write.ready([list(map(attrgetter(name), self.rows)) for name in names])] if self.rows else []


class Tally(msgspec.Struct, frozen=True):
    """A table of kept counts: its key is text, and `n` says how many there are of it; those of none are left out."""

    table: Table

    @classmethod
    def named(cls, name: str, *key: str) -> "Tally":
        columns = {**dict.fromkeys(key, 'text COLLATE "C"'), "n": "integer NOT NULL"}
        return cls(Table(name=name, key=key, columns=columns, storage="fillfactor = 60"))  # room to count on the page

    def ready(self, differences: Mapping[tuple[str, ...], int]) -> "list[Ready]":
        changed = {key: n for key, n in differences.items() if n}
        fewer = [key for key, n in changed.items() if n < 0]
        add, clear = self.table.upsert("n = t.n + EXCLUDED.n"), self.table.delete("t.n = 0")
        return [
            *([add.ready([*zip(*changed, strict=True), list(changed.values())])] if changed else []),
            *([clear.ready(list(zip(*fewer, strict=True)))] if fewer else []),
        ]


class Differences(msgspec.Struct, frozen=True):
    """What a page does to kept counts. Those of several pages can be added up, and written at once."""

    tally: Tally
    by: Counter[tuple[str, ...]]

    def ready(self) -> "list[Ready]":
        return self.tally.ready(self.by)


Ready = tuple[str, "tuple[str | Texts, ...]"]
"""A statement on the tables `views.`, and its parameters."""


class Texts(msgspec.Struct, frozen=True):
    """A `text[]` as PostgreSQL receives it in binary: nothing to escape here and nothing to parse there."""

    wire: bytes


_Way = Callable[[Sequence[Any]], str | Texts]


def _array(values: Sequence[object]) -> str:
    """A list as PostgreSQL writes it: JSON, but for the brackets and for what a backslash stands for."""
    inner = _ENCODER.encode(values).decode()[1:-1]
    return f"{{{_ESCAPED.sub(_unescaped, inner) if chr(92) in inner else inner}}}"


def _unescaped(found: re.Match[str]) -> str:
    character = json.loads(f'"{found.group()}"')
    return f"\\{character}" if character in '"\\' else character


def _words(values: Sequence[str | None]) -> Texts:
    return _texts([None if value is None else value.encode() for value in values])


def _documents(values: Sequence[object]) -> Texts:
    return _texts(_lines(values))


def _lists(values: Sequence[Sequence[object]]) -> Texts:
    lines = _lines(values)
    if any(b"\\" in line for line in lines):
        return _texts([_array(value).encode() for value in values])
    return _texts([b"{%b}" % line[1:-1] for line in lines])


def _lines(values: Sequence[object]) -> list[bytes]:
    """Each value as JSON, which has no line break of its own."""
    return _ENCODER.encode_lines(values).split(b"\n")[:-1]


def _texts(elements: Sequence[bytes | None]) -> Texts:
    parts = [_NULL if element is None else _LENGTH.pack(len(element)) + element for element in elements]
    return Texts(_ARRAY_HEADER.pack(1, _NULL in parts, _TEXT_OID, len(elements), 1) + b"".join(parts))


class _TextsDumper(Dumper):
    format = Format.BINARY
    oid = postgres.types["text"].array_oid

    def dump(self, obj: Texts) -> bytes:
        return obj.wire


psycopg.adapters.register_dumper(Texts, _TextsDumper)


@cache
def within(schema: str, statement: str) -> bytes:
    """The statement, which names `views.` throughout, for tables in another schema."""
    return (statement if schema == LIVE else statement.replace("views.", f"{schema}.")).encode()
