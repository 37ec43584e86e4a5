"""Somebody seals, at the right times, and says once why not."""

import logging
import secrets
import time
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from adapters.database.urls import runtime_url
from adapters.sealing.faults import SealFault
from adapters.sealing.sealer import EVERY_FACTS, EVERY_SECONDS, Sealer, require_role

PATIENCE = 20.0


@pytest.fixture
def sealer(registry):
    made = Sealer(registry.database.url, registry.sealing)
    made.step(registry.connection)
    return made


def until(sees):
    end = time.monotonic() + PATIENCE
    while not sees():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.05)


def test_facts_wait_ten_seconds_or_until_there_are_256(registry, sealer):
    registry.record(1)
    assert not sealer.step(registry.connection)
    sealer._sealed_at -= EVERY_SECONDS
    assert sealer.step(registry.connection)
    assert registry.kept().size == 1
    registry.record(EVERY_FACTS - 1)
    assert not sealer.step(registry.connection)
    registry.record(1)
    assert sealer.step(registry.connection)
    assert registry.kept().size == 1 + EVERY_FACTS
    sealer._sealed_at -= EVERY_SECONDS
    assert not sealer.step(registry.connection), "nothing is new"


def test_a_day_of_the_office_has_its_checkpoint(registry, sealer):
    kinds = "SELECT kind, made_at FROM seal.checkpoints ORDER BY number"
    registry.now = datetime(2026, 3, 17, 22, 59, 59, tzinfo=UTC)
    assert not sealer.step(registry.connection), "in Belgrade it is 23:59:59"
    registry.now += timedelta(seconds=1)
    registry.record(1)
    assert sealer.step(registry.connection)
    assert not sealer.step(registry.connection)
    made = registry.connection.execute(kinds).fetchall()
    assert [kind for kind, _at in made] == ["daily", "daily"]
    assert made[1][1] == registry.now
    assert registry.kept().size == 1
    registry.now += timedelta(days=1)
    assert sealer.step(registry.connection), "also on a day without facts"


def test_the_thread_seals_what_is_recorded(registry):
    registry.record(300)
    sealer = Sealer(registry.database.url, registry.sealing)
    sealer.start()
    try:
        until(lambda: registry.sealing.kept.path.exists() and registry.kept().size == 300)
        registry.record(EVERY_FACTS)
        until(lambda: registry.kept().size == 300 + EVERY_FACTS)
    finally:
        sealer.stop()


def test_one_that_may_not_seal_says_so_once_and_seals_again_when_it_is_mended(registry, monkeypatch, caplog):
    monkeypatch.setattr("adapters.sealing.sealer.STOPPED_SECONDS", 0.05)
    monkeypatch.setattr("adapters.database.leading.ASK_SECONDS", 0.05)
    registry.record(3)
    registry.seal()
    note = registry.sealing.kept.path.read_bytes()
    registry.sealing.kept.path.write_bytes(b"?")
    tries = []
    seal = registry.sealing.seal
    monkeypatch.setattr(registry.sealing, "seal", lambda *given, **more: tries.append(1) or seal(*given, **more))
    sealer = Sealer(registry.database.url, registry.sealing)
    with caplog.at_level(logging.WARNING):
        sealer.start()
        try:
            until(lambda: len(tries) > 3)
            registry.sealing.kept.path.write_bytes(note)
            registry.record(EVERY_FACTS)
            until(lambda: registry.kept().size == 3 + EVERY_FACTS)
        finally:
            sealer.stop()
    said = [record.getMessage() for record in caplog.records]
    assert len(said) == 1
    assert said[0].startswith("nothing is sealed: ")


def test_a_login_that_may_not_seal_is_told_how_it_may(registry, server):
    login, password = f"pobratim_web_{secrets.token_hex(4)}", secrets.token_hex(8)
    with psycopg.connect(server, autocommit=True) as connection:
        if not connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()[0]:
            pytest.skip("the tests' own account may not make another one")
        connection.execute(f"CREATE ROLE {login} LOGIN PASSWORD '{password}' IN ROLE pobratim_app")
        try:
            url = runtime_url(make_conninfo(registry.database.owner_url, user=login, password=password))
            with pytest.raises(SealFault, match=f"GRANT pobratim_sealer TO {login}") as fault:
                require_role(url)
            assert fault.value.code == "seal.role"
            connection.execute(f"GRANT pobratim_sealer TO {login}")
            require_role(url)
            sealer = Sealer(url, registry.sealing)
            sealer.start()
            try:
                until(registry.sealing.kept.path.exists)
            finally:
                sealer.stop()
        finally:
            connection.execute(f"DROP OWNED BY {login}")
            connection.execute(f"DROP ROLE {login}")
