"""Our cookies: out of reach of scripts and other sites, and bound to this host where TLS allows it."""

import base64
import binascii
from datetime import timedelta
from typing import Final

from litestar.datastructures import Cookie

from application.kept_entries import KEPT as KEPT_FOR
from application.signing_in import LONGEST
from web.parts import Connection, parts_of

SESSION: Final = "pobratim"
VISIT: Final = "pobratim-visit"
"""A random word before sign-in, to which the sign-in form is bound."""
LANGUAGE: Final = "pobratim-language"
SAID: Final = "pobratim-said"
"""One sentence for the next page."""
KEPT: Final = "pobratim-kept"
"""Names the entry that waits for the next sign-in of this browser."""
TARGET: Final = "pobratim-target"
"""The page that was asked for before signing in, for a sign-in by link."""
_LASTS: Final = {
    SESSION: LONGEST,
    VISIT: timedelta(hours=12),
    LANGUAGE: timedelta(days=400),
    SAID: timedelta(minutes=1),
    KEPT: KEPT_FOR,
    TARGET: KEPT_FOR,
}


def read(connection: Connection, cookie: str) -> str | None:
    return connection.cookies.get(_name(connection, cookie))


def given(connection: Connection, cookie: str, value: str) -> Cookie:
    """A cookie to set on an answer."""
    return _cookie(connection, cookie, value, int(_LASTS[cookie].total_seconds()))


def taken(connection: Connection, cookie: str) -> Cookie:
    """The same cookie, to be forgotten."""
    return _cookie(connection, cookie, "", 0)


def packed(text: str) -> str:
    """Any text as a cookie can hold it."""
    return base64.urlsafe_b64encode(text.encode()).decode()


def unpacked(value: str | None) -> str:
    """What `packed` was given; empty for anything else, since it comes back from a browser."""
    try:
        return base64.b64decode((value or "").encode("ascii"), altchars=b"-_", validate=True).decode()
    except (ValueError, binascii.Error):
        return ""


def _cookie(connection: Connection, cookie: str, value: str, seconds: int) -> Cookie:
    secure = parts_of(connection).settings.secure
    name = _name(connection, cookie)
    return Cookie(key=name, value=value, max_age=seconds, path="/", httponly=True, samesite="lax", secure=secure)


def _name(connection: Connection, cookie: str) -> str:
    """`__Host-` makes a browser refuse the cookie from a sub-domain or without TLS."""
    return f"__Host-{cookie}" if parts_of(connection).settings.secure else cookie
