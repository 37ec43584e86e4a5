"""Partners as their readers ask for them: pages, one file, and look-ups by name."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final
from uuid import UUID

from adapters.readside.connection import Connection
from adapters.readside.look import LONGEST_KEY
from adapters.readside.partner_file import STATE
from adapters.readside.reads import Connections
from adapters.readside.register_after import following, place_of
from adapters.readside.register_facets import options
from adapters.readside.register_filters import printable
from adapters.readside.register_search import words
from adapters.readside.resemblance import resemblance
from application.access import Scope
from application.script import fold
from application.views.partners import PartnerFile, PartnerPage, PartnerQuery, PartnerSlice
from application.views.register import Place

ALIKE: Final = 0.3
"""From here on two names are taken to resemble each other; the threshold of pg_trgm."""
_CASES: Final = """(
    SELECT count(*) FROM views.register AS r
    WHERE r.partners @> ARRAY[p.id] AND (%(home)s::text IS NULL OR r.homes @> ARRAY[%(home)s::text])
)"""
_FILE: Final = f"p.id, p.state, {_CASES}, p.updated"
_GOING_ON: Final = f"""
    WITH RECURSIVE chain AS (
        SELECT id, id AS found, 0 AS steps FROM unnest(%(ids)s::uuid[]) AS id
        UNION SELECT p.merged_into, chain.found, chain.steps + 1 FROM chain JOIN views.partner_file AS p USING (id)
        WHERE p.merged_into IS NOT NULL AND chain.steps < 20
    )
    SELECT {_FILE} FROM (
        SELECT id, min(array_position(%(ids)s::uuid[], found)) AS place FROM chain GROUP BY id
    ) AS c JOIN views.partner_file AS p USING (id)
    WHERE p.merged_into IS NULL AND (%(country)s::text IS NULL OR p.country = %(country)s)
    ORDER BY c.place LIMIT %(most)s::int
"""  # noqa: S608 - no value among it
_TRIGRAMS: Final = b"""
    SELECT quote_ident(n.nspname) FROM pg_extension AS x JOIN pg_namespace AS n ON n.oid = x.extnamespace
    WHERE x.extname = 'pg_trgm'
