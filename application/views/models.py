"""Everything that can be read of one place on the clocks: of the present, or of a past day."""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from application.access import Scope
from application.notices import NoticeLists
from application.past import AsOf
from application.views.calendar import Calendar
from application.views.desk import AwaitedApprovals, Silent, Timeline, WorkQueue
from application.views.followed import FollowedCases
from application.views.partners import LocalGovernmentFiles, PartnerFiles
from application.views.register import Register


@dataclass(frozen=True, kw_only=True)
class ReadModels:
    """In the past, each of their methods also raises Preparing."""

    register: Register
    queue: WorkQueue
    silent: Silent
    approvals: AwaitedApprovals
    timeline: Timeline
    partners: PartnerFiles
    local_governments: LocalGovernmentFiles
    calendar: Calendar
    followed: FollowedCases
    notices: NoticeLists


@runtime_checkable
class PastModels(Protocol):
    def at(self, as_of: AsOf, scope: Scope) -> ReadModels:
        """As they stood then, as far as their cases lie within the scope today."""
        ...
