"""Where a consumer keeps how far it has come."""

import json
import os
import sys
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self, cast

from pobratim_client.errors import CursorFault
from pobratim_client.events import Batch, Cursor, position_of


class CursorStore(Protocol):
    """A store of your own has these two."""

    def load(self) -> Cursor:
        """The beginning where nothing was kept yet."""
        ...

    def keep(self, batch: Batch) -> None:
        """In one transaction with what was made of the batch, where the store can. Raises CursorFault where the
        cursor stands elsewhere than `batch.before`."""
        ...


class FileCursor:
    """In a file of its own, on the disk when `keep` returns. Held against a second consumer until it is closed.

    Nothing joins it to writes elsewhere: after a crash between the two the last batch comes again.
    """

    def __init__(self, path: Path | str) -> None:
        """Raises CursorFault."""
        self._path = Path(path)
        self._lock: int | None = None
        try:
            self._lock = os.open(self._path.with_name(f"{self._path.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as fault:
            raise CursorFault(f"{self._path} cannot be used: {fault.strerror}") from None
        try:
            _hold(self._lock)
        except OSError:
            self.close()
            raise CursorFault(f"{self._path} is held by another consumer") from None
        self._cursor = self._read()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def load(self) -> Cursor:
        return self._cursor

    def keep(self, batch: Batch) -> None:
        """Raises CursorFault."""
        if batch.before != self._cursor or self._lock is None:
            raise CursorFault(f"{self._path} stands at {self._cursor.position}, the batch begins elsewhere")
        new = self._path.with_name(f"{self._path.name}.new")
        text = json.dumps({"position": batch.cursor.position, "source": batch.cursor.source}) + "\n"
        try:
            with new.open("w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            new.replace(self._path)
            _keep_name(self._path.parent)
        except OSError as fault:
            raise CursorFault(f"{self._path} cannot be written: {fault.strerror}") from None
        self._cursor = batch.cursor

    def _read(self) -> Cursor:
        try:
            found = json.loads(self._path.read_bytes())
            return cursor_of(found["position"], found["source"])
        except FileNotFoundError:
            return Cursor()
        except OSError as fault:
            self.close()
            raise CursorFault(f"{self._path} cannot be read: {fault.strerror}") from None
        except (ValueError, KeyError, TypeError, RecursionError):
            self.close()
            raise CursorFault(f"{self._path} holds no cursor") from None


def cursor_of(position: object, source: object) -> Cursor:
    """Raises ValueError where these are none."""
    if type(position) is not int or not isinstance(source, str):
        raise ValueError
    return Cursor(position_of(str(position)), source)


def _hold(lock: int) -> None:
    """Raises OSError where somebody else does."""
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415 - exists on Windows only

        cast("Any", msvcrt).locking(lock, cast("Any", msvcrt).LK_NBLCK, 1)
        return
    import fcntl  # noqa: PLC0415 - exists on POSIX only

    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _keep_name(folder: Path) -> None:
    if sys.platform == "win32":
        return
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
