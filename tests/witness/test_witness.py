"""What a witness cosigns, what it refuses, and that it never forgets: over real HTTP, in a process of its own."""

import contextlib
import http.client
import signal
import socket
import time
from base64 import b64decode
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from pobratim_witness import serving

from tests.verifier.making import Signer
from tests.witness.conftest import DIES, Site, ran
from tests.witness.making import LOG, ORIGIN, checkpoint, growth, leaves, proof, request
from tests.witness.nearby import NAME, Answer, Nearby, post

STRANGER = Signer(seed=77)


def size_known(site: Site | Nearby) -> str:
    """What it says when it is asked from a size that nobody has."""
    answer = site.ask(growth(999, 1000))
    assert answer.status_code == 409
    return answer.text


def cosigned_at(site: Site | Nearby, answer: Answer, note: str) -> int:
    """The time of the cosignature in an answer, after the verifier has found that it holds."""
    assert answer.status_code == 200, answer.text
    name, raw = answer.text.removeprefix("— ").removesuffix("\n").split(" ")
    assert (name, b64decode(raw)[:4]) == (NAME, site.key.id)
    at = site.key.verifies(note.partition("\n\n")[0] + "\n", b64decode(raw)[4:])
    assert at is not None
    return at


def test_it_cosigns_a_tree_that_grows(here: Nearby) -> None:
    begun = int(time.time())
    for old, size in ((0, 3), (3, 3), (3, 8), (8, 21), (21, 1000)):
        at = cosigned_at(here, here.ask(growth(old, size)), checkpoint(leaves(size)))
        assert begun <= at <= time.time()
    assert size_known(here) == "1000\n"


def test_an_empty_tree_comes_first(here: Nearby) -> None:
    cosigned_at(here, here.ask(growth(0, 0)), checkpoint([]))
    cosigned_at(here, here.ask(growth(0, 5)), checkpoint(leaves(5)))


def test_another_key_of_the_log_may_sign_as_well(here: Nearby) -> None:
    made = checkpoint(leaves(3), [STRANGER, LOG, Signer("w.example", 4, 11)])

    cosigned_at(here, here.ask(request(0, [], made)), made)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        pytest.param(b"", 400, id="nothing"),
        pytest.param(b"\xff\xfe", 400, id="no text"),
        pytest.param(b"old 3\n", 400, id="no checkpoint"),
        pytest.param(growth(3, 8).replace(b"old 3", b"old 03"), 400, id="a size with a zero before it"),
        pytest.param(growth(3, 8).replace(b"old 3", b"old -3"), 400, id="a size below nothing"),
        pytest.param(growth(3, 8).replace(b"old 3", b"old \xd9\xa3"), 400, id="digits of another script"),
        pytest.param(growth(3, 8).replace(b"old 3", b"new 3"), 400, id="another first line"),
        pytest.param(growth(3, 8).replace(b"=\n", b"\n", 1), 400, id="a hash that is none"),
        pytest.param(request(3, [b"\0" * 32] * 64, checkpoint(leaves(8))), 400, id="too many hashes"),
        pytest.param(request(9, [], checkpoint(leaves(8))), 400, id="an old size above the new one"),
        pytest.param(request(3, [], "x\n3\n\n— x AAAAAAA=\n"), 400, id="a note that is no checkpoint"),
        pytest.param(growth(3, 8).replace(b"an extension", b"an\x07extension"), 400, id="a control character"),
        pytest.param(request(3, [], checkpoint(leaves(8), [STRANGER])), 403, id="an unknown key"),
        pytest.param(growth(3, 8).replace(b"an extension", b"an extensiom"), 403, id="another text"),
        pytest.param(request(3, [], checkpoint(leaves(8), [LOG, Signer(seed=LOG.seed)])), 422, id="signed twice"),
        pytest.param(request(3, [], checkpoint(leaves(8), origin="other.example/log")), 404, id="an unknown origin"),
        pytest.param(request(3, [], checkpoint(leaves(8), origin=f"{ORIGIN}/2")), 404, id="a later origin"),
        pytest.param(growth(0, 8), 409, id="as if nothing was cosigned"),
        pytest.param(growth(2, 8), 409, id="from a smaller size"),
        pytest.param(growth(4, 8), 409, id="from a larger size"),
        pytest.param(growth(2, 3), 409, id="the size that is known, from a smaller one"),
        pytest.param(growth(0, 2), 409, id="an older tree"),
        pytest.param(growth(3, 3, "forged"), 409, id="another tree of the size that is known"),
        pytest.param(growth(3, 8, "forged"), 422, id="another history with its own proof"),
        pytest.param(request(3, [], checkpoint(leaves(8))), 422, id="no proof"),
        pytest.param(request(3, proof(leaves(8), 3)[:-1], checkpoint(leaves(8))), 422, id="a proof that is cut"),
        pytest.param(request(3, [*proof(leaves(8), 3), b"\0" * 32], checkpoint(leaves(8))), 422, id="a proof too long"),
        pytest.param(request(3, proof(leaves(8), 3)[::-1], checkpoint(leaves(8))), 422, id="a proof turned around"),
        pytest.param(request(3, [b"\0" * 32], checkpoint(leaves(3))), 422, id="a proof where none is needed"),
    ],
)
def test_what_it_refuses_changes_nothing(here: Nearby, body: bytes, status: int) -> None:
    assert here.ask(growth(0, 3)).status_code == 200

    answer = here.ask(body)

    assert (answer.status_code, answer.text.count("\n")) == (status, 1)
    assert "—" not in answer.text
    if status == 409:
        assert (answer.text, answer.kind) == ("3\n", "text/x.tlog.size")
    assert size_known(here) == "3\n"


