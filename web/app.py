"""The web application, made of the parts that it is given."""

from collections.abc import Sequence
from typing import Final

from litestar import Litestar
from litestar.datastructures import State
from litestar.di import Provide
from litestar.middleware import DefineMiddleware
from litestar.types import ControllerRouterHandler

from application.access import Person
from domain.kernel import Occasion
from web import health
from web.admin.accounts import AccountPages
from web.admin.token_clients import TokenClientPages
from web.admin.tokens import TokenPages
from web.casework import Casework
from web.clocks import work_of
from web.errors import handlers
from web.forms import Form
from web.guards import asked_of, form_of, guard, person_required
from web.headers import allowance_headers, security_headers
from web.heads import served_by_get
from web.language.choosing import choose_language
from web.language.language import office_day
from web.own_account.pages import OwnAccountPages
from web.own_account.token_pages import OwnTokenPages
from web.parts import Parts
from web.session import PageRequest, Recognition
from web.sign_in.pages import SignInPages
from web.static_files import static_file
from web.turns import taking_turns

LARGEST_BODY: Final = 4_000_000
"""Bytes, far more than the fields of any form take: what is too long for its field is shown again, to be shortened. A
route that takes more sets its own `request_max_body_size`."""
SHELL: Final = (
    SignInPages,
    AccountPages,
    TokenPages,
    TokenClientPages,
    OwnAccountPages,
    OwnTokenPages,
    choose_language,
    static_file,
    health.live,
    health.ready,
)


def create_app(parts: Parts, more: Sequence[ControllerRouterHandler] = ()) -> Litestar:
    """The shell with the pages of the contexts in `more`. Handlers may ask by name for `parts`, `person`, `form`
    (what was sent), `asked` (the query string) and `on` (the occasion of a decision)."""

    def occasion(request: PageRequest) -> Occasion:
        at = parts.clock()
        return Occasion(actor=person_required(request).account, at=at, today=office_day(at))

    def given_parts() -> Parts:
        return parts

    def given_work(request: PageRequest) -> Casework:
        return work_of(request, parts.work)

    app = Litestar(
        route_handlers=[*SHELL, *more],
        guards=[guard],
        middleware=[DefineMiddleware(Recognition, exclude_from_auth_key="anonymous")],
        dependencies={
            "parts": Provide(given_parts, sync_to_thread=False),
            "work": Provide(given_work, sync_to_thread=False),
            "person": Provide(_person, sync_to_thread=False),
            "form": Provide(_form, sync_to_thread=False),
            "asked": Provide(_asked, sync_to_thread=False),
            "on": Provide(occasion, sync_to_thread=False),
        },
        exception_handlers={**handlers()},
        before_send=[security_headers(secure=parts.settings.secure), allowance_headers],
        request_max_body_size=LARGEST_BODY,
        openapi_config=None,
        logging_config=None,
        state=State({"parts": parts}),
    )
    app.asgi_handler = served_by_get(taking_turns(app.asgi_handler))
    return app


def _person(request: PageRequest) -> Person:
    return person_required(request)


def _form(request: PageRequest) -> Form:
    return form_of(request)


def _asked(request: PageRequest) -> Form:
    return asked_of(request)
