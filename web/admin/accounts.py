"""Accounts: list, open, disable, enable, and a sign-in link to hand over."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from application.access import Person, Role
from application.accounts import LONGEST_EMAIL, LONGEST_NAME, Account, OpenAccount
from application.script import sort_key
from domain.kernel import AccountId, Refused
from web.forms import Form
from web.language.catalogues import marked as N_  # noqa: N812 - the name by which gettext's tools know it
from web.pages import page, see_other
from web.parts import Parts
from web.session import PageRequest, language_of
from web.words import ROLES

PATH: Final = "/admin/accounts"
DISABLED: Final = "disabled"
MANY: Final = 12
"""With more accounts the disabled ones stand on a page of their own."""


class Tab(msgspec.Struct, frozen=True, kw_only=True):
    """One of the lists of accounts, when there are many."""

    text: str
    """A message of the catalogue."""
    href: str
    accounts: Sequence[Account]
    current: bool


class AccountPages(Controller):
    path = PATH

    @get(sync_to_thread=True)
    def show(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        asked: NamedDependency[Form],
        parts: NamedDependency[Parts],
    ) -> Response[Any]:
        blank = Form.showing(role=Role.COORDINATOR.value, locale=parts.settings.locale)
        return _accounts(request, person, parts, blank, asked.value("show"))

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

    @get("/{account:uuid}/disable", sync_to_thread=True)
    def ask_whether_to_disable(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        account: FromPath[UUID],
        parts: NamedDependency[Parts],
    ) -> Response[Any]:
        """What will happen, before it does."""
        found = parts.keeping_accounts.to_disable(person, AccountId(account))
        if found.disabled:
            return see_other(request, PATH)
        return page(request, "admin/disable.html", account=found)

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

    @get("/{account:uuid}/same-person", sync_to_thread=True)
    def ask_who_it_is(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        account: FromPath[UUID],
        parts: NamedDependency[Parts],
    ) -> Response[Any]:
        return _same_person(request, person, parts, account, Form())

    @post("/{account:uuid}/same-person", status_code=303, sync_to_thread=True)
    def same_person(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        account: FromPath[UUID],
        form: NamedDependency[Form],
        parts: NamedDependency[Parts],
    ) -> Response[Any]:
        """Nobody chosen means that the account stands alone again."""
        known = {str(one.id) for one in parts.keeping_accounts.list(person)}
        try:
            with form.reading() as read:
                other = read.one_of("other", known)
            parts.keeping_accounts.same_person(person, AccountId(account), AccountId(UUID(other)) if other else None)
        except Refused as refused:
            return _same_person(request, person, parts, account, form.refused(refused.refusals), status=422)
        return see_other(request, PATH, language_of(request).gettext("It is recorded."))

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


def _same_person(
    request: PageRequest, person: Person, parts: Parts, account: UUID, form: Form, status: int = 200
) -> Response[Any]:
    """Raises Forbidden; Refused for an unknown account."""
    found = parts.keeping_accounts.account(person, AccountId(account))
    others = [one for one in parts.keeping_accounts.list(person) if one.id != found.id]
    return page(
        request,
        "admin/same_person.html",
        status=status,
        account=found,
        others=[(str(one.id), f"{one.name} ({language_of(request).gettext(ROLES[one.role])})") for one in others],
        same=[one.name for one in others if found.human and one.human == found.human],
        form=form,
    )


def _accounts(
    request: PageRequest, person: Person, parts: Parts, form: Form, asked: str = "", status: int = 200
) -> Response[Any]:
    spoken = language_of(request)
    units = sorted(parts.local_governments.by_code.values(), key=lambda unit: sort_key(unit.name))
    accounts = parts.keeping_accounts.list(person)
    tabs = _tabs(accounts, asked) if len(accounts) > MANY else ()
    shown = next((tab.accounts for tab in tabs if tab.current), accounts)
    return page(
        request,
        "admin/accounts.html",
        status=status,
        form=form,
        tabs=tabs,
        accounts=shown,
        unreached=parts.unreached(()),
        units=[(unit.code, spoken.name(unit.name)) for unit in units],
    )


def _tabs(accounts: Sequence[Account], asked: str) -> Sequence[Tab]:
    """Those who may sign in come first; whoever left long ago is in nobody's way."""
    disabled = [account for account in accounts if account.disabled]
    active = [account for account in accounts if not account.disabled]
    return (
        Tab(text=N_("Open accounts"), href=PATH, accounts=active, current=asked != DISABLED),
        Tab(text=N_("Disabled accounts"), href=f"{PATH}?show={DISABLED}", accounts=disabled, current=asked == DISABLED),
    )
