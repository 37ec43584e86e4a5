"""An office in memory for the tests of use cases."""

import pytest

from tests.application.office import Office


@pytest.fixture
def office() -> Office:
    return Office()
