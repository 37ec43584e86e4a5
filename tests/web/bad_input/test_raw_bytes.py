"""Bytes that no client library would send, at the server as it runs in production."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Final

import pytest

from tests.conftest import Database

START_SECONDS: Final = 60
HOST: Final = b"Host: pobratim.example.rs\r\n"
REQUESTS: Final = {
    "an unescaped byte in the path": b"GET /initiatives/\xff HTTP/1.1\r\n" + HOST,
    "an unescaped byte in the query": b"GET /sign-in?next=\xff\xfe HTTP/1.1\r\n" + HOST,
    "an unescaped byte where nobody is signed in": b"GET /initiatives?q=\xff HTTP/1.1\r\n" + HOST,
    "UTF-8 that is not escaped": "GET /sign-in?next=/š HTTP/1.1\r\n".encode() + HOST,
    "an escaped byte in the path": b"GET /initiatives/%ff%fe HTTP/1.1\r\n" + HOST,
    "an escaped surrogate": b"GET /partners/%ed%a0%80 HTTP/1.1\r\n" + HOST,
    "NUL in the path": b"GET /sign-in/link/%00 HTTP/1.1\r\n" + HOST,
    "NUL in the query": b"GET /sign-in?next=%00 HTTP/1.1\r\n" + HOST,
    "half an escape": b"GET /initiatives/% HTTP/1.1\r\n" + HOST,
    "a host that is none": b"GET /sign-in HTTP/1.1\r\nHost: [::1\r\n",
    "a host of bytes": b"GET /sign-in HTTP/1.1\r\nHost: \xff\xfe\r\n",
    "a host with a port that is none": b"GET /no-such-page HTTP/1.1\r\nHost: a:99999999\r\n",
    "an empty host": b"GET /initiatives HTTP/1.1\r\nHost:\r\n",
    "no host": b"GET /sign-in HTTP/1.1\r\n",
    "no host in HTTP/1.0": b"GET /sign-in HTTP/1.0\r\n",
    "two hosts": b"GET /sign-in HTTP/1.1\r\nHost: a\r\nHost: b\r\n",
    "a host that is none, for the feed": b"GET /api/v1/events HTTP/1.1\r\nHost: [\r\n",
    "a host that is none, with a form": b"POST /sign-in HTTP/1.1\r\nHost: [::1\r\nContent-Length: 0\r\n",
    "a cookie of bytes": b"GET /initiatives HTTP/1.1\r\n" + HOST + b"Cookie: pobratim=\xff\xfe\r\n",
    "a language of bytes": b"GET /sign-in HTTP/1.1\r\n" + HOST + b"Accept-Language: \xff\xfe\r\n",
    "a token of bytes": b"GET /api/v1/events HTTP/1.1\r\n" + HOST + b"Authorization: Bearer \xff\r\n",
    "a content type of bytes": b"POST /sign-in HTTP/1.1\r\n" + HOST + b"Content-Type: \xff\r\nContent-Length: 0\r\n",
    "an address of another site": b"GET http://evil.example/sign-in HTTP/1.1\r\n" + HOST,
    "a doubled slash": b"GET //evil.example/ HTTP/1.1\r\n" + HOST,
    "only a star": b"OPTIONS * HTTP/1.1\r\n" + HOST,
    "dots": b"GET /static/../../etc/passwd HTTP/1.1\r\n" + HOST,
    "a long address": b"GET /" + b"a" * 60_000 + b" HTTP/1.1\r\n" + HOST,
    "a long query": b"GET /sign-in?next=" + b"a" * 60_000 + b" HTTP/1.1\r\n" + HOST,
    "a length that is none": b"POST /sign-in HTTP/1.1\r\n" + HOST + b"Content-Length: -5\r\n",
    "two lengths": b"POST /sign-in HTTP/1.1\r\n" + HOST + b"Content-Length: 1\r\nContent-Length: 2\r\n",
    "a length and pieces": b"POST /sign-in HTTP/1.1\r\n"
    + HOST
    + b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n",
    "no request": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
}


@pytest.fixture(scope="module")
def port(database: Database) -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number: int = free.getsockname()[1]
    environment = os.environ | {
        "POBRATIM_DATABASE_URL": database.url,
        "POBRATIM_BASE_URL": f"http://127.0.0.1:{number}",
    }
    command = [sys.executable, "-m", "web.cli", "serve", "--port", str(number), "--workers", "1"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            end = time.monotonic() + START_SECONDS
            while _status(number, b"GET /health/live HTTP/1.1\r\n" + HOST) != 200:
                assert time.monotonic() < end, "the server did not start"
                time.sleep(0.1)
            yield number
        finally:
            server.terminate()
            server.wait(20)


@pytest.mark.parametrize("what", REQUESTS)
def test_the_server_answers_bytes_with_a_refusal_or_hangs_up(port: int, what: str) -> None:
    status = _status(port, REQUESTS[what])
    assert status is None or 200 <= status < 500, status
    assert _status(port, b"GET /health/live HTTP/1.1\r\n" + HOST) == 200


def _status(port: int, request: bytes) -> int | None:
    """What the first line of the answer says, None where the connection was closed without one, or more is awaited."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=3) as connection:
            connection.sendall(request + b"Connection: close\r\n\r\n")
            first = connection.makefile("rb").readline()
    except OSError:
        return None
    return int(first.split()[1]) if first.startswith(b"HTTP/") else None
