"""The printable account of a case."""

from typing import Any

from litestar import MediaType, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from application.access import Person
from web.casework import Casework
from web.forms import Form
from web.initiatives.account import account_page
from web.initiatives.case_pages import looked_at
from web.initiatives.opening import OpenCase, names_in
from web.language import LOCALES, language
from web.parts import Parts
from web.session import PageRequest, language_of


@get("/initiatives/{number:str}/account", sync_to_thread=True)
def show_account(
    request: PageRequest,
    person: NamedDependency[Person],
    asked: NamedDependency[Form],
    work: NamedDependency[Casework],
    parts: NamedDependency[Parts],
    number: FromPath[str],
) -> Response[Any]:
    """`?lang=` is a language of LOCALES, whatever the reader's own; `?known_at=` and `?valid_at=` as in web.past."""
    now = parts.clock()
    wished = asked.value("lang")
    names = names_in(language(wished) if wished in LOCALES else language_of(request), work)
    case = looked_at(request, person, work, asked, now, number, names)
    if not isinstance(case, OpenCase):
        return case
    text = account_page(case, person, work, parts.seal.checkpoint(), now)
    return Response(text, media_type=MediaType.HTML)
