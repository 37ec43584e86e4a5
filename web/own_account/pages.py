"""The page of the own account: who I am here, and my password."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import PermissionDeniedException

from application.absences import HAVE_SUBSTITUTES
from application.access import READS_ALL, Role
from application.own_account import SetPassword
from application.signing_in import Session
from domain.kernel import Refused
from web.forms import Form
from web.menu import OWN_ACCOUNT
from web.pages import page, see_other
from web.parts import Parts
from web.session import PageRequest, admit, language_of, session_of


class OwnAccountPages(Controller):
    path = OWN_ACCOUNT

    @get(sync_to_thread=True)
    def show(self, request: PageRequest, parts: NamedDependency[Parts]) -> Response[Any]:
        return _account(request, parts, Form())

    @post(status_code=303, sync_to_thread=True)
    def set_password(
        self, request: PageRequest, form: NamedDependency[Form], parts: NamedDependency[Parts]
    ) -> Response[Any]:
        wish = SetPassword(
            present=form.value("present_password"),
            password=form.value("password"),
            again=form.value("password_again"),
        )
        try:
            secret = parts.keeping_own_account.set_password(_session(request), wish)
        except Refused as refused:
            return _account(request, parts, form.refused(refused.refusals), status=422)
        said = language_of(request).gettext("Your password is set. Wherever else you were signed in, you are not now.")
        answer = see_other(request, OWN_ACCOUNT, said)
        for cookie in admit(request, secret):
            answer.set_cookie(cookie)
        return answer


def _session(request: PageRequest) -> Session:
    """The guard has seen to a person, and outside `/api/` a person comes by a session."""
    session = session_of(request)
    if session is None:
        raise PermissionDeniedException
    return session


def _account(request: PageRequest, parts: Parts, form: Form, status: int = 200) -> Response[Any]:
    session, own = _session(request), parts.keeping_own_account
    account = own.account(session)
    unit = parts.local_governments.by_code.get(account.local_government or "")
    return page(
        request,
        "own_account/account.html",
        status=status,
        form=form,
        account=account,
        local_government=language_of(request).name(unit.name) if unit else "",
        has_substitutes=account.role in HAVE_SUBSTITUTES,
        reads_cases=account.role in READS_ALL | {Role.OFFICER},
        has_tokens=bool(parts.keeping_tokens.list(account.person, own=True)),
        keeps_subscriptions=account.role is not Role.ADMINISTRATOR
        and bool(parts.subscriptions.reading.list(account.person)),
        asks_for_present=own.asks_for_present(session, account),
    )
