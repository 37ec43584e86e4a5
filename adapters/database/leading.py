"""Work that one process does for all: whoever holds an advisory lock of the database."""

import logging
import threading
from abc import ABC, abstractmethod
from typing import Any, Final

import psycopg

from adapters.database.urls import lead_url
from application.ports import LogUnavailable

ASK_SECONDS: Final = 1.0
"""How often a process asks for the lead, and how long it waits after a failure."""
Connection = psycopg.Connection[tuple[Any, ...]]
_LOGGER = logging.getLogger("pobratim.office")


_HELD: Final = b"""
    SELECT EXISTS (
        SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND (classid::bigint << 32) + objid::bigint = %s
    )
"""


def holds(connection: Connection, lock: int) -> bool:
    """Whether somebody holds the lead."""
    row = connection.execute(_HELD, (lock,)).fetchone()
    return bool(row and row[0])


class Leader(ABC):
    """A thread that asks for the lead and then works until it is stopped or fails; after a failure it begins anew."""

    name: str
    lock: int
    """Any number that nobody else uses for an advisory lock in this database."""

    def __init__(self, url: str) -> None:
        self._url = lead_url(url, f"pobratim-{self.name}")
        self.stopping = threading.Event()
        self._thread = threading.Thread(target=self.run, name=self.name, daemon=True)

    @abstractmethod
    def lead(self, connection: Connection) -> None:
        """Work over the connection that holds the lock until `stopping` is set."""

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self.stopping.set()
        if self._thread.is_alive():
            self._thread.join(timeout=10)

    def run(self) -> None:
        while not self.stopping.is_set():
            try:
                with psycopg.connect(self._url, autocommit=True) as connection:
                    if self._takes_the_lead(connection):
                        self.lead(connection)
            except (psycopg.OperationalError, psycopg.InterfaceError, LogUnavailable) as fault:
                _LOGGER.warning("%s begins anew: %s", self.name, " ".join(str(fault).split()))
            except Exception:
                _LOGGER.exception("%s begins anew", self.name)
            self.stopping.wait(ASK_SECONDS)

    def _takes_the_lead(self, connection: Connection) -> bool:
        while not self.stopping.is_set():
            found = connection.execute("SELECT pg_try_advisory_lock(%s)", (self.lock,)).fetchone()
            if found and found[0]:
                return True
            self.stopping.wait(ASK_SECONDS)
        return False
