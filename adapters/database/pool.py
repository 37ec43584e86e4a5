"""Connections for everything that reads, and writes outside the log."""

from typing import Any

from psycopg import Connection
from psycopg_pool import ConnectionPool

from adapters.database.urls import runtime_url

Pool = ConnectionPool[Connection[tuple[Any, ...]]]
LARGEST = 16
WAIT_SECONDS = 5.0
LONGEST_QUEUE = 200


def open_pool(url: str, largest: int = LARGEST, name: str = "pobratim") -> Pool:
    """A pool of connections as the runtime role; close it when done.

    It opens at once also where the server is away; then asking for a connection raises psycopg_pool.PoolTimeout after
    `WAIT_SECONDS`, and psycopg_pool.TooManyRequests when `LONGEST_QUEUE` others are waiting already (both are
    psycopg.OperationalError). Each statement is a transaction, one round trip instead of three; several become one
    within `connection.transaction()`.
    """
    return ConnectionPool(
        runtime_url(url, name),
        kwargs={"autocommit": True},
        min_size=1,
        max_size=largest,
        timeout=WAIT_SECONDS,
        max_waiting=LONGEST_QUEUE,
        max_idle=120,
        reconnect_timeout=30,
        name=name,
        open=True,
    )
