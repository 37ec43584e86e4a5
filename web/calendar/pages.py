"""The calendar as a sheet of a month, as a list, and one day by itself; and the file of one deadline."""

from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from application.access import Person
from application.calendar import leads
from application.calendar_feed import Item
from application.reading import NotFound
from domain.dates import NotADate, earliest, partial_date
from web.calendar.lines import deed_awaited, event, lines_of, summary, told
from web.calendar.months import Month, month_of, sheet
from web.casework import Casework
from web.forms import Form
from web.initiatives.opening import names_for, open_case
from web.pages import page
from web.parts import Parts
from web.session import PageRequest

IN_A_CELL: Final = 3
IN_A_LIST: Final = 25
ON_A_DAY: Final = 300
ICS: Final = "text/calendar"


class CalendarPages(Controller):
    path = "/"

    @get("/calendar", past=True, sync_to_thread=True)
    def show(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        asked: NamedDependency[Form],
        work: NamedDependency[Casework],
    ) -> Response[Any]:
        """`?month=2026-03`, `?day=2026-03-17`, `?view=list`, `?whose=all`; anything else is as if it were not there."""
        today = work.reading.today()
        day = _day(asked.value("day"))
        month = Month(day.replace(day=1)) if day else month_of(asked.value("month"), today)
        leader, listed = leads(person) is not None, asked.value("view") == "list"
        mine = leader and asked.value("whose") != "all"
        first, before = (day, date.fromordinal(day.toordinal() + 1)) if day else (month.first, month.before)
        most = ON_A_DAY if day else IN_A_LIST if listed else IN_A_CELL
        found = work.reading.days(person, first, before, mine=mine, most_a_day=most)
        names = names_for(request, work)
        days = [lines_of(one, names, today) for one in found]

        def href(month: Month = month, *, listed: bool = listed, mine: bool = mine, day: str = "") -> str:
            asked = {
                "day": day,
                "month": "" if day else month.code,
                "view": "list" if listed and not day else "",
                "whose": "all" if leader and not mine else "",
            }
            query = urlencode({name: value for name, value in asked.items() if value})
            return f"/calendar?{query}" if query else "/calendar"

        return page(
            request,
            "calendar/calendar.html",
            day=day,
            month=month,
            this_month=month_of("", today),
            listed=listed,
            days=days,
            weeks=[] if listed or day else sheet(month, days),
            weekdays=[names.spoken.weekdays[n] for n in range(7)],
            leader=leader,
            mine=mine,
            href=href,
        )

    @get("/initiatives/{number:str}/deadline.ics", sync_to_thread=True)
    def deadline(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        work: NamedDependency[Casework],
        parts: NamedDependency[Parts],
        number: FromPath[str],
    ) -> Response[bytes]:
        """For a calendar program. Its sequence is the version of the case, which rises with every change of the day."""
        case = open_case(request, person, work, number)
        file, state = case.file, case.file.state
        if file.step is None or file.due is None:
            raise NotFound(number)
        item = Item(
            case=file.case,
            step=file.step.deed,
            number=state.number,
            day=file.due,
            sequence=state.version,
            changed_at=file.updated,
        )
        said = summary(deed_awaited(file.step.deed, case.names), case.pair)
        made = event(item, said, parts.settings.base_url.rstrip("/"), told(state.number, case.names))
        return Response(
            work.calendar_writer([made], ""),
            media_type=ICS,
            headers={"content-disposition": f'attachment; filename="{state.number}.ics"'},
        )


def _day(typed: str) -> date | None:
    """A whole day of the calendar's years, if it is one."""
    try:
        return earliest(partial_date(typed)) if len(typed) == len("2026-03-01") else None
    except NotADate:
        return None
