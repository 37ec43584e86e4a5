"""`GET /api/v1/events`: the first subscriber's door."""

from typing import Final
from urllib.parse import urlencode

import msgspec
from litestar import Response, get
from litestar.concurrency import sync_to_thread
from litestar.di import NamedDependency
from litestar.response.streaming import ASGIStreamingResponse
from msgspec.structs import replace

from application.access import Person
from application.feed import FeedFilter, FeedPage, FeedQuery, StreamQuery, batch
from web.api.feed.event_parameters import LAST_EVENT_ID, feed_pairs, feed_query, last_event_id
from web.api.feed.event_streams import EVENT_STREAM, SCOPE, EventStream, EventStreamResponse
from web.api.http.describing import Operation
from web.api.register import examples
from web.forms import Form
from web.guards import grant_required
from web.heads import HEAD_ONLY
from web.parts import Parts
from web.session import PageRequest, bearer_of, path_of

MEDIA_TYPE: Final = "application/cloudevents-batch+json"
_LAST_EVENT_ID: Final = {
    "name": LAST_EVENT_ID,
    "description": "Goes on behind that event, and counts more than `after`.",
    "schema": {"type": "string", "pattern": "^[0-9]{1,19}$"},
    "example": "1187",
}
_EVENT: Final = examples.EVENTS[0]
_BLOCK: Final = f"id: {_EVENT['id']}\nevent: {_EVENT['type']}\ndata: {msgspec.json.encode(_EVENT).decode()}\n\n"
_UNBUFFERED: Final = {"x-accel-buffering": "no"}
"""What keeps nginx from holding pieces of a stream back."""


@get(
    "/api/v1/events",
    sync_to_thread=True,
    api=Operation(
        id="listEvents",
        tag="Events",
        summary="Facts after a position, as a CloudEvents batch.",
        asked=FeedQuery,
        answer=None,
        media=MEDIA_TYPE,
        example=examples.EVENTS,
        scope=SCOPE,
        etag=False,
    ),
)
def events(request: PageRequest, parts: NamedDependency[Parts], asked: NamedDependency[Form]) -> Response[bytes]:
    """Facts after a position as a CloudEvents batch; `Link: rel="next"` leads on, also from an empty page."""
    grant = grant_required(request)
    grant.require(SCOPE)
    query = feed_query(asked)
    found = parts.feed.page(grant.person, query)
    headers = {"Link": f'<{_next(request, query, found)}>; rel="next"'}
    return Response(batch(found.events), media_type=MEDIA_TYPE, headers=headers)


@get(
    "/api/v1/events/stream",
    api=Operation(
        id="streamEvents",
        tag="Events",
        summary="The same events as they are recorded, without an end.",
        about="By HEAD it is looked whether a stream would begin: the same status and head, and no stream.",
        asked=StreamQuery,
        answer=None,
        answer_schema={"type": "string", "description": "Server-Sent Events; `data` is one event of the feed."},
        media=EVENT_STREAM,
        headers=(_LAST_EVENT_ID,),
        example=_BLOCK,
        scope=SCOPE,
        etag=False,
    ),
)
async def event_stream(
    request: PageRequest, parts: NamedDependency[Parts], asked: NamedDependency[Form]
) -> ASGIStreamingResponse:
    """The same events as they are recorded, as Server-Sent Events; `Last-Event-ID` goes on after it, `after` too."""
    grant = grant_required(request)
    grant.require(SCOPE)
    query = feed_query(asked, without=frozenset({"limit"}))
    if (last := last_event_id(request)) is not None:
        query = replace(query, after=last)
    wanted = await sync_to_thread(_begin, parts, grant.person, query)
    if HEAD_ONLY in request.scope["state"]:
        return ASGIStreamingResponse(iterator=iter(()), media_type=EVENT_STREAM, headers=_UNBUFFERED)
    stream = EventStream(parts.event_streams, grant, bearer_of(request), query, wanted)
    return EventStreamResponse(stream, _UNBUFFERED)


def _begin(parts: Parts, person: Person, query: FeedQuery) -> FeedFilter:
    """Whatever keeps a stream from beginning is raised here, where it can still be told: as for the pull feed."""
    wanted = parts.feed.opened(person, query)
    parts.feed.require_reached(query.after)
    parts.feed.look(wanted, query.after, 1)
    parts.event_streams.live.start()
    return wanted


def _next(request: PageRequest, query: FeedQuery, found: FeedPage) -> str:
    parameters = [("after", str(found.next)), ("limit", str(query.limit)), *feed_pairs(query)]
    return f"{path_of(request)}?{urlencode(parameters)}"
