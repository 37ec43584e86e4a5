"""What other systems may rely on, for everybody: the schemas of facts, and how they reach a subscriber.

The documents are made from the fact types by `python -m tools.contracts`.
"""

import re
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Any, Final, cast
from urllib.parse import urlsplit

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from web.api.http.describing import Operation
from web.health import OPEN
from web.parts import Parts

REFERENCE: Final = "#/$defs/"
DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
ADDRESS: Final = "/api/v1/schemas"
_FOLDER: Final = "published"
_CACHED: Final = {"cache-control": "public, max-age=3600"}
_SCHEMA: Final = "application/schema+json"
_TOPIC: Final = re.compile(r"[a-z.-]{1,100}\.v[0-9]{1,4}")


class Published(msgspec.Struct, frozen=True, kw_only=True):
    topics: list[str] = []
    """Those that are read today."""
    replaced: dict[str, str] = {}
    """Topics of facts that are sent under a newer one now."""
    schemas: dict[str, dict[str, Any]] = {}
    """Of facts by their topics, and of their parts."""


@get(
    ADDRESS,
    opt=OPEN,
    sync_to_thread=False,
    api=Operation(
        id="listSchemas",
        tag="Description",
        summary="Every topic, with the address of its schema.",
        answer=None,
        answer_schema={"type": "object"},
        example=None,
        scope=None,
        etag=False,
    ),
)
def list_schemas(parts: NamedDependency[Parts]) -> Response[bytes]:
    """Every topic with the address of its schema; `replaced_by` names the topic that is sent in the place of one."""
    found = published()
    listed = [
        {
            "topic": topic,
            "schema": f"{parts.settings.base_url}{ADDRESS}/{topic}",
            "replaced_by": found.replaced.get(topic),
        }
        for topic in sorted({*found.topics, *found.replaced} & found.schemas.keys())
    ]
    return Response(msgspec.json.encode({"topics": listed}), media_type="application/json", headers=_CACHED)


@get(
    ADDRESS + "/{topic:str}",
    opt=OPEN,
    sync_to_thread=False,
    api=Operation(
        id="getSchema",
        tag="Description",
        summary="JSON Schema of the facts of one topic.",
        answer=None,
        answer_schema={"type": "object"},
        media=_SCHEMA,
        problems=(404,),
        path={"topic": "initiative.proposed.v1"},
        example=None,
        scope=None,
        etag=False,
    ),
)
def show_schema(parts: NamedDependency[Parts], topic: FromPath[str]) -> Response[bytes]:
    """JSON Schema of `data.fact` of the events of a topic."""
    found = published()
    if not _TOPIC.fullmatch(topic) or topic not in found.schemas:
        raise NotFoundException
    needed: dict[str, dict[str, Any]] = {}
    waiting = [*_references(found.schemas[topic])]
    while waiting:
        name = waiting.pop().removeprefix(REFERENCE)
        if name not in needed:
            needed[name] = found.schemas[name]
            waiting += _references(needed[name])
    schema = {
        "$schema": DIALECT,
        "$id": f"{parts.settings.base_url}{ADDRESS}/{topic}",
        **found.schemas[topic],
        "$defs": dict(sorted(needed.items())),
    }
    return Response(msgspec.json.encode(schema), media_type=_SCHEMA, headers=_CACHED)


@get(
    "/api/v1/asyncapi.json",
    opt=OPEN,
    sync_to_thread=False,
    api=Operation(
        id="getAsyncApi",
        tag="Description",
        summary="The ways by which events reach a subscriber, as AsyncAPI 3.",
        answer=None,
        answer_schema={"type": "object"},
        example=None,
        scope=None,
        etag=False,
    ),
)
def show_asyncapi(parts: NamedDependency[Parts]) -> Response[bytes]:
    """AsyncAPI 3: the ways by which events reach a subscriber, and every message."""
    address = urlsplit(parts.settings.base_url)
    document = _document("asyncapi.json")
    document["servers"] = {"office": {"host": address.netloc, "protocol": address.scheme, "pathname": address.path}}
    return Response(msgspec.json.encode(document), media_type="application/json", headers=_CACHED)


@cache
def published() -> Published:
    return msgspec.json.decode(_read("facts.json"), type=Published)


def _document(name: str) -> dict[str, Any]:
    return msgspec.json.decode(_read(name), type=dict[str, Any])


@cache
def _read(name: str) -> bytes:
    return (resources.files("web.api.described") / _FOLDER / name).read_bytes()


def _references(schema: object) -> Iterator[str]:
    match schema:
        case {"$ref": str(to)}:
            yield to
        case dict():
            yield from _references(list(cast("dict[str, object]", schema).values()))
        case list():
            for one in cast("list[object]", schema):
                yield from _references(one)
        case _:
            pass