def test_a_first_checkpoint_needs_no_proof_and_takes_none(here: Nearby) -> None:
    assert here.ask(request(0, [b"\0" * 32], checkpoint(leaves(3)))).status_code == 422
    assert here.ask(request(0, [], checkpoint([]).replace("47DEQpj8", "57DEQpj8"))).status_code == 403
    assert size_known(here) == "0\n"


def test_a_root_of_nothing_that_is_not_the_empty_one(here: Nearby) -> None:
    text = f"{ORIGIN}\n0\n{'A' * 43}=\n"

    assert here.ask(request(0, [], text + "\n" + LOG.line(text))).status_code == 422


def test_other_requests(here: Nearby) -> None:
    assert post(here.address, b"", method="GET").status_code == 404
    assert post(here.address, b"x", "/").status_code == 404
    assert post(here.address, b"x" * 70_000).status_code == 413
    assert post(here.address, iter([b"x"])).status_code == 411
    assert post(here.address, growth(0, 3)).status_code == 200


def test_a_client_that_goes_away_keeps_nobody_waiting(here: Nearby) -> None:
    host, port = here.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as gone:
        gone.sendall(b"POST /add-checkpoint HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\nold 0\n")
        assert here.ask(growth(0, 3)).status_code == 200
    assert here.ask(growth(3, 5)).status_code == 200


def test_nobody_keeps_a_place_byte_by_byte(here: Nearby, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "LONGEST_SECONDS", 0.3)
    host, port = here.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=30) as slow:
        begun, sent = time.monotonic(), 0
        with contextlib.suppress(OSError):
            while time.monotonic() < begun + 30:
                slow.sendall(b"P")
                sent += 1
                time.sleep(0.05)
        assert sent < 100
    monkeypatch.undo()
    assert here.ask(growth(0, 3)).status_code == 200


def test_of_several_at_once_one_is_cosigned(here: Nearby) -> None:
    """Each goes on from the same tree, and no two of them from each other."""
    assert here.ask(growth(0, 3)).status_code == 200
    shared = leaves(3)
    for turn in range(5):
        old, forks = len(shared), [[*shared, *leaves(2 + n % 3, f"{turn} {n}")] for n in range(8)]
        bodies = [request(old, proof(fork, old), checkpoint(fork)) for fork in forks]
        with ThreadPoolExecutor(8) as pool:
            statuses = [answer.status_code for answer in pool.map(here.ask, bodies)]
        assert sorted(statuses) == [200, *[409] * 7]
        shared = forks[statuses.index(200)]
        assert size_known(here) == f"{len(shared)}\n"


def test_what_it_has_cosigned_outlasts_a_restart(site: Site) -> None:
    assert site.ask(growth(0, 8)).status_code == 200
    site.stop()
    site.start()

    assert site.ask(growth(0, 8)).status_code == 409
    assert site.ask(growth(8, 9, "forged")).status_code == 422
    assert site.ask(growth(8, 9)).status_code == 200


def test_a_crash_between_writing_and_answering(site: Site) -> None:
    assert site.ask(growth(0, 3)).status_code == 200
    site.stop()
    site.start(("-c", DIES))
    with pytest.raises((OSError, http.client.HTTPException)):
        site.ask(growth(3, 8))
    assert site.running
    assert site.running.wait(30) == 9
    site.running.communicate()
    site.start()

    assert size_known(site) == "8\n", "a fork of 3 can be cosigned no more"
    assert site.ask(growth(3, 8, "forged")).status_code == 409
    cosigned_at(site, site.ask(growth(8, 8)), checkpoint(leaves(8)))


