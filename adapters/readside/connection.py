"""Small things that every statement of the read side needs."""

import contextlib
import socket
from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

import psycopg

Connection = psycopg.Connection[tuple[Any, ...]]


def uuids(ids: Iterable[UUID]) -> str:
    """A list for `= ANY(%s::uuid[])`; psycopg's own way to send lists takes ten times as long."""
    return "{" + ",".join(map(str, ids)) + "}"


SEND_BYTES: Final = 4_000_000
_BY_KEY: Final = ("enable_seqscan", "enable_hashjoin", "enable_mergejoin", "jit")


def for_reading(connection: Connection, *, lasting: bool = False) -> None:
    """For the rest of the transaction, or of the session, the planner is free again."""
    for setting in _BY_KEY:
        connection.execute(f"SET {'SESSION' if lasting else 'LOCAL'} {setting} = on".encode())


def for_writing(connection: Connection) -> None:
    """Settle how a connection that projects works.

    Views and their positions are lost together in a crash, and come back from the log: a commit need not wait for the
    disk. Every statement goes by key; tables that have just been made have no statistics to say so.
    """
    for setting in ("synchronous_commit", *_BY_KEY):
        connection.execute(f"SET {setting} = off".encode())
    # A page that fits into the socket's buffer is written by the server while the next one is being prepared here.
    wire = socket.socket(fileno=connection.pgconn.socket)
    wire.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BYTES)
    wire.detach()


def for_leading(connection: Connection) -> None:
    """Let the server look each second, also during a statement, whether its client is still there, where it can."""
    with contextlib.suppress(psycopg.errors.InvalidParameterValue):
        connection.execute("SET client_connection_check_interval = '1s'")


def transient(fault: Exception) -> bool:
    """The database is away, busy or full: no fault of a fact, and another time it may go well."""
    if isinstance(fault, psycopg.errors.PipelineAborted | psycopg.errors.ProgramLimitExceeded):
        return False
    return isinstance(fault, psycopg.OperationalError | psycopg.InterfaceError)
