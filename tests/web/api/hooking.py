"""A receiver of webhooks that begins at a position, loses an answer, and goes away in the middle."""

import threading
from dataclasses import dataclass, field
from typing import Final
from uuid import uuid4

import httpx
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from application.subscriptions import MACHINE, Wish
from domain.kernel import CommandKey
from domain.subscriptions.events import Signing
from domain.subscriptions.subscription import Filter
from tests.receivers import Received, Reply, receiver
from web.main import Installation

PATIENCE: Final = 60.0
LOST: Final = 5
"""The answer to this one is lost, so that it comes again after what other cases bring."""
_creating = threading.Lock()


@dataclass
class Hook:
    """Takes what is signed."""

    secret: str = ""
    bodies: list[bytes] = field(default_factory=list[bytes])

    def __call__(self, received: Received) -> Reply:
        try:
            Webhook(self.secret).verify(received.body, received.headers)
        except WebhookVerificationError:
            return Reply(400)
        self.bodies.append(received.body)
        return Reply(500 if len(self.bodies) == LOST else 204)


def delivered(made: Installation, after: int, query: str, enough: int) -> tuple[list[bytes], int]:
    """What a subscription of its own brings, and the position up to which nothing of it waits."""
    code, hook = f"switching-{uuid4().hex[:8]}", Hook()
    asked = httpx.QueryParams(query.removeprefix("&"))
    let = Filter(local_governments=tuple(asked.get_list("local_government")))
    keeping = made.keeping_subscriptions
    with receiver(hook) as to:
        with _creating:
            wish = Wish(name=code, address=to.address, filter=let)
            opened = keeping.create(MACHINE, key(), code, wish, Signing.HMAC, after)
        hook.secret = opened.for_receiver
        keeping.resume(MACHINE, code, key())
        to.wait(lambda: len(hook.bodies) >= enough or caught_up(made, code), PATIENCE)
        stand = made.reading_subscriptions.one(MACHINE, code).stand
        bodies = list(hook.bodies)  # afterwards: what is settled was taken before
        keeping.pause(MACHINE, code, key())
    return bodies, stand.settled if stand else after


def caught_up(made: Installation, code: str) -> bool:
    row = made.reading_subscriptions.one(MACHINE, code)
    return row.stand is not None and row.lag == 0 and not row.stand.waiting


def key() -> CommandKey:
    return CommandKey(uuid4())
