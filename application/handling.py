"""The one loop of every command: read, fold, decide, append."""

import hashlib
import random
import time
from collections.abc import Callable, Sequence
from typing import Any, Final, Generic, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from application.access import Person
from application.ports import Clock, Conflict, Log, Save, Saved, VaultEntry, Write
from domain.initiatives.procedure import CaseOccasion, Procedures
from domain.kernel import Command, CommandKey, Fact, Occasion

OFFICE = ZoneInfo("Europe/Belgrade")
ATTEMPTS: Final = 60
"""How often a command that does not depend on what its sender saw is tried after lost races."""
LONGEST_PAUSE: Final = 0.04
"""Seconds before the next attempt, at most: losers that come back all at once would lose again."""


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """A command as it reaches a use case."""

    key: CommandKey
    command: Command
    entries: tuple[VaultEntry, ...] = ()
    """The words that the command's references point to."""
    seen: int | None = None
    """Version of the case or file that the person had before them; None where it does not matter."""


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """What a use case leaves: where to look, and the position to wait for."""

    stream: UUID
    number: str = ""
    position: int
    after: int = 0
    """Version of the case that the facts follow."""
    facts: Sequence[Fact] = ()
    """What was recorded; empty where nothing was, or the request was a repeated one."""
    repeated: bool = False
    """The same request had been carried out before, or had nothing left to change."""


S = TypeVar("S")
F = TypeVar("F", bound=Fact)


class Known(msgspec.Struct, Generic[S], frozen=True):
    """The state of one stream as the log has it now."""

    stream: UUID
    state: S | None
    version: int
    position: int


def occasion(person: Person, clock: Clock) -> Occasion:
    """Who acts, and when by the office's clock."""
    at = clock()
    return Occasion(actor=person.account, at=at, today=at.astimezone(OFFICE).date())


def case_occasion(person: Person, clock: Clock, procedures: Procedures) -> CaseOccasion:
    """The same, where something about a case is decided."""
    on = occasion(person, clock)
    return CaseOccasion(actor=on.actor, at=on.at, today=on.today, procedures=procedures)


def digest(subject: str, request: Request) -> bytes:
    """SHA-256 of what is asked: the same key must not name two different requests."""
    body = msgspec.json.encode([subject, type(request.command).__name__, request.command, request.entries])
    return hashlib.sha256(body).digest()


def digest_of(facts: Sequence[Fact]) -> bytes:
    """SHA-256 of facts that no command of a person led to."""
    return hashlib.sha256(msgspec.json.encode(facts)).digest()


def known(log: Log, stream: UUID, fold: Callable[[Sequence[Any]], S | None]) -> Known[S]:
    """Read and fold one stream."""
    recorded = log.read(stream)
    version, position = (recorded[-1].version, recorded[-1].position) if recorded else (0, 0)
    return Known(stream, fold([r.fact for r in recorded]), version, position)


class MovedOn(Conflict):
    """Somebody wrote after the person had looked; trying again without another look would write over it."""


def unchanged_since(seen: int | None, now: Known[Any]) -> None:
    """Raise MovedOn where somebody wrote after the person had looked."""
    if seen is not None and seen != now.version:
        raise MovedOn(now.stream)


def keep(log: Log, request: Request, mark: bytes, on: Occasion, writes: Sequence[Write]) -> Saved:
    """Append what one request leads to, whole or not at all."""
    save = Save(key=request.key, digest=mark, on=on, writes=writes, entries=request.entries)
    return log.append([save])[0]


def retried(attempt: Callable[[], Done], wanted: Callable[[Conflict], bool]) -> Done:
    """Try again after a lost race that says nothing against the command. Raises the last Conflict."""
    for left in range(ATTEMPTS, 0, -1):
        try:
            return attempt()
        except Conflict as conflict:
            if left == 1 or not wanted(conflict):
                raise
        time.sleep(random.uniform(0, LONGEST_PAUSE))  # noqa: S311 - any pause will do
    raise AssertionError("unreachable")
