"""Whose word counts: keys, witnesses, quorum; and policies that say nothing usable."""

import json
from base64 import b64decode, b64encode
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from pobratim_verify.__main__ import run

from tests.verifier.conftest import Judge
from tests.verifier.making import (
    LOG,
    ORIGIN,
    WITNESSES,
    Bundle,
    Signer,
    checkpoint_text,
    dumped,
    history,
    moment,
    note,
    policy,
)

STRANGER = Signer(seed=99)
BOTH = [one.vkey for one in WITNESSES]


def signed_by(*signers: Signer, start: int = 0) -> Bundle:
    return (
        Bundle(history(), start=start, since=moment(start), signers=signers)
        if start
        else Bundle(history(), signers=signers)
    )


def test_a_checkpoint_of_an_unknown_key(judge: Judge) -> None:
    code, told = judge(signed_by(STRANGER))

    assert code == 1
    assert "signed by no key" in told["reason"]


def test_a_witness_alone_does_not_speak_for_the_installation(judge: Judge) -> None:
    assert judge(signed_by(*WITNESSES), witnesses=BOTH, quorum=1)[0] == 1


def test_too_few_witnesses(judge: Judge) -> None:
    code, told = judge(signed_by(LOG, WITNESSES[0]), witnesses=BOTH, quorum=2)

    assert code == 1
    assert "1 of 2 witnesses" in told["reason"]


def test_a_witness_that_signs_twice_is_one(judge: Judge) -> None:
    later = Signer(WITNESSES[0].name, 4, 11, time=1_772_000_060)

    assert judge(signed_by(LOG, WITNESSES[0], later), witnesses=BOTH, quorum=2)[0] == 1


def test_too_few_witnesses_before_the_bundle(judge: Judge) -> None:
    made = signed_by(LOG, WITNESSES[0], start=5)
    made.lines[1] = Bundle(history(), start=5).lines[1]

    code, told = judge(made, witnesses=BOTH, quorum=1)

    assert code == 1
    assert "'before'" in told["reason"]


def forged(line: str, at: int) -> str:
    """One character of its signature is another one."""
    other = "A" if line[at] != "A" else "B"
    return line[:at] + other + line[at + 1 :]


@pytest.mark.parametrize("forger", [LOG, WITNESSES[0]])
@pytest.mark.parametrize("at", [-10, -40, -70])
def test_a_forged_signature_in_a_known_name(judge: Judge, forger: Signer, at: int) -> None:
    text = checkpoint_text(history())
    lines = [
        signer.line(text) if signer is not forger else forged(signer.line(text), at) for signer in (LOG, *WITNESSES)
    ]
    made = signed_by(LOG)
    made.lines[-1] = dumped({"after": text + "\n" + "".join(lines), "leaves": 20})

    code, told = judge(made, witnesses=BOTH, quorum=1)

    assert code == 1
    assert f"in the name of {forger.name}" in told["reason"]


def test_a_cosignature_is_bound_to_its_time(judge: Judge) -> None:
    text = checkpoint_text(history())
    raw = b64decode(WITNESSES[0].line(text).split(" ")[2])
    later = raw[:4] + (WITNESSES[0].time + 1).to_bytes(8, "big") + raw[12:]
    line = f"— {WITNESSES[0].name} {b64encode(later).decode()}\n"
    made = signed_by(LOG)
    made.lines[-1] = dumped({"after": note(text) + line, "leaves": 20})

    assert judge(made, witnesses=BOTH)[0] == 1


def test_another_installation_of_the_same_key(judge: Judge) -> None:
    code, told = judge(Bundle(history(), origin="pobratim.example.com/log"))

    assert code == 1
    assert "installation" in told["reason"]


@pytest.mark.parametrize("start", [0, 5])
def test_a_checkpoint_of_another_origin_under_our_name(judge: Judge, start: int) -> None:
    made = Bundle(
        history(), start=start, since=moment(start) if start else "2026-01-01T00:00:00Z", origin=f"{ORIGIN}/2"
    )
    made.origin = ORIGIN
    made.lines[0] = made.first()

    code, told = judge(made)

    assert code == 1
    assert "of another origin" in told["reason"]


BEFORE = {"origin": "pobratim.example.rs/old", "size": 9, "root": "A" * 43 + "="}
NAMED = f"successor_of {BEFORE['origin']} 9 {BEFORE['root']}\n"


def naming(line: str) -> Bundle:
    """Whose last checkpoint has one line more."""
    made = signed_by(LOG)
    made.lines[-1] = dumped({"after": note(checkpoint_text(history()) + line), "leaves": 20})
    return made


@pytest.mark.parametrize(
    ("line", "before", "code"),
    [
        (NAMED, BEFORE, 0),
        ("", BEFORE, 0),
        (NAMED, None, 1),
        (NAMED, BEFORE | {"size": 8}, 1),
        (NAMED, BEFORE | {"root": "B" * 42 + "A="}, 1),
        (NAMED, BEFORE | {"origin": "elsewhere"}, 1),
        (NAMED + NAMED, BEFORE, 1),
        ("successor_of \n", BEFORE, 1),
    ],
)
def test_the_tree_before_is_the_one_in_the_policy(
    judge: Judge, line: str, before: dict[str, Any] | None, code: int
) -> None:
    """Only the first checkpoint of an origin names it; a later one says nothing."""
    assert judge(naming(line), origins=[origin(successor_of=before)])[0] == code


