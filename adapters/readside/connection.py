"""Small things that every statement of the read side needs."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import psycopg

Connection = psycopg.Connection[tuple[Any, ...]]


def uuids(ids: Iterable[UUID]) -> str:
    """A list for `= ANY(%s::uuid[])`; psycopg's own way to send lists takes ten times as long."""
    return "{" + ",".join(map(str, ids)) + "}"


def transient(fault: Exception) -> bool:
    """The database is away, busy or full: no fault of a fact, and another time it may go well."""
    if isinstance(fault, psycopg.errors.PipelineAborted | psycopg.errors.ProgramLimitExceeded):
        return False
    return isinstance(fault, psycopg.OperationalError | psycopg.InterfaceError)
