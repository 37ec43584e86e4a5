"""Choosing language and script, from any page and back to it."""

from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect

from web import cookies
from web.forms import Form
from web.language import ABROAD, LOCALES
from web.local_paths import local_path, path_of_referer
from web.menu import home_of
from web.parts import Parts
from web.session import PageRequest, person_of


@get("/language/{code:str}", opt={"public": True}, sync_to_thread=True)
def choose_language(
    request: PageRequest, code: FromPath[str], asked: NamedDependency[Form], parts: NamedDependency[Parts]
) -> Response[Any]:
    """Kept in a cookie, and in the account of whoever is signed in, if accounts have that language."""
    if code not in ABROAD:
        raise NotFoundException
    person = person_of(request)
    if person is not None and code in LOCALES:
        parts.signing_in.speak(person, code)
    referer = path_of_referer(request.headers.get("referer", ""), request.headers.get("host", ""))
    answer = Redirect(local_path(asked.value("next"), local_path(referer, home_of(person))), status_code=303)
    answer.set_cookie(cookies.given(request, cookies.LANGUAGE, code))
    return answer
