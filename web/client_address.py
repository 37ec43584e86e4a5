"""From which network address a request comes, also behind reverse proxies that are trusted to say so."""

from collections.abc import Sequence
from functools import cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

UNKNOWN: Final = "unknown"
MOST_HOPS: Final = 20
"""No chain of proxies is so long; what lies further left is not looked at."""
Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


@cache
def networks(listed: str) -> tuple[Network, ...]:
    """Addresses and networks, separated by commas. Raises ValueError for one that is neither."""
    return tuple(ip_network(one.strip(), strict=False) for one in listed.split(",") if one.strip())


def client_address(peer: str | None, forwarded: Sequence[str], trusted: Sequence[Network]) -> str:
    """The nearest address that is no trusted proxy; `forwarded` are the `X-Forwarded-For` headers in their order.

    Read from right to left: each proxy appends the address that it saw, and whatever stands left of what a trusted
    one has appended may have been written by anybody.
    """
    at = _address(peer or "")
    if at is None:
        return peer or UNKNOWN
    hops = ",".join(forwarded).split(",")[-MOST_HOPS:]
    while hops and any(at in network for network in trusted):
        before = _address(hops.pop())
        if before is None:
            break
        at = before
    return str(at)


def network_of(address: str) -> str:
    """What one who asks may choose addresses in: of IPv6 the network of 64 bits, of IPv4 the address itself."""
    at = _address(address)
    return str(ip_network((at, 64), strict=False)) if isinstance(at, IPv6Address) else address


def _address(text: str) -> Address | None:
    """Also with a port, as some proxies write it, and an IPv4 address in IPv6 as the IPv4 address that it is."""
    bare = text.strip()
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        found = ip_address(bare)
    except ValueError:
        return None
    return (isinstance(found, IPv6Address) and found.ipv4_mapped) or found
