"""Files that are cut, damaged, huge or something else: one clear line, exit 1 or 2, never a trace, never `verified`."""

import contextlib
import gzip
import json
import os
from collections.abc import Callable
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pobratim_verify import policy as policies
from pobratim_verify.__main__ import run
from pobratim_verify.bundle import lines
from pobratim_verify.verdicts import CannotJudge, DoesNotHold
from pobratim_verify.verifying import Proof, verify

from tests.verifier.conftest import Judge
from tests.verifier.making import LOG, NUMBERS, WITNESSES, Bundle, dumped, history, moment, policy

WHOLE = Bundle(history(6), start=2, since=moment(2), signers=(LOG, *WITNESSES))


@pytest.fixture(scope="module")
def believed(tmp_path_factory: pytest.TempPathFactory) -> policies.Policy:
    """Every signature in the bundle counts, so that none can be changed without notice."""
    file = tmp_path_factory.mktemp("policy") / "policy.json"
    file.write_text(json.dumps(policy(witnesses=[one.vkey for one in WITNESSES], quorum=2)), "utf-8")
    return policies.read(file)


def answer(packed: bytes, believed: policies.Policy) -> Proof | None:
    """None where it is refused as it should be; anything else that is raised is a defect."""
    with contextlib.suppress(DoesNotHold, CannotJudge):
        return verify(BytesIO(packed), believed)
    return None


def test_the_bundle_that_is_damaged_here_is_a_good_one(believed: policies.Policy) -> None:
    assert answer(WHOLE.packed(), believed)


def test_a_file_that_was_cut_anywhere(believed: policies.Policy) -> None:
    packed = WHOLE.packed()

    assert not [at for at in range(len(packed)) if answer(packed[:at], believed)]


def test_a_bundle_that_was_cut_anywhere_and_packed_again(believed: policies.Policy) -> None:
    text = WHOLE.text

    assert not [at for at in range(len(text)) if answer(gzip.compress(text[:at], 1), believed)]


def test_every_byte_of_the_file_changed(believed: policies.Policy) -> None:
    packed = WHOLE.packed()
    for at in range(len(packed)):
        changed = packed[:at] + bytes([packed[at] ^ 0x41]) + packed[at + 1 :]
        if answer(changed, believed):
            assert gzip.decompress(changed) == WHOLE.text


def says_the_same(text: bytes) -> bool:
    """But for the interval in the first line: it is a question, nobody's word, and the answer repeats it."""
    first, _, rest = text.partition(b"\n")
    mine, _, ours = WHOLE.text.partition(b"\n")
    return rest == ours and {**json.loads(first), "from": 0, "to": 0} == {**json.loads(mine), "from": 0, "to": 0}


def test_every_byte_of_its_text_changed(believed: policies.Policy) -> None:
    text = WHOLE.text
    for at in range(len(text)):
        changed = text[:at] + bytes([text[at] ^ (1, 2, 0x20)[at % 3]]) + text[at + 1 :]
        assert not answer(gzip.compress(changed, 1), believed) or says_the_same(changed)


@settings(deadline=None, max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    at=st.integers(0, len(WHOLE.text)),
    gone=st.integers(0, 300),
    new=st.binary(max_size=40)
    | st.sampled_from([b" ", b"\n", b"{}", b"null", b"[]", b"0", b"1e999", b'"', b"\\u0041"]),
)
@example(at=0, gone=0, new=b"\xef\xbb\xbf")
@example(at=0, gone=0, new=b"\n")
@example(at=len(WHOLE.text), gone=0, new=b"\n")
@example(at=len(WHOLE.text) - 1, gone=1, new=b"")
def test_anything_put_in_anywhere(believed: policies.Policy, at: int, gone: int, new: bytes) -> None:
    changed = WHOLE.text[:at] + new + WHOLE.text[at + gone :]

    assert not answer(gzip.compress(changed, 1), believed) or changed == WHOLE.text or says_the_same(changed)


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    line=st.integers(0, len(WHOLE.lines) - 1),
    path=st.integers(0, 5),
    value=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
        max_leaves=5,
    ),
)
def test_wrong_types_everywhere(believed: policies.Policy, line: int, path: int, value: Any) -> None:
    lines = list(WHOLE.lines)
    members = json.loads(lines[line])
    name = list(members)[path % len(members)]
    lines[line] = dumped_loosely({**members, name: value})
    changed = b"".join(one + b"\n" for one in lines)

    assert not answer(gzip.compress(changed, 1), believed) or says_the_same(changed)


