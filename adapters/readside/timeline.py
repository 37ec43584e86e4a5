"""The timeline: one short row a fact of a case, for lists of what changed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import msgspec

from adapters.readside.entries import CASE_FACTS
from adapters.readside.page import Page
from adapters.readside.reads import Connections
from adapters.readside.table import Columns, Table
from application.access import Scope
from application.views.desk import Change
from application.views.register import RegisterRow
from domain.initiatives.initiative import tag_of

TABLE: Final = Table(
    name="timeline",
    key=("position",),
    columns={
        "position": "bigint",
        "case_id": "uuid NOT NULL",
        "tag": "text NOT NULL",
        "actor": "uuid NOT NULL",
        "recorded_at": "timestamptz NOT NULL",
    },
    indexes=("CREATE INDEX ON views.timeline (case_id, position)",),
)
_ADD: Final = TABLE.insert
_NEWEST: Final = b"""
    SELECT t.position, t.case_id, t.tag, t.actor, t.recorded_at, r.body
    FROM views.register AS r JOIN views.timeline AS t USING (case_id)
    WHERE t.position < %(before)s AND (%(since)s::timestamptz IS NULL OR t.recorded_at >= %(since)s)
    ORDER BY t.position DESC LIMIT %(most)s
"""
# The newest facts of a scope belong to its most recently changed cases, so no more than those are looked at.
# Older ones, before a position, may belong to any case.
_NEWEST_WITHIN: Final = b"""
    SELECT t.position, t.case_id, t.tag, t.actor, t.recorded_at, r.body
    FROM (
        SELECT case_id, body FROM views.register WHERE homes @> ARRAY[%(home)s::text]
        ORDER BY position DESC LIMIT CASE WHEN %(before)s = %(all)s THEN %(most)s END
    ) AS r CROSS JOIN LATERAL (
        SELECT * FROM views.timeline AS t
        WHERE t.case_id = r.case_id AND t.position < %(before)s
        AND (%(since)s::timestamptz IS NULL OR t.recorded_at >= %(since)s)
        ORDER BY t.position DESC LIMIT %(most)s
    ) AS t
    ORDER BY t.position DESC LIMIT %(most)s
"""
_END: Final = 2**63 - 1
"""A position behind every fact."""
_TAGS: Final = {kind: tag_of(kind) for kind in CASE_FACTS}
_ROW: Final = msgspec.json.Decoder(RegisterRow)


class TimelineView:
    name = "timeline"
    revision = 1
    keeps: Sequence[type] = ()
    needs: Sequence[str] = ()
    reads = ("initiative",)
    tables = (TABLE,)
    rules: Sequence[object] = ()

    def project(self, page: Page) -> Sequence[Columns]:
        facts = [recorded for recorded in page.facts if type(recorded.fact) in _TAGS]
        columns = (
            [recorded.position for recorded in facts],
            [recorded.stream for recorded in facts],
            [_TAGS[type(recorded.fact)] for recorded in facts],
            [recorded.actor for recorded in facts],
            [recorded.recorded_at for recorded in facts],
        )
        return [Columns(_ADD, columns)]


class PostgresTimeline:
    """Implements application.views.desk.Timeline."""

    def __init__(self, pool: Connections) -> None:
        self._pool = pool

    def newest(
        self, scope: Scope, most: int, since: datetime | None = None, before: int | None = None
    ) -> Sequence[Change]:
        home = scope.local_government
        with self._pool.connection() as connection, connection.cursor(binary=True) as cursor:
            asked = {
                "home": home,
                "since": since,
                "most": most,
                "before": _END if before is None else before,
                "all": _END,
            }
            found = cursor.execute(_NEWEST_WITHIN if home else _NEWEST, asked).fetchall()
        return [_change(row) for row in found]


def _change(row: tuple[Any, ...]) -> Change:
    position, case, tag, actor, recorded_at, body = row
    shown = _ROW.decode(body)
    partner = shown.partners[0] if shown.partners else None
    return Change(
        position=position,
        case=case,
        number=shown.number,
        home=shown.home,
        partner=partner.name if partner else "",
        country=partner.country if partner else "",
        tag=tag,
        recorded_at=recorded_at,
        actor=actor,
    )
