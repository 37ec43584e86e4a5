"""The readers of the present over the tables of a past day."""

from collections.abc import Generator
from contextlib import contextmanager

from adapters.office.followed import PostgresFollowedCases
from adapters.office.notices import PostgresNoticeLists
from adapters.readside.approvals import PostgresApprovals
from adapters.readside.calendar import PostgresCalendar
from adapters.readside.connection import Connection
from adapters.readside.followed import PostgresFollowers
from adapters.readside.local_government_file import PostgresLocalGovernmentFiles
from adapters.readside.looking_back import LookingBack, Place
from adapters.readside.partner_pages import PostgresPartnerFiles
from adapters.readside.register_page import PostgresRegister
from adapters.readside.reminders import PostgresSilent
from adapters.readside.timeline import PostgresTimeline
from adapters.readside.work_queue import PostgresWorkQueue
from application.access import Scope
from application.past import AsOf
from application.reference import LocalGovernments
from application.views.models import ReadModels


class PostgresPast:
    """Implements application.views.models.PastModels and application.procedures.PastFollowers."""

    def __init__(self, sessions: LookingBack, names: LocalGovernments) -> None:
        self._sessions = sessions
        self._names = names

    def at(self, as_of: AsOf, scope: Scope) -> ReadModels:
        listed, whole = self._sessions.places(as_of, scope.local_government)
        lists, everything = _Reads(self._sessions, listed), _Reads(self._sessions, whole)
        return ReadModels(
            register=PostgresRegister(lists, self._names, counts_kept=False),
            queue=PostgresWorkQueue(everything),
            silent=PostgresSilent(everything),
            approvals=PostgresApprovals(everything),
            timeline=PostgresTimeline(everything),
            partners=PostgresPartnerFiles(lists),
            local_governments=PostgresLocalGovernmentFiles(everything),
            calendar=PostgresCalendar(everything),
            followed=PostgresFollowedCases(everything),
            notices=PostgresNoticeLists(lists, as_of.until),
        )

    def followers_at(self, as_of: AsOf) -> PostgresFollowers:
        _, everything = self._sessions.places(as_of, None)
        return PostgresFollowers(_Reads(self._sessions, everything))

    def close(self) -> None:
        self._sessions.close()


class _Reads:
    """Implements adapters.readside.reads.Connections."""

    def __init__(self, sessions: LookingBack, place: Place) -> None:
        self._sessions = sessions
        self._place = place

    @contextmanager
    def connection(self) -> Generator[Connection]:
        """Also raises Preparing."""
        with self._sessions.connection(self._place) as connection:
            yield connection
