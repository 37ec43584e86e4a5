"""The register: a list that can be filtered, sorted, sent as an address and taken away as a file."""

from typing import Any, Final

import msgspec
from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Stream

from application.access import Person, Role, scope_of
from application.handing_over import DEED, MOST
from application.reading import NotFound
from application.rights import may
from application.saved_views import may_share
from application.views.register import USUAL, RegisterPage, RegisterQuery
from domain.kernel import Refused
from web.casework import Casework
from web.forms import Form
from web.initiatives import listing
from web.initiatives.filters import LABELS, address, pairs_of, readable
from web.initiatives.naming import Names, foreign
from web.initiatives.opening import names_for
from web.initiatives.saved_view_pages import kept_views, query_string, replaceable
from web.pages import page
from web.session import PageRequest, language_of

_MEDIA: Final = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class RegisterPages(Controller):
    path = "/initiatives"

    @get(sync_to_thread=True)
    def show(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        asked: NamedDependency[Form],
        work: NamedDependency[Casework],
    ) -> Response[Any]:
        """Parts of an address that cannot be read are left out, and the page says what was wrong with them."""
        query, asked = readable(asked)
        found = work.reading.register(person, query)
        query = msgspec.structs.replace(query, page=max(1, min(query.page, found.pages)))
        names = names_for(request, work)
        places, column_options = listing.column_choices(query, names)
        kept = kept_views(person, work, names, query)
        return page(
            request,
            "initiatives/register.html",
            status=400 if asked.refusals else 200,
            asked=asked,
            labels=LABELS,
            query=query,
            found=found,
            rows=listing.rows_of(found.rows, names, query.columns or USUAL),
            tabs=listing.tabs_of(found, query, names),
            facets=listing.facets_of(found, query, names),
            chips=listing.chips_of(query, names, _partner_name(person, work, query)),
            columns=listing.columns_of(query, names),
            pages=listing.pages_of(found, query),
            next=address(query, changed={"page": query.page + 1}) if query.page < found.pages else "",
            hidden=_kept_by_the_form(query),
            summary=_summary(found, query, names),
            exports=[(kind, address(query, f"/initiatives/export/{kind}")) for kind in work.file_writers],
            mine=_mine(person, query),
            filters=pairs_of(query),
            handlers=names.handlers if may(person, DEED) else [],
            most_chosen=MOST,
            places=places,
            column_options=column_options,
            usual_columns=address(query, changed={"columns": ()}),
            kept=kept,
            saved_query=query_string(query),
            saving=Form(),
            replaceable=replaceable(kept),
            may_share=may_share(person),
        )

    @get("/export/{kind:str}", sync_to_thread=True)
    def export(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        asked: NamedDependency[Form],
        work: NamedDependency[Casework],
        kind: FromPath[str],
    ) -> Stream:
        """Exactly the rows and columns that the address asks for, in the reader's language."""
        write = work.file_writers.get(kind)
        if write is None:
            raise NotFound(kind)
        query, asked = readable(asked)
        if asked.refusals:
            raise Refused(*asked.refusals)
        today = work.reading.today()
        sheet = work.exporting.sheet(scope_of(person), query, today, language_of(request).code)
        name = f"pobratim-{today.isoformat()}.{kind}"
        headers = {"content-disposition": f'attachment; filename="{name}"'}
        return Stream(write(sheet), media_type=_MEDIA.get(kind, "application/octet-stream"), headers=headers)


def _mine(person: Person, query: RegisterQuery) -> str:
    """The address of the list with the cases that the person leads, for one who leads cases and sees others too."""
    if person.role is not Role.COORDINATOR or query.handlers:
        return ""
    return address(query, changed={"handlers": (str(person.account),)})


def _kept_by_the_form(query: RegisterQuery) -> list[tuple[str, str]]:
    """What the form of filters does not ask itself: the tab, the order, and filters that came by a link."""
    asked = {"q", "country", "kind", "handler", "due"}
    return [(name, value) for name, value in pairs_of(query) if name not in asked]


def _summary(found: RegisterPage, query: RegisterQuery, names: Names) -> str:
    """`41–80 of 558`."""
    spoken = names.spoken
    first = (query.page - 1) * query.size + 1
    last = first + len(found.rows) - 1
    return f"{spoken.number(first)}–{spoken.number(last)} / {spoken.number(found.total)}" if found.rows else ""


def _partner_name(person: Person, work: Casework, query: RegisterQuery) -> str:
    if query.partner is None:
        return ""
    try:
        return foreign(work.reading.partner(person, query.partner).partner)
    except NotFound:
        return str(query.partner)
