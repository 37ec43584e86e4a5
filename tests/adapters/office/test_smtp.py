"""Letters reach a real server, or it is told what the server had against them."""

from collections.abc import Iterator
from uuid import UUID

import pytest

from adapters.office.smtp import Smtp
from application.mailing import Letter, MailServer, PostFault, Unreachable
from tests.mail_server import Receiver, receiver
from tests.processes import free_port

LETTER = Letter(
    id=UUID(int=7),
    to="jelena@primer.rs",
    subject="Додељен задатак: Ниш – Graz",
    plain="Додељен задатак\n",
    html="<p>Додељен задатак</p>",
    choices="https://primer.rs/account/notices",
)
SECONDS = 0.5


@pytest.fixture
def there() -> Iterator[Receiver]:
    with receiver() as made:
        yield made


def send(there: Receiver) -> None:
    Smtp(there.server, SECONDS).send(LETTER)


def test_a_letter_arrives_plain_and_as_html(there: Receiver) -> None:
    send(there)
    (message,) = there.arrived
    assert str(message["subject"]) == LETTER.subject
    assert (message["to"], message["from"]) == ("jelena@primer.rs", "Pobratim <pobratim@primer.rs>")
    assert message["message-id"] == f"<{LETTER.id}@primer.rs>"
    assert message["list-unsubscribe"] == "<https://primer.rs/account/notices>"
    plain, html = message.iter_parts()
    assert (plain.get_content_type(), plain.get_content().splitlines()) == ("text/plain", LETTER.plain.splitlines())
    assert (html.get_content_type(), html.get_content().strip()) == ("text/html", LETTER.html)


@pytest.mark.parametrize(
    "reply",
    [
        "550 5.1.1 no such user",
        "553 5.1.3 no address",
        "550 no such user",
        "550 5.4.1 recipient address rejected",
        "550 5.2.1 mailbox disabled",
    ],
)
def test_an_address_that_is_none_for_good_is_told_from_a_fault(there: Receiver, reply: str) -> None:
    there.recipient = reply
    with pytest.raises(Unreachable, match=reply[:3]):
        send(there)


@pytest.mark.parametrize(
    "reply",
    [
        "450 4.2.0 greylisted",
        "452 4.2.2 mailbox full",
        "554 5.7.1 relay access denied",
        "550 5.7.26 unauthenticated sender",
        "552 5.2.2 mailbox full",
        "530 5.7.0 sign in first",
        "503 5.5.1 bad sequence",
    ],
)
def test_a_server_that_wants_it_later_is_a_fault_of_this_time(there: Receiver, reply: str) -> None:
    there.recipient = reply
    with pytest.raises(PostFault, match=reply[:3]):
        send(there)


@pytest.mark.parametrize("reply", ["451 4.3.0 try later", "554 5.7.1 too many"])
def test_a_letter_that_is_refused_after_all_is_no_fault_of_its_address(there: Receiver, reply: str) -> None:
    there.data = reply
    with pytest.raises(PostFault, match=reply[:3]):
        send(there)


def test_a_server_that_hangs_is_left(there: Receiver) -> None:
    there.hang = True
    with pytest.raises(PostFault, match="timed out"):
        send(there)


def test_a_connection_that_breaks_midway_is_a_fault(there: Receiver) -> None:
    there.drop = True
    with pytest.raises(PostFault):
        send(there)
    assert len(there.arrived) == 1, "it had arrived: the next attempt bears the same Message-ID"


def test_a_server_that_is_away_is_a_fault() -> None:
    server = MailServer(host="127.0.0.1", port=free_port(), secured="none", sender="pobratim@primer.rs")
    with pytest.raises(PostFault):
        Smtp(server, SECONDS).send(LETTER)


def test_without_tls_nothing_is_sent_where_tls_is_asked_for(there: Receiver) -> None:
    server = MailServer(
        host="127.0.0.1", port=there.port, secured="starttls", user="u", password="p", sender="pobratim@primer.rs"
    )
    with pytest.raises(PostFault):
        Smtp(server, SECONDS).send(LETTER)
    assert there.arrived == []


def test_the_greeting_names_the_server(there: Receiver) -> None:
    assert Smtp(there.server, SECONDS).greet() == f"127.0.0.1:{there.port}"
