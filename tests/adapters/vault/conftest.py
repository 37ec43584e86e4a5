"""A log, its vault and the list of erasures beside them."""

import pytest

from adapters.database.pool import open_pool
from adapters.recording.casebook import CaseBook
from adapters.vault.erased_list import FiledErasures
from adapters.vault.postgres import PostgresVault


@pytest.fixture(scope="module")
def pool(database):
    pool = open_pool(database.url)
    yield pool
    pool.close()


@pytest.fixture
def book(database, pool):
    book = CaseBook(database.url, pool)
    yield book
    book.close()


@pytest.fixture
def vault(pool):
    return PostgresVault(pool)


@pytest.fixture
def listed(tmp_path):
    return FiledErasures(tmp_path)
