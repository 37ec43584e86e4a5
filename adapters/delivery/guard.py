"""Which addresses of the network deliveries may reach: public ones, and nothing behind our own walls."""

import ipaddress
import socket
from collections.abc import Callable, Sequence
from typing import Final

import msgspec

IP = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Sequence[str]]
"""All addresses of a name, in the order in which they are to be tried. Raises OSError."""
REFUSED: Final[tuple[tuple[str, str], ...]] = (
    ("0.0.0.0/8", "unspecified"),
    ("10.0.0.0/8", "private"),
    ("100.64.0.0/10", "shared by a provider's customers"),
    ("127.0.0.0/8", "loopback"),
    ("169.254.0.0/16", "link-local"),
    ("172.16.0.0/12", "private"),
    ("192.0.0.0/24", "for protocols"),
    ("192.0.2.0/24", "for documentation"),
    ("192.88.99.0/24", "6to4 relay"),
    ("192.168.0.0/16", "private"),
    ("198.18.0.0/15", "for measurements"),
    ("198.51.100.0/24", "for documentation"),
    ("203.0.113.0/24", "for documentation"),
    ("224.0.0.0/4", "multicast"),
    ("240.0.0.0/4", "reserved"),
    ("::/128", "unspecified"),
    ("::1/128", "loopback"),
    ("::ffff:0:0/96", "mapped"),
    ("64:ff9b::/96", "NAT64"),
    ("64:ff9b:1::/48", "local NAT64"),
    ("100::/64", "discarded"),
    ("2001::/32", "Teredo"),
    ("2001::/23", "for protocols"),
    ("2001:db8::/32", "for documentation"),
    ("2002::/16", "6to4"),
    ("3fff::/20", "for documentation"),
    ("5f00::/16", "segment routing"),
    ("fc00::/7", "unique local"),
    ("fe80::/10", "link-local"),
    ("fec0::/10", "site-local"),
    ("ff00::/8", "multicast"),
)
"""The registries of special addresses of IANA, as far as nobody else can be reached there."""
_NETWORKS: Final = [(ipaddress.ip_network(network), why) for network, why in REFUSED]
_PUBLIC_V6: Final = ipaddress.ip_network("2000::/3")


class AddressRefused(Exception):
    """The message says which address, and why."""


class Policy(msgspec.Struct, frozen=True):
    """`loopback` lets this machine itself be reached: in the demo, and in tests."""

    loopback: bool = False

    def why_refused(self, address: IP) -> str:
        """Empty where a delivery may go there."""
        if self.loopback and address.is_loopback:
            return ""
        for network, why in _NETWORKS:
            if address.version == network.version and address in network:
                return why
        if isinstance(address, ipaddress.IPv6Address) and address not in _PUBLIC_V6:
            return "not public"
        return "" if address.is_global else "not public"

    def chosen(self, host: str, port: int, resolve: Resolve) -> Sequence[str]:
        """The addresses of a host, looked up once; they are to be connected to as they are.

        Raises AddressRefused where one of them may not be reached, whatever the others are; OSError.
        """
        found = [host] if _is_address(host) else resolve(host, port)
        if not found:
            raise OSError("the name has no address")
        for text in found:
            try:
                address = ipaddress.ip_address(text)
            except ValueError:  # with a zone of this machine
                raise AddressRefused(f"{text}: link-local") from None
            if why := self.why_refused(address):
                raise AddressRefused(f"{text}: {why}")
        return found


def by_system(host: str, port: int) -> Sequence[str]:
    """Implements Resolve."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
