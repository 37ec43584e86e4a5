"""In by password or by link, and out."""

from typing import Any, Final

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from application.accounts import LONGEST_EMAIL
from domain.kernel import Refused
from web import cookies
from web.forms import Form, kept_fields
from web.local_paths import local_path
from web.menu import home_of
from web.pages import page, see_other
from web.parts import Parts
from web.session import PageRequest, admit, language_of, person_of
from web.sign_in.asking import sign_in_page

PUBLIC = {"public": True}
LARGEST_KEPT: Final = 12_000_000
"""Bytes. The largest entry that any page takes comes back here as one field, and quotes and line ends grow by that."""


class SignInPages(Controller):
    opt = PUBLIC

    @get("/sign-in", sync_to_thread=True)
    def show(self, request: PageRequest, asked: NamedDependency[Form]) -> Response[Any]:
        to = local_path(asked.value("next"), "")
        if person := person_of(request):
            return Redirect(to or home_of(person), status_code=303)
        return sign_in_page(request, Form(), to=to)

    @post("/sign-in", status_code=200, sync_to_thread=True, request_max_body_size=LARGEST_KEPT)
    def sign_in(
        self, request: PageRequest, form: NamedDependency[Form], parts: NamedDependency[Parts]
    ) -> Response[Any]:
        to, kept = local_path(form.value("_to"), ""), form.value("_kept")
        try:
            with form.reading() as read:
                email = read.line("email", most=LONGEST_EMAIL)
                _ = read.secret("password")
            secret = parts.signing_in.with_password(email, form.value("password"), _address_of(request))
        except Refused as refused:
            return sign_in_page(request, form.refused(refused.refusals), to=to, kept=kept, status=422)
        return _welcome(request, secret, to, kept)

    @get("/sign-in/link/{secret:str}", sync_to_thread=True)
    def show_link(self, request: PageRequest, secret: FromPath[str], parts: NamedDependency[Parts]) -> Response[Any]:
        """Only shows a button: a scanner that opens every link of a mail must not use it up."""
        account = parts.signing_in.link_of(secret)
        return page(request, "sign_in/link.html", status=200 if account else 410, account=account)

    @post("/sign-in/link/{secret:str}", status_code=200, sync_to_thread=True)
    def use_link(self, request: PageRequest, secret: FromPath[str], parts: NamedDependency[Parts]) -> Response[Any]:
        try:
            session = parts.signing_in.with_link(secret)
        except Refused:
            return page(request, "sign_in/link.html", status=410, account=None)
        return _welcome(request, session, "", "")

    @post("/sign-out", status_code=303, sync_to_thread=True)
    def sign_out(self, request: PageRequest, parts: NamedDependency[Parts]) -> Response[Any]:
        if secret := cookies.read(request, cookies.SESSION):
            parts.signing_in.sign_out(secret)
        answer = see_other(request, "/sign-in", language_of(request).gettext("You are signed out."))
        answer.set_cookie(cookies.taken(request, cookies.SESSION))
        return answer


def _welcome(request: PageRequest, secret: str, to: str, kept: str) -> Response[Any]:
    """On to where the person was going; an entry that was being written waits there to be sent."""
    admitted = admit(request, secret)
    fields = kept_fields(kept) if to else ()
    answer: Response[Any]
    if fields:
        spoken = language_of(request)
        answer = page(
            request,
            "kept.html",
            title=spoken.gettext("Your entry is kept"),
            text=spoken.gettext("The session ended while you were writing. Check your entry and send it."),
            action=to,
            entry=Form(fields),
        )
    else:
        answer = Redirect(to or home_of(person_of(request)), status_code=303)
    for cookie in admitted:
        answer.set_cookie(cookie)
    return answer


def _address_of(request: PageRequest) -> str:
    """The network address that asks; behind a proxy the server has put the client's own one here."""
    return request.client.host if request.client else "unknown"
