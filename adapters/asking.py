"""One question by HTTP to a server that is set by the operator, with an end to how long and how much it answers."""

import contextlib
import http.client
import socket
import ssl
import threading
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

LONGEST_REASON: Final = 200


class Unanswered(Exception):
    """With the reason, in one line."""


def ask(
    url: str, method: str, body: bytes | None, headers: Mapping[str, str], *, seconds: float, most: int
) -> tuple[int, bytes]:
    """Status and body, of which one byte more than `most` is read. Redirections are not followed.

    `seconds` to connect, and then to the last byte. Raises Unanswered.
    """
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port
    if parts.scheme == "https":
        asking = http.client.HTTPSConnection(host, port, timeout=seconds, context=ssl.create_default_context())
    else:
        asking = http.client.HTTPConnection(host, port, timeout=seconds)
    late = threading.Event()
    ending: threading.Timer | None = None
    try:
        asking.connect()
        ending = threading.Timer(seconds, _end, [asking.sock, late])
        ending.daemon = True
        ending.start()
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        asking.request(method, target, body, dict(headers))
        with asking.getresponse() as answer:  # which holds the socket open, also beside a closed connection
            said = answer.read(most + 1)
    except (OSError, http.client.HTTPException, ValueError) as fault:
        over = isinstance(fault, TimeoutError) or late.is_set()
        raise Unanswered("it takes too long" if over else line(str(fault) or type(fault).__name__)) from fault
    finally:
        if ending:
            ending.cancel()
        asking.close()
    if late.is_set():
        raise Unanswered("it takes too long")
    return answer.status, said


def line(text: str) -> str:
    """What a stranger says, fit for one line of a log."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:LONGEST_REASON]


def _end(sock: socket.socket, late: threading.Event) -> None:
    """Time is up: whoever waits for the socket, also byte by byte, waits no longer."""
    late.set()
    with contextlib.suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)
