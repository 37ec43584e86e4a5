"""Clients of the identity provider: which may ask, for whom; let one in, and remove one."""

from typing import Any, Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from application.access import Person
from application.oidc_clients import LONGEST_CLIENT
from domain.kernel import AccountId, Refusal, Refused
from web.admin.tokens import account_choices, scope_choices
from web.forms import Form
from web.pages import page, see_other
from web.parts import Parts
from web.session import PageRequest, language_of

PATH: Final = "/admin/tokens/clients"


class TokenClientPages(Controller):
    path = PATH

    @get(sync_to_thread=True)
    def show(
        self, request: PageRequest, person: NamedDependency[Person], parts: NamedDependency[Parts]
    ) -> Response[Any]:
        keeping = parts.keeping_clients
        return page(request, "admin/token_clients.html", clients=keeping.list(person), issuer=keeping.issuer)

    @get("/new", sync_to_thread=True)
    def new(
        self, request: PageRequest, person: NamedDependency[Person], parts: NamedDependency[Parts]
    ) -> Response[Any]:
        return _new(request, person, parts, Form.showing(scopes=["events:read"]))

    @post(status_code=303, sync_to_thread=True)
    def add(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        form: NamedDependency[Form],
        parts: NamedDependency[Parts],
    ) -> Response[Any]:
        """Sent twice it has one effect: a client that is here already takes what is said of it now."""
        known = {str(account.id) for account in parts.keeping_accounts.list(person)}
        try:
            with form.reading() as read:
                client = read.line("client", most=LONGEST_CLIENT)
                subject = read.line_or_none("subject", most=LONGEST_CLIENT) or ""
                account = read.one_of("account", known)
                if account is None:
                    read.refuse(Refusal("form.choice-missing", field="account"))
            owner = AccountId(UUID(account))
            added = parts.keeping_clients.add(person, client, owner, form.values("scopes"), subject)
        except Refused as refused:
            return _new(request, person, parts, form.refused(refused.refusals), status=422)
        said = language_of(request).gettext("The client %(name)s may ask.")
        return see_other(request, PATH, said % {"name": added.client})

    @get("/{client:str}/remove", sync_to_thread=True)
    def ask_whether_to_remove(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        client: FromPath[str],
        parts: NamedDependency[Parts],
    ) -> Response[Any]:
        """What will happen, before it does."""
        return page(request, "admin/token_client_remove.html", client=parts.keeping_clients.one(person, client))

    @post("/{client:str}/remove", status_code=303, sync_to_thread=True)
    def remove(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        client: FromPath[str],
        parts: NamedDependency[Parts],
    ) -> Response[Any]:
        removed = parts.keeping_clients.remove(person, client)
        said = language_of(request).gettext("The client %(name)s is removed.")
        return see_other(request, PATH, said % {"name": removed.client})


def _new(request: PageRequest, person: Person, parts: Parts, form: Form, status: int = 200) -> Response[Any]:
    """Raises Forbidden."""
    return page(
        request,
        "admin/token_client_new.html",
        status=status,
        form=form,
        issuer=parts.keeping_clients.issuer,
        accounts=account_choices(request, person, parts),
        scopes=scope_choices(request),
    )
