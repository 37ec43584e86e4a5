"""Where a consumer stands, what it asks next and what the answer means: shared by both clients, without any I/O."""

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, Final, Literal, cast

import httpx
from pobratim_client.errors import BadAnswer, ClientError, Denied, OtherLog, Passing, Refused, Unavailable
from pobratim_client.events import Batch, Cursor, Event, decoded, event_of, events_of, position_of
from pobratim_client.sse import Block, Blocks

By = Literal["pull", "stream"]
Primitive = str | int | float | bool | None
"""What httpx takes as a parameter."""
PULL: Final = "/api/v1/events"
STREAM: Final = "/api/v1/events/stream"
MOST_BYTES: Final = 64 << 20
"""Of one answer."""
FIRST_PAUSE: Final = 1.0
LONGEST_PAUSE: Final = 60.0
LONGEST_ASKED: Final = 24 * 3600.0
"""Of the pauses that a server asks for."""
_MEDIA: Final = {"pull": "application/cloudevents-batch+json", "stream": "text/event-stream"}
_NEXT: Final = re.compile(r"<([^>]*)>\s*;[^,]*rel=\"?next\"?")


@dataclass(frozen=True)
class Filter:
    """Whatever is empty lets everything through. The cursor moves all the same."""

    type: Sequence[str] = ()
    case: str | None = None
    local_government: Sequence[str] = ()
    kind: Sequence[str] = ()

    def parameters(self) -> "list[tuple[str, Primitive]]":
        pairs: list[tuple[str, Primitive]] = [("type", one) for one in self.type]
        pairs += [("kind", one) for one in self.kind]
        pairs += [("local_government", one) for one in self.local_government]
        return pairs + ([("case", self.case)] if self.case else [])


class Course:
    """From one cursor on. Events at or before the cursor are passed by: they were handed on already."""

    def __init__(self, after: Cursor, wanted: Filter, by: By, limit: int, patience: float | None) -> None:
        self.cursor, self.by, self.limit = after, by, limit
        self.at_end = False
        """The last answer said that there is nothing more now."""
        self._wanted, self._patience = wanted, patience
        self._failures, self._paused = 0, 0.0
        self._least = 0.0
        self._blocks = Blocks()
        self._fault: ClientError | None = None

    def question(self) -> tuple[str, httpx.QueryParams, dict[str, str]]:
        """Path, parameters and headers."""
        after = str(self.cursor.position)
        parameters: list[tuple[str, Primitive]] = [("after", after), *self._wanted.parameters()]
        headers = {"accept": _MEDIA[self.by], "accept-encoding": "identity"}
        if self.by == "pull":
            return PULL, httpx.QueryParams([*parameters, ("limit", str(self.limit))]), headers
        return STREAM, httpx.QueryParams(parameters), {**headers, "last-event-id": after}

    def page(self, headers: Mapping[str, str], body: bytes) -> Batch | None:
        """What a page of the pull feed brings; None where nothing moved. Raises BadAnswer, OtherLog."""
        before = self.cursor
        events, reached = _new(events_of(body), before)
        self.cursor = Cursor(max(self._next(headers), reached.position), reached.source)
        self.good()
        self.at_end = self.cursor == before
        return Batch(events, self.cursor, before) if self.cursor != before else None

    def begin(self) -> None:
        """A new stream: what was not whole of the last one is forgotten."""
        self._blocks, self._fault = Blocks(), None

    def piece(self, piece: bytes) -> Batch | None:
        """What a piece of the stream completes. Raises BadAnswer, OtherLog; what came before is given first."""
        if self._fault:
            raise self._fault
        events: list[Event] = []
        before = reached = self.cursor
        try:
            for block in self._blocks.take(piece):
                fresh, reached = self._block(block, reached)
                events += fresh
        except ClientError as fault:
            if reached == before:
                raise
            self._fault = fault
        if reached == before:
            return None
        self.good()
        self.cursor = reached
        return Batch(tuple(events), reached, before)

    def require_good(self, answer: httpx.Response, body: bytes) -> None:
        """Raises what the answer means where it is not the feed: ClientError."""
        status, media = answer.status_code, answer.headers.get("content-type", "").partition(";")[0].strip().lower()
        if status == HTTPStatus.OK:
            if media != _MEDIA[self.by]:
                raise BadAnswer(f"{_place(answer)} answers {media or 'something'} where the feed was expected")
            return
        problem = _problem(media, body)
        code, told = str(problem.get("code", "")), f"{_place(answer)} answers {status}{_detail(problem)}"
        wait = _retry_after(answer.headers.get("retry-after", ""))
        if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
            raise Denied(told, code)
        if code == "feed.cursor-beyond-end":
            raise OtherLog(f"{told} The cursor {self.cursor.position} is of another log.", code)
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in (
            HTTPStatus.REQUEST_TIMEOUT,
            HTTPStatus.TOO_EARLY,
            HTTPStatus.TOO_MANY_REQUESTS,
        ):
            raise Unavailable(told, wait)
        where = f", which leads to {answer.headers['location'][:200]}" if "location" in answer.headers else ""
        raise Refused(told + where, code)

    def good(self) -> None:
        self._failures, self._paused = 0, 0.0

    def ended(self) -> float:
        """Seconds to wait after the server ended a stream in order."""
        return self._jittered(max(self._least, FIRST_PAUSE))

    def failed(self, fault: Passing) -> float:
        """Seconds to wait before the next try: twice as many each time. Raises the fault when patience is over."""
        pause = self._jittered(min(LONGEST_PAUSE, max(self._least, FIRST_PAUSE * 2 ** min(self._failures, 10))))
        pause = max(pause, min(fault.after, LONGEST_ASKED))
        if self._patience is not None and self._paused + pause > self._patience:
            raise fault
        self._failures += 1
        self._paused += pause
        return pause

    def _block(self, block: Block, at: Cursor) -> tuple[tuple[Event, ...], Cursor]:
        """Raises BadAnswer, OtherLog."""
        if block.retry is not None:
            self._least = min(block.retry, LONGEST_PAUSE)
        if block.data is not None:
            return _new((event_of(block.data),), at)
        if not block.id:
            return (), at
        try:
            position = position_of(block.id)
        except ValueError:
            raise BadAnswer(f"the stream names no position: {block.id[:40]!r}") from None
        return (), Cursor(max(position, at.position), at.source)

    def _next(self, headers: Mapping[str, str]) -> int:
        found = _NEXT.search(headers.get("link", ""))
        try:
            return position_of(httpx.URL(found[1]).params["after"]) if found else 0
        except (ValueError, KeyError, httpx.InvalidURL):
            raise BadAnswer("the answer leads on to something that is no cursor") from None

    @staticmethod
    def _jittered(seconds: float) -> float:
        return seconds * random.uniform(0.5, 1.0)  # noqa: S311 - spreads consumers, keeps no secret


