"""What a connection of the running program may and may not do."""

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from adapters.database.urls import lead_url, runtime_url


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


def test_the_server_lets_go_of_a_leading_session_whose_host_is_gone(database):
    """What it asks of the server; `setting` shows it over TCP only, because a unix socket has no other host."""
    wanted = {"tcp_keepalives_idle": "1", "tcp_keepalives_interval": "1", "tcp_keepalives_count": "1"}
    wanted |= {"tcp_user_timeout": "2000", "statement_timeout": "15000"}
    with psycopg.connect(lead_url(database.owner_url, "a-lead")) as connection:
        asked = "SELECT name, reset_val FROM pg_settings WHERE name = ANY(%s)"
        assert dict(connection.execute(asked, (list(wanted),)).fetchall()) == wanted
        assert connection.execute("SHOW role").fetchone() == ("pobratim_app",)
        assert connection.execute("SHOW application_name").fetchone() == ("a-lead",)


def test_options_of_the_address_are_kept_and_win(database):
    given = make_conninfo(database.owner_url, options="-c statement_timeout=3s")
    for url in (runtime_url(given), lead_url(given, "a-lead"), lead_url(runtime_url(given), "a-lead")):
        with psycopg.connect(url) as connection:
            assert connection.execute("SHOW statement_timeout").fetchone() == ("3s",)
            assert connection.execute("SHOW role").fetchone() == ("pobratim_app",)
