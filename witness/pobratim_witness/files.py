"""Files that a loss of power leaves whole, and the faults of the ground that a person can mend."""

import os
from pathlib import Path


class Fault(Exception):
    """One line: what is wrong, and how to mend it."""


def write_durably(path: Path, content: str, mode: int = 0o644) -> None:
    """Takes the place of a file that was there; on the disk when it returns. Raises OSError."""
    beside = path.with_name(f".{path.name}.new")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as file:
        file.write(content.encode())
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
