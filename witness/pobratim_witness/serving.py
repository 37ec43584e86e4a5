"""The HTTP of a witness: `POST /add-checkpoint`, in plain HTTP for a web server before it."""

import contextlib
import socket
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast

from pobratim_witness.answering import LONGEST_REQUEST, Answer, Witness

MOST_AT_ONCE = 32
"""Requests; others wait to be accepted."""
SILENT_SECONDS = 10
"""How long a client may say nothing."""
LONGEST_SECONDS = 60
"""How long a connection lives, however many requests it brings, so that nobody keeps a place byte by byte."""


class Server(ThreadingHTTPServer):
    daemon_threads = False  # so that whoever is being answered gets the answer

    def __init__(self, host: str, port: int, witness: Witness) -> None:
        """Raises OSError."""
        self.witness = witness
        self._places = threading.Semaphore(MOST_AT_ONCE)
        super().__init__((host, port), _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._places.acquire()
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        ending = threading.Timer(LONGEST_SECONDS, _end, [request])
        ending.daemon = True
        ending.start()
        try:
            super().process_request_thread(request, client_address)
        finally:
            ending.cancel()
            self._places.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no fault of ours; of others one line is enough."""
        fault = sys.exception() if sys.version_info >= (3, 12) else sys.exc_info()[1]
        if not isinstance(fault, (ConnectionError, TimeoutError)):
            print(f"a request failed: {type(fault).__name__}: {fault}", file=sys.stderr, flush=True)


def _end(request: socket.socket) -> None:
    with contextlib.suppress(OSError):  # it is over already
        request.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "pobratim-witness"
    sys_version = ""
    timeout = SILENT_SECONDS

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if self.path != "/add-checkpoint":
            self._refuse(404, "ask for /add-checkpoint")
        elif not length.isascii() or not length.isdigit() or "Transfer-Encoding" in self.headers:
            self._refuse(411, "say the length of the request")
        elif len(length) > 9 or int(length) > LONGEST_REQUEST:  # noqa: PLR2004 - digits, before they are read
            self._refuse(413, f"a request has no more than {LONGEST_REQUEST} bytes")
        else:
            body = self.rfile.read(int(length))
            if len(body) < int(length):
                self.close_connection = True
            else:
                self._send(cast("Server", self.server).witness.add_checkpoint(body))

    def do_GET(self) -> None:
        self._refuse(404, "this is a witness of transparency logs: POST /add-checkpoint")

    def _refuse(self, status: int, said: str) -> None:
        """What was not read of the request would be taken for the next one, so the connection ends."""
        self.close_connection = True
        self._send(Answer(status, said + "\n"))

    def _send(self, answer: Answer) -> None:
        body = answer.body.encode()
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.kind)
        self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)
        print(f"{answer.status} {answer.said or answer.body.strip()}", file=sys.stderr, flush=True)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as the base class calls it
        """Said in `_send`, without what a client may write."""
