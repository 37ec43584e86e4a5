"""Gives reminders from here, for as long as the process runs; another process may do it as well."""

import logging
from threading import Event, Thread
from typing import Final

import psycopg

from application.ports import LogUnavailable
from application.reminders import GivingReminders

EVERY_SECONDS: Final = 600
"""Reminders are of days; so often it is seen whether a day has settled, and whether something was missed."""
_FIRST_SECONDS: Final = 20
"""Views come up first."""
_LOGGER: Final = logging.getLogger(__name__)


class Sweeper:
    def __init__(self, giving: GivingReminders) -> None:
        self._giving = giving
        self._stopped = Event()
        self._thread = Thread(target=self._run, name="reminders", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        pause = _FIRST_SECONDS
        while not self._stopped.wait(pause):
            pause = EVERY_SECONDS
            try:
                if given := self._giving.sweep():
                    _LOGGER.info("%s reminders were given", given)
            except (LogUnavailable, psycopg.Error) as fault:
                _LOGGER.warning("no reminders were given: %s", " ".join(str(fault).split()))
            except Exception:
                _LOGGER.exception("no reminders were given")
