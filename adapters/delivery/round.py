"""One round of deliveries: cases beside each other, the facts of each in their order."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import datetime
from threading import Event as Flag
from uuid import UUID

import msgspec

from adapters.delivery.places import Case
from application.delivering import DOWN, Event, message_id, rest_of_receiver
from application.ports import Clock
from application.subscriptions_ports import Answer, Delivery, Message

Send = Callable[[Message], Answer]


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """Facts of one case that are to be delivered one after the other."""

    stream: UUID
    after: int
    """Where the case stands before them."""
    events: Sequence[Event]
    case: Case | None = None
    """Where it has waited."""
    replays: Sequence[int]
    """By which replay each of them is sent; 0 for none."""


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    task: Task
    after: int
    """The last position that was taken."""
    failure: Answer | None
    """How the fact behind it was not taken; None where it was not tried."""
    deliveries: Sequence[Delivery]

    @property
    def complete(self) -> bool:
        return not self.task.events or self.after == self.task.events[-1].recorded.position


class Round:
    """Ends early where the receiver takes nothing, wants nothing more or asks for a pause, or somebody stops it."""

    def __init__(
        self, subscription: UUID, send: Send, clock: Clock, stopping: Flag, failing: set[UUID], *, probing: bool
    ) -> None:
        """`failing` are the cases that failed one after the other until now; it is kept from round to round. `probing`
        tries a receiver that is known to be down."""
        self._id, self._send, self._clock, self._stopping = subscription, send, clock, stopping
        self._failing, self._probing, self._lock = failing, probing, threading.Lock()
        self.took = 0
        self.gone = False
        self.rest_until: datetime | None = None

    @property
    def down(self) -> bool:
        return len(self._failing) >= DOWN

    def run(self, tasks: Sequence[Task], pool: ThreadPoolExecutor) -> Sequence[Outcome]:
        if len(tasks) == 1:
            return [self._deliver(tasks[0])]
        under_way = [pool.submit(self._deliver, task) for task in tasks]
        wait(under_way)  # also where one fails: nothing may be sent any more when this returns
        return [one.result() for one in under_way]

    def _deliver(self, task: Task) -> Outcome:
        after, deliveries = task.after, list[Delivery]()
        attempt = (task.case.attempts if task.case else 0) + 1
        for event, replay in zip(task.events, task.replays, strict=True):
            if event.body is None or self._halted():
                break
            position, sent_at = event.recorded.position, self._clock()
            answer = self._send(Message(message_id(self._id, position, replay), event.body))
            deliveries.append(
                Delivery(
                    id=0,
                    position=position,
                    stream=task.stream,
                    replay=replay,
                    attempt=attempt,
                    sent_at=sent_at,
                    answer=answer,
                )
            )
            self._note(task.stream, answer)
            if not answer.accepted:
                return Outcome(task=task, after=after, failure=answer, deliveries=deliveries)
            after, attempt = position, 1
        return Outcome(task=task, after=after, failure=None, deliveries=deliveries)

    def _halted(self) -> bool:
        return self._stopping.is_set() or self.gone or self.rest_until is not None or (self.down and not self._probing)

    def _note(self, stream: UUID, answer: Answer) -> None:
        with self._lock:
            if answer.accepted:
                self.took += 1
                self._failing.clear()
                return
            self._failing.add(stream)
            self.gone = self.gone or answer.gone
            if wished := rest_of_receiver(answer):
                self.rest_until = self._clock() + wished
