"""Searching the log through the tables of the schema `audit`.

Each filter has an index: the page of a filter is a short walk down from the newest position that fits. Where two rare
filters meet, the planner joins their indexes, or walks the rows of the index table, which are narrow, once at most.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from adapters.auditing.index import AuditIndex
from adapters.database.pool import Pool
from adapters.readside.connection import Connection
from adapters.readside.reads import Reads
from adapters.recording.casebook import CaseBook
from adapters.recording.topics import published
from application.auditing import FactQuery, Found
from application.handling import OFFICE
from application.identity import case_id
from application.ports import UnreadableFact

READ_AT_ONCE: Final = 2_000
"""So many new facts a request takes in itself; more are left to the indexer."""
_FIRST_FROM: Final = b"SELECT position FROM audit.facts WHERE recorded_at >= %s ORDER BY recorded_at, position LIMIT 1"
_FACTS: Final = b"""
    SELECT originator_id, originator_version, topic, state, notification_id, recorded_at
    FROM log.facts WHERE notification_id = ANY(%s)
"""
END: Final = 2**63 - 1
Values = dict[str, Any]


class PostgresFactSearch:
    """Implements application.auditing.FactSearch."""

    def __init__(self, pool: Pool, book: CaseBook) -> None:
        self._pool = Reads(pool)
        self._mapper = book.fact_mapper
        self._index = AuditIndex(book)
        self._topics = published()

    def behind(self) -> int:
        with self._pool.connection() as connection:
            missing = self._index.behind(connection)
            if 0 < missing <= READ_AT_ONCE:
                while self._index.step(connection):
                    pass
                missing = self._index.behind(connection)
        return missing

    def page(self, query: FactQuery, most: int) -> Sequence[Found]:
        rising = query.after is not None
        with self._pool.connection() as connection:
            where, values = self._where(connection, query)
            order = b"ORDER BY position" if rising else b"ORDER BY position DESC"
            chosen = _each(where, values, b" " + order + b" LIMIT %(most)s")
            asked = b"SELECT position FROM (" + chosen + b") AS found " + order + b" LIMIT %(most)s"
            positions = [row[0] for row in connection.execute(asked, values | {"most": most}, prepare=False)]
            with connection.cursor(binary=True) as cursor:
                rows = cursor.execute(_FACTS, (positions,), prepare=True).fetchall()
        return sorted(map(self._found, rows), key=lambda found: found.position, reverse=not rising)

    def count(self, query: FactQuery, most: int) -> int:
        with self._pool.connection() as connection:
            where, values = self._where(connection, query, cursors=False)
            asked = b"SELECT count(*) FROM (" + _each(where, values, b" LIMIT %(most)s") + b") AS found"
            row = connection.execute(asked, values | {"most": most}, prepare=False).fetchone()
        return min(row[0], most) if row else 0

    def _found(self, row: tuple[Any, ...]) -> Found:
        stream, version, topic, _, position, recorded_at = row
        try:
            recorded = self._mapper.read(*row)
            kind = recorded.fact.__struct_config__.tag
        except UnreadableFact:
            recorded, kind = None, topic.rpartition(".v")[0]
        return Found(
            position=position,
            stream=stream,
            version=version,
            kind=str(kind),
            recorded_at=recorded_at,
            recorded=recorded,
        )

    def _where(self, connection: Connection, query: FactQuery, *, cursors: bool = True) -> tuple[list[bytes], Values]:
        """Conditions and their values. Days become positions first, so that the planner sees how much they leave."""
        first = position_from(connection, query.since) if query.since else 0
        end = position_from(connection, query.until + timedelta(days=1)) if query.until else END
        if cursors and query.before is not None:
            end = min(end, query.before)
        if cursors and query.after is not None:
            first = max(first, query.after + 1)
        values: Values = {"first": first, "end": end}
        where = [b"position >= %(first)s AND position < %(end)s"]
        if query.kinds:
            where.append(b"topic = ANY(%(topics)s)")
            values["topics"] = self._stored(query.kinds)
        if query.case:
            where.append(b"stream = %(stream)s")
            values["stream"] = case_id(query.case)
        if query.local_government:
            where.append(b"stream IN (SELECT case_id FROM views.register WHERE homes @> ARRAY[%(home)s::text])")
            values["home"] = query.local_government
        if query.left:
            where.append(
                b"position IN (SELECT ended_by FROM audit.stays WHERE stage = %(stage)s AND ended_by IS NOT NULL"
                + (b" AND kind = %(kind)s)" if query.cooperation else b")")
            )
            values |= {"stage": query.left.value, "kind": query.cooperation and query.cooperation.value}
        if query.actor:
            where.append(b"actor = %(actor)s")
            values["actor"] = query.actor
        if query.person:
            values["person"] = query.person
        return where, values

    def _stored(self, kinds: Sequence[str]) -> list[str]:
        """Every topic of these kinds that can stand in the log; a kind that nobody knows is looked for as it is."""
        stored = [
            topic
            for topic in self._topics.all
            if topic.rpartition(".v")[0] in kinds or self._topics.current_of(topic).rpartition(".v")[0] in kinds
        ]
        return sorted({*stored, *kinds})


def _each(where: Sequence[bytes], values: Values, tail: bytes) -> bytes:
    """Positions that fit; of a person those where they acted and those where somebody acted for them, each in its own
    index."""
    if "person" not in values:
        return b"(SELECT position FROM audit.facts WHERE " + b" AND ".join(where) + tail + b")"
    halves = (
        b"(SELECT position FROM audit.facts WHERE " + b" AND ".join([b"%b = %%(person)s" % role, *where]) + tail + b")"
        for role in (b"actor", b"on_behalf_of")
    )
    return b" UNION ".join(halves)


def position_from(connection: Connection, day: date) -> int:
    """Of the first fact that was recorded on this day of the office or later."""
    begin = datetime.combine(day, time(), OFFICE).astimezone(UTC)
    row = connection.execute(_FIRST_FROM, (begin,), prepare=True).fetchone()
    return row[0] if row else END