def dumped_loosely(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


# --- behind the end


@pytest.mark.parametrize(
    "more", [b"x", b"\n", gzip.compress(b"", mtime=0), gzip.compress(b"{}\n", mtime=0), b"\x00" * 10]
)
def test_something_behind_the_end_of_the_file(judge: Judge, more: bytes) -> None:
    assert judge(WHOLE.packed() + more)[0] == 1


@pytest.mark.parametrize("more", [b"\n", b"{}\n", b"x", WHOLE.lines[-1] + b"\n"])
def test_something_behind_the_last_line(judge: Judge, more: bytes) -> None:
    assert judge(gzip.compress(WHOLE.text + more))[0] == 1


# --- the first line


FIRST: dict[str, tuple[dict[str, Any], int, str]] = {
    "a newer format": ({"pobratim_bundle": 2}, 2, "format 2"),
    "another kind of file": ({"pobratim_bundle": "1"}, 2, "no bundle"),
    "a truth for a number": ({"pobratim_bundle": True}, 2, "no bundle"),
    "an unknown member": ({"more": 1}, 1, "unknown"),
    "an empty interval": ({"from": moment(3), "to": moment(3)}, 1, "not before"),
    "an interval that ends first": ({"from": moment(5), "to": moment(3)}, 1, "not before"),
    "no moment": ({"from": "yesterday"}, 1, "no moment"),
    "a moment without a zone": ({"from": "2026-03-01T00:00:00"}, 1, "no moment"),
    "a day that no month has": ({"from": "2026-02-31T00:00:00Z"}, 1, "wrong"),
    "a moment before all time": ({"from": "0001-01-01T00:00:00+14:00"}, 1, "calendar"),
    "a path for a case": ({"case": {"number": "../../etc/passwd", "stream": "x"}}, 1, "no case number"),
    "the stream of another case": ({"case": {"number": "2026-0009", "stream": "x" * 36}}, 1, "not the stream"),
    "a case without a stream": ({"case": {"number": NUMBERS[0]}}, 1, "missing"),
}


@pytest.mark.parametrize(("other", "code", "reason"), FIRST.values(), ids=FIRST)
def test_a_first_line_that_says_nothing_usable(judge: Judge, other: dict[str, Any], code: int, reason: str) -> None:
    made = Bundle(history())
    made.lines[0] = dumped({**json.loads(made.lines[0]), **other})

    found, told = judge(made)

    assert found == code
    assert reason in told["reason"]


# --- files


@pytest.mark.parametrize(
    "packed",
    [b"", b"x", b"PK\x03\x04", b"\x1f\x8b", b"{}", gzip.compress(b"", mtime=0), gzip.compress(b"x\n", mtime=0)],
)
def test_files_that_are_no_bundles(judge: Judge, packed: bytes) -> None:
    assert judge(packed)[0] == 2


def test_a_line_without_end(judge: Judge) -> None:
    code, told = judge(gzip.compress(WHOLE.lines[0] + b" " * 5_000_000))

    assert code == 2
    assert "4,000,000 bytes" in told["reason"]


def test_a_file_that_unpacks_without_end() -> None:
    packed = gzip.compress((b" " * 1_000_000 + b"\n") * 100, 9)

    with pytest.raises(CannotJudge, match="more than 100 times"):
        for _ in lines(BytesIO(packed)):
            pass


@pytest.mark.parametrize("which", ["bundle", "policy"])
@pytest.mark.parametrize("kind", ["missing", "folder", "pipe", "unreadable name"])
def test_paths_that_lead_to_no_file(tmp_path: Path, capsys: pytest.CaptureFixture[str], which: str, kind: str) -> None:
    paths = {"bundle": tmp_path / "bundle.gz", "policy": tmp_path / "policy.json"}
    paths["bundle"].write_bytes(WHOLE.packed())
    paths["policy"].write_text(json.dumps(policy()), "utf-8")
    paths[which] = tmp_path / kind
    if kind == "folder":
        paths[which].mkdir()
    if kind == "pipe":
        os.mkfifo(paths[which])
    name = "\0" if kind == "unreadable name" else str(paths[which])
    arguments = {name_of: str(path) for name_of, path in paths.items()} | {which: name}

    assert run([arguments["bundle"], "--policy", arguments["policy"]]) == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("arguments", [[], ["x"], ["x", "--policy"], ["x", "y", "--policy", "z"], ["x", "--pol", "y"]])
def test_wrong_use(arguments: list[str]) -> None:
    told = StringIO()
    with contextlib.redirect_stderr(told), pytest.raises(SystemExit) as ended:
        run(arguments)

    assert ended.value.code == 2
    assert told.getvalue().count("\n") == 1


# --- one form


def spaced(line: bytes) -> bytes:
    return line.replace(b":", b": ", 1)


def turned(line: bytes) -> bytes:
    return dumped(dict(reversed(json.loads(line).items())))


def doubled(line: bytes) -> bytes:
    name, value = next(iter(json.loads(line).items()))
    return dumped({name: value})[:-1] + b"," + line[1:]


def escaped(line: bytes) -> bytes:
    return dumped_loosely(json.loads(line)) if "—".encode() in line else line.replace(b'":', b'"\\u003a', 1)


@pytest.mark.parametrize("form", [spaced, turned, doubled, escaped])
@pytest.mark.parametrize("at", [0, 1, 3, -1])
def test_a_line_in_another_form_than_its_own(judge: Judge, form: Callable[[bytes], bytes], at: int) -> None:
    made = Bundle(history(), start=5, since=moment(5))
    made.lines[at] = form(made.lines[at])

    assert judge(made)[0] in {1, 2}
