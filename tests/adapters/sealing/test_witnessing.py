"""The log shows its checkpoints to witnesses: real ones over HTTP, and such as answer anything."""

import re
import socket
import threading
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from pobratim_verify.notes import LOG_KEY, opened, verifier_key

from adapters.database.pool import open_pool
from adapters.database.urls import runtime_url
from adapters.sealing.cosignatures import Cosignatures
from adapters.sealing.look import SealLook
from adapters.sealing.notes import COSIGNATURE, Cosignature, Verifier, verifier
from adapters.sealing.witnesses import (
    LONGEST_ANSWER,
    MOST_WITNESSES,
    Witness,
    Witnesses,
    WitnessFault,
    ask,
    read_witnesses,
)
from adapters.sealing.witnessing import LONGEST_PAUSE, PAUSE_SECONDS, Witnessing, show
from tests.adapters.sealing.conftest import Registry
from tests.verifier.making import WITNESSES, Signer
from tests.witness.nearby import Nearby, nearby

ORIGIN = "pobratim.example.rs/log"
PATIENCE = 20.0
CHANGE = """UPDATE log.facts SET state = convert_to('{"n":0}', 'UTF8') WHERE notification_id = 2"""


@pytest.fixture
def sealed(registry: Registry) -> Registry:
    registry.record(5)
    registry.seal()
    return registry


@pytest.fixture
def site(sealed: Registry, tmp_path: Path) -> Iterator[Nearby]:
    """A witness that knows the log; its clock is that of the registry."""
    keys = [str(one) for one in sealed.sealing.keys.verifiers()]
    with nearby(tmp_path / "witness", {ORIGIN: keys}, lambda: seconds(sealed)) as made:
        yield made


def seconds(registry: Registry) -> float:
    return registry.now.timestamp()


def named(site: Nearby) -> Witness:
    return Witness(verifier(site.vkey, COSIGNATURE), site.address)


def shown(registry: Registry, witness: Witness) -> bool:
    return show(registry.connection, witness, lambda: registry.now)


def fault(registry: Registry, witness: Witness) -> str:
    """The code of what is told, after looking that nobody else was kept from anything."""
    with pytest.raises(WitnessFault) as raised:
        shown(registry, witness)
    assert "\n" not in str(raised.value)
    standing = Cosignatures(registry.connection).standing([str(witness.verifier)])
    assert [one.fault for one in standing] == [str(raised.value)]
    return raised.value.code


def kept(registry: Registry) -> list[int]:
    """Sizes of the checkpoints that were cosigned."""
    asked = "SELECT c.size FROM seal.cosignatures AS s JOIN seal.checkpoints AS c ON c.number = s.checkpoint ORDER BY 1"
    return [size for (size,) in registry.connection.execute(asked)]


def published(registry: Registry, witness: Witness) -> str:
    pool = open_pool(runtime_url(registry.database.url))
    try:
        note = SealLook(pool, registry.sealing, Witnesses((witness,), 1)).checkpoint()
    finally:
        pool.close()
    assert note
    return note


def test_each_new_checkpoint_is_cosigned_once(sealed: Registry, site: Nearby) -> None:
    witness = named(site)
    assert shown(sealed, witness)
    assert not shown(sealed, witness), "nothing is new"
    for facts in (1, 300, 700):
        sealed.record(facts)
        sealed.seal()
        assert shown(sealed, witness)
    assert kept(sealed) == [5, 6, 306, 1006]


def test_a_daily_checkpoint_over_the_same_facts_is_cosigned_too(sealed: Registry, site: Nearby) -> None:
    assert shown(sealed, named(site))
    sealed.now += timedelta(days=1)
    sealed.seal(kind="daily")
    assert shown(sealed, named(site))
    assert kept(sealed) == [5, 5]


def test_checkpoints_that_nobody_saw_are_passed_over(sealed: Registry, site: Nearby) -> None:
    for _ in range(3):
        sealed.record(100)
        sealed.seal()
    assert shown(sealed, named(site))
    assert kept(sealed) == [305]


def test_what_is_published_carries_the_cosignature(sealed: Registry, site: Nearby) -> None:
    witness = named(site)
    before = published(sealed, witness)
    assert shown(sealed, witness)
    note = published(sealed, witness)

    assert note.startswith(before)
    keys = [verifier_key(str(one), LOG_KEY) for one in sealed.sealing.keys.verifiers()]
    found = opened(note, [*keys, site.key])
    assert (found.size, found.signed_by[site.key]) == (5, int(sealed.now.timestamp()))


