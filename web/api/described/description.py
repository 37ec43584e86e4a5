"""`GET /api/v1/openapi.json`, and the same to read in a browser: both without a token, both without any other site."""

from typing import Any, Final, cast

import msgspec
from litestar import Litestar, Response, get
from litestar.di import NamedDependency

from web.api.described.openapi import RESPONSES, document
from web.api.described.problem_words import CODES, PROBLEMS
from web.api.http.answering import tagged
from web.api.http.describing import JSON, Operation
from web.pages import page
from web.parts import Parts
from web.session import PageRequest

OPEN: Final = {"public": True, "anonymous": True}
ADDRESS: Final = "/api/v1/openapi.json"
_STATE: Final = "openapi"


class Field(msgspec.Struct, frozen=True):
    name: str
    kind: str
    needed: bool
    about: str


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """One operation as the page shows it."""

    id: str
    method: str
    path: str
    summary: str
    about: str
    scope: str
    parameters: tuple[Field, ...]
    body: tuple[Field, ...]
    example: str
    """What is sent, as curl would."""
    answers: tuple[tuple[str, str], ...]
    answer: str
    """An example."""


@get(
    ADDRESS,
    opt=OPEN,
    sync_to_thread=True,
    api=Operation(
        id="getDescription",
        tag="Description",
        summary="This description, as OpenAPI 3.1.",
        answer=None,
        answer_schema={"type": "object", "required": ["openapi", "paths"]},
        example=None,
        scope=None,
    ),
)
def openapi(request: PageRequest, parts: NamedDependency[Parts]) -> Response[bytes]:
    return tagged(request, msgspec.json.encode(described(request.app, parts)), JSON)


@get("/api/v1/docs", opt=OPEN, sync_to_thread=True)
def docs(request: PageRequest, parts: NamedDependency[Parts]) -> Response[str]:
    """The description for people."""
    held = described(request.app, parts)
    groups: dict[str, list[Shown]] = {tag["name"]: [] for tag in held["tags"]}
    for path, methods in held["paths"].items():
        for method, operation in methods.items():
            groups[operation["tags"][0]].append(_shown(path, method, operation, held, parts.settings.base_url))
    return page(
        request, "api/docs.html", groups=groups, about=held["info"]["description"], problems=PROBLEMS, codes=CODES
    )


def described(app: Litestar, parts: Parts) -> dict[str, Any]:
    """Made once an application."""
    if _STATE not in app.state:
        app.state[_STATE] = document(app, parts.settings.base_url)
    return app.state[_STATE]


def _shown(path: str, method: str, operation: dict[str, Any], held: dict[str, Any], base_url: str) -> Shown:
    components = held["components"]["schemas"]
    content = operation.get("requestBody", {}).get("content", {}).get(JSON, {})
    done: dict[str, Any] = next(iter(operation["responses"].values())).get("content", {})
    nothing: dict[str, Any] = {}
    example: Any = next(iter(done.values()), nothing).get("example")
    return Shown(
        id=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation["summary"],
        about=operation["description"],
        scope=operation.get("x-scope", ""),
        parameters=tuple(
            Field(p["name"], _kind(p["schema"], components), p["required"], p.get("description", ""))
            for p in operation["parameters"]
        ),
        body=tuple(_fields(content.get("schema", {}), components)),
        example=_curl(path, method, operation, content, base_url),
        answers=tuple((status, _meaning(answer)) for status, answer in operation["responses"].items()),
        answer=_json(example) if example is not None else "",
    )


def _meaning(answer: dict[str, Any]) -> str:
    """What a status says; of a problem in its own words."""
    return answer.get("description") or PROBLEMS[int(answer["$ref"].removeprefix(f"{RESPONSES}Problem"))]


def _fields(schema: dict[str, Any], components: dict[str, Any]) -> list[Field]:
    schema = _resolved(schema, components)
    required = schema.get("required", ())
    return [
        Field(name, _kind(one, components), name in required, _about(one))
        for name, one in schema.get("properties", {}).items()
    ]


def _about(schema: dict[str, Any]) -> str:
    """What a field means, also where it may be null."""
    ways = cast("list[dict[str, Any]]", schema.get("anyOf", []))
    told = [str(one["description"]) for one in (schema, *ways) if "description" in one]
    return told[0] if told else ""


def _resolved(schema: dict[str, Any], components: dict[str, Any]) -> dict[str, Any]:
    return components[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema


def _kind(schema: dict[str, Any], components: dict[str, Any]) -> str:
    """A type in a few words."""
    if "anyOf" in schema:
        return " | ".join(dict.fromkeys(_kind(one, components) for one in schema["anyOf"]))
    found = _resolved(schema, components)
    if "enum" in found:
        return " | ".join(map(str, found["enum"]))
    if found.get("type") == "array":
        return f"[{_kind(found.get('items', {}), components)}]"
    if found is not schema and found.get("type") == "object":
        return str(schema["$ref"].rpartition("/")[2])
    kind = str(found.get("type", "any"))
    bounds = [f"{sign} {found[name]}" for name, sign in _BOUNDS.items() if name in found]
    return " ".join([str(found.get("format", kind)), *bounds])


_BOUNDS: Final = {"minimum": "≥", "maximum": "≤", "maxLength": "≤"}


def _curl(path: str, method: str, operation: dict[str, Any], content: dict[str, Any], base_url: str) -> str:
    query: list[str] = []
    for one in cast("list[dict[str, Any]]", operation["parameters"]):
        if one["in"] == "path":
            path = path.replace(f"{{{one['name']}}}", str(one["example"]))
        elif one["in"] == "query" and one["required"]:
            query.append(f"{one['name']}={_first(one)}")
    address = f"{base_url}{path}{'?' if query else ''}{'&'.join(query)}"
    lines = [f"curl '{address}'" if method == "get" else f"curl -X {method.upper()} '{address}'"]
    if operation["security"]:
        lines.append('-H "Authorization: Bearer $TOKEN"')
    if content:
        headers = [one for one in operation["parameters"] if one["in"] == "header" and one["required"]]
        lines += [f"-H '{one['name']}: {one['example']}'" for one in headers]
        lines += [f"-H 'Content-Type: {JSON}'", f"-d '{msgspec.json.encode(content['example']).decode()}'"]
    return " \\\n  ".join(lines)


def _first(parameter: dict[str, Any]) -> str:
    schema = parameter["schema"]
    return str(schema["enum"][0]) if "enum" in schema else {"date": "2026-03-01"}.get(schema.get("format", ""), "…")


def _json(example: Any) -> str:
    """As it would be sent: text as it is."""
    if isinstance(example, str):
        return example
    return msgspec.json.format(msgspec.json.encode(example), indent=2).decode()
