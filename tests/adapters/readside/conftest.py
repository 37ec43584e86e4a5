"""A read side that projects, over the database of the test module."""

from collections.abc import Callable, Iterator

import psycopg
import pytest

from adapters.database.pool import Pool, open_pool
from adapters.procedures.shelf import FiledProcedures
from adapters.readside.read_side import ReadSide
from adapters.recording.casebook import CaseBook
from adapters.reference.units import local_governments
from tests.adapters.readside.office import Office


@pytest.fixture(scope="module")
def pool(database) -> Iterator[Pool]:
    pool = open_pool(database.url)
    yield pool
    pool.close()


@pytest.fixture(scope="module")
def book(database, pool) -> Iterator[CaseBook]:
    book = CaseBook(database.url, pool)
    yield book
    book.close()


@pytest.fixture(scope="module")
def office(book) -> Office:
    return Office(book)


@pytest.fixture(scope="module")
def reading(database, pool, book) -> Iterator[ReadSide]:
    """With a projector that runs."""
    side = ReadSide(database.url, pool, book, local_governments(), FiledProcedures())
    side.projector.start()
    yield side
    side.projector.stop()


@pytest.fixture(scope="module")
def shown(reading, office) -> Callable[[], ReadSide]:
    """The read side, once it shows everything that the office has recorded."""

    def wait() -> ReadSide:
        assert reading.views.caught_up(office.last, timeout=20)
        return reading

    return wait


@pytest.fixture
def sql(database) -> Iterator[psycopg.Connection]:
    with psycopg.connect(database.url, autocommit=True) as connection:
        yield connection


@pytest.fixture
def owner_sql(database) -> Iterator[psycopg.Connection]:
    with psycopg.connect(database.owner_url, autocommit=True) as connection:
        yield connection
