"""What an honest installation hands out is verified, and the answer says of what."""

from dataclasses import replace

import pytest

from tests.verifier.conftest import Judge
from tests.verifier.making import (
    LOG,
    NUMBERS,
    ORIGIN,
    WITNESSES,
    Bundle,
    Signer,
    checkpoint_text,
    history,
    moment,
    note,
)


@pytest.mark.parametrize("start", range(18))
def test_a_bundle_that_begins_at_any_leaf(judge: Judge, start: int) -> None:
    code, told = judge(Bundle(history(20), start=start, since=moment(start), until=moment(19)))

    assert code == 0
    assert told["facts"] == told["leaves"] - 1 == 19 - start
    assert told["after"]["size"] == 20
    assert told["after"]["recorded_at"] == moment(19)
    assert (told["before"] and told["before"]["size"]) == (start or None)


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 7, 8, 9, 255, 256, 257, 600])
def test_trees_of_any_size(judge: Judge, count: int) -> None:
    facts = history(count)

    assert judge(Bundle(facts, since="2026-02-01T00:00:00Z", until=moment(count - 1)))[0] == 0


def test_a_date_before_the_first_fact(judge: Judge) -> None:
    code, told = judge(Bundle(history(8), since="1999-12-31T23:00:00+02:00"))

    assert (code, told["from"]) == (0, "1999-12-31T21:00:00.000000Z")


def test_an_interval_in_which_nothing_happened(judge: Judge) -> None:
    code, told = judge(Bundle(history(8), start=7, since="2026-03-01T06:10:00Z", until="2026-03-01T06:50:00Z"))

    assert code == 0
    assert (told["facts"], told["cases"], told["leaves"]) == (0, 0, 1)


def test_a_bundle_of_one_case_holds_no_fact_of_another(judge: Judge) -> None:
    bundle = Bundle(history(), number=NUMBERS[1])

    code, told = judge(bundle)

    assert code == 0
    assert (told["facts"], told["cases"], told["leaves"]) == (5, 1, 20)
    assert bundle.text.count(b'"state"') == 5


def test_only_cases_are_counted_as_cases(judge: Judge) -> None:
    assert judge(Bundle(history()))[1]["cases"] == 3


def test_stored_bytes_that_are_no_text(judge: Judge) -> None:
    facts = history(6)
    facts[2] = replace(facts[2], state=b"\xff\xfe{}")

    assert judge(Bundle(facts))[0] == 0


def test_witnesses_are_named_with_their_time(judge: Judge) -> None:
    bundle = Bundle(history(), signers=[LOG, *WITNESSES])

    code, told = judge(bundle, witnesses=[one.vkey for one in WITNESSES], quorum=2)

    assert code == 0
    assert [name.split("+")[0] for name in told["after"]["witnesses"]] == [one.name for one in WITNESSES]
    assert told["after"]["witnesses"][0].endswith("at 2026-02-25T06:13:20Z")


def test_either_key_will_do_while_the_installation_changes_it(judge: Judge) -> None:
    new = Signer(seed=2)
    bundle = Bundle(history(), signers=[LOG, new])

    for keys in ([LOG.vkey], [new.vkey], [LOG.vkey, new.vkey]):
        code, told = judge(bundle, origins=[{"origin": ORIGIN, "keys": keys, "successor_of": None}])
        assert (code, len(told["after"]["keys"])) == (0, len(keys))


def test_kept_checkpoints_that_agree_are_named_and_others_are_said_to_be_elsewhere(judge: Judge) -> None:
    facts = history()
    kept = [note(checkpoint_text(facts[:size])) for size in (2, 5, 11, 20)]

    code, told = judge(Bundle(facts, start=5, since=moment(5)), checkpoints=kept)

    assert (code, told["compared_sizes"]) == (0, [5, 11, 20])
    assert any("1 of your kept checkpoints" in one for one in told["not_proven"])


def test_a_later_origin_says_what_stood_in_the_one_before(judge: Judge) -> None:
    left = {"origin": ORIGIN, "size": 900, "root": "A" * 43 + "="}
    origins = [{"origin": f"{ORIGIN}/2", "keys": [LOG.vkey], "successor_of": left}]

    code, told = judge(Bundle(history(), origin=f"{ORIGIN}/2"), origins=origins)

    assert code == 0
    assert any("size 900" in one for one in told["not_proven"])
