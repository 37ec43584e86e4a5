"""The register: a list that can be filtered, sorted, sent as an address and taken away as a file."""

from typing import Any, Final

import msgspec
from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Stream

from application.access import Person
from application.handing_over import DEED, MOST
from application.past import day_of
from application.reading import NotFound, Reading
from application.rights import may
from application.views.register import USUAL, RegisterPage, RegisterQuery
from domain.kernel import Refused
from web.casework import Casework
from web.forms import Form
from web.initiatives import listing
from web.initiatives.filters import PATH, address, readable
from web.initiatives.finding import finding
from web.initiatives.naming import Names
from web.initiatives.opening import names_for
from web.pages import page
from web.session import PageRequest, language_of

_MEDIA: Final = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class RegisterPages(Controller):
    path = "/initiatives"

    @get(past=True, sync_to_thread=True)
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
        return page(
            request,
            "initiatives/register.html",
            status=400 if asked.refusals else 200,
            rows=listing.rows_of(found.rows, names, query.columns or USUAL),
            columns=listing.columns_of(query, names),
            pages=listing.pages_of(found, query),
            next=address(query, changed={"page": query.page + 1}) if query.page < found.pages else "",
            summary=_summary(found, query, names),
            handlers=names.handlers if may(person, DEED) and not work.reading.as_of else [],
            most_chosen=MOST,
            places=places,
            column_options=column_options,
            usual_columns=address(query, changed={"columns": ()}),
            **finding(person, work, names, asked, query, found, PATH),
        )

    @get("/export/{kind:str}", past=True, sync_to_thread=True)
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
        if work.reading.as_of:  # raises Preparing before the file begins, not in the midst of it
            work.reading.register(person, msgspec.structs.replace(query, page=1, size=1))
        rows = work.reading.rows(person, query)
        sheet = work.exporting.sheet(person, rows, query.columns, language_of(request).code)
        name = f"pobratim-{'-'.join(_stands(work.reading))}.{kind}"
        headers = {"content-disposition": f'attachment; filename="{name}"'}
        return Stream(write(sheet), media_type=_MEDIA.get(kind, "application/octet-stream"), headers=headers)


def _stands(reading: Reading) -> list[str]:
    """For the name of a file: the day of which it is, by both clocks where it is of the past."""
    if reading.as_of is None:
        return [reading.today().isoformat()]
    valid = reading.as_of.valid_at
    known = day_of(reading.as_of.known_at)
    return ["known", known.isoformat(), *(("valid", valid.isoformat()) if valid else ())]


def _summary(found: RegisterPage, query: RegisterQuery, names: Names) -> str:
    """`41–80 of 558`."""
    spoken = names.spoken
    first = (query.page - 1) * query.size + 1
    last = first + len(found.rows) - 1
    return f"{spoken.number(first)}–{spoken.number(last)} / {spoken.number(found.total)}" if found.rows else ""
