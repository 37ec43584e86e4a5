"""Delivers to one subscription: the log is the queue, a cursor says how far it has come, and each case keeps its order.

A case with a fact that the receiver does not take gets a cursor of its own, and the others go on. Where nothing at all
is taken the receiver rests, and is then tried with one case and one new fact at a time.
"""

import contextlib
import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec
from msgspec.structs import replace

from adapters.delivery.desk import columns
from adapters.delivery.faults import DeliveryFault
from adapters.delivery.places import Case, LeadLost, Place, Places
from adapters.delivery.round import Outcome, Round, Task
from adapters.delivery.webhook import AT_ONCE, Webhook
from application.delivering import Event, Events, pause, rest
from application.ports import Clock, Log, LogUnavailable, Recorded, UnreadableFact
from application.subscriptions_ports import Answer
from domain.subscriptions.events import SubscriptionEvent
from domain.subscriptions.subscription import Key, Subscription

LARGEST: Final = 256
SMALLEST: Final = 16
"""Facts of a round, so that it takes about a second."""
LONG_ROUND: Final = timedelta(seconds=2)
SHORT_ROUND: Final = timedelta(seconds=0.5)
BACKLOG: Final = 50
"""Facts of one waiting case that a round takes."""
MOST_DUE: Final = 20
"""Waiting cases that a round tries."""
POLL_SECONDS: Final = 1.0
FAULT_SECONDS: Final = 5.0
FORGET_EVERY: Final = 5_000
"""Attempts after which old ones are forgotten."""
_LOGGER: Final = logging.getLogger("pobratim.deliveries")
Facts = Sequence[tuple[int, SubscriptionEvent]]


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A subscription as its facts have it, with those facts by version."""

    id: UUID
    state: Subscription
    facts: Facts


class Surroundings(msgspec.Struct, frozen=True, kw_only=True):
    """What a lane is given to work with."""

    log: Log
    events: Events
    webhook: Callable[[Subscription, Sequence[Key]], Webhook]
    places: Callable[[UUID], Places]
    clock: Clock
    gone: Callable[[Subscription], None]
    """The receiver wants nothing more: record it."""
    replayed: Callable[[Subscription, int], None]
    """A replay has sent everything: record it."""
    parked: Callable[[UUID, Subscription], None]
    """Something waits for a person: tell one."""


class Lane:
    """A thread until it is stopped. Nobody else may deliver to the subscription meanwhile."""

    def __init__(self, line: Line, given: Surroundings) -> None:
        self.line, self._given = line, given
        self._places = given.places(line.id)
        self._place, self._cases = Place(cursor=0), dict[UUID, Case]()
        self._failing = set[UUID]()
        self._webhook: Webhook | None = None
        self._made_of: object = None
        self._size, self._sent = SMALLEST, 0
        self._senders = ThreadPoolExecutor(AT_ONCE, thread_name_prefix=f"deliver-{line.state.code}")
        self.stopping, self._awake = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self.run, name=f"lane-{line.state.code}", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def wake(self) -> None:
        """There may be something new."""
        self._awake.set()

    def stop(self) -> None:
        """What is under way comes to its end; see `join`."""
        self.stopping.set()
        self._awake.set()

    def join(self, seconds: float) -> None:
        self._thread.join(seconds)

    def run(self) -> None:
        try:
            while not self.stopping.is_set():
                self._guarded()
        finally:
            self._senders.shutdown(wait=False)
            if self._webhook:
                self._webhook.close()

    def _guarded(self) -> None:
        """Work until something goes wrong, and begin anew after a while."""
        try:
            self.begin()
            while not self.stopping.is_set():
                self._awake.clear()
                if not self.step():
                    self._awake.wait(POLL_SECONDS)
            return
        except LeadLost:
            _LOGGER.warning("%s: another process delivers", self.line.state.code)
        except (DeliveryFault, UnreadableFact, LogUnavailable) as fault:
            said = " ".join(str(fault).split())
            _LOGGER.warning("%s: deliveries stand still: %s", self.line.state.code, said)
            with contextlib.suppress(LogUnavailable):
                self._places.note(said)
        except Exception:
            _LOGGER.exception("%s: deliveries begin anew", self.line.state.code)
        self.stopping.wait(FAULT_SECONDS)

    # --- one round

    def begin(self) -> None:
        """Take in what people have decided, and find the place. Raises DeliveryFault, LogUnavailable."""
        line = self.line
        self._places.apply(line.facts, self._given.clock())
        self._place, self._cases = self._places.load()
        self._failing.clear()

    def step(self) -> bool:
        """One round; False where there was nothing to do. Raises UnreadableFact, DeliveryFault, LeadLost and
        LogUnavailable."""
        if self._place.applied < self.line.facts[-1][0]:
            self.begin()
        now = self._given.clock()
        if self._place.resting_until and now < self._place.resting_until:
            return False
        probing = self._place.rounds > 0
        due, caught_up = self._due(now, 1 if probing else MOST_DUE)
        fresh, cursor = self._fresh(1 if probing else self._size)
        if not due and not caught_up and cursor == self._place.cursor:
            return False
        send, clock = self._open().send, self._given.clock
        round_ = Round(self.line.id, send, clock, self.stopping, self._failing, probing=probing)
        outcomes = round_.run([*due, *fresh], self._senders)
        self._keep(round_, outcomes, caught_up, cursor, now)
        return True

    def _open(self) -> Webhook:
        """Made anew when other secrets sign, or the address has changed."""
        state = self.line.state
        keys = state.signs(self._given.clock())
        if self._webhook is None or (state.address, keys) != self._made_of:
            if self._webhook:
                self._webhook.close()
            self._webhook, self._made_of = self._given.webhook(state, keys), (state.address, keys)
        return self._webhook

    def _due(self, now: datetime, most: int) -> tuple[list[Task], list[UUID]]:
        """Waiting cases whose time has come, and those that have nothing more to deliver."""
        waiting = sorted((c for c in self._cases.values() if not c.parked_at and c.next_at <= now), key=_when)
        tasks, caught_up = list[Task](), list[UUID]()
        for case in waiting[:most]:
            found = self._given.log.page(case.after, BACKLOG, stream=case.stream)
            within = [one for one in found if one.position <= self._place.cursor]
            events = [event for event in self._events(within) if event.body is not None]
            if events:
                tasks.append(self._task(case.stream, case.after, events, case))
            elif len(within) < BACKLOG:
                caught_up.append(case.stream)
            else:
                self._cases[case.stream] = replace(case, after=within[-1].position)
        return tasks, caught_up

    def _fresh(self, most: int) -> tuple[list[Task], int]:
        """Facts behind the cursor by case, without cases that wait, and how far the cursor goes with them."""
        cursor, wanted = self._place.cursor, list[Event]()
        for event in self._events(self._page(cursor, max(most, SMALLEST))):
            if event.body is not None and event.recorded.stream not in self._cases:
                if len(wanted) == most:
                    break
                wanted.append(event)
            cursor = event.recorded.position
        by_case: dict[UUID, list[Event]] = {}
        for event in wanted:
            by_case.setdefault(event.recorded.stream, []).append(event)
        tasks = [self._task(stream, self._place.cursor, events) for stream, events in by_case.items()]
        return tasks, cursor

    def _page(self, after: int, most: int) -> Sequence[Recorded]:
        try:
            return self._given.log.page(after, most)
        except UnreadableFact as fault:
            if not fault.before:
                raise
            return fault.before

    def _events(self, recorded: Sequence[Recorded]) -> Sequence[Event]:
        return self._given.events(self.line.state.filter, recorded) if recorded else ()

    def _task(self, stream: UUID, after: int, events: Sequence[Event], case: Case | None = None) -> Task:
        def replay_of(position: int) -> int:
            if case and position <= case.replay_until:
                return case.replay
            return self._place.replay_of(position)

        replays = [replay_of(event.recorded.position) for event in events]
        return Task(stream=stream, after=after, events=events, case=case, replays=replays)

    def _keep(
        self, round_: Round, outcomes: Sequence[Outcome], caught_up: Sequence[UUID], cursor: int, began: datetime
    ) -> None:
        now, was = self._given.clock(), self._place
        put, gone, parked = list[Case](), list(caught_up), False
        for outcome in outcomes:
            case = self._after(outcome, now)
            if case is not None:
                put.append(case)
                parked = parked or case.parked_at is not None
            elif outcome.task.case is not None:
                gone.append(outcome.task.stream)
        place = self._moved(round_, outcomes, cursor, now)
        deliveries = [one for outcome in outcomes for one in outcome.deliveries]
        self._places.move(was, place, put, gone, columns(self.line.id, deliveries) if deliveries else None)
        self._place = place
        self._cases.update({case.stream: case for case in put})
        for stream in gone:
            self._cases.pop(stream, None)
        self._adapt(now - began)
        self._tell(round_, place, parked=parked)
        self._forget(len(deliveries), now)

    def _after(self, outcome: Outcome, now: datetime) -> Case | None:
        """How the case waits now; None where it does not."""
        task, failure = outcome.task, outcome.failure
        known = task.case
        more = known is not None and len(task.events) > 0  # there may be more behind the backlog
        if outcome.complete and not more:
            return None
        fresh = known is None or outcome.after > known.after
        case = Case(
            stream=task.stream,
            after=outcome.after,
            attempts=0 if fresh or known is None else known.attempts,
            since=now if known is None else known.since,
            next_at=now,
            fault="" if fresh or known is None else known.fault,
            replay=(known.replay if known else self._place.replay) or 0,
            replay_until=(known.replay_until if known else self._place.replay_until) or 0,
        )
        if failure is None:
            return case
        attempts = case.attempts + 1
        wait = pause(attempts, failure)
        return replace(
            case,
            attempts=attempts,
            next_at=now + (wait or timedelta()),
            parked_at=now if wait is None and not failure.gone else None,
            fault=told(failure),
            status=failure.status,
        )

    def _moved(self, round_: Round, outcomes: Sequence[Outcome], cursor: int, now: datetime) -> Place:
        """Where the subscription stands after the round."""
        failures = [outcome.failure for outcome in outcomes if outcome.failure]
        was = self._place
        if not failures:
            took = bool(round_.took) or not was.rounds
            place = replace(was, rounds=0, failing_since=None, resting_until=None, fault=None) if took else was
            return replace(place, cursor=cursor)
        rounds = was.rounds + 1 if round_.down or (was.rounds and not round_.took) else 0
        wished, nothing = round_.rest_until, not round_.took or rounds > 0
        return replace(
            was,
            cursor=cursor,
            rounds=rounds,
            failing_since=(was.failing_since or now) if nothing else None,
            resting_until=max(filter(None, (wished, now + rest(rounds) if rounds else None)), default=None),
            fault=told(failures[-1]) if nothing else None,
        )

    def _adapt(self, spent: timedelta) -> None:
        if spent > LONG_ROUND:
            self._size = max(SMALLEST, self._size // 2)
        elif spent < SHORT_ROUND:
            self._size = min(LARGEST, self._size * 2)

    def _tell(self, round_: Round, place: Place, *, parked: bool) -> None:
        state = self.line.state
        if parked:
            self._given.parked(self.line.id, state)
        if round_.gone:
            self.stopping.set()
            self._given.gone(state)
        if place.replay and place.cursor >= (place.replay_until or 0):
            self._given.replayed(state, place.replay)
            self._places.finish()
            self._place, self._cases = self._places.load()

    def _forget(self, attempts: int, now: datetime) -> None:
        self._sent += attempts
        if self._sent >= FORGET_EVERY:
            self._sent = 0
            self._places.forget(now)


def told(answer: Answer) -> str:
    """Why a delivery was not taken, in a word for people who look after it."""
    return answer.fault or f"status {answer.status}"


def _when(case: Case) -> tuple[datetime, UUID]:
    return case.next_at, case.stream
