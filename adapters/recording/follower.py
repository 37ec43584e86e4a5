"""Following the log: NOTIFY is a hint that it has grown, the cursor is the truth, a poll a second misses nothing."""

import contextlib
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from threading import Event
from typing import Any

import psycopg
from eventsourcing.persistence import ApplicationRecorder, Notification, Subscription

from adapters.database.urls import runtime_url
from adapters.recording.mapper import StoredFact
from application.ports import LogUnavailable

CHANNEL = "pobratim_log"
PAGE = 500
POLL_SECONDS = 1.0
STOP_SECONDS = 0.2
"""How long a stop may go unnoticed."""


class Tail:
    """Pages of rows after a position, for ever; survives a lost connection and a database that is away for a while."""

    def __init__(self, url: str, read: Callable[[int, int], Sequence[StoredFact]]) -> None:
        self._url = runtime_url(url, "pobratim-follower")
        self._read = read
        self._stopped = Event()

    def stop(self) -> None:
        """End every iteration within STOP_SECONDS."""
        self._stopped.set()

    def pages(self, after: int) -> Generator[Sequence[StoredFact]]:
        """An empty page about once a second when nothing happens."""
        with contextlib.closing(_Bell(self._url)) as bell:
            bell.listen()
            while not self._stopped.is_set():
                page = self._page(after)
                if page:
                    after = page[-1].id
                yield page
                if len(page) < PAGE:
                    bell.wait(self._stopped)

    def _page(self, after: int) -> Sequence[StoredFact]:
        try:
            return self._read(after, PAGE)
        except LogUnavailable:
            return []


class _Bell:
    """A connection that hears when the log has grown."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: psycopg.Connection[tuple[Any, ...]] | None = None

    def listen(self) -> None:
        with contextlib.suppress(psycopg.OperationalError):
            self._connection = psycopg.connect(self._url, autocommit=True)
            self._connection.execute(f"LISTEN {CHANNEL}")

    def wait(self, stopped: Event) -> None:
        """Until it rings, for a second at most."""
        deadline = time.monotonic() + POLL_SECONDS
        while not stopped.is_set() and time.monotonic() < deadline:
            if self._connection is None:
                stopped.wait(STOP_SECONDS)
                self.listen()
            elif self._rings(self._connection):
                return

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection:
            with contextlib.suppress(psycopg.Error):
                connection.close()

    def _rings(self, connection: psycopg.Connection[tuple[Any, ...]]) -> bool:
        try:
            return any(True for _ in connection.notifies(timeout=STOP_SECONDS, stop_after=1))
        except psycopg.OperationalError:
            self.close()
            return False


class LogSubscription(Subscription[ApplicationRecorder]):
    """The event store library's subscription: one row at a time."""

    def __init__(self, recorder: ApplicationRecorder, tail: Tail, gt: int | None) -> None:
        super().__init__(recorder, gt)
        self._tail = tail
        self._rows: Iterator[Notification] = (row for page in tail.pages(gt or 0) for row in page)

    def stop(self) -> None:
        super().stop()
        self._tail.stop()

    def __next__(self) -> Notification:
        return next(self._rows)
