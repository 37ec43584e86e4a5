"""An owner can take the triggers off and change the record: then it is seen, and the first position named."""

import psycopg
import pytest

from adapters.sealing.verifying import verify_seal

SIZE = 300
WAYS = {
    "the triggers are off": "ALTER TABLE {table} DISABLE TRIGGER USER",
    "the triggers are gone": "DROP TRIGGER {trigger} ON {table}",
}
CHANGES = {  # position 0: from the first fact on
    "a fact is changed": ("log.facts", "UPDATE log.facts SET state = state || ' ' WHERE notification_id = 200", 200),
    "a fact is removed": ("log.facts", "DELETE FROM log.facts WHERE notification_id = 200", 202),
    "a fact gets another place": (
        "log.facts",
        "UPDATE log.facts SET notification_id = 99 WHERE notification_id = 200",
        99,
    ),
    "a fact is slipped in": (
        "log.facts",
        "INSERT INTO log.facts SELECT gen_random_uuid(), 1, topic, state, 201, recorded_at FROM log.facts "
        "WHERE notification_id = 200",
        201,
    ),
    "all facts are gone": ("log.facts", "TRUNCATE log.facts CASCADE", 0),
    "a tile is changed": ("seal.tiles", "UPDATE seal.tiles SET hashes = set_byte(hashes, 0, 0) WHERE level = 0", 2),
    "tiles are gone": ("seal.tiles", "DELETE FROM seal.tiles", 0),
}


@pytest.fixture
def sealed(registry):
    """Facts at every second position."""
    registry.record(SIZE, apart=2)
    registry.seal()
    return registry


def forced(sealed, way, table, change):
    """Take the triggers of a table off, change it, and put them back as if nothing had been."""
    with psycopg.connect(sealed.database.owner_url) as connection:
        named = (
            "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal"
        )
        triggers = connection.execute(named, (table,)).fetchall()
        for trigger, _definition in triggers:
            connection.execute(way.format(table=table, trigger=trigger))
        connection.execute(change)
        for trigger, definition in triggers:
            if "DROP" in way:
                connection.execute(definition)
            connection.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {trigger}")


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize(("table", "change", "position"), CHANGES.values(), ids=CHANGES)
def test_it_is_seen_and_the_first_position_named(sealed, way, table, change, position):
    forced(sealed, way, table, change)
    verdict = verify_seal(sealed.connection, sealed.sealing, lambda _done, _total: None)
    assert verdict.fault
    assert verdict.position == position


def test_older_checkpoints_are_not_missed_here_and_nothing_can_be_hidden_by_that(sealed):
    forced(sealed, WAYS["the triggers are off"], "seal.checkpoints", "DELETE FROM seal.checkpoints")
    verdict = verify_seal(sealed.connection, sealed.sealing, lambda _done, _total: None)
    assert (verdict.fault, verdict.sealed, verdict.checkpoints) == ("", SIZE, 1), "the one outside the database"
