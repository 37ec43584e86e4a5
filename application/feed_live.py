"""The newest facts as they are recorded: one follower of the log for all who listen in a process."""

import contextlib
import logging
import threading
from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import Final
from uuid import UUID

import msgspec

from application.feed import Feed
from application.feed_events import encoded
from application.feed_filter import Around
from application.ports import Follower, LogUnavailable, Recorded, UnreadableFact

MOST_HELD: Final = 2_000
MOST_BYTES: Final = 4_000_000
"""What is held of events. Whoever is further behind reads from the log."""
AGAIN_SECONDS: Final = 1.0
"""After a fault."""
_LOGGER: Final = logging.getLogger("pobratim.office")


class Fresh(msgspec.Struct, frozen=True):
    """One fact, made ready once for all."""

    position: int
    topic: str
    stream: UUID
    around: Around
    event: bytes
    """As every transport sends it."""


class _Held(msgspec.Struct, frozen=True):
    """Every fact with a position greater than `after` and up to `until`."""

    after: int
    until: int
    facts: Sequence[Fresh] = ()


class LiveFeed:
    """Begins to follow when it is first asked to. `listeners` are called by its thread when facts have come, or when it
    has to stop before one."""

    def __init__(self, feed: Feed, follower: Callable[[], Follower]) -> None:
        self.listeners = set[Callable[[], None]]()
        self._feed, self._follower = feed, follower
        self._held = _Held(0, 0)
        self._starting, self._stopped = threading.Lock(), threading.Event()
        self._thread: threading.Thread | None = None
        self._following: Follower | None = None
        self._stuck: int | None = None

    def start(self) -> None:
        """Follow from the end of the log. Nothing where it does already. Raises LogUnavailable."""
        with self._starting:
            if self._thread is not None or self._stopped.is_set():
                return
            head = self._feed.require_reached(0)
            self._held = _Held(head, head)
            self._thread = threading.Thread(target=self._follow, name="live-feed", daemon=True)
            self._thread.start()

    def close(self) -> None:
        with self._starting:
            self._stopped.set()
            following, thread = self._following, self._thread
        if following:
            following.stop()
        if thread:
            thread.join()

    def since(self, after: int) -> Sequence[Fresh] | None:
        """The facts behind a position that have come; None where those held do not reach back so far."""
        held = self._held
        if after < held.after:
            return None
        return held.facts[bisect_right(held.facts, after, key=lambda fresh: fresh.position) :]

    def stuck(self, after: int) -> bool:
        """Whether the fact behind a position cannot be read, or its case cannot."""
        return self._stuck is not None and after >= self._stuck

    def _follow(self) -> None:
        while not self._stopped.is_set():
            try:
                self._following = self._follower()
                for page in self._following.follow(self._held.until):
                    if self._stopped.is_set():
                        return
                    if page:
                        self._take(page)
            except UnreadableFact as fault:
                self._stop_before(fault)
            except LogUnavailable:
                pass  # it is asked again in a moment
            except Exception:
                _LOGGER.exception("the newest facts cannot be given")
                self._stop()
            self._stopped.wait(AGAIN_SECONDS)

    def _take(self, page: Sequence[Recorded]) -> None:
        around, events = self._feed.around(page), self._feed.events(page)
        fresh = [
            Fresh(r.position, event.type, r.stream, beside, encoded(event))
            for r, beside, event in zip(page, around, events, strict=True)
        ]
        held, until = self._held, page[-1].position
        facts = [*held.facts, *fresh]
        if surplus := _surplus(facts):
            self._held = _Held(facts[surplus - 1].position, until, facts[surplus:])
        else:
            self._held = _Held(held.after, until, facts)
        self._stuck = None
        self._tell()

    def _stop_before(self, fault: UnreadableFact) -> None:
        """Whoever has all that can be read is told. It is tried again: what was missing may be there by then."""
        readable = [r for r in fault.before if r.position > self._held.until]
        if readable:
            with contextlib.suppress(UnreadableFact):  # that of the beginning of one of these cases
                self._take(readable)
        self._stop()

    def _stop(self) -> None:
        if self._stuck is None:
            self._stuck = self._held.until
            self._tell()

    def _tell(self) -> None:
        for listener in tuple(self.listeners):
            listener()


def _surplus(facts: Sequence[Fresh]) -> int:
    """How many of the oldest have to go. Half of the room is made at once, so that it is seldom looked at."""
    whole = sum(len(fresh.event) for fresh in facts)
    if len(facts) <= MOST_HELD and whole <= MOST_BYTES:
        return 0
    gone = 0
    while len(facts) - gone > MOST_HELD // 2 or whole > MOST_BYTES // 2:
        whole -= len(facts[gone].event)
        gone += 1
    return gone
