"""Bundles from a real log and its seal, as the separate verifier reads them: what was changed underneath shows."""

import gzip
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pobratim_verify import policy
from pobratim_verify.verdicts import DoesNotHold
from pobratim_verify.verifying import Proof, verify

from adapters.sealing.auditing import Auditing
from adapters.sealing.bundle import Bundled, Bundling
from adapters.sealing.cosignatures import Cosignatures
from adapters.sealing.notes import COSIGNATURE, cosignature, verifier
from adapters.sealing.witnesses import Witness, Witnesses
from application.identity import case_id
from tests.adapters.sealing.conftest import Registry, code
from tests.verifier.making import WITNESSES as SIGNERS
from tests.verifier.making import Signer

BEGIN = datetime(2026, 3, 1, 8, tzinfo=UTC)
"""Each fact of the registry is recorded a second after the one before, the first one a second after this."""


def after(seconds: float) -> datetime:
    return BEGIN + timedelta(seconds=seconds)


def nobody(_done: int, _all: int) -> None:
    """Who is told how far it is."""


def made(registry: Registry, folder: Path, start: float, end: float, number: str | None = None) -> Bundled:
    (folder / "policy.json").write_bytes(Auditing(registry.database.url, registry.sealing).policy())
    bundling = Bundling(registry.database.url)
    return bundling.write(folder / "bundle.gz", after(start), after(end), number, nobody)


def proof(folder: Path, kept: list[str] | None = None) -> Proof:
    """Raises DoesNotHold."""
    believed = json.loads((folder / "policy.json").read_bytes())
    (folder / "believed.json").write_text(json.dumps({**believed, "checkpoints": kept or []}), "utf-8")
    with (folder / "bundle.gz").open("rb") as file:
        return verify(file, policy.read(folder / "believed.json"))


@pytest.fixture
def sealed(registry: Registry) -> Registry:
    """A thousand facts at every third position, sealed in seven steps."""
    for facts in (1, 6, 93, 156, 256, 1, 487):
        registry.record(facts, apart=3)
        registry.seal()
    return registry


@pytest.mark.parametrize(
    ("start", "end", "first", "leaves"),
    [
        (-1000, 1000, 0, 1000),
        (-1000, 1, 0, 1),
        (1.5, 5, 1, 6),
        (2, 7, 1, 6),
        (8, 9, 7, 93),
        (100, 101, 7, 249),
        (101, 300, 100, 412),
        (257, 513, 256, 257),
        (513, 514, 512, 488),
        (520, 999.5, 513, 487),
    ],
)
def test_a_bundle_goes_from_the_last_checkpoint_before_to_the_first_one_after(
    sealed: Registry, tmp_path: Path, start: float, end: float, first: int, leaves: int
) -> None:
    written = made(sealed, tmp_path, start, end)
    found = proof(tmp_path)

    assert (found.before.size if found.before else 0, written.leaves) == (first, leaves)
    assert found.facts == sum(start <= second < end for second in range(1, 1001))
    assert (found.leaves, written.facts) == (leaves, leaves)


def test_a_bundle_ends_where_the_seal_does(sealed: Registry, tmp_path: Path) -> None:
    sealed.record(5, apart=3)

    written = made(sealed, tmp_path, 990, 10_000)

    assert written.end == after(1000)
    assert proof(tmp_path).facts == 10


def test_a_part_of_the_log_that_nobody_has_sealed(sealed: Registry, tmp_path: Path) -> None:
    sealed.record(5, apart=3)

    assert code(lambda: made(sealed, tmp_path, 1001, 1004)) == "seal.not-yet"
    assert not (tmp_path / "bundle.gz").exists()


def test_a_log_that_was_never_sealed(registry: Registry, tmp_path: Path) -> None:
    registry.record(5)

    bundling = Bundling(registry.database.url)

    assert code(lambda: bundling.write(tmp_path / "bundle.gz", after(0), after(9), None, nobody)) == "seal.no-key"


