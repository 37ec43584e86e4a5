"""Rendering a page: the template, what every page needs, and the cookies that go with it."""

from typing import Any, Final
from uuid import uuid4

from litestar import Response
from litestar.datastructures import Cookie
from litestar.response import Redirect
from markupsafe import Markup

from application.access import Person
from application.ports import LogUnavailable
from application.rights import may
from web import clocks, cookies
from web.language.language import office_day
from web.local_paths import local_path
from web.menu import OWN_ACCOUNT, current_of, home_of, menu_of
from web.parts import Parts, parts_of
from web.session import PageRequest, address_of, form_token, language_of, new_visit, path_of, person_of
from web.templating import environment

OFFER: Final = "~offer"
"""In place of a sentence, for `see_other`: the next page offers to set a password. No base64 has a `~`."""
_LONGEST_SAID: Final = 1000


def page(request: PageRequest, template: str, /, *, status: int = 200, **context: Any) -> Response[str]:
    """An HTML answer. Beside `context` a template sees what `shell` lists."""
    seen = shell(request) | context
    text = environment(language_of(request).code).get_template(template).render(seen)
    if seen["past"]:
        text = clocks.staying(text, seen["past"].query)
    return Response(text, status_code=status, media_type="text/html", cookies=_cookies_of(request))


def shell(request: PageRequest) -> dict[str, Any]:
    """What every template may use, whoever renders it."""
    person = person_of(request)
    parts = parts_of(request)
    menu = menu_of(person)
    looked_at = clocks.shown(request, language_of(request))
    past = looked_at["past"]
    return {
        **looked_at,
        "person": person,
        "menu": menu,
        "current": current_of(menu, path_of(request)),
        "home": home_of(person),
        "may_propose": person is not None and past is None and may(person, "propose"),
        "here": address_of(request),
        "csrf": form_token(request),
        "new_key": lambda: str(uuid4()),
        "said": _said(request),
        "today": past.today if past else office_day(parts.clock()),
        "outdated": parts.outdated(),
        "unread": lambda: _unread(parts, person),
    }


def _unread(parts: Parts, person: Person | None) -> int:
    """Where notices cannot be counted, a page is not kept from anybody for it."""
    try:
        return parts.notices.unread(person) if person else 0
    except LogUnavailable:
        return 0


def see_other(request: PageRequest, path: str, said: str = "", then: tuple[str, str] | None = None) -> Redirect:
    """After a deed: go and look there. `said` is one sentence that the next page shows.

    `then` is a link behind it, by its address on this site and its text.
    """
    answer = Redirect(path, status_code=303)
    if said:
        text = said if said == OFFER else cookies.packed("\n".join([said[:_LONGEST_SAID], *(then or ())]))
        answer.set_cookie(cookies.given(request, cookies.SAID, text))
    return answer


def _said(request: PageRequest) -> str:
    text = cookies.read(request, cookies.SAID)
    if text == OFFER:
        spoken = language_of(request)
        said, link = spoken.gettext("You came in by a sign-in link."), spoken.gettext("Set a password")
        return Markup('{} <a href="{}">{}</a>').format(said, OWN_ACCOUNT, link)
    return _with_link(cookies.unpacked(text))


def _with_link(said: str) -> str:
    """The cookie comes back from a browser: what leads out of this site is no link."""
    sentence, _, then = said.partition("\n")
    address, _, text = then.partition("\n")
    if not text or local_path(address, "") != address:
        return sentence
    return Markup('{} <a href="{}">{}</a>').format(sentence, address, text)


def _cookies_of(request: PageRequest) -> list[Cookie]:
    made: list[Cookie] = []
    if visit := new_visit(request):
        made.append(cookies.given(request, cookies.VISIT, visit))
    if cookies.read(request, cookies.SAID) is not None:
        made.append(cookies.taken(request, cookies.SAID))
    return made
