"""The newest facts, held once: what is not held is said not to be, and no fault ends it."""

import time
from collections.abc import Callable, Iterator, Sequence
from queue import Queue
from uuid import uuid4

import pytest

from application import feed_live
from application.feed_events import encoded
from application.feed_live import LiveFeed
from application.ports import LogUnavailable, Recorded, UnreadableFact
from domain.partners.events import PartnerRegistered
from tests.application.test_feed import a_feed, recorded
from tests.fakes import InMemoryLog

PATIENCE = 20.0


class Told:
    """application.ports.Follower of what the test hands over: pages, or what goes wrong."""

    def __init__(self) -> None:
        self.pages: Queue[Sequence[Recorded] | Exception | None] = Queue()
        self.begun: list[int] = []

    def follow(self, after: int) -> Iterator[Sequence[Recorded]]:
        self.begun.append(after)
        while (page := self.pages.get()) is not None:
            if isinstance(page, Exception):
                raise page
            yield page

    def stop(self) -> None:
        self.pages.put(None)


@pytest.fixture
def log() -> InMemoryLog:
    log = InMemoryLog()
    recorded(log, uuid4(), *[PartnerRegistered(name="Graz", country="AT")] * 30)
    return log


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def live(log: InMemoryLog, told: Told, monkeypatch: pytest.MonkeyPatch) -> Iterator[LiveFeed]:
    """It begins behind the tenth fact of thirty."""
    monkeypatch.setattr(feed_live, "AGAIN_SECONDS", 0.01)
    later, log.facts = log.facts[10:], log.facts[:10]
    made = LiveFeed(a_feed(log), lambda: told)
    made.start()
    log.facts += later
    yield made
    made.close()


def until(done: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.005)


def test_what_comes_is_held_in_the_bytes_of_the_feed(log: InMemoryLog, told: Told, live: LiveFeed) -> None:
    heard = list[int]()
    live.listeners.add(lambda: heard.append(len(live.since(10) or ())))
    told.pages.put(log.facts[10:12])
    told.pages.put([])
    told.pages.put(log.facts[12:13])
    until(lambda: heard == [2, 3])
    assert [fresh.event for fresh in live.since(10) or ()] == [encoded(e) for e in a_feed(log).events(log.facts[10:13])]
    assert [fresh.position for fresh in live.since(12) or ()] == [13]
    assert live.since(13) == live.since(99) == []
    assert live.since(9) is None
    live.start()
    assert told.begun == [10]


@pytest.mark.parametrize(("name", "most"), [("MOST_HELD", 8), ("MOST_BYTES", 4_000)])
def test_little_is_held_and_the_rest_is_said_to_be_missing(
    log: InMemoryLog, told: Told, live: LiveFeed, monkeypatch: pytest.MonkeyPatch, name: str, most: int
) -> None:
    monkeypatch.setattr(feed_live, name, most)
    for fact in log.facts[10:]:
        told.pages.put([fact])
    until(lambda: live.since(29) is not None and len(live.since(29) or ()) == 1)
    first = next(after for after in range(30) if live.since(after) is not None)
    held = live.since(first) or ()
    assert [fresh.position for fresh in held] == list(range(first + 1, 31))
    assert (len(held) if name == "MOST_HELD" else sum(len(fresh.event) for fresh in held)) <= most
    assert first > 10


def test_after_a_fault_it_goes_on_where_it_was(log: InMemoryLog, told: Told, live: LiveFeed) -> None:
    told.pages.put(log.facts[10:12])
    told.pages.put(LogUnavailable("away"))
    told.pages.put(log.facts[12:13])
    told.pages.put(RuntimeError("never foreseen"))
    told.pages.put(log.facts[13:14])
    until(lambda: len(live.since(10) or ()) == 4)
    assert told.begun == [10, 12, 13]
    assert not live.stuck(14)


def test_a_fact_that_cannot_be_read_is_told_to_whoever_stands_before_it(
    log: InMemoryLog, told: Told, live: LiveFeed
) -> None:
    told.pages.put(UnreadableFact(12, "initiative.party-joined.v9", "newer", log.facts[10:11]))
    until(lambda: live.stuck(11))
    assert not live.stuck(10)
    assert [fresh.position for fresh in live.since(10) or ()] == [11]
    told.pages.put(log.facts[11:12])
    until(lambda: not live.stuck(11))
