"""The recorder of the log: one prepared call a batch, one order, one effect a command key."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

import psycopg
from eventsourcing.persistence import ApplicationRecorder, StoredEvent, Subscription

from adapters.database.pool import Pool
from adapters.recording.follower import LogSubscription, Tail
from adapters.recording.keeping import Keeper, words
from adapters.recording.mapper import StoredFact
from adapters.recording.request import Request
from application.ports import LogUnavailable, Saved, VaultEntry
from domain.kernel import CommandKey

FACTS: LiteralString = (
    "SELECT originator_id, originator_version, topic, state, notification_id, recorded_at FROM log.facts "
)
WHOLE_STREAM = FACTS + "WHERE originator_id = %s ORDER BY originator_version"
PART_OF_STREAM = (
    FACTS + "WHERE originator_id = %s AND originator_version > %s AND (%s::bigint IS NULL OR originator_version <= %s) "
    "ORDER BY originator_version LIMIT %s"
)
PART_OF_STREAM_BACKWARDS = PART_OF_STREAM.replace("ORDER BY originator_version", "ORDER BY originator_version DESC")
PAGE = FACTS + "WHERE notification_id > %s ORDER BY notification_id LIMIT %s"
PAGE_OF_TOPICS = (
    FACTS + "WHERE notification_id > %s AND (%s::bigint IS NULL OR notification_id <= %s) "
    "AND (%s::text[] = '{}' OR topic = ANY(%s)) ORDER BY notification_id LIMIT %s"
)
PAGE_OF_STREAM = (  # versions and positions of a stream rise together: its own index gives the order
    FACTS + "WHERE originator_id = %s AND notification_id > %s AND (%s::bigint IS NULL OR notification_id <= %s) "
    "AND (%s::text[] = '{}' OR topic = ANY(%s)) ORDER BY originator_version LIMIT %s"
)
BY_STREAM = (  # a page ends anywhere in a stream; the next one goes on behind it
    FACTS + "WHERE (originator_id, originator_version) > (%s, %s) AND notification_id <= %s AND topic = ANY(%s) "
    "ORDER BY originator_id, originator_version LIMIT %s"
)
STREAMS = (
    FACTS + "WHERE originator_id = ANY(%s) AND notification_id <= %s AND topic <> ALL(%s) ORDER BY notification_id"
)
NEXT_RECORDED = (
    "SELECT notification_id, recorded_at FROM log.facts WHERE notification_id > %s ORDER BY notification_id LIMIT 1"
)
BEGINNINGS = FACTS + "WHERE originator_id = ANY(%s) AND originator_version = 1"
HEAD = "SELECT notification_id FROM log.facts ORDER BY notification_id DESC LIMIT 1"
Unit = tuple[Request, ...]
"""Requests to be kept whole or not at all."""


class LogRecorder(ApplicationRecorder):
    """Writes over a connection of its own, reads over the pool. Raises what the port Log promises."""

    def __init__(self, url: str, pool: Pool) -> None:
        self._pool = pool
        self._url = url
        self._keeper = Keeper(url)

    def append(self, requests: Sequence[Request]) -> Sequence[Saved]:
        """Where each request ended, in order."""
        return self._keeper.append(requests)

    def insert_events(
        self,
        stored_events: Sequence[StoredEvent],
        *,
        key: CommandKey | None = None,
        digest: bytes = b"",
        entries: Sequence[VaultEntry] = (),
        **_: Any,
    ) -> Sequence[int] | None:
        """The library's own door, for one command. A repeated key returns no positions: nothing was inserted."""
        if key is None:
            raise TypeError("nothing enters the log without a command key")
        saved = self.append([Request(key, digest, stored_events, entries)])[0]
        if saved.repeated:
            return None
        return range(saved.position - len(stored_events) + 1, saved.position + 1)

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredFact]:
        """Facts of one stream by version."""
        statement = PART_OF_STREAM_BACKWARDS if desc else PART_OF_STREAM
        return self._read(statement, (originator_id, gt or 0, lte, lte, limit))

    def stream(self, stream: UUID) -> list[tuple[Any, ...]]:
        """All rows of a stream by version, as FactMapper.read takes them."""
        return self._rows(WHOLE_STREAM, (stream,))

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[StoredFact]:
        """Up to `limit` facts by position."""
        after = (start or 0) - (1 if inclusive_of_start else 0)
        return [StoredFact(*row) for row in self.page(after, limit, topics, stop=stop)]

    def page(
        self,
        after: int,
        limit: int,
        topics: Sequence[str] = (),
        stream: UUID | None = None,
        stop: int | None = None,
    ) -> list[tuple[Any, ...]]:
        """Up to `limit` rows behind a position, as FactMapper.read takes them."""
        if stream:
            return self._rows(PAGE_OF_STREAM, (stream, after, stop, stop, list(topics), list(topics), limit))
        if stop is None and not topics:
            return self._rows(PAGE, (after, limit))
        return self._rows(PAGE_OF_TOPICS, (after, stop, stop, list(topics), list(topics), limit))

    def by_stream(
        self, topics: Sequence[str], after: tuple[UUID, int], until: int, limit: int
    ) -> list[tuple[Any, ...]]:
        """Up to `limit` rows behind a version of a stream, by stream and version, as FactMapper.read takes them."""
        return self._rows(BY_STREAM, (*after, until, list(topics), limit))

    def streams(self, streams: Sequence[UUID], until: int, without: Sequence[str] = ()) -> list[tuple[Any, ...]]:
        """Rows of some streams up to a position but for some topics, by position, as FactMapper.read takes them."""
        return self._rows(STREAMS, (list(streams), until, list(without))) if streams else []

    def position_at(self, moment: datetime) -> int:
        """Of the newest fact that was recorded by then, 0 where there was none.

        Moments never fall from one position to the next, so halving finds it with a row of the index at a time.
        """
        low, high = 0, self.max_notification_id() or 0
        while low < high:
            middle = (low + high) // 2
            found, recorded_at = self._rows(NEXT_RECORDED, (middle,))[0]
            low, high = (found, high) if recorded_at <= moment else (low, middle)
        return low

    def beginnings(self, streams: Sequence[UUID]) -> Sequence[StoredFact]:
        """The first fact of each stream that exists."""
        return self._read(BEGINNINGS, (list(streams),)) if streams else []

    def max_notification_id(self) -> int | None:
        rows = self._rows(HEAD, ())
        return rows[0][0] if rows else None

    def used(self, key: CommandKey) -> tuple[bytes, int] | None:
        """Digest and position of a key that was used before."""
        rows = self._rows("SELECT digest, position FROM log.commands WHERE key = %s", (key,))
        return (rows[0][0], rows[0][1]) if rows else None

    def tail(self, topics: Sequence[str] = ()) -> Tail:
        """A new tail of the log."""

        def read(after: int, limit: int) -> Sequence[StoredFact]:
            return self.select_notifications(after, limit, topics=topics, inclusive_of_start=False)

        return Tail(self._url, read)

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> Subscription[ApplicationRecorder]:
        return LogSubscription(self, self.tail(topics), gt)

    def close(self) -> None:
        """Finish the commit under way and take nothing more; the pool stays open."""
        self._keeper.close()

    def _read(self, statement: LiteralString, values: Sequence[Any]) -> list[StoredFact]:
        return [StoredFact(*row) for row in self._rows(statement, values)]

    def _rows(self, statement: LiteralString, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        try:
            return self._asked(statement, values)
        except psycopg.OperationalError:
            self._pool.check()  # a server that was restarted leaves dead connections: throw them out and ask again
        try:
            return self._asked(statement, values)
        except psycopg.OperationalError as fault:
            raise LogUnavailable(words(fault)) from fault

    def _asked(self, statement: LiteralString, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        with self._pool.connection() as connection, connection.cursor(binary=True) as cursor:
            return cursor.execute(statement, values, prepare=True).fetchall()
