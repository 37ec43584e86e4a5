"""What answers for the log and for what is kept beside it: persons' data, the seal, the auditors' search."""

from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

from adapters.auditing.figures import PostgresFigures
from adapters.auditing.looks import PostgresLooks
from adapters.auditing.searching import PostgresFactSearch
from adapters.identity.kept_entries import PostgresKeptEntries
from adapters.office.saved_views import PostgresSavedViews
from adapters.sealing.auditing import Auditing
from adapters.sealing.bundle import Bundling
from adapters.sealing.faults import SealFault
from adapters.sealing.handing_out import HandingOut
from adapters.sealing.look import SealLook
from adapters.sealing.sealer import require_role
from adapters.sealing.sealing import Sealing
from adapters.vault.erased_list import FiledErasures
from adapters.vault.faults import ErasedListFault
from adapters.vault.postgres import PostgresPeopleFacts
from application.auditing import ExploringLog
from application.auditing_figures import ReadingFigures
from application.auditing_looks import Witness
from application.people import KeepingPeople
from application.people_reapplying import Reapplying
from web.wiring.machine import Machine


class Answering(Machine):
    """Parts are made when they are first asked for."""

    # --- persons whose data are kept

    @cached_property
    def erased(self) -> FiledErasures | None:
        """None where no data folder is set."""
        return FiledErasures(Path(self.settings.data_dir)) if self.settings.data_dir else None

    @cached_property
    def keeping_people(self) -> KeepingPeople:
        facts = PostgresPeopleFacts(self.pool, self.log.fact_mapper)
        drafts, filters = PostgresKeptEntries(self.pool), PostgresSavedViews(self.pool)
        return KeepingPeople(self.log, facts, self.vault, self.accounts, drafts, filters, self.erased, self.clock)

    @cached_property
    def reapplying(self) -> Reapplying | None:
        """None where no data folder is set."""
        return Reapplying(self.log, self.vault, self.erased, self.clock) if self.erased else None

    def erase_again(self) -> int:
        """How many entries of the vault had come back. Raises a Fault."""
        if self.reapplying is None:
            return 0
        try:
            return self.reapplying.reapply()
        except OSError as fault:
            reason = fault.strerror or str(fault)
            raise ErasedListFault("people.list-unreadable", file=str(fault.filename), reason=reason) from fault

    # --- the seal

    @cached_property
    def sealing(self) -> Sealing | None:
        """None where no data folder is set."""
        host = urlsplit(self.settings.base_url).hostname or ""
        return Sealing(Path(self.settings.data_dir), host, self.clock) if self.settings.data_dir else None

    @cached_property
    def seal(self) -> SealLook:
        return SealLook(self.pool, self.sealing, self.witnesses)

    @cached_property
    def auditing(self) -> Auditing:
        """Raises a Fault where no data folder is set, and where the login may not act as the sealer."""
        return Auditing(self._url, self.sealing, self.witnesses)

    @cached_property
    def bundling(self) -> Bundling:
        return Bundling(self._url, self.witnesses)

    @cached_property
    def handing_out(self) -> HandingOut:
        return HandingOut(self.bundling, self._url, self.witnesses, lambda: self.auditing)

    def seal_role_fault(self) -> SealFault | None:
        """Where this login may not act as the sealer."""
        try:
            require_role(self._url)
        except SealFault as fault:
            return fault
        return None

    @cached_property
    def exploring(self) -> ExploringLog:
        return ExploringLog(self.fact_search, self.witness)

    @cached_property
    def figures(self) -> ReadingFigures:
        return ReadingFigures(PostgresFigures(self.pool, self.fact_search), self.witness)

    @cached_property
    def fact_search(self) -> PostgresFactSearch:
        return PostgresFactSearch(self.pool, self.log)

    @cached_property
    def looks(self) -> PostgresLooks:
        return self._closed_later(PostgresLooks(self.pool))

    @cached_property
    def witness(self) -> Witness:
        return Witness(self.looks, self.clock)
