"""Files of procedures in a folder: what is there, and how one comes to be there whole or not at all."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from uuid import uuid4

KEPT: Final = "followed"
"""Folder of copies: versions that cases follow, as they were when the first one began."""
Fingerprint = tuple[tuple[str, int, int], ...]


def files(folder: Path) -> list[Path]:
    """Those that may hold a procedure, the oldest first; none where the folder is missing.

    A file that comes later does not take the place of another one.
    """
    with contextlib.suppress(FileNotFoundError, NotADirectoryError):
        found = [path for path in folder.iterdir() if path.suffix == ".toml" and not path.name.startswith(".")]
        return sorted(found, key=lambda path: (_changed(path), path.name))
    return []


def _changed(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:  # told when it is read
        return 0


def fingerprint(folder: Path) -> Fingerprint:
    """Another one after every change of a file."""
    return tuple(_marks(folder)) + tuple(_marks(folder / KEPT))


def _marks(folder: Path) -> Iterator[tuple[str, int, int]]:
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda e: e.name):
            if entry.name.endswith(".toml"):
                with contextlib.suppress(FileNotFoundError):
                    told = entry.stat()
                    yield entry.path, told.st_mtime_ns, told.st_size


def put(path: Path, text: str) -> bool:
    """Write a new file, whole or not at all; False where there is one, which stays as it is. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.parent / f".{path.name}.{uuid4()}.tmp"
    try:
        with draft.open("w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            return False
        return True
    finally:
        draft.unlink(missing_ok=True)
