"""Notes and checkpoints: what was signed is what is read, and nothing else passes."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from adapters.sealing.checkpoint import Checkpoint, CheckpointFault, Point, read_checkpoint
from adapters.sealing.notes import NoteFault, Signer, Verifier, opened, sign, verifier

# The example of Go's package golang.org/x/mod/sumdb/note.
GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_NOTE = (
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
CHECKPOINT = Checkpoint(
    origin="pobratim.example.rs/log/2",
    size=7,
    root=bytes(range(32)),
    recorded_at="2026-03-01T08:00:00.000000Z",
    successor_of=Point("pobratim.example.rs/log", 9, bytes(32)),
)


def a_signer(name: str = "pobratim.example.rs/log") -> Signer:
    return Signer(name, Ed25519PrivateKey.generate())


def test_a_note_of_go_is_opened():
    text, signed = opened(GO_NOTE, [verifier(GO_KEY)])
    assert text == GO_NOTE.rpartition("\n—")[0]
    assert [str(one) for one in signed] == [GO_KEY]


def test_everybody_who_signed_is_known():
    first, second = a_signer(), a_signer()
    note = sign("word\n", [first, second])
    assert opened(note, [second.verifier]) == ("word\n", [second.verifier])
    assert opened(note, [second.verifier, first.verifier])[1] == [first.verifier, second.verifier]


def test_a_verifier_key_is_read_as_it_is_written():
    made = a_signer("збратимљени.срб/log").verifier
    assert verifier(str(made)) == made


@pytest.mark.parametrize(
    "vkey",
    [
        "",
        "name",
        GO_KEY[:-1],
        GO_KEY.replace("c74f20a3", "c74f20a4"),
        GO_KEY.replace("PeterNeumann", "Peter Neumann"),
        "+" + GO_KEY,
        "n+00000000+AA==",
    ],
)
def test_what_is_no_verifier_key_is_refused(vkey):
    with pytest.raises(NoteFault, match="no verifier key"):
        verifier(vkey)


@pytest.mark.parametrize("at", [0, 30, 110])
def test_a_changed_text_is_refused(at):
    changed = GO_NOTE[:at] + ("x" if GO_NOTE[at] != "x" else "y") + GO_NOTE[at + 1 :]
    with pytest.raises(NoteFault):
        opened(changed, [verifier(GO_KEY)])


def test_a_signature_of_somebody_else_does_not_count():
    signer = a_signer()
    with pytest.raises(NoteFault, match="no key that is known"):
        opened(sign("word\n", [a_signer()]), [signer.verifier])
    impostor = sign("word\n", [Signer(signer.name, Ed25519PrivateKey.generate())])
    with pytest.raises(NoteFault, match="no key that is known"):
        opened(impostor, [signer.verifier])


@pytest.mark.parametrize("note", ["", "\n\n", "word\n", "word\n\n", GO_NOTE[:-1], GO_NOTE + "more\n", "a\rb" + GO_NOTE])
def test_what_is_no_note_is_refused(note):
    with pytest.raises(NoteFault):
        opened(note, [verifier(GO_KEY), Verifier("n", bytes(32))])


@pytest.mark.parametrize("text", ["", "word", "wo\trd\n", "wo\x00rd\n"])
def test_what_can_be_no_note_is_not_signed(text):
    with pytest.raises(ValueError, match="line feed"):
        sign(text, [a_signer()])


def test_a_checkpoint_is_read_as_it_is_written():
    assert CHECKPOINT.text().splitlines()[3:] == [
        "recorded_at 2026-03-01T08:00:00.000000Z",
        "successor_of pobratim.example.rs/log 9 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    ]
    assert read_checkpoint(CHECKPOINT.text()) == CHECKPOINT
    assert read_checkpoint(CHECKPOINT.text() + "another line\n") == CHECKPOINT


@pytest.mark.parametrize(
    "change",
    [
        ("\n7\n", "\n07\n"),
        ("\n7\n", "\n-7\n"),
        ("\n7\n", "\n7"),
        ("\n7\n", "\n\n"),
        ("AAECAwQF", "AAECAwQ"),
        ("AAECAwQF", "AAECAw!F"),
        ("2026-03-01T", "2026-03-01 "),
        (" 9 ", " "),
        ("log/2", "log 2"),
        ("AAA=\n", "AAA="),
    ],
)
def test_what_is_no_checkpoint_is_refused(change):
    text = CHECKPOINT.text()
    assert change[0] in text
    with pytest.raises(CheckpointFault):
        read_checkpoint(text.replace(*change))
