"""Rebuilding beside the live tables, and swapping; replaying for a comparison uses the same."""

import contextlib
import gc
import time
from collections.abc import Callable, Collection, Generator, Mapping, Sequence
from typing import Final

import psycopg

from adapters.database.urls import runtime_url
from adapters.readside import progress, schema
from adapters.readside.catalogue import ReadSideFault, chosen, concerned, with_sources
from adapters.readside.connection import Connection, for_writing, transient
from adapters.readside.pages import Paged, Pages
from adapters.readside.progress import Progress
from adapters.readside.projecting import Projecting, Stop, without_collecting
from adapters.readside.table import NEXT
from adapters.readside.view import View, fingerprint
from application.ports import Log, LogUnavailable, Recorded, UnreadableFact
from application.procedures import Shelf
from application.reference import LocalGovernments

BUILDING: Final = 7_631_400_012  # advisory lock: one user of the schema views_next at a time
STRETCH: Final = 100_000
"""Facts of a replay after which the newest objects are looked through for garbage."""
FEW: Final = 1_000
"""Facts that the live projector may be kept waiting for."""
SWAP_SECONDS: Final = 60
SWAP_PAUSE: Final = 0.3
"""A long export keeps its tables; the swap asks again and again rather than make everybody queue behind it."""
Told = Callable[[int, int], None]
"""Hears the position reached and the position to reach."""


class Replay:
    """Views built from the beginning of the log in a schema of their own, without what readers need until `finish`.

    A view that cannot go on is left out.
    """

    def __init__(
        self,
        connection: Connection,
        log: Paged,
        names: LocalGovernments,
        procedures: Shelf,
        views: Sequence[View],
        into: str = NEXT,
    ) -> None:
        self._connection = connection
        self._pages = Pages(log)
        self._projecting = Projecting(connection, into, names, procedures, gathers=True)
        self._all = views
        self.views = list(views)
        self.position = 0
        self.stops: list[Stop] = []
        schema.create(connection, into, views)

    def up_to(self, goal: int, told: Told, most: int | None = None) -> None:
        """Take facts up to `goal`, or about `most` of them. Each page is a transaction, or part of the caller's."""
        taken = 0
        with without_collecting():
            while self.position < goal and (most is None or taken < most):
                count = self._next(goal)
                if not count:
                    break
                taken += count
                told(self.position, goal)
                if taken % STRETCH < count:
                    gc.collect(0)  # what others in this process have left meanwhile
            self._projecting.flush()

    def back_to(self, position: int) -> None:
        """What was taken since was rolled back."""
        self._projecting.forget()
        self.position = position

    def finish(self, url: str) -> None:
        """Make them ready for readers, with the help of a second connection; costs seconds for each hundred thousand
        cases. They may go on afterwards.
        """
        with psycopg.connect(url, autocommit=True) as helper:
            helper.execute("SET statement_timeout = 0")
            schema.index([self._connection, helper], NEXT, self.views)

    def _next(self, goal: int) -> int:
        """Take one more page, and say how many facts it had."""
        try:
            facts = self._pages.after(self.position)
        except UnreadableFact as fault:
            return self._up_to_unreadable(fault, goal)
        return self._take_up_to(goal, facts)

    def _up_to_unreadable(self, fault: UnreadableFact, goal: int) -> int:
        """Take the facts before it; when it comes first, leave out the views that it concerns and pass it by."""
        if fault.before or fault.position > goal:
            return self._take_up_to(goal, fault.before)
        stopped = concerned(self._all, fault.topic)
        self.stops += [Stop.of(view.name, fault.position, fault) for view in self.views if view.name in stopped]
        self.views = [view for view in self.views if view.name not in stopped]
        self.position = fault.position
        return 1

    def _take_up_to(self, goal: int, facts: Sequence[Recorded]) -> int:
        if facts and facts[-1].position > goal:
            facts = [fact for fact in facts if fact.position <= goal]
        if facts:
            self._take(facts)
            self.position = facts[-1].position
        return len(facts)

    def _take(self, facts: Sequence[Recorded]) -> None:
        try:
            with self._connection.transaction():
                self._projecting.apply(self.views, self.position, facts, lambda: self._pages.ahead(facts))
        except Exception as fault:
            if transient(fault) or isinstance(fault, LogUnavailable):
                raise
            with self._connection.transaction():
                stops = self._projecting.apply_carefully(self.views, self.position, facts)
            self.stops += stops
            stopped = {stop.view for stop in stops}
            self.views = [view for view in self.views if view.name not in stopped]


