"""A case book over the database of the test module."""

from collections.abc import Iterator

import pytest

from adapters.database.pool import Pool, open_pool
from adapters.recording.casebook import CaseBook


@pytest.fixture(scope="module")
def pool(database) -> Iterator[Pool]:
    pool = open_pool(database.url)
    yield pool
    pool.close()


@pytest.fixture
def book(database, pool) -> Iterator[CaseBook]:
    book = CaseBook(database.url, pool)
    yield book
    book.close()
