"""The network fails at the worst moment; a command still has one effect, and its sender learns about it."""

from uuid import uuid4

import psycopg
import pytest

from adapters.recording.casebook import CaseBook
from application.ports import LogUnavailable, Saved
from tests.adapters.recording.office import a_save
from tests.adapters.recording.proxy import Network


@pytest.fixture
def network(database):
    network = Network(database.url)
    yield network
    network.close()


@pytest.fixture
def far_book(network, pool):
    """Writes through a network that may lose an answer."""
    book = CaseBook(network.url, pool)
    book.append([a_save(uuid4())])
    yield book
    book.close()


def test_a_save_whose_answer_was_lost_is_answered_as_saved_and_has_one_effect(network, far_book):
    stream = uuid4()
    save = a_save(stream)
    network.lose_the_next_answer(to=save.key.bytes)

    [saved] = far_book.append([save])

    assert network.lost == 1
    [fact] = far_book.read(stream)
    assert saved.position == fact.position


def test_its_sender_may_repeat_the_command(network, far_book):
    stream = uuid4()
    save = a_save(stream)
    network.lose_the_next_answer(to=save.key.bytes)
    [first] = far_book.append([save])
    assert far_book.append([save]) == [Saved(first.position, repeated=True)]
    assert len(far_book.read(stream)) == 1


def test_a_log_that_cannot_be_reached_says_so_and_works_again_afterwards(network, pool, monkeypatch):
    monkeypatch.setattr("adapters.recording.writer.RECONNECT_SECONDS", 0.2)
    book = CaseBook(network.url, pool)
    save = a_save(uuid4())
    network.down = True
    with pytest.raises(LogUnavailable):
        book.append([save])
    network.down = False
    assert book.append([save])[0].repeated is False
    book.close()


def test_a_killed_writing_connection_goes_unnoticed(database, book):
    book.append([a_save(uuid4())])
    assert kill(database.owner_url, "pobratim-log") == 1
    stream = uuid4()
    assert book.append([a_save(stream)])[0].repeated is False
    assert len(book.read(stream)) == 1


def test_killed_reading_connections_go_unnoticed(database, book):
    stream = uuid4()
    book.append([a_save(stream)])
    assert kill(database.owner_url, "pobratim") >= 1
    assert len(book.read(stream)) == 1


def test_a_killed_follower_goes_on_and_misses_nothing(database, book):
    start = book.head()
    follower = book.follower()
    pages = follower.follow(start)
    assert list(next(pages)) == []
    assert kill(database.owner_url, "pobratim-follower") == 1

    book.append([a_save(uuid4()), a_save(uuid4())])

    seen = next(page for page in pages if page)
    assert [fact.position for fact in seen] == [start + 1, start + 2]
    for _ in range(20):
        if kill(database.owner_url, "pobratim-follower", really=False) == 1:
            break
        next(pages)
    else:
        raise AssertionError("the follower does not listen again")
    pages.close()


def test_a_closed_book_takes_nothing_more(database, pool):
    book = CaseBook(database.url, pool)
    book.close()
    with pytest.raises(LogUnavailable):
        book.append([a_save(uuid4())])


def kill(owner_url: str, name: str, *, really: bool = True) -> int:
    """How many connections of that name there are; they are ended."""
    deed = "pg_terminate_backend(pid, 2000)" if really else "true"
    with psycopg.connect(owner_url, autocommit=True) as connection:
        ended = f"SELECT {deed} FROM pg_stat_activity WHERE application_name = %s AND datname = current_database()"  # noqa: S608
        return len(connection.execute(ended, (name,)).fetchall())
