"""The position that the views have reached, told within this process without asking the database."""

import threading
from typing import Final

NOWHERE: Final = -1


class Reached:
    """`position` of the healthy views, and `stopped` of those that stand still; NOWHERE until a projector says so."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._position = NOWHERE
        self._stopped = NOWHERE

    def tell(self, position: int, stopped: int) -> None:
        with self._changed:
            self._position, self._stopped = position, stopped
            self._changed.notify_all()

    def wait(self, position: int, timeout: float) -> bool | None:
        """Whether every view shows the position; None where that is not known within `timeout` seconds."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._position >= position, timeout):
                return None
            return self._stopped >= position