def test_what_is_published_waits_a_minute_for_the_witness(sealed: Registry, site: Nearby) -> None:
    witness = named(site)
    assert shown(sealed, witness)
    for seconds, size in ((10, 5), (40, 5), (21, 7)):
        if size == 5:
            sealed.record(1)
        sealed.now += timedelta(seconds=seconds)
        sealed.seal(again=True)
        assert published(sealed, witness).split("\n")[1] == str(size)
    assert shown(sealed, witness)
    assert published(sealed, witness).count("\n— ") == 2


def test_a_cosignature_that_got_lost_is_asked_for_again(sealed: Registry, site: Nearby) -> None:
    """The witness has more than we know of: it says how much, and we go on from there."""
    assert shown(sealed, named(site))
    sealed.force("TRUNCATE seal.cosignatures")
    sealed.record(50)
    sealed.seal()
    assert shown(sealed, named(site))
    assert kept(sealed) == [55]


def test_a_new_origin_begins_for_the_witness_too(sealed: Registry, site: Nearby, tmp_path: Path) -> None:
    assert shown(sealed, named(site))
    sealed.force("DELETE FROM seal.cosignatures")
    sealed.force("DELETE FROM log.facts WHERE notification_id > 3")
    sealed.sealing.open_origin(sealed.connection, "restored")
    assert fault(sealed, named(site)) == "witness.origin-unknown"

    keys = [str(one) for one in sealed.sealing.keys.verifiers()]
    both = {ORIGIN: keys, f"{ORIGIN}/2": keys}
    with nearby(tmp_path / "second", both, lambda: seconds(sealed), "witness.example.org/w2") as second:
        assert shown(sealed, named(second))
    assert kept(sealed) == [3]


def test_a_new_key_of_the_log_is_told_to_the_witness(sealed: Registry, site: Nearby) -> None:
    assert shown(sealed, named(site))
    sealed.sealing.rotate(sealed.connection, finish=False)
    assert shown(sealed, named(site)), "both sign"
    sealed.sealing.rotate(sealed.connection, finish=True)
    assert fault(sealed, named(site)) == "witness.key-unknown"


# --- what a witness is for


def recomputed(registry: Registry) -> Registry:
    """Somebody with the keys, the data folder and the database makes all of it anew, with another second fact."""
    registry.force(CHANGE)
    registry.force("TRUNCATE seal.cosignatures, seal.tiles, seal.checkpoints, seal.trees")
    registry.sealing.kept.path.unlink()
    registry.record(8)
    registry.seal()
    assert registry.kept().origin == ORIGIN
    return registry


def test_a_history_that_was_recomputed_with_the_stolen_key_is_not_cosigned(sealed: Registry, site: Nearby) -> None:
    assert shown(sealed, named(site))

    forged = recomputed(sealed)

    assert fault(forged, named(site)) == "witness.not-consistent"
    assert kept(forged) == []


def test_another_tree_of_the_same_size_is_not_cosigned(sealed: Registry, site: Nearby) -> None:
    assert shown(sealed, named(site))
    sealed.force(CHANGE)
    sealed.force("TRUNCATE seal.cosignatures, seal.tiles, seal.checkpoints, seal.trees")
    sealed.sealing.kept.path.unlink()
    sealed.seal()

    assert fault(sealed, named(site)) == "witness.not-consistent"


def test_a_register_that_was_restored_to_less_with_its_folder_is_told(sealed: Registry, site: Nearby) -> None:
    """The file outside goes back with the folder, and only the witness knows better."""
    sealed.record(5)
    sealed.seal()
    assert shown(sealed, named(site))
    sealed.force("DELETE FROM log.facts WHERE notification_id > 4")
    sealed.force("TRUNCATE seal.cosignatures, seal.tiles, seal.checkpoints, seal.trees")
    sealed.sealing.kept.path.unlink()
    sealed.seal()

    assert fault(sealed, named(site)) == "witness.ahead"


