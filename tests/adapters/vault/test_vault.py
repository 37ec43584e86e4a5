"""Words beside the log: kept with the facts, read many at once, erased by a fact only."""

from uuid import uuid4

import psycopg
import pytest

from adapters.database.pool import open_pool
from adapters.vault.postgres import PostgresVault
from application.people_ports import PersonVault
from application.ports import LogUnavailable, Vault, VaultEntry
from domain.kernel import VaultRef
from domain.people.events import EntryErased, ErasureGround
from tests.adapters.recording.office import a_save


def entry(text: str = "Разлог: није исто место.") -> VaultEntry:
    return VaultEntry(VaultRef(uuid4()), "reason", text)


def erasing(ref: VaultRef) -> EntryErased:
    return EntryErased(entry=ref, ground=ErasureGround.UNLAWFUL)


def test_it_is_the_port(vault):
    assert isinstance(vault, Vault)
    assert isinstance(vault, PersonVault)


def test_words_enter_with_the_facts_and_are_read_many_at_once(book, vault):
    one, two, unknown = entry(), entry("друго"), VaultRef(uuid4())
    book.append([a_save(uuid4(), entries=[one, two])])
    assert vault.read([one.ref, two.ref, unknown]) == {one.ref: one.text, two.ref: two.text, unknown: None}
    assert vault.read([]) == {}


def test_an_entry_knows_the_stream_that_it_belongs_to(book, database):
    stream, kept = uuid4(), entry()
    book.append([a_save(stream, entries=[kept])])
    with psycopg.connect(database.url) as connection:
        found = connection.execute("SELECT ref, kind FROM vault.entries WHERE stream = %s", (stream,)).fetchall()
    assert found == [(kept.ref, "reason")]


def test_a_repeated_command_keeps_its_words_once(book, vault):
    kept = entry()
    save = a_save(uuid4(), entries=[kept])
    book.append([save])
    assert book.append([save])[0].repeated
    assert vault.read([kept.ref]) == {kept.ref: kept.text}


def test_an_erased_entry_reads_as_none_and_its_facts_stay(book, vault, database):
    stream, kept = uuid4(), entry()
    book.append([a_save(stream, entries=[kept])])
    book.append([a_save(uuid4(), facts=[erasing(kept.ref)])])
    assert vault.read([kept.ref]) == {kept.ref: None}
    assert len(book.read(stream)) == 1


def test_words_beyond_all_measure_are_refused_with_their_facts(book):
    stream = uuid4()
    with pytest.raises(psycopg.errors.CheckViolation):
        book.append([a_save(stream, entries=[entry("ш" * 100_001)])])
    assert list(book.read(stream)) == []


@pytest.mark.parametrize("text", ["a\0b", "\ud800"], ids=["NUL", "half a surrogate pair"])
def test_text_that_is_none_is_refused_with_its_facts(book, text):
    stream = uuid4()
    with pytest.raises(ValueError, match=r"NUL|surrogates"):
        book.append([a_save(stream, entries=[entry(text)])])
    assert list(book.read(stream)) == []


@pytest.mark.parametrize("change", ["UPDATE vault.entries SET text = ''", "DELETE FROM vault.entries"])
def test_the_runtime_role_neither_changes_nor_erases(database, change):
    with psycopg.connect(database.url) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(change)


def test_a_vault_out_of_reach_says_so(monkeypatch):
    monkeypatch.setattr("adapters.database.pool.WAIT_SECONDS", 0.1)
    pool = open_pool("host=127.0.0.1 port=1")
    with pytest.raises(LogUnavailable):
        PostgresVault(pool).read([VaultRef(uuid4())])
    pool.close()
