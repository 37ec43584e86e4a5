"""One session of the server whose temporary tables are the views as they stood at a place on both clocks."""

import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from typing import Any, Final, cast

import psycopg

from adapters.readside.connection import Connection
from application.past import Preparing
from application.ports import LogUnavailable

TEMPORARY: Final = "pg_temp"
PATIENCE_SECONDS: Final = 1.5
"""How long a reader waits for the tables before hearing how far they are."""
BUSY_SECONDS: Final = 10.0
"""How long a reader waits while another one reads the same past."""


def renamed(query: Any) -> Any:
    """The statement, which names `views.` throughout, for the temporary tables. `"views".` means the live ones."""
    return query.replace(b"views.", b"pg_temp.") if isinstance(query, bytes) else query.replace("views.", "pg_temp.")


class _Cursor(psycopg.Cursor[tuple[Any, ...]]):
    def execute(self, query: Any, *given: Any, **options: Any) -> "_Cursor":
        return super().execute(renamed(query), *given, **options)


class _ServerCursor(psycopg.ServerCursor[tuple[Any, ...]]):
    def execute(self, query: Any, *given: Any, **options: Any) -> "_ServerCursor":
        return super().execute(renamed(query), *given, **options)


Fill = Callable[[Connection, Callable[[int, int], None]], None]
"""Writes the tables, and tells how many facts are taken of how many."""


class PastSession:
    """The tables are filled in the background. One reader at a time."""

    def __init__(self, url: str, fill: Fill) -> None:
        self.used = time.monotonic()
        self._url = url
        self._fill = fill
        self._done = (0, 1)
        self._fault: BaseException | None = None
        self._connection: Connection | None = None
        self._ready = threading.Event()
        self._lock = threading.Lock()
        threading.Thread(target=self._run, name="looking-back", daemon=True).start()

    @property
    def failed(self) -> bool:
        return self._fault is not None

    @contextmanager
    def reading(self) -> Generator[Connection]:
        """Raises Preparing while the tables are written, LogUnavailable where they cannot be."""
        self.used = time.monotonic()
        if not self._ready.wait(PATIENCE_SECONDS):
            raise Preparing(*self._done)
        if self._fault is not None:
            raise LogUnavailable(" ".join(str(self._fault).split())) from self._fault
        if not self._lock.acquire(timeout=BUSY_SECONDS):
            raise LogUnavailable("somebody else reads the same past")
        try:
            yield cast("Connection", self._connection)
        except psycopg.OperationalError as fault:
            self._fault = fault
            raise LogUnavailable(" ".join(str(fault).split())) from fault
        finally:
            self.used = time.monotonic()
            self._lock.release()

    def close(self) -> bool:
        """False where somebody reads in it, or it is still being filled."""
        if not self._ready.is_set() or not self._lock.acquire(blocking=False):
            return False
        self._fault = self._fault or LogUnavailable("closed")
        if self._connection is not None:
            with suppress(psycopg.Error):
                self._connection.close()
        self._lock.release()
        return True

    def _told(self, done: int, whole: int) -> None:
        self._done = (done, whole)

    def _run(self) -> None:
        try:
            self._connection = connection = psycopg.connect(self._url, autocommit=True, cursor_factory=_Cursor)
            connection.server_cursor_factory = _ServerCursor
            self._fill(connection, self._told)
        except Exception as fault:
            self._fault = fault
            if self._connection is not None:
                self._connection.close()
        finally:
            self._ready.set()
