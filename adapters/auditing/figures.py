"""Counting for auditors, in PostgreSQL: one pass over the part of the index that the period covers."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from adapters.auditing.searching import PostgresFactSearch, position_from
from adapters.database.pool import Pool
from adapters.readside.reads import Reads
from adapters.recording.topics import published
from application.auditing_figures import Deeds, FigureQuery, StageTime, spans
from application.handling import OFFICE
from domain.initiatives.initiative import tag_of
from domain.initiatives.terms import Stage

_DEEDS: Final = b"""
    SELECT actor, topic, width_bucket(recorded_at, %(begins)s::timestamptz[]), count(*)
    FROM audit.facts WHERE position >= %(first)s AND position < %(end)s GROUP BY 1, 2, 3
"""
_STAGES: Final = b"""
    SELECT stage, count(*), percentile_disc(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY until - since)
    FROM audit.stays
    WHERE ended_by >= %(first)s AND ended_by < %(end)s AND (%(kind)s::text IS NULL OR kind = %(kind)s)
    GROUP BY stage
"""


class PostgresFigures:
    """Implements application.auditing_figures.FigureSource."""

    def __init__(self, pool: Pool, search: PostgresFactSearch) -> None:
        self._pool = Reads(pool)
        self.behind = search.behind
        topics = published()
        self._kinds = {topic: tag_of(topics.current[topics.current_of(topic)]) for topic in topics.all}

    def deeds(self, query: FigureQuery) -> Sequence[Deeds]:
        begun: Sequence[date] = spans(query)
        return [
            Deeds(actor, self._kinds.get(topic) or topic.rpartition(".v")[0], begun[int(bucket) - 1], count)
            for actor, topic, bucket, count in self._rows(_DEEDS, query)
        ]

    def stages(self, query: FigureQuery) -> Sequence[StageTime]:
        rows = self._rows(_STAGES, query)
        found = {Stage(stage): StageTime(Stage(stage), count, *days) for stage, count, days in rows}
        return [found[stage] for stage in Stage if stage in found]

    def _rows(self, statement: bytes, query: FigureQuery) -> list[tuple[Any, ...]]:
        with self._pool.connection() as connection:
            values = {
                "first": position_from(connection, query.since),
                "end": position_from(connection, query.until + timedelta(days=1)),
                "begins": [_midnight(span) for span in spans(query)],
                "kind": query.cooperation and query.cooperation.value,
            }
            return connection.execute(statement, values, prepare=False).fetchall()


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), OFFICE).astimezone(UTC)
