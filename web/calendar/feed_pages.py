"""The private calendar of a person: made, renewed and withdrawn beside the own account, read by a calendar program."""

from typing import Any, Final

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from application.access import Person
from application.reading import NotFound
from web.calendar.lines import event_of
from web.calendar.pages import ICS
from web.casework import Casework
from web.initiatives.naming import Names
from web.language import language
from web.language.catalogues import marked as N_  # noqa: N812 - the name by which gettext's tools know it
from web.menu import OWN_ACCOUNT
from web.pages import page, see_other
from web.parts import Parts
from web.session import PageRequest, language_of

PATH: Final = f"{OWN_ACCOUNT}/calendar"
ENDING: Final = ".ics"
_LONGEST: Final = 100


class CalendarFeedPages(Controller):
    path = PATH

    @get(sync_to_thread=True)
    def show(
        self, request: PageRequest, person: NamedDependency[Person], work: NamedDependency[Casework]
    ) -> Response[Any]:
        made_at = work.calendar_feed.made_at(person)
        return page(request, "calendar/feed.html", made_at=made_at, address="")

    @post(status_code=200, sync_to_thread=True)
    def renew(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        work: NamedDependency[Casework],
        parts: NamedDependency[Parts],
    ) -> Response[Any]:
        """The one page on which the address can be read."""
        secret = work.calendar_feed.renew(person)
        address = f"{parts.settings.base_url.rstrip('/')}/calendar/feed/{secret}{ENDING}"
        return page(request, "calendar/feed.html", made_at=work.calendar_feed.made_at(person), address=address)

    @post("/withdraw", status_code=303, sync_to_thread=True)
    def withdraw(
        self, request: PageRequest, person: NamedDependency[Person], work: NamedDependency[Casework]
    ) -> Response[Any]:
        work.calendar_feed.withdraw(person)
        said = language_of(request).gettext(N_("The private calendar is withdrawn; its address works no more."))
        return see_other(request, PATH, said)


@get("/calendar/feed/{secret:str}", opt={"public": True, "anonymous": True}, sync_to_thread=True)
def calendar_feed(
    work: NamedDependency[Casework], parts: NamedDependency[Parts], secret: FromPath[str]
) -> Response[bytes]:
    """For a calendar program, which has neither cookie nor language: those of the account count."""
    known = secret.removesuffix(ENDING)
    found = work.calendar_feed.read(known) if secret.endswith(ENDING) and len(known) <= _LONGEST else None
    if found is None:
        raise NotFound
    names = Names(language(found.account.locale), work.local_governments, work.accounts, work.procedures.now())
    site = parts.settings.base_url.rstrip("/")
    events = [event_of(entry, names, site) for entry in found.entries]
    title = names.spoken.gettext(N_("Deadlines in Pobratim"))
    return Response(work.calendar_writer(events, title), media_type=ICS)
