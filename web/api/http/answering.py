"""Answers of the API: JSON with an entity tag, so that whoever asks again hears that nothing changed."""

import hashlib
import re
from typing import Final
from urllib.parse import urlencode

import msgspec
from litestar import Response

from web.api.http.describing import JSON
from web.clocks import past_of
from web.guards import asked_of
from web.session import PageRequest, path_of

_ENTITY: Final = re.compile(r'(?:W/)?"([^"\x00-\x20\x7f]*)"')
_HASH: Final = 16
NOT_MODIFIED: Final = 304


class AsOfAnswer(msgspec.Struct, frozen=True):
    """Where on the two clocks the answer stands."""

    known_at: str
    valid_at: str | None


def answered(
    request: PageRequest, body: msgspec.Struct, *, version: int | None = None, next_page: str | None = None
) -> Response[bytes]:
    """The body as JSON. Its tag begins with the version, where it has one, and names these very bytes."""
    return tagged(request, msgspec.json.encode(body), JSON, version=version, links=_links(request, next_page))


def tagged(
    request: PageRequest, content: bytes, media: str, *, version: int | None = None, links: dict[str, str] | None = None
) -> Response[bytes]:
    """304 without a body where `If-None-Match` names these bytes."""
    digest = hashlib.sha256(content).hexdigest()[:_HASH]
    tag = digest if version is None else f"{version}-{digest}"
    headers = {"etag": f'"{tag}"', "cache-control": "private, no-cache", "vary": "authorization", **(links or {})}
    known = request.headers.get("if-none-match", "")
    if known.strip() == "*" or tag in _ENTITY.findall(known):
        return Response(b"", status_code=NOT_MODIFIED, media_type=media, headers=headers)
    return Response(content, media_type=media, headers=headers)


def as_of(request: PageRequest) -> AsOfAnswer | None:
    """Nothing where it is now."""
    past = past_of(request)
    if past is None:
        return None
    valid = past.as_of.valid_at
    return AsOfAnswer(past.as_of.known_at.isoformat(), valid.isoformat() if valid else None)


def _links(request: PageRequest, next_page: str | None) -> dict[str, str]:
    if next_page is None:
        return {}
    pairs = [(name, value) for name, value in asked_of(request).fields if name != "cursor"]
    return {"link": f'<{path_of(request)}?{urlencode([*pairs, ("cursor", next_page)])}>; rel="next"'}
