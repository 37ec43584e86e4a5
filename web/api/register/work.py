"""`GET /api/v1/queue`, `/api/v1/tasks` and `/api/v1/calendar`: what the owner of the token has to do."""

from datetime import date, timedelta
from typing import Annotated, Final, Literal

from litestar import Response, get
from litestar.di import NamedDependency
from msgspec import Meta

from application.access import Forbidden
from application.calendar import leads
from application.reading import NotFound
from application.rights import may
from domain.kernel import Refusal, Refused
from web.api.http.answering import answered, as_of
from web.api.http.asking import AsOfAsked, PastPagesAsked, asked_as, cursor, granted, skipped
from web.api.http.describing import READS, Operation
from web.api.register import examples
from web.api.register.shapes import CalendarDay, CalendarShown, DatedCase, MyTask, QueueShown, TaskList
from web.api.register.telling import Telling
from web.casework import Casework
from web.desk.desk import Desk
from web.desk.pages import has_on_the_desk
from web.forms import Form
from web.initiatives.opening import names_for
from web.session import PageRequest

MOST_DAYS: Final = 366
MOST_A_DAY: Final = 100
Group = Literal[
    "late",
    "today",
    "week",
    "later",
    "waiting",
    "unassigned",
    "escalated",
    "confirm",
    "dormant",
    "approvals",
    "team",
]


class QueueAsked(PastPagesAsked, frozen=True, kw_only=True):
    group: Annotated[Group, Meta(description="As the desk of the owner has them.")]


class TasksAsked(PastPagesAsked, frozen=True, kw_only=True):
    """The open tasks of the owner, those with a day first."""


class CalendarAsked(AsOfAsked, frozen=True, kw_only=True):
    first: Annotated[date, Meta(description="The first day.")]
    days: Annotated[int, Meta(ge=1, le=MOST_DAYS, description="How many days from then on.")] = 31
    whose: Annotated[
        Literal["mine", "all"], Meta(description="For a coordinator: the cases that they lead, or all.")
    ] = "all"


@get(
    "/api/v1/queue",
    past=True,
    sync_to_thread=True,
    api=Operation(
        id="listQueue",
        tag="Work",
        summary="The cases of one group of the owner's desk.",
        asked=QueueAsked,
        answer=QueueShown,
        example=examples.QUEUE,
        problems=(404,),
    ),
)
def queue(request: PageRequest, asked: NamedDependency[Form], work: NamedDependency[Casework]) -> Response[bytes]:
    """404 for a group that the owner's desk has not. A cursor counts rows: what is done meanwhile is gone."""
    person = granted(request, READS)
    wanted = asked_as(asked, QueueAsked)
    if not has_on_the_desk(person, wanted.group):
        raise NotFound(wanted.group)
    skip = skipped(wanted.cursor, wanted)
    found = Desk(person, work, names_for(request, work)).queue(wanted.group, skip, wanted.limit)
    end = skip + len(found.rows)
    then = cursor((end,), wanted) if found.rows and end < found.total else None
    rows = Telling(person, work).summaries(found.rows)
    body = QueueShown(initiatives=rows, total=found.total, next=then, as_of=as_of(request))
    return answered(request, body, next_page=then)


@get(
    "/api/v1/tasks",
    past=True,
    sync_to_thread=True,
    api=Operation(
        id="listTasks",
        tag="Work",
        summary="What the owner is to do beside the road of cases.",
        asked=TasksAsked,
        answer=TaskList,
        example=examples.TASKS,
    ),
)
def tasks(request: PageRequest, asked: NamedDependency[Form], work: NamedDependency[Casework]) -> Response[bytes]:
    person = granted(request, READS)
    wanted = asked_as(asked, TasksAsked)
    if not may(person, "finish-task"):
        raise Forbidden("access.deed-not-yours")
    skip = skipped(wanted.cursor, wanted)
    found, texts = work.reading.tasks(person, wanted.limit, skip)
    end = skip + len(found.rows)
    then = cursor((end,), wanted) if found.rows and end < found.total else None
    shown = tuple(
        MyTask(id=row.task, what=texts.get(row.what), due=row.due, number=row.case.number, stage=row.case.stage)
        for row in found.rows
    )
    return answered(request, TaskList(shown, found.total, then, as_of(request)), next_page=then)


@get(
    "/api/v1/calendar",
    past=True,
    sync_to_thread=True,
    api=Operation(
        id="getCalendar",
        tag="Work",
        summary="Deadlines, ends of agreements and visits by day.",
        asked=CalendarAsked,
        answer=CalendarShown,
        example=examples.CALENDAR,
    ),
)
def calendar(request: PageRequest, asked: NamedDependency[Form], work: NamedDependency[Casework]) -> Response[bytes]:
    """A day shows a hundred cases at most; `total` counts all of them."""
    person = granted(request, READS)
    wanted = asked_as(asked, CalendarAsked)
    try:
        before = wanted.first + timedelta(days=wanted.days)
    except OverflowError:
        raise Refused(Refusal("date.impossible", {"day": wanted.first.isoformat()}, "first")) from None
    mine = wanted.whose == "mine" and leads(person) is not None
    found = work.reading.days(person, wanted.first, before, mine=mine, most_a_day=MOST_A_DAY)
    days = tuple(
        CalendarDay(
            day.day, day.total, tuple(DatedCase(one.sort.value, one.row.number, one.row.stage) for one in day.shown)
        )
        for day in found
    )
    return answered(request, CalendarShown(days, as_of(request)))