def test_tiles_that_are_gone(sealed: Registry, site: Nearby) -> None:
    sealed.record(600)
    sealed.seal()
    assert shown(sealed, named(site))
    sealed.record(5)
    sealed.seal()
    sealed.force("DELETE FROM seal.tiles WHERE level = 0 AND n = 2")
    assert fault(sealed, named(site)) == "witness.tiles"


# --- answers of all kinds


def received(client: socket.socket) -> bytes:
    """A whole request."""
    got = b""
    while part := client.recv(1 << 16):
        got += part
        head, gap, body = got.partition(b"\r\n\r\n")
        found = re.search(rb"(?i)content-length: (\d+)", head)
        if gap and found and len(body) >= int(found[1]):
            break
    return got


@contextmanager
def answering(
    answer: bytes, delay: float = 0.0, step: int = 1 << 20, then: bytes = b""
) -> Iterator[tuple[str, list[bytes]]]:
    """A server that gives these bytes, so many at a time after so long, and then others to those who ask next; its
    address, and what it was sent."""
    got: list[bytes] = []
    ended = threading.Event()
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while not ended.is_set():
            try:
                client, _ = listener.accept()
            except OSError:
                return
            with client:
                try:
                    got.append(received(client))
                    said = then if then and len(got) > 1 else answer
                    for at in range(0, len(said), step):
                        if ended.wait(delay):
                            return
                        client.sendall(said[at : at + step])
                except OSError:
                    continue

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", got
    finally:
        ended.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


def http(status: str, body: bytes = b"", more: str = "") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{more}\r\n".encode() + body


SIGNER = WITNESSES[0]
KEY: Verifier = verifier(SIGNER.vkey, COSIGNATURE)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (b"", "witness.away"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "witness.away"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nxx", "witness.bad-answer"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n", "witness.away"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000, "witness.away"),
        (http("500 Internal Server Error", b"x"), "witness.refused"),
        (http("400 Bad Request"), "witness.refused"),
        (http("503 Slow Down"), "witness.refused"),
        (http("201 Created"), "witness.refused"),
        (http("403 Forbidden"), "witness.key-unknown"),
        (http("404 Not Found"), "witness.origin-unknown"),
        (http("422 Unprocessable Entity"), "witness.not-consistent"),
        (http("409 Conflict", b"9\n"), "witness.ahead"),
        (http("409 Conflict", b"2\n"), "witness.bad-answer"),
        (http("409 Conflict", b"0\n"), "witness.bad-answer"),
        (http("409 Conflict", b"5\n"), "witness.not-consistent"),
        (http("409 Conflict", b"-1\n"), "witness.bad-answer"),
        (http("409 Conflict", b"x" * 900), "witness.bad-answer"),
        (http("409 Conflict", b"9" * 5000), "witness.bad-answer"),
        (http("409 Conflict"), "witness.bad-answer"),
        (http("200 OK"), "witness.bad-answer"),
        (http("200 OK", b"\xff"), "witness.bad-answer"),
        (http("200 OK", b"<html>"), "witness.bad-answer"),
        (http("200 OK", SIGNER.line("another text\n").encode()), "witness.bad-answer"),
        (http("200 OK", WITNESSES[1].line("x\n").encode()), "witness.bad-answer"),
        (http("200 OK", b"x" * (LONGEST_ANSWER + 1)), "witness.bad-answer"),
    ],
    ids=str,
)
def test_answers_that_are_no_cosignature(sealed: Registry, answer: bytes, code: str) -> None:
    with answering(answer) as (url, _got):
        assert fault(sealed, Witness(KEY, url)) == code
    assert kept(sealed) == []


def test_one_that_moves_on_while_it_is_asked(sealed: Registry) -> None:
    with answering(http("409 Conflict", b"2\n"), then=http("409 Conflict", b"3\n")) as (url, got):
        assert fault(sealed, Witness(KEY, url)) == "witness.busy"
    assert [sent.split(b"\r\n\r\n")[1][:6] for sent in got] == [b"old 0\n", b"old 2\n"]


def text(registry: Registry) -> str:
    return registry.sealing.kept.path.read_text("utf-8").rpartition("\n\n")[0] + "\n"


def signer(registry: Registry, apart: float = 0.0) -> Signer:
    return Signer(SIGNER.name, 4, SIGNER.seed, time=int(registry.now.timestamp() + apart))


