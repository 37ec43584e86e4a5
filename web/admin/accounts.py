"""Accounts: list, open, disable, enable, and a sign-in link to hand over."""

from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from application.access import Person, Role
from application.accounts import LONGEST_EMAIL, LONGEST_NAME, OpenAccount
from application.script import sort_key
from domain.kernel import AccountId, Refused
from web.forms import Form
from web.pages import page, see_other
from web.parts import Parts
from web.session import PageRequest, language_of

PATH = "/admin/accounts"


class AccountPages(Controller):
    path = PATH

    @get(sync_to_thread=True)
    def show(
        self, request: PageRequest, person: NamedDependency[Person], parts: NamedDependency[Parts]
    ) -> Response[Any]:
        return _accounts(
            request, person, parts, Form.showing(role=Role.COORDINATOR.value, locale=parts.settings.locale)
        )

    @post(status_code=303, sync_to_thread=True)
    def open(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        form: NamedDependency[Form],
        parts: NamedDependency[Parts],
    ) -> Response[Any]:
        try:
            with form.reading() as read:
                wish = OpenAccount(
                    name=read.line("name", most=LONGEST_NAME),
                    email=read.line("email", most=LONGEST_EMAIL),
                    role=read.choice("role", Role),
                    local_government=read.one_of("local_government", parts.local_governments.by_code),
                    locale=read.line("locale"),
                )
            account = parts.keeping_accounts.open(person, wish)
        except Refused as refused:
            return _accounts(request, person, parts, form.refused(refused.refusals), status=422)
        said = language_of(request).gettext("The account of %(name)s is open. Send the person a sign-in link.")
        return see_other(request, PATH, said % {"name": account.name})

    @post("/{account:uuid}/link", status_code=200, sync_to_thread=True)
    def link(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        account: FromPath[UUID],
        parts: NamedDependency[Parts],
    ) -> Response[Any]:
        """The one page on which the link can be read."""
        whose, secret = parts.keeping_accounts.link(person, AccountId(account))
        address = f"{parts.settings.base_url.rstrip('/')}/sign-in/link/{secret}"
        return page(request, "admin/link.html", account=whose, address=address)

    @post("/{account:uuid}/disable", status_code=303, sync_to_thread=True)
    def disable(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        account: FromPath[UUID],
        parts: NamedDependency[Parts],
    ) -> Response[Any]:
        disabled = parts.keeping_accounts.disable(person, AccountId(account))
        said = language_of(request).gettext("The account of %(name)s is disabled; its sessions have ended.")
        return see_other(request, PATH, said % {"name": disabled.name})

    @post("/{account:uuid}/enable", status_code=303, sync_to_thread=True)
    def enable(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        account: FromPath[UUID],
        parts: NamedDependency[Parts],
    ) -> Response[Any]:
        enabled = parts.keeping_accounts.enable(person, AccountId(account))
        said = language_of(request).gettext("The account of %(name)s is enabled again.")
        return see_other(request, PATH, said % {"name": enabled.name})


def _accounts(request: PageRequest, person: Person, parts: Parts, form: Form, status: int = 200) -> Response[Any]:
    spoken = language_of(request)
    units = sorted(parts.local_governments.by_code.values(), key=lambda unit: sort_key(unit.name))
    return page(
        request,
        "admin/accounts.html",
        status=status,
        form=form,
        accounts=parts.keeping_accounts.list(person),
        units=[(unit.code, spoken.name(unit.name)) for unit in units],
    )
