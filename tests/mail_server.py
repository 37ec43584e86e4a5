"""A mail server on a real socket that can refuse, hang, and drop connections."""

import asyncio
import email
import email.policy
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from application.mailing import MailServer
from tests.processes import free_port


@dataclass
class Receiver:
    """What arrived; `recipient` and `data` are its answers to RCPT and DATA, `hang` and `drop` how it misbehaves."""

    port: int
    arrived: list[EmailMessage] = field(default_factory=list[EmailMessage])
    recipient: str = "250 OK"
    data: str = "250 OK"
    hang: bool = False
    drop: bool = False

    @property
    def server(self) -> MailServer:
        return MailServer(host="127.0.0.1", port=self.port, secured="none", sender="pobratim@primer.rs")

    @property
    def subjects(self) -> list[str]:
        return [str(one["subject"]) for one in self.arrived]

    async def handle_RCPT(  # noqa: N802 - the name by which the library finds it
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.hang:
            await asyncio.sleep(30)
        if self.recipient.startswith("2"):
            envelope.rcpt_tos.append(address)
        return self.recipient

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - as above
        content: Any = envelope.content
        message = email.message_from_bytes(content, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        self.arrived.append(message)
        if self.drop:
            server.transport.close()
        return self.data


@contextmanager
def receiver() -> Iterator[Receiver]:
    made = Receiver(free_port())
    controller = Controller(made, hostname="127.0.0.1", port=made.port)
    controller.start()
    try:
        yield made
    finally:
        controller.stop()
