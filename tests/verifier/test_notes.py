"""Signed notes and checkpoints to the letter, and trees against the definition of RFC 6962."""

from base64 import b64encode
from hashlib import sha256

import pytest
from pobratim_verify.moments import written
from pobratim_verify.notes import LOG_KEY, WITNESS_KEY, opened, verifier_key
from pobratim_verify.tree import EMPTY_ROOT, CompactRange

from tests.verifier.making import LOG, WITNESSES, Signer, checkpoint_text, history, note, perfect, root

TEXT = checkpoint_text(history(5))
KEY = verifier_key(LOG.vkey, LOG_KEY)


def test_a_checkpoint_says_what_it_was_made_of() -> None:
    found = opened(note(TEXT, [LOG, Signer(seed=9), WITNESSES[0]]), [KEY, verifier_key(WITNESSES[0].vkey, WITNESS_KEY)])

    assert (found.origin, found.size, found.newest) == (LOG.name, 5, history(5)[-1].recorded_at)
    assert {key.name: time for key, time in found.signed_by.items()} == {
        LOG.name: 0,
        WITNESSES[0].name: WITNESSES[0].time,
    }


def test_the_example_of_the_specification_is_read() -> None:
    """C2SP tlog-checkpoint; its key is not published, so nobody has signed it for us."""
    text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    signature = "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8="
    moment = "recorded_at 2026-03-01T08:00:00.000000Z\n"

    found = opened(f"{text}{moment}\n— example.com/behind-the-sofa {signature}\n", [KEY])

    assert (found.size, dict(found.signed_by)) == (20852163, {})


LINES = TEXT.split("\n")
NO_CHECKPOINTS = {
    "two lines": "\n".join(LINES[:2]) + "\n",
    "a size with a zero before it": TEXT.replace("\n5\n", "\n05\n"),
    "a size in other digits": TEXT.replace("\n5\n", "\n٥\n"),
    "a size below nothing": TEXT.replace("\n5\n", "\n-5\n"),
    "a size beyond all trees": TEXT.replace("\n5\n", "\n" + "9" * 5000 + "\n"),
    "a root that is too short": TEXT.replace(LINES[2], b64encode(b"x" * 31).decode()),
    "a root with other last bits": TEXT.replace(LINES[2], LINES[2][:-2] + chr(ord(LINES[2][-2]) + 1) + "="),
    "no moment": "\n".join(LINES[:3]) + "\n",
    "two moments": TEXT + LINES[3] + "\n",
    "a moment without digits": TEXT.replace(".000000Z", "Z"),
    "a moment in an empty tree": TEXT.replace("\n5\n", "\n0\n"),
    "a control character": TEXT + "more\x07\n",
    "a return": TEXT.replace("\n", "\r\n"),
    "a note beyond all bounds": TEXT + "x" * 100_000 + "\n",
}


@pytest.mark.parametrize("text", NO_CHECKPOINTS.values(), ids=NO_CHECKPOINTS)
def test_what_is_signed_and_no_checkpoint(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        opened(note(text), [KEY])


NO_NOTES = {
    "no signature": TEXT + "\n",
    "no empty line": TEXT + LOG.line(TEXT),
    "no end of the last line": note(TEXT)[:-1],
    "a line behind it": note(TEXT) + "more\n",
    "an empty line behind it": note(TEXT) + "\n",
    "another dash": note(TEXT).replace("—", "-"),
    "a signature that is no base64": note(TEXT) + "— a !!!!\n",
    "a signature of nothing": note(TEXT) + "— a AAAAAA==\n",
    "a name with a plus": note(TEXT) + "— a+b AAAAAAAA\n",
    "too many signatures": note(TEXT, [LOG] * 65),
    "a lone surrogate": note(TEXT).replace("\n\n", "\n\ud800\n\n", 1),
}


@pytest.mark.parametrize("text", NO_NOTES.values(), ids=NO_NOTES)
def test_what_is_no_signed_note(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        opened(text, [KEY])


def test_lines_of_other_kinds_are_passed_over() -> None:
    assert KEY in opened(note(TEXT + "successor_of a 3 b\n"), [KEY]).signed_by


@pytest.mark.parametrize("size", [*range(20), 255, 256, 257])
def test_a_tree_is_that_of_the_definition_from_wherever_it_is_gone_on_with(size: int) -> None:
    hashes = [sha256(bytes([0, index % 256])).digest() for index in range(size)]
    for start in {0, size // 3, size // 2, size}:
        tree = CompactRange(start, [root(hashes[a:b]) for a, b in perfect(start)])
        for hashed in hashes[start:]:
            tree.append(hashed)
        assert (tree.root(), tree.size) == (root(hashes), size)


def test_an_empty_tree_has_the_root_of_nothing() -> None:
    assert (
        CompactRange().root()
        == EMPTY_ROOT
        == bytes.fromhex("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    )


@pytest.mark.parametrize(("size", "hashes"), [(0, 1), (1, 0), (5, 1), (5, 3), (8, 3)])
def test_a_range_has_a_hash_for_each_perfect_subtree(size: int, hashes: int) -> None:
    with pytest.raises(ValueError, match="perfect subtrees"):
        CompactRange(size, [b"x" * 32] * hashes)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("2026-03-01T00:00:00Z", "2026-03-01T00:00:00.000000Z"),
        ("2026-03-01t01:30:00.5+01:30", "2026-03-01T00:00:00.500000Z"),
        ("0001-01-01T00:00:00z", "0001-01-01T00:00:00.000000Z"),
    ],
)
def test_moments_are_written_so_that_they_sort(given: str, expected: str) -> None:
    assert written(given) == expected
