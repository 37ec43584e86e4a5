"""HEAD wherever there is GET: the same answer without its body (RFC 9110, 9.3.2), as monitors and caches ask for it."""

from typing import Any, Final, cast

from litestar.types import ASGIApp, Message, Receive, Scope, Send

HEAD_ONLY: Final = "head_only"
"""In the state of a request whose body nobody will get, for answers that would have no end."""
_BODY: Final = "http.response.body"


def served_by_get(app: ASGIApp) -> ASGIApp:
    """Around the whole application, so that routes, guards and rights know only GET."""

    async def asgi(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        head = scope["method"] == "HEAD"
        if head:
            scope["method"] = cast("Any", "GET")
            scope.setdefault("state", {})[HEAD_ONLY] = True

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [_allowing_head(*header) for header in cast("Any", message["headers"])]
            elif head and message["type"] == _BODY:
                message["body"] = b""
            await send(message)

        await app(scope, receive, answer)

    return asgi


def _allowing_head(name: bytes, value: bytes) -> tuple[bytes, bytes]:
    """What 405 and OPTIONS say."""
    allowed = value.split(b", ")
    more = name.lower() == b"allow" and b"GET" in allowed and b"HEAD" not in allowed
    return (name, b", ".join([*allowed, b"HEAD"]) if more else value)
