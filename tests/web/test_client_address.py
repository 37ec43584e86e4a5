"""Whose address counts at the sign-in: that of the person, not of the proxy, and never one that somebody made up."""

import dataclasses
from typing import Any

import msgspec
import pytest
from litestar.testing import TestClient

from application.signing_in import PER_ADDRESS
from tests.web.conftest import Office, sign_in
from web.app import create_app
from web.client_address import client_address, networks
from web.parts import Parts

PROXIES = networks("127.0.0.1, 10.0.0.0/8,fd00::/8")


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("127.0.0.1", ["192.0.2.7"], "192.0.2.7"),
        ("127.0.0.1", ["198.51.100.1, 192.0.2.7"], "192.0.2.7"),
        ("127.0.0.1", ["192.0.2.7, 10.1.2.3"], "192.0.2.7"),
        ("127.0.0.1", ["198.51.100.1", "192.0.2.7, 10.1.2.3"], "192.0.2.7"),
        ("127.0.0.1", ["10.1.2.3, 10.4.5.6"], "10.1.2.3"),
        ("127.0.0.1", [], "127.0.0.1"),
        ("127.0.0.1", ["", " , "], "127.0.0.1"),
        ("127.0.0.1", ["192.0.2.7, garbage"], "127.0.0.1"),
        ("127.0.0.1", ["192.0.2.7, garbage, 10.1.2.3"], "10.1.2.3"),
        ("127.0.0.1", ["192.0.2.7:4711"], "192.0.2.7"),
        ("127.0.0.1", ["[2001:db8::1]:4711"], "2001:db8::1"),
        ("::ffff:127.0.0.1", ["::ffff:192.0.2.7"], "192.0.2.7"),
        ("fd00::1", ["2001:DB8::1"], "2001:db8::1"),
        ("203.0.113.9", ["192.0.2.7"], "203.0.113.9"),
        (None, ["192.0.2.7"], "unknown"),
        ("testclient", ["192.0.2.7"], "testclient"),
    ],
)
def test_the_nearest_address_that_is_no_trusted_proxy(peer: str | None, forwarded: list[str], expected: str) -> None:
    assert client_address(peer, forwarded, PROXIES) == expected


def test_nobody_is_trusted_unless_named() -> None:
    assert client_address("127.0.0.1", ["192.0.2.7"], networks("")) == "127.0.0.1"


def test_a_very_long_header_is_read_from_its_end() -> None:
    assert client_address("127.0.0.1", [", ".join(["10.0.0.1"] * 100_000)], PROXIES) == "10.0.0.1"


@pytest.mark.parametrize(("trusted", "stopped"), [("", True), ("127.0.0.1", False)])
def test_one_guesser_closes_the_door_for_nobody_else(office: Office, trusted: str, stopped: bool) -> None:
    app = create_app(behind(office, trusted), [])
    account = office.account()

    async def behind_a_proxy(scope: Any, receive: Any, send: Any) -> None:
        await app({**scope, "client": ("127.0.0.1", 5000)}, receive, send)

    with TestClient(behind_a_proxy) as visitor:
        visitor.headers["x-forwarded-for"] = "192.0.2.7"
        for number in range(PER_ADDRESS):
            sign_in(visitor, f"nobody{number}@primer.rs", "guess")
        assert "Previše pokušaja" in sign_in(visitor, "one.more@primer.rs", "guess").text
        visitor.headers["x-forwarded-for"] = "192.0.2.8"
        assert ("Previše pokušaja" in sign_in(visitor, account.email).text) is stopped


def behind(office: Office, trusted: str) -> Parts:
    parts = office.parts
    return dataclasses.replace(parts, settings=msgspec.structs.replace(parts.settings, trusted_proxies=trusted))
