"""Every way to deceive an auditor that we know of: exit 1, and the first leaf that is wrong.

The installation's key is used where the attacker would have it: then only what the auditor kept stands against it.
"""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.verifier.conftest import Judge
from tests.verifier.making import (
    LOG,
    NUMBERS,
    WITNESSES,
    Bundle,
    Signer,
    checkpoint_text,
    dumped,
    history,
    moment,
    note,
    numbered,
)

HEAD = 2
"""Lines before the first leaf."""


def bundle(start: int = 0, number: str | None = None) -> Bundle:
    """Of twenty facts, an hour apart."""
    since = moment(start) if start else "2026-03-01T00:00:00Z"
    return Bundle(history(), start=start, since=since, number=number)


def edited(made: Bundle, index: int, old: str, new: str) -> Bundle:
    at = HEAD + index - made.start
    assert old.encode() in made.lines[at]
    made.lines[at] = made.lines[at].replace(old.encode(), new.encode(), 1)
    return made


def resealed(made: Bundle, index: int, state: bytes) -> Bundle:
    """Another fact with the leaf that fits it."""
    made.lines[HEAD + index - made.start] = made.line(replace(made.facts[index], state=state))
    return made


def removed(made: Bundle, *indexes: int) -> Bundle:
    made.lines = [line for at, line in enumerate(made.lines) if at - HEAD + made.start not in indexes]
    return made


def inserted(made: Bundle, index: int, line: bytes) -> Bundle:
    made.lines.insert(HEAD + index - made.start, line)
    return made


def swapped(made: Bundle, index: int) -> Bundle:
    at = HEAD + index - made.start
    made.lines[at], made.lines[at + 1] = made.lines[at + 1], made.lines[at]
    return made


def stripped(made: Bundle, index: int) -> Bundle:
    """The leaf without its fact."""
    at = HEAD + index - made.start
    made.lines[at] = dumped({"leaf": json.loads(made.lines[at])["leaf"]})
    return made


def foreign(made: Bundle, index: int) -> Bundle:
    fact = made.facts[index]
    made.lines[HEAD + index] = dumped({"leaf": fact.leaf, "state": fact.state.decode()})
    return made


ATTACKS: list[tuple[str, Callable[[], Bundle], int, str]] = [
    ("a fact was edited", lambda: edited(bundle(), 7, "Ниш", "Пирот"), 7, "not the one that was sealed"),
    ("a leaf was edited", lambda: edited(bundle(), 7, "partner.renamed", "partner.removed"), 0, "up to leaf 19"),
    ("an hour was edited in a leaf", lambda: edited(bundle(), 7, "T07:00", "T07:30"), 0, "up to leaf 19"),
    ("fact and leaf were edited", lambda: resealed(bundle(), 7, b"{}"), 0, "up to leaf 19"),
    ("fact and leaf were edited behind a checkpoint", lambda: resealed(bundle(5), 7, b"{}"), 5, "up to leaf 19"),
    ("a leaf was deleted", lambda: removed(bundle(), 9), 9, "says index 10"),
    ("the first leaf was deleted", lambda: removed(bundle(), 0), 0, "says index 1"),
    ("the last leaf was deleted", lambda: removed(bundle(), 19), 19, "holds 19"),
    ("a leaf was doubled", lambda: inserted(bundle(), 9, bundle().lines[HEAD + 8]), 9, "says index 8"),
    ("leaves changed places", lambda: swapped(bundle(), 11), 11, "says index 12"),
    ("an index was changed", lambda: edited(bundle(), 6, r"\"index\":6", r"\"index\":7"), 6, "says index 7"),
    ("a position was changed", lambda: edited(bundle(), 6, r"\"position\":13", r"\"position\":11"), 6, "not above 11"),
    ("a version was changed", lambda: edited(bundle(), 6, r"\"version\":2", r"\"version\":3"), 6, "2 comes next"),
    ("a stream begins late", lambda: edited(bundle(), 2, r"\"version\":1", r"\"version\":2"), 2, "1 comes next"),
    ("the clock ran backwards", lambda: edited(bundle(), 6, "T06:00", "T04:00"), 6, "before the leaf before it"),
    ("the fact of a leaf is missing", lambda: stripped(bundle(), 4), 4, "its fact is missing"),
    ("a fact of the case is hidden", lambda: stripped(bundle(number=NUMBERS[1]), 5), 5, "its fact is missing"),
    ("a leaf of the case is hidden", lambda: removed(bundle(number=NUMBERS[1]), 5), 5, "says index 6"),
    ("a fact of another case", lambda: foreign(bundle(number=NUMBERS[1]), 6), 6, "of another stream"),
    ("a fact without a leaf", lambda: inserted(bundle(), 3, b'{"state":"{}"}'), 3, "one form"),
    ("a member stands twice", lambda: edited(bundle(), 3, '{"leaf"', '{"leaf":"","leaf"'), 3, "one form"),
    ("a leaf of a newer format", lambda: edited(bundle(), 3, r"{\"v\":1,", r"{\"v\":2,"), 3, "newer format"),
    ("a leaf with a space", lambda: edited(bundle(), 3, r"{\"v\":1,", r"{\"v\": 1,"), 3, "form of a leaf"),
]


