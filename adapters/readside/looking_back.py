"""The past as tables, so that every reader of the present reads it too.

Each place on the clocks that somebody looks at gets a session of the server with temporary tables: the views as they
stood there, written by the same projector. What is looked at again within some minutes is there already, and the server
forgets it with the session.

Where the log is short, the views are projected anew. Over a long log the register and the partners come from what was
kept of their past: of *known at* by their tables (see kept_past), of *valid at* by one that is filled behind the log
(see kept_days). Only what was recorded between that and the wanted position is projected. Everything else is projected
anew, and whoever asks meanwhile hears how far it is.
"""

import threading
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Final

import msgspec

from adapters.database.urls import runtime_url
from adapters.readside import schema
from adapters.readside.connection import Connection, for_reading, for_writing, uuids
from adapters.readside.kept_days import KeptDays
from adapters.readside.kept_past import Kept
from adapters.readside.page import CASES, PARTNERS, before_block, block_of
from adapters.readside.partner_file import KEPT as PARTNERS_KEPT
from adapters.readside.past_log import PastLog, cases_on, partners_on
from adapters.readside.past_session import TEMPORARY, PastSession
from adapters.readside.projecting import Projecting
from adapters.readside.rebuilding import Replay, Told
from adapters.readside.register import KEPT as REGISTER_KEPT
from adapters.readside.view import View
from application.past import AsOf
from application.ports import Archive, LogUnavailable, Recorded
from application.procedures import Shelf
from application.reference import LocalGovernments

SHORT: Final = 20_000
"""Facts that are projected anew while somebody waits."""
MOST_SESSIONS: Final = 6
MOST_FILLED: Final = 2
"""Sessions whose tables are written at once, so that the present goes on."""
IDLE_SECONDS: Final = 600.0
_LISTED: Final = frozenset({CASES, PARTNERS, "register"})
_PROGRESS: Final = "CREATE TABLE views.progress AS SELECT view, %s::bigint AS position FROM unnest(%s::text[]) AS view"
_SHOWN: Final = b"""SELECT min(position) FROM "views".progress WHERE view = ANY(%s) AND stopped_at IS NULL
    HAVING count(*) = 2"""
_IN_SCOPE: Final = 'SELECT case_id FROM "views".register WHERE homes @> ARRAY[%s::text]'
_HOLDING: Final = b"SELECT case_id FROM views.register WHERE partners && %s::uuid[]"


class Place(msgspec.Struct, frozen=True):
    """What the tables of a session show."""

    position: int
    valid_at: date | None
    home: str | None
    """Only cases that lie within the scope of this local government today; None for all."""
    listed: bool
    """Register and partners alone."""


