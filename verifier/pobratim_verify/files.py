"""Files that were handed over: regular ones only, so that no pipe or device keeps anybody waiting."""

import os
import stat
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from pobratim_verify.verdicts import CannotJudge


@contextmanager
def opened_file(path: Path, what: str) -> Generator[BinaryIO]:
    """Raises CannotJudge, also where reading fails later."""
    try:
        with os.fdopen(
            os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)), "rb"
        ) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise CannotJudge(f"The {what} {path} is no regular file.")
            yield file
    except (OSError, ValueError) as fault:
        reason = getattr(fault, "strerror", None) or str(fault)
        raise CannotJudge(f"The {what} {path} cannot be read: {reason}.") from fault
