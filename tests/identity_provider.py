"""An identity provider on a real socket: it publishes what it is told to, and signs whatever a test wants signed."""

import contextlib
import json
import threading
import time
from base64 import urlsafe_b64encode
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

AUDIENCE: Final = "https://pobratim.example.rs"
DISCOVERY: Final = "/.well-known/openid-configuration"
KEYS: Final = "/keys"
LASTS: Final = 300
Private = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey
Json = Mapping[str, Any]
_HASHES: Final = {"256": hashes.SHA256(), "384": hashes.SHA384(), "512": hashes.SHA512()}


@dataclass
class Answer:
    body: bytes = b"{}"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict[str, str])
    drip: float = 0.0
    """Seconds before each byte."""


@dataclass
class IdentityProvider:
    """`published` are its keys as JWK; `answers` replaces what stands at a path."""

    port: int = 0
    published: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    answers: dict[str, Callable[[], Answer]] = field(default_factory=dict[str, Callable[[], Answer]])
    asked: Counter[str] = field(default_factory=Counter[str])
    ended: threading.Event = field(default_factory=threading.Event)

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.port}/realms/towns"

    def answer(self, path: str) -> Answer:
        path = path.removeprefix("/realms/towns")
        self.asked[path] += 1
        if path in self.answers:
            return self.answers[path]()
        if path == DISCOVERY:
            return json_answer({"issuer": self.issuer, "jwks_uri": self.issuer + KEYS, "token_endpoint": "…"})
        return json_answer({"keys": self.published}) if path == KEYS else Answer(status=404)

    def claims(self, now: float, **more: Any) -> dict[str, Any]:
        """As RFC 9068 has them. What is None is left out."""
        found = {
            "iss": self.issuer,
            "aud": AUDIENCE,
            "sub": "portal",
            "client_id": "portal",
            "iat": int(now),
            "exp": int(now) + LASTS,
            "jti": "1",
            **more,
        }
        return {name: value for name, value in found.items() if value is not None}

    def token(self, now: float, key: Private | None = None, header: Json | None = None, **claims: Any) -> str:
        """With the key `first`, unless told otherwise."""
        return jws({"alg": "RS256", "kid": "first", "typ": "at+jwt", **(header or {})}, self.claims(now, **claims), key)


def jws(header: Json, payload: Json | bytes, key: Private | None = None) -> str:
    """A compact JWS, made without the library that reads it. Header parameters that are None are left out."""
    head = {name: value for name, value in header.items() if value is not None}
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    signed = f"{b64(json.dumps(head).encode())}.{b64(body)}"
    return f"{signed}.{b64(signature(key or rsa_key(), str(header['alg']), signed.encode()))}"


def signature(key: Private, algorithm: str, signed: bytes) -> bytes:
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return key.sign(signed)
    used = _HASHES.get(algorithm[2:], hashes.SHA256())
    if isinstance(key, ec.EllipticCurvePrivateKey):
        r, s = decode_dss_signature(key.sign(signed, ec.ECDSA(used)))
        size = (key.key_size + 7) // 8
        return r.to_bytes(size, "big") + s.to_bytes(size, "big")
    if algorithm.startswith("PS"):
        return key.sign(signed, padding.PSS(padding.MGF1(used), used.digest_size), used)
    return key.sign(signed, padding.PKCS1v15(), used)


def jwk(key: Private, kid: str | None = "first", **more: Any) -> dict[str, Any]:
    """The public half, as it is published."""
    return {**_public(key), **({"kid": kid} if kid else {}), "use": "sig", **more}


def _public(key: Private) -> dict[str, Any]:
    if isinstance(key, rsa.RSAPrivateKey):
        numbers = key.public_key().public_numbers()
        return {"kty": "RSA", "n": number(numbers.n), "e": number(numbers.e)}
    if isinstance(key, ec.EllipticCurvePrivateKey):
        point, size = key.public_key().public_numbers(), (key.key_size + 7) // 8
        curve = {"secp256r1": "P-256", "secp384r1": "P-384", "secp521r1": "P-521"}.get(key.curve.name, key.curve.name)
        return {"kty": "EC", "crv": curve, "x": number(point.x, size), "y": number(point.y, size)}
    return {"kty": "OKP", "crv": "Ed25519", "x": b64(key.public_key().public_bytes_raw())}


@cache
def rsa_key(bits: int = 2048, number: int = 0) -> rsa.RSAPrivateKey:
    """The same one for the same number; making it takes a while."""
    return rsa.generate_private_key(65537, bits)


def number(value: int, size: int = 0) -> str:
    return b64(value.to_bytes(size or (value.bit_length() + 7) // 8, "big"))


def b64(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def json_answer(value: Any) -> Answer:
    return Answer(json.dumps(value).encode(), headers={"Content-Type": "application/json"})


@contextmanager
def identity_provider() -> Iterator[IdentityProvider]:
    """With one RSA key, `first`."""
    provider = IdentityProvider(published=[jwk(rsa_key())])

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer = provider.answer(self.path)
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            with contextlib.suppress(OSError):  # who asked has left
                self._send(answer)

        def _send(self, answer: Answer) -> None:
            if not answer.drip:
                self.wfile.write(answer.body)
                return
            for at in range(len(answer.body)):
                if provider.ended.wait(answer.drip):
                    return
                self.wfile.write(answer.body[at : at + 1])

        def log_message(self, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = False
        provider.port = server.server_port
        serving = threading.Thread(target=server.serve_forever, args=(0.02,))
        serving.start()
        try:
            yield provider
        finally:
            provider.ended.set()
            server.shutdown()
            serving.join()


def until(so: Callable[[], bool], seconds: float = 20) -> None:
    """Waits until it is so. AssertionError where it does not come to it."""
    deadline = time.monotonic() + seconds
    while not so():
        assert time.monotonic() < deadline
        time.sleep(0.01)
