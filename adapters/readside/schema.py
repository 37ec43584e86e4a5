"""Making and dropping the tables of views."""

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

from adapters.readside.connection import Connection
from adapters.readside.table import within
from adapters.readside.view import View

_TRIGRAMS = """
    SELECT quote_ident(n.nspname) || '.gin_trgm_ops'
    FROM pg_extension AS x JOIN pg_namespace AS n ON n.oid = x.extnamespace
    WHERE x.extname = 'pg_trgm'
"""


def create(connection: Connection, schema: str, views: Iterable[View]) -> None:
    """Empty tables in place of whatever is there, with what the projector needs and no more."""
    for table in (table for view in views for table in view.tables):
        connection.execute(within(schema, f"DROP TABLE IF EXISTS views.{table.name}"))
        for statement in (table.create, *table.lookups):
            connection.execute(within(schema, statement))


def index(connections: Sequence[Connection], schema: str, views: Iterable[View]) -> None:
    """What readers need besides. It costs a third of the time when the rows are there already.

    Several connections share the work, where they all see the tables. Each index has a name of its own: two that are
    made at once would be given the same.
    """
    found = connections[0].execute(_TRIGRAMS.encode()).fetchone()
    trigrams = str(found[0]) if found else None
    every = [
        statement.replace(" ON ", f" {table.name}_{place} ON ", 1)
        for view in views
        for table in view.tables
        for place, statement in enumerate(table.indexes)
    ]
    wanted = [one.format(trigrams=trigrams) for one in every if trigrams is not None or "{trigrams}" not in one]
    left = iter(sorted(wanted, key=lambda one: "_trgm_" not in one))  # these take longest

    def work(connection: Connection) -> None:
        for statement in left:
            connection.execute(within(schema, statement))

    with ThreadPoolExecutor(len(connections)) as hands:
        list(hands.map(work, connections))


def drop(connection: Connection, schema: str, views: Iterable[View]) -> None:
    for table in (table for view in views for table in view.tables):
        connection.execute(within(schema, f"DROP TABLE IF EXISTS views.{table.name}"))


def complete(connection: Connection, view: View) -> bool:
    """Whether every live table of the view is there."""
    names = [f"views.{table.name}" for table in view.tables]
    asked = "SELECT count(*) FROM unnest(%s::text[]) AS name WHERE to_regclass(name) IS NOT NULL"
    found = connection.execute(asked, (names,)).fetchone()
    return found is not None and found[0] == len(names)


def publish(connection: Connection, next_schema: str, views: Iterable[View]) -> None:
    """Put rebuilt tables in the place of the live ones, within the caller's transaction."""
    tables = [table for view in views for table in view.tables]
    for table in tables:
        connection.execute(f"DROP TABLE IF EXISTS views.{table.name}".encode())
    for table in tables:
        connection.execute(f"ALTER TABLE {next_schema}.{table.name} SET SCHEMA views".encode())