class Rebuilding:
    """`rebuild`, also while the live projector and other processes go on."""

    def __init__(self, url: str, log: Log, names: LocalGovernments, procedures: Shelf, views: Sequence[View]) -> None:
        self._url = runtime_url(url, "pobratim-rebuild")
        self._log = log
        self._names = names
        self._procedures = procedures
        self._views = views

    def rebuild(self, names: Collection[str] = (), told: Told = lambda _position, _goal: None) -> None:
        """Build the named views, or all, from the beginning of the log and put them in the place of the live ones.

        Bounded in memory; after a crash simply begin again. A view that cannot take a fact is marked as stopped, its
        live tables stay, and `views.stopped` is raised after the others were swapped. Raises ReadSideFault.
        """
        wanted = chosen(self._views, names)
        with building(self._url) as connection:
            replay = Replay(connection, self._log, self._names, self._procedures, with_sources(self._views, wanted))
            replay.up_to(self._goal(progress.read(connection), wanted), told)
            replay.finish(self._url)
            self._swap(connection, replay, wanted, told)
            schema.drop(connection, NEXT, self._views)
        if replay.stops:
            first = replay.stops[0]
            raise ReadSideFault("views.stopped", name=first.view, position=first.position, error=first.error)

    def _swap(self, connection: Connection, replay: Replay, wanted: Sequence[View], told: Told) -> None:
        """Come near without holding anybody up; then hold the projector for the last facts, and swap."""
        deadline = time.monotonic() + SWAP_SECONDS
        while True:
            replay.up_to(self._goal(progress.read(connection), wanted), told)
            _tidy(connection, replay.views)
            came_to = replay.position
            try:
                if self._swapped(connection, replay, wanted, told):
                    return
            except psycopg.errors.LockNotAvailable:
                if time.monotonic() > deadline:
                    raise
                time.sleep(SWAP_PAUSE)
                replay.back_to(came_to)

    def _swapped(self, connection: Connection, replay: Replay, wanted: Sequence[View], told: Told) -> bool:
        with connection.transaction():
            connection.execute("SET LOCAL lock_timeout = '500ms'")  # less than it takes to find a deadlock
            now = progress.read(connection, hold=True)
            goal = self._goal(now, wanted)
            replay.up_to(goal, told, FEW)
            if replay.position < goal and self._more(replay.position):
                return False
            built = [view for view in wanted if view in replay.views]
            schema.publish(connection, NEXT, built)
            for view in built:
                progress.begin(connection, view.name, max(goal, replay.position), fingerprint(view))
            progress.stop(connection, [stop for stop in replay.stops if stop.view in {view.name for view in wanted}])
        return True

    def _more(self, position: int) -> bool:
        try:
            return bool(self._log.page(position, 1))
        except UnreadableFact:
            return True

    def _goal(self, now: Mapping[str, Progress], wanted: Sequence[View]) -> int:
        """Where the views must stand that the wanted ones are read together with; without any, the end of the log."""
        names = {view.name for view in wanted}
        tied = {need for view in wanted for need in view.needs}
        tied |= {view.name for view in self._views if names.intersection(view.needs)}
        positions = [now[name].position for name in tied - names if name in now and now[name].healthy]
        return min(positions) if positions else self._log.head()


@contextlib.contextmanager
def building(url: str) -> Generator[Connection]:
    """A connection that has the schema `views_next` for itself. Raises ReadSideFault `views.busy`."""
    with psycopg.connect(url, autocommit=True) as connection:
        for_writing(connection)
        connection.execute("SET statement_timeout = 0")
        found = connection.execute("SELECT pg_try_advisory_lock(%s)", (BUILDING,)).fetchone()
        if not found or not found[0]:
            raise ReadSideFault("views.busy")
        try:
            yield connection
        finally:  # a busy server notices only later that a connection was closed
            with contextlib.suppress(psycopg.Error):
                connection.execute("SELECT pg_advisory_unlock(%s)", (BUILDING,))


def _tidy(connection: Connection, views: Sequence[View]) -> None:
    """So that the first readers after the swap find statistics, and need not look each row up."""
    for table in (table for view in views for table in view.tables):
        connection.execute(f"VACUUM (ANALYZE) {NEXT}.{table.name}".encode())
