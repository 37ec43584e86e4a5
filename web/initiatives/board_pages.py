"""The page of the board."""

from typing import Any

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency

from application.access import Person
from web.casework import Casework
from web.forms import Form
from web.initiatives.board import PATH, board_of
from web.initiatives.filters import readable
from web.initiatives.finding import finding
from web.initiatives.opening import names_for
from web.pages import page
from web.session import PageRequest


@get(PATH, past=True, sync_to_thread=True)
def show_board(
    request: PageRequest,
    person: NamedDependency[Person],
    asked: NamedDependency[Form],
    work: NamedDependency[Casework],
) -> Response[Any]:
    """As the list: parts of an address that cannot be read are left out, and the page says so."""
    query, asked = readable(asked)
    query = msgspec.structs.replace(query, page=1)
    found = work.reading.register(person, msgspec.structs.replace(query, size=1))
    names = names_for(request, work)
    return page(
        request,
        "initiatives/board.html",
        status=400 if asked.refusals else 200,
        columns=board_of(person, work, names, query, found),
        **finding(person, work, names, asked, query, found, PATH),
    )