@pytest.mark.parametrize(("attack", "index", "reason"), [pytest.param(*a[1:], id=a[0]) for a in ATTACKS])
def test_the_first_wrong_leaf_is_named(judge: Judge, attack: Callable[[], Bundle], index: int, reason: str) -> None:
    code, told = judge(attack())

    assert (code, told["verified"], told["index"]) == (1, False, index)
    assert reason in told["reason"]


def test_every_leaf_is_held_whatever_was_done_to_it(judge: Judge) -> None:
    for index in range(20):
        code, told = judge(edited(bundle(), index, "Ниш", "Пирот"))
        assert (code, told["index"], told["position"]) == (1, index, 1 + 2 * index)
        assert judge(removed(bundle(), index))[1]["index"] == index


# --- a stolen key


def recomputed() -> Bundle:
    """All of history without its seventh fact, numbered and signed anew with the installation's own key."""
    facts = history(21)
    return Bundle(numbered([*facts[:7], *facts[8:]]))


def test_a_recomputed_history_fails_against_a_kept_checkpoint(judge: Judge) -> None:
    honest = history(21)
    kept = [note(checkpoint_text(honest[:size])) for size in (3, 6, 12, 19)]

    code, told = judge(recomputed(), checkpoints=kept)

    assert (code, told["index"]) == (1, 6)
    assert "up to leaf 11, is not the one under the kept checkpoint of size 12" in told["reason"]


def test_without_anything_kept_it_is_said_that_history_may_have_been_recomputed(judge: Judge) -> None:
    code, told = judge(recomputed())

    assert code == 0
    assert any("no checkpoint that you kept" in one for one in told["not_proven"])
    assert any("no witness" in one for one in told["not_proven"])


def test_a_recomputed_past_fails_where_the_bundle_begins(judge: Judge) -> None:
    kept = [note(checkpoint_text(history()[:10]))]
    facts = history()
    forged = [replace(facts[0], state=b"{}"), *facts[1:]]

    code, told = judge(Bundle(forged, start=10, since=moment(10)), checkpoints=kept)

    assert code == 1
    assert "the tree before it" in told["reason"]


def test_kept_checkpoints_that_contradict_each_other_are_told(judge: Judge) -> None:
    forged = [replace(fact, state=b"{}") for fact in history(12)]
    kept = [note(checkpoint_text(facts)) for facts in (history(12), forged)]

    assert judge(bundle(), checkpoints=kept)[0] == 1


# --- a stolen key against a witness


WITNESS = {"witnesses": [one.vkey for one in WITNESSES], "quorum": 1}


def closed_by(made: Bundle, closing: str) -> Bundle:
    """With another last checkpoint."""
    made.lines[-1] = dumped({**json.loads(made.lines[-1]), "after": closing})
    return made


def test_a_recomputed_history_lacks_the_witness(judge: Judge) -> None:
    """Nothing was kept; the thief has the installation's key, and not the witness'."""
    code, told = judge(recomputed(), **WITNESS)

    assert (code, told["index"]) == (1, None)
    assert "0 of 1 witnesses" in told["reason"]


def test_the_cosignature_of_the_honest_checkpoint_fits_no_other(judge: Judge) -> None:
    honest, forged = checkpoint_text(history(20)), checkpoint_text(recomputed().facts)
    assert honest.split("\n")[1] == forged.split("\n")[1], "both of one size"

    code, told = judge(closed_by(recomputed(), note(forged) + WITNESSES[0].line(honest)), **WITNESS)

    assert code == 1
    assert f"in the name of {WITNESSES[0].name} is not that of its key" in told["reason"]


def test_the_witnessed_checkpoint_stands_over_no_other_leaves(judge: Judge) -> None:
    honest = note(checkpoint_text(history(20)), (LOG, *WITNESSES))

    code, told = judge(closed_by(recomputed(), honest), **WITNESS)

    assert (code, told["index"]) == (1, 0)
    assert "is not the one under the checkpoint 'after'" in told["reason"]


@pytest.mark.parametrize(
    "forger",
    [Signer(WITNESSES[0].name, 4, 66), Signer(WITNESSES[0].name, 1, WITNESSES[0].seed), Signer("w9.example", 4, 11)],
    ids=["the name with another key", "the key as that of a log", "the key under another name"],
)
def test_a_forged_witness_does_not_count(judge: Judge, forger: Signer) -> None:
    code, told = judge(Bundle(history(), signers=(LOG, forger)), **WITNESS)

    assert code == 1
    assert "0 of 1 witnesses" in told["reason"]


