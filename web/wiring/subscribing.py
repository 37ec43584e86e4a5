"""What other systems subscribe to by webhook: use cases, and what delivers."""

from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from adapters.database.leading import holds
from adapters.delivery.courier import LEAD, Courier
from adapters.delivery.desk import PostgresDesk
from adapters.delivery.faults import DeliveryFault
from adapters.delivery.guard import Policy
from adapters.delivery.places import Places
from adapters.delivery.secrets import SealedSecrets
from adapters.delivery.stage import WebhookStage
from adapters.delivery.telling import Telling
from adapters.delivery.webhook import Webhooks
from adapters.recording.topics import published
from application.access import Scope
from application.delivering import FeedEvents
from application.feed import FeedQuery
from application.feed_filter import given_out
from application.rehearsing_subscriber import RehearsingSubscriber
from application.subscriptions import KeepingSubscriptions, Source
from application.subscriptions_mending import MendingDeliveries
from application.subscriptions_planning import PlanningReplays
from application.subscriptions_reading import ReadingSubscriptions, Row
from application.subscriptions_showing import ShowingSubscriptions
from domain.kernel import Refusal
from domain.subscriptions.subscription import Filter, Subscription
from web.settings import Settings
from web.wiring.cases import Cases

if TYPE_CHECKING:  # the pages are imported by those who serve, not by every command
    from web.admin.subscriptions_parts import SubscriptionDesk

_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
FAILING: Final = timedelta(minutes=10)
"""A receiver may be away for so long without anybody being called."""
_FILLED: Final = "filled"
"""In the data folder of the demo."""


class Subscribing(Cases):
    """Parts are made when they are first asked for."""

    @cached_property
    def desk(self) -> PostgresDesk:
        return PostgresDesk(self.pool)

    @cached_property
    def policy(self) -> Policy:
        """Where deliveries may go from here."""
        return Policy(loopback=is_demo(self.settings))

    @property
    def secrets(self) -> SealedSecrets:
        """Raises a Fault where no data folder is set."""
        return SealedSecrets(self.pool, self.settings.data_dir, self.clock)

    @property
    def webhooks(self) -> Webhooks:
        """Raises a Fault where no data folder is set."""
        return Webhooks(self.secrets.opened, self.policy, self.clock)

    @cached_property
    def feed_events(self) -> FeedEvents:
        return FeedEvents(self.feed)

    @cached_property
    def keeping_subscriptions(self) -> KeepingSubscriptions:
        source = Source(self.settings.base_url, self.policy.loopback)
        return KeepingSubscriptions(
            self.log,
            self.desk,
            lambda: self.secrets,
            lambda: self.webhooks,
            self.accounts,
            source,
            self._check_filter,
            self.clock,
        )

    def _check_filter(self, let: Filter) -> None:
        """Raises Refused for a topic or a local government that nobody knows, and for what is given out to nobody."""
        query = FeedQuery(type=let.types, local_government=let.local_governments)
        self.feed.filter(query, Scope())

    @cached_property
    def reading_subscriptions(self) -> ReadingSubscriptions:
        return ReadingSubscriptions(self.log, self.desk, self.feed_events)

    @cached_property
    def mending_deliveries(self) -> MendingDeliveries:
        return MendingDeliveries(self.keeping_subscriptions, self.reading_subscriptions, self.desk)

    @cached_property
    def rehearsing_subscriber(self) -> RehearsingSubscriber:
        return RehearsingSubscriber(
            self.log, self.feed.events, self.keeping_subscriptions, self._stage, self.settings.base_url
        )

    def _stage(self, subscription: Subscription) -> WebhookStage:
        """Raises a Fault."""
        signer, sender = self.webhooks.parts(subscription, subscription.signs(self.clock()))
        return WebhookStage(subscription.signing, signer, sender, self.clock)

    def subscription_desk(self) -> "SubscriptionDesk":
        """For the pages of administrators."""
        from web.admin.subscriptions_parts import SubscriptionDesk  # noqa: PLC0415 - see above

        return SubscriptionDesk(
            keeping=self.keeping_subscriptions,
            reading=self.reading_subscriptions,
            showing=ShowingSubscriptions(self.log, self.desk, self.reading_subscriptions),
            mending=self.mending_deliveries,
            planning=PlanningReplays(self.reading_subscriptions),
            topics=sorted(filter(given_out, published().current)),
            delivers=self.delivers,
            refusal=lambda fault: Refusal(fault.code, fault.params) if isinstance(fault, DeliveryFault) else None,
        )

    def delivers(self) -> bool:
        """Some process is delivering."""
        with self.pool.connection() as connection:
            return holds(connection, LEAD)

    def delivery_fault(self, row: Row) -> str:
        """Why deliveries of an active subscription stand still, or wait for a person; empty where they do not."""
        stand, code = row.stand, row.state.code
        if stand is None:
            return ""
        if stand.parked:
            return f"{stand.parked} cases wait for you. See: pobratim subscription parked {code}"
        if stand.failing_since and self.clock() - stand.failing_since > FAILING:
            return f"nothing is taken since {stand.failing_since:%Y-%m-%d %H:%M} UTC: {stand.fault}"
        return stand.fault if stand.fault and stand.failing_since is None else ""

    def courier(self, *, mails: bool) -> Courier:
        """`mails` says whether mail is sent at all."""
        telling = Telling(self.pool, self.accounts, self.clock)
        return Courier(
            self._url,
            self.log,
            self.feed_events,
            lambda: self.webhooks,
            lambda subscription: Places(self.pool, subscription),
            self.keeping_subscriptions,
            telling if mails else lambda _id, _state: None,
            self.clock,
        )


def is_demo(settings: Settings) -> bool:
    """On this machine alone, over the data folder that the demo has filled."""
    host = urlsplit(settings.base_url).hostname
    return host in _LOOPBACK and bool(settings.data_dir) and (Path(settings.data_dir) / _FILLED).exists()