def _new(events: Sequence[Event], at: Cursor) -> tuple[tuple[Event, ...], Cursor]:
    """Those behind a cursor, and where it then stands. Raises OtherLog."""
    fresh: list[Event] = []
    for event in events:
        if at.source and event.source != at.source:
            raise OtherLog(f"the events are of {event.source[:200]}, the cursor is of {at.source[:200]}")
        if event.position > at.position:
            fresh.append(event)
            at = Cursor(event.position, event.source)
    return tuple(fresh), at


def transport_fault(fault: httpx.HTTPError | httpx.InvalidURL, base: str) -> ClientError:
    """What an error of httpx means, in one line."""
    if isinstance(fault, httpx.InvalidURL | httpx.UnsupportedProtocol | httpx.LocalProtocolError):
        return Refused(f"{base} cannot be asked: {fault}")
    return Unavailable(f"{base} does not answer: {str(fault) or type(fault).__name__}")


def joined(pieces: list[bytes], size: int) -> None:
    """Raises BadAnswer where an answer is longer than any page."""
    if size > MOST_BYTES:
        pieces.clear()
        raise BadAnswer(f"the answer is longer than {MOST_BYTES} bytes")


def _place(answer: httpx.Response) -> str:
    return str(answer.request.url.copy_with(query=None))


def _problem(media: str, body: bytes) -> dict[str, Any]:
    if media != "application/problem+json":
        return {"html": True} if body.lstrip()[:1] == b"<" else {}
    try:
        found = decoded(body)
    except BadAnswer:
        return {}
    return cast("dict[str, Any]", found) if isinstance(found, dict) else {}


def _detail(problem: Mapping[str, Any]) -> str:
    if problem.get("html"):
        return " with a page for people."
    said = " ".join(str(problem[name])[:300] for name in ("code", "detail") if problem.get(name))
    return f": {said}" if said else "."


def _retry_after(text: str) -> float:
    """Seconds from a number or a date; 0 where it is neither."""
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return 0.0
    return max(0.0, (at.replace(tzinfo=at.tzinfo or UTC) - datetime.now(UTC)).total_seconds())
