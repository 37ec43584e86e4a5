"""What was cosigned last, of each origin: one file each in the data folder, `SHA-256 OF THE ORIGIN.checkpoint`.

The folder belongs to one key, whose verifier key stands in its file `witness`, and to one process, which locks it.
"""

import fcntl
import os
from hashlib import sha256
from pathlib import Path

from pobratim_witness.files import Fault, write_durably
from pobratim_witness.notes import Checkpoint, checkpoint

_OWNER = "witness"


def new_folder(folder: Path) -> None:
    """Raises Fault where there is something in it already, and OSError."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if any(folder.iterdir()):
        raise Fault(f"{folder} is not empty. Name a new folder: one that was used belongs to its key.")


def begin(folder: Path, verifier_key: str) -> None:
    """An empty book for a new key. Raises OSError."""
    write_durably(folder / _OWNER, verifier_key + "\n")


class Book:
    def __init__(self, folder: Path, verifier_key: str) -> None:
        """Raises Fault where the folder is not this key's, or another process has it."""
        self._folder = folder
        try:
            self._lock = os.open(folder / _OWNER, os.O_RDONLY)
            owner = os.read(self._lock, 1000).decode(errors="replace").strip()
        except OSError as fault:
            raise Fault(
                f"{folder} is no data folder of a witness ({fault.strerror}). Where it is lost, so is what "
                "was cosigned: make a new key under a new name with: pobratim-witness keygen"
            ) from fault
        if owner != verifier_key:
            raise Fault(
                f"{folder} belongs to the key {owner[:100]}, not to {verifier_key}. Name the folder of this key."
            )
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as fault:
            raise Fault(f"{folder} is in use by another process. Stop it first.") from fault

    def close(self) -> None:
        os.close(self._lock)

    def newest(self, origin: str) -> Checkpoint | None:
        """None where nothing was cosigned of it. Raises Fault where its file is damaged."""
        path = self._path(origin)
        try:
            found = checkpoint(path.read_text("utf-8"))
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as fault:
            raise Fault(f"{path} cannot be read ({fault})") from fault
        if found.origin != origin:
            raise Fault(f"{path} is of the origin {found.origin[:100]}")
        return found

    def keep(self, origin: str, note: str) -> None:
        """On the disk when it returns. Raises Fault, and then what was there before is still there."""
        path = self._path(origin)
        try:
            write_durably(path, note)
        except OSError as fault:
            raise Fault(f"{path} cannot be written ({fault.strerror})") from fault

    def _path(self, origin: str) -> Path:
        return self._folder / f"{sha256(origin.encode()).hexdigest()}.checkpoint"
