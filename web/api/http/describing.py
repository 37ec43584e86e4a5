"""What an address of the API says of itself: handlers carry it, and the description is made of it."""

from collections.abc import Mapping
from typing import Any, Final, Literal

import msgspec

READS: Final = "cases:read"
WRITES: Final = "cases:write"
SUBSCRIPTIONS_READ: Final = "subscriptions:read"
SUBSCRIPTIONS_WRITE: Final = "subscriptions:write"
PROCEDURES_WRITE: Final = "procedures:write"
AUDIT_READ: Final = "audit:read"
JSON: Final = "application/json"

Tag = Literal[
    "Initiatives", "Deeds", "Partners", "Reference", "Work", "Own", "Audit", "Subscriptions", "Events", "Description"
]


class Operation(msgspec.Struct, frozen=True, kw_only=True):
    """One operation. A handler has it in its `opt` under `api`."""

    id: str
    tag: Tag
    summary: str
    answer: Any
    """Type of the body of its answer; None where the body is no JSON of ours."""
    example: Any
    """An answer, as the program would give it."""
    asked: type[msgspec.Struct] | None = None
    """Type of the query string."""
    path: Mapping[str, str] = {}
    """An example for each part of the path."""
    scope: str | None = READS
    status: int = 200
    body: Any = None
    """Type of what is sent; None where nothing is."""
    body_example: Any = None
    media: str = JSON
    problems: tuple[int, ...] = ()
    """Beside those that every operation knows."""
    etag: bool = True
    headers: tuple[Mapping[str, Any], ...] = ()
    """Parameters of the head, beside those that every operation knows."""
    about: str = ""
    answer_schema: Any = None
    """In the place of the type of the answer, where it has none."""
