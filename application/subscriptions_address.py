"""Where deliveries may go, as far as the address itself tells. What it leads to is looked at with each connection."""

from typing import Final
from urllib.parse import quote, urlsplit

import msgspec

from domain.kernel import Refusal, Refused

LONGEST: Final = 500
_LEAST_FREE_PORT: Final = 1024
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})


class Address(msgspec.Struct, frozen=True):
    """The parts of an address."""

    secured: bool
    host: str
    """As DNS has it: letters beyond ASCII are in punycode."""
    port: int
    target: str
    """Path, percent-encoded."""

    @property
    def authority(self) -> str:
        """As the header `Host` has it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.secured else 80) else f"{host}:{self.port}"


def read_address(typed: str, *, loopback: bool = False) -> Address:
    """Raises Refused where nothing may be delivered there. `loopback` allows plain HTTP to this machine.

    A query is refused, as are a name and a password: the address stands in the log, where nothing secret may stand, and
    the signature tells the receiver who sends.
    """
    shown: dict[str, str | int] = {"typed": typed[:LONGEST]}
    if len(typed) > LONGEST:
        raise Refused(Refusal("form.too-long", {"most": LONGEST, "length": len(typed)}, "address"))
    try:
        parts = urlsplit(typed)
        port, host = parts.port, _host(parts.hostname or "")
    except ValueError:
        raise Refused(Refusal("subscription.address", shown, "address")) from None
    if not host or not typed.isprintable() or " " in typed or parts.scheme not in ("https", "http"):
        raise Refused(Refusal("subscription.address", shown, "address"))
    if "?" in typed or "#" in typed or "@" in parts.netloc:
        raise Refused(Refusal("subscription.address-parts", shown, "address"))
    secured = parts.scheme == "https"
    if not secured and not (loopback and host in _LOOPBACK):
        raise Refused(Refusal("subscription.address-https", shown, "address"))
    port = (443 if secured else 80) if port is None else port
    if secured and port != 443 and port < _LEAST_FREE_PORT:  # noqa: PLR2004 - the port of HTTPS
        raise Refused(Refusal("subscription.address-port", {"port": str(port)}, "address"))
    return Address(secured, host, port, quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._"))


def _host(typed: str) -> str:
    """Raises ValueError (UnicodeError is one) for a name that cannot be one."""
    if ":" in typed:
        if "%" in typed:
            raise ValueError("a zone of this machine")
        return typed
    host = typed.encode("idna").decode().lower().rstrip(".")
    if not all(part and all(sign.isalnum() or sign in "-_" for sign in part) for part in host.split(".")):
        raise ValueError(typed)
    return host
