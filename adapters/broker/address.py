"""Where a NATS server is, and who asks: read from an address and files, with no secret in what is shown of it."""

import ssl
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, unquote, urlsplit

import msgspec
import nkeys  # pyright: ignore[reportMissingTypeStubs] - it has none

from adapters.broker.faults import BrokerFault

PORT: Final = 4222
_MARKS: Final = ("BEGIN NATS USER JWT", "BEGIN USER NKEY SEED")


class Address(msgspec.Struct, frozen=True):
    servers: tuple[str, ...]
    """Without names and passwords."""
    secure: bool
    """Whether nothing may be sent without TLS."""
    user: str | None = None
    password: str | None = None
    token: str | None = None

    @property
    def shown(self) -> str:
        return ", ".join(self.servers)


def read_address(text: str, origin: str) -> Address:
    """One server or several of a cluster, with commas. Raises BrokerFault, which repeats nothing of it."""
    try:
        parts = [urlsplit(one.strip()) for one in text.split(",")]
        if not all(_is_server(one) for one in parts) or len({one.scheme for one in parts}) > 1:
            raise ValueError(text)
        servers = tuple(f"{one.scheme}://{_host(one)}:{one.port or PORT}" for one in parts)
    except ValueError:
        raise BrokerFault("broker.no-address", origin=origin) from None
    secure = parts[0].scheme == "tls"
    named = next((one for one in parts if one.username), None)
    if named is None or named.username is None:
        return Address(servers, secure)
    if named.password is None:
        return Address(servers, secure, token=unquote(named.username))
    return Address(servers, secure, unquote(named.username), unquote(named.password))


def _is_server(one: SplitResult) -> bool:
    """Raises ValueError for a port that is none."""
    bare = one.path in ("", "/") and not one.query and not one.fragment
    return bare and one.scheme in ("nats", "tls") and bool(one.hostname) and one.port != 0


def _host(one: SplitResult) -> str:
    return f"[{one.hostname}]" if ":" in (one.hostname or "") else one.hostname or ""


def trusting(ca: Path | None) -> ssl.SSLContext:
    """Raises BrokerFault."""
    try:
        return ssl.create_default_context(cafile=ca)
    except (OSError, ValueError) as fault:
        reason = getattr(fault, "strerror", None) or str(fault)
        what = "a file of certificates in PEM"
        raise BrokerFault("broker.file-unusable", file=str(ca), reason=reason, what=what) from None


def require_credentials(file: Path) -> None:
    """The client reads one without its marks for ever. Raises BrokerFault."""
    what = "a .creds file of NATS, with a user's JWT and seed"
    try:
        lines = file.read_text("utf-8").splitlines()
        for mark in _MARKS:
            place = next(number for number, line in enumerate(lines) if mark in line)
            value = lines[place + 1].strip()
            if "SEED" in mark:
                nkeys.from_seed(bytearray(value.encode())).wipe()  # pyright: ignore[reportUnknownMemberType] - untyped
    except OSError as fault:
        raise BrokerFault("broker.file-unusable", file=str(file), reason=fault.strerror or "", what=what) from None
    except Exception:
        raise BrokerFault("broker.file-unusable", file=str(file), reason="no credentials in it", what=what) from None
