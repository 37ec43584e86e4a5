"""Connections from the pool, with the driver's failures told in the application's word."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from psycopg import Connection, OperationalError

from adapters.database.pool import Pool
from application.ports import LogUnavailable


@contextmanager
def connected(pool: Pool) -> Generator[Connection[tuple[Any, ...]]]:
    """Each statement is a transaction of its own. Raises LogUnavailable when the database cannot be reached."""
    try:
        with pool.connection() as connection:
            yield connection
    except OperationalError as lost:  # the pool's own time-out and overflow are of this kind too
        raise LogUnavailable(str(lost)) from lost


@contextmanager
def changing(pool: Pool) -> Generator[Connection[tuple[Any, ...]]]:
    """All statements are one transaction. Raises as `connected`."""
    with connected(pool) as connection, connection.transaction():
        yield connection
