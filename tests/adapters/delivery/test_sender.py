"""One delivery against receivers on real sockets: where it goes, and that it ends within its limits."""

import socket
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.delivery.guard import Policy, Resolve
from adapters.delivery.sender import MOST_SAID, Sender
from application.subscriptions_address import read_address
from application.subscriptions_ports import Answer
from tests.receivers import Authority, Receiver, Reply, authority, receiver

NAME = "receiver.test"
HERE = Policy(loopback=True)


def clock() -> datetime:
    return datetime(2026, 3, 17, 9, tzinfo=UTC)


def send(to: Receiver, seconds: float = 10, policy: Policy = HERE) -> Answer:
    sender = Sender(read_address(to.address, loopback=True), policy, clock, seconds=seconds)
    try:
        return sender.send(b'{"id":"1","data":{}}', [("webhook-id", "msg_1")], "application/json")
    finally:
        sender.close()


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return authority(tmp_path_factory.mktemp("authority"), NAME)


def secured(signed: Authority, to: Receiver, resolve: Resolve, *, host: str = NAME, policy: Policy = HERE) -> Sender:
    address = read_address(f"https://{host}:{to.port}/hook")
    return Sender(address, policy, clock, seconds=10, resolve=resolve, trusted=signed.trusted)


def here(_host: str, _port: int) -> Sequence[str]:
    return ["127.0.0.1"]


# --- what arrives


def test_the_bytes_arrive_as_they_are_with_their_headers() -> None:
    with receiver() as to:
        answer = send(to)
    [arrived] = to.arrived
    assert (answer.status, answer.accepted, arrived.path) == (204, True, "/hook")
    assert arrived.body == b'{"id":"1","data":{}}'
    assert arrived.headers["webhook-id"] == "msg_1"
    assert arrived.headers["host"] == f"localhost:{to.port}"


def test_a_connection_serves_many_deliveries() -> None:
    with receiver() as to:
        sender = Sender(read_address(to.address, loopback=True), HERE, clock)
        assert all(sender.send(b'{"id":"1","data":{}}', [], "application/json").accepted for _ in range(20))
        sender.close()
    assert len(to.arrived) == 20


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_every_status_of_success_is_one(status: int) -> None:
    with receiver(lambda _: Reply(status)) as to:
        assert send(to).accepted


@pytest.mark.parametrize("status", [300, 301, 302, 307, 308, 400, 410, 429, 500, 503])
def test_no_other_status_is_and_no_redirect_is_followed(status: int) -> None:
    with receiver() as elsewhere, receiver(lambda _: Reply(status, {"Location": elsewhere.address})) as to:
        answer = send(to)
    assert (answer.status, answer.accepted) == (status, False)
    assert elsewhere.arrived == []


@pytest.mark.parametrize(
    ("wish", "expected"),
    [
        ("120", 120),
        ("0", 0),
        ("99999999999999999999", 999999999),
        ("Tue, 17 Mar 2026 09:02:00 GMT", 120),
        ("Tue, 17 Mar 2020 09:02:00 GMT", 0),
        ("soon", None),
        ("-1", None),
        ("", None),
    ],
)
def test_a_wish_for_a_pause_is_read(wish: str, expected: int | None) -> None:
    with receiver(lambda _: Reply(503, {"Retry-After": wish} if wish else {})) as to:
        assert send(to).retry_after == expected


# --- limits


def test_a_receiver_that_never_answers_is_left_at_the_limit() -> None:
    with receiver(lambda _: Reply(never=True)) as to:
        answer = send(to, seconds=0.5)
    assert (answer.status, answer.fault) == (None, "time-over")


def test_an_answer_that_comes_byte_by_byte_ends_at_the_limit() -> None:
    """Each byte comes in time; the whole does not."""
    with receiver(lambda _: Reply(200, {"X-Long": "x" * 2_000}, drip="headers")) as to:
        answer = send(to, seconds=0.5)
    assert (answer.status, answer.fault) == (None, "time-over")