class LookingBack:
    """Sessions of the past. `short` is for tests."""

    def __init__(
        self,
        url: str,
        log: Archive,
        names: LocalGovernments,
        procedures: Shelf,
        views: Sequence[View],
        days: KeptDays,
        short: int = SHORT,
    ) -> None:
        self._url = runtime_url(url, "pobratim-past")
        self._log = log
        self._names = names
        self._procedures = procedures
        self._views = views
        self._days = days
        self._short = short
        self._sessions: dict[Place, PastSession] = {}
        self._lock = threading.Lock()
        self._hands = threading.Semaphore(MOST_FILLED)

    def places(self, as_of: AsOf, home: str | None) -> tuple[Place, Place]:
        """Where register and partners are read, and where everything is: the same in a short log. Raises
        LogUnavailable."""
        position = self._log.position_at(as_of.known_at)
        everything = Place(position, as_of.valid_at, home, listed=False)
        return msgspec.structs.replace(everything, listed=position > self._short), everything

    @contextmanager
    def connection(self, place: Place) -> Generator[Connection]:
        """A connection for which `views.` are the tables of the place. Raises Preparing, LogUnavailable."""
        with self._session(place).reading() as connection:
            yield connection

    def close(self) -> None:
        with self._lock:
            for session in self._sessions.values():
                session.close()
            self._sessions.clear()

    def _session(self, place: Place) -> PastSession:
        with self._lock:
            self._tidy(place)
            if place not in self._sessions:
                if len(self._sessions) >= MOST_SESSIONS:
                    raise LogUnavailable("too many people look back at once")
                self._sessions[place] = PastSession(self._url, self._fill_for(place))
            return self._sessions[place]

    def _tidy(self, wanted: Place) -> None:
        """Close what failed or was not looked at for long, and the oldest where a new one needs its room."""
        now = time.monotonic()
        by_age = sorted(self._sessions, key=lambda place: self._sessions[place].used)
        room = MOST_SESSIONS - len(by_age) - (wanted not in self._sessions)
        for place in by_age:
            session = self._sessions[place]
            over = session.failed or now - session.used > IDLE_SECONDS or (room < 0 and place != wanted)
            if over and session.close():
                del self._sessions[place]
                room += 1

    # --- filling the tables

    def _fill_for(self, place: Place) -> Callable[[Connection, Told], None]:
        def fill(connection: Connection, told: Told) -> None:
            with self._hands:
                self._filled(connection, place, told)

        return fill

    def _filled(self, connection: Connection, place: Place, told: Told) -> None:
        connection.execute("SET statement_timeout = 0")
        connection.execute("SET temp_buffers = '64MB'")
        for_writing(connection)
        if not (place.listed and self._listed(connection, place)):
            self._projected(connection, place, told)
        if place.home is not None:
            self._narrow(connection, place)
        connection.execute(_PROGRESS, (place.position, [view.name for view in self._views]))
        for_reading(connection, lasting=True)
        connection.execute("RESET statement_timeout")

    def _projected(self, connection: Connection, place: Place, told: Told) -> None:
        """Every view, from the first fact on."""
        log = PastLog(self._log, place.position, place.valid_at)
        replay = Replay(connection, log, self._names, self._procedures, self._views, TEMPORARY)
        replay.up_to(place.position, told)
        if replay.stops:
            stop = replay.stops[0]
            raise LogUnavailable(f"{stop.view} cannot take the fact at position {stop.position}: {stop.error}")

    def _listed(self, connection: Connection, place: Place) -> bool:
        """Register and partners, from what was kept of them; False where that is too far away."""
        views = [view for view in self._views if view.name in _LISTED]
        return (
            self._by_blocks(connection, place, views)
            if place.valid_at is None
            else self._by_days(connection, place, place.valid_at, views)
        )

    def _by_blocks(self, connection: Connection, place: Place, views: Sequence[View]) -> bool:
        with connection.transaction():
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            for_reading(connection)
            found = connection.execute(_SHOWN, ([PARTNERS, "register"],)).fetchone()
            block = block_of(min(int(found[0]), place.position) + 1) if found else 0
            if not found or block < block_of(place.position):
                return False
            schema.create(connection, TEMPORARY, views)
            for kept in (PARTNERS_KEPT, REGISTER_KEPT):
                _copy(connection, kept, block)
        self._over(connection, views, self._touched(connection, before_block(block), place.position))
        return True

    def _by_days(self, connection: Connection, place: Place, day: date, views: Sequence[View]) -> bool:
        with connection.transaction():
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            for_reading(connection)
            reached = self._days.reached(connection)
            if reached is None:
                return False
            first, last = sorted((reached, place.position))
            changed = self._days.changed(connection, first, last, SHORT)
            if changed is None:
                return False
            schema.create(connection, TEMPORARY, views)
            self._days.copy(connection, day, changed)
        partners = [view for view in views if view.name == PARTNERS]
        self._over(connection, partners, partners_on(self._log, place.position, day))
        self._over(connection, views, cases_on(self._log, place.position, day, changed))
        return True

    def _over(self, connection: Connection, views: Sequence[View], facts: Sequence[Recorded]) -> None:
        """Project whole histories over what is there."""
        if facts:
            with connection.transaction():
                projecting = Projecting(connection, TEMPORARY, self._names, self._procedures, gathers=True)
                projecting.apply(views, 0, facts, lambda: ())

    def _touched(self, connection: Connection, after: int, until: int) -> Sequence[Recorded]:
        """The whole histories of what changed since the beginning of the block, and of cases that show it."""
        streams = dict.fromkeys(fact.stream for fact in self._log.page(after, until - after) if fact.position <= until)
        holding = connection.execute(_HOLDING, (uuids(streams),)).fetchall() if streams else []
        streams |= dict.fromkeys(case for (case,) in holding)
        return self._log.read_several(list(streams), until)

    def _narrow(self, connection: Connection, place: Place) -> None:
        """Leave the cases that lie within the scope today: whoever may not see a case may not see its past."""
        for view in self._views:
            for table in view.tables:
                if "case_id" in table.columns and (not place.listed or view.name in _LISTED):
                    connection.execute(
                        f"DELETE FROM views.{table.name} WHERE case_id NOT IN ({_IN_SCOPE})".encode(),  # noqa: S608
                        (place.home,),
                    )


def _copy(connection: Connection, kept: Kept, block: int) -> None:
    names = ", ".join(kept.table.columns)
    connection.execute(f"INSERT INTO views.{kept.table.name} ({names}) {kept.as_of(block)}".encode())
