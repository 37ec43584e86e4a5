"""Which addresses deliveries may reach: a table, and names that lead elsewhere the second time."""

import ipaddress
import re

import pytest

from adapters.delivery.guard import AddressRefused, Policy

STRICT = Policy()
REFUSED = [
    *("0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.127.255.255"),  # noqa: S104 - to be refused
    *("127.0.0.1", "127.255.255.255", "169.254.169.254", "172.16.0.1", "172.31.255.255"),
    *("192.0.0.8", "192.0.0.170", "192.0.2.1", "192.88.99.1", "192.168.1.1"),
    *("198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.7"),
    *("224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255"),
    *("::", "::1", "::2", "::127.0.0.1", "::7f00:1"),
    *("::ffff:127.0.0.1", "::ffff:8.8.8.8", "::ffff:0:8.8.8.8"),
    *("64:ff9b::8.8.8.8", "64:ff9b::a00:1", "64:ff9b:1::1", "64:ff9b:1:ffff::7f00:1"),
    *("100::1", "2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:2::1", "2001:10::1", "2001:20::1"),
    *("2001:db8::1", "2002::1", "2002:7f00:1::1", "2002:a00:1::1", "3fff::1", "5f00::1"),
    *("4000::1", "fc00::1", "fd12:3456:789a::1", "fe80::1", "febf::1", "fec0::1"),
    *("ff02::1", "ff0e::1", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
]
ALLOWED = [
    *("1.1.1.1", "9.255.255.255", "11.0.0.1", "100.63.255.255", "100.128.0.1", "126.255.255.255", "128.0.0.1"),
    *("147.91.1.1", "169.253.255.255", "169.255.0.1", "172.15.255.255", "172.32.0.1", "192.0.1.1", "192.167.255.255"),
    *("192.169.0.1", "198.17.255.255", "198.20.0.1", "223.255.255.255"),
    *("2001:200::1", "2001:4860:4860::8888", "2003::1", "2a00:1450::1", "2606:4700::1111"),
]


@pytest.mark.parametrize("address", REFUSED)
def test_what_is_not_public_is_refused(address: str) -> None:
    assert STRICT.why_refused(ipaddress.ip_address(address))
    with pytest.raises(AddressRefused, match=re.escape(address)):
        STRICT.chosen("receiver.example", 443, lambda _host, _port: [address])


@pytest.mark.parametrize("address", ALLOWED)
def test_what_is_public_is_let_through(address: str) -> None:
    assert STRICT.why_refused(ipaddress.ip_address(address)) == ""
    assert STRICT.chosen("receiver.example", 443, lambda _host, _port: [address]) == [address]


def test_one_address_of_a_name_that_is_not_public_spoils_the_name() -> None:
    with pytest.raises(AddressRefused, match=r"10\.0\.0\.1: private"):
        STRICT.chosen("receiver.example", 443, lambda _host, _port: ["147.91.1.1", "10.0.0.1"])


def test_an_address_in_the_place_of_a_name_is_looked_at_and_not_looked_up() -> None:
    def nobody(_host: str, _port: int) -> list[str]:
        raise AssertionError("looked up")

    assert STRICT.chosen("147.91.1.1", 443, nobody) == ["147.91.1.1"]
    with pytest.raises(AddressRefused):
        STRICT.chosen("169.254.169.254", 80, nobody)


def test_an_address_with_a_zone_of_this_machine_is_refused() -> None:
    with pytest.raises(AddressRefused):
        STRICT.chosen("receiver.example", 443, lambda _host, _port: ["fe80::1%eth0"])


def test_the_demo_reaches_this_machine_and_nothing_else_of_its_network() -> None:
    demo = Policy(loopback=True)
    assert demo.chosen("localhost", 80, lambda _host, _port: ["127.0.0.1", "::1"]) == ["127.0.0.1", "::1"]
    for address in ("10.0.0.1", "0.0.0.0", "::ffff:127.0.0.1", "169.254.169.254"):  # noqa: S104 - nothing is bound
        with pytest.raises(AddressRefused):
            demo.chosen("localhost", 80, lambda _host, _port, it=address: [it])
