"""What a program sends: one JSON object, read strictly, so that nothing of it is lost unnoticed."""

import json
import re
from typing import Any, Final, NoReturn, TypeVar

import msgspec

from domain.kernel import Refusal
from web.problems import Problem
from web.session import PageRequest

LARGEST_BODY: Final = 100_000
"""Bytes; the longest texts of any deed fit in many times over."""
_PLACE: Final = re.compile(r" - at `(?:key in )?\$\.?([^`]*)`$")
_UNKNOWN: Final = re.compile(r"Object contains unknown field `(.*)`", re.DOTALL)
_MISSING: Final = re.compile(r"Object missing required field `(.*)`", re.DOTALL)
_SHOWN: Final = 100

T = TypeVar("T", bound=msgspec.Struct)


async def sent_bytes(request: PageRequest) -> bytes:
    """A dependency: the body as it came."""
    return await request.body()


def body_as(request: PageRequest, sent: bytes, kind: type[T]) -> T:
    """Raises Problem: 415 for another kind of content, 400 for what is not the JSON that is asked for, which says
    where."""
    if request.content_type[0] != "application/json":
        raise Problem(415, Refusal("request.json-wanted"))
    try:
        given = json.loads(sent.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_number)
    except UnicodeDecodeError:
        raise _unreadable("it is not UTF-8") from None
    except RecursionError:
        raise _unreadable("it is nested too deep") from None
    except ValueError as fault:
        raise _unreadable(str(fault)[:_SHOWN]) from None
    try:
        return msgspec.convert(given, kind)
    except (msgspec.ValidationError, RecursionError) as fault:
        raise _misfit(str(fault)) from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands twice in one object")
    return found


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _unreadable(reason: str) -> Problem:
    return Problem(400, Refusal("request.body", {"reason": reason}))


def _misfit(said: str) -> Problem:
    """msgspec says what is wrong and where: `Expected `int`, got `str` - at `$.party.role``."""
    found = _PLACE.search(said)
    place, reason = (found[1], said[: found.start()]) if found else ("", said)
    named = _UNKNOWN.fullmatch(reason) or _MISSING.fullmatch(reason)
    field = ".".join(filter(None, (place, named[1] if named else "")))[:_SHOWN] or None
    code = "request.unknown-field" if _UNKNOWN.fullmatch(reason) else "request.body"
    return Problem(400, Refusal(code, {"reason": reason.replace("`", "")[: 2 * _SHOWN], "name": field or ""}, field))
