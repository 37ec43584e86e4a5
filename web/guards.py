"""What every request passes before its handler: signed in unless the page is public, and forms only from our pages."""

from typing import Any, Final, cast
from urllib.parse import parse_qsl

from litestar.concurrency import sync_to_thread
from litestar.connection import ASGIConnection
from litestar.datastructures import UploadFile
from litestar.exceptions import ClientException, HTTPException
from litestar.handlers import BaseRouteHandler

from application.access import Person
from application.tokens import Grant
from web import cookies, csrf
from web.client_address import network_of
from web.forms import MOST_FIELDS, Form
from web.local_paths import local_path
from web.parts import parts_of
from web.session import (
    API,
    PageRequest,
    address_of,
    asking_address,
    grant_of,
    own_origins,
    path_of,
    person_of,
    token_fits,
)

SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_URL_ENCODED: Final = "application/x-www-form-urlencoded"
_MULTIPART: Final = "multipart/form-data"


class SignInNeeded(Exception):
    """Nobody is signed in. `form` is what was sent when the session ended while somebody was typing; `kept` gives it
    back after signing in, and is empty where it could not be kept."""

    def __init__(self, form: Form | None = None, kept: str = "") -> None:
        super().__init__()
        self.form, self.kept = form, kept


class TokenNeeded(Exception):
    """The API was asked without a bearer token that works."""


class TooManyRequests(Exception):
    """More was asked than may be. `code` says of whom, `wait` how many seconds it takes until there is room again."""

    def __init__(self, code: str, wait: int) -> None:
        super().__init__(code)
        self.code, self.wait = code, wait


class ForeignForm(Exception):
    """Another site sent the form. Nothing of it is shown: it was not typed here."""


class StaleForm(Exception):
    """The form comes from here, but not from a page of this session. Nothing that was typed is lost."""

    def __init__(self, form: Form) -> None:
        super().__init__()
        self.form = form


async def guard(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """The one guard of the application. Raises the exceptions above. Which methods an address has anybody may ask.

    An address with a secret needs no token in its form: whoever can forge the form can open the page, and nobody has to
    send it within the hours that a visit lasts.
    """
    if cast("PageRequest", connection).method == "OPTIONS":
        return
    public = bool(handler.opt.get("public"))
    if path_of(connection).startswith(API):
        if not public:
            await _allowed(connection)
        return
    if cast("PageRequest", connection).method in SAFE:
        if not public and person_of(connection) is None:
            raise SignInNeeded
        return
    form = await _our_form(cast("PageRequest", connection))
    if not public and person_of(connection) is None:
        raise SignInNeeded(form, await sync_to_thread(_kept, cast("PageRequest", connection), form))
    if not handler.opt.get("secret") and not token_fits(connection, form.value(csrf.FIELD)):
        raise StaleForm(form)


async def _allowed(connection: ASGIConnection[Any, Any, Any, Any]) -> None:
    """Counts the request: to its token, and where that is wrong, to the address that sent it.

    A token that works is never held up by wrong ones from the same address: a whole town may stand behind one.
    """
    grant, parts = grant_of(connection), parts_of(connection)
    if grant is None and "authorization" not in connection.headers:
        raise TokenNeeded
    counting = parts.allowances if grant else parts.wrong_tokens
    key = f"token {grant.key}" if grant else f"wrong {network_of(asking_address(connection))}"
    if counting.limit:
        found = counting.held(key) or await sync_to_thread(counting.take, key)
        connection.scope["state"]["allowance"] = found
        if found.wait:
            raise TooManyRequests("access.too-many-requests" if grant else "access.too-many-wrong-tokens", found.wait)
    if grant is None:
        raise TokenNeeded


async def _our_form(request: PageRequest) -> Form:
    """Reads the form, which handlers and error pages then find in the request's state."""
    if csrf.foreign(request.headers, own_origins(request)):
        raise ForeignForm
    form = await read_form(request)
    request.scope["state"]["form"] = form
    return form


def _kept(request: PageRequest, form: Form) -> str:
    """The secret under which the entry waits for the next sign-in of this browser."""
    fields, target = form.kept, local_path(address_of(request), "")
    if not fields or not target:
        return ""
    return parts_of(request).keeping_entries.keep(target, fields, cookies.read(request, cookies.SESSION))


async def read_form(request: PageRequest) -> Form:
    """Raises ClientException (400) for bytes that are no form, 413 for too many, 415 for another kind of body."""
    kind = request.content_type[0]
    if kind == _MULTIPART:
        return _of_parts(await _multipart(request))
    body = await request.body()
    if body and kind != _URL_ENCODED:
        raise HTTPException(status_code=415)
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
    except ValueError as fault:
        raise ClientException from fault
    return Form(pairs)


async def _multipart(request: PageRequest) -> list[tuple[str, str | UploadFile]]:
    try:
        return list((await request.form()).multi_items())
    except (ValueError, LookupError) as fault:  # LookupError: a part in a charset that does not exist
        raise ClientException from fault


def _of_parts(parts: list[tuple[str, str | UploadFile]]) -> Form:
    files = {name: part for name, part in parts if isinstance(part, UploadFile) and part.filename}
    return Form([(name, part) for name, part in parts if isinstance(part, str)], files)


def form_of(request: PageRequest) -> Form:
    """What was sent with a POST; empty for a GET."""
    return cast("Form", request.scope["state"].get("form") or Form())


def asked_of(request: PageRequest) -> Form:
    """The query string, to be read like a form: filters, sorting, page."""
    return Form((name, str(value)) for name, value in request.query_params.multi_items())


def person_required(request: PageRequest) -> Person:
    """The signed-in person; the guard has seen to it on every page that is not public."""
    person = person_of(request)
    if person is None:
        raise SignInNeeded
    return person


def grant_required(request: PageRequest) -> Grant:
    """What the bearer token allows; the guard has seen to it under `/api/`."""
    grant = grant_of(request)
    if grant is None:
        raise TokenNeeded
    return grant
