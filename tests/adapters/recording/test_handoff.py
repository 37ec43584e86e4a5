"""Group commit: who waits while a commit is under way shares the next one."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Thread
from uuid import uuid4

import psycopg
import pytest

from adapters.recording.handoff import Handoff, HandoffClosed, HandoffTimeout
from application.ports import Conflict, VaultEntry
from domain.kernel import VaultRef
from tests.adapters.recording.office import a_save


class Bench:
    """Commits that wait until they are let go, and remember what came together."""

    def __init__(self) -> None:
        self.go = Event()
        self.batches: list[list[int]] = []

    def commit(self, units):
        self.batches.append(list(units))
        assert self.go.wait(5)
        return [ValueError(unit) if unit < 0 else unit * 10 for unit in units]


def waiting(handoff: Handoff[int, int], number: int) -> None:
    deadline = time.monotonic() + 5
    while len(handoff._waiting) != number:
        assert time.monotonic() < deadline
        time.sleep(0.001)


def test_what_comes_during_a_commit_shares_the_next_one():
    bench = Bench()
    handoff: Handoff[int, int] = Handoff(bench.commit, largest=3)
    with ThreadPoolExecutor(5) as threads:
        answers = [threads.submit(handoff.submit, 1, 5)]
        while not bench.batches:
            time.sleep(0.001)
        for n in (2, 3, 4, 5):
            answers.append(threads.submit(handoff.submit, n, 5))
            waiting(handoff, n - 1)
        bench.go.set()
        assert [answer.result() for answer in answers] == [10, 20, 30, 40, 50]
    assert bench.batches == [[1], [2, 3, 4], [5]]


def test_each_is_told_its_own_exception():
    bench = Bench()
    bench.go.set()
    handoff: Handoff[int, int] = Handoff(bench.commit)
    with pytest.raises(ValueError, match="-1"):
        handoff.submit(-1, 5)
    assert handoff.submit(1, 5) == 10


def test_a_commit_that_breaks_leaves_nobody_waiting_and_the_next_works():
    broken = [RuntimeError("bug")]

    def commit(units):
        if broken:
            raise broken.pop()
        return units

    handoff: Handoff[int, int] = Handoff(commit)
    with pytest.raises(RuntimeError):
        handoff.submit(1, 5)
    assert handoff.submit(2, 5) == 2


def test_nobody_waits_longer_than_asked_and_who_gave_up_is_not_committed():
    bench = Bench()
    handoff: Handoff[int, int] = Handoff(bench.commit)
    first = Thread(target=handoff.submit, args=(1, 5))
    first.start()
    while not bench.batches:
        time.sleep(0.001)
    with pytest.raises(HandoffTimeout):
        handoff.submit(2, 0.05)
    bench.go.set()
    first.join(5)
    assert handoff.submit(3, 5) == 30
    assert bench.batches == [[1], [3]]


def test_closing_waits_for_the_commit_under_way_and_turns_the_others_away():
    bench = Bench()
    handoff: Handoff[int, int] = Handoff(bench.commit)
    with ThreadPoolExecutor(2) as threads:
        under_way = threads.submit(handoff.submit, 1, 5)
        while not bench.batches:
            time.sleep(0.001)
        queued = threads.submit(handoff.submit, 2, 5)
        waiting(handoff, 1)
        assert handoff.close(0.01) is False
        bench.go.set()
        assert handoff.close(5) is True
        assert under_way.result() == 10
        with pytest.raises(HandoffClosed):
            queued.result()
    with pytest.raises(HandoffClosed):
        handoff.submit(3, 5)


def test_no_wakeup_is_lost_among_many_impatient_threads():
    def commit(units):
        time.sleep(0.0005)
        return units

    handoff: Handoff[int, int] = Handoff(commit, largest=4)

    def submit(n: int) -> int:
        try:
            return handoff.submit(n, 0.001 if n % 3 == 0 else 10)
        except HandoffTimeout:
            return n

    with ThreadPoolExecutor(16) as threads:
        assert list(threads.map(submit, range(3000))) == list(range(3000))
    assert handoff.close(5)


def test_of_a_shared_commit_only_the_culprit_fails(database, book):
    """The log's lock is held by somebody else until eight saves wait: one conflict, one bad text, six good."""
    taken = uuid4()
    book.append([a_save(taken)])
    good = [a_save(uuid4()) for _ in range(6)]
    conflicting = a_save(taken)
    unstorable = a_save(uuid4(), entries=[VaultEntry(VaultRef(uuid4()), "remark", "a\0b")])
    handoff = book.log_recorder._keeper._handoff
    with ThreadPoolExecutor(9) as threads:
        with psycopg.connect(database.owner_url) as connection:
            connection.execute("SELECT pg_advisory_xact_lock(7631400002)")
            leader = threads.submit(book.append, [a_save(uuid4())])
            while not handoff._led:
                time.sleep(0.001)
            answers = [threads.submit(book.append, [save]) for save in (*good[:3], conflicting, unstorable, *good[3:])]
            waiting(handoff, 8)
        assert leader.result()[0].repeated is False
        outcomes = [answer.exception() for answer in answers]
    assert [type(outcome) for outcome in outcomes] == [type(None)] * 3 + [Conflict, ValueError] + [type(None)] * 3
    assert [len(book.read(save.writes[0].stream)) for save in good] == [1] * 6
    assert len(book.read(taken)) == 1
