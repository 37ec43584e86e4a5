"""Before a projector begins: every view has its tables, and those that cannot go on as they stand are to be rebuilt."""

from collections.abc import Mapping, Sequence

from adapters.readside import progress, schema
from adapters.readside.connection import Connection
from adapters.readside.progress import Progress
from adapters.readside.projecting import Stop
from adapters.readside.table import LIVE
from adapters.readside.view import View, fingerprint


def settle(connection: Connection, views: Sequence[View]) -> list[str]:
    """Make missing tables, let stopped views try again, and return the names of views to be rebuilt.

    A view is to be rebuilt where other tables or rules made it, and where it cannot go on from where its sources stand.
    Until then it is marked as stopped, so that nothing waits for it.
    """
    with connection.transaction():
        known = progress.read(connection, hold=True)
        remade = [view for view in views if not _as_it_should_be(connection, view, known.get(view.name))]
        for view in remade:
            schema.create(connection, LIVE, [view])
            schema.index(connection, LIVE, [view])
            progress.begin(connection, view.name, 0, fingerprint(view))
        now = progress.read(connection)
        progress.release(connection, now)
        astray = _astray(views, now, {view.name for view in remade})
        progress.stop(connection, [Stop(name, now[name].position, progress.BEING_REBUILT) for name in astray])
    return astray


def _as_it_should_be(connection: Connection, view: View, found: Progress | None) -> bool:
    return found is not None and found.made_by == fingerprint(view) and schema.complete(connection, view)


def _astray(views: Sequence[View], now: Mapping[str, Progress], remade: set[str]) -> list[str]:
    """Views that were just made while others are far ahead, and views that do not stand where their sources stand."""
    if not any(found.position for found in now.values()):
        return []
    return [
        view.name
        for view in views
        if view.name in remade
        or any(need in remade or now[need].position != now[view.name].position for need in view.needs)
    ]