def test_a_bundle_of_one_case_leaves_out_what_the_others_say(sealed: Registry, tmp_path: Path) -> None:
    sealed.force(
        "INSERT INTO log.facts SELECT %s, n, 'initiative.remark-added.v1', '{}', 10000 + 7 * n, "
        "timestamptz '2026-03-02 00:00:00Z' FROM generate_series(1, 40) AS n",
        case_id("2026-0042"),
    )
    sealed.record(9, apart=20)
    sealed.force("UPDATE log.facts SET recorded_at = '2026-03-03 00:00:00Z' WHERE notification_id > 20000")
    sealed.seal()

    written = made(sealed, tmp_path, 0, 3 * 86_400, "2026-0042")
    found = proof(tmp_path)

    assert (written.facts, found.facts, found.cases, found.leaves) == (40, 40, 1, 1049)
    assert gzip.decompress((tmp_path / "bundle.gz").read_bytes()).count(b'"state"') == 40


def test_bytes_that_are_no_text_are_carried_too(registry: Registry, tmp_path: Path) -> None:
    registry.record(5)
    registry.force("UPDATE log.facts SET state = '\\xfffe00' WHERE notification_id = 3")
    registry.seal()

    made(registry, tmp_path, 0, 5)

    assert proof(tmp_path).facts == 4


def test_both_keys_and_the_one_that_is_left_are_believed(sealed: Registry, tmp_path: Path) -> None:
    auditing = Auditing(sealed.database.url, sealed.sealing)
    auditing.rotate_key(finish=False)
    sealed.record(5, apart=3)
    sealed.seal()
    auditing.rotate_key(finish=True)
    sealed.record(5, apart=3)
    sealed.seal()

    made(sealed, tmp_path, 0, 5000)

    assert proof(tmp_path).facts == 1009


def test_a_later_origin_names_the_one_before(sealed: Registry, tmp_path: Path) -> None:
    """The database was restored to five hundred facts, of which none was sealed."""
    sealed.force("DELETE FROM log.facts WHERE notification_id > 1500")
    sealed.force("TRUNCATE seal.cosignatures, seal.tiles, seal.checkpoints, seal.trees")
    Auditing(sealed.database.url, sealed.sealing).open_origin("restored")

    made(sealed, tmp_path, 0, 1000)
    found = proof(tmp_path)

    assert (found.origin.name, found.facts) == ("pobratim.example.rs/log/2", 499)
    assert found.origin.successor_of
    assert (found.origin.successor_of.origin, found.origin.successor_of.size) == ("pobratim.example.rs/log", 1000)


# --- what an owner can do who takes the refusals away

FORGERIES: dict[str, str] = {
    "a fact was changed": "UPDATE log.facts SET state = '{}' WHERE notification_id = 1500",
    "a moment was changed": (
        "UPDATE log.facts SET recorded_at = recorded_at - interval '1 us' WHERE notification_id = 1500"
    ),
    "a topic was changed": "UPDATE log.facts SET topic = 'partner.merged.v1' WHERE notification_id = 1500",
    "a fact changed its stream": "UPDATE log.facts SET originator_id = gen_random_uuid() WHERE notification_id = 1500",
    "a position was changed": "UPDATE log.facts SET notification_id = 1501 WHERE notification_id = 1500",
    "a fact was put in": (
        "INSERT INTO log.facts SELECT gen_random_uuid(), 1, topic, state, 1501, recorded_at "
        "FROM log.facts WHERE notification_id = 1500"
    ),
    "facts changed places": (
        "UPDATE log.facts AS f SET state = g.state FROM log.facts AS g "
        "WHERE f.notification_id + g.notification_id = 3003 AND f.notification_id BETWEEN 1500 AND 1503"
    ),
}


@pytest.mark.parametrize("statement", FORGERIES.values(), ids=FORGERIES)
def test_what_was_changed_underneath_does_not_hold(sealed: Registry, tmp_path: Path, statement: str) -> None:
    sealed.force(statement)

    for start, end in ((-5, 1000), (400, 600)):
        made(sealed, tmp_path, start, end)
        with pytest.raises(DoesNotHold):
            proof(tmp_path)


def test_a_fact_that_is_gone_is_missed(sealed: Registry, tmp_path: Path) -> None:
    sealed.force("DELETE FROM log.facts WHERE notification_id = 1500")

    assert code(lambda: made(sealed, tmp_path, 0, 1000)) == "seal.differs"
    assert not (tmp_path / "bundle.gz").exists()


