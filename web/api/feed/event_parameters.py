"""What an address asks of the event feed, on every transport in the same words."""

from typing import Any, Final

import msgspec

from application.feed import FeedQuery
from domain.kernel import Refusal, Refused
from web.forms import Form
from web.session import PageRequest

MANY: Final = frozenset({"type", "local_government", "kind"})
"""Separated by commas, or repeated."""
NUMBERS: Final = frozenset({"after", "limit"})
LONGEST_NAME: Final = 100
LAST_EVENT_ID: Final = "Last-Event-ID"
LONGEST_ID: Final = 20
FARTHEST: Final = 2**63 - 1


def feed_query(asked: Form, *, without: frozenset[str] = frozenset()) -> FeedQuery:
    """Raises Refused naming the parameter that cannot be read, or that is not asked for here."""
    given: dict[str, Any] = {}
    for name in {name for name, _ in asked.fields}:
        values = [part for value in asked.values(name) for part in value.split(",")]
        if name not in FeedQuery.__struct_fields__ or name in without:
            raise unreadable(name[:LONGEST_NAME], "there is no such parameter")
        if name not in MANY and len(values) > 1:
            raise unreadable(name, "given more than once")
        if name in NUMBERS and not (values[0].isascii() and values[0].isdigit()):
            raise unreadable(name, "expected digits")
        given[name] = values if name in MANY else values[0]
    try:
        return msgspec.convert(given, FeedQuery, strict=False)
    except msgspec.ValidationError as fault:
        reason, _, where = str(fault).partition(" - at `$.")
        raise unreadable(where.rstrip("`").partition("[")[0], reason) from None


def last_event_id(request: PageRequest) -> int | None:
    """Where a client goes on; None where it begins. Raises Refused for what is no position: it is of elsewhere."""
    given = [value for value in request.headers.getall(LAST_EVENT_ID, []) if value]
    if not given:
        return None
    if len(given) > 1 or not (given[0].isascii() and given[0].isdigit()) or int(given[0][:LONGEST_ID]) > FARTHEST:
        raise unreadable(LAST_EVENT_ID, "expected the id of an event")
    return int(given[0])


def feed_pairs(query: FeedQuery) -> list[tuple[str, str]]:
    """The filter as parameters of an address."""
    pairs = [("type", topic) for topic in query.type]
    pairs += [("local_government", code) for code in query.local_government]
    pairs += [("kind", kind.value) for kind in query.kind]
    return [*pairs, ("case", query.case)] if query.case else pairs


def unreadable(name: str, reason: str) -> Refused:
    return Refused(Refusal("feed.parameter", {"reason": reason, "name": name}, name))
