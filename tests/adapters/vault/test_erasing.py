"""A fact erases: the text, in its transaction, and nothing else; nobody can do the one without the other."""

from uuid import uuid4

import psycopg
import pytest

from application.people_ports import Erasure
from application.ports import Conflict, VaultEntry
from domain.kernel import VaultRef
from domain.people.events import EntryCorrected, EntryErased, ErasureGround
from tests.adapters.recording.office import a_save

CASE = uuid4()


def entry(text: str = "Позвала је Милена Црвенков.", about=None) -> VaultEntry:
    return VaultEntry(VaultRef(uuid4()), "remark", text, about)


@pytest.fixture
def kept(book) -> VaultEntry:
    made = entry()
    book.append([a_save(uuid4(), entries=[made])])
    return made


def erased(ref: VaultRef) -> EntryErased:
    return EntryErased(entry=ref, ground=ErasureGround.OBJECTION)


def test_the_text_goes_with_the_fact_and_where_it_stood_is_known(book, vault, kept):
    position = book.append([a_save(uuid4(), facts=[erased(kept.ref)])])[0].position
    assert vault.read([kept.ref]) == {kept.ref: None}
    assert vault.kept([kept.ref]) == []
    (mark,) = [one for one in vault.erasures() if one.ref == kept.ref]
    recorded = book.page(position - 1, 1)[0]
    assert mark == Erasure(kept.ref, position, recorded.recorded_at)


def test_a_fact_that_does_not_enter_erases_nothing(book, vault, kept):
    stream = uuid4()
    book.append([a_save(stream)])
    with pytest.raises(Conflict):
        book.append([a_save(stream, facts=[erased(kept.ref)])])
    assert vault.read([kept.ref]) == {kept.ref: kept.text}


def test_erased_twice_is_erased_once(book, vault, kept):
    first = book.append([a_save(uuid4(), facts=[erased(kept.ref)])])[0].position
    book.append([a_save(uuid4(), facts=[erased(kept.ref)])])
    assert [one.position for one in vault.erasures() if one.ref == kept.ref] == [first]


def test_a_corrected_entry_reads_as_the_text_in_its_place_however_often(book, vault, kept):
    second, third = entry("Звала је Милена Црвенковић.", CASE), entry("Звала је Милица Црвенковић.", CASE)
    book.append([a_save(uuid4(), facts=[EntryCorrected(entry=kept.ref, replaced_by=second.ref)], entries=[second])])
    assert vault.read([kept.ref]) == {kept.ref: second.text}
    book.append([a_save(uuid4(), facts=[EntryCorrected(entry=second.ref, replaced_by=third.ref)], entries=[third])])
    assert vault.read([kept.ref, third.ref]) == {kept.ref: third.text, third.ref: third.text}
    assert [one.stream for one in vault.kept([third.ref])] == [CASE]
    book.append([a_save(uuid4(), facts=[erased(third.ref)])])
    assert vault.read([kept.ref, second.ref, third.ref]) == dict.fromkeys((kept.ref, second.ref, third.ref))


@pytest.mark.parametrize("replica", [False, True], ids=["", "calling itself a replica"])
@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM vault.entries",
        "TRUNCATE vault.entries",
        "UPDATE vault.entries SET text = ''",
        "DELETE FROM vault.erasures",
        "TRUNCATE vault.erasures",
        "UPDATE vault.erasures SET position = 1",
    ],
)
def test_the_owner_neither_changes_nor_erases_without_a_fact(book, database, kept, change, replica):
    book.append([a_save(uuid4(), facts=[erased(VaultRef(uuid4()))])])
    with psycopg.connect(database.owner_url) as connection:
        if replica:
            connection.execute("SET session_replication_role = replica")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(change)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM vault.entries",
        "INSERT INTO vault.erasures VALUES (gen_random_uuid(), 1, now())",
        "SELECT vault.erase()",
    ],
)
def test_the_runtime_role_cannot_go_past_the_fact(database, kept, statement):
    with psycopg.connect(database.url) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(statement)
