"""What tells a process of the server to end reaches it once, from the one that listens, and not before it serves.

Granian gives such a process, a copy of the one that listens, handlers of its own only when it has begun. What it is
told before is lost, and it serves on. Of two signals before it serves, or three in all, the last waits for ever, with
Python's lock. And one that ends before the one that listens has said so counts as failed (seen with Granian 2.8.7).
So a copy holds SIGINT, which Ctrl-C sends to all processes of a terminal, and takes one SIGTERM once it has begun.
"""

import asyncio
import os
import signal
from typing import Final

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)
BEGUN_SECONDS: Final = 0.2
"""After the last step of its start a process serves within milliseconds."""


def hold_in_copies() -> None:
    """From now on each copy of this process begins by holding."""
    if hasattr(os, "register_at_fork"):  # not on Windows, where no copies are made
        os.register_at_fork(after_in_child=hold)


def hold() -> None:
    """For this thread and those that it starts."""
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)


def release_when_begun() -> None:
    """The last step of a process's start, on its loop, in its main thread."""
    if hasattr(signal, "pthread_sigmask"):
        begun = asyncio.get_running_loop()
        begun.call_later(BEGUN_SECONDS, signal.pthread_sigmask, signal.SIG_UNBLOCK, (signal.SIGTERM,))
