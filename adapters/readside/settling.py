"""Before a projector begins: every view has its tables, and those that cannot go on as they stand are to be rebuilt."""

from collections.abc import Mapping, Sequence

import msgspec

from adapters.readside import progress, schema
from adapters.readside.connection import Connection
from adapters.readside.progress import Progress
from adapters.readside.projecting import Stop
from adapters.readside.table import LIVE
from adapters.readside.view import View, fingerprint
from application.ports import Log, UnreadableFact


class Settled(msgspec.Struct, frozen=True):
    astray: Sequence[str]
    """Views to be rebuilt."""
    unreadable: bool
    """Some view stands before a fact that this version of the program cannot decode."""


def settle(connection: Connection, views: Sequence[View], log: Log) -> Settled:
    """Make missing tables, and let stopped views try again, except before a fact that cannot be decoded here.

    A view is to be rebuilt where other tables or rules made it, and where it cannot go on from where its sources stand.
    Until then it is marked as stopped, so that nothing waits for it.
    """
    with connection.transaction():
        known = progress.read(connection, hold=True)
        remade = [view for view in views if not _as_it_should_be(connection, view, known.get(view.name))]
        for view in remade:
            schema.create(connection, LIVE, [view])
            schema.index([connection], LIVE, [view])
            progress.begin(connection, view.name, 0, fingerprint(view))
        now = progress.read(connection)
        kept = _before_unreadable(now, log)
        tied = [Stop(v.name, *kept[need]) for v in views for need in v.needs if need in kept and v.name not in kept]
        kept |= {stop.view: (stop.position, stop.error) for stop in tied}
        progress.release(connection, now.keys() - kept.keys())
        astray = [name for name in _astray(views, now, {view.name for view in remade}) if name not in kept]
        rebuilt = [Stop(name, now[name].position, progress.BEING_REBUILT) for name in astray]
        progress.stop(connection, [*tied, *rebuilt])
    return Settled(astray, bool(kept))


def _before_unreadable(now: Mapping[str, Progress], log: Log) -> dict[str, tuple[int, str]]:
    """Views that stand there, with the position of the fact and what was said of it."""
    at = {name: (found.stopped_at, found.error or "") for name, found in now.items() if found.stopped_at is not None}
    unreadable = {position for position in {position for position, _ in at.values()} if not _readable(log, position)}
    return {name: stop for name, stop in at.items() if stop[0] in unreadable}


def _readable(log: Log, position: int) -> bool:
    try:
        log.page(position - 1, 1)
    except UnreadableFact as fault:
        return fault.position != position
    return True


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
