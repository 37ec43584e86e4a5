"""The subscriber of the demo: a receiver on this machine, with a subscription that its technician looks after."""

import threading
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final
from urllib.parse import urlsplit
from uuid import uuid4

from msgspec.structs import replace

from application.access import OPERATOR, Role
from application.reading import NotFound
from application.subscriptions import KeepingSubscriptions, Wish
from domain.kernel import AccountId, CommandKey
from domain.subscriptions.events import Signing
from domain.subscriptions.subscription import Filter, Subscription
from web.main import Installation

CODE: Final = "portal-leskovac"
NAME: Final = "Portal grada Leskovca"
TOWN: Final = "leskovac"
LARGEST: Final = 2_000_000
FALTERS: Final = 6
"""Of so many events one is not taken at first, so that an answer that is no good can be seen."""
SAID: Final = "Baza portala se upravo pokreće."
_KEEPER: Final = replace(OPERATOR, role=Role.ADMINISTRATOR)


class Receiver(ThreadingHTTPServer):
    """Takes events and forgets them. It proves no signature: a real one does, see docs/webhooks.md."""

    daemon_threads = True

    def __init__(self, port: int) -> None:
        self.refused = set[str]()
        super().__init__(("127.0.0.1", port), _Handler)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/pobratim"


class _Handler(BaseHTTPRequestHandler):
    server: Receiver  # pyright: ignore[reportIncompatibleVariableOverride]
    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_POST(self) -> None:
        length = self.headers.get("content-length", "")
        if not length.isdecimal() or int(length) > LARGEST:
            self.send_error(413)
            return
        self.rfile.read(int(length))
        message = self.headers.get("webhook-id", "")
        position = message.rpartition("_")[2]
        falters = position.isdecimal() and int(position) % FALTERS == 0 and message not in self.server.refused
        said = SAID.encode() if falters else b""
        if falters:
            self.server.refused.add(message)
        self.send_response(500 if falters else 204)
        self.send_header("content-length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """The terminal of the demo is for what it says itself."""


@contextmanager
def subscriber(made: Installation, technician: AccountId) -> Generator[None]:
    """The receiver listens while this lasts. Its subscription is made once, and follows where the port has changed."""
    state = _known(made)
    server = _listening(urlsplit(state.address).port or 0 if state else 0)
    thread = threading.Thread(target=server.serve_forever, name="demo-subscriber", daemon=True)
    thread.start()
    try:
        _subscribe(made.keeping_subscriptions, state, server.address, technician)
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _subscribe(keeping: KeepingSubscriptions, state: Subscription | None, address: str, technician: AccountId) -> None:
    if state is None:
        wish = Wish(name=NAME, address=address, keeper=technician, filter=Filter(local_governments=(TOWN,)))
        keeping.create(_KEEPER, _key(), CODE, wish, Signing.HMAC, 0)
        keeping.test(_KEEPER, CODE)
        keeping.resume(_KEEPER, CODE, _key())
    elif state.address != address:
        wish = Wish(name=state.name, address=address, keeper=state.keeper, filter=state.filter)
        keeping.change(_KEEPER, CODE, _key(), wish)


def _known(made: Installation) -> Subscription | None:
    try:
        return made.keeping_subscriptions.one(_KEEPER, CODE)
    except NotFound:
        return None


def _listening(port: int) -> Receiver:
    """At the port of last time, or where another program has it at any."""
    try:
        return Receiver(port)
    except OSError:
        return Receiver(0)


def _key() -> CommandKey:
    return CommandKey(uuid4())
