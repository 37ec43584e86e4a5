"""What was recorded is sealed, whatever breaks off in between; and a log that is another one never is."""

import json
import os
from hashlib import sha256

import pytest

from adapters.sealing.checkpoint import Point
from adapters.sealing.faults import SealFault
from adapters.sealing.tree import EMPTY, Edge, Tree, is_included, leaf_hash
from tests.adapters.sealing.conftest import Registry, code


def leaves(registry: Registry) -> list[bytes]:
    """As the format says, written anew here with another library."""
    rows = registry.connection.execute(
        "SELECT originator_id::text, originator_version, topic, state, notification_id, "
        "to_char(recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') "
        "FROM log.facts ORDER BY notification_id"
    ).fetchall()
    return [
        json.dumps(
            {
                "v": 1,
                "index": index,
                "position": position,
                "case": stream,
                "version": version,
                "topic": topic,
                "recorded_at": recorded_at,
                "sha256": sha256(state).hexdigest(),
            },
            separators=(",", ":"),
        ).encode()
        for index, (stream, version, topic, state, position, recorded_at) in enumerate(rows)
    ]


def root_of_log(registry: Registry, size: int | None = None) -> bytes:
    edge = Edge()
    edge.append(b"".join(leaf_hash(leaf) for leaf in leaves(registry)[:size]))
    return edge.root()


def test_an_empty_log_has_a_checkpoint_too(registry):
    assert registry.seal() == 0
    kept = registry.kept()
    assert (kept.origin, kept.size, kept.root, kept.recorded_at) == ("pobratim.example.rs/log", 0, EMPTY, None)
    assert registry.checkpoints() == [kept]


@pytest.mark.parametrize("pieces", [(1,), (255, 1), (256, 1), (257, 255, 300), (3, 3, 3), (1000,)])
def test_every_fact_is_a_leaf_in_the_order_of_positions(registry, pieces):
    for piece in pieces:
        registry.record(piece)
        registry.seal()
    size = sum(pieces)
    kept = registry.kept()
    assert (kept.size, kept.root) == (size, root_of_log(registry))
    assert kept.recorded_at == json.loads(leaves(registry)[-1])["recorded_at"]
    assert [made.size for made in registry.checkpoints()] == [sum(pieces[: n + 1]) for n in range(len(pieces))]


def test_nothing_new_makes_no_checkpoint(registry):
    registry.record(2)
    assert [registry.seal(), registry.seal()] == [2, 2]
    assert len(registry.checkpoints()) == 1
    assert registry.seal(kind="daily") == 2
    assert [made.size for made in registry.checkpoints()] == [2, 2]


def test_the_index_of_a_fact_is_its_rank(registry):
    registry.record(600, apart=3)
    registry.seal()
    registry.record(5, apart=3)
    registry.seal()
    registry.record(1, apart=3)
    kept, hashed = registry.kept(), [leaf_hash(leaf) for leaf in leaves(registry)]
    tree = Tree(lambda level, n: registry.store.tile(1, level, n))
    for index in (0, 1, 255, 256, 257, 511, 512, 600, 604):
        assert registry.store.index(1, 3 * (index + 1)) == index
        assert is_included(hashed[index], index, kept.size, tree.inclusion(index, kept.size), kept.root)
    assert [registry.store.index(1, position) for position in (0, 1, 4, 3 * 606, 10_000)] == [None] * 5


# --- crashes


class Crash(BaseException):
    pass


def crash(*_given, **_more):
    raise Crash


def sealed_after(registry: Registry) -> None:
    """The next run of another process does what is missing, and every fact after that is sealed too."""
    again = Registry(registry.database, registry.data_dir)
    assert again.sealing.stopped(again.connection) is None
    assert again.seal() == 300
    assert (again.kept().size, again.kept().root) == (300, root_of_log(again))
    assert again.checkpoints()[-1] == again.kept()
    again.record(10)
    assert again.seal() == 310
    assert again.kept().root == root_of_log(again)
    assert again.checkpoints()[-1] == again.kept()
    again.connection.close()


