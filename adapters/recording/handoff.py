"""Group commit inside one process: what threads ask for while a commit is under way shares the next one.

Whoever finds nobody at work leads: takes all that waits, commits it, wakes those who were served, and hands the lead
directly to the first who came meanwhile. There is no thread of our own, and a lone caller pays one lock.
"""

from collections import deque
from collections.abc import Callable, Sequence
from threading import Lock
from typing import Generic, TypeVar, cast

Unit = TypeVar("Unit")
Answer = TypeVar("Answer")

LARGEST_BATCH = 128


class HandoffClosed(Exception):
    """Nothing is taken any more."""


class HandoffTimeout(Exception):
    """The answer did not come in time; the unit may have been committed."""


class _Ticket(Generic[Unit, Answer]):
    __slots__ = ("answer", "leads", "unit", "woken")

    def __init__(self, unit: Unit) -> None:
        self.unit = unit
        self.answer: Answer | BaseException | None = None
        self.leads = False
        self.woken = Lock()  # held until this ticket is answered or made the leader
        self.woken.acquire()


class Handoff(Generic[Unit, Answer]):
    """`commit` gets a batch and returns one answer or exception a unit; it is never called twice at once."""

    def __init__(
        self, commit: Callable[[Sequence[Unit]], Sequence[Answer | Exception]], largest: int = LARGEST_BATCH
    ) -> None:
        self._commit = commit
        self._largest = largest
        self._mutex = Lock()
        self._waiting: deque[_Ticket[Unit, Answer]] = deque()
        self._led = False
        self._closed = False
        self._idle = Lock()  # held while somebody leads

    def submit(self, unit: Unit, timeout: float) -> Answer:
        """The answer to `unit`, or its exception. Raises HandoffClosed, HandoffTimeout."""
        ticket: _Ticket[Unit, Answer] = _Ticket(unit)
        with self._mutex:
            if self._closed:
                raise HandoffClosed
            self._waiting.append(ticket)
            if not self._led:
                self._led = ticket.leads = True
                self._idle.acquire()
        if not ticket.leads and not ticket.woken.acquire(timeout=timeout):
            self._give_up(ticket)
        if ticket.answer is None:
            self._lead(ticket)
        if isinstance(ticket.answer, BaseException):
            raise ticket.answer
        return cast("Answer", ticket.answer)

    def close(self, timeout: float) -> bool:
        """Take nothing more and wait for the commit under way; those who wait are told HandoffClosed."""
        with self._mutex:
            self._closed = True
        ended = self._idle.acquire(timeout=timeout)
        if ended:
            self._idle.release()
        return ended

    def _give_up(self, ticket: _Ticket[Unit, Answer]) -> None:
        """Leave the queue. Raises HandoffTimeout, unless the answer or the lead came at the last moment."""
        with self._mutex:
            if ticket.leads or ticket.answer is not None:
                return
            if ticket in self._waiting:
                self._waiting.remove(ticket)
        raise HandoffTimeout

    def _lead(self, leader: _Ticket[Unit, Answer]) -> None:
        """Commit what waits; the leader's own ticket stands first in it."""
        with self._mutex:
            batch = [self._waiting.popleft() for _ in range(min(self._largest, len(self._waiting)))]
        try:
            self._answer(batch)
        finally:
            self._hand_over([ticket for ticket in batch if ticket is not leader])

    def _answer(self, batch: list[_Ticket[Unit, Answer]]) -> None:
        try:
            answers = self._commit([ticket.unit for ticket in batch])
            for ticket, answer in zip(batch, answers, strict=True):
                ticket.answer = answer
        except BaseException as fault:  # also KeyboardInterrupt: nobody may be left waiting
            for ticket in batch:
                if ticket.answer is None:
                    ticket.answer = fault
            if not isinstance(fault, Exception):
                raise

    def _hand_over(self, served: list[_Ticket[Unit, Answer]]) -> None:
        with self._mutex:
            if self._closed:
                refused, next_leader = list(self._waiting), None
                self._waiting.clear()
            else:
                refused, next_leader = [], self._waiting[0] if self._waiting else None
            if next_leader:
                next_leader.leads = True
            else:
                self._led = False
                self._idle.release()
        for ticket in refused:
            ticket.answer = HandoffClosed()
        if next_leader:
            next_leader.woken.release()
        for ticket in (*served, *refused):
            ticket.woken.release()
