from collections.abc import Iterator

import pytest

from tests.conftest import Database
from tests.web.running import House, running


@pytest.fixture(scope="module")
def house(database: Database) -> Iterator[House]:
    with running(database) as made:
        yield made
