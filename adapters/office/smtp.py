"""Handing letters to a mail server."""

import re
import smtplib
import ssl
from collections.abc import Generator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import Final

from application.mailing import Letter, MailServer, PostFault, Unreachable

SECONDS: Final = 20.0
"""For each answer of the server."""
_NO_SUCH_ADDRESS: Final = frozenset({550, 551, 553})
_ANOTHER_MATTER: Final = re.compile(rb"5\.([357]\.|2\.2)")
"""A status of RFC 3463 that is about the server, what it lets us do, or the room in a mailbox."""


class Smtp:
    """Implements application.mailing.Post. A connection serves one letter: there are few."""

    def __init__(self, server: MailServer, seconds: float = SECONDS) -> None:
        self._server, self._seconds = server, seconds

    def send(self, letter: Letter) -> None:
        with self._connected() as smtp:
            try:
                smtp.send_message(self._message(letter), self._server.sender, [letter.to])
            except smtplib.SMTPRecipientsRefused as refused:
                code, reply = next(iter(refused.recipients.values()))
                said = f"{code} {reply.decode(errors='replace')}"
                gone = code in _NO_SUCH_ADDRESS and not _ANOTHER_MATTER.match(reply)
                raise (Unreachable if gone else PostFault)(said) from None
            except smtplib.SMTPNotSupportedError as fault:  # an address beyond ASCII, which this server cannot take
                raise Unreachable(str(fault)) from None

    def greet(self) -> str:
        """What the server is called. Raises PostFault."""
        with self._connected() as smtp:
            smtp.noop()
        return f"{self._server.host}:{self._server.port}"

    @contextmanager
    def _connected(self) -> Generator[smtplib.SMTP]:
        """Signed in and secured as the settings say. Raises PostFault for whatever goes wrong with the server."""
        s = self._server
        context = ssl.create_default_context()
        smtp: smtplib.SMTP | None = None
        try:
            if s.secured == "tls":
                smtp = smtplib.SMTP_SSL(s.host, s.port, timeout=self._seconds, context=context)
            else:
                smtp = smtplib.SMTP(s.host, s.port, timeout=self._seconds)
            if s.secured == "starttls":
                smtp.starttls(context=context)
            if s.user:
                smtp.login(s.user, s.password)
            yield smtp
        except (smtplib.SMTPException, OSError) as fault:
            raise PostFault(" ".join(str(fault).split()) or type(fault).__name__) from None
        finally:
            if smtp:
                with suppress(smtplib.SMTPException, OSError):
                    smtp.quit()

    def _message(self, letter: Letter) -> EmailMessage:
        message = EmailMessage()
        message["From"] = f"Pobratim <{self._server.sender}>"
        message["To"] = letter.to
        message["Subject"] = " ".join(letter.subject.split())
        message["Date"] = format_datetime(datetime.now(UTC))
        message["Message-ID"] = f"<{letter.id}@{parseaddr(self._server.sender)[1].rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        message["List-Unsubscribe"] = f"<{letter.choices}>"
        message.set_content(letter.plain)
        message.add_alternative(letter.html, subtype="html")
        return message
