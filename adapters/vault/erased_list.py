"""Which entries of the vault were erased, in the data folder: a restored database knows less than this file.

One line an erasure: reference, position of the fact, moment. It holds nothing of a person, and only grows.
"""

import errno
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final
from uuid import UUID

from adapters.sealing.files import sync_folder
from adapters.vault.faults import ErasedListFault
from application.people_ports import Erasure
from domain.kernel import VaultRef

_LINE: Final = re.compile(
    r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}) [1-9][0-9]* [0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z"
)


class FiledErasures:
    """Implements application.people_ports.ErasedList. A last line without its end was cut off while it was written, and
    counts as none: the table of erasures has it."""

    def __init__(self, data_dir: Path) -> None:
        self.path = data_dir / "people" / "erased"

    def listed(self) -> frozenset[VaultRef]:
        """Raises ErasedListFault."""
        try:
            content = self.path.read_text("ascii")
        except FileNotFoundError:
            return frozenset()
        except (OSError, UnicodeDecodeError) as fault:
            reason = getattr(fault, "strerror", None) or "it is no text"
            raise ErasedListFault("people.list-unreadable", file=str(self.path), reason=reason) from fault
        *lines, _cut_off = content.split("\n")
        found: list[VaultRef] = []
        for number, line in enumerate(lines, 1):
            read = _LINE.fullmatch(line)
            if read is None:
                raise ErasedListFault("people.list-damaged", file=str(self.path), line=number)
            found.append(VaultRef(UUID(read[1])))
        return frozenset(found)

    def add(self, erasures: Sequence[Erasure]) -> None:
        """Raises OSError, also where the list is damaged. A line that two processes add counts once."""
        try:
            known = self.listed()
        except ErasedListFault as fault:
            raise OSError(errno.EIO, str(fault), str(self.path)) from fault
        lines = [_line(erasure) for erasure in erasures if erasure.ref not in known]
        if not lines:
            return
        new = not self.path.exists()
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600), "r+b") as file:
            if (end := file.seek(0, os.SEEK_END)) and not _ended(file.fileno(), end):
                _cut(file.fileno(), end)
            file.write("".join(lines).encode())
            file.flush()
            os.fsync(file.fileno())
        if new:
            sync_folder(self.path.parent)
            sync_folder(self.path.parent.parent)


def _line(erasure: Erasure) -> str:
    return f"{erasure.ref} {erasure.position} {erasure.erased_at:%Y-%m-%dT%H:%M:%S.%fZ}\n"


def _ended(file: int, end: int) -> bool:
    return os.pread(file, 1, end - 1) == b"\n"


def _cut(file: int, end: int) -> None:
    """Take away a line that was cut off."""
    os.ftruncate(file, os.pread(file, end, 0).rfind(b"\n") + 1)