def test_a_body_that_comes_byte_by_byte_behind_a_200_is_not_waited_for() -> None:
    with receiver(lambda _: Reply(200, body=b"x" * 1_000, drip="body")) as to:
        answer = send(to, seconds=0.5)
    assert answer.accepted
    assert 0 < len(answer.said) < 1_000


def test_of_ten_megabytes_a_few_kilobytes_are_read() -> None:
    with receiver(lambda _: Reply(500, body=b"x" * 10_000_000)) as to:
        answer = send(to)
    assert (answer.status, answer.said) == (500, "x" * MOST_SAID)


def test_headers_without_end_are_no_answer() -> None:
    with receiver(lambda _: Reply(200, {f"X-{n}": "x" * 1_000 for n in range(300)})) as to:
        answer = send(to)
    assert answer.status is None
    assert answer.fault.startswith("connection: ")


def test_what_cannot_be_shown_is_not_kept() -> None:
    with receiver(lambda _: Reply(500, body=b"\x00\x1b[31m\xff\nword")) as to:
        assert send(to).said == "??[31m\ufffd\nword"


def test_a_receiver_that_is_away_is_told() -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))  # taken, and nobody listens
        away = Receiver(port=held.getsockname()[1])
        assert send(away).fault.startswith("connection: ")


# --- where it goes


def test_the_name_is_looked_up_once_for_a_connection_and_checked_in_the_certificate(signed: Authority) -> None:
    asked: list[str] = []

    def resolve(host: str, _port: int) -> Sequence[str]:
        asked.append(host)
        return ["127.0.0.1"]

    with receiver(tls=signed.served) as to:
        sender = secured(signed, to, resolve)
        answers = [sender.send(b'{"id":"1","data":{}}', [], "application/json") for _ in range(3)]
        sender.close()
    assert [answer.fault for answer in answers] == ["", "", ""]
    assert (asked, to.hosts) == ([NAME], [NAME])
    assert to.arrived[0].headers["host"] == f"{NAME}:{to.port}"


def test_a_name_that_leads_elsewhere_the_second_time_is_connected_to_as_it_was_checked(signed: Authority) -> None:
    """The first lookup is what was checked and connected to; the second one, for a new connection, is refused."""
    answers = [["127.0.0.1"], ["169.254.169.254"]]

    def rebinding(_host: str, _port: int) -> Sequence[str]:
        return answers.pop(0)

    with receiver(lambda _: Reply(headers={"Connection": "close"}), tls=signed.served) as to:
        sender = secured(signed, to, rebinding)
        first = sender.send(b'{"id":"1","data":{}}', [], "application/json")
        assert answers == [["169.254.169.254"]]
        second = sender.send(b'{"id":"2","data":{}}', [], "application/json")
        sender.close()
    assert first.accepted
    assert second.fault == "address-refused: 169.254.169.254: link-local"
    assert to.positions == [1]


def test_a_certificate_of_another_name_is_refused(signed: Authority) -> None:
    with receiver(tls=signed.served) as to:
        sender = secured(signed, to, here, host="other.test")
        answer = sender.send(b'{"id":"1","data":{}}', [], "application/json")
        sender.close()
    assert answer.fault.startswith("certificate: ")
    assert to.arrived == []


def test_a_certificate_that_nobody_trusts_is_refused(signed: Authority, tmp_path: Path) -> None:
    with receiver(tls=authority(tmp_path, NAME).served) as to:
        sender = secured(signed, to, here)
        answer = sender.send(b'{"id":"1","data":{}}', [], "application/json")
        sender.close()
    assert answer.fault.startswith("certificate: ")
    assert to.arrived == []


def test_strictly_nothing_of_this_machine_is_reached(signed: Authority) -> None:
    with receiver(tls=signed.served) as to:
        sender = secured(signed, to, here, policy=Policy())
        answer = sender.send(b'{"id":"1","data":{}}', [], "application/json")
        sender.close()
    assert answer.fault == "address-refused: 127.0.0.1: loopback"
    assert to.hosts == []


def test_no_proxy_of_the_environment_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    with receiver() as proxy, receiver() as to:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.address)
        assert send(to).accepted
    assert (len(to.arrived), proxy.arrived) == (1, [])
