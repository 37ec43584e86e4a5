"""What was erased and comes back with a backup is erased again, and the log says so."""

from datetime import UTC, datetime
from uuid import uuid4

import psycopg
import pytest

from application.identity import RESTORED
from application.people_reapplying import Reapplying
from application.ports import VaultEntry
from domain.kernel import VaultRef
from domain.people.events import EntryErased, ErasureGround
from tests.adapters.recording.office import a_save

NOW = datetime(2026, 3, 17, 9, tzinfo=UTC)


@pytest.fixture
def reapplying(book, vault, listed):
    return Reapplying(book, vault, listed, lambda: NOW)


@pytest.fixture
def erased(book) -> VaultEntry:
    entry = VaultEntry(VaultRef(uuid4()), "remark", "Милена Црвенков")
    book.append([a_save(uuid4(), entries=[entry])])
    book.append([a_save(uuid4(), facts=[EntryErased(entry=entry.ref, ground=ErasureGround.UNLAWFUL)])])
    return entry


def come_back(database, entry: VaultEntry) -> None:
    """As a backup of the time before would bring it back: the text is there, and of the erasure nothing is known."""
    with psycopg.connect(database.owner_url) as connection:
        connection.execute("ALTER TABLE vault.erasures DISABLE TRIGGER USER")
        connection.execute("DELETE FROM vault.erasures WHERE ref = %s", (entry.ref,))
        connection.execute("ALTER TABLE vault.erasures ENABLE ALWAYS TRIGGER only_grows")
        connection.execute(
            "INSERT INTO vault.entries (ref, kind, text, recorded_at) VALUES (%s, %s, %s, now())",
            (entry.ref, entry.kind, entry.text),
        )


def test_where_nothing_came_back_only_the_list_is_completed(reapplying, listed, erased, book):
    assert reapplying.unlisted() >= 1
    head = book.head()
    assert reapplying.reapply() == 0
    assert erased.ref in listed.listed()
    assert reapplying.unlisted() == 0
    assert book.head() == head


def test_what_came_back_is_erased_again_and_recorded(reapplying, vault, book, database, erased):
    reapplying.reapply()
    come_back(database, erased)
    assert reapplying.back() == [erased.ref]
    before = len(book.read(RESTORED))
    assert reapplying.reapply() == 1
    assert vault.read([erased.ref]) == {erased.ref: None}
    assert reapplying.back() == []
    (again,) = book.read(RESTORED)[before:]
    assert again.fact == EntryErased(entry=erased.ref, ground=ErasureGround.RESTORED)
    assert reapplying.reapply() == 0


def test_many_are_erased_in_several_transactions(reapplying, vault, book, database, monkeypatch):
    monkeypatch.setattr("application.people_reapplying.AT_ONCE", 2)
    entries = [VaultEntry(VaultRef(uuid4()), "remark", f"Милена {number}") for number in range(5)]
    book.append([a_save(uuid4(), entries=entries)])
    facts = [EntryErased(entry=entry.ref, ground=ErasureGround.UNLAWFUL) for entry in entries]
    book.append([a_save(uuid4(), facts=facts)])
    reapplying.reapply()
    for entry in entries:
        come_back(database, entry)
    assert reapplying.reapply() == len(entries)
    assert set(vault.read([entry.ref for entry in entries]).values()) == {None}
