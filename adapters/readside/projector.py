"""The projector: brings the views after the log, in one process at a time."""

import logging
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest
from typing import Final

import psycopg

from adapters.database.urls import lead_url
from adapters.readside import progress
from adapters.readside.catalogue import concerned
from adapters.readside.connection import Connection, for_leading, for_writing, transient
from adapters.readside.pages import Pages
from adapters.readside.progress import Progress
from adapters.readside.projecting import Projecting, Stop
from adapters.readside.reached import NOWHERE, Reached
from adapters.readside.rebuilding import Rebuilding
from adapters.readside.settling import settle
from adapters.readside.table import LIVE
from adapters.readside.view import View
from application.ports import Log, LogUnavailable, Recorded, UnreadableFact
from application.procedures import Shelf
from application.reference import LocalGovernments

LEAD: Final = 7_631_400_011  # advisory lock: whoever holds it is the one live projector
CHANNEL: Final = "pobratim_log"
POLL_SECONDS: Final = 1.0
LEAD_SECONDS: Final = 0.5
"""How often a process asks for the lead, so that it takes over within two seconds of another one's death."""
STOP_SECONDS: Final = 0.2
GIVE_WAY_SECONDS: Final = 2.0
"""How long a process that cannot decode a fact stays away from the lead, so that a newer one may take it."""
OFFER_SECONDS: Final = 60.0
"""How often it does so again while views stand still for that reason."""
EVERYTHING: Final = 2**63 - 1
"""Where no view goes on, or none has stopped, nothing needs to be waited for."""
_LOGGER = logging.getLogger("pobratim.views")


class Projector:
    """`start` and `stop`, from the composition root; `stop` leaves nothing half done."""

    def __init__(
        self,
        url: str,
        log: Log,
        names: LocalGovernments,
        procedures: Shelf,
        views: Sequence[View],
        rebuilding: Rebuilding,
        reached: Reached,
    ) -> None:
        self._url = lead_url(url, "pobratim-projector")
        self._log = log
        self._names = names
        self._procedures = procedures
        self._views = views
        self._rebuilding = rebuilding
        self._reached = reached
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self.run, name="projector", daemon=True)
        self._offered: set[int] = set()
        self.leads = False

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(timeout=10)

    def run(self) -> None:
        """Until `stop`: wait for the lead, then project; after a lost connection begin anew."""
        while not self._stopping.is_set():
            pause = LEAD_SECONDS
            try:
                with psycopg.connect(self._url, autocommit=True) as connection:
                    for_writing(connection)
                    for_leading(connection)
                    if self._take_the_lead(connection):
                        self.leads = True
                        self._lead(connection)
            except _GivesWay as offer:
                _LOGGER.warning("the lead is free for a newer version: %s", offer)
                pause = GIVE_WAY_SECONDS
            except Exception as fault:
                if transient(fault) or isinstance(fault, LogUnavailable):
                    _LOGGER.warning("the projector begins anew: %s", " ".join(str(fault).split()))
                else:
                    _LOGGER.exception("the projector begins anew")
            finally:
                self.leads = False
                self._reached.tell(NOWHERE, NOWHERE)
            self._stopping.wait(pause)

    def _take_the_lead(self, connection: Connection) -> bool:
        while not self._stopping.is_set():
            found = connection.execute("SELECT pg_try_advisory_lock(%s)", (LEAD,)).fetchone()
            if found and found[0]:
                return True
            self._stopping.wait(LEAD_SECONDS)
        return False

    def _lead(self, connection: Connection) -> None:
        settled = settle(connection, self._views, self._log)
        if settled.astray:
            threading.Thread(target=self._rebuild, args=(settled.astray,), name="rebuilding", daemon=True).start()
        connection.execute(f"LISTEN {CHANNEL}".encode())
        run = _Run(connection, self._log, self._names, self._procedures, self._views, self._reached, self._offered)
        run.unreadable = settled.unreadable
        offered = time.monotonic() + OFFER_SECONDS
        while not self._stopping.is_set():
            if not run.cycle():
                self._wait(connection)
            if run.unreadable and time.monotonic() > offered:
                raise _GivesWay("views stand before a fact that cannot be decoded here")

    def _rebuild(self, names: Sequence[str]) -> None:
        try:
            self._rebuilding.rebuild(names)
        except Exception:
            _LOGGER.exception("views stay behind: %s", ", ".join(names))

    def _wait(self, connection: Connection) -> None:
        """Until the log says that it has grown, for a second at most."""
        deadline = time.monotonic() + POLL_SECONDS
        while not self._stopping.is_set() and time.monotonic() < deadline:
            if any(True for _ in connection.notifies(timeout=STOP_SECONDS, stop_after=1)):
                return


