"""The tokens with which systems act in one's own name: see them, give them new secrets, revoke them."""

from datetime import timedelta
from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from application.access import Person
from domain.kernel import Refused
from web.admin.tokens import ENDED, HOURS, OVERLAPS, rotation_page, secret_page, tokens_page
from web.forms import Form
from web.menu import OWN_TOKENS
from web.pages import page, see_other
from web.parts import Parts
from web.session import PageRequest, language_of


class OwnTokenPages(Controller):
    """For everybody who is signed in; how long a token lasts is for administrators to say."""

    path = OWN_TOKENS

    @get(sync_to_thread=True)
    def show(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        asked: NamedDependency[Form],
        parts: NamedDependency[Parts],
    ) -> Response[Any]:
        return tokens_page(request, person, parts, ended=asked.value("show") == ENDED, own=True)

    @get("/{token:str}/rotate", sync_to_thread=True)
    def ask_to_rotate(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        token: FromPath[str],
        parts: NamedDependency[Parts],
    ) -> Response[Any]:
        return rotation_page(request, person, parts, token, Form.showing(hours=OVERLAPS[-1]), own=True)

    @post("/{token:str}/rotate", status_code=200, sync_to_thread=True)
    def rotate(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        token: FromPath[str],
        form: NamedDependency[Form],
        parts: NamedDependency[Parts],
    ) -> Response[Any]:
        """The one page on which the secret can be read."""
        try:
            with form.reading() as read:
                hours = read.number("hours", least=0, most=HOURS)
            made = parts.keeping_tokens.rotate(person, token, timedelta(hours=hours), key=form.key, own=True)
        except Refused as refused:
            return rotation_page(request, person, parts, token, form.refused(refused.refusals), status=422, own=True)
        return secret_page(request, *made, at=OWN_TOKENS)

    @get("/{token:str}/revoke", sync_to_thread=True)
    def ask_whether_to_revoke(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        token: FromPath[str],
        parts: NamedDependency[Parts],
    ) -> Response[Any]:
        """What will happen, before it does."""
        found = parts.keeping_tokens.one(person, token, own=True)
        return page(request, "admin/token_revoke.html", token=found, at=OWN_TOKENS)

    @post("/{token:str}/revoke", status_code=303, sync_to_thread=True)
    def revoke(
        self,
        request: PageRequest,
        person: NamedDependency[Person],
        token: FromPath[str],
        parts: NamedDependency[Parts],
    ) -> Response[Any]:
        revoked = parts.keeping_tokens.revoke(person, token, own=True)
        said = language_of(request).gettext("The token of %(name)s is revoked.")
        return see_other(request, OWN_TOKENS, said % {"name": revoked.name})
