"""A file of events, one JSON object a line, that is continued where it ends."""

import os
import sys
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from io import FileIO
from pathlib import Path
from typing import ClassVar, Final

import msgspec

from adapters.fault import Fault

BLOCK: Final = 1 << 16
KEPT_EVERY: Final = 1 << 24
"""Bytes after which what was written is brought to the disk."""


_BEGIN: Final = b'{"specversion":'


class EventFileFault(Fault):
    messages: ClassVar = {
        "files.in-use": "Another program is writing {path}. Wait for it to end and try again.",
        "files.not-events": "{path} ends with something else than an event. Name another file.",
        "files.other-source": "{path} holds events of {source}, not of this installation. Name another file.",
    }


class _Event(msgspec.Struct):
    specversion: str
    id: str
    source: str


class EventFile:
    """Open for writing at its end. `after` is the position of its last event, None where it holds none.

    A line that was torn when somebody wrote it is taken away: the cursor is the last whole one.
    """

    def __init__(self, file: FileIO, source: str) -> None:
        """Raises OSError, EventFileFault."""
        self._file, self._written = file, 0
        path, whole = str(file.name), _end_of_lines(file)
        self.after = _position(_last_line(file, whole), source, path) if whole else None
        _require_torn(file, whole, path)
        file.truncate(whole)
        file.seek(whole)

    def write(self, lines: Iterable[bytes]) -> None:
        """Each becomes a line. Raises OSError."""
        piece = b"".join(line + b"\n" for line in lines)
        view = memoryview(piece)
        while view:
            view = view[self._file.write(view) or 0 :]
        self._written += len(piece)
        if self._written >= KEPT_EVERY:
            self.keep()

    def keep(self) -> None:
        """On the disk."""
        os.fsync(self._file.fileno())
        self._written = 0


@contextmanager
def event_file(path: Path, source: str) -> Generator[EventFile]:
    """Raises OSError, EventFileFault. What was written stays however it ends."""
    with path.open("r+b" if path.exists() else "x+b", buffering=0) as file:
        _require_alone(file, path)
        opened = EventFile(file, source)
        try:
            yield opened
        finally:
            opened.keep()


def _require_alone(file: FileIO, path: Path) -> None:
    if sys.platform == "win32":
        return  # two of them would write the same lines one after the other
    import fcntl  # noqa: PLC0415 - exists on POSIX only

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise EventFileFault("files.in-use", path=str(path)) from None


def _end_of_lines(file: FileIO) -> int:
    """Behind the last line feed."""
    end = file.seek(0, os.SEEK_END)
    while end:
        begin = max(0, end - BLOCK)
        file.seek(begin)
        found = file.read(end - begin).rfind(b"\n")
        if found >= 0:
            return begin + found + 1
        end = begin
    return 0


def _last_line(file: FileIO, end: int) -> bytes:
    """Without its line feed, which is the byte before `end`."""
    line = b""
    begin = end - 1
    while begin > 0 and b"\n" not in line:
        begin = max(0, begin - BLOCK)
        file.seek(begin)
        line = file.read(end - 1 - begin)
    return line.rpartition(b"\n")[2]


def _require_torn(file: FileIO, whole: int, path: str) -> None:
    """What stands behind the last line is the beginning of an event, and nothing that somebody would miss."""
    file.seek(whole)
    rest = file.read(len(_BEGIN))
    if rest != _BEGIN[: len(rest)]:
        raise EventFileFault("files.not-events", path=path)


def _position(line: bytes, source: str, path: str) -> int:
    try:
        event = msgspec.json.decode(line, type=_Event)
        position = int(event.id)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        raise EventFileFault("files.not-events", path=path) from None
    if event.source != source:
        raise EventFileFault("files.other-source", path=path, source=event.source)
    return position
