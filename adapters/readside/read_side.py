"""The read side as the composition root takes it: one object that knows how its parts fit together."""

import time
from typing import Final

from adapters.database.pool import Pool
from adapters.office.followed import PostgresFollowedCases
from adapters.office.notices import PostgresNoticeLists
from adapters.readside.approvals import PostgresApprovals
from adapters.readside.calendar import PostgresCalendar
from adapters.readside.case_file import PostgresCaseFiles
from adapters.readside.catalogue import catalogue
from adapters.readside.followed import PostgresFollowers
from adapters.readside.health import Glance, Health, health
from adapters.readside.kept_days import KeptDays
from adapters.readside.local_government_file import PostgresLocalGovernmentFiles
from adapters.readside.looking_back import LookingBack
from adapters.readside.partner_pages import PostgresPartnerFiles
from adapters.readside.past import PastCases
from adapters.readside.past_models import PostgresPast
from adapters.readside.projector import EVERYTHING, Projector
from adapters.readside.reached import NOWHERE, Reached
from adapters.readside.reads import Reads
from adapters.readside.rebuilding import Rebuilding
from adapters.readside.register_page import PostgresRegister
from adapters.readside.reminders import PostgresSilent
from adapters.readside.timeline import PostgresTimeline
from adapters.readside.verifying import Verifying
from adapters.readside.work_queue import PostgresWorkQueue
from application.ports import Archive
from application.procedures import Shelf
from application.reference import LocalGovernments
from application.views.models import ReadModels

ASK_SECONDS: Final = 0.005
"""How often another process's projector is asked how far it has come."""
_REACHED: Final = b"""
    SELECT coalesce(min(position) FILTER (WHERE stopped_at IS NULL), %(everything)s),
           coalesce(min(position) FILTER (WHERE stopped_at IS NOT NULL), %(everything)s)
    FROM views.progress HAVING count(*) > 0
"""


class ReadSide:
    """Everything that reads from views, and what keeps them. `pool` is an autocommit pool as the runtime role.

    Nothing runs until `projector.start()`; a process without it reads what another one projects.
    """

    def __init__(self, url: str, pool: Pool, log: Archive, names: LocalGovernments, procedures: Shelf) -> None:
        views = catalogue(names)
        reads = Reads(pool)
        reached = Reached()
        self.rebuilding = Rebuilding(url, log, names, procedures, views)
        self.verifying = Verifying(url, log, names, procedures, views)
        self.projector = Projector(url, log, names, procedures, views, self.rebuilding, reached)
        self.views = PostgresViews(reads, reached)
        self.register = PostgresRegister(reads, names)
        self.followers = PostgresFollowers(reads)
        self.work_queue = PostgresWorkQueue(reads)
        self.approvals = PostgresApprovals(reads)
        self.silent = PostgresSilent(reads)
        self.timeline = PostgresTimeline(reads)
        self.calendar = PostgresCalendar(reads)
        self.case_files = PostgresCaseFiles(reads, procedures)
        self.past_case_files = PastCases(log, procedures)
        self.partner_files = PostgresPartnerFiles(reads)
        self.local_government_files = PostgresLocalGovernmentFiles(reads)
        self.kept_days = KeptDays(log, names, procedures)
        self.past = PostgresPast(LookingBack(url, log, names, procedures, views, self.kept_days), names)
        self.glance = Glance(reads)
        self._reads = reads

    @property
    def models(self) -> ReadModels:
        """Of the present."""
        return ReadModels(
            register=self.register,
            queue=self.work_queue,
            silent=self.silent,
            approvals=self.approvals,
            timeline=self.timeline,
            partners=self.partner_files,
            local_governments=self.local_government_files,
            calendar=self.calendar,
            followed=PostgresFollowedCases(self._reads),
            notices=PostgresNoticeLists(self._reads),
        )

    def health(self) -> Health:
        """See adapters.readside.health."""
        return health(self._reads)


class PostgresViews:
    """Implements application.ports.Views."""

    def __init__(self, pool: Reads, reached: Reached) -> None:
        self._pool = pool
        self._reached = reached

    def caught_up(self, position: int, timeout: float = 2.0) -> bool:
        deadline = time.monotonic() + timeout
        while (told := self._reached.wait(position, ASK_SECONDS)) is None:
            if (told := self._asked(position)) is not None:
                break
            if time.monotonic() > deadline:
                return False
        return told

    def _asked(self, position: int) -> bool | None:
        """As Reached.wait."""
        with self._pool.connection() as connection:
            found = connection.execute(_REACHED, {"everything": EVERYTHING}, prepare=True).fetchone()
        healthy, stopped = found or (NOWHERE, NOWHERE)
        return stopped >= position if healthy >= position else None
