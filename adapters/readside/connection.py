"""Small things that every statement of the read side needs."""

import select
from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

import psycopg

Connection = psycopg.Connection[tuple[Any, ...]]


def uuids(ids: Iterable[UUID]) -> str:
    """A list for `= ANY(%s::uuid[])`; psycopg's own way to send lists takes ten times as long."""
    return "{" + ",".join(map(str, ids)) + "}"


SEND_SECONDS: Final = 0.1
_BY_KEY: Final = ("enable_seqscan", "enable_hashjoin", "enable_mergejoin", "jit")


def for_reading(connection: Connection) -> None:
    """For the rest of the transaction the planner is free again."""
    for setting in _BY_KEY:
        connection.execute(f"SET LOCAL {setting} = on".encode())


def for_writing(connection: Connection) -> None:
    """Settle how a connection that projects works.

    Views and their positions are lost together in a crash, and come back from the log: a commit need not wait for the
    disk. Every statement goes by key; tables that have just been made have no statistics to say so.
    """
    for setting in ("synchronous_commit", *_BY_KEY):
        connection.execute(f"SET {setting} = off".encode())


def send(connection: Connection) -> None:
    """Hand everything that a pipeline holds to the server, so that it works while we do something else.

    Psycopg itself leaves what the socket does not take at once until it next asks for an answer.
    """
    while connection.pgconn.flush():
        select.select([], [connection.pgconn.socket], [], SEND_SECONDS)


def transient(fault: Exception) -> bool:
    """The database is away, busy or full: no fault of a fact, and another time it may go well."""
    if isinstance(fault, psycopg.errors.PipelineAborted | psycopg.errors.ProgramLimitExceeded):
        return False
    return isinstance(fault, psycopg.OperationalError | psycopg.InterfaceError)
