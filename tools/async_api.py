"""The AsyncAPI 3 document: what Pobratim sends, by which ways, and how each event looks."""

from typing import Any, Final

from application.feed_events import CloudEvent
from application.feed_filter import given_out
from web.api.described.contracts import REFERENCE, Published

_COMPONENTS: Final = "#/components/schemas/"
_ENVELOPE: Final = CloudEvent.__name__
_SECURITY: Final = [{"$ref": "#/components/securitySchemes/token"}]
_ABOUT: Final = (
    "Every fact of the register of partnerships of local governments as a CloudEvents 1.0 event. One position (`id`) "
    "counts on every way: a subscriber may change the way and go on behind the last one it has seen. An event may come "
    "again; `source` and `id` name it for good. Be ready for fields and codes that you do not know."
)
_WAYS: Final[dict[str, dict[str, Any]]] = {
    "feed": {
        "address": "/api/v1/events",
        "title": "Pull feed",
        "description": "Batches of events after a position (application/cloudevents-batch+json); Link rel=next leads "
        "on. Filters: type, case, local_government, kind.",
        "bindings": {"http": {"bindingVersion": "0.3.0"}},
    },
    "stream": {
        "address": "/api/v1/events/stream",
        "title": "Server-Sent Events",
        "description": "The same events as they come: id is the position, event the topic, data the bytes of the feed. "
        "Last-Event-ID goes on behind a position.",
        "bindings": {"http": {"bindingVersion": "0.3.0"}},
    },
    "webhook": {
        "address": None,
        "title": "Webhook",
        "description": "The same bytes by POST to the address of a subscription, signed by the Standard Webhooks "
        "specification, in order for each case.",
        "bindings": {"http": {"bindingVersion": "0.3.0"}},
    },
}


def asyncapi(published: Published) -> dict[str, Any]:
    """Without `servers`: the installation that gives it away says where it is."""
    topics = list(filter(given_out, published.topics))
    messages = {topic: {"$ref": f"#/components/messages/{topic}"} for topic in topics}
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Pobratim: events",
            "version": "1",
            "description": _ABOUT,
        },
        "defaultContentType": "application/cloudevents+json",
        "channels": {name: {**way, "messages": messages} for name, way in _WAYS.items()},
        "operations": {
            f"send-by-{name}": {
                "action": "send",
                "channel": {"$ref": f"#/channels/{name}"},
                "summary": str(way["title"]),
                **({} if name == "webhook" else {"security": _SECURITY}),
            }
            for name, way in _WAYS.items()
        },
        "components": {
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A token with the scope events:read, from an administrator of the office.",
                }
            },
            "messages": {topic: _message(topic, published) for topic in topics},
            "schemas": {
                name: _led(schema)
                for name, schema in published.schemas.items()
                if name not in published.replaced and given_out(name)
            },
        },
    }


def _message(topic: str, published: Published) -> dict[str, Any]:
    fact = {"properties": {"fact": {"$ref": _COMPONENTS + topic}}}
    return {
        "name": topic,
        "summary": published.schemas[topic]["description"],
        "contentType": "application/cloudevents+json",
        "payload": {
            "allOf": [
                {"$ref": _COMPONENTS + _ENVELOPE},
                {"type": "object", "properties": {"type": {"const": topic}, "data": fact}},
            ]
        },
    }


def _led(schema: Any) -> Any:
    match schema:
        case {"$ref": str(to), **rest}:
            return {**rest, "$ref": to.replace(REFERENCE, _COMPONENTS)}
        case dict():
            return {name: _led(one) for name, one in schema.items()}  # pyright: ignore[reportUnknownVariableType]
        case list():
            return [_led(one) for one in schema]  # pyright: ignore[reportUnknownVariableType]
        case _:
            return schema
