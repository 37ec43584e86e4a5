"""Headers that every answer carries, whoever made it: pages, refusals, errors, files."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, cast

from litestar.datastructures import MutableScopeHeaders
from litestar.types import Message, Scope

from application.allowances import WINDOW, Allowance

_POLICY: Final = "; ".join(
    (
        "default-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "object-src 'none'",
    )
)
_ALWAYS: Final = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
_NAME: Final = "minute"
_TWO_YEARS: Final = "max-age=63072000"


async def allowance_headers(message: Message, scope: Scope) -> None:
    """A hook for `before_send`: what may still be asked (draft-ietf-httpapi-ratelimit-headers-10)."""
    found = cast("Mapping[str, Any]", scope).get("state", {}).get("allowance")
    if message["type"] != "http.response.start" or not isinstance(found, Allowance):
        return
    headers = MutableScopeHeaders.from_message(cast("Any", message))
    headers["ratelimit-policy"] = f'"{_NAME}";q={found.limit};w={int(WINDOW.total_seconds())}'
    headers["ratelimit"] = f'"{_NAME}";r={found.remaining};t={found.full_in}'


def security_headers(*, secure: bool) -> Callable[[Message, Scope], Awaitable[None]]:
    """A hook for `before_send`: it wraps the outermost `send`, so 400, 404 and 500 pass through it too.

    A page is kept by nobody unless its handler said otherwise; `secure` adds the promise of TLS.
    """
    always = _ALWAYS | ({"strict-transport-security": _TWO_YEARS} if secure else {})

    async def before_send(message: Message, scope: Scope) -> None:
        if message["type"] != "http.response.start":
            return
        headers = MutableScopeHeaders.from_message(cast("Any", message))
        for name, value in always.items():
            headers[name] = value
        if "cache-control" not in headers:
            headers["cache-control"] = "no-store"

    return before_send
