"""JSON that has one form only: no member twice, none unknown, none missing, each of its own type."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, cast


def loaded(text: str) -> Any:
    """Raises ValueError, also for a member that stands twice, for NaN and for what is nested too deep."""
    try:
        return json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
    except RecursionError:
        raise ValueError("it is nested too deep") from None


def dumped(value: Any) -> str:
    """Compact; only quotation marks, backslashes and control characters are escaped."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def format_of(value: Any, member: str) -> int | None:
    """The number of the format that an object says it has, None where it says nothing."""
    number = cast("dict[str, Any]", value).get(member) if isinstance(value, dict) else None
    return number if type(number) is int else None


def members(value: Any, shape: Mapping[str, type | tuple[type, ...]]) -> dict[str, Any]:
    """`value` as an object of exactly these members, in any order. Raises ValueError."""
    if not isinstance(value, dict):
        raise ValueError("an object was expected")
    found = cast("dict[str, Any]", value)
    if missing := [name for name in shape if name not in found]:
        raise ValueError(f"{missing[0]!r} is missing")
    if unknown := [name for name in found if name not in shape]:
        raise ValueError(f"{unknown[0][:60]!r} is unknown to this version")
    for name, types in shape.items():
        if not isinstance(found[name], types) or isinstance(found[name], bool):
            raise ValueError(f"{name!r} has another type")
    return found


def strings(value: Sequence[Any], name: str) -> list[str]:
    """Raises ValueError."""
    if not all(isinstance(one, str) for one in value):
        raise ValueError(f"{name!r} holds something that is no text")
    return list(value)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a member stands twice")
    return found


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is no number of JSON")
