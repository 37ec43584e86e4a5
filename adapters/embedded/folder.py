"""The folder that holds the embedded database: where it is, who holds it, and where its sockets go."""

import contextlib
import hashlib
import os
import sys
import tempfile
from pathlib import Path
from typing import BinaryIO
from weakref import WeakSet

from adapters.embedded.account import Account
from adapters.embedded.binaries import ROOTS_SHELF
from adapters.embedded.faults import EmbeddedFault, naming

SOCKET_PREFIX = "pobratim-"
SOCKET_NAME = "/.s.PGSQL.5432.lock"
LONGEST_SOCKET_PATH = 103  # sun_path of macOS and the BSDs; Linux has four more


def reachable(asked: Path, account: Account) -> Path:
    """`asked`, made if need be; for root, where the server's account cannot enter it, a folder of its own elsewhere.

    The same `asked` always leads to the same folder. Raises EmbeddedFault.
    """
    with naming(asked):
        new = not asked.exists()
        asked.mkdir(parents=True, exist_ok=True)
        if new and account.uid is not None:
            asked.chmod(0o711)  # whatever root's umask: the server passes through and reads nothing else here
    if account.may_enter(asked):
        return asked
    elsewhere = ROOTS_SHELF / hashlib.sha256(bytes(asked)).hexdigest()[:12]
    with naming(elsewhere):
        elsewhere.mkdir(parents=True, exist_ok=True)
        for folder in (ROOTS_SHELF, elsewhere):
            folder.chmod(0o755)
    return elsewhere


def socket_folder(account: Account) -> Path:
    """A new short folder that only the server's account (and root) may enter. Raises EmbeddedFault."""
    roots = [Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp")]  # noqa: S108 - a private folder is made inside
    for root in roots:
        if len(str(root)) + len(SOCKET_PREFIX) + 9 + len(SOCKET_NAME) > LONGEST_SOCKET_PATH:
            continue
        if root.is_dir() and os.access(root, os.W_OK) and account.may_enter(root):
            with naming(root):
                made = Path(tempfile.mkdtemp(prefix=SOCKET_PREFIX, dir=root))
            account.own(made)
            return made
    tried = ", ".join(map(str, roots))
    raise EmbeddedFault("embedded.path-too-long", tried=tried, limit=LONGEST_SOCKET_PATH)


class FolderLock:
    """Held while this process uses the folder; the operating system lets it go when the process dies.

    A process that is forked from this one holds nothing: it would keep the folder after its parent's death.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / "pobratim.lock"
        self._folder = folder
        self._file: BinaryIO | None = None

    def take(self) -> None:
        """Raises EmbeddedFault `embedded.in-use` where another process holds it."""
        with naming(self._folder):
            self._path.touch()
            file = self._path.open("r+b")
        try:
            _lock(file)
        except OSError as taken:
            holder = file.read(20).decode(errors="replace").strip()
            file.close()
            raise EmbeddedFault("embedded.in-use", folder=str(self._folder), pid=holder) from taken
        self._file = file
        _HELD.add(self)
        with naming(self._folder):
            file.truncate()
            file.write(str(os.getpid()).encode())
            file.flush()

    def release(self) -> None:
        _HELD.discard(self)
        file, self._file = self._file, None
        if file:
            with contextlib.suppress(OSError):  # a full disk: the text in it does not matter
                file.close()


_HELD: WeakSet[FolderLock] = WeakSet()


def _let_go_in_a_fork() -> None:
    """The lock belongs to all descriptors of the open file together: closing one of them leaves it with the others."""
    for lock in list(_HELD):
        lock.release()


if sys.platform != "win32":
    os.register_at_fork(after_in_child=_let_go_in_a_fork)


def _lock(file: BinaryIO) -> None:
    """Raises OSError where somebody else holds the lock."""
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415 - exists on Windows only

        far_beyond_the_text = 1 << 20  # a locked byte cannot be read there
        file.seek(far_beyond_the_text)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        finally:
            file.seek(0)
    else:
        import fcntl  # noqa: PLC0415 - exists on POSIX only

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
