"""In by password or by link, and out."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from application.accounts import LONGEST_EMAIL
from domain.kernel import Refused
from web import cookies
from web.forms import Form, kept_fields
from web.local_paths import local_path
from web.menu import home_of, may_open
from web.pages import OFFER, page, see_other
from web.parts import Parts, parts_of
from web.session import PageRequest, admit, asking_address, language_of, person_of, session_of
from web.sign_in.asking import sign_in_page

PUBLIC = {"public": True}


class SignInPages(Controller):
    opt = PUBLIC

    @get("/sign-in", sync_to_thread=True)
    def show(self, request: PageRequest, asked: NamedDependency[Form]) -> Response[Any]:
        to = local_path(asked.value("next"), "")
        if person := person_of(request):
            return Redirect(to or home_of(person), status_code=303)
        return sign_in_page(request, Form(), to=to, kept=_waiting(request))

    @post("/sign-in", status_code=200, sync_to_thread=True)
    def sign_in(
        self, request: PageRequest, form: NamedDependency[Form], parts: NamedDependency[Parts]
    ) -> Response[Any]:
        to, kept = local_path(form.value("_to"), ""), form.value("_kept") or _waiting(request)
        try:
            with form.reading() as read:
                email = read.line("email", most=LONGEST_EMAIL)
                _ = read.secret("password")
            secret = parts.signing_in.with_password(email, form.value("password"), asking_address(request))
        except Refused as refused:
            return sign_in_page(request, form.refused(refused.refusals), to=to, kept=kept, status=422)
        return _welcome(request, secret, to, kept)

    @get("/sign-in/link/{secret:str}", sync_to_thread=True)
    def show_link(self, request: PageRequest, secret: FromPath[str], parts: NamedDependency[Parts]) -> Response[Any]:
        """Only shows a button: a scanner that opens every link of a mail must not use it up."""
        account = parts.signing_in.link_of(secret)
        status, kept = 200 if account else 410, _waiting(request)
        return page(request, "sign_in/link.html", status=status, account=account, kept=kept)

    @post("/sign-in/link/{secret:str}", status_code=200, sync_to_thread=True)
    def use_link(self, request: PageRequest, secret: FromPath[str], parts: NamedDependency[Parts]) -> Response[Any]:
        try:
            session = parts.signing_in.with_link(secret)
        except Refused:
            return page(request, "sign_in/link.html", status=410, account=None, kept="")
        to = local_path(cookies.unpacked(cookies.read(request, cookies.TARGET)), "")
        return _welcome(request, session, to, _waiting(request))

    @post("/sign-out", status_code=303, sync_to_thread=True)
    def sign_out(self, request: PageRequest, parts: NamedDependency[Parts]) -> Response[Any]:
        if secret := cookies.read(request, cookies.SESSION):
            parts.signing_in.sign_out(secret)
        answer = see_other(request, "/sign-in", language_of(request).gettext("You are signed out."))
        answer.set_cookie(cookies.taken(request, cookies.SESSION))
        return answer


def _welcome(request: PageRequest, secret: str, to: str, kept: str) -> Response[Any]:
    """On to where the person was going; an entry that was being written waits there to be sent."""
    admitted, person = admit(request, secret), person_of(request)
    entry = parts_of(request).keeping_entries.give_back(kept, person) if kept and person else None
    answer: Response[Any]
    if entry:
        spoken = language_of(request)
        answer = page(
            request,
            "kept.html",
            title=spoken.gettext("Your entry is kept"),
            text=spoken.gettext("The session ended while you were writing. Check your entry and send it."),
            action=entry.target,
            entry=Form(kept_fields(entry.fields)),
        )
    else:
        there = to if person and may_open(person, to) else ""
        answer = see_other(request, there or home_of(person), OFFER if _lacks(request) else "")
    used = (name for name in (cookies.KEPT, cookies.TARGET) if cookies.read(request, name) is not None)
    for cookie in (*admitted, *(cookies.taken(request, name) for name in used)):
        answer.set_cookie(cookie)
    return answer


def _waiting(request: PageRequest) -> str:
    """Names the entry that waits for the next sign-in of this browser."""
    return cookies.read(request, cookies.KEPT) or ""


def _lacks(request: PageRequest) -> bool:
    """Whether whoever has just come in should be offered a password."""
    session = session_of(request)
    return session is not None and parts_of(request).keeping_own_account.offers_password(session)