@pytest.mark.parametrize("first", [0, 40], ids=["at the first checkpoint", "later"])
@pytest.mark.parametrize("where", ["tiles", "signing", "file", "replacing", "row"])
def test_a_crash_loses_nothing_and_signs_nothing_twice(registry, monkeypatch, where, first):
    if first:
        registry.record(first)
        registry.seal()
    registry.record(300 - first)
    place = {
        "tiles": "adapters.sealing.sealing.Sealing.require_sound",
        "signing": "adapters.sealing.sealing.sign",
        "file": "adapters.sealing.kept.write_durably",
        "replacing": "pathlib.Path.replace",
        "row": "adapters.sealing.store.Store.add_checkpoint",
    }[where]
    if first == 0:
        registry.sealing.keys.make_first("pobratim.example.rs/log", registry.now)
    with monkeypatch.context() as broken, pytest.raises(Crash):
        broken.setattr(place, crash)
        registry.seal()
    registry.connection.close()
    sealed_after(registry)


def test_a_crash_while_the_first_key_is_made_leaves_no_half_key(registry, monkeypatch):
    registry.record(300)
    with monkeypatch.context() as broken, pytest.raises(Crash):
        broken.setattr("adapters.sealing.keys.write_durably", crash)
        registry.seal()
    registry.connection.close()
    sealed_after(registry)
    assert len(list((registry.data_dir / "seal").glob("*.pem"))) == 2, "the half-made one is named by no list"


# --- restores


def restored(registry: Registry, size: int) -> None:
    """The database as it was when it held `size` sealed facts; the folder is as it is now."""
    registry.force("DELETE FROM log.facts WHERE notification_id > %s", size)
    registry.force("DELETE FROM seal.checkpoints WHERE size > %s", size)
    registry.force("DELETE FROM seal.tiles")


def test_a_restore_to_less_stops_the_seal(registry):
    for _ in range(3):
        registry.record(100)
        registry.seal()
    file = registry.sealing.kept.path.read_bytes()
    restored(registry, 200)
    assert code(registry.seal) == "seal.shorter"
    registry.record(50)
    assert code(registry.seal) == "seal.shorter"
    stopped = registry.sealing.stopped(registry.connection)
    assert stopped is not None
    assert str(stopped).startswith(
        "The checkpoint outside the database has sealed 300 facts and the log holds 250: the database was restored"
    )
    registry.record(100)  # the office went on, and the log is now longer than it was
    assert code(registry.seal) == "seal.differs"
    assert registry.sealing.stopped(registry.connection).code == "seal.differs"
    assert registry.sealing.kept.path.read_bytes() == file
    assert [made.size for made in registry.checkpoints()] == [100, 200], "nothing was signed"


def test_a_restore_of_everything_but_the_tiles_is_sealed_anew_and_proven(registry):
    registry.record(300)
    registry.seal()
    restored(registry, 300)
    registry.record(1)
    assert registry.sealing.stopped(registry.connection) is None
    assert registry.seal() == 301
    assert registry.kept().root == root_of_log(registry)


def test_a_database_without_any_seal_is_sealed_anew_where_the_log_is_the_same(registry):
    registry.record(300)
    registry.seal()
    registry.force("TRUNCATE seal.cosignatures, seal.checkpoints, seal.tiles, seal.trees")
    assert registry.seal() == 300
    assert len(registry.checkpoints()) == 1


def test_an_older_file_from_a_backup_is_brought_up_to_date(registry):
    registry.record(100)
    registry.seal()
    old = registry.sealing.kept.path.read_bytes()
    registry.record(100)
    registry.seal()
    registry.sealing.kept.path.write_bytes(old)
    assert registry.seal() == 200
    assert registry.kept().size == 200


def test_the_file_never_goes_back(registry):
    registry.record(100)
    registry.seal()
    smaller = registry.sealing.kept.read(registry.sealing.keys.verifiers())
    registry.record(100)
    registry.seal()
    larger = registry.sealing.kept.read(registry.sealing.keys.verifiers())
    assert code(lambda: registry.sealing.kept.write(smaller, larger)) == "seal.shorter"


