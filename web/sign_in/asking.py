"""Asking for a sign-in, with everything that should be found again after it."""

from typing import Any
from urllib.parse import urlencode

from litestar import Response
from litestar.response import Redirect

from web import cookies
from web.forms import Form
from web.local_paths import local_path
from web.pages import page
from web.session import PageRequest, address_of


def ask_to_sign_in(request: PageRequest, sent: Form | None, kept: str) -> Response[Any]:
    """A page that was asked for comes after the sign-in. A form that was sent (401) comes again, to be confirmed."""
    path = local_path(address_of(request))
    if sent is not None:
        answer = sign_in_page(request, status=401, form=Form(), to="" if kept else path, kept=kept, ended=True)
        if kept:
            answer.set_cookie(cookies.given(request, cookies.KEPT, kept))
        return answer
    if request.headers.get("hx-request"):  # a piece of a page, such as suggestions: what is being typed there stays
        return Response(b"", status_code=401, media_type="text/html")
    return Redirect("/sign-in" if path == "/" else f"/sign-in?{urlencode({'next': path})}", status_code=303)


def sign_in_page(
    request: PageRequest, form: Form, *, to: str = "", kept: str = "", ended: bool = False, status: int = 200
) -> Response[str]:
    """`to` is where to go afterwards; `kept` names the entry that comes first then. Both hold for a link as well."""
    answer = page(request, "sign_in/sign_in.html", status=status, form=form, to=to, kept=kept, ended=ended)
    if to:
        answer.set_cookie(cookies.given(request, cookies.TARGET, cookies.packed(to)))
    return answer
