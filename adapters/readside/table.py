"""A table of a view: what it is made of, and the one statement that writes a page of rows into it."""

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache

import msgspec
from msgspec.structs import astuple

LIVE = "views"
NEXT = "views_next"
_ENCODER = msgspec.json.Encoder()
_ESCAPED = re.compile(r"\\(?:u[0-9a-fA-F]{4}|.)")


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """Columns are `name: SQL type`, with constraints after the type's first word where it has some.

    A page of rows reaches the server as one array a column, which is what it reads fastest. A table with columns that
    are arrays or documents gets them as one JSON text: columns named in `documents` are text in the table, and JSON
    within the row's JSON.
    """

    name: str
    key: tuple[str, ...]
    columns: Mapping[str, str]
    documents: Sequence[str] = ()
    storage: str = ""
    indexes: Sequence[str] = ()

    @property
    def kinds(self) -> dict[str, str]:
        return {name: kind.split(maxsplit=1)[0] for name, kind in self.columns.items()}

    @property
    def by_column(self) -> bool:
        return not self.documents and not any(kind.endswith("[]") for kind in self.kinds.values())

    @property
    def create(self) -> str:
        columns = ", ".join(f"{name} {kind}" for name, kind in self.columns.items())
        storage = f" WITH ({self.storage})" if self.storage else ""
        return f"CREATE TABLE views.{self.name} ({columns}, PRIMARY KEY ({', '.join(self.key)})){storage}"

    @property
    def read(self) -> str:
        """The rows of a page, to select from."""
        if self.by_column:
            arrays = ", ".join(f"%s::{kind}[]" for kind in self.kinds.values())
            return f"unnest({arrays}) AS r ({', '.join(self.kinds)})"
        kinds = {name: "json" if name in self.documents else kind for name, kind in self.kinds.items()}
        return f"json_to_recordset(%s::json) AS r ({', '.join(f'{name} {kind}' for name, kind in kinds.items())})"

    @property
    def _insert(self) -> str:
        names, values = ", ".join(self.columns), ", ".join(f"r.{name}" for name in self.columns)
        return f"INSERT INTO views.{self.name} AS t ({names}) SELECT {values} FROM {self.read}"  # noqa: S608 - our own

    @property
    def insert(self) -> "Write":
        return Write(self._insert, self.by_column)

    def upsert(self, changes: str = "") -> "Write":
        """Put rows in the place of those with the same key, or make the `changes`."""
        others = [name for name in self.columns if name not in self.key]
        changes = changes or ", ".join(f"{name} = EXCLUDED.{name}" for name in others)
        return Write(f"{self._insert} ON CONFLICT ({', '.join(self.key)}) DO UPDATE SET {changes}", self.by_column)

    def delete(self, where: str = "true", key: Sequence[str] = ()) -> "Write":
        """Remove the rows that have the same key, or the same values in `key`, and meet a condition."""
        same = " AND ".join(f"t.{name} = r.{name}" for name in key or self.key)
        statement = f"DELETE FROM views.{self.name} AS t USING {self.read} WHERE {same} AND {where}"  # noqa: S608 - our own
        return Write(statement, self.by_column)


class Write(msgspec.Struct, frozen=True):
    """A statement that takes a page of rows."""

    statement: str
    by_column: bool


class Rows(msgspec.Struct, frozen=True):
    """What to write: structs with the columns of the table, in their order."""

    write: Write
    rows: Sequence[msgspec.Struct]

    def parameters(self) -> tuple[str, ...]:
        """Psycopg's own way with lists, which looks at each element, takes eight times as long."""
        if self.write.by_column:
            return tuple(map(_array, zip(*map(astuple, self.rows), strict=True)))
        return (_ENCODER.encode(self.rows).decode(),)


def _array(values: Sequence[object]) -> str:
    """A list as PostgreSQL writes it: JSON, but for the brackets and for what a backslash stands for."""
    inner = _ENCODER.encode(values).decode()[1:-1]
    return f"{{{_ESCAPED.sub(_unescaped, inner) if chr(92) in inner else inner}}}"


def _unescaped(found: re.Match[str]) -> str:
    character = json.loads(f'"{found.group()}"')
    return f"\\{character}" if character in '"\\' else character


@cache
def within(schema: str, statement: str) -> bytes:
    """The statement, which names `views.` throughout, for tables in another schema."""
    return (statement if schema == LIVE else statement.replace("views.", f"{schema}.")).encode()
