"""A table of a view: what it is made of, and the one statement that writes a page of rows into it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from operator import attrgetter
from typing import Any, Final

import msgspec

from adapters.readside import wire

LIVE = "views"
NEXT = "views_next"


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

    def copying(self, source: "Table", where: str) -> "Write":
        """Copy rows of another table into this one, which has their columns and one more at the end of its key."""
        names, key, last = ", ".join(source.columns), source.key[0], self.key[-1]
        copied = ", ".join(f"t.{name}" for name in source.columns)
        statement = f"""
            INSERT INTO views.{self.name} ({names}, {last}) SELECT {copied}, r.{last}
            FROM views.{source.name} AS t JOIN {self._read(self.key)} ON t.{key} = r.{key} WHERE {where}
        """  # noqa: S608 - our own
        return Write(statement, self._sent(self.key))

    @property
    def _insert(self) -> str:
        names, values = ", ".join(self.columns), ", ".join(map(self._value, self.columns))
        return f"INSERT INTO views.{self.name} AS t ({names}) SELECT {values} FROM {self._read(self.columns)}"  # noqa: S608 - our own

    def cubed(self, absent: Mapping[str, str]) -> "tuple[Write, Write]":
        """See Tally.cube: adding to the counts of rows, and removing those of none."""
        names = [name for name in self.key if name in absent]
        listed = ", ".join(f"r.{name}" for name in names)
        counted = f"({2 ** len(names) - 1} - grouping({listed}))::smallint"
        made = f"{counted}, {', '.join(f'coalesce(r.{name}, {absent[name]})' for name in names)}"
        into, same = ", ".join(self.columns), " AND ".join(f"t.{name} = k.{name}" for name in self.key)
        add = f"""
            INSERT INTO views.{self.name} AS t ({into}) SELECT {made}, sum(r.n)::integer
            FROM {self._read([*names, "n"])} GROUP BY CUBE ({listed}) HAVING sum(r.n) <> 0
            ORDER BY {", ".join(str(place) for place, _ in enumerate(self.key, 1))}
            ON CONFLICT ({", ".join(self.key)}) DO UPDATE SET {_COUNT_UP}
        """  # noqa: S608 - our own
        clear = f"""
            DELETE FROM views.{self.name} AS t
            USING (SELECT {made} FROM {self._read(names)} GROUP BY CUBE ({listed})) AS k ({", ".join(self.key)})
            WHERE {same} AND t.n = 0
        """  # noqa: S608 - our own
        return Write(add, self._sent([*names, "n"])), Write(clear, self._sent(names))

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

    def _sent(self, names: Iterable[str]) -> "tuple[tuple[str, wire.Way], ...]":
        def way_of(name: str) -> wire.Way:
            if name in self.documents:
                return wire.documents
            if self._is_list(name):
                return wire.lists
            return {"text": wire.words, "timestamptz": wire.moments}.get(self._kind(name), wire.plain)

        return tuple((name, way_of(name)) for name in names)


class Write(msgspec.Struct, frozen=True):
    """A statement that takes a page of rows: the columns that it takes, and how each reaches the server."""

    statement: str
    columns: "tuple[tuple[str, wire.Way], ...]"

    def ready(self, columns: Iterable[Sequence[Any]]) -> "Ready":
        """Psycopg's own way with lists, which looks at each element, takes eight times as long."""
        ways = (way for _, way in self.columns)
        return self.statement, tuple(way(column) for way, column in zip(ways, columns, strict=True))


class Rows(msgspec.Struct, frozen=True):
    """What to write: structs that have the columns of the statement."""

    write: Write
    rows: Sequence[msgspec.Struct]

    def ready(self) -> "list[Ready]":
        if not self.rows:
            return []
        return [self.write.ready([list(map(attrgetter(name), self.rows)) for name, _ in self.write.columns])]


class Columns(msgspec.Struct, frozen=True):
    """What to write, column by column in the order of the statement: for rows too many and too simple for a struct."""

    write: Write
    columns: Sequence[Sequence[Any]]

    def ready(self) -> "list[Ready]":
        return [self.write.ready(self.columns)] if self.columns[0] else []


Key = tuple[str | int, ...]
_COUNT_UP: Final = "n = t.n + EXCLUDED.n"
_ROOM: Final = "fillfactor = 60"
"""Room to count on the page."""


class Tally(msgspec.Struct, frozen=True, eq=False):
    """A table of kept counts: `n` says how many there are of a key; those of none are left out."""

    table: Table
    add: Write
    clear: Write

    @classmethod
    def named(cls, name: str, *key: str) -> "Tally":
        """The key is text."""
        columns = {**dict.fromkeys(key, 'text COLLATE "C"'), "n": "integer NOT NULL"}
        table = Table(name=name, key=key, columns=columns, storage=_ROOM)
        return cls(table, table.upsert(_COUNT_UP), table.delete("t.n = 0"))

    @classmethod
    def cube(cls, name: str, absent: Mapping[str, str], columns: Mapping[str, str]) -> "Tally":
        """Counts for every combination of the columns, none and all among them.

        `counted` is the sum of the `places` of those that a row counts by; in the others stands what `absent` says, as
        an SQL literal. The server makes the combinations: a difference is one key.
        """
        table = Table(
            name=name,
            key=("counted", *columns),
            columns={"counted": "smallint", **columns, "n": "integer NOT NULL"},
            storage=_ROOM,
        )
        return cls(table, *table.cubed(absent))

    def ready(self, more: Mapping[Key, int], less: Mapping[Key, int]) -> "list[Ready]":
        differences = Counter(more)
        differences.subtract(less)
        changed = {key: n for key, n in differences.items() if n}
        fewer = [key for key, n in changed.items() if n < 0]
        return [
            *([self.add.ready([*zip(*changed, strict=True), list(changed.values())])] if changed else []),
            *([self.clear.ready(list(zip(*fewer, strict=True)))] if fewer else []),
        ]


class Differences(msgspec.Struct, frozen=True):
    """What a page does to kept counts. Those of several pages can be added up, and written at once."""

    tally: Tally
    more: list[Key]
    """Keys of which there is one more, as often as there is."""
    less: list[Key]

    def ready(self) -> "list[Ready]":
        return self.tally.ready(Counter(self.more), Counter(self.less))


Ready = tuple[str, tuple[wire.Array, ...]]
"""A statement on the tables `views.`, and its parameters."""


@cache
def within(schema: str, statement: str) -> bytes:
    """The statement, which names `views.` throughout, for tables in another schema."""
    return (statement if schema == LIVE else statement.replace("views.", f"{schema}.")).encode()
