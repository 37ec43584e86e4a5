"""`GET /api/v1/events`: the first subscriber's door."""

from typing import Any
from urllib.parse import urlencode

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency

from application.feed import FeedPage, FeedQuery, encoded
from domain.kernel import Refusal, Refused
from web.forms import Form
from web.guards import grant_required
from web.parts import Parts
from web.session import PageRequest, path_of

MEDIA_TYPE = "application/cloudevents-batch+json"
MANY = frozenset({"type"})
NUMBERS = frozenset({"after", "limit"})
LONGEST_NAME = 100


@get("/api/v1/events", sync_to_thread=True)
def events(request: PageRequest, parts: NamedDependency[Parts], asked: NamedDependency[Form]) -> Response[bytes]:
    """Facts after a position as a CloudEvents batch; `Link: rel="next"` leads on, also from an empty page."""
    grant = grant_required(request)
    grant.require("events:read")
    query = _query(asked)
    found = parts.feed.page(grant.person, query)
    body = b"[" + b",".join(encoded(event) for event in found.events) + b"]"
    return Response(body, media_type=MEDIA_TYPE, headers={"Link": f'<{_next(request, query, found)}>; rel="next"'})


def _query(asked: Form) -> FeedQuery:
    """Raises Refused naming the parameter that cannot be read."""
    given: dict[str, Any] = {}
    for name in {name for name, _ in asked.fields}:
        values = [part for value in asked.values(name) for part in value.split(",")]
        if name not in FeedQuery.__struct_fields__:
            raise _unreadable(name[:LONGEST_NAME], "there is no such parameter")
        if name not in MANY and len(values) > 1:
            raise _unreadable(name, "given more than once")
        if name in NUMBERS and not (values[0].isascii() and values[0].isdigit()):
            raise _unreadable(name, "expected digits")
        given[name] = values if name in MANY else values[0]
    try:
        return msgspec.convert(given, FeedQuery, strict=False)
    except msgspec.ValidationError as fault:
        reason, _, where = str(fault).partition(" - at `$.")
        raise _unreadable(where.rstrip("`").partition("[")[0], reason) from None


def _unreadable(name: str, reason: str) -> Refused:
    return Refused(Refusal("feed.parameter", {"reason": reason, "name": name}, name))


def _next(request: PageRequest, query: FeedQuery, found: FeedPage) -> str:
    parameters = [("after", str(found.next)), ("limit", str(query.limit)), *(("type", t) for t in query.type)]
    if query.case:
        parameters.append(("case", query.case))
    return f"{path_of(request)}?{urlencode(parameters)}"
