"""The notices of the person who asks: a list, and marking them as read."""

from typing import Any, Final

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from application.access import Person
from web.casework import Casework
from web.desk.pages import asked_page
from web.forms import Form
from web.initiatives.listing import pager_pages
from web.initiatives.opening import names_for
from web.notices.lines import line_of
from web.pages import page, see_other
from web.parts import Parts
from web.session import PageRequest

PATH: Final = "/notices"
PAGE: Final = 40
_LARGEST: Final = 2**63 - 1


class NoticePages(Controller):
    path = PATH

    @get(past=True, sync_to_thread=True)
    def show(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        asked: NamedDependency[Form],
        work: NamedDependency[Casework],
    ) -> Response[Any]:
        number = asked_page(asked)
        found = work.reading.notices(person, PAGE, (number - 1) * PAGE)
        pages = max(1, -(-found.total // PAGE))
        if number > pages:
            number = pages
            found = work.reading.notices(person, PAGE, (number - 1) * PAGE)
        names = names_for(request, work)
        return page(
            request,
            "notices/notices.html",
            lines=[line_of(notice, names) for notice in found.rows],
            total=found.total,
            number=number,
            pages=pager_pages(number, pages, lambda n: f"{PATH}?page={n}"),
            last=pages,
        )

    @post("/read", status_code=303, sync_to_thread=True)
    def mark_all(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        form: NamedDependency[Form],
        parts: NamedDependency[Parts],
    ) -> Response[Any]:
        """Up to the newest one that the page showed."""
        typed = form.value("until")
        if typed.isascii() and typed.isdigit() and len(typed) < len(str(_LARGEST)):
            parts.notices.mark_all(person, int(typed))
        return see_other(request, PATH)

    @post("/{notice:int}/read", status_code=303, sync_to_thread=True)
    def mark(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        parts: NamedDependency[Parts],
        notice: FromPath[int],
    ) -> Response[Any]:
        if 0 < notice <= _LARGEST:
            parts.notices.mark(person, notice)
        return see_other(request, PATH)
