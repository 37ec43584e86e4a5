"""Moments as leaves and checkpoints write them: UTC, six digits and Z, so that they sort as text."""

import re
from datetime import UTC, datetime

_WRITTEN = re.compile(
    r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{6}Z", re.ASCII
)
_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:[Zz]|[+-]\d\d:\d\d)", re.ASCII)


def is_written(text: str) -> bool:
    return _WRITTEN.fullmatch(text) is not None


def written(text: str) -> str:
    """Of a moment in RFC 3339. Raises ValueError."""
    if not _RFC_3339.fullmatch(text):
        raise ValueError(f"{text[:60]!r} is no moment such as 2026-03-01T00:00:00Z")
    try:
        moment = datetime.fromisoformat(text.upper()).astimezone(UTC)
    except OverflowError as fault:
        raise ValueError(f"{text[:60]!r} lies beyond the calendar") from fault
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%f").rjust(26, "0") + "Z"