def test_changed_tiles_stop_the_seal(registry):
    registry.record(300)
    registry.seal()
    registry.force(
        "UPDATE seal.tiles SET hashes = set_byte(hashes, 40, get_byte(hashes, 40) # 1) WHERE level = 0 AND n = 1"
    )
    registry.record(1)
    assert code(registry.seal) == "seal.differs"
    registry.force("DELETE FROM seal.tiles WHERE level = 1")
    assert code(registry.seal) == "seal.tiles-damaged"


def test_a_sealed_fact_that_is_gone_is_missed(registry):
    registry.record(300)
    registry.seal()
    registry.force("DELETE FROM log.facts WHERE notification_id = 300")
    assert code(lambda: registry.seal(kind="daily")) == "seal.fact-missing"


@pytest.mark.parametrize("sealed", [3, 256, 300])
@pytest.mark.parametrize("how", ["gone", "another one", "gone, and its place is taken"])
def test_the_newest_sealed_facts_are_missed_before_anything_is_sealed(registry, sealed, how):
    registry.record(sealed)
    registry.seal()
    if how == "another one":
        registry.force("UPDATE log.facts SET state = convert_to('{}', 'UTF8') WHERE notification_id = %s", sealed)
    else:
        registry.force("DELETE FROM log.facts WHERE notification_id > %s", sealed - 2)
    if how == "gone, and its place is taken":
        registry.record(40)
        registry.force("UPDATE log.facts SET topic = 'partner.merged.v1' WHERE notification_id > %s", sealed - 2)
    expected = "seal.fact-missing" if how == "gone" else "seal.differs"
    assert code(registry.seal) == expected
    assert registry.sealing.stopped(registry.connection).code == expected
    assert [made.size for made in registry.checkpoints()] == [sealed], "nothing was signed"
    opened = registry.sealing.open_origin(registry.connection, "The newest facts were lost.")
    assert opened.origin.endswith("/2")
    assert registry.sealing.stopped(registry.connection) is None


def test_a_file_that_is_gone_or_changed_stops_the_seal(registry):
    registry.record(3)
    registry.seal()
    path = registry.sealing.kept.path
    note = path.read_text("utf-8")
    for changed in (note.replace("\n3\n", "\n2\n"), "", note.rpartition("\n\n")[0]):
        path.write_text(changed, "utf-8")
        assert code(registry.seal) == "seal.file-damaged"
        assert registry.sealing.stopped(registry.connection).code == "seal.file-damaged"
    path.unlink()
    assert code(registry.seal) == "seal.file-missing"
    for file in registry.sealing.folder.iterdir():
        file.unlink()
    assert code(registry.seal) == "seal.file-missing"
    assert registry.sealing.keys.name is None, "no key was made"


# --- new origins


def test_a_new_origin_names_the_old_one(registry):
    registry.record(300)
    registry.seal()
    old = registry.kept()
    assert code(lambda: registry.sealing.open_origin(registry.connection, "none")) == "seal.sound"
    restored(registry, 100)
    opened = registry.sealing.open_origin(registry.connection, "the disk broke")
    before = Point("pobratim.example.rs/log", 300, old.root)
    assert (opened.number, opened.origin, opened.successor_of) == (2, "pobratim.example.rs/log/2", before)
    kept = registry.kept()
    assert (kept.origin, kept.size, kept.root) == ("pobratim.example.rs/log/2", 100, root_of_log(registry))
    assert kept.successor_of == before
    registry.record(1)
    assert registry.seal() == 101
    assert registry.kept().successor_of is None, "only the first one names it"
    assert [made.size for made in registry.checkpoints(2)] == [100, 101]
    assert registry.sealing.stopped(registry.connection) is None


def test_a_crash_before_the_first_checkpoint_of_a_new_origin_is_resumed(registry, monkeypatch):
    registry.record(30)
    registry.seal()
    old = registry.kept().point
    registry.force("DELETE FROM log.facts WHERE notification_id > 20; DELETE FROM seal.tiles")
    with monkeypatch.context() as broken, pytest.raises(Crash):
        broken.setattr("adapters.sealing.kept.write_durably", crash)
        registry.sealing.open_origin(registry.connection, "the disk broke")
    assert registry.seal() == 20
    assert (registry.kept().origin, registry.kept().successor_of) == ("pobratim.example.rs/log/2", old)


