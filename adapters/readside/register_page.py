"""The register as its readers ask for it: a page with its counts, every row for an export, pairs and numbers."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

import msgspec

from adapters.readside import register_facets as facets
from adapters.readside.connection import Connection, uuids
from adapters.readside.places import NUMBERS_A_YEAR, STAGES
from adapters.readside.reads import Reads
from adapters.readside.register_board import cards
from adapters.readside.register_filters import Filters, filters, printable
from application.access import Scope
from application.views.register import RegisterPage, RegisterQuery, RegisterRow, Sort
from domain.initiatives.terms import LIVE, Stage

BATCH: Final = 1_000
DEEP: Final = 1_000
"""From here on it pays to know first how many rows there are, and to count from the nearer end."""
_ROW: Final = msgspec.json.Decoder(RegisterRow)
_ORDER: Final[dict[Sort, tuple[str, ...]]] = {
    "updated": ("position",),
    "number": ("number",),
    "pair": ("pair", "number"),
    "stage": ("stage", "number"),
    "kind": ("kind", "number"),
    "due": ("due", "number"),
}
"""Each ends with what no two cases share."""
_SOME: Final = b"""
    SELECT body FROM views.register
    WHERE case_id = ANY(%(cases)s::uuid[]) AND (%(home)s::text IS NULL OR homes @> ARRAY[%(home)s::text])
"""
_SAME_PAIR: Final = b"""
    WITH RECURSIVE meant AS (
        SELECT unnest(%(partners)s::uuid[]) AS id
        UNION SELECT p.merged_into FROM views.partner_file AS p JOIN meant USING (id) WHERE p.merged_into IS NOT NULL
    )
    SELECT body FROM views.register
    WHERE homes && %(homes)s::text[] AND partners && ARRAY(SELECT id FROM meant) AND stage = ANY(%(live)s::smallint[])
    ORDER BY number
"""
_NEWEST: Final = b"SELECT max(number) FROM views.register WHERE number BETWEEN %s AND %s"


class PostgresRegister:
    """Implements application.views.register.Register. `pool` is an autocommit pool."""

    def __init__(self, pool: Reads) -> None:
        self._pool = pool

    def page(self, scope: Scope, query: RegisterQuery, today: date) -> RegisterPage:
        """A page beyond the end gives the last one."""
        asked = filters(scope, query, today)
        with self._pool.connection() as connection:
            counts, bodies = _asked(connection, asked, query)
        total = counts["all"].get("", 0)
        return RegisterPage(
            rows=tuple(map(_ROW.decode, bodies)),
            total=total,
            everything=counts["everything"].get("", 0),
            pages=_pages(total, query),
            phases=facets.phases(counts, query),
            stages=facets.stages(counts, query),
            kinds=facets.kinds(counts, query),
            countries=facets.options(counts["country"], query.countries),
            handlers=facets.options(counts["handler"], query.handlers),
            due=facets.dues(counts, query),
            position=counts["position"].get("", 0),
        )

    def board(
        self, scope: Scope, query: RegisterQuery, columns: Sequence[Sequence[Stage]], most: int, today: date
    ) -> Sequence[Sequence[RegisterRow]]:
        statement, values = cards(filters(scope, query, today), columns, most)
        with self._pool.connection() as connection:
            found = connection.execute(statement.encode(), values, binary=True).fetchall()
        return [[_ROW.decode(body) for place, body in found if place == column] for column in range(len(columns))]

    def rows(self, scope: Scope, query: RegisterQuery, today: date) -> Iterator[Sequence[RegisterRow]]:
        asked = filters(scope, query, today)
        every = f"SELECT r.body FROM views.register AS r WHERE {asked.where} ORDER BY {_order(query)}"  # noqa: S608
        with (
            self._pool.connection() as connection,
            connection.transaction(),
            connection.cursor("register", binary=True) as cursor,
        ):
            cursor.execute(every.encode(), asked.values)
            while batch := cursor.fetchmany(BATCH):
                yield [_ROW.decode(body) for (body,) in batch]

    def same_pair(self, local_governments: Sequence[str], partners: Sequence[UUID]) -> Sequence[RegisterRow]:
        asked = {
            "homes": printable(local_governments),
            "partners": uuids(partners),
            "live": [STAGES[stage] for stage in LIVE],
        }
        with self._pool.connection() as connection:
            found = connection.execute(_SAME_PAIR, asked, binary=True).fetchall()
        return [_ROW.decode(body) for (body,) in found]

    def of(self, scope: Scope, cases: Sequence[UUID]) -> Sequence[RegisterRow]:
        asked = {"cases": uuids(cases), "home": scope.local_government}
        with self._pool.connection() as connection:
            found = connection.execute(_SOME, asked, binary=True).fetchall()
        return [_ROW.decode(body) for (body,) in found]

    def newest_number(self, year: int) -> int:
        first = year * NUMBERS_A_YEAR
        with self._pool.connection() as connection:
            found = connection.execute(_NEWEST, (first, first + NUMBERS_A_YEAR - 1), prepare=True).fetchone()
        return int(found[0]) - first if found and found[0] is not None else 0


def _asked(connection: Connection, asked: Filters, query: RegisterQuery) -> tuple[dict[str, dict[str, int]], list[str]]:
    """Counts and rows in one round trip; in two where the page lies deep, or beyond the end."""
    counting = facets.statement(asked)
    offset = (query.page - 1) * query.size
    with connection.pipeline() as pipeline:
        counted = connection.execute(counting.sql.encode(), asked.values, prepare=not counting.scans, binary=True)
        pipeline.sync()  # a transaction each, see the catalogue
        rows = None if offset > DEEP else _rows(connection, asked, query, offset)
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    for facet, option, n in counted.fetchall():
        counts[facet][option] = int(n or 0)
    total = counts["all"].get("", 0)
    if rows is None or (offset >= total > 0):
        offset = min(offset, (_pages(total, query) - 1) * query.size)
        rows = _rows(connection, asked, query, offset, total)
    return counts, [body for (body,) in rows.fetchall()]


def _rows(connection: Connection, asked: Filters, query: RegisterQuery, offset: int, total: int | None = None) -> Any:
    """Keys first, so that what lies before the page is skipped in the index alone; the rows then by key."""
    size = query.size
    backwards = total is not None and offset > total // 2
    if backwards and total is not None:
        size = min(size, total - offset)
        offset = total - offset - size
    key = _ORDER[query.sort][-1]
    statement = f"""
        SELECT r.body FROM (
            SELECT r.{key} FROM views.register AS r WHERE {asked.where}
            ORDER BY {_order(query, backwards=backwards)} LIMIT %(size)s OFFSET %(offset)s
        ) AS k JOIN views.register AS r USING ({key}) ORDER BY {_order(query)}
    """  # noqa: S608 - conditions are written in register_filters, every value is a parameter
    values = {**asked.values, "size": size, "offset": offset}
    return connection.execute(statement.encode(), values, prepare=not asked.where, binary=True)


def _order(query: RegisterQuery, *, backwards: bool = False) -> str:
    """Cases without a due day come last, whichever way the days run."""
    way = "DESC" if query.descending != backwards else "ASC"
    nulls = " NULLS FIRST" if backwards else " NULLS LAST"
    return ", ".join(f"r.{name} {way}{nulls if name == 'due' else ''}" for name in _ORDER[query.sort])


def _pages(total: int, query: RegisterQuery) -> int:
    return max(1, -(-total // query.size))
