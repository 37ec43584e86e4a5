"""Who is asking: the signed-in person of a cookie, or of a bearer token; and in which language to answer."""

import secrets
from collections.abc import Mapping
from typing import Any, Final, cast
from urllib.parse import quote

from litestar import Request
from litestar.concurrency import sync_to_thread
from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie
from litestar.middleware import AbstractAuthenticationMiddleware, AuthenticationResult

from application.access import Person
from application.oidc_clients import LONGEST_ACCESS_TOKEN
from application.signing_in import Session
from application.tokens import Grant
from web import cookies, csrf
from web.client_address import client_address, networks
from web.language import ABROAD, LOCALES, Language, language
from web.language.negotiation import negotiated, negotiated_abroad
from web.parts import Connection, parts_of

PageRequest = Request[Any, Any, Any]
_LONGEST_SECRET: Final = 100
API: Final = "/api/"
_SAFE_IN_QUERY: Final = "!#$%&'()*+,/:;=?@[]~-._"


class Recognition(AbstractAuthenticationMiddleware):
    """Sets `user` (a Person or None) and `auth` (a Session, a Grant or None); it refuses nobody, guards do.

    Routes with `opt={"anonymous": True}` are served without a look at cookies or at the database.
    Under `/api/` only a bearer token counts: a cookie there would need protection against forged requests.
    """

    async def authenticate_request(self, connection: ASGIConnection[Any, Any, Any, Any]) -> AuthenticationResult:
        found: Session | Grant | None = None
        signing_in = parts_of(connection).signing_in
        if path_of(connection).startswith(API):
            if token := bearer_of(connection):
                found = await sync_to_thread(signing_in.grant, token)
        elif (secret := cookies.read(connection, cookies.SESSION)) and len(secret) <= _LONGEST_SECRET:
            found = await sync_to_thread(signing_in.session, secret)
        return AuthenticationResult(user=found.person if found else None, auth=found)


def bearer_of(connection: Connection) -> str:
    """The token of an API request; empty where there is none that could be one."""
    kind, _, token = connection.headers.get("authorization", "").partition(" ")
    longest = LONGEST_ACCESS_TOKEN if "." in token else _LONGEST_SECRET
    return token.strip() if kind.lower() == "bearer" and len(token) <= longest else ""


def admit(connection: Connection, secret: str) -> list[Cookie]:
    """From here on the request is that of the session just opened; the cookies make the browser's next one so too."""
    parts = parts_of(connection)
    if old := cookies.read(connection, cookies.SESSION):
        parts.signing_in.sign_out(old[:_LONGEST_SECRET])
    session = parts.signing_in.session(secret)
    connection.scope["user"], connection.scope["auth"] = (session.person if session else None), session
    locale = session.locale if session else parts.settings.locale
    return [
        cookies.given(connection, cookies.SESSION, secret),
        cookies.given(connection, cookies.LANGUAGE, locale),
        cookies.taken(connection, cookies.VISIT),
    ]


def asking_address(connection: Connection) -> str:
    """The network address that asks, behind the proxies that are trusted to say so."""
    peer = connection.client.host if connection.client else None
    trusted = networks(parts_of(connection).settings.trusted_proxies)
    return client_address(peer, connection.headers.getall("x-forwarded-for", []), trusted)


def path_of(connection: Connection) -> str:
    """As the router read it. `connection.url` cannot be had from a request whose `Host` is none, and this can."""
    return str(_scope(connection)["path"])


def address_of(connection: Connection) -> str:
    """Path and query as the browser has them, in ASCII, for a link or a form that comes back here."""
    query = quote(cast("bytes", _scope(connection)["query_string"]), safe=_SAFE_IN_QUERY)
    path = quote(path_of(connection))
    return f"{path}?{query}" if query else path


def person_of(connection: Connection) -> Person | None:
    """The signed-in person, also where no route was found and nobody was looked for."""
    return cast("Person | None", _scope(connection).get("user"))


def _scope(connection: Connection) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", connection.scope)


def session_of(connection: Connection) -> Session | None:
    found = _scope(connection).get("auth")
    return found if isinstance(found, Session) else None


def grant_of(connection: Connection) -> Grant | None:
    """What the bearer token of an API request allows."""
    found = _scope(connection).get("auth")
    return found if isinstance(found, Grant) else None


def language_of(connection: Connection) -> Language:
    """Of the account, else of the cookie, else what the browser asks for, else that of the installation."""
    session = session_of(connection)
    chosen = cookies.read(connection, cookies.LANGUAGE)
    default, asked = parts_of(connection).settings.locale, connection.headers.get("accept-language", "")
    if (given := connection.scope["state"].get("abroad")) is not None:
        return language(next((code for code in (chosen, given) if code in ABROAD), negotiated_abroad(asked, default)))
    if session:
        chosen = session.locale
    if chosen in LOCALES:
        return language(chosen)
    return language(negotiated(asked, "en" if chosen in ABROAD else default))


def speak_abroad(connection: Connection, locale: str = "") -> None:
    """The page is for a side abroad: in the language that its reader chose, else in that of the link, else in that of
    the browser."""
    connection.scope["state"]["abroad"] = locale


def visit_of(connection: Connection) -> str:
    """To what forms are bound: the session, or before sign-in a random word, which is made here if there is none."""
    if session := session_of(connection):
        return session.key
    state = connection.scope["state"]
    known = cookies.read(connection, cookies.VISIT)
    if not known:
        known = state.setdefault("new_visit", secrets.token_urlsafe(16))
    return f"visit {known}"


def new_visit(connection: Connection) -> str | None:
    """The random word that `visit_of` had to make: the answer must set it as a cookie."""
    return cast("str | None", connection.scope["state"].get("new_visit"))


def form_token(connection: Connection) -> str:
    """For the hidden field of every form on the page."""
    return csrf.token(parts_of(connection).settings.secret_key, visit_of(connection))


def token_fits(connection: Connection, token: str) -> bool:
    return csrf.fits(token, parts_of(connection).settings.secret_key, visit_of(connection))


def own_origins(connection: Connection) -> frozenset[str]:
    host = connection.headers.get("host", "")
    return csrf.origins(parts_of(connection).settings.base_url, host, str(_scope(connection).get("scheme", "http")))
