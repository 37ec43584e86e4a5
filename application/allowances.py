"""How much each may ask of the API: a bucket of requests a minute, shared by every process of the server.

A process draws a portion of what is in the bucket and gives it out by itself, so that few requests write. A portion
begins with one request and doubles while it is used up; what is left of it after a while is let go, not given out late.
"""

import math
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock
from typing import Final, Protocol, runtime_checkable

import msgspec

WINDOW: Final = timedelta(minutes=1)
"""In this time an empty bucket is full again; it holds what may be asked in as much."""
WRONG_TOKENS: Final = 60
"""That may come from one network address in a WINDOW."""
LEASE: Final = timedelta(seconds=10)
PORTIONS: Final = 20
"""No portion is more than this part of a full bucket."""
MOST_KNOWN: Final = 10_000
"""Who asks is forgotten above this number, and draws anew."""


class Allowance(msgspec.Struct, frozen=True):
    """What one who asks may still ask."""

    limit: int
    """In each WINDOW."""
    remaining: int
    full_in: int
    """Seconds until the bucket is full."""
    wait: int = 0
    """Seconds until there is something in it again; 0 where this request is allowed."""


@runtime_checkable
class Buckets(Protocol):
    def draw(self, key: str, most: int, capacity: int, now: datetime) -> tuple[int, float]:
        """How many were taken out, and what is left. Raises LogUnavailable."""
        ...


class _Portion(msgspec.Struct):
    left: int
    level: float
    size: int
    until: datetime


class Allowances:
    """Counts for this process; `limit` requests a minute, 0 for as many as one likes."""

    def __init__(self, buckets: Buckets, limit: int, clock: Callable[[], datetime]) -> None:
        self.limit = limit
        self._buckets, self._clock = buckets, clock
        self._portions: dict[str, _Portion] = {}
        self._lock = Lock()

    def held(self, key: str) -> Allowance | None:
        """As `take` where that needs no question to the database."""
        now = self._clock()
        with self._lock:
            portion = self._portions.get(key)
            if portion is None or portion.until <= now:
                return None
            if portion.left > 0:
                portion.left -= 1
                return self._told(portion)
            return self._told(portion, until=portion.until - now) if portion.size == 0 else None

    def take(self, key: str) -> Allowance:
        """One request. Raises LogUnavailable."""
        if known := self.held(key):
            return known
        now = self._clock()
        with self._lock:
            before = self._portions.get(key)
            size = min(before.size * 2, self.limit // PORTIONS) if before and before.until > now else 1
        given, level = self._buckets.draw(key, max(size, 1), self.limit, now)
        with self._lock:
            if len(self._portions) >= MOST_KNOWN:
                self._portions.clear()
            if given:
                made = _Portion(given - 1, level, given, now + LEASE)
                self._portions[key] = made
                return self._told(made)
            wait = timedelta(seconds=math.ceil(self._seconds(1 - level)))
            self._portions[key] = made = _Portion(0, level, 0, now + wait)
            return self._told(made, until=wait)

    def _told(self, portion: _Portion, until: timedelta = timedelta(0)) -> Allowance:
        there = portion.left + max(0.0, portion.level)
        full_in, wait = math.ceil(self._seconds(self.limit - there)), math.ceil(until.total_seconds())
        return Allowance(self.limit, int(there), max(0, full_in), wait)

    def _seconds(self, requests: float) -> float:
        return requests * WINDOW.total_seconds() / self.limit
