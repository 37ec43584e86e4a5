"""Deliveries of one subscription as its facts have it now: where to, and signed with what."""

import ssl
from collections.abc import Callable, Sequence
from typing import Final
from uuid import UUID

from adapters.delivery.faults import DeliveryFault
from adapters.delivery.guard import Policy, Resolve, by_system
from adapters.delivery.sender import SECONDS, Sender
from adapters.delivery.signing import Signer
from application.ports import Clock
from application.subscriptions_address import read_address
from application.subscriptions_ports import Answer, Message
from domain.kernel import Refused
from domain.subscriptions.subscription import Key, Subscription

MEDIA_TYPE: Final = "application/cloudevents+json; charset=utf-8"
AT_ONCE: Final = 4
"""Deliveries of one subscription that are under way at the same time, of different cases."""
Open = Callable[[Sequence[UUID]], Sequence[bytes]]
"""Secrets by their ids, in order. Raises DeliveryFault."""


class Webhooks:
    """Makes what delivers to one subscription; implements application.subscriptions_ports.Sending for a single one."""

    def __init__(
        self,
        open_secrets: Open,
        policy: Policy,
        clock: Clock,
        *,
        seconds: float = SECONDS,
        resolve: Resolve = by_system,
        trusted: ssl.SSLContext | None = None,
    ) -> None:
        self._open, self._policy, self._clock = open_secrets, policy, clock
        self._seconds, self._resolve, self._trusted = seconds, resolve, trusted

    def of(self, subscription: Subscription, keys: Sequence[Key]) -> "Webhook":
        """Raises DeliveryFault where its secrets cannot be opened here, and where its address may not be used here."""
        return Webhook(*self.parts(subscription, keys), self._clock)

    def parts(self, subscription: Subscription, keys: Sequence[Key]) -> tuple[Signer, Sender]:
        """What signs, and what sends. Raises DeliveryFault as above."""
        signer = Signer(subscription.signing, self._open([key.secret for key in keys]))
        try:
            address = read_address(subscription.address, loopback=self._policy.loopback)
        except Refused:
            raise DeliveryFault("delivery.address", address=subscription.address, name=subscription.code) from None
        sender = Sender(
            address,
            self._policy,
            self._clock,
            connections=AT_ONCE,
            seconds=self._seconds,
            resolve=self._resolve,
            trusted=self._trusted,
        )
        return signer, sender

    def send(self, subscription: Subscription, keys: Sequence[Key], message: Message) -> Answer:
        """Raises DeliveryFault."""
        webhook = self.of(subscription, keys)
        try:
            return webhook.send(message)
        finally:
            webhook.close()


class Webhook:
    """Threads may send at the same time."""

    def __init__(self, signer: Signer, sender: Sender, clock: Clock) -> None:
        self._signer, self._sender, self._clock = signer, sender, clock

    def send(self, message: Message) -> Answer:
        """One attempt; it is signed anew, with the moment at which it is made."""
        return self._sender.send(message.body, self._signer.headers(message, self._clock()), MEDIA_TYPE)

    def close(self) -> None:
        self._sender.close()
