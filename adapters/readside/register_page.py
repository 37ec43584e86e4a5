"""The register as its readers ask for it: a page with its counts, every row for an export, pairs and numbers."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

import msgspec

from adapters.readside import register_facets as facets
from adapters.readside.connection import Connection, uuids
from adapters.readside.places import NUMBERS_A_YEAR, STAGES
from adapters.readside.reads import Connections
from adapters.readside.register_after import following, place_of
from adapters.readside.register_board import cards
from adapters.readside.register_counts import FACETS, counted_by
from adapters.readside.register_filters import Filters, filters, joined, printable
from adapters.readside.register_search import Search
from application.access import Scope
from application.reference import LocalGovernments
from application.views.register import Place, RegisterPage, RegisterQuery, RegisterRow, RegisterSlice, Sort
from domain.initiatives.terms import LIVE, Stage

BATCH: Final = 1_000
MOST_KNOWN: Final = 300
_NO_PAGE: Final[dict[str, Any]] = {"columns": (), "sort": "updated", "descending": True, "page": 1, "size": 1}
"""What counts do not depend on."""
_MARK: Final = b"""
    SELECT position, 'views.register_counts'::regclass::oid FROM views.progress WHERE view = 'register'
"""
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
_SPELT: Final = b"""
    SELECT country FROM views.register_counts
    WHERE counted = %(by)s AND string_to_array(country, ' ') && %(countries)s::text[]
"""
_SPELT_IN_ROWS: Final = b"""
    SELECT DISTINCT country FROM views.register WHERE string_to_array(country, ' ') && %(countries)s::text[]
