"""Deliveries of a rehearsal: as they should be, and as nobody may take them."""

import secrets
from datetime import timedelta
from typing import Final

from adapters.delivery.sender import Sender
from adapters.delivery.signing import Signer
from adapters.delivery.webhook import MEDIA_TYPE
from application.ports import Clock
from application.rehearsal_play import Trick
from application.subscriptions_ports import Answer, Message
from domain.subscriptions.events import Signing

STALE: Final = timedelta(hours=1)
"""The specification lets receivers take what is five minutes old, about."""


class WebhookStage:
    """Implements application.rehearsal_play.Stage."""

    def __init__(self, signing: Signing, signer: Signer, sender: Sender, clock: Clock) -> None:
        self._signer, self._sender, self._clock = signer, sender, clock
        self._stranger = Signer(signing, [secrets.token_bytes(32)])

    def send(self, message: Message, trick: Trick | None = None) -> Answer:
        now = self._clock()
        signer = self._stranger if trick is Trick.FORGED else self._signer
        headers = signer.headers(message, now - STALE if trick is Trick.STALE else now)
        body = b" " + message.body if trick is Trick.CHANGED else message.body
        return self._sender.send(body, headers, MEDIA_TYPE)

    def close(self) -> None:
        self._sender.close()
