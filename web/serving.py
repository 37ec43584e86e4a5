"""Starting the server: one process that listens, and as many that answer."""

import errno
import http.client
import os
import socket
import threading
import time
from collections.abc import Callable

from granian.constants import Interfaces, Loops
from granian.log import LogLevels
from granian.server import Server

from web.cli.faults import Complaint
from web.held_signals import hold_in_copies
from web.settings import PREFIX, Settings

WEB_ONLY = PREFIX + "WEB_ONLY"
BACKLOG = 512
STOP_SECONDS = 30
"""A process that has not ended by then is killed, such as one whose answer nobody reads. What is recorded stays."""
ASK_SECONDS = 0.05
_FAMILIES = (socket.AF_INET, socket.AF_INET6)


def run(
    settings: Settings,
    *,
    host: str,
    port: int,
    workers: int,
    web_only: bool = False,
    started: Callable[[], None] | None = None,
) -> None:
    """Serve until Ctrl-C or SIGTERM. Raises Complaint where the host is none or the port cannot be had."""
    host = resolved(host)
    require_free(host, port)
    os.environ.update(settings.as_environment())
    os.environ[WEB_ONLY] = "1" if web_only else ""
    server = Server(
        target="web.main:web_process",
        factory=True,
        interface=Interfaces.ASGI,
        loop=Loops.asyncio,
        address=host,
        port=port,
        workers=workers,
        backlog=BACKLOG,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_SECONDS,
        websockets=False,
    )
    if started:
        threading.Thread(target=_tell_when_served, args=(host, port, started), daemon=True).start()
    hold_in_copies()
    server.serve()


def _tell_when_served(host: str, port: int, started: Callable[[], None]) -> None:
    """Ask for a page until one comes: only then is anybody told that it is there."""
    while True:
        connection = http.client.HTTPConnection(host, port, timeout=5)
        try:
            connection.request("GET", "/health/live")
            if connection.getresponse().status == http.HTTPStatus.OK:
                started()
                return
        except OSError:
            time.sleep(ASK_SECONDS)
        finally:
            connection.close()


def resolved(host: str) -> str:
    """The network address of a host, that of IPv4 where it has one. Raises Complaint."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM) if host else []
    except (OSError, UnicodeError):  # UnicodeError: no name at all
        found = []
    addresses = [str(address[0]) for family, _, _, _, address in sorted(found) if family in _FAMILIES]
    if not addresses:
        raise Complaint(f"{host!r} is no address of this machine. Give one with --host, such as 127.0.0.1 or 0.0.0.0.")
    return addresses[0]


def require_free(host: str, port: int) -> None:
    """Raises Complaint naming the port and a way out."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as fault:
            raise Complaint(_why(host, port, fault)) from None


def _why(host: str, port: int, fault: OSError) -> str:
    if fault.errno == errno.EADDRINUSE:
        return f"Port {port} on {host} is taken by another program. Stop that one, or choose another with --port."
    if fault.errno == errno.EACCES:
        return f"Port {port} may only be opened by the administrator. Choose one above 1023 with --port."
    return f"{host}:{port} cannot be opened ({fault.strerror}). Choose another address with --host or --port."
