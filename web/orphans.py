"""No worker of the server outlives the process that started it: it would go on holding the port."""

import ctypes
import multiprocessing
import os
import signal
import sys
import threading
from multiprocessing.process import BaseProcess
from typing import Any, Final

_PR_SET_PDEATHSIG: Final = 1
"""prctl(2): the signal that a process gets when its parent dies."""
_ORPHANED: Final = 70
"""Exit code that nobody is left to read."""


def end_with_parent() -> None:
    """End this process when its parent does, also where that one was killed. Whatever was recorded is in the database
    already, so nothing is waited for. A process that no other one of ours started stays as it is."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return
    if not _ended_by_the_kernel(parent):
        threading.Thread(target=_end_after, args=(parent,), name="parent", daemon=True).start()


def _ended_by_the_kernel(parent: BaseProcess) -> bool:
    """Linux does it at once, even where this process is stuck. False where that cannot be had."""
    if sys.platform != "linux":
        return False
    try:
        done: Any = ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
    except (OSError, AttributeError):  # no libc that can be asked
        return False
    if done == 0 and os.getppid() != parent.pid:  # it died before we had asked
        os._exit(_ORPHANED)
    return done == 0


def _end_after(parent: BaseProcess) -> None:
    """Everywhere else, Windows included, where a process keeps the number of its dead parent."""
    parent.join()
    os._exit(_ORPHANED)
