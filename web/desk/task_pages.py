"""All the tasks of one person, page by page."""

from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency

from application.access import Person
from application.reading import NotFound
from web.casework import Casework
from web.desk.pages import ON_A_DESK, PAGE, PAST, asked_page
from web.desk.tasks import my_tasks
from web.forms import Form
from web.initiatives.listing import pager_pages
from web.initiatives.opening import names_for
from web.pages import page
from web.session import PageRequest


@get("/desk/tasks", past=True, past_note=PAST, sync_to_thread=True)
def show_tasks(
    request: PageRequest, person: NamedDependency[Person], work: NamedDependency[Casework], asked: NamedDependency[Form]
) -> Response[Any]:
    if person.role not in ON_A_DESK:
        raise NotFound("tasks")
    names, number = names_for(request, work), asked_page(asked)
    shown = my_tasks(person, work, names, number, PAGE)
    pages = max(1, -(-shown.total // PAGE))
    if number > pages:
        shown, number = my_tasks(person, work, names, pages, PAGE), pages
    return page(
        request,
        "desk/tasks.html",
        tasks=shown,
        number=number,
        pages=pager_pages(number, pages, lambda n: f"/desk/tasks?page={n}"),
        last=pages,
    )
