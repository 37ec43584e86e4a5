"""The whole application over a real database, with what runs beside the pages."""

from collections.abc import Iterator

import pytest

from adapters.office.absences import PostgresAbsences
from adapters.office.notifier import Notifier
from tests.web.casework_stack import Stack, coordinator, stack

__all__ = ["coordinator", "notifier", "stack"]


@pytest.fixture(scope="module")
def notifier(stack: Stack) -> Iterator[Notifier]:
    made = Notifier(
        stack.made.settings.database_url,
        stack.made.log,
        stack.made.reminders,
        stack.made.accounts,
        stack.made.clock,
        PostgresAbsences(stack.made.pool),
    )
    made.start()
    yield made
    made.stop()
