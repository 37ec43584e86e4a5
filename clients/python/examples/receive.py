"""Takes webhooks into the mirror: POBRATIM_WEBHOOK_SECRET=whsec_… python receive.py register.sqlite --port 8001

Let the subscription begin behind the cursor of the mirror (`--after 0` for a new one) and without a filter. HTTPS is
the matter of a proxy before it. A rehearsal is answered with what is held: rehearse with a database of its own.
"""

import argparse
import json
import os
import sqlite3
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

from mirror import Mirror
from pobratim_client import ClientError, Delivery, WebhookRefused, Webhooks

MOST_BYTES: Final = 1 << 20
"""Of a body. No event is as long as that."""
PATIENCE: Final = 30.0
"""Seconds that a connection may be silent."""


class Receiver(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, host: str, port: int, database: str, secrets: list[str]) -> None:
        """Raises WebhookRefused for a secret that is none; sqlite3.Error; OSError."""
        self.webhooks = Webhooks(secrets, once=False)  # the mirror passes by what it has
        self.database = database
        Mirror(database).close()  # its tables are made by one
        super().__init__((host, port), Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        print(f"receive: a connection broke off: {sys.exc_info()[1]}", file=sys.stderr, flush=True)


class Handler(BaseHTTPRequestHandler):
    """One connection, in a thread of its own."""

    protocol_version = "HTTP/1.1"
    timeout = PATIENCE
    disable_nagle_algorithm = True
    server: Receiver  # pyright: ignore[reportIncompatibleVariableOverride] - whoever made it

    def setup(self) -> None:
        super().setup()
        self._mirror = Mirror(self.server.database)

    def finish(self) -> None:
        self._mirror.close()
        super().finish()

    def do_POST(self) -> None:
        length = self.headers.get("content-length", "")
        if not (length.isascii() and length.isdigit()) or int(length[:12]) > MOST_BYTES:
            self.close_connection = True
            self._answer(413 if length.isdigit() else 411)
            return
        body = self.rfile.read(int(length))
        if len(body) < int(length):  # the other side is gone
            self.close_connection = True
            return
        try:
            delivery = self.server.webhooks.verified(dict(self.headers), body)
            self._answer(*self._taken(delivery))
        except WebhookRefused as fault:
            self._answer(401, str(fault).encode())
        except (ClientError, sqlite3.Error) as fault:  # it comes again, and what follows of its case waits
            print(f"receive: {fault}", file=sys.stderr, flush=True)
            self._answer(500, str(fault).encode())

    def _taken(self, delivery: Delivery) -> tuple[int, bytes]:
        """The answer, once everything is on the disk."""
        if delivery.asked is not None:
            return 200, json.dumps(self._mirror.held(delivery.asked)).encode()
        self._mirror.deliver(delivery.events)
        return 204, b""

    def _answer(self, status: int, body: bytes = b"") -> None:
        self.send_response(status)
        if body or status >= 400:  # noqa: PLR2004 - 204 has no length
            self.send_header("content-length", str(len(body)))
        if self.close_connection:
            self.send_header("connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Nothing of a request."""


def main() -> None:
    asked = argparse.ArgumentParser(description="Takes webhooks into the mirror.")
    asked.add_argument("database")
    asked.add_argument("--host", default="127.0.0.1")
    asked.add_argument("--port", type=int, default=8001)
    wish, secrets = asked.parse_args(), os.environ.get("POBRATIM_WEBHOOK_SECRET", "").split()
    try:
        with Receiver(wish.host, wish.port, wish.database, secrets) as receiver:
            print(f"http://{wish.host}:{receiver.server_port}", flush=True)
            receiver.serve_forever()
    except (ClientError, sqlite3.Error, OSError) as fault:
        sys.exit(f"receive: {fault}")
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
