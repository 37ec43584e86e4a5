"""Many writers at once: nothing is lost, missed or written twice."""

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from itertools import pairwise
from pathlib import Path
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from eventsourcing.projection import ApplicationSubscription

from adapters.recording.casebook import CaseBook
from application.ports import Conflict, Follower
from tests.adapters.recording.office import a_save, renamed

WRITERS, FACTS_EACH = 8, 60
ROOT = Path(__file__).parents[3]


def write_a_case_with_lost_races(book: CaseBook) -> None:
    """Every tenth fact is sent twice under different keys: the second is a conflict."""
    stream = uuid4()
    for after in range(FACTS_EACH):
        book.append([a_save(stream, after)])
        if after % 10 == 0:
            try:
                book.append([a_save(stream, after)])
            except Conflict:
                continue
            raise AssertionError("a version was written twice")


def write_at_once(*books: CaseBook) -> None:
    with ThreadPoolExecutor(WRITERS) as writers:
        each = [writers.submit(write_a_case_with_lost_races, books[n % len(books)]) for n in range(WRITERS)]
    for one in each:
        one.result()


def by_connections_of_their_own(database, pool) -> None:
    """A case book each, so that no writer shares the transaction of another one."""
    with ExitStack() as opened:
        write_at_once(*(opened.enter_context(closing(CaseBook(database.url, pool))) for _ in range(WRITERS)))


OTHER_PROCESS = """
import sys
from adapters.database.pool import open_pool
from adapters.recording.casebook import CaseBook
from tests.adapters.recording.test_many_writers import write_a_case_with_lost_races
with open_pool(sys.argv[1]) as pool:
    book = CaseBook(sys.argv[1], pool)
    book.head()
    print("ready", flush=True)
    sys.stdin.readline()
    for _ in range(WRITERS_EACH):
        write_a_case_with_lost_races(book)
    book.close()
"""


def by_processes(database, pool) -> None:
    """Four processes that begin at the same moment."""
    code = OTHER_PROCESS.replace("WRITERS_EACH", str(WRITERS // 4))
    command = [sys.executable, "-c", code, database.url]
    with ExitStack() as opened:
        others = [
            opened.enter_context(
                subprocess.Popen(command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            )
            for _ in range(4)
        ]
        assert [other.stdout.readline() for other in others] == ["ready\n"] * 4
        for other in others:
            other.stdin.write("\n")
            other.stdin.flush()
    assert [other.returncode for other in others] == [0] * 4


@pytest.mark.parametrize("write", [by_connections_of_their_own, by_processes])
def test_a_follower_misses_nothing_and_sees_strictly_rising_positions(database, pool, book, write: Callable[..., None]):
    start, seen = book.head(), []
    follower = book.follower()
    assert isinstance(follower, Follower)
    follows = Thread(target=lambda: seen.extend(fact for page in follower.follow(start) for fact in page))
    follows.start()
    try:
        write(database, pool)
        expected = list(book.page(start, 10_000))
        deadline = time.monotonic() + 10
        while len(seen) < len(expected) and time.monotonic() < deadline:
            time.sleep(0.01)
    finally:
        follower.stop()
        follows.join(5)
    assert len(expected) == WRITERS * FACTS_EACH
    assert seen == expected
    positions = [fact.position for fact in seen]
    assert all(earlier < later for earlier, later in pairwise(positions))
    moments = [fact.recorded_at for fact in seen]
    assert moments == sorted(moments)


def test_the_librarys_own_subscription_sees_every_fact(book):
    start = book.head()
    write_at_once(book)
    with ApplicationSubscription(book, gt=start) as subscription:
        seen = [next(subscription) for _ in range(WRITERS * FACTS_EACH)]
    positions = [tracking.notification_id for _, tracking in seen]
    assert positions == sorted(set(positions))
    assert positions[-1] == book.head()


def test_sixteen_racing_writers_of_one_case_give_one_winner_a_version(database, pool, book):
    stream, racers, versions = uuid4(), 16, 25
    books = [book, *(CaseBook(database.url, pool) for _ in range(7))]
    barrier = Barrier(racers, timeout=30)

    def race(number: int) -> list[str]:
        outcomes: list[str] = []
        for after in range(versions):
            barrier.wait()
            try:
                books[number % 8].append([a_save(stream, after, [renamed(str(number))])])
                outcomes.append(f"won {after}")
            except Conflict:
                outcomes.append(f"lost {after}")
        return outcomes

    with ThreadPoolExecutor(racers) as threads:
        outcomes = Counter(one for race_of_one in threads.map(race, range(racers)) for one in race_of_one)

    for one in books[1:]:
        one.close()
    assert [outcomes[f"won {after}"] for after in range(versions)] == [1] * versions
    assert [outcomes[f"lost {after}"] for after in range(versions)] == [racers - 1] * versions
    assert [fact.version for fact in book.read(stream)] == list(range(1, versions + 1))


def test_one_command_sent_by_sixteen_at_once_has_one_effect(book):
    stream = uuid4()
    save = a_save(stream)
    with ThreadPoolExecutor(16) as threads:
        answers = list(threads.map(lambda _: book.append([save])[0], range(16)))
    assert len(book.read(stream)) == 1
    assert {answer.position for answer in answers} == {book.read(stream)[0].position}
    assert Counter(answer.repeated for answer in answers) == {False: 1, True: 15}