"""
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
    """Implements application.views.register.Register. `pool` is an autocommit pool.

    Where no counts are kept, as in the past, everything is counted from the rows.
    """

    def __init__(self, pool: Connections, names: LocalGovernments, *, counts_kept: bool = True) -> None:
        self._pool = pool
        self._counts_kept = counts_kept
        self._search = Search(names)
        self._known: dict[tuple[Scope, RegisterQuery, date], _Known] = {}

    def page(self, scope: Scope, query: RegisterQuery, today: date) -> RegisterPage:
        """A page beyond the end gives the last one."""
        with self._pool.connection() as connection:
            counts, bodies = self._asked(connection, scope, query, today)
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

    def _filters(
        self,
        connection: Connection,
        scope: Scope,
        query: RegisterQuery,
        today: date,
        spelt: Sequence[str] | None = None,
    ) -> Filters:
        if spelt is None:
            spelt = self._spelt(connection, query)
        return filters(scope, query, today, self._search, spelt, counts_kept=self._counts_kept)

    def _spelt(self, connection: Connection, query: RegisterQuery) -> Sequence[str]:
        """The planner must see which values of the column are meant: some countries have a case, some ten thousand."""
        if not query.countries:
            return ()
        asked = {"by": counted_by(["country"]), "countries": printable(query.countries)}
        spelt = _SPELT if self._counts_kept else _SPELT_IN_ROWS
        return [country for (country,) in connection.execute(spelt, asked, prepare=True).fetchall()]

    def _asked(self, connection: Connection, scope: Scope, query: RegisterQuery, today: date) -> "Asked":
        """Counts are asked for once as long as nothing changes: people turn pages, and read the same lists."""
        same = scope, msgspec.structs.replace(query, **_NO_PAGE), today
        mark = connection.execute(_MARK, prepare=True).fetchone() if self._counts_kept else None
        known = self._known.get(same) if self._counts_kept else None
        known = known if known and known.mark == mark else None
        asked = self._filters(connection, scope, query, today, known.spelt if known else None)
        if asked.searched:
            return _searched(connection, asked, query)
        if known:
            return known.counts, _bodies(connection, asked, query, known.counts)
        counts, bodies = _read(connection, asked, query)
        if len(self._known) >= MOST_KNOWN:
            self._known.clear()
        self._known[same] = _Known(mark, asked.values["countries"], counts)
        return counts, bodies

    def after(self, scope: Scope, query: RegisterQuery, today: date, place: Place | None) -> RegisterSlice:
        columns = _ORDER[query.sort]
        beyond, at = following(columns, place, descending=query.descending)
        with self._pool.connection() as connection:
            asked = self._filters(connection, scope, query, today)
            statement = f"""
                SELECT r.body, {", ".join(f"r.{name}" for name in columns)} FROM views.register AS r
                WHERE {asked.where} AND {beyond} ORDER BY {_order(query)} LIMIT %(size)s
            """  # noqa: S608 - see above
            values = {**asked.values, **at, "size": query.size + 1}
            found = connection.execute(statement.encode(), values, prepare=False, binary=True).fetchall()
        shown = found[: query.size]
        rows = tuple(_ROW.decode(body) for body, *_ in shown)
        return RegisterSlice(rows, place_of(shown[-1][1:]) if len(found) > query.size else None)

    def board(
        self, scope: Scope, query: RegisterQuery, columns: Sequence[Sequence[Stage]], most: int, today: date
    ) -> Sequence[Sequence[RegisterRow]]:
        with self._pool.connection() as connection:
            asked = self._filters(connection, scope, query, today)
            statement, values = cards(asked, columns, most)
            found = connection.execute(statement.encode(), values, binary=True).fetchall()
        return [[_ROW.decode(body) for place, body in found if place == column] for column in range(len(columns))]

    def rows(self, scope: Scope, query: RegisterQuery, today: date) -> Iterator[Sequence[RegisterRow]]:
        with (
            self._pool.connection() as connection,
            connection.transaction(),
            connection.cursor("register", binary=True) as cursor,
        ):
            asked = self._filters(connection, scope, query, today)
            every = f"SELECT r.body FROM views.register AS r WHERE {asked.where} ORDER BY {_order(query)}"  # noqa: S608
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


_ROWS: Final = "rows"
Counts = dict[str, dict[str, int]]
"""By facet and option."""
Asked = tuple[Counts, list[str]]
"""Counts, and the bodies of the rows."""


class _Known(msgspec.Struct, frozen=True):
    """Counts as they stood at a position of these tables."""

    mark: tuple[Any, ...] | None
    spelt: Sequence[str]
    counts: Counts


def _searched(connection: Connection, asked: Filters, query: RegisterQuery) -> Asked:
    """What no index has in the right order is found once, for the counts and for the page."""
    columns = dict.fromkeys(("case_id", *FACETS, *_ORDER[query.sort]))
    order = _order(query)
    statement = f"""
        WITH hit AS MATERIALIZED (
            SELECT {", ".join(f"r.{name}" for name in columns)} FROM views.register AS r WHERE {joined(asked.base)}
        ), shown AS MATERIALIZED (
            SELECT r.*, row_number() OVER (ORDER BY {order}) AS place, count(*) OVER () AS total
            FROM hit AS r WHERE {joined((*asked.facets.values(),))}
        ), page AS (
            SELECT case_id, place FROM shown
            WHERE place > least(%(offset)s, (total - 1) / %(size)s * %(size)s) ORDER BY place LIMIT %(size)s
        )
        {facets.counts(asked)}
        UNION ALL SELECT '{_ROWS}', r.body, p.place FROM page AS p JOIN views.register AS r USING (case_id)
    """  # noqa: S608 - conditions are written in register_filters, every value is a parameter
    values = {**asked.values, "size": query.size, "offset": (query.page - 1) * query.size}
    found = connection.execute(statement.encode(), values, prepare=False, binary=True).fetchall()
    rows = sorted((place, body) for facet, body, place in found if facet == _ROWS)
    return _by_facet(one for one in found if one[0] != _ROWS), [body for _, body in rows]


def _read(connection: Connection, asked: Filters, query: RegisterQuery) -> Asked:
    """First the counts: they say where the page ends, and from which end it is nearer."""
    counting = facets.counts(asked).encode()
    counts = _by_facet(connection.execute(counting, asked.values, prepare=True, binary=True).fetchall())
    return counts, _bodies(connection, asked, query, counts)


def _by_facet(rows: Iterable[tuple[Any, ...]]) -> Counts:
    counts: Counts = defaultdict(dict)
    for facet, option, n in rows:
        counts[facet][option] = int(n or 0)
    return counts


def _bodies(connection: Connection, asked: Filters, query: RegisterQuery, counts: Counts) -> list[str]:
    """Keys first, so that what lies before the page is skipped in the index alone; the rows then by key."""
    total, size = counts["all"].get("", 0), query.size
    offset = (min(query.page, _pages(total, query)) - 1) * size
    if backwards := offset > total // 2:
        size = min(size, total - offset)
        offset = total - offset - size
    key = _ORDER[query.sort][-1]
    statement = f"""
        SELECT r.body FROM (
            SELECT r.{key} FROM views.register AS r WHERE {asked.where}
            ORDER BY {_order(query, backwards=backwards)} LIMIT %(size)s OFFSET %(offset)s
        ) AS k JOIN views.register AS r USING ({key}) ORDER BY {_order(query)}
    """  # noqa: S608 - see above
    values = {**asked.values, "size": size, "offset": offset}
    found = connection.execute(statement.encode(), values, prepare=not asked.facets, binary=True).fetchall()
    return [body for (body,) in found]


def _order(query: RegisterQuery, *, backwards: bool = False) -> str:
    """Cases without a due day come last, whichever way the days run."""
    way = "DESC" if query.descending != backwards else "ASC"
    nulls = " NULLS FIRST" if backwards else " NULLS LAST"
    return ", ".join(f"r.{name} {way}{nulls if name == 'due' else ''}" for name in _ORDER[query.sort])


def _pages(total: int, query: RegisterQuery) -> int:
    return max(1, -(-total // query.size))
