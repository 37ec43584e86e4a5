"""A file of events goes on where it ends, however it ended, and no other file is touched."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from adapters.files.event_file import BLOCK, EventFileFault, event_file

HERE = "https://primer.rs"


def line(position: int, source: str = HERE, filling: str = "") -> bytes:
    return f'{{"specversion":"1.0","id":"{position}","source":"{source}","data":"{filling}"}}'.encode()


def added(path: Path, lines: Sequence[bytes]) -> int | None:
    with event_file(path, HERE) as file:
        after = file.after
        file.write(lines)
    return after


def test_a_new_file_holds_nothing_and_goes_on_behind_its_last_event(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    assert added(path, [line(7), line(9)]) is None
    assert added(path, [line(12)]) == 9
    assert path.read_bytes() == b"\n".join([line(7), line(9), line(12), b""])
    assert added(path, []) == 12


@pytest.mark.parametrize("filling", ["", "x" * (BLOCK - 60), "x" * BLOCK, "x" * (3 * BLOCK + 1)])
@pytest.mark.parametrize("torn", [b"", b"{", b'{"specver', line(9)[:-1]])
def test_a_torn_line_is_taken_away(tmp_path: Path, filling: str, torn: bytes) -> None:
    path = tmp_path / "events.jsonl"
    path.write_bytes(line(3) + b"\n" + line(7, filling=filling) + b"\n" + torn)
    assert added(path, [line(9)]) == 7
    assert path.read_bytes() == line(3) + b"\n" + line(7, filling=filling) + b"\n" + line(9) + b"\n"


def test_the_only_line_may_be_torn(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_bytes(line(3)[:20])
    assert added(path, [line(3)]) is None
    assert path.read_bytes() == line(3) + b"\n"


@pytest.mark.parametrize(
    "held",
    [
        b"a letter without an end of line",
        b"a letter\nof two lines\n",
        b"\n",
        b"[1]\n",
        b'{"id":"x","specversion":"1.0","source":"https://primer.rs"}\n',
        line(3) + b"\nand a note",
        line(3, "https://elsewhere.rs") + b"\n",
        b"[" * 100_000 + b"\n",
    ],
)
def test_what_is_no_file_of_ours_stays_as_it_is(tmp_path: Path, held: bytes) -> None:
    path = tmp_path / "letter.txt"
    path.write_bytes(held)
    with pytest.raises(EventFileFault):
        added(path, [line(4)])
    assert path.read_bytes() == held


def test_two_do_not_write_at_once(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    with event_file(path, HERE) as file:
        file.write([line(1)])
        with pytest.raises(EventFileFault, match="Another program is writing"):
            added(path, [line(1)])
    assert added(path, []) == 1
