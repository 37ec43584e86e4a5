"""A rehearsal for a subscriber: an anonymised history with all that may happen on the way, and what came of it.

What is played stands in rehearsal_play; what a subscriber has to do is told in docs/webhooks.md.
"""

from collections.abc import Callable, Sequence
from random import Random
from typing import Any, Final
from uuid import UUID

from application.access import Person
from application.anonymous import Anonymous
from application.feed import CloudEvent
from application.identity import subscription_id
from application.ports import Log, Recorded
from application.rehearsal_play import Outcome, Play, Stage, Told
from application.subscriptions import KeepingSubscriptions
from application.subscriptions_rights import require
from domain.initiatives.events import InitiativeEvent
from domain.kernel import Refusal, Refused
from domain.subscriptions.subscription import Standing, Subscription

MOST_CASES: Final = 50
MOST_FACTS: Final = 60
"""Of one case."""
PAGE: Final = 1_000
MOST_LOOKED_AT: Final = 5_000
"""Cases."""


class RehearsingSubscriber:
    def __init__(
        self,
        log: Log,
        events: Callable[[Sequence[Recorded]], Sequence[CloudEvent]],
        keeping: KeepingSubscriptions,
        stage: Callable[[Subscription], Stage],
        source: str,
    ) -> None:
        """`source` is this installation's address, behind which the rehearsal names its own."""
        self._log, self._events, self._keeping = log, events, keeping
        self._stage, self._source = stage, source

    def rehearse(self, by: Person, code: str, cases: int, seed: int, told: Told) -> Outcome:
        """Deliver a rehearsal, and say what the receiver did wrong.

        Raises Forbidden, NotFound; Refused where the subscription delivers now, and where there is no history to show.
        """
        require(by)
        state = self._keeping.one(by, code)
        if state.standing is Standing.ACTIVE:
            raise Refused(Refusal("subscription.rehearsal-active"))
        histories = self._histories(cases, Anonymous(f"{code} {seed}", f"{self._source}/rehearsal/{seed}"))
        if not histories or len(histories[0]) == 1:
            raise Refused(Refusal("subscription.rehearsal-empty"))
        play = Play(subscription_id(code), histories, Random(seed))  # noqa: S311 - the same order for the same seed
        stage = self._stage(state)
        try:
            return play.on(stage, told)
        finally:
            stage.close()

    @staticmethod
    def _enough(found: dict[UUID, list[Recorded]], most: int) -> bool:
        """A register that was taken over begins with many cases of one fact each."""
        lived = sum(len(history) > 1 for history in found.values())
        return len(found) >= MOST_LOOKED_AT or (len(found) >= most * 20 and lived >= most)

    def _histories(self, most: int, anonymous: Anonymous) -> list[list[dict[str, Any]]]:
        """The beginnings of the longest cases among the first ones, by position each."""
        found: dict[UUID, list[Recorded]] = {}
        after = 0
        while not self._enough(found, most) and (page := self._log.page(after, PAGE)):
            for recorded in page:
                if isinstance(recorded.fact, InitiativeEvent):
                    found.setdefault(recorded.stream, []).append(recorded)
            after = page[-1].position
        longest = sorted(found.values(), key=lambda history: -len(history))[:most]
        return [[anonymous.event(event) for event in self._events(history[:MOST_FACTS])] for history in longest]
