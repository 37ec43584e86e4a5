"""What application.ports.Log promises, of the log on PostgreSQL and of the stand-in for use-case tests alike."""

from collections.abc import Iterator
from uuid import uuid4

import msgspec
import pytest

from adapters.recording.casebook import CaseBook
from application.ports import CommandKeyReused, Conflict, Log, Saved, VaultEntry, Write
from domain.kernel import VaultRef
from domain.partners.events import PartnerRegistered
from tests.adapters.recording.office import APPROVER, OFFICER, a_save, renamed
from tests.fakes import InMemoryLog


@pytest.fixture(params=["postgres", "in memory"])
def log(request, database, pool) -> Iterator[Log]:
    if request.param == "in memory":
        yield InMemoryLog()
        return
    book = CaseBook(database.url, pool)
    yield book
    book.close()


def test_it_is_the_port(log):
    assert isinstance(log, Log)


def test_facts_are_read_back_as_they_were_entered(log):
    stream = uuid4()
    facts = [PartnerRegistered(name="Graz", country="AT", occurred_on="2026-03"), renamed("Грац")]
    save = a_save(stream, facts=facts)

    [saved] = log.append([save])

    first, second = log.read(stream)
    assert [first.fact, second.fact] == facts
    assert (first.version, second.version, second.position) == (1, 2, saved.position)
    assert (first.actor, first.on_behalf_of, first.command) == (OFFICER, APPROVER, save.key)
    assert first.recorded_at == second.recorded_at
    assert first.recorded_at.utcoffset().total_seconds() == 0


def test_an_unknown_stream_is_empty(log):
    assert list(log.read(uuid4())) == []


def test_a_command_that_leads_to_no_fact_is_remembered(log):
    save = a_save(uuid4(), facts=[])
    head = log.head()
    assert log.append([save]) == [Saved(head)]
    assert log.append([save]) == [Saved(head, repeated=True)]


def test_nothing_to_keep_is_nothing_kept(log):
    assert list(log.append([])) == []


@pytest.mark.parametrize("after", [0, 7], ids=["a version that somebody else has written", "a version that is absent"])
def test_writing_after_another_version_is_a_conflict(log, after):
    stream = uuid4()
    log.append([a_save(stream)])
    with pytest.raises(Conflict) as conflict:
        log.append([a_save(stream, after)])
    assert conflict.value.stream == stream
    assert len(log.read(stream)) == 1


def test_all_saves_are_kept_or_none(log):
    taken, free = uuid4(), uuid4()
    log.append([a_save(taken)])
    with pytest.raises(Conflict):
        log.append([a_save(free), a_save(taken)])
    assert list(log.read(free)) == []


def test_one_save_may_write_to_several_streams(log):
    here, there = uuid4(), uuid4()
    save = msgspec.structs.replace(a_save(here), writes=[Write(here, 0, [renamed()]), Write(there, 0, [renamed()])])
    [saved] = log.append([save])
    assert [log.read(here)[0].position, log.read(there)[0].position] == [saved.position - 1, saved.position]


def test_saves_may_follow_each_other_in_one_call(log):
    stream = uuid4()
    saved = log.append([a_save(stream), a_save(stream, 1, [renamed(), renamed()])])
    assert [one.position for one in saved] == [log.head() - 2, log.head()]


def test_a_repeated_key_has_one_effect(log):
    stream = uuid4()
    save = a_save(stream)
    [first] = log.append([save])
    log.append([a_save(uuid4())])
    assert log.append([save]) == [Saved(first.position, repeated=True)]
    assert log.outcome(save.key, save.digest) == Saved(first.position, repeated=True)
    assert len(log.read(stream)) == 1


def test_new_saves_beside_a_repeated_one_are_kept(log):
    old, new = a_save(uuid4()), a_save(uuid4())
    [before] = log.append([old])
    answers = log.append([old, new])
    assert list(answers) == [Saved(before.position, repeated=True), Saved(log.head())]


def test_a_key_twice_in_one_call_has_one_effect(log):
    stream = uuid4()
    save = a_save(stream)
    first, second = log.append([save, save])
    assert (first.repeated, second) == (False, Saved(first.position, repeated=True))
    assert len(log.read(stream)) == 1


def test_a_key_that_named_another_request_is_refused(log):
    save = a_save(uuid4())
    log.append([save])
    other = msgspec.structs.replace(a_save(uuid4()), key=save.key)
    with pytest.raises(CommandKeyReused):
        log.append([other])
    with pytest.raises(CommandKeyReused):
        log.outcome(save.key, other.digest)
    assert list(log.read(other.writes[0].stream)) == []


def test_an_unused_key_has_no_outcome(log):
    save = a_save(uuid4())
    assert log.outcome(save.key, save.digest) is None


def test_pages_follow_the_cursor(log):
    start, stream = log.head(), uuid4()
    log.append([a_save(stream, facts=[renamed(str(n)) for n in range(5)])])
    first = log.page(start, 3)
    rest = log.page(first[-1].position, 100)
    assert [one.fact.name for one in (*first, *rest)] == ["0", "1", "2", "3", "4"]
    assert list(log.page(log.head(), 100)) == []


def test_pages_of_some_topics_or_of_one_stream(log):
    start, wanted, other = log.head(), uuid4(), uuid4()
    log.append([a_save(wanted, facts=[PartnerRegistered(name="Graz", country="AT"), renamed()]), a_save(other)])
    registered = log.page(start, 10, topics=["partner.registered.v1"])
    assert [type(one.fact) for one in registered] == [PartnerRegistered]
    assert [one.version for one in log.page(start, 10, stream=wanted)] == [1, 2]
    assert [one.version for one in log.page(start, 1, stream=wanted)] == [1]
    both = log.page(start, 10, topics=["partner.renamed.v1"], stream=wanted)
    assert [one.version for one in both] == [2]


def test_the_first_fact_of_each_stream_that_exists(log):
    one, two, none = uuid4(), uuid4(), uuid4()
    log.append([a_save(one, facts=[renamed("a"), renamed("b")]), a_save(two, facts=[renamed("c")])])
    assert log.first([one, none, two]) == {one: renamed("a"), two: renamed("c")}
    assert log.first([]) == {}


def test_words_that_belong_to_a_refused_save_are_not_kept(log, database):
    stream = uuid4()
    log.append([a_save(stream)])
    entry = VaultEntry(VaultRef(uuid4()), "reason", "јер није исто место")
    with pytest.raises(Conflict):
        log.append([a_save(stream, entries=[entry])])
    assert log.append([a_save(stream, 1, entries=[entry])])[0].repeated is False
