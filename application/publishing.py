"""The feed into a stream of a message broker. What the stream holds says where to go on; nothing else is kept."""

from collections.abc import Callable, Sequence
from threading import Event
from typing import Final, Protocol
from uuid import UUID

import msgspec

from application.feed import Feed
from application.feed_events import CloudEvent, encoded, rfc3339
from application.feed_filter import FeedFilter
from application.ports import Archive, Follower, LogUnavailable, Recorded, UnreadableFact

AT_ONCE: Final = 1_000
FIRST_PAUSE: Final = 0.5
LONGEST_PAUSE: Final = 30.0
"""Seconds between attempts while the broker or the database is away; each is twice the one before."""


class Message(msgspec.Struct, frozen=True):
    subject: str
    id: str
    """Source and position: the name of the fact for good."""
    body: bytes
    """As every transport sends it."""


class Held(msgspec.Struct, frozen=True):
    """What a stream says of itself."""

    sequence: int
    """The broker's number of its last message, 0 where it never held one."""
    there: bool = False
    """Whether that message is still there."""
    id: str = ""
    body: bytes = b""


class BrokerAway(Exception):
    """It does not answer, or does not take messages now. What was not acknowledged is sent again later."""


class StreamUnfit(Exception):
    """A stream in which nobody can go on: `code` is `emptied`, `not-events`, `other-source` or `other-log`."""

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(code)
        self.code, self.params = code, params


class Broker(Protocol):
    """One stream. Every method may raise BrokerAway, and a fault of its own that a person has to mend."""

    def open(self) -> Held:
        """Connect anew and look at the stream."""
        ...

    def publish(self, after: int, messages: Sequence[Message]) -> int:
        """Add messages behind the one with sequence `after`, or nothing from the first on that is not taken there.
        The sequence of the last one, once the broker has all of them."""
        ...

    def require_there(self) -> None: ...

    def close(self) -> None: ...


class Teller(Protocol):
    def reached(self, published: int, position: int, head: int) -> None:
        """How many events were taken since the beginning, and how far the log was read."""
        ...

    def waits(self, reason: str, seconds: float) -> None: ...


class _EventData(msgspec.Struct):
    stream: UUID
    version: int


class _Event(msgspec.Struct):
    """What says which fact it tells of, whatever version of the program wrote it."""

    time: str
    data: _EventData


def message_of(event: CloudEvent, prefix: str) -> Message:
    return Message(f"{prefix}.{event.type}", f"{event.source}#{event.id}", encoded(event))


class Publishing:
    """Follows the log into one stream. A stream without events begins behind `after`; one that held events and does not
    any more only where `after` is given."""

    def __init__(
        self,
        feed: Feed,
        log: Archive,
        follower: Callable[[], Follower],
        broker: Broker,
        wanted: FeedFilter,
        *,
        source: str,
        prefix: str,
        after: int | None,
        teller: Teller,
        stopped: Event,
    ) -> None:
        self._feed, self._log, self._follower, self._broker = feed, log, follower, broker
        self._wanted, self._source, self._prefix, self._after = wanted, source, prefix, after
        self._teller, self._stopped = teller, stopped
        self._cursor, self._sequence = -1, -1
        self._published, self._pause = 0, FIRST_PAUSE

    def run(self, *, once: bool) -> None:
        """Until `stopped`, or up to the end of the log; waits while the broker or the database is away. Raises
        StreamUnfit, UnreadableFact when all before it was taken, and the broker's own faults."""
        try:
            while not self._stopped.is_set():
                try:
                    return self._go_on(once)
                except (BrokerAway, LogUnavailable) as fault:
                    self._teller.waits(" ".join(str(fault).split()), self._pause)
                    self._stopped.wait(self._pause)
                    self._pause = min(2 * self._pause, LONGEST_PAUSE)
        finally:
            self._broker.close()

    def _go_on(self, once: bool) -> None:
        held = self._broker.open()
        if held.sequence != self._sequence:  # else it is as it was left
            self._cursor, self._sequence = self._position(held), held.sequence
        while not self._stopped.is_set() and self._cursor < self._log.head():
            passed = self._feed.look(self._wanted, self._cursor, AT_ONCE)
            self._send(passed.recorded, passed.next)
        if once or self._stopped.is_set():
            return
        follower = self._follower()
        try:
            for page in follower.follow(self._cursor):
                if self._stopped.is_set():
                    return
                self._broker.require_there()
                if page:
                    self._send(self._feed.sieved(self._wanted, page), page[-1].position)
        except UnreadableFact as fault:
            before = [r for r in fault.before if r.position > self._cursor]
            if before:
                self._send(self._feed.sieved(self._wanted, before), before[-1].position)
            raise
        finally:
            follower.stop()

    def _send(self, recorded: Sequence[Recorded], cursor: int) -> None:
        if recorded:
            messages = [message_of(event, self._prefix) for event in self._feed.events(recorded)]
            self._sequence = self._broker.publish(self._sequence, messages)
            self._published += len(messages)
            self._pause = FIRST_PAUSE
        self._cursor = cursor
        self._teller.reached(self._published, cursor, self._log.head())

    def _position(self, held: Held) -> int:
        """Of the last event in the stream. Raises StreamUnfit."""
        if not held.there:
            if held.sequence and self._after is None:
                raise StreamUnfit("emptied")
            return self._after or 0
        source, _, id_ = held.id.rpartition("#")
        try:
            position, event = int(id_), msgspec.json.decode(held.body, type=_Event)
        except (ValueError, msgspec.MsgspecError):
            raise StreamUnfit("not-events") from None
        if source != self._source:
            raise StreamUnfit("other-source", source=source)
        self._require_recorded_here(position, event)
        return position

    def _require_recorded_here(self, position: int, event: _Event) -> None:
        """After a restore to less positions are given out again, and another fact may stand at this one."""
        found = self._log.page(position - 1, 1, until=position) if position > 0 else ()
        known = [(rfc3339(r.recorded_at), r.stream, r.version) for r in found]
        if known != [(event.time, event.data.stream, event.data.version)]:
            raise StreamUnfit("other-log", position=position)
