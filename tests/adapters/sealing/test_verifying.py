"""Whatever somebody with all rights changes in the database is found, and the first bad position named."""

import pytest

from adapters.sealing.sealing import Sealing
from adapters.sealing.verifying import verify_seal
from tests.adapters.sealing.test_bundle import cosigned
from tests.verifier.making import WITNESSES

SIZE = 700


@pytest.fixture
def sealed(registry):
    for part in (100, 156, 344, 100):
        registry.record(part)
        registry.seal()
    return registry


def verified(registry):
    told = []
    verdict = verify_seal(registry.connection, registry.sealing, lambda done, total: told.append((done, total)))
    assert "\n" not in verdict.fault
    if not verdict.fault:
        assert told[-1:] in ([], [(verdict.sealed, verdict.sealed)])
    return verdict


def test_a_log_as_it_was_sealed(sealed):
    sealed.record(5)
    verdict = verified(sealed)
    assert (verdict.fault, verdict.position) == ("", None)
    assert (verdict.origin, verdict.sealed, verdict.checkpoints) == ("pobratim.example.rs/log", SIZE, 5)


def test_an_empty_log(registry):
    registry.seal()
    assert (verified(registry).fault, verified(registry).checkpoints) == ("", 2)


def test_cosignatures_hold_or_are_named(sealed):
    cosigned(sealed, 256, *WITNESSES)
    cosigned(sealed, SIZE, *WITNESSES)
    assert verified(sealed).fault == ""
    sealed.force(
        "UPDATE seal.cosignatures SET line = (SELECT line FROM seal.cosignatures ORDER BY checkpoint, witness LIMIT 1) "
        "WHERE checkpoint = (SELECT max(number) FROM seal.checkpoints)"
    )
    assert verified(sealed).fault == f"the cosignature of {WITNESSES[0].name} over {SIZE} facts does not hold"


@pytest.mark.parametrize("position", [1, 99, 100, 101, 256, 257, 513, 700])
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE log.facts SET state = state || ' ' WHERE notification_id = %s",
        "UPDATE log.facts SET topic = 'partner.renamed.v2' WHERE notification_id = %s",
        "UPDATE log.facts SET originator_id = gen_random_uuid() WHERE notification_id = %s",
        "UPDATE log.facts SET originator_version = 2 WHERE notification_id = %s",
        "UPDATE log.facts SET recorded_at = recorded_at + interval '1 microsecond' WHERE notification_id = %s",
    ],
    ids=["state", "topic", "case", "version", "recorded_at"],
)
def test_a_changed_fact_is_named(sealed, position, change):
    sealed.force(change, position)
    verdict = verified(sealed)
    assert verdict.position == position
    assert verdict.fault == f"the fact at position {position} is not as it was sealed"


@pytest.mark.parametrize("position", [1, 100, 255, 256, 257, 600, 699])
def test_a_deleted_fact_is_missed_where_it_was(sealed, position):
    sealed.force("DELETE FROM log.facts WHERE notification_id = %s", position)
    verdict = verified(sealed)
    assert verdict.position == position + 1
    assert verdict.fault == f"a fact before position {position + 1} was sealed and is gone"


def test_facts_that_are_gone_from_the_end_are_missed(sealed):
    sealed.force("DELETE FROM log.facts WHERE notification_id > 690")
    assert verified(sealed).fault == "10 facts after position 690 were sealed and are gone"


@pytest.mark.parametrize("position", [1, 300, 600])
def test_an_inserted_fact_is_named(registry, position):
    registry.record(SIZE, apart=10)
    registry.seal()
    registry.force(
        "INSERT INTO log.facts SELECT gen_random_uuid(), 1, topic, state, notification_id + 5, recorded_at "
        "FROM log.facts WHERE notification_id = %s",
        position * 10,
    )
    verdict = verified(registry)
    assert verdict.position == position * 10 + 5
    assert "was not there when those after it were sealed" in verdict.fault


def test_two_facts_in_each_others_place_are_found(sealed):
    for there, then in ((300, 9_000), (301, 300), (9_000, 301)):
        sealed.force("UPDATE log.facts SET notification_id = %s WHERE notification_id = %s", then, there)
    assert verified(sealed).position == 300


def test_a_history_that_was_sealed_anew_does_not_pass_the_checkpoints(sealed, tmp_path):
    """Facts and tiles agree with each other, and with no checkpoint that was signed."""
    sealed.force("UPDATE log.facts SET state = state || ' ' WHERE notification_id = 300")
    sealed.force("DELETE FROM seal.tiles")
    kept = sealed.connection.execute("SELECT size, note, kind, made_at FROM seal.checkpoints").fetchall()
    sealed.force("DELETE FROM seal.checkpoints")
    forged = Sealing(tmp_path / "forged", "pobratim.example.rs", sealed.sealing.clock)
    forged.seal(sealed.connection)
    sealed.force("DELETE FROM seal.checkpoints")
    for row in kept:
        sealed.force("INSERT INTO seal.checkpoints (tree, size, note, kind, made_at) VALUES (1, %s, %s, %s, %s)", *row)
    verdict = verified(sealed)
    assert verdict.position == 256
    assert verdict.fault.endswith("a fact after position 256 and up to position 600 is not as it was sealed")


def test_with_a_stolen_key_the_file_outside_still_tells(sealed):
    note = sealed.sealing.kept.path.read_bytes()
    sealed.force("UPDATE log.facts SET state = state || ' ' WHERE notification_id = 300")
    sealed.force("DELETE FROM seal.checkpoints")
    sealed.force("DELETE FROM seal.tiles")
    sealed.sealing.kept.path.unlink()
    sealed.seal()
    assert verified(sealed).fault == ""
    sealed.sealing.kept.path.write_bytes(note)
    assert "is over another history" in verified(sealed).fault
    assert sealed.sealing.stopped(sealed.connection).code == "seal.differs"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("UPDATE seal.tiles SET hashes = hashes || hashes WHERE level = 1", "seal are damaged"),
        (
            "UPDATE seal.tiles SET hashes = set_byte(hashes, 9, get_byte(hashes, 9) # 1) WHERE level = 1",
            "the last tiles are not those of the facts",
        ),
        ("DELETE FROM seal.tiles WHERE level = 0 AND n = 1", "the fact at position 257 is not as it was sealed"),
        (
            "UPDATE seal.checkpoints SET note = replace(note, '600', '601') WHERE size = 600",
            "the checkpoint over 600 facts cannot be believed",
        ),
        (
            "UPDATE seal.checkpoints SET size = 601 WHERE size = 600",
            "the checkpoint over 601 facts is one over 600 facts of",
        ),
    ],
)
def test_a_damaged_seal_is_told(sealed, change, said):
    sealed.force(change)
    assert said in verified(sealed).fault


def test_a_file_outside_that_is_damaged_or_gone_is_told(sealed):
    sealed.sealing.kept.path.write_text("?")
    assert "is no checkpoint of this register" in verified(sealed).fault
    sealed.sealing.kept.path.unlink()
    assert verified(sealed).fault.endswith("checkpoint is missing")
