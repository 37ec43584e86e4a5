"""Files of the seal in the data folder: written whole or not at all, and on the disk when the call returns."""

import os
from datetime import datetime
from pathlib import Path

from adapters.sealing.faults import SealFault


def write_durably(path: Path, content: str) -> None:
    """Takes the place of a file that was there. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = path.with_name(f".{path.name}.new")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644), "wb") as file:
        file.write(content.encode())
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    sync_folder(path.parent)


def put_aside(path: Path, now: datetime) -> None:
    """Under a name that tells when. Raises SealFault."""
    try:
        path.rename(path.with_name(f"{path.name}.until-{now:%Y%m%dT%H%M%S}"))
    except OSError as fault:
        raise SealFault("seal.folder", file=str(path), reason=fault.strerror or str(fault)) from fault


def sync_folder(folder: Path) -> None:
    """So that names of files outlast a loss of power; where folders cannot be synchronised, the system does it."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
