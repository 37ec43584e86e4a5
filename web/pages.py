"""Rendering a page: the template, what every page needs, and the cookies that go with it."""

import base64
import binascii
from typing import Any
from uuid import uuid4

from litestar import Response
from litestar.datastructures import Cookie
from litestar.response import Redirect

from web import cookies
from web.language.language import office_day
from web.menu import current_of, home_of, menu_of
from web.parts import parts_of
from web.session import PageRequest, address_of, form_token, language_of, new_visit, path_of, person_of
from web.templating import environment

_LONGEST_SAID = 1000


def page(request: PageRequest, template: str, /, *, status: int = 200, **context: Any) -> Response[str]:
    """An HTML answer. Beside `context` a template sees what `shell` lists."""
    text = environment(language_of(request).code).get_template(template).render(shell(request) | context)
    return Response(text, status_code=status, media_type="text/html", cookies=_cookies_of(request))


def shell(request: PageRequest) -> dict[str, Any]:
    """What every template may use, whoever renders it."""
    person = person_of(request)
    parts = parts_of(request)
    menu = menu_of(person)
    return {
        "person": person,
        "menu": menu,
        "current": current_of(menu, path_of(request)),
        "home": home_of(person),
        "here": address_of(request),
        "csrf": form_token(request),
        "new_key": lambda: str(uuid4()),
        "said": _said(request),
        "today": office_day(parts.clock()),
        "outdated": parts.outdated(),
    }


def see_other(request: PageRequest, path: str, said: str = "") -> Redirect:
    """After a deed: go and look there. `said` is one sentence that the next page shows."""
    answer = Redirect(path, status_code=303)
    if said:
        text = base64.urlsafe_b64encode(said[:_LONGEST_SAID].encode()).decode()
        answer.set_cookie(cookies.given(request, cookies.SAID, text))
    return answer


def _said(request: PageRequest) -> str:
    text = cookies.read(request, cookies.SAID)
    try:
        return base64.b64decode((text or "").encode("ascii"), altchars=b"-_", validate=True).decode()
    except (ValueError, binascii.Error):
        return ""


def _cookies_of(request: PageRequest) -> list[Cookie]:
    made: list[Cookie] = []
    if visit := new_visit(request):
        made.append(cookies.given(request, cookies.VISIT, visit))
    if cookies.read(request, cookies.SAID) is not None:
        made.append(cookies.taken(request, cookies.SAID))
    return made
