"""The calendar as people read it: deadlines of the register and other days of cases in one list."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Any, Final

import msgspec

from adapters.readside.reads import Connections
from application.access import Scope
from application.views.calendar import CalendarQuery, Dated, Day, Sort
from application.views.register import RegisterRow

_ROW: Final = msgspec.json.Decoder(RegisterRow)
_SORTS: Final = [sort.value for sort in Sort]
_DATED: Final = """
    dated AS (
        SELECT case_id, due AS day, 'deadline' AS sort FROM views.register
        WHERE due >= %(first)s AND due < %(before)s AND 'deadline' = ANY(%(sorts)s::text[])
        UNION ALL
        SELECT case_id, day, sort FROM views.dated_days
        WHERE day >= %(first)s AND day < %(before)s AND sort = ANY(%(sorts)s::text[])
    ), seen AS (
        SELECT d.case_id, d.day, d.sort, array_position(%(order)s::text[], d.sort) AS rank, r.number
        FROM views.register AS r JOIN dated AS d USING (case_id)
        WHERE (%(home)s::text IS NULL OR r.homes @> ARRAY[%(home)s::text])
          AND (%(handler)s::text IS NULL OR r.handler = %(handler)s)
    )
"""
_DAYS: Final = f"""
    WITH {_DATED}, counted AS (
        SELECT *, count(*) OVER (PARTITION BY day) AS total,
               row_number() OVER (PARTITION BY day ORDER BY rank, number) AS place
        FROM seen
    )
    SELECT c.day, c.total, c.sort, r.body
    FROM views.register AS r JOIN counted AS c USING (case_id)
    WHERE c.place <= %(most)s ORDER BY c.day, c.place
""".encode()  # noqa: S608 - our own words, every value is a parameter
_COMING: Final = f"""
    WITH {_DATED}, first AS (SELECT * FROM seen ORDER BY day, rank, number LIMIT %(most)s)
    SELECT f.day, f.sort, r.body
    FROM views.register AS r JOIN first AS f USING (case_id) ORDER BY f.day, f.rank, f.number
""".encode()  # noqa: S608 - as above


class PostgresCalendar:
    """Implements application.views.calendar.Calendar."""

    def __init__(self, pool: Connections) -> None:
        self._pool = pool

    def days(self, scope: Scope, query: CalendarQuery) -> Sequence[Day]:
        found = self._found(_DAYS, scope, query, query.most_a_day)
        return [
            Day(day, total, tuple(Dated(Sort(sort), _ROW.decode(body)) for *_, sort, body in rows))
            for (day, total), rows in groupby(found, key=lambda row: (row[0], row[1]))
        ]

    def coming(self, scope: Scope, query: CalendarQuery, most: int) -> Sequence[tuple[date, Dated]]:
        found = self._found(_COMING, scope, query, most)
        return [(day, Dated(Sort(sort), _ROW.decode(body))) for day, sort, body in found]

    def _found(self, statement: bytes, scope: Scope, query: CalendarQuery, most: int) -> Sequence[tuple[Any, ...]]:
        values = {
            "first": query.first,
            "before": query.before,
            "sorts": [sort.value for sort in query.sorts],
            "order": _SORTS,
            "home": scope.local_government,
            "handler": str(query.handler) if query.handler else None,
            "most": most,
        }
        with self._pool.connection() as connection:
            return connection.execute(statement, values, binary=True).fetchall()
