"""What a connection of the running program may and may not do."""

import psycopg
import pytest


def test_a_runtime_connection_works_as_the_runtime_role_in_utc_with_bounded_waits(database):
    with psycopg.connect(database.url) as connection:
        shown = [connection.execute(f"SHOW {name}").fetchone()[0] for name in ("role", "TimeZone")]
        waits = [connection.execute(f"SHOW {name}").fetchone()[0] for name in ("statement_timeout", "lock_timeout")]
        isolation = connection.execute("SHOW transaction_isolation").fetchone()[0]
    assert isolation == "read committed"
    assert (shown, waits) == (["pobratim_app", "UTC"], ["15s", "5s"])


def test_reset_role_does_not_give_the_owners_rights_back(database):
    with psycopg.connect(database.url) as connection:
        connection.execute("RESET ROLE")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("CREATE TABLE log.more (n int)")