class _GivesWay(Exception):
    """Somebody else may do better."""


class _Run:
    """One term of the lead. `offered` holds facts for whose sake this process has given way before."""

    def __init__(
        self,
        connection: Connection,
        log: Log,
        names: LocalGovernments,
        procedures: Shelf,
        views: Sequence[View],
        reached: Reached,
        offered: set[int],
    ) -> None:
        self.unreadable = False
        """Some view stands before a fact that cannot be decoded here."""
        self._offered = offered
        self._stops = 0
        self._connection = connection
        self._log = log
        self._views = views
        self._reached = reached
        self._projecting = Projecting(connection, LIVE, names, procedures)
        self._pages = Pages(log)

    def cycle(self) -> bool:
        """A page for every group of views that stand together; False when there was nothing to do."""
        now = progress.read(self._connection)
        groups, stops = _groups(self._views, now), self._stops
        reached = [self._page(*group) for group in groups]
        if self._stops > stops:
            return True
        stopped = (found.position for found in now.values() if not found.healthy)
        self._reached.tell(min(reached, default=EVERYTHING), min(stopped, default=EVERYTHING))
        return any(after != position for (after, *_), position in zip(groups, reached, strict=True))

    def _page(self, after: int, views: Sequence[View], until: int | None) -> int:
        """Where the views stand afterwards."""
        try:
            facts = self._pages.after(after)
        except UnreadableFact as fault:
            if not fault.before and (until is None or fault.position <= until):
                return self._pass_by(after, views, fault)
            facts = fault.before
        if until is not None:
            facts = [fact for fact in facts if fact.position <= until]
        if not facts:
            return after
        try:
            with self._connection.transaction():
                if not self._held(after, views):
                    return after
                self._projecting.apply(views, after, facts, lambda: self._pages.ahead(facts))
                progress.move(self._connection, _names(views), facts[-1].position)
        except Exception as fault:
            if transient(fault):
                raise
            self._carefully(after, views, facts)
        return facts[-1].position

    def _carefully(self, after: int, views: Sequence[View], facts: Sequence[Recorded]) -> None:
        """Stop the views that cannot take the page before the fact that they cannot take; bring the others on."""
        with self._connection.transaction():
            if not self._held(after, views):
                return
            stops = self._projecting.apply_carefully(views, after, facts)
            stopped = {stop.view for stop in stops}
            progress.move(self._connection, _names(views) - stopped, facts[-1].position)
            for stop in stops:
                last = max((fact.position for fact in facts if fact.position < stop.position), default=after)
                progress.move(self._connection, [stop.view], last)
            self._stop(stops)

    def _pass_by(self, after: int, views: Sequence[View], fault: UnreadableFact) -> int:
        """Stop the views that the fact may concern before it, and take the others behind it."""
        stopped = concerned(self._views, fault.topic) & _names(views)
        if stopped and fault.position not in self._offered:
            self._offered.add(fault.position)
            raise _GivesWay(fault)
        self.unreadable = True
        with self._connection.transaction():
            if not self._held(after, views):
                return after
            progress.move(self._connection, _names(views) - stopped, fault.position)
            self._stop([Stop.of(name, fault.position, fault) for name in sorted(stopped)])
        return fault.position

    def _stop(self, stops: Sequence[Stop]) -> None:
        progress.stop(self._connection, stops)
        self._stops += len(stops)
        for stop in stops:
            _LOGGER.error("view %s stopped before position %s: %s", stop.view, stop.position, stop.error)

    def _held(self, after: int, views: Sequence[View]) -> bool:
        """Hold the views; False where a rebuild has moved one of them since."""
        now = progress.read(self._connection, hold=True)
        return all(now[view.name].position == after and now[view.name].healthy for view in views)


def _names(views: Iterable[View]) -> set[str]:
    return {view.name for view in views}


def _groups(views: Sequence[View], now: Mapping[str, Progress]) -> list[tuple[int, list[View], int | None]]:
    """Healthy views by position, each group with the position of the next one, where it joins it."""
    healthy = [view for view in views if now[view.name].healthy]
    positions = sorted({now[view.name].position for view in healthy})
    return [
        (position, [view for view in healthy if now[view.name].position == position], joins)
        for position, joins in zip_longest(positions, positions[1:])
    ]
