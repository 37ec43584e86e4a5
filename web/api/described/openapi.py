"""OpenAPI 3.1 of the API, made of what the handlers carry: their types, examples and scopes."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final, cast

import msgspec
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute

from web.api.described.problem_words import CODES, PROBLEMS, problem_example, problem_schema
from web.api.described.schemas import Schemas
from web.api.http.describing import JSON, Operation
from web.api.register import examples
from web.api.register.correcting import Correct
from web.api.register.deed_bodies import deed_body, partner_body
from web.api.register.deed_examples import DEED_EXAMPLES, PARTNER_DEED_EXAMPLES
from web.api.register.deeds import DEEDS
from web.api.register.shapes import Waits
from web.initiatives.deed_words import DEEDS as DEED_WORDS
from web.partners.words import PARTNER_DEEDS
from web.problems import MEDIA_TYPE

API: Final = "/api/v1"
DEED_PATH: Final = "/{deed}"
RESPONSES: Final = "#/components/responses/"
ABOUT: Final = """\
What the pages of Pobratim show and do, for programs. A token acts for its account within its scopes: it sees and does
what the account could on the pages, and nothing beyond. Decide by `code`, never by a sentence."""
_READS_ALWAYS: Final = (401, 403, 422, 429, 503)
_WRITES_ALWAYS: Final = (400, 401, 403, 413, 415, 422, 429, 503)
_PARAMETER: Final = re.compile(r"{(\w+)(?::\w+)?}")
_IN_PATH: Final[dict[str, dict[str, Any]]] = {
    "number": {"type": "string", "pattern": "^[12][0-9]{3}-[0-9]{4,7}$"},
    "partner": {"type": "string", "format": "uuid"},
    "code": {"type": "string", "pattern": "^[a-z]+(-[a-z]+)*$", "maxLength": 60},
    "pin": {"type": "string", "pattern": "^[a-z_]+@[0-9]{1,4}$"},
    "subscription": {"type": "string", "pattern": "^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$"},
    "absence": {"type": "string", "format": "uuid"},
    "view": {"type": "string", "format": "uuid"},
    "notice": {"type": "integer", "minimum": 1, "maximum": 2**63 - 1},
    "topic": {"type": "string", "pattern": r"^[a-z.-]{1,100}\.v[0-9]{1,4}$"},
}
_IF_MATCH: Final = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "description": 'The version that was seen, `"7"`, or the `ETag`; `*` takes whatever stands there.',
    "schema": {"type": "string", "pattern": r'^("[1-9][0-9]{0,8}(-[0-9a-f]+)?"|\*)$'},
    "example": '"7"',
}
_IDEMPOTENCY_KEY: Final = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "Names the request: sent again with the same key it is done once, and answered the same.",
    "schema": {"type": "string", "pattern": "^[!-~]{1,255}$"},
    "example": "6f1c2f0e-5a0b-4b53-9e2d-7d1f4d0c8a11",
}
_IF_NONE_MATCH: Final = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "The `ETag` of an earlier answer: 304 where nothing changed.",
    "schema": {"type": "string"},
}


def operations(app: Litestar) -> Iterator[tuple[str, str, Operation, str]]:
    """Path, method, what it says of itself, and its docstring; deeds each for itself."""
    for route in app.routes:
        if not isinstance(route, HTTPRoute) or not route.path.startswith(API):
            continue
        for handler in route.route_handlers:
            operation = cast("Operation | None", handler.opt.get("api"))
            if operation is None:
                continue
            path = _PARAMETER.sub(r"{\1}", route.path)
            method = next(str(method) for method in handler.http_methods if str(method) != "OPTIONS").lower()
            for each, its in _expanded(path, operation):
                yield each, method, its, _said(handler)


def document(app: Litestar, base_url: str) -> dict[str, Any]:
    """The whole description."""
    found = list(operations(app))
    asked = [operation.asked for _, _, operation, _ in found if operation.asked]
    schemas = Schemas(asked, [kind for _, _, operation, _ in found for kind in _types(operation)])
    paths: dict[str, dict[str, Any]] = {}
    for path, method, operation, said in found:
        paths.setdefault(path, {})[method] = _operation(path, operation, said, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Pobratim",
            "version": "1",
            "summary": "Partnerships of towns, for programs",
            "description": ABOUT,
        },
        "servers": [{"url": base_url}],
        "tags": [{"name": tag} for tag in dict.fromkeys(operation.tag for _, _, operation, _ in found)],
        "paths": paths,
        "components": {
            "schemas": {**schemas.components, **_OWN_SCHEMAS},
            "responses": {f"Problem{status}": _problem(status) for status in PROBLEMS},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "description": _BEARER}},
        },
        "x-refusal-codes": CODES,
    }


_BEARER: Final = "From `pobratim account token`. Its scopes, such as `cases:read`, say what it is good for."
_OWN_SCHEMAS: Final[dict[str, Any]] = {
    "Problem": problem_schema(),
    "CloudEvent": {
        "title": "CloudEvent",
        "description": "A fact as CloudEvents 1.0. Of `data.fact` the schema stands at `/api/v1/schemas/{type}`.",
        "type": "object",
        "required": ["specversion", "id", "source", "type", "subject", "time", "sequence", "data"],
        "properties": {
            "specversion": {"const": "1.0"},
            "id": {"type": "string", "pattern": "^[0-9]+$", "description": "The position in the log."},
            "source": {"type": "string"},
            "type": {"type": "string"},
            "subject": {"type": "string", "description": "The number of the case; of a partner its id."},
            "time": {"type": "string", "format": "date-time"},
            "datacontenttype": {"const": "application/json"},
            "sequence": {"type": "string", "pattern": "^[0-9]{20}$"},
            "occurredon": {"type": "string", "description": "A day, a month or a year."},
            "data": {
                "type": "object",
                "required": ["stream", "version", "actor", "fact"],
                "properties": {
                    "stream": {"type": "string", "format": "uuid"},
                    "version": {"type": "integer", "minimum": 1},
                    "actor": {"type": "string", "format": "uuid"},
                    "on_behalf_of": {"type": "string", "format": "uuid"},
                    "fact": {"type": "object", "required": ["fact"], "properties": {"fact": {"type": "string"}}},
                },
            },
        },
    },
}
_BATCH: Final = {"type": "array", "items": {"$ref": "#/components/schemas/CloudEvent"}}


def _expanded(path: str, operation: Operation) -> Iterator[tuple[str, Operation]]:
    """One operation for each deed: each has a body of its own."""
    if not path.endswith(DEED_PATH):
        yield path, operation
        return
    of_a_case = operation.id == "doDeed"
    for deed in DEEDS if of_a_case else PARTNER_DEEDS:
        words = DEED_WORDS.get(deed) if of_a_case else PARTNER_DEEDS[deed]
        kind: Any = (Correct if deed == "correct" else deed_body(deed)) if of_a_case else partner_body(deed)
        name = "".join(part.capitalize() for part in deed.split("-"))
        yield (
            path.removesuffix(DEED_PATH) + f"/{deed}",
            msgspec.structs.replace(
                operation,
                id=f"{name[0].lower()}{name[1:]}{'' if of_a_case else 'Partner'}",
                summary=words.title if words else "Correct an earlier fact",
                about=words.when if words else "The wrong fact stays in the history, with the right one beside it.",
                body=kind,
                body_example=(DEED_EXAMPLES if of_a_case else PARTNER_DEED_EXAMPLES)[deed],
            ),
        )


def _types(operation: Operation) -> Iterator[Any]:
    yield from (kind for kind in (operation.body, operation.answer) if kind is not None)
    yield Waits


def _operation(path: str, operation: Operation, said: str, schemas: Schemas) -> dict[str, Any]:
    writes = operation.body is not None
    described: dict[str, Any] = {
        "operationId": operation.id,
        "tags": [operation.tag],
        "summary": operation.summary,
        "description": " ".join(filter(None, (operation.about, said))),
        "parameters": _parameters(path, operation, schemas),
        "responses": _responses(operation, schemas),
        "security": [{"token": []}] if operation.scope else [],
    }
    if operation.scope:
        described["x-scope"] = operation.scope
    if writes:
        content = {"schema": schemas.of(operation.body), "example": operation.body_example}
        described["requestBody"] = {"required": True, "content": {JSON: content}}
    return described


def _parameters(path: str, operation: Operation, schemas: Schemas) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = []
    for name in _PARAMETER.findall(path):
        example = operation.path.get(name)
        listed.append({"name": name, "in": "path", "required": True, "schema": _IN_PATH[name], "example": example})
    if operation.asked is not None:
        listed += schemas.parameters(operation.asked)
    listed += [{"in": "header", "required": False, **header} for header in operation.headers]
    if operation.body is not None:
        listed.append(_IDEMPOTENCY_KEY)
        listed += [_IF_MATCH] if 428 in operation.problems else []  # noqa: PLR2004 - a status by its number
    elif operation.etag:
        listed.append(_IF_NONE_MATCH)
    return listed


def _responses(operation: Operation, schemas: Schemas) -> dict[str, Any]:
    writes = operation.body is not None
    schema = operation.answer_schema or (schemas.of(operation.answer) if operation.answer else _BATCH)
    content: dict[str, Any] = {"schema": schema}
    if operation.example is not None:
        content["example"] = msgspec.to_builtins(operation.example)
    responses: dict[str, Any] = {
        str(operation.status): {
            "description": "Done." if writes else "As asked.",
            "content": {operation.media: content},
        }
    }
    if writes and 428 in operation.problems and operation.tag == "Deeds":  # noqa: PLR2004
        waits = {"schema": schemas.of(Waits), "example": examples.WAITS}
        responses["202"] = {
            "description": "A second person has to approve it first, and was asked to. Send it again then.",
            "content": {JSON: waits},
        }
    if not writes and operation.etag:
        responses["304"] = {"description": "Nothing changed since the `ETag`."}
    always: Sequence[int] = _WRITES_ALWAYS if writes else _READS_ALWAYS if operation.scope else ()
    for status in sorted({*always, *operation.problems}):
        responses[str(status)] = {"$ref": f"{RESPONSES}Problem{status}"}
    return responses


def _problem(status: int) -> dict[str, Any]:
    content = {"schema": {"$ref": "#/components/schemas/Problem"}, "example": problem_example(status)}
    return {"description": PROBLEMS[status], "content": {MEDIA_TYPE: content}}


def _said(handler: HTTPRouteHandler) -> str:
    """The docstring of the function, in one paragraph; those of deeds speak of each deed."""
    function: Any = getattr(handler.fn, "func", handler.fn)
    return " ".join((function.__doc__ or "").split())
