"""How deliveries are tried again, and when a person is asked."""

import random
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec

from application.feed import Feed, FeedFilter, encoded
from application.identity import case_id
from application.ports import Recorded
from application.subscriptions_ports import TEST, Answer, Message
from domain.initiatives.terms import Kind
from domain.subscriptions.subscription import Filter

PAUSES: Final = tuple(
    timedelta(seconds=seconds) for seconds in (2, 15, 60, 300, 900, 1800, 3600, 7200, 14_400, 21_600, 36_000)
)
"""Before each new attempt with a case: about a day in all. Then the case is parked."""
LONGEST_WISH: Final = timedelta(hours=1)
"""More than that no `Retry-After` is waited for."""
RESTS: Final = tuple(timedelta(seconds=seconds) for seconds in (5, 10, 20, 40, 80, 160, 300))
"""How long a receiver that takes nothing is left alone; the last one counts for all further ones."""
DOWN: Final = 5
"""Cases that fail one after the other, with nothing taken between them: the receiver itself is down."""
_JITTER: Final = 0.2
_ASK_FOR_A_PAUSE: Final = frozenset({429, 503})


def pause(attempts: int, answer: Answer) -> timedelta | None:
    """Before the next attempt, after so many of them; None where there is none."""
    if attempts > len(PAUSES):
        return None
    wished = min(timedelta(seconds=answer.retry_after or 0), LONGEST_WISH)
    return max(jittered(PAUSES[attempts - 1]), wished)


def rest_of_receiver(answer: Answer) -> timedelta | None:
    """How long the receiver itself has asked to be left alone."""
    if answer.status in _ASK_FOR_A_PAUSE and answer.retry_after:
        return min(timedelta(seconds=answer.retry_after), LONGEST_WISH)
    return None


def rest(rounds: int) -> timedelta:
    """After so many rounds in which the receiver took nothing."""
    return jittered(RESTS[min(rounds, len(RESTS)) - 1])


def jittered(length: timedelta) -> timedelta:
    """Up to a fifth more or less, so that what failed together does not come back together."""
    return length * random.uniform(1 - _JITTER, 1 + _JITTER)  # noqa: S311 - any will do


def message_id(subscription: UUID, position: int, replay: int = 0) -> str:
    """The same for every attempt to deliver a fact. A replay is another message, which no receiver takes for known."""
    return f"msg_{subscription.hex}_{position}" + (f"_r{replay}" if replay else "")


class Event(msgspec.Struct, frozen=True):
    """A fact of a page, with the bytes of the feed; None where the filter does not let it through."""

    recorded: Recorded
    body: bytes | None


Events = Callable[[Filter, Sequence[Recorded]], Sequence[Event]]
"""All facts of a page, in their order."""


class FeedEvents:
    """Implements Events by the feed: filter and bytes are those of every other way out."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed

    def __call__(self, let: Filter, recorded: Sequence[Recorded]) -> Sequence[Event]:
        """Raises UnreadableFact, LogUnavailable."""
        wanted = self._feed.sieved(feed_filter(let), recorded)
        events = zip(wanted, self._feed.events(wanted), strict=True)
        made = {one.position: encoded(event) for one, event in events}
        return [Event(one, made.get(one.position)) for one in recorded]


def feed_filter(let: Filter) -> FeedFilter:
    """What a subscription lets through, as every way out has it."""
    return FeedFilter(
        topics=frozenset(let.types),
        stream=case_id(let.case) if let.case else None,
        local_governments=frozenset(let.local_governments),
        kinds=frozenset(Kind(kind) for kind in let.kinds),
    )


def trial_message(subscription: UUID, source: str, code: str, at: datetime) -> Message:
    """What a receiver gets when somebody tries whether it takes deliveries: an event that tells of no fact."""
    event: dict[str, Any] = {
        "specversion": "1.0",
        "id": f"test-{int(at.timestamp() * 1000)}",
        "source": source,
        "type": "pobratim.test-delivery.v1",
        "subject": code,
        "time": at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "datacontenttype": "application/json",
        "data": {},
    }
    return Message(f"{message_id(subscription, TEST)}_{event['id']}", msgspec.json.encode(event))
