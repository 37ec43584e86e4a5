"""Events and cursors: the same values by whatever transport they came."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

from pobratim_client.errors import BadAnswer

_TEXTS: Final = ("id", "source", "type", "subject", "time")
FARTHEST: Final = 2**63 - 1


@dataclass(frozen=True)
class Event:
    """One fact as CloudEvents 1.0. Attributes that this version does not know stay in `whole`."""

    id: str
    source: str
    type: str
    """Topic with its version, such as `initiative.agreement-signed.v1`."""
    subject: str
    """Number of the case; of a partner the id of its file."""
    time: str
    """When it was recorded, UTC."""
    occurred_on: str | None
    """When it happened: a day, a month or a year; None where that is not known."""
    data: Mapping[str, Any]
    whole: Mapping[str, Any]

    @property
    def position(self) -> int:
        """In the log, and what a cursor holds."""
        return int(self.id)

    @property
    def name(self) -> str:
        """The topic without its version."""
        return self.type.rpartition(".v")[0] or self.type

    @property
    def shape(self) -> int:
        """The version of the topic; 0 where it names none."""
        digits = self.type.rpartition(".v")[2]
        return int(digits) if digits.isascii() and digits.isdigit() else 0

    @property
    def stream(self) -> str:
        """Whose history this is: of a case, a partner, a pair or a request."""
        return str(self.data["stream"])

    @property
    def version(self) -> int:
        """Place in that history, from 1, without gaps."""
        return int(self.data["version"])

    @property
    def fact(self) -> Mapping[str, Any]:
        """What the event catalogue describes."""
        return cast("Mapping[str, Any]", self.data["fact"])


@dataclass(frozen=True)
class Cursor:
    """The last position that was looked at, in the log of `source`; empty where no event has named it yet."""

    position: int = 0
    source: str = ""


@dataclass(frozen=True)
class Batch:
    """Events in the order of the log. Keep `cursor` together with what you made of them."""

    events: tuple[Event, ...]
    cursor: Cursor
    before: Cursor
    """Where the cursor stood."""


def events_of(body: bytes) -> tuple[Event, ...]:
    """One event, or a batch of them. Raises BadAnswer."""
    found = decoded(body)
    many = cast("list[object]", found) if isinstance(found, list) else [found]
    return tuple(_event(one) for one in many)


def event_of(body: bytes) -> Event:
    """Raises BadAnswer."""
    return _event(decoded(body))


def position_of(text: str) -> int:
    """Raises ValueError where it is no position."""
    if not (text.isascii() and text.isdigit()) or len(text) > len(str(FARTHEST)) or int(text) > FARTHEST:
        raise ValueError(text)
    return int(text)


def decoded(body: bytes) -> object:
    """Raises BadAnswer."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise BadAnswer(f"this is no JSON: {shown(body)}") from None


def _event(found: object) -> Event:
    if not isinstance(found, dict):
        raise BadAnswer("this is no event: expected a JSON object")
    whole = cast("dict[str, Any]", found)
    for name in _TEXTS:
        if not isinstance(whole.get(name), str):
            raise BadAnswer(f"this is no event of the feed: “{name}” is no text")
    data, occurred = whole.get("data"), whole.get("occurredon")
    try:
        position_of(whole["id"])
        if whole.get("specversion") != "1.0" or not (occurred is None or isinstance(occurred, str)):
            raise ValueError
        good: Any = data
        if not (isinstance(good["stream"], str) and type(good["version"]) is int and isinstance(good["fact"], dict)):
            raise ValueError
    except (ValueError, KeyError, TypeError):
        raise BadAnswer(f"this is no event of the feed: {whole['id'][:40]!r} {whole['type'][:100]!r}") from None
    return Event(**{name: whole[name] for name in _TEXTS}, occurred_on=occurred, data=good, whole=whole)


def shown(body: bytes) -> str:
    """The beginning of something unexpected, in one line."""
    return repr(body[:60].decode("utf-8", "replace"))
