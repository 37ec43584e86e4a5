"""Delivers to all subscriptions: one process of all, with a thread for each, so that no receiver waits for another."""

import logging
from collections.abc import Callable
from typing import Final
from uuid import UUID

from adapters.database.leading import Connection, Leader
from adapters.delivery.lane import Lane, Line, Surroundings
from adapters.delivery.places import Places
from adapters.delivery.webhook import Webhooks
from application.delivering import Events
from application.handling import Done
from application.identity import command_key, subscription_id
from application.ports import Clock, Log, UnreadableFact
from application.subscriptions import MACHINE, KeepingSubscriptions
from domain.kernel import Command
from domain.subscriptions import decisions as d
from domain.subscriptions import events as e
from domain.subscriptions.subscription import BrokenHistory, Standing, Subscription, fold

CHANNEL: Final = "pobratim_log"
LEAD: Final = 7_631_400_051
STOP_SECONDS: Final = 0.2
"""How long a stop may go unnoticed."""
LOOK_EVERY: Final = 5
"""Waits after which it is looked for what people have decided, where nothing says that they have."""
JOIN_SECONDS: Final = 20.0
"""A delivery that is under way ends by then."""
_LOGGER: Final = logging.getLogger("pobratim.deliveries")
_VERSIONS: Final = b"""
    SELECT s.id, (SELECT max(originator_version) FROM log.facts WHERE originator_id = s.id)
    FROM delivery.subscriptions AS s
"""
Parked = Callable[[UUID, Subscription], None]


class Courier(Leader):
    name = "courier"
    lock = LEAD

    def __init__(
        self,
        url: str,
        log: Log,
        events: Events,
        webhooks: Callable[[], Webhooks],
        places: Callable[[UUID], Places],
        keeping: KeepingSubscriptions,
        told: Parked,
        clock: Clock,
    ) -> None:
        """`webhooks` may raise a DeliveryFault where nothing can be delivered from here; `told` finds a person."""
        super().__init__(url)
        self._log, self._keeping, self._told = log, keeping, told
        self._given = Surroundings(
            log=log,
            events=events,
            webhook=lambda state, keys: webhooks().of(state, keys),
            places=places,
            clock=clock,
            gone=self._gone,
            replayed=self._replayed,
            parked=told,
        )
        self._versions: dict[UUID, int] = {}
        self._lanes: dict[UUID, Lane] = {}

    def lead(self, connection: Connection) -> None:
        connection.execute(f"LISTEN {CHANNEL}".encode())
        self._versions.clear()
        try:
            while not self.stopping.is_set():
                self._look(connection)
                self._wait(connection)
        finally:
            self._end(list(self._lanes))

    def _look(self, connection: Connection) -> None:
        """Start and stop lanes as people have decided."""
        for subscription, version in connection.execute(_VERSIONS).fetchall():
            if version is not None and self._versions.get(subscription) != version:
                line = self._line(subscription)
                if line is not None:
                    self._versions[subscription] = version
                    self._follow(line)
        self._end([id_ for id_, lane in self._lanes.items() if lane.stopping.is_set()])

    def _wait(self, connection: Connection) -> None:
        """Wake the lanes whenever the log has grown."""
        for _ in range(LOOK_EVERY):
            if self.stopping.is_set():
                return
            if any(True for _ in connection.notifies(timeout=STOP_SECONDS, stop_after=1)):
                for lane in self._lanes.values():
                    lane.wake()
                return

    def _line(self, subscription: UUID) -> Line | None:
        """None where it cannot be read; then nothing more is delivered to it."""
        try:
            recorded = self._log.read(subscription)
            facts = [(r.version, r.fact) for r in recorded if isinstance(r.fact, e.SubscriptionEvent)]
            state = fold([fact for _, fact in facts])
        except (UnreadableFact, BrokenHistory) as fault:
            _LOGGER.error("a subscription cannot be read: %s", fault)
            self._end([subscription])
            return None
        return Line(id=subscription, state=state, facts=facts) if state else None

    def _follow(self, line: Line) -> None:
        lane = self._lanes.get(line.id)
        if line.state.standing is not Standing.ACTIVE:
            self._end([line.id])
        elif lane is not None and not lane.stopping.is_set():
            lane.line = line
            lane.wake()
        else:
            self._end([line.id])
            self._lanes[line.id] = Lane(line, self._given)
            self._lanes[line.id].start()

    def _end(self, subscriptions: list[UUID]) -> None:
        """They are over when this returns, so that nobody delivers beside the next one."""
        ending = [self._lanes.pop(id_) for id_ in subscriptions if id_ in self._lanes]
        for lane in ending:
            lane.stop()
        for lane in ending:
            lane.join(JOIN_SECONDS)

    def _gone(self, state: Subscription) -> None:
        done = self._record(state, d.DisableSubscription(because=e.DisabledBecause.GONE))
        self._told(done.stream, state)

    def _replayed(self, state: Subscription, replay: int) -> None:
        self._record(state, d.FinishReplay(replay=replay))

    def _record(self, state: Subscription, command: Command) -> Done:
        """Once for each time that it comes to it: the version of the subscription makes the key."""
        version = str(len(self._log.read(subscription_id(state.code))))
        key = command_key("delivery", state.code, type(command).__name__, version)
        return self._keeping.do(MACHINE, state.code, key, command)
