"""One delivery over HTTP: to an address that was looked at, within limits of time and size.

A name is resolved once for each connection; all its addresses are checked, and the connection goes to exactly one of
them, with the name in SNI, in the check of the certificate, and in `Host`. No redirect is followed, and no proxy of the
environment is asked.
"""

import contextlib
import ssl
import threading
import time
from collections.abc import Iterable, Sequence
from email.utils import parsedate_to_datetime
from typing import Any, Final

import httpcore

from adapters.delivery.guard import AddressRefused, Policy, Resolve, by_system
from application.ports import Clock
from application.subscriptions_address import Address
from application.subscriptions_ports import Answer

SECONDS: Final = 15.0
"""For all of one delivery: the lookup, the connection, the request and the answer."""
BODY_SECONDS: Final = 2.0
"""For the body of an answer whose status is known."""
MOST_SAID: Final = 2_048
"""Bytes of an answer's body that are read; what is beyond them is left, and the connection closed."""
KEPT_SECONDS: Final = 20.0
"""So long an open connection waits for the next delivery."""
_AGENT: Final = b"Pobratim"


class _Deadline(threading.local):
    """Of the delivery that this thread makes."""

    at: float = 0.0

    def left(self) -> float:
        """Raises TimeoutError where nothing is left."""
        left = self.at - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


class _Stream(httpcore.NetworkStream):
    """Each step waits no longer than what is left of the whole."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: _Deadline) -> None:
        self._stream, self._deadline = stream, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.left())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        made = self._stream.start_tls(ssl_context, server_hostname, self._deadline.left())
        return _Stream(made, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class _Network(httpcore.NetworkBackend):
    def __init__(self, policy: Policy, resolve: Resolve, deadline: _Deadline) -> None:
        self._policy, self._resolve, self._deadline = policy, resolve, deadline
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Raises AddressRefused, OSError, httpcore's faults."""
        fault: Exception = OSError("the name has no address")
        for address in self._policy.chosen(host, port, self._resolve):
            try:
                stream = self._plain.connect_tcp(address, port, self._deadline.left(), None, socket_options)
                return _Stream(stream, self._deadline)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as unreached:
                fault = unreached
        raise fault


class Sender:
    """Deliveries to one address. Threads may send at the same time, each over a connection of its own."""

    def __init__(
        self,
        address: Address,
        policy: Policy,
        clock: Clock,
        *,
        connections: int = 4,
        seconds: float = SECONDS,
        resolve: Resolve = by_system,
        trusted: ssl.SSLContext | None = None,
    ) -> None:
        """`trusted` says which certificates hold; those of the system where nothing is given."""
        self._deadline, self._seconds, self._clock = _Deadline(), seconds, clock
        scheme = b"https" if address.secured else b"http"
        self._url = httpcore.URL(
            scheme=scheme, host=address.host.encode(), port=address.port, target=address.target.encode()
        )
        self._headers = [
            (b"Host", address.authority.encode()),
            (b"User-Agent", _AGENT),
            (b"Accept", b"*/*"),
        ]
        self._pool = httpcore.ConnectionPool(
            ssl_context=trusted or ssl.create_default_context(),
            max_connections=connections,
            keepalive_expiry=KEPT_SECONDS,
            network_backend=_Network(policy, resolve, self._deadline),
        )

    def send(self, body: bytes, headers: Sequence[tuple[str, str]], media_type: str) -> Answer:
        """One attempt. It ends within the limits, whatever the receiver does."""
        began = time.monotonic()
        self._deadline.at = began + self._seconds
        answer = self._sent(body, headers, media_type)
        spent = int((time.monotonic() - began) * 1000)
        return Answer(
            status=answer.status,
            fault=answer.fault,
            said=answer.said,
            retry_after=answer.retry_after,
            milliseconds=spent,
        )

    def close(self) -> None:
        self._pool.close()

    def _sent(self, body: bytes, headers: Sequence[tuple[str, str]], media_type: str) -> Answer:
        given = [*self._headers, (b"Content-Type", media_type.encode()), (b"Content-Length", b"%d" % len(body))]
        given += [(name.encode(), value.encode()) for name, value in headers]
        request = httpcore.Request(
            b"POST", self._url, headers=given, content=body, extensions={"timeout": {"pool": self._seconds}}
        )
        try:
            response = self._pool.handle_request(request)
        except AddressRefused as fault:
            return Answer(fault=f"address-refused: {fault}")
        except (TimeoutError, httpcore.TimeoutException):
            return Answer(fault="time-over")
        except (httpcore.ConnectError, httpcore.NetworkError, httpcore.ProtocolError, OSError, ValueError) as fault:
            return Answer(fault=_words(fault))
        try:
            said = self._said(response)
        finally:
            with contextlib.suppress(Exception):
                response.close()
        wish = next((value for name, value in response.headers if name.lower() == b"retry-after"), b"")
        return Answer(status=response.status, said=said, retry_after=_seconds(wish, self._clock))

    def _said(self, response: httpcore.Response) -> str:
        """The first words; where they do not come in time, those that did."""
        self._deadline.at = min(self._deadline.at, time.monotonic() + BODY_SECONDS)
        found = bytearray()
        with contextlib.suppress(OSError, httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError):
            for part in response.iter_stream():
                found += part
                if len(found) >= MOST_SAID:
                    break
        return printable(bytes(found[:MOST_SAID]))


def printable(said: bytes) -> str:
    """What can be shown and kept; everything else as a question mark."""
    text = said.decode(errors="replace")
    return "".join(sign if sign.isprintable() or sign in "\n\t" else "?" for sign in text).strip()


def _seconds(wish: bytes, clock: Clock) -> int | None:
    """Of a `Retry-After`: seconds, or a moment. None where it is neither."""
    text = wish.decode("ascii", errors="replace").strip()
    if text.isascii() and text.isdigit():
        return int(text[:9])
    try:
        return max(0, int((parsedate_to_datetime(text) - clock()).total_seconds())) if text else None
    except (ValueError, TypeError):
        return None


def _words(fault: Exception) -> str:
    """A certificate that does not hold is told apart from a receiver that is away."""
    said = " ".join(str(fault).split())[:300] or type(fault).__name__
    cause = fault.__cause__ or fault.__context__
    if isinstance(cause, ssl.SSLError) or "CERTIFICATE" in said:
        return f"certificate: {said}"
    return f"connection: {said}"
