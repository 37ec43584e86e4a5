"""A fact of a newer version stands in the log: every read says which, and gives what stands before it."""

from uuid import uuid4

import pytest

from application.ports import UnreadableFact
from tests.adapters.recording.office import a_save, renamed
from tests.planting import NEWER, plant


@pytest.fixture
def stream(book):
    stream = uuid4()
    book.append([a_save(stream, facts=[renamed("before")])])
    return stream


@pytest.mark.parametrize(("topic", "state"), [(NEWER, b'{"fact": {}}'), ("partner.renamed.v1", b'{"fact": {}}')])
def test_a_page_gives_the_facts_before_it(database, book, stream, topic, state):
    start = book.head() - 1
    planted = plant(database.url, stream, topic, state)
    book.append([a_save(uuid4(), facts=[renamed("after")])])

    with pytest.raises(UnreadableFact, match=f"position {planted}, topic {topic} cannot be read") as raised:
        book.page(start, 10)

    assert (raised.value.position, raised.value.topic) == (planted, topic)
    assert [recorded.fact for recorded in raised.value.before] == [renamed("before")]
    with pytest.raises(UnreadableFact) as raised:
        book.page(planted - 1, 10)
    assert list(raised.value.before) == []
    assert [recorded.fact for recorded in book.page(planted, 10)] == [renamed("after")]


def test_a_stream_that_holds_it_cannot_be_read_and_others_can(database, book, stream):
    planted, other = plant(database.url, stream), uuid4()
    book.append([a_save(other)])
    with pytest.raises(UnreadableFact) as raised:
        book.read(stream)
    assert (raised.value.position, len(raised.value.before)) == (planted, 1)
    assert len(book.read(other)) == 1


def test_a_stream_that_begins_with_it_has_no_readable_beginning(database, book):
    begun = uuid4()
    plant(database.url, begun)
    with pytest.raises(UnreadableFact):
        book.first([begun])


def test_a_follower_ends_there_with_the_facts_before_it(database, book, stream):
    start = book.head() - 1
    planted = plant(database.url, stream)
    with pytest.raises(UnreadableFact) as raised:
        next(book.follower().follow(start))
    assert raised.value.position == planted
    assert [recorded.fact for recorded in raised.value.before] == [renamed("before")]