def test_a_crash_while_writing(here: Nearby) -> None:
    assert here.ask(growth(0, 3)).status_code == 200
    file = next((here.folder / "data").glob("*.checkpoint"))
    file.with_name(f".{file.name}.new").write_text("pobr", "utf-8")

    assert here.ask(growth(3, 8)).status_code == 200
    assert size_known(here) == "8\n"


@pytest.mark.parametrize("content", ["", "no note", checkpoint(leaves(3), origin="other.example/log")])
def test_a_damaged_file_is_never_taken_for_a_new_log(here: Nearby, content: str) -> None:
    assert here.ask(growth(0, 3)).status_code == 200
    next((here.folder / "data").glob("*.checkpoint")).write_text(content, "utf-8")

    answer = here.ask(growth(0, 3, "forged"))

    assert (answer.status_code, answer.text) == (500, "the witness cannot keep what it cosigns\n")


def test_a_folder_that_cannot_be_written_cosigns_nothing(here: Nearby) -> None:
    """The place of the file is taken by a folder, which stands against whoever runs it."""
    assert here.ask(growth(0, 3)).status_code == 200
    file = next((here.folder / "data").glob("*.checkpoint"))
    file.with_name(f".{file.name}.new").mkdir()

    assert here.ask(growth(3, 8)).status_code == 500
    assert size_known(here) == "3\n"


def test_it_ends_when_it_is_told_to(site: Site) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        assert site.running
        site.running.send_signal(number)
        assert site.running.wait(30) == 0
        site.running.communicate()
        site.start()


# --- keys and folders


def test_a_folder_has_one_process(site: Site) -> None:
    second = ran(*site.arguments)

    assert (second.returncode, second.stderr.count("\n")) == (2, 1)
    assert "in use by another process" in second.stderr


def refused(site: Site, *arguments: str) -> str:
    done = ran(*(arguments or site.arguments))
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1), done.stderr
    return done.stderr


def test_without_its_folder_it_does_not_begin_anew(site: Site) -> None:
    site.stop()
    (site.folder / "data").rename(site.folder / "elsewhere")
    assert "make a new key" in refused(site)
    (site.folder / "data").mkdir()
    assert "make a new key" in refused(site)


def test_a_folder_of_another_key(site: Site) -> None:
    site.stop()
    other = ran("keygen", "--name", NAME, "--key", site.folder / "other", "--data-dir", site.folder / "other-data")
    assert other.returncode == 0
    (site.folder / "other").replace(site.folder / "key")
    assert "belongs to the key" in refused(site)


def test_a_key_that_others_may_read(site: Site) -> None:
    site.stop()
    (site.folder / "key").chmod(0o640)
    assert "chmod 600" in refused(site)


def test_keys_are_never_overwritten(site: Site) -> None:
    key, data = str(site.folder / "key"), str(site.folder / "data")
    secret = (site.folder / "key").read_text("utf-8")
    assert "not empty" in refused(site, "keygen", "--name", "w", "--key", key, "--data-dir", data)
    new = str(site.folder / "new")
    assert "cannot be made" in refused(site, "keygen", "--name", "w", "--key", key, "--data-dir", new)
    assert (site.folder / "key").read_text("utf-8") == secret
    assert ran("key", "--key", key).stdout.startswith(f"{NAME}+{site.key.id.hex()}+")


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\tb", "ж" * 201])
def test_names_that_are_none(site: Site, name: str) -> None:
    folder = str(site.folder / "new-data")
    assert "is no name" in refused(
        site, "keygen", "--name", name, "--key", str(site.folder / "new"), "--data-dir", folder
    )


@pytest.mark.parametrize(
    "origins",
    [
        "",
        "# nobody\n",
        ORIGIN,
        f"{ORIGIN} {LOG.vkey} x",
        f"{ORIGIN} {LOG.vkey}x",
        f"{ORIGIN} {replace(LOG, kind=4).vkey}",
    ],
)
def test_origins_that_are_none(site: Site, origins: str) -> None:
    site.stop()
    (site.folder / "origins").write_text(origins, "utf-8")
    assert "ORIGIN VERIFIER-KEY" in refused(site)


@pytest.mark.parametrize("at", [0, 5, 20, -3, -1])
def test_a_damaged_key(site: Site, at: int) -> None:
    site.stop()
    secret = (site.folder / "key").read_text("utf-8").strip()
    changed = list(secret)
    changed[at] = "A" if changed[at] != "A" else "B"
    (site.folder / "key").write_text("".join(changed), "utf-8")
    assert "chmod" not in refused(site)
