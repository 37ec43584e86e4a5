"""The pool as queries see it: a database that is away, or has no views yet, is one known fault."""

from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

import psycopg

from adapters.database.pool import Pool
from adapters.readside.connection import Connection
from application.ports import LogUnavailable


class Connections(Protocol):
    """Connections for queries."""

    def connection(self) -> AbstractContextManager[Connection]:
        """Raises LogUnavailable where the database cannot be reached, or the views are still being made."""
        ...


class Reads:
    """The live tables."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    @contextmanager
    def connection(self) -> Generator[Connection]:
        """See Connections."""
        try:
            with self._pool.connection() as connection:
                yield connection
        except (psycopg.OperationalError, psycopg.errors.UndefinedTable) as fault:
            raise LogUnavailable(" ".join(str(fault).split())) from fault
