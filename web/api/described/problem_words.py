"""What can go wrong, for the description: statuses, refusal codes, and the document that says them."""

from typing import Any, Final

from web.refusals import SENTENCES

PROBLEMS: Final = {
    400: "The body or a header cannot be read: `field` says where.",
    401: "There is no token, or it is over.",
    403: "The token lacks the scope that `params` names, or the role of its account may not do this.",
    404: "There is no such thing, or it lies outside the rights of the account: the two look alike.",
    409: "Somebody changed it since the version that was seen. `ETag` names that of now.",
    413: "The body is larger than can be taken.",
    415: "Only `application/json` is taken.",
    422: "A parameter cannot be read, or a rule refuses: `code`, `params` and `field` say which and where.",
    428: "`If-Match` is missing.",
    429: "Too many requests with this token, or too many wrong tokens from this address. "
    "`Retry-After` says how many seconds to wait.",
    503: "The register or the identity provider cannot be reached now, or a past day is being put together. "
    "Ask again after `Retry-After`.",
}
_EXAMPLES: Final[dict[int, tuple[str, dict[str, Any], str | None, str]]] = {
    400: ("request.unknown-field", {"name": "colour"}, "colour", "Bad Request"),
    401: ("access.token-missing", {}, None, "Unauthorized"),
    403: ("access.scope-missing", {"scope": "cases:write"}, None, "Forbidden"),
    404: ("request.not-found", {}, None, "Not Found"),
    409: ("log.conflict", {"version": 8}, "If-Match", "Conflict"),
    413: ("request.request-entity-too-large", {}, None, "Request Entity Too Large"),
    415: ("request.json-wanted", {}, None, "Unsupported Media Type"),
    422: ("initiative.consent-missing", {}, None, "Unprocessable Entity"),
    428: ("request.if-match-missing", {}, "If-Match", "Precondition Required"),
    429: ("access.too-many-requests", {"seconds": 3}, None, "Too Many Requests"),
    503: ("log.unavailable", {}, None, "Service Unavailable"),
}
_ELSEWHERE: Final = (
    "account.",
    "sign-in.",
    "token.",
    "exchange.",
    "people.",
)
"""Of pages and commands that the API has not."""
CODES: Final = {code: text for code, text in SENTENCES.items() if not code.startswith(_ELSEWHERE)}
"""By code the English sentence, with its parameters as `%(name)s`."""


def problem_schema() -> dict[str, Any]:
    reason: dict[str, Any] = {
        "code": {"type": "string", "description": "Decide by this. `x-refusal-codes` of this document lists them."},
        "params": {"type": "object", "additionalProperties": {"type": ["string", "integer"]}},
        "field": {"type": ["string", "null"], "description": "The parameter, header or field of the body."},
        "detail": {"type": "string", "description": "For people; it may change."},
    }
    return {
        "title": "Problem",
        "description": "RFC 9457. `errors` lists every reason; `code`, `params` and `field` are those of the first.",
        "type": "object",
        "required": ["type", "title", "status", "detail", "instance", *("code", "params", "field", "errors")],
        "properties": {
            "type": {"const": "about:blank"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "instance": {"type": "string"},
            **reason,
            "errors": {
                "type": "array",
                "minItems": 1,
                "items": {"type": "object", "required": [*reason], "properties": reason},
            },
        },
    }


def problem_example(status: int) -> dict[str, Any]:
    code, params, field, title = _EXAMPLES[status]
    detail = SENTENCES.get(code, SENTENCES["request.bad-request"])
    reason = {"code": code, "params": params, "field": field}
    told = detail % params if params and "%(" in detail else detail
    return {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": told,
        "instance": "/api/v1/initiatives/2026-0042",
        **reason,
        "errors": [{**reason, "detail": told}],
    }
