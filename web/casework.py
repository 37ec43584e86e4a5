"""What the pages of cases, partners and local governments are given to work with; wired in web/main.py."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from application.accounts import Accounts
from application.auditing import ExploringLog
from application.auditing_figures import ReadingFigures
from application.auditing_looks import ReadingLooks
from application.bundles import TakingBundles
from application.calendar_feed import Event, KeepingCalendarFeed
from application.exporting import ExportingRegister, Sheet
from application.following import FollowingCases
from application.handing_over import HandingOver
from application.initiatives import AdvancingInitiatives
from application.partners import KeepingPartners
from application.ports import Views
from application.procedures import KeepingProcedures, Shelf
from application.proposing import ProposingInitiatives
from application.reading import Reading
from application.reference import LocalGovernments
from application.saved_views import KeepingSavedViews
from application.standing_in import StandingIn
from application.who_could_act import WhoCouldAct


@dataclass(frozen=True, kw_only=True)
class Casework:
    """Use cases and reads; each of them takes the person who asks."""

    reading: Reading
    proposing: ProposingInitiatives
    advancing: AdvancingInitiatives
    handing_over: HandingOver
    standing_in: StandingIn
    keeping_partners: KeepingPartners
    saved_views: KeepingSavedViews
    following: FollowingCases
    exporting: ExportingRegister
    file_writers: Mapping[str, Callable[[Sheet], Iterator[bytes]]]
    """By the ending of the file: `csv`, `xlsx`."""
    exploring: ExploringLog
    inquiries: KeepingSavedViews
    """Of the log."""
    reading_looks: ReadingLooks
    figures: ReadingFigures
    fact_writers: Mapping[str, Callable[[Sheet], Iterator[bytes]]]
    """Of the log's exports, by the ending of the file: `csv`, `xlsx`, `jsonl`, `parquet`."""
    bundles: TakingBundles
    local_governments: LocalGovernments
    accounts: Accounts
    """Only for the names of those who act."""
    views: Views
    who_could_act: WhoCouldAct
    procedures: Shelf
    keeping_procedures: KeepingProcedures
    calendar_feed: KeepingCalendarFeed
    calendar_writer: Callable[[Sequence[Event], str], bytes]
    """A file of RFC 5545, with the name of the calendar."""