def test_a_cosignature_among_those_of_others(sealed: Registry) -> None:
    lines = WITNESSES[1].line(text(sealed)) + signer(sealed).line(text(sealed))
    with answering(http("200 OK", lines.encode())) as (url, got):
        assert shown(sealed, Witness(KEY, url + "/some/where"))
    assert got[0].startswith(b"POST /some/where/add-checkpoint HTTP/1.1\r\n")
    rows = sealed.connection.execute("SELECT line FROM seal.cosignatures").fetchall()
    assert rows == [(signer(sealed).line(text(sealed)),)]


def test_a_cosignature_of_an_older_checkpoint(sealed: Registry) -> None:
    older = signer(sealed).line(text(sealed))
    sealed.record(1)
    sealed.seal()
    with answering(http("200 OK", older.encode())) as (url, _got):
        assert fault(sealed, Witness(KEY, url)) == "witness.bad-answer"


@pytest.mark.parametrize("apart", [-7200, 7200, 2**62])
def test_a_time_that_cannot_be(sealed: Registry, apart: float) -> None:
    with answering(http("200 OK", signer(sealed, apart).line(text(sealed)).encode())) as (url, _got):
        assert fault(sealed, Witness(KEY, url)) == "witness.clock"
    assert kept(sealed) == []


def test_a_redirection_is_not_followed(sealed: Registry) -> None:
    with answering(http("200 OK", signer(sealed).line(text(sealed)).encode())) as (there, got):
        with answering(http("307 Temporary Redirect", more=f"Location: {there}/add-checkpoint\r\n")) as (url, _):
            assert fault(sealed, Witness(KEY, url)) == "witness.refused"
        assert got == []


@pytest.mark.parametrize(
    "head",
    [b"HTTP/1.1 200 OK\r\n", b"", http("200 OK", b"x" * 9000), b"HTTP/1.0 200 OK\r\n\r\n"],
    ids=["head", "line", "body", "body of HTTP/1.0"],
)
def test_one_that_never_comes_to_an_end(head: bytes) -> None:
    """Each byte comes in time, and the whole never."""
    never = answering(head + b"X-Never: " + b"y" * 9000, delay=0.005, step=1)
    with never as (url, _got), pytest.raises(WitnessFault, match="it takes too long"):
        ask(Witness(KEY, url, seconds=1.0), b"x")


def test_one_that_says_nothing() -> None:
    with answering(b"x", delay=60) as (url, _got), pytest.raises(WitnessFault, match="it takes too long"):
        ask(Witness(KEY, url, seconds=0.3), b"x")


def test_nobody_listens(sealed: Registry) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert fault(sealed, Witness(KEY, f"http://127.0.0.1:{port}")) == "witness.away"
    assert fault(sealed, Witness(KEY, f"https://127.0.0.1:{port}")) == "witness.away"


def test_a_witness_without_a_certificate_is_not_spoken_to(sealed: Registry, site: Nearby) -> None:
    witness = Witness(verifier(site.vkey, COSIGNATURE), site.address.replace("http:", "https:"))
    assert fault(sealed, witness) == "witness.away"


# --- by itself


def test_pauses_grow_and_others_are_not_kept_waiting(sealed: Registry, site: Nearby) -> None:
    with answering(http("500 No")) as (url, got):
        away, good = Witness(KEY, url), named(site)
        witnessing = Witnessing(sealed.database.url, [away, good], lambda: sealed.now)
        pauses = list[float]()
        for _ in range(12):
            begun = time.monotonic()
            witnessing.step(sealed.connection)
            pauses.append(witnessing._again[away] - begun)
            witnessing.step(sealed.connection)  # within the pause
            witnessing._again[away] = 0.0
    assert len(got) == 12
    assert kept(sealed) == [5]
    assert [round(pause / PAUSE_SECONDS) for pause in pauses[:4]] == [1, 2, 4, 8]
    assert pauses[-1] <= LONGEST_PAUSE + 1


def until(sees) -> None:
    end = time.monotonic() + PATIENCE
    while not sees():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.05)