def test_half_of_a_quorum(judge: Judge) -> None:
    code, told = judge(Bundle(history(), signers=(LOG, WITNESSES[1])), **WITNESS | {"quorum": 2})

    assert code == 1
    assert "1 of 2 witnesses" in told["reason"]


def test_unknown_witnesses_are_passed_over(judge: Judge) -> None:
    code, told = judge(Bundle(history(), signers=(LOG, Signer("w9.example", 4, 66), WITNESSES[0])), **WITNESS)

    assert (code, told["witnesses"], told["quorum"]) == (0, 1, 1)
    assert told["witnessed_until"] == moment(19)
    assert [one.partition(" ")[0] for one in told["after"]["witnesses"]] == [
        f"w1.example/witness+{WITNESSES[0].id.hex()}"
    ]


def test_a_policy_without_witnesses_says_so(judge: Judge) -> None:
    code, told = judge(Bundle(history(), signers=(LOG, *WITNESSES)))

    assert (code, told["witnesses"], told["witnessed_until"]) == (0, 0, None)
    assert any("no witness has signed" in one for one in told["not_proven"])


# --- the edges of the interval


def test_a_bundle_that_begins_within_its_interval(judge: Judge) -> None:
    """The facts of the first hours hide under the range before it."""
    code, told = judge(Bundle(history(), start=5, since=moment(3)))

    assert (code, told["index"]) == (1, 4)
    assert "within the interval" in told["reason"]


def test_a_checkpoint_that_lies_about_its_newest_fact(judge: Judge) -> None:
    made = Bundle(history(), start=5, since=moment(3))
    text = checkpoint_text(history()[:5]).replace(moment(4), moment(2))
    made.lines[1] = dumped({**json.loads(made.lines[1]), "before": note(text)})

    code, told = judge(made)

    assert (code, told["index"]) == (1, 4)
    assert "not the newest" in told["reason"]


def test_a_leaf_before_the_bundle_that_lies_with_its_checkpoint(judge: Judge) -> None:
    """Both say the same, and only the path into the tree tells that the leaf is another one."""
    made = Bundle(history(), start=5, since=moment(3))
    text = checkpoint_text(history()[:5]).replace(moment(4), moment(2))
    second = json.loads(made.lines[1])
    last = {**second["last"], "leaf": second["last"]["leaf"].replace(moment(4), moment(2))}
    made.lines[1] = dumped({**second, "before": note(text), "last": last})

    code, told = judge(made)

    assert (code, told["index"]) == (1, 4)
    assert "does not stand before the bundle" in told["reason"]


@pytest.mark.parametrize("size", [4, 5, 6])
def test_a_checkpoint_before_the_bundle_of_another_history(judge: Judge, size: int) -> None:
    made = bundle(5)
    other = [replace(fact, state=b"{}") for fact in history(size)]
    made.lines[1] = dumped({**json.loads(made.lines[1]), "before": note(checkpoint_text(other))})

    code, told = judge(made)

    assert code == 1
    assert "does not lead to the checkpoint 'before'" in told["reason"]


@pytest.mark.parametrize("leaf", [2, 3, 5])
def test_another_leaf_in_the_place_of_the_last_one_before(judge: Judge, leaf: int) -> None:
    made = bundle(5)
    second = json.loads(made.lines[1])
    made.lines[1] = dumped({**second, "last": {"leaf": history()[leaf].leaf, "path": second["last"]["path"]}})

    code, told = judge(made)

    assert (code, told["index"]) == (1, 4)


def test_a_bundle_that_ends_within_its_interval(judge: Judge) -> None:
    code, told = judge(Bundle(history(12), until=moment(15)))

    assert code == 1
    assert f"reaches to {moment(11)}" in told["reason"]


def test_an_older_checkpoint_in_the_place_of_the_last_one(judge: Judge) -> None:
    made = bundle()
    made.lines[-1] = dumped({"after": note(checkpoint_text(history(15))), "leaves": 20})

    code, told = judge(made)

    assert (code, told["index"]) == (1, 20)


def test_a_last_checkpoint_that_lies_about_its_newest_fact(judge: Judge) -> None:
    made = bundle()
    text = checkpoint_text(history()).replace(moment(19), moment(18))
    made.lines[-1] = dumped({"after": note(text), "leaves": 20})

    assert judge(made)[1]["index"] == 19


def test_a_log_without_a_fact_proves_nothing(judge: Judge) -> None:
    made = bundle()
    made.lines = [made.lines[0], made.lines[1], dumped({"after": note(checkpoint_text([])), "leaves": 0})]

    code, told = judge(made)

    assert code == 1
    assert "reaches to nowhere" in told["reason"]


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("range", []),
        ("range", ["A" * 43 + "="]),
        ("size", 4),
        ("size", -5),
        ("before", None),
        ("last", None),
        ("size", 0),
    ],
)
def test_a_start_that_does_not_fit(judge: Judge, member: str, value: object) -> None:
    made = bundle(5)
    made.lines[1] = dumped({**json.loads(made.lines[1]), member: value})

    assert judge(made)[0] == 1
