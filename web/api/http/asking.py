"""What the address of an API request asks for: read into a struct, which also describes it."""

import base64
import binascii
import hashlib
from functools import cache
from typing import Annotated, Any, Final, TypeVar

import msgspec
from msgspec import Meta, inspect

from application.views.register import Place
from domain.kernel import Refusal, Refused
from web.forms import Form
from web.guards import grant_required
from web.session import PageRequest

MOST: Final = 200
"""Rows of one answer."""
_SHOWN: Final = 100
_MARK: Final = 6

T = TypeVar("T", bound=msgspec.Struct)
Limit = Annotated[int, Meta(ge=1, le=MOST, description="How many of them at most.")]
Cursor = Annotated[
    str,
    Meta(
        max_length=1000,
        description="From `next` of the answer before, under the same filters; what stands in it may change.",
    ),
]


class Asked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """No parameter at all."""


class AsOfAsked(Asked, frozen=True, kw_only=True):
    known_at: Annotated[
        str,
        Meta(description="Only what had been recorded by the end of that day, or by that moment.", max_length=60),
    ] = ""
    valid_at: Annotated[str, Meta(description="Only what had happened by the end of that day.", max_length=60)] = ""
    as_of: Annotated[str, Meta(description="Another name of `known_at`.", max_length=60)] = ""


class PagesAsked(Asked, frozen=True, kw_only=True):
    limit: Limit = 40
    cursor: Cursor = ""


class PastPagesAsked(AsOfAsked, frozen=True, kw_only=True):
    limit: Limit = 40
    cursor: Cursor = ""


def asked_as(asked: Form, kind: type[T]) -> T:
    """Raises Refused naming the parameter that is unknown, given twice or cannot be read."""
    given: dict[str, Any] = {}
    known = _fields(kind)
    for name in dict.fromkeys(name for name, _ in asked.fields):
        value, values, field = asked.value(name), asked.values(name), known.get(name)
        if field is None:
            raise unreadable(name[:_SHOWN], "there is no such parameter")
        many = isinstance(field, inspect.VarTupleType)
        if not many and len(values) > 1:
            raise unreadable(name, "given more than once")
        if isinstance(field, inspect.IntType) and not (value.isascii() and value.isdigit()):
            raise unreadable(name, "expected digits")
        given[name] = values if many else value
    for field in msgspec.structs.fields(kind):
        if field.required and field.encode_name not in given:
            raise unreadable(field.encode_name, "it is needed")
    try:
        return msgspec.convert(given, kind, strict=False)
    except msgspec.ValidationError as fault:
        reason, _, where = str(fault).partition(" - at `$.")
        raise unreadable(where.rstrip("`").partition("[")[0], reason) from None


def unreadable(name: str, reason: str) -> Refused:
    return Refused(Refusal("request.parameter", {"reason": reason, "name": name}, name))


def granted(request: PageRequest, scope: str) -> Any:
    """The token's person. Raises TokenNeeded, and Forbidden without the scope."""
    grant = grant_required(request)
    grant.require(scope)
    return grant.person


def cursor(place: Place | int | None, of: msgspec.Struct) -> str | None:
    """Where the next page begins, bound to what was asked: a cursor of other filters is refused."""
    if place is None:
        return None
    return base64.urlsafe_b64encode(_mark(of) + msgspec.json.encode(place)).rstrip(b"=").decode()


def place_of(text: str, of: msgspec.Struct) -> Place | None:
    """Raises Refused for what is no cursor of these filters."""
    if not text:
        return None
    try:
        held = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        if held[:_MARK] != _mark(of):
            raise ValueError(text)
        return msgspec.json.decode(held[_MARK:], type=tuple[int | str | None, ...])
    except (ValueError, binascii.Error, RecursionError):
        raise no_cursor() from None


def skipped(text: str, of: msgspec.Struct) -> int:
    """How many rows come before, for lists that have no order of their own. Raises Refused."""
    match place_of(text, of):
        case None:
            return 0
        case (int(skip),) if 0 <= skip < 2**31:
            return skip
        case _:
            raise no_cursor()


def no_cursor() -> Refused:
    return Refused(Refusal("request.cursor", {}, "cursor"))


def _mark(of: msgspec.Struct) -> bytes:
    asked = {name: value for name, value in msgspec.to_builtins(of).items() if name not in ("cursor", "limit")}
    return hashlib.sha256(msgspec.json.encode([type(of).__name__, asked])).digest()[:_MARK]


@cache
def _fields(kind: type[msgspec.Struct]) -> dict[str, Any]:
    shape: Any = inspect.type_info(kind)
    return {field.encode_name: _bare(field.type) for field in shape.fields}


def _bare(kind: Any) -> Any:
    return _bare(kind.type) if isinstance(kind, inspect.Metadata) else kind
