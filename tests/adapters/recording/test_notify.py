"""Whoever follows the log is rung for, and does not wait for the next poll."""

import time
from threading import Event, Thread
from uuid import uuid4

from adapters.recording import follower
from tests.adapters.recording.office import a_save

POLL = 30.0
SOON = 5.0


def test_a_follower_hears_of_every_fact_long_before_it_polls(book, monkeypatch):
    monkeypatch.setattr(follower, "POLL_SECONDS", POLL)
    seen, listens, follows = [], Event(), book.follower()

    def follow() -> None:
        for page in follows.follow(book.head()):
            listens.set()
            seen.extend(page)

    thread = Thread(target=follow)
    thread.start()
    try:
        assert listens.wait(SOON)
        for count in range(1, 4):
            book.append([a_save(uuid4())])
            deadline = time.monotonic() + SOON
            while len(seen) < count and time.monotonic() < deadline:
                time.sleep(0.01)
            assert len(seen) == count
    finally:
        follows.stop()
        thread.join(SOON)
    assert not thread.is_alive()
