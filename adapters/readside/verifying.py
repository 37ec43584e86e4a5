"""Proving that the live tables equal a fresh replay of the log."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

import msgspec

from adapters.database.urls import runtime_url
from adapters.readside import progress, schema
from adapters.readside.catalogue import ReadSideFault, chosen, with_sources
from adapters.readside.connection import Connection, for_reading
from adapters.readside.rebuilding import Replay, Told, building
from adapters.readside.table import NEXT, Table
from adapters.readside.view import View
from application.ports import Log
from application.reference import LocalGovernments

MOST_DIFFERENCES: Final = 5


class Difference(msgspec.Struct, frozen=True):
    """A row that is not the same in the live table and in the replay; None where it is missing."""

    table: str
    key: Mapping[str, Any]
    live: Mapping[str, Any] | None
    replayed: Mapping[str, Any] | None

    @property
    def columns(self) -> list[str]:
        """Names of the columns that differ, all where a row is missing."""
        live, replayed = self.live or {}, self.replayed or {}
        return sorted(name for name in {*live, *replayed} if live.get(name) != replayed.get(name))


class Verdict(msgspec.Struct, frozen=True):
    """What the comparison of one view found, up to the position at which the view stands."""

    view: str
    position: int
    rows: int
    differences: Sequence[Difference]
    """The first few of each table."""
    stopped_at: int | None = None
    """Position of the fact before which it has stopped, so that nothing behind was compared."""
    error: str | None = None
    """Why it has stopped."""

    @property
    def equal(self) -> bool:
        return not self.differences

    @property
    def good(self) -> bool:
        """It equals its replay and goes on."""
        return self.equal and self.stopped_at is None


class Verifying:
    def __init__(self, url: str, log: Log, names: LocalGovernments, views: Sequence[View]) -> None:
        self._url = runtime_url(url, "pobratim-verify")
        self._log = log
        self._names = names
        self._views = views

    def verify(self, names: Collection[str] = (), told: Told = lambda _position, _goal: None) -> Sequence[Verdict]:
        """Replay the log beside the live tables and compare every row of every table of the views, both ways.

        Nobody waits for it: what is compared is one snapshot of the live tables, at the position where they stand in
        it. Bounded in memory. Raises ReadSideFault.
        """
        wanted = chosen(self._views, names)
        with building(self._url) as connection:
            replay = Replay(connection, self._log, self._names, with_sources(self._views, wanted))
            replay.up_to(min(_positions(connection, wanted).values()), told)
            with connection.transaction():
                connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                for_reading(connection)
                verdicts = self._compared(connection, replay, wanted, told)
            schema.drop(connection, NEXT, self._views)
        return verdicts

    def _compared(
        self, connection: Connection, replay: Replay, wanted: Sequence[View], told: Told
    ) -> Sequence[Verdict]:
        """Views by position: the replay goes on from where one stands to where the next one does."""
        now = progress.read(connection)
        verdicts: list[Verdict] = []
        for view in sorted(wanted, key=lambda view: now[view.name].position):
            at = now[view.name]
            replay.up_to(at.position, told)
            if stop := next((s for s in replay.stops if s.view == view.name and s.position <= at.position), None):
                raise ReadSideFault("views.stopped", name=stop.view, position=stop.position, error=stop.error)
            rows = sum(_rows(connection, table) for table in view.tables)
            differences = [found for table in view.tables for found in _differences(connection, table)]
            verdicts.append(Verdict(view.name, at.position, rows, differences, at.stopped_at, at.error))
        return verdicts


def _positions(connection: Connection, wanted: Sequence[View]) -> Mapping[str, int]:
    now = progress.read(connection)
    for view in wanted:
        if view.name not in now or not schema.complete(connection, view):
            raise ReadSideFault("views.not-there", name=view.name)
    return {view.name: now[view.name].position for view in wanted}


def _rows(connection: Connection, table: Table) -> int:
    found = connection.execute(f"SELECT count(*) FROM views.{table.name}".encode()).fetchone()  # noqa: S608 - our own names
    return int(found[0]) if found else 0


def _differences(connection: Connection, table: Table) -> list[Difference]:
    """A full join by key finds a row that is only in one of them, and one that differs in any column."""
    keys = ", ".join(table.key)
    asked = f"""
        SELECT jsonb_build_object({", ".join(f"'{key}', {key}" for key in table.key)}), to_jsonb(a), to_jsonb(b)
        FROM views.{table.name} AS a FULL JOIN {NEXT}.{table.name} AS b USING ({keys})
        WHERE ROW(a.*) IS DISTINCT FROM ROW(b.*) LIMIT {MOST_DIFFERENCES}
    """  # noqa: S608 - names of our own tables
    found = connection.execute(asked.encode()).fetchall()
    return [Difference(table.name, *row) for row in found]
