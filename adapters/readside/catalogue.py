"""Every view, sources before what is made from them.

A swap takes its locks in this order; a statement that reads several tables names them in this order too, and no
transaction of a reader holds one while it waits for another.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import ClassVar

from adapters.fault import Fault
from adapters.readside.case_file import CaseFileView
from adapters.readside.dated_days import DatedDaysView
from adapters.readside.local_government_file import LocalGovernmentFileView
from adapters.readside.partner_file import PartnerFileView
from adapters.readside.register import RegisterView
from adapters.readside.reminders import RemindersView
from adapters.readside.timeline import TimelineView
from adapters.readside.view import CONTEXTS, View
from adapters.readside.work_queue import WorkQueueView
from application.reference import LocalGovernments


class ReadSideFault(Fault):
    messages: ClassVar[Mapping[str, str]] = {
        "views.unknown": "There is no view named {name}; the views are {known}.",
        "views.busy": "Another rebuilding or verifying of views is under way. Wait for it to end and try again.",
        "views.stopped": "The view {name} cannot take the fact at position {position}: {error}",
        "views.not-there": "The view {name} has never been made. Start `pobratim serve` or `pobratim worker` once.",
    }


def catalogue(names: LocalGovernments) -> Sequence[View]:
    return (
        CaseFileView(),
        PartnerFileView(),
        RegisterView(names),
        TimelineView(),
        WorkQueueView(),
        RemindersView(),
        LocalGovernmentFileView(),
        DatedDaysView(),
    )


def chosen(views: Sequence[View], names: Collection[str]) -> list[View]:
    """The views named, all where none is named. Raises ReadSideFault `views.unknown`."""
    known = {view.name for view in views}
    for name in names:
        if name not in known:
            raise ReadSideFault("views.unknown", name=name, known=", ".join(sorted(known)))
    return [view for view in views if not names or view.name in names]


def concerned(views: Sequence[View], topic: str) -> set[str]:
    """Names of the views, among all of them, that a fact of the topic may change, as far as its name tells."""
    context = topic.partition(".")[0]
    direct = {view.name for view in views if context in view.reads or context not in CONTEXTS}
    return direct | {view.name for view in views if direct.intersection(view.needs)}


def with_sources(views: Sequence[View], wanted: Sequence[View]) -> list[View]:
    """The wanted views and those that they are made from."""
    names = {view.name for view in wanted} | {need for view in wanted for need in view.needs}
    return [view for view in views if view.name in names]
