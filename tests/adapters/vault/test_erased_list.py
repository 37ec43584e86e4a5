"""The list of erasures outlasts the database, and bad lines in it are told in one line."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from adapters.vault.erased_list import FiledErasures
from adapters.vault.faults import ErasedListFault
from application.people_ports import ErasedList, Erasure
from domain.kernel import VaultRef

AT = datetime(2026, 3, 17, 9, 41, 27, 305114, tzinfo=UTC)


def erasure(position: int = 7) -> Erasure:
    return Erasure(VaultRef(uuid4()), position, AT)


def test_it_is_the_port_and_begins_empty(listed):
    assert isinstance(listed, ErasedList)
    assert listed.listed() == frozenset()


def test_what_is_added_stays_and_is_added_once(listed, tmp_path):
    one, two = erasure(), erasure(8)
    listed.add([one])
    listed.add([one, two])
    assert FiledErasures(tmp_path).listed() == {one.ref, two.ref}
    assert listed.path.read_text().splitlines() == [
        f"{one.ref} 7 2026-03-17T09:41:27.305114Z",
        f"{two.ref} 8 2026-03-17T09:41:27.305114Z",
    ]
    assert listed.path.stat().st_mode & 0o777 == 0o600


def test_a_line_that_was_cut_off_counts_as_none_and_is_mended(listed):
    one, two = erasure(), erasure()
    listed.add([one])
    with listed.path.open("a") as file:
        file.write(f"{two.ref} 8 2026-03")
    assert listed.listed() == {one.ref}
    listed.add([one, two])
    assert listed.listed() == {one.ref, two.ref}


@pytest.mark.parametrize(
    "line", ["", "Milena Crvenkov", "../../etc/passwd 1 2026-03-17T09:41:27.305114Z", f"{UUID(int=7)}"], ids=range(4)
)
def test_a_damaged_list_is_told_with_its_line(listed, line):
    listed.add([erasure()])
    with listed.path.open("a") as file:
        file.write(f"{line}\n")
    with pytest.raises(ErasedListFault, match="line 2, is no erasure") as fault:
        listed.listed()
    assert "\n" not in str(fault.value)
    with pytest.raises(OSError, match="is no erasure"):
        listed.add([erasure()])


def test_a_list_that_is_no_text_is_told(listed):
    listed.path.parent.mkdir()
    listed.path.write_bytes(b"\xff\n")
    with pytest.raises(ErasedListFault, match="cannot be read"):
        listed.listed()
