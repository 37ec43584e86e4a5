"""What the pages of subscriptions are given to work with; wired in web/main.py."""

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from application.subscriptions import KeepingSubscriptions
from application.subscriptions_mending import MendingDeliveries
from application.subscriptions_planning import PlanningReplays
from application.subscriptions_reading import ReadingSubscriptions
from application.subscriptions_showing import ShowingSubscriptions
from domain.kernel import Refusal, Refused


@dataclass(frozen=True, kw_only=True)
class SubscriptionDesk:
    """Use cases and reads; each of them takes the person who asks."""

    keeping: KeepingSubscriptions
    reading: ReadingSubscriptions
    showing: ShowingSubscriptions
    mending: MendingDeliveries
    planning: PlanningReplays
    topics: Sequence[str]
    """Types of facts by which can be filtered."""
    delivers: Callable[[], bool]
    """Whether some process delivers."""
    refusal: Callable[[Exception], Refusal | None]
    """What a person reads of a fault that was foreseen, such as a missing key of the secrets."""

    @contextmanager
    def mendable(self) -> Generator[None]:
        """A block in which secrets are made or opened. Raises Refused for a fault that says how to mend it."""
        try:
            yield
        except Exception as fault:
            refusal = self.refusal(fault)
            if refusal is None:
                raise
            raise Refused(refusal) from fault