def test_a_restore_to_before_a_new_origin_opens_a_third(registry):
    registry.record(30)
    registry.seal()
    registry.force("DELETE FROM log.facts WHERE notification_id > 20; DELETE FROM seal.tiles")
    registry.sealing.open_origin(registry.connection, "once")
    second = registry.kept().point
    registry.force(
        "DELETE FROM seal.checkpoints WHERE tree = 2; DELETE FROM seal.tiles WHERE tree = 2;"
        "DELETE FROM seal.trees WHERE number = 2"
    )
    assert code(registry.seal) == "seal.other-origin"
    assert registry.sealing.open_origin(registry.connection, "twice").number == 3
    assert (registry.kept().origin, registry.kept().successor_of) == ("pobratim.example.rs/log/3", second)


@pytest.mark.parametrize("lost", ["checkpoint", "keys.json", "*.pem", "*"])
def test_whatever_of_the_folder_is_lost_a_new_origin_helps(registry, lost):
    registry.record(30)
    registry.seal()
    old = registry.kept().point
    for file in registry.sealing.folder.glob(lost):
        file.unlink()
    registry.record(1)
    with pytest.raises(SealFault):
        registry.seal()
    registry.sealing.open_origin(registry.connection, "the folder was lost")
    assert (registry.kept().size, registry.kept().successor_of) == (31, old)
    registry.record(1)
    assert registry.seal() == 32


# --- keys


def test_both_keys_sign_while_they_are_rotated(registry):
    registry.record(3)
    registry.seal()
    [old] = registry.sealing.keys.verifiers()
    [new] = registry.sealing.rotate(registry.connection, finish=False)
    note = registry.sealing.kept.path.read_text("utf-8")
    assert note.count("\n— pobratim.example.rs/log ") == 2, "at once, without a new fact"
    registry.record(3)
    registry.seal()
    assert registry.sealing.kept.path.read_text("utf-8").count("\n— ") == 2
    assert registry.sealing.rotate(registry.connection, finish=True) == [str(old)]
    note = registry.sealing.kept.path.read_text("utf-8")
    assert note.count("\n— ") == 1
    assert [str(one) for one in registry.sealing.keys.verifiers()] == [str(old), new]
    assert [made.size for made in registry.checkpoints()] == [3, 3, 6, 6]


def test_one_at_a_time_seals(registry):
    other = registry.connected()
    other.execute("SELECT pg_advisory_lock(7631400032)")
    registry.connection.execute("SET lock_timeout = '50ms'")
    assert code(registry.seal) == "seal.busy"
    other.close()
    assert registry.seal() == 0


def test_a_host_that_is_no_name_is_told(registry):
    registry.sealing._host = "two words"
    assert code(registry.seal) == "seal.no-name"


def test_a_folder_that_is_none_is_told(registry):
    registry.data_dir.write_text("")
    registry.record(1)
    assert code(registry.seal) == "seal.folder"
    assert registry.sealing.stopped(registry.connection).code == "seal.folder"
    assert registry.store.trees() == []


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_told(registry):
    registry.data_dir.mkdir(mode=0o500)
    assert code(registry.seal) == "seal.folder"


def test_looking_while_another_process_seals_raises_no_alarm(registry, monkeypatch):
    registry.record(10)
    registry.seal()
    edge = type(registry.store).edge
    other = registry.connected()

    def overtaken(store, tree):
        found = edge(store, tree)
        with monkeypatch.context() as meanwhile:
            meanwhile.setattr(type(store), "edge", edge)
            registry.record(5)
            registry.sealing.seal(other)
        return found

    with monkeypatch.context() as patched:
        patched.setattr(type(registry.store), "edge", overtaken)
        assert registry.sealing.stopped(registry.connection) is None
    assert registry.kept().size == 15
    other.close()
