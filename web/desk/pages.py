"""The first page after signing in, for each role; and taking over a case that nobody leads."""

from typing import Any, Final

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from application.access import Person, Role
from application.handling import Request
from application.reading import NotFound
from domain.dates import partial_date
from domain.initiatives.decisions.anytime import NameHandler
from domain.initiatives.decisions.coordinating import Coordinate
from domain.initiatives.terms import Stage
from domain.kernel import Command
from web.casework import Casework
from web.desk.desk import DUE, GROUPS, NOTHING, OF_THE_OFFICE, ORPHANS, Desk
from web.desk.tasks import due_tasks, my_tasks
from web.forms import Form
from web.initiatives.acting_for import acting_for
from web.initiatives.listing import pager_pages
from web.initiatives.opening import names_for, open_case
from web.initiatives.reading import seen_version
from web.language.catalogues import marked as N_  # noqa: N812 - the name by which gettext's tools know it
from web.menu import home_of
from web.pages import page, see_other
from web.session import PageRequest, language_of

PAGE: Final = 40
PAST: Final = N_("Who stood in for whom is as it is known today.")
"""For the band: absences are no facts of the log."""
ON_A_DESK: Final = frozenset({Role.COORDINATOR, Role.APPROVER, Role.OFFICER})
"""Who has work of their own on a desk."""
_LONGEST_PAGE: Final = 8
_LONGEST_POSITION: Final = 18


class DeskPages(Controller):
    path = "/"

    @get(past=True, past_note=PAST, sync_to_thread=True)
    def show(
        self, request: PageRequest, person: NamedDependency[Person], work: NamedDependency[Casework]
    ) -> Response[Any]:
        if (home := home_of(person)) != self.path:
            return Redirect(home, status_code=303)
        names = names_for(request, work)
        desk = Desk(person, work, names)
        if person.role is Role.AUDITOR:
            return page(request, "desk/auditor.html", news=desk.newest())
        groups = desk.groups([*DUE, "waiting", *(["unassigned", ORPHANS] if _leads(person) else [])])
        news, changed = desk.news()
        differing = desk.differing()
        tasks = my_tasks(person, work, names, some_differ=bool(differing.total))
        return page(
            request,
            "desk/desk.html",
            answer=desk.answer(groups, due_tasks(person, work, tasks, work.reading.today())),
            stands_in=[acting_for(absent, desk.names) for absent in desk.absent],
            groups=[groups[code] for code in DUE],
            beside=desk.beside(),
            tasks=tasks,
            approvals=desk.group("approvals") if person.role is Role.APPROVER else None,
            waiting=groups["waiting"],
            unassigned=groups.get("unassigned"),
            differing=differing,
            news=news,
            changed=changed,
            handlers=desk.late_by_handler() if person.role is Role.APPROVER else [],
            may_take_over=_may_take_over(person, work),
        )

    @get("/desk/changed", past=True, sync_to_thread=True)
    def show_changes(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        work: NamedDependency[Casework],
        asked: NamedDependency[Form],
    ) -> Response[Any]:
        """What was recorded, newest first; `?before=` goes on where the page before ended."""
        typed = asked.value("before")
        before = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < _LONGEST_POSITION else None
        news, older = Desk(person, work, names_for(request, work)).changed(before, PAGE)
        return page(request, "desk/changed.html", news=news, older=older)

    @get("/desk/{group:str}", past=True, past_note=PAST, sync_to_thread=True)
    def show_group(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        work: NamedDependency[Casework],
        asked: NamedDependency[Form],
        group: FromPath[str],
    ) -> Response[Any]:
        """All that stands in one group of the desk, page by page."""
        if not has_on_the_desk(person, group):
            raise NotFound(group)
        desk = Desk(person, work, names_for(request, work))
        number = asked_page(asked)
        shown = desk.group(group, number, PAGE)
        pages = max(1, -(-shown.total // PAGE))
        if number > pages:
            shown, number = desk.group(group, pages, PAGE), pages
        return page(
            request,
            "desk/group.html",
            group=shown,
            nothing=NOTHING[group],
            number=number,
            pages=pager_pages(number, pages, lambda n: f"/desk/{group}?page={n}"),
            last=pages,
            may_take_over=_may_take_over(person, work),
        )

    @post("/desk/take-over/{number:str}", status_code=303, sync_to_thread=True)
    def take_over(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        form: NamedDependency[Form],
        work: NamedDependency[Casework],
        number: FromPath[str],
    ) -> Response[Any]:
        """One press: the own name becomes the handler's; a proposal enters coordination by it."""
        case = open_case(request, person, work, number)
        command: Command = NameHandler(handler=person.account)
        if case.state.stage is Stage.PROPOSED:
            command = Coordinate(handler=person.account, occurred_on=partial_date(work.reading.today().isoformat()))
        asked_for = Request(key=form.key, command=command, seen=seen_version(form))
        done = work.advancing.advance(person, number, asked_for)
        _ = work.views.caught_up(done.position)
        said = language_of(request).gettext(N_("You lead the case %(number)s now.")) % {"number": number}
        back = {"case": case.path, "list": "/desk/unassigned"}.get(form.value("from"), "/#unassigned")
        return see_other(request, back, said)


def has_on_the_desk(person: Person, group: str) -> bool:
    """Whether the desk of a person has such a group."""
    if group not in GROUPS or person.role not in ON_A_DESK or (group in OF_THE_OFFICE and not _leads(person)):
        return False
    return group != "approvals" or person.role is Role.APPROVER


def asked_page(asked: Form) -> int:
    """The page of a list that the address asks for; the first one where it says nothing that can be read."""
    typed = asked.value("page")
    return max(1, int(typed)) if typed.isascii() and typed.isdigit() and len(typed) < _LONGEST_PAGE else 1


def _may_take_over(person: Person, work: Casework) -> bool:
    return person.role is Role.COORDINATOR and not work.reading.as_of


def _leads(person: Person) -> bool:
    return person.role in (Role.COORDINATOR, Role.APPROVER)
