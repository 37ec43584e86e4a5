"""The one connection through which this process writes into the log."""

import contextlib
import time
from collections.abc import Sequence
from typing import Any

import psycopg

from adapters.database.urls import runtime_url
from adapters.recording import arrays
from adapters.recording.request import APPEND, Request, parameters
from domain.kernel import CommandKey

RECONNECT_SECONDS = 5.0
Used = dict[CommandKey, tuple[bytes, int]]
"""Digest and position of keys that were used before."""


class Writer:
    """Not for two threads at once. Errors are those of psycopg.

    When the connection is lost the call is sent once more over a new one: whether the first had been committed is then
    known from its command keys, so that it cannot have two effects.
    """

    def __init__(self, url: str) -> None:
        self._url = runtime_url(url, "pobratim-log")
        self._connection: psycopg.Connection[tuple[Any, ...]] | None = None

    def append(self, requests: Sequence[Request]) -> int:
        """Keep all in one transaction and return the position before the first fact."""
        return self._ask(APPEND, parameters(requests))[0][0]

    def used(self, requests: Sequence[Request]) -> Used:
        """Which of the keys were used before, and for what."""
        asked = "SELECT key, digest, position FROM log.commands WHERE key = ANY(%s)"
        rows = self._ask(asked, (arrays.uuids(request.key for request in requests),))
        return {key: (digest, position) for key, digest, position in rows}

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection:
            with contextlib.suppress(psycopg.Error):
                connection.close()

    def _ask(self, statement: str, values: Sequence[arrays.Array]) -> list[tuple[Any, ...]]:
        try:
            return self._sent(statement, values)
        except psycopg.OperationalError:
            if self._connection and not self._connection.closed:
                raise  # the server answered: too busy, out of space, or the like
            return self._sent(statement, values)

    def _sent(self, statement: str, values: Sequence[arrays.Array]) -> list[tuple[Any, ...]]:
        connection = self._connected()
        try:
            with connection.cursor(binary=True) as cursor:
                return cursor.execute(statement.encode(), values, prepare=True).fetchall()
        except BaseException as fault:
            answered = isinstance(fault, psycopg.Error) and not connection.broken
            if not answered or isinstance(fault, psycopg.errors.ReadOnlySqlTransaction):
                self.close()  # also a standby that was the primary before: the next call looks for the new one
            raise

    def _connected(self) -> psycopg.Connection[tuple[Any, ...]]:
        if self._connection and self._connection.closed:
            self.close()
        deadline = time.monotonic() + RECONNECT_SECONDS
        while self._connection is None:
            try:
                connection = psycopg.connect(self._url, autocommit=True)
            except psycopg.OperationalError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)  # a server that restarts refuses for a moment
            else:
                arrays.register(connection)
                self._connection = connection
        return self._connection
