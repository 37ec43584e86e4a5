"""`GET /api/v1/events`: the first subscriber's door."""

from urllib.parse import urlencode

from litestar import Response, get
from litestar.di import NamedDependency

from application.feed import FeedPage, FeedQuery, encoded
from web.api.event_parameters import feed_pairs, feed_query
from web.forms import Form
from web.guards import grant_required
from web.parts import Parts
from web.session import PageRequest, path_of

MEDIA_TYPE = "application/cloudevents-batch+json"


@get("/api/v1/events", sync_to_thread=True)
def events(request: PageRequest, parts: NamedDependency[Parts], asked: NamedDependency[Form]) -> Response[bytes]:
    """Facts after a position as a CloudEvents batch; `Link: rel="next"` leads on, also from an empty page."""
    grant = grant_required(request)
    grant.require("events:read")
    query = feed_query(asked)
    found = parts.feed.page(grant.person, query)
    body = b"[" + b",".join(encoded(event) for event in found.events) + b"]"
    return Response(body, media_type=MEDIA_TYPE, headers={"Link": f'<{_next(request, query, found)}>; rel="next"'})


def _next(request: PageRequest, query: FeedQuery, found: FeedPage) -> str:
    parameters = [("after", str(found.next)), ("limit", str(query.limit)), *feed_pairs(query)]
    return f"{path_of(request)}?{urlencode(parameters)}"