"""


class PostgresPartnerFiles:
    """Implements application.views.partners.PartnerFiles. `pool` is an autocommit pool."""

    def __init__(self, pool: Connections) -> None:
        self._pool = pool

    def page(self, scope: Scope, query: PartnerQuery) -> PartnerPage:
        """A page beyond the end gives the last one."""
        where, values = _conditions(query)
        values["home"] = scope.local_government
        with self._pool.connection() as connection:
            countries = _countries(connection, where, values)
            total = sum(n for country, n in countries.items() if not query.countries or country in query.countries)
            pages = max(1, -(-total // query.size))
            values |= {"size": query.size, "offset": (min(query.page, pages) - 1) * query.size}
            rows = f"""
                SELECT {_FILE} FROM views.partner_file AS p
                WHERE {where} AND (%(countries)s::text[] = '{{}}' OR p.country = ANY(%(countries)s))
                ORDER BY p.sorted, p.id LIMIT %(size)s OFFSET %(offset)s
            """  # noqa: S608 - every value is a parameter
            found = connection.execute(rows.encode(), values, binary=True).fetchall()
        return PartnerPage(
            partners=_files(found), total=total, pages=pages, countries=options(countries, query.countries)
        )

    def after(self, scope: Scope, query: PartnerQuery, place: Place | None) -> PartnerSlice:
        where, values = _conditions(query)
        beyond, at = following(("sorted", "id"), place, descending=False, table="p")
        values |= {**at, "home": scope.local_government, "size": query.size + 1}
        rows = f"""
            SELECT {_FILE}, p.sorted, p.id FROM views.partner_file AS p
            WHERE {where} AND (%(countries)s::text[] = '{{}}' OR p.country = ANY(%(countries)s)) AND {beyond}
            ORDER BY p.sorted, p.id LIMIT %(size)s
        """  # noqa: S608 - every value is a parameter
        with self._pool.connection() as connection:
            found = connection.execute(rows.encode(), values, binary=True).fetchall()
        shown = found[: query.size]
        files = _files(row[:4] for row in shown)
        return PartnerSlice(files, place_of(shown[-1][4:]) if len(found) > query.size else None)

    def open(self, scope: Scope, partner: UUID) -> PartnerFile | None:
        asked = f"SELECT {_FILE} FROM views.partner_file AS p WHERE p.id = %(id)s"  # noqa: S608
        with self._pool.connection() as connection:
            values = {"id": partner, "home": scope.local_government}
            found = connection.execute(asked.encode(), values, binary=True).fetchall()
        return next(iter(_files(found)), None)

    def named(self, name: str, country: str | None = None) -> Sequence[PartnerFile]:
        folded = fold(name)[:LONGEST_KEY]
        with self._pool.connection() as connection:
            asked = "SELECT partner FROM views.partner_names WHERE folded = %s ORDER BY partner"
            found = connection.execute(asked, (folded,), prepare=True).fetchall()
            return _going_on(connection, [partner for (partner,) in found], country)

    def like(self, text: str, country: str | None = None, most: int = 8) -> Sequence[PartnerFile]:
        folded = fold(text)[:LONGEST_KEY]
        if not folded:
            return ()
        with self._pool.connection() as connection:
            schema = connection.execute(_TRIGRAMS, prepare=True).fetchone()
            names = _resembling(connection, folded, str(schema[0])) if schema else _contained(connection, folded)
            best = _best(names, lambda name: _rank(folded, name))
            # More than asked for: of those merged away, several may go on in the same partner.
            return _going_on(connection, best[: most * 8], country, most)


def _resembling(connection: Connection, folded: str, schema: str) -> list[tuple[str, UUID]]:
    asked = f"""
        SELECT folded, partner FROM views.partner_names
        WHERE folded LIKE %(part)s OR folded OPERATOR({schema}.%%) %(folded)s
    """  # noqa: S608 - the schema is quoted by the server
    return connection.execute(asked.encode(), {"part": f"%{folded}%", "folded": folded}).fetchall()


def _contained(connection: Connection, folded: str) -> list[tuple[str, UUID]]:
    """Without pg_trgm every name is looked at here."""
    names = connection.execute(b"SELECT folded, partner FROM views.partner_names").fetchall()
    return [(name, partner) for name, partner in names if folded in name or resemblance(folded, name) >= ALIKE]


def _rank(folded: str, name: str) -> tuple[int, float, str]:
    """The name itself, then names that begin so, then names that hold it, then those that resemble it."""
    place = 0 if name == folded else 1 if name.startswith(folded) else 2 if folded in name else 3
    return place, -resemblance(folded, name), name


def _best(names: Iterable[tuple[str, UUID]], rank: Callable[[str], tuple[int, float, str]]) -> list[UUID]:
    return list(dict.fromkeys(partner for _, partner in sorted(names, key=lambda found: (rank(found[0]), found[1]))))


def _going_on(
    connection: Connection, partners: Sequence[UUID], country: str | None, most: int | None = None
) -> Sequence[PartnerFile]:
    """The files in the order of `partners`, for those merged away the one that goes on; at most so many."""
    values = {"ids": list(partners), "country": country, "home": None, "most": most}
    if not partners:
        return ()
    # Planned for these ids each time: the plan for any ids reads the whole table, ten times as long.
    return _files(connection.execute(_GOING_ON.encode(), values, binary=True, prepare=False).fetchall())


def _conditions(query: PartnerQuery) -> tuple[str, dict[str, Any]]:
    found = words(query.text)
    conditions = ["p.merged_into IS NULL", *(f"p.words LIKE %(word{place})s" for place, _ in enumerate(found))]
    if query.text.strip() and not found:
        conditions.append("false")
    values: dict[str, Any] = {f"word{place}": f"%{word}%" for place, word in enumerate(found)}
    return " AND ".join(conditions), {**values, "countries": printable(query.countries)}


def _countries(connection: Connection, where: str, values: dict[str, Any]) -> dict[str, int]:
    asked = f"SELECT country, count(*) FROM views.partner_file AS p WHERE {where} GROUP BY country"  # noqa: S608
    return dict(connection.execute(asked.encode(), values).fetchall())


def _files(rows: Iterable[tuple[Any, ...]]) -> tuple[PartnerFile, ...]:
    return tuple(
        PartnerFile(id=partner, partner=STATE.decode(state), cases=cases, updated=updated)
        for partner, state, cases, updated in rows
    )
