"""Sends what waits: one process at a time, beside everything else."""

from typing import Final

from adapters.database.leading import Connection, Leader
from application.mailing import Mailing

PAUSE_SECONDS: Final = 2.0


class Postman(Leader):
    name = "postman"
    lock = 7_631_400_022

    def __init__(self, url: str, mailing: Mailing) -> None:
        super().__init__(url)
        self._mailing = mailing

    def lead(self, connection: Connection) -> None:
        while not self.stopping.is_set():
            connection.execute("SELECT")  # raises where the lock is lost with its connection
            self._mailing.round()
            self.stopping.wait(PAUSE_SECONDS)
