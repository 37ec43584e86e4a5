"""Seals what is recorded: one process of all, every ten seconds or 256 facts, and once a day."""

import logging
import time
from typing import Final

import psycopg

from adapters.database.leading import Connection, Leader
from adapters.database.urls import SEALER_ROLE, sealer_url
from adapters.sealing.faults import SealFault
from adapters.sealing.sealing import Sealing
from adapters.sealing.store import Store
from application.handling import OFFICE

LEAD: Final = 7_631_400_031
EVERY_SECONDS: Final = 10.0
EVERY_FACTS: Final = 256
LOOK_SECONDS: Final = 1.0
STOPPED_SECONDS: Final = 10.0
"""How long it waits when it may not seal, before it looks again."""
_LOGGER: Final = logging.getLogger("pobratim.office")
_MAY: Final = b"""
    SELECT session_user, pg_has_role(session_user, %s,
        CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END)
"""


class Sealer(Leader):
    """Where nothing can be sealed it says so once, lets another process try, and looks again."""

    name = "sealer"
    lock = LEAD

    def __init__(self, url: str, sealing: Sealing) -> None:
        """`url` is the address of the runtime role."""
        super().__init__(url)
        self._runtime_url = self._url
        self._url = sealer_url(self._url)
        self._sealing = sealing
        self._sealed_at = -EVERY_SECONDS
        self._said = ""

    def run(self) -> None:
        while not self.stopping.is_set():
            try:
                require_role(self._runtime_url)
                break
            except SealFault as fault:
                self._say(fault)
            except psycopg.Error as fault:
                _LOGGER.warning("the sealer begins anew: %s", " ".join(str(fault).split()))
            self.stopping.wait(STOPPED_SECONDS)
        super().run()

    def lead(self, connection: Connection) -> None:
        while not self.stopping.is_set():
            try:
                self.step(connection)
            except SealFault as fault:
                self._say(fault)
                connection.close()  # and with it goes the lead
                self.stopping.wait(STOPPED_SECONDS)
                return
            self.stopping.wait(LOOK_SECONDS)

    def step(self, connection: Connection) -> bool:
        """Seal where it is time; False where it is not. Raises SealFault."""
        store, now = Store(connection), self._sealing.clock()
        last = store.last_daily()
        daily = last is None or last.astimezone(OFFICE).date() < now.astimezone(OFFICE).date()
        if not daily and not self._due(store):
            return False
        self._sealing.seal(connection, kind="daily" if daily else "regular")
        self._sealed_at = time.monotonic()
        self._said = ""
        return True

    def _due(self, store: Store) -> bool:
        trees = store.trees()
        _edge, position = store.edge(trees[-1].number) if trees else (None, 0)
        waiting = store.waiting(position, EVERY_FACTS)
        return waiting == EVERY_FACTS or bool(waiting and time.monotonic() >= self._sealed_at + EVERY_SECONDS)

    def _say(self, fault: SealFault) -> None:
        if self._said != str(fault):
            self._said = str(fault)
            _LOGGER.error("nothing is sealed: %s", fault)


def require_role(runtime_url: str) -> None:
    """Raises SealFault where this login may not act as the sealer, and psycopg.Error."""
    with psycopg.connect(runtime_url) as connection:
        row = connection.execute(_MAY, (SEALER_ROLE,)).fetchone()
    if row and not row[1]:
        raise SealFault("seal.role", login=row[0])
