"""Keeps the tables of the schema `audit` behind the log.

They are filled apart from the views, so that neither appending nor projecting waits for them: by one process while the
views have nothing to do, and the last few facts by whoever asks. Both tables follow from the log alone.
"""

import hashlib
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

import msgspec
import psycopg

from adapters.auditing.stays import Stay, stays_of
from adapters.readside.connection import Connection, uuids
from adapters.recording.casebook import CaseBook
from adapters.recording.topics import published
from application.ports import Recorded, UnreadableFact

REVISION: Final = 1
"""Raise it where the same facts are to give other stays: they are made anew then."""
PAGE: Final = 20_000
"""Facts of one transaction."""
_HEAD: Final = b"SELECT coalesce(max(notification_id), 0) FROM log.facts"
_PROGRESS: Final = b"SELECT position, made_by FROM audit.progress WHERE name = %s"
_MOVED: Final = b"UPDATE audit.progress SET position = %s, made_by = %s WHERE name = %s"
_INDEXED: Final = b"""
    INSERT INTO audit.facts (position, stream, topic, recorded_at, actor, on_behalf_of)
    SELECT f.notification_id, f.originator_id, f.topic, f.recorded_at, said.actor, said.on_behalf_of
    FROM (SELECT * FROM log.facts WHERE notification_id > %s ORDER BY notification_id LIMIT %s) AS f
    CROSS JOIN LATERAL jsonb_to_record(convert_from(f.state, 'UTF8')::jsonb) AS said (actor uuid, on_behalf_of uuid)
    RETURNING position
"""
_ONE_BY_ONE: Final = b"""
    SELECT notification_id, originator_id, topic, recorded_at, state FROM log.facts
    WHERE notification_id > %s ORDER BY notification_id LIMIT %s
"""
_ONE: Final = b"INSERT INTO audit.facts VALUES (%s, %s, %s, %s, %s, %s)"
_CHANGED: Final = b"""
    SELECT coalesce(max(position), 0), array_agg(DISTINCT stream) FILTER (WHERE starts_with(topic, 'initiative.'))
    FROM (SELECT stream, topic, position FROM audit.facts WHERE position > %s ORDER BY position LIMIT %s) AS page
"""
_HISTORIES: Final = b"""
    SELECT originator_id, originator_version, topic, state, notification_id, recorded_at FROM log.facts
    WHERE originator_id = ANY(%s::uuid[]) ORDER BY originator_id, originator_version
"""
_ADD: Final = b"""
    INSERT INTO audit.stays (case_id, number, stage, kind, since, until, ended_by)
    SELECT * FROM unnest(%s::uuid[], %s::integer[], %s::text[], %s::text[], %s::date[], %s::date[], %s::bigint[])
"""
_NOBODY: Final = (None, None)


class AuditIndex:
    def __init__(self, book: CaseBook) -> None:
        self._mapper = book.fact_mapper
        topics = " ".join(published().all)
        self._made_by = f"{REVISION} {hashlib.sha256(topics.encode()).hexdigest()[:16]}"

    def behind(self, connection: Connection) -> int:
        """How many positions of the log are in neither table or only in one."""
        head = connection.execute(_HEAD).fetchone()
        done = connection.execute("SELECT min(position) FROM audit.progress").fetchone()
        return head[0] - done[0] if head and done else 0

    def step(self, connection: Connection, most: int = PAGE) -> bool:
        """Take in one page; False where there was nothing to do. Two at once wait for each other."""
        indexed, followed = self.index(connection, most), self.follow(connection, most)
        return indexed or followed

    def index(self, connection: Connection, most: int = PAGE) -> bool:
        with connection.transaction():
            after, _ = _locked(connection, "facts")
            try:
                with connection.transaction():
                    taken = connection.execute(_INDEXED, (after, most)).fetchall()
            except psycopg.DataError:  # one that is no JSON, or names nobody
                taken = _one_by_one(connection, after, most)
            if taken:
                connection.execute(_MOVED, (max(position for (position,) in taken), "", "facts"))
        return bool(taken)

    def follow(self, connection: Connection, most: int = PAGE) -> bool:
        """Stays of the cases that the page changed, as they are by now."""
        with connection.transaction():
            after, made_by = _locked(connection, "stays")
            if made_by != self._made_by:
                connection.execute("DELETE FROM audit.stays")
                after = 0
            reached, cases = connection.execute(_CHANGED, (after, most)).fetchone() or (0, None)
            if cases:
                self._put(connection, cases)
            if reached or made_by != self._made_by:
                connection.execute(_MOVED, (reached or after, self._made_by, "stays"))
        return bool(reached)

    def _put(self, connection: Connection, cases: Sequence[UUID]) -> None:
        histories = dict[UUID, list[tuple[Any, ...]]]()
        with connection.cursor(binary=True) as cursor:
            for row in cursor.execute(_HISTORIES, (uuids(cases),)):
                histories.setdefault(row[0], []).append(row)
        rows = [
            (case, number, *msgspec.structs.astuple(stay))
            for case, history in histories.items()
            for number, stay in enumerate(self._stays(history), 1)
        ]
        connection.execute("DELETE FROM audit.stays WHERE case_id = ANY(%s::uuid[])", (uuids(cases),))
        if rows:
            connection.execute(_ADD, [list(column) for column in zip(*rows, strict=True)])

    def _stays(self, history: Sequence[tuple[Any, ...]]) -> list[Stay]:
        """Up to a fact that cannot be read; the program that can read it makes them anew."""
        readable: Sequence[Recorded]
        try:
            readable = self._mapper.read_all(history)
        except UnreadableFact as fault:
            readable = fault.before
        return stays_of(readable)


def _locked(connection: Connection, name: str) -> tuple[int, str]:
    row = connection.execute(_PROGRESS + b" FOR UPDATE", (name,)).fetchone()
    assert row is not None  # noqa: S101 - the migration has put both rows there
    return row[0], row[1]


def _one_by_one(connection: Connection, after: int, most: int) -> list[tuple[int]]:
    rows = connection.execute(_ONE_BY_ONE, (after, most)).fetchall()
    for position, stream, topic, recorded_at, state in rows:
        connection.execute(_ONE, (position, stream, topic, recorded_at, *_people(state)))
    return [(row[0],) for row in rows]


class _People(msgspec.Struct):
    actor: UUID
    on_behalf_of: UUID | None = None


def _people(state: bytes) -> tuple[UUID | None, UUID | None]:
    try:
        said = msgspec.json.decode(state, type=_People)
    except (msgspec.MsgspecError, UnicodeError):
        return _NOBODY
    return said.actor, said.on_behalf_of