# --- policies


def refused(folder: Path, capsys: pytest.CaptureFixture[str], text: str) -> str:
    """The one line in which a policy is refused; the bundle is a good one."""
    (folder / "bundle.gz").write_bytes(Bundle(history()).packed())
    (folder / "policy.json").write_text(text, "utf-8")
    assert run([str(folder / "bundle.gz"), "--policy", str(folder / "policy.json")]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.count("\n") == 1
    return shown.err


def origin(**other: Any) -> dict[str, Any]:
    return {"origin": ORIGIN, "keys": [LOG.vkey], "successor_of": None, **other}


UNUSABLE: dict[str, tuple[dict[str, Any], str]] = {
    "no keys": ({"origins": [origin(keys=[])]}, "has no keys"),
    "no origins": ({"origins": []}, "names no origin"),
    "an origin twice": ({"origins": [origin(), origin()]}, "twice"),
    "a newer format": ({"pobratim_policy": 2}, "format 2"),
    "a quorum of nobody": ({"quorum": 1}, "quorum of 1"),
    "a quorum below nothing": ({"quorum": -1}, "quorum of -1"),
    "a quorum that is a truth": ({"quorum": True}, "another type"),
    "a quorum that is a text": ({"quorum": "1"}, "another type"),
    "a misspelt member": ({"quorums": 2}, "unknown"),
    "a key of another type": ({"origins": [origin(keys=[WITNESSES[0].vkey])]}, "type 4"),
    "a witness with a log's key": ({"witnesses": [STRANGER.vkey]}, "type 1"),
    "a key with another hash": ({"origins": [origin(keys=[LOG.vkey.replace("+", "+0", 1)])]}, "no verifier key"),
    "a key of another name": ({"origins": [origin(keys=["x" + LOG.vkey])]}, "not that of its name"),
    "a key that is a number": ({"origins": [origin(keys=[5])]}, "no text"),
    "a witness under two names": (
        {"witnesses": [WITNESSES[0].vkey, Signer("w3.example", 4, 11).vkey]},
        "of another one",
    ),
    "the installation as its witness": ({"witnesses": [Signer(ORIGIN, 4, LOG.seed).vkey]}, "of the installation"),
    "a kept checkpoint of a stranger": ({"checkpoints": [note(checkpoint_text(history()), [STRANGER])]}, "no key"),
    "a kept checkpoint of elsewhere": ({"checkpoints": [note(checkpoint_text(history(), "elsewhere"))]}, "origin"),
    "a kept checkpoint after another tree": (
        {"checkpoints": [note(checkpoint_text(history()) + NAMED)]},
        "another tree",
    ),
    "a kept checkpoint that is none": ({"checkpoints": [ORIGIN + "\n5"]}, "no signed note"),
    "a tree of less than nothing": (
        {"origins": [origin(successor_of={"origin": "x", "size": -1, "root": "A" * 43 + "="})]},
        "below 0",
    ),
    "a root that is none": ({"origins": [origin(successor_of={"origin": "x", "size": 1, "root": "!"})]}, "base64"),
}


@pytest.mark.parametrize(("other", "reason"), UNUSABLE.values(), ids=UNUSABLE)
def test_a_policy_that_cannot_be_used(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], other: dict[str, Any], reason: str
) -> None:
    assert reason in refused(tmp_path, capsys, json.dumps(policy(**other)))


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", "null", "7", '"x"', "{" * 5000, "[" * 100_000, "\x00", "NaN", " " * 2_000_000]
)
def test_a_policy_that_is_none(tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str) -> None:
    assert "policy" in refused(tmp_path, capsys, text)


def test_a_policy_that_is_too_large(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "larger than" in refused(tmp_path, capsys, json.dumps(policy()) + " " * 1_000_000)


def test_a_policy_with_a_member_twice(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "twice" in refused(tmp_path, capsys, json.dumps(policy())[:-1] + ', "quorum": 0}')


@pytest.mark.parametrize("without", sorted(policy()))
def test_a_policy_without_one_of_its_members(tmp_path: Path, capsys: pytest.CaptureFixture[str], without: str) -> None:
    kept: Sequence[tuple[str, Any]] = [(name, value) for name, value in policy().items() if name != without]

    assert without in refused(tmp_path, capsys, json.dumps(dict(kept)))


@pytest.mark.parametrize("value", [None, 1, "x", [1], {}, [{}], [None], 10**30, 1.5])
@pytest.mark.parametrize("member", ["origins", "witnesses", "quorum", "checkpoints"])
def test_wrong_types_in_a_policy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], member: str, value: object
) -> None:
    assert "cannot be used" in refused(tmp_path, capsys, json.dumps(policy(**{member: value})))