def test_a_past_that_was_sealed_anew_with_the_own_key_does_not_hold_against_a_kept_checkpoint(
    sealed: Registry, tmp_path: Path
) -> None:
    kept = [note for _size, note in sealed.store.checkpoints(1)]
    sealed.force("UPDATE log.facts SET state = '{}' WHERE notification_id = 1500")
    sealed.force("TRUNCATE seal.cosignatures, seal.tiles, seal.checkpoints, seal.trees")
    (sealed.sealing.folder / "checkpoint").unlink()
    sealed.seal()
    made(sealed, tmp_path, 0, 1000)

    assert proof(tmp_path).facts == 999
    with pytest.raises(DoesNotHold, match="up to leaf 511, is not the one under the kept checkpoint of size 512"):
        proof(tmp_path, kept)


# --- witnesses


WITNESSES = Witnesses([Witness(verifier(one.vkey, COSIGNATURE), "https://w.example") for one in SIGNERS], 2)


def cosigned(registry: Registry, size: int, *signers: Signer) -> None:
    """As those would have signed the checkpoint over so many facts."""
    asked = "SELECT number, note FROM seal.checkpoints WHERE size = %s"
    for number, note in registry.connection.execute(asked, (size,)).fetchall():
        for signer in signers:
            key = verifier(signer.vkey, COSIGNATURE)
            made = cosignature(note.partition("\n\n")[0] + "\n", signer.line(note.partition("\n\n")[0] + "\n"), key)
            assert made
            Cosignatures(registry.connection).keep(number, key, made, registry.now)


def witnessed(registry: Registry, folder: Path, start: float, end: float) -> tuple[Bundled, Proof]:
    """Under the policy as the installation hands it out. Raises DoesNotHold."""
    auditing = Auditing(registry.database.url, registry.sealing, WITNESSES)
    (folder / "policy.json").write_bytes(auditing.policy())
    bundling = Bundling(registry.database.url, WITNESSES)
    written = bundling.write(folder / "bundle.gz", after(start), after(end), None, nobody)
    with (folder / "bundle.gz").open("rb") as file:
        return written, verify(file, policy.read(folder / "policy.json"))


def test_a_bundle_stands_between_checkpoints_that_enough_witnesses_have_signed(
    sealed: Registry, tmp_path: Path
) -> None:
    for size, signers in ((7, SIGNERS), (100, SIGNERS[:1]), (256, SIGNERS[1:]), (512, SIGNERS), (513, SIGNERS[:1])):
        cosigned(sealed, size, *signers)

    written, found = witnessed(sealed, tmp_path, 150, 200)

    assert (found.before.size if found.before else 0, found.after.size) == (7, 512)
    assert (written.quorum, found.quorum, found.named, found.facts) == (2, 2, 2, 50)
    assert len(found.after.signed_by) == 3


def test_a_bundle_ends_where_the_witnesses_do(sealed: Registry, tmp_path: Path) -> None:
    for size in (7, 512):
        cosigned(sealed, size, *SIGNERS)

    written, found = witnessed(sealed, tmp_path, 500, 900)

    assert (written.end, found.after.size, found.facts) == (after(512), 512, 12)


def test_a_time_before_the_witnesses_begins_with_the_first_fact(sealed: Registry, tmp_path: Path) -> None:
    cosigned(sealed, 1000, *SIGNERS)

    written, found = witnessed(sealed, tmp_path, 300, 310)

    assert (found.before, found.after.size, found.facts, written.leaves) == (None, 1000, 10, 1000)


def test_where_no_witness_has_come_yet_it_is_said(sealed: Registry, tmp_path: Path) -> None:
    cosigned(sealed, 7, *SIGNERS)

    with pytest.raises(DoesNotHold, match="0 of 2 witnesses"):
        witnessed(sealed, tmp_path, 300, 310)
    written = Bundling(sealed.database.url, WITNESSES).write(
        tmp_path / "bundle.gz", after(300), after(310), None, nobody
    )

    assert written.quorum == 0
    believed = json.loads((tmp_path / "policy.json").read_bytes())
    assert (believed["witnesses"], believed["quorum"]) == (WITNESSES.keys, 2)
    (tmp_path / "policy.json").write_text(json.dumps({**believed, "quorum": 0}), "utf-8")
    with (tmp_path / "bundle.gz").open("rb") as file:
        assert verify(file, policy.read(tmp_path / "policy.json")).facts == 10


def test_the_policy_keeps_the_newest_checkpoint_with_its_witnesses(sealed: Registry) -> None:
    cosigned(sealed, 1000, *SIGNERS)

    told = json.loads(Auditing(sealed.database.url, sealed.sealing, WITNESSES).policy())

    assert [note.count("\n— ") for note in told["checkpoints"]] == [3]
