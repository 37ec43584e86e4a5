"""Receivers of deliveries on real sockets, which take them, refuse them, or misbehave."""

import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

DRIP_SECONDS = 0.02


@dataclass(frozen=True)
class Received:
    """One delivery as it came in."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def position(self) -> int:
        """0 for a test delivery."""
        id_ = msgspec.json.decode(self.body)["id"]
        return int(id_) if id_.isdigit() else 0

    @property
    def stream(self) -> str:
        return msgspec.json.decode(self.body)["data"].get("stream", "")


@dataclass(frozen=True)
class Reply:
    """`drip` sends it byte by byte, from the headers on or from the body on; `never` sends nothing."""

    status: int = 204
    headers: dict[str, str] = field(default_factory=dict[str, str])
    body: bytes = b""
    drip: str = ""
    never: bool = False


@dataclass
class Receiver:
    answer: Callable[[Received], Reply] = lambda _received: Reply()
    arrived: list[Received] = field(default_factory=list[Received])
    hosts: list[str] = field(default_factory=list[str])
    """Names that the other side asked for by SNI."""
    port: int = 0
    secured: bool = False
    ended: threading.Event = field(default_factory=threading.Event)

    @property
    def address(self) -> str:
        return f"{'https' if self.secured else 'http'}://localhost:{self.port}/hook"

    @property
    def positions(self) -> list[int]:
        return [one.position for one in self.arrived]

    def wait(self, enough: Callable[[], bool], seconds: float = 30) -> None:
        """Until it is so; AssertionError where it does not come to it."""
        deadline = time.monotonic() + seconds
        while not enough():
            assert time.monotonic() < deadline, f"{len(self.arrived)} arrived"
            time.sleep(0.02)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: "_Server"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if len(body) < int(self.headers["Content-Length"]):  # its sender was killed
            self.close_connection = True
            return
        received = Received(self.path, {name.lower(): value for name, value in self.headers.items()}, body)
        receiver = self.server.receiver
        reply = receiver.answer(received)
        receiver.arrived.append(received)
        if reply.never:
            receiver.ended.wait()
            self.close_connection = True
            return
        head = f"HTTP/1.1 {reply.status} So\r\n"
        headers = {**reply.headers, "Content-Length": str(len(reply.body))}
        head += "".join(f"{name}: {value}\r\n" for name, value in headers.items()) + "\r\n"
        self._send(head.encode(), slowly=reply.drip == "headers")
        self._send(reply.body, slowly=bool(reply.drip))

    def _send(self, content: bytes, *, slowly: bool) -> None:
        try:
            if not slowly:
                self.wfile.write(content)
                return
            for byte in content:
                if self.server.receiver.ended.wait(DRIP_SECONDS):
                    return
                self.wfile.write(bytes([byte]))
        except OSError:
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, receiver: Receiver, host: str) -> None:
        self.receiver = receiver
        super().__init__((host, 0), _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """Whoever hangs up, or does not like the certificate, is no matter of the test's output."""


@contextmanager
def receiver(
    answer: Callable[[Received], Reply] = lambda _received: Reply(), tls: ssl.SSLContext | None = None
) -> Iterator[Receiver]:
    made = Receiver(answer, secured=tls is not None)
    server = _Server(made, "127.0.0.1")
    if tls is not None:

        def asked_for(_socket: object, name: str | None, _context: object) -> None:
            made.hosts.append(name or "")

        tls.sni_callback = asked_for
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    made.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        made.ended.set()
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass(frozen=True)
class Authority:
    """Signs one certificate for a name, and is trusted by whoever is given `trusted`."""

    served: ssl.SSLContext
    trusted: ssl.SSLContext


def authority(folder: Path, name: str) -> Authority:
    """With the address 127.0.0.1 in no certificate: only the name holds."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / f"{name}.pem"
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(private + certificate.public_bytes(pem))
    served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    served.load_cert_chain(file)
    trusted = ssl.create_default_context(cadata=certificate.public_bytes(pem).decode())
    return Authority(served, trusted)
