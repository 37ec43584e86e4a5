"""The thread that gives reminders goes on, whatever went wrong once."""

from datetime import date
from threading import Event

import pytest

from adapters.office import sweeper
from application.reminders import GivingReminders


class Failing(GivingReminders):
    """Fails at first in a way that nobody foresaw, as a view of a newer version would make it."""

    def __init__(self) -> None:
        self.again = Event()
        self._failed = False

    def sweep(self, until: date | None = None) -> int | None:
        if self._failed:
            self.again.set()
            return 0
        self._failed = True
        raise ValueError("'brand-new' is not a valid Stage")


def test_a_sweep_that_fails_is_tried_again(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(sweeper, "EVERY_SECONDS", 0.01)
    monkeypatch.setattr(sweeper, "_FIRST_SECONDS", 0.01)
    giving = Failing()
    thread = sweeper.Sweeper(giving)
    thread.start()
    assert giving.again.wait(5)
    thread.stop()
    assert "no reminders were given" in caplog.text
