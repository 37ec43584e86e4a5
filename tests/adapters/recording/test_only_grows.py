"""Nobody changes or removes what stands in the log, and its clock never runs backwards."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import psycopg
import pytest

from adapters.recording.casebook import CaseBook
from application.ports import LogUnavailable
from tests.adapters.recording.office import a_save

TABLES = ("log.facts", "log.commands")
CHANGES = (
    "UPDATE {} SET recorded_at = now()",
    "DELETE FROM {}",
    "TRUNCATE {}",
)


@pytest.fixture(autouse=True)
def something_in_the_log(book):
    book.append([a_save(uuid4())])


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("change", CHANGES)
def test_the_runtime_role_has_no_right_to_change(database, table, change):
    with (
        psycopg.connect(database.url) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege, match="permission denied"),
    ):
        connection.execute(change.format(table))


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("replica", [False, True], ids=["", "calling itself a replica"])
def test_the_owner_is_refused_too(database, table, change, replica):
    with psycopg.connect(database.owner_url) as connection:
        if replica:
            connection.execute("SET session_replication_role = replica")
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match=f"{table} only grows: [A-Z]+ is refused"):
            connection.execute(change.format(table))


def test_the_runtime_role_cannot_take_the_refusal_away(database):
    with psycopg.connect(database.url) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("DROP TRIGGER only_grows ON log.facts")


def test_moments_never_run_backwards_even_when_the_clock_does(database, book):
    ahead = datetime.now(UTC) + timedelta(hours=3)
    with psycopg.connect(database.owner_url) as connection:
        connection.execute(
            "INSERT INTO log.facts SELECT gen_random_uuid(), 1, topic, state, notification_id + 1, %s "
            "FROM log.facts ORDER BY notification_id DESC LIMIT 1",
            (ahead,),
        )
    stream = uuid4()
    book.append([a_save(stream)])
    assert book.read(stream)[0].recorded_at == ahead


def test_an_auditor_reads_the_facts_as_json(database, book):
    stream = uuid4()
    book.append([a_save(stream)])
    with psycopg.connect(database.url) as connection:
        shown = "SELECT topic, state -> 'fact' ->> 'name', state ->> 'actor' FROM log.readable WHERE stream = %s"
        assert connection.execute(shown, (stream,)).fetchone() == (
            "partner.renamed.v1",
            "Ниш",
            "00000000-0000-4000-8000-000000000001",
        )


def test_a_writer_that_waits_too_long_for_the_log_is_told_so(database, pool):
    book = CaseBook(f"{database.url} options='-c lock_timeout=100ms'", pool)
    with psycopg.connect(database.owner_url) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(7631400002)")
        with pytest.raises(LogUnavailable, match="lock timeout"):
            book.append([a_save(uuid4())])
    book.close()
