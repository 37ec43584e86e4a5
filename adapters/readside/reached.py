"""The position that the views have reached, told within this process without asking the database."""

import threading


class Reached:
    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._position = 0

    @property
    def position(self) -> int:
        return self._position

    def tell(self, position: int) -> None:
        with self._changed:
            self._position = position
            self._changed.notify_all()

    def wait(self, position: int, timeout: float) -> bool:
        """Whether the position was reached within `timeout` seconds, as far as this process knows."""
        with self._changed:
            return self._changed.wait_for(lambda: self._position >= position, timeout)
