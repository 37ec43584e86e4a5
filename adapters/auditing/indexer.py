"""Fills the tables by which auditors look back, in the background: one process of all, while the views have nothing to
do. Once a day it forgets who looked where longer ago than that is kept."""

import time
from collections.abc import Sequence
from typing import Final, Protocol

from adapters.database.leading import Connection, Leader

POLL_SECONDS: Final = 2.0
FORGET_SECONDS: Final = 86_400.0
_BUSY: Final = b"""
    SELECT coalesce(min(position) FILTER (WHERE stopped_at IS NULL)
        < (SELECT max(notification_id) FROM log.facts), false) FROM views.progress
"""
"""Whether some view is still on its way to the newest fact."""


class Tables(Protocol):
    def step(self, connection: Connection) -> bool:
        """Take in one page of the log; False where there was nothing to do."""
        ...


class AuditIndexer(Leader):
    name = "indexer"
    lock = 7_631_400_041

    def __init__(self, url: str, tables: Sequence[Tables]) -> None:
        super().__init__(url)
        self._tables = tables

    def lead(self, connection: Connection) -> None:
        connection.execute("SET synchronous_commit = off")  # what is lost in a crash comes back from the log
        forget_at = 0.0
        while not self.stopping.is_set():
            if time.monotonic() >= forget_at:
                connection.execute("SELECT access.forget_looks()")
                forget_at = time.monotonic() + FORGET_SECONDS
            began = time.monotonic()
            if self._busy(connection) or not self._step(connection):
                self.stopping.wait(POLL_SECONDS)
            else:  # half of the time belongs to the pages that this process answers
                self.stopping.wait(time.monotonic() - began)

    def _step(self, connection: Connection) -> bool:
        """Each table takes its page, also where another one had nothing to do."""
        moved = [one.step(connection) for one in self._tables]
        return any(moved)

    def _busy(self, connection: Connection) -> bool:
        row = connection.execute(_BUSY).fetchone()
        return bool(row and row[0])
