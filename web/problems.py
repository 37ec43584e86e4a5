"""Problem documents of the API, RFC 9457."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import msgspec
from litestar import Response

from domain.kernel import Refusal
from web.language import language
from web.refusals import sentence
from web.session import PageRequest, path_of

MEDIA_TYPE = "application/problem+json"


class Problem(Exception):
    """An answer that is no success, for what an API request says of itself."""

    def __init__(self, status: int, refusal: Refusal, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(refusal.code)
        self.status, self.refusal, self.headers = status, refusal, dict(headers or {})


def problem(request: PageRequest, status: int, refusals: Sequence[Refusal]) -> Response[Any]:
    """`code`, `params` and `field` are those of the first reason; `errors` lists every one. Text is English."""
    first, english = refusals[0], language("en")
    document = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": sentence(first, english),
        "instance": path_of(request),
        **_codes(first),
        "errors": [_codes(refusal) | {"detail": sentence(refusal, english)} for refusal in refusals],
    }
    return Response(msgspec.json.encode(document), status_code=status, media_type=MEDIA_TYPE)


def _codes(refusal: Refusal) -> dict[str, Any]:
    return {"code": refusal.code, "params": refusal.params, "field": refusal.field}