def test_the_thread_cosigns_what_is_sealed_and_holds_nobody_up(registry: Registry, tmp_path: Path) -> None:
    registry.record(5)
    registry.seal()
    keys = [str(one) for one in registry.sealing.keys.verifiers()]
    hung = threading.Event()
    with (
        answering(b"x" * 50, delay=60) as (silent, got),
        nearby(tmp_path / "witness", {ORIGIN: keys}, lambda: seconds(registry)) as site,
    ):
        slow = Witness(KEY, silent, seconds=2.0)
        witnessing = Witnessing(registry.database.url, [slow, named(site)], lambda: registry.now)
        witnessing.start()
        try:
            until(lambda: got)
            for _ in range(3):  # while one witness is being waited for
                registry.record(10)
                registry.seal()
            hung.set()
            until(lambda: kept(registry) == [35])
            registry.record(1)
            registry.seal()
            until(lambda: kept(registry) == [35, 36])
        finally:
            witnessing.stop()


def test_the_standing_tells_since_when_and_until_where(sealed: Registry, site: Nearby) -> None:
    witness, kept_ = named(site), Cosignatures(sealed.connection)
    assert kept_.standing(["never+00000000+asked"])[0].signed_at is None
    with answering(http("500 No")) as (url, _got):
        bad = Witness(witness.verifier, url)
        first = sealed.now
        fault(sealed, bad)
        sealed.now += timedelta(minutes=5)
        fault(sealed, bad)
    assert kept_.standing([site.vkey])[0].fault_since == first
    assert shown(sealed, witness)
    standing = kept_.standing([site.vkey])[0]
    assert (standing.name, standing.fault, standing.fault_since) == (witness.name, None, None)
    assert (standing.size, standing.signed_at) == (5, sealed.now)


def test_two_processes_at_once_keep_one_cosignature(sealed: Registry, site: Nearby) -> None:
    assert shown(sealed, named(site))
    newest = Cosignatures(sealed.connection).newest()
    assert newest
    made = Cosignature(signer(sealed).line(text(sealed)), 0)
    Cosignatures(sealed.connection).keep(newest.number, named(site).verifier, made, sealed.now)
    rows = sealed.connection.execute("SELECT line FROM seal.cosignatures").fetchall()
    assert len(rows) == 1
    assert site.key.name in rows[0][0], "the first one stays"


# --- the setting


def test_witnesses_are_named_with_key_and_address() -> None:
    first, second = (one.vkey for one in WITNESSES)
    found = read_witnesses(f" {first}  https://w1.example/ ,\n{second} http://127.0.0.1:8470/some/", "")
    assert [one.url for one in found.named] == ["https://w1.example", "http://127.0.0.1:8470/some"]
    assert (found.keys, found.quorum) == ([first, second], 2)
    assert read_witnesses(f"{first} https://w1.example", "").quorum == 1
    assert read_witnesses(f"{first} https://w1.example,{second} https://w2.example", "1").quorum == 1
    assert (read_witnesses("", "").named, read_witnesses("", "").quorum) == ([], 0)


@pytest.mark.parametrize(
    "given",
    [
        "x",
        SIGNER.vkey,
        f"{SIGNER.vkey} http://w1.example",
        f"{SIGNER.vkey} ftp://w1.example",
        f"{SIGNER.vkey} https://",
        f"{SIGNER.vkey} https://user:secret@w1.example",
        f"{SIGNER.vkey} https://w1.example?x=1",
        f"{SIGNER.vkey} https://w1.example#x",
        f"{SIGNER.vkey} https://w1.example:99999",
        f"{SIGNER.vkey}x https://w1.example",
        f"{Signer().vkey} https://w1.example",
        f"{SIGNER.vkey} https://w1.example {SIGNER.vkey} https://w2.example",
        " ".join(f"{Signer('w', 4, seed).vkey} https://w.example" for seed in range(1, MOST_WITNESSES + 2)),
    ],
)
def test_witnesses_that_cannot_be_used(given: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_witnesses(given, "")


@pytest.mark.parametrize("quorum", ["0", "3", "-1", "x", "1.0", "٢"])
def test_a_quorum_that_does_not_fit(quorum: str) -> None:
    with pytest.raises(ValueError, match="quorum"):
        read_witnesses(", ".join(f"{one.vkey} https://{one.name}" for one in WITNESSES), quorum)


def test_no_quorum_of_nobody() -> None:
    with pytest.raises(ValueError, match="0 witnesses"):
        read_witnesses("", "1")


def test_a_key_is_told_by_its_text() -> None:
    assert str(verifier(SIGNER.vkey, COSIGNATURE)) == SIGNER.vkey
    assert b64encode(KEY.kind + KEY.key).decode() in SIGNER.vkey
