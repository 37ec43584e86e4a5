"""Keeping requests: threads share one transaction, and where that fails only the culprit fails."""

import re
from collections.abc import Sequence
from itertools import accumulate, islice
from uuid import UUID

import psycopg

from adapters.recording.handoff import Handoff, HandoffClosed, HandoffTimeout
from adapters.recording.request import Request
from adapters.recording.writer import Writer
from application.ports import CommandKeyReused, Conflict, LogUnavailable, Saved
from domain.kernel import CommandKey

ANSWER_SECONDS = 30.0
ABSENT_PREDECESSOR = "PB001"
UNREACHABLE = (psycopg.OperationalError, psycopg.errors.ReadOnlySqlTransaction)
Unit = tuple[Request, ...]
"""Requests to be kept whole or not at all."""


class Keeper:
    """Writes into the log for all threads of this process. Raises what the port Log promises for `append`."""

    def __init__(self, url: str) -> None:
        self._writer = Writer(url)
        self._handoff: Handoff[Unit, Sequence[Saved]] = Handoff(self._commit)

    def append(self, requests: Sequence[Request]) -> Sequence[Saved]:
        """Where each request ended, in order."""
        if not requests:
            return []
        first_of = _distinct(requests)
        try:
            saved = self._handoff.submit(tuple(first_of.values()), ANSWER_SECONDS)
        except (HandoffClosed, HandoffTimeout) as fault:
            raise LogUnavailable(type(fault).__name__) from fault
        if len(first_of) == len(requests):
            return saved
        return _once(requests, dict(zip(first_of, saved, strict=True)))

    def close(self) -> None:
        """Finish the commit under way and take nothing more."""
        if self._handoff.close(ANSWER_SECONDS):
            self._writer.close()

    def _commit(self, units: Sequence[Unit]) -> Sequence[Sequence[Saved] | Exception]:
        """Together where that works; else each alone, so that only the culprit fails."""
        if len(units) > 1:
            try:
                return self._together(units)
            except UNREACHABLE as fault:
                return [LogUnavailable(words(fault)) for _ in units]
            except (psycopg.Error, ValueError):
                pass
        return [self._alone(unit) for unit in units]

    def _together(self, units: Sequence[Unit]) -> Sequence[Sequence[Saved]]:
        requests = [request for unit in units for request in unit]
        saved = iter(_ends(self._writer.append(requests), requests))
        return [list(islice(saved, len(unit))) for unit in units]

    def _alone(self, unit: Unit) -> Sequence[Saved] | Exception:
        try:
            return self._kept(unit)
        except UNREACHABLE as fault:
            return LogUnavailable(words(fault))
        except psycopg.Error as fault:
            stream = _conflicting_stream(fault)
            return Conflict(stream) if stream else fault
        except Exception as fault:
            return fault

    def _kept(self, unit: Sequence[Request]) -> Sequence[Saved]:
        try:
            return _ends(self._writer.append(unit), unit)
        except psycopg.errors.UniqueViolation as fault:
            if fault.diag.constraint_name != "commands_pkey":
                raise
        used = self._writer.used(unit)
        if any(used.get(request.key, (request.digest,))[0] != request.digest for request in unit):
            raise CommandKeyReused
        fresh = [request for request in unit if request.key not in used]
        saved = iter(self._kept(fresh) if fresh else ())
        return [Saved(used[r.key][1], repeated=True) if r.key in used else next(saved) for r in unit]


def _ends(head: int, requests: Sequence[Request]) -> list[Saved]:
    return [Saved(head + end) for end in accumulate(len(request.facts) for request in requests)]


def _distinct(requests: Sequence[Request]) -> dict[CommandKey, Request]:
    """By key. Raises CommandKeyReused where two requests share a key and are not the same."""
    first_of: dict[CommandKey, Request] = {}
    for request in requests:
        if first_of.setdefault(request.key, request).digest != request.digest:
            raise CommandKeyReused
    return first_of


def _once(requests: Sequence[Request], answers: dict[CommandKey, Saved]) -> list[Saved]:
    """An answer to each; the second request with a key is a repetition of the first."""
    seen: set[CommandKey] = set()
    saved: list[Saved] = []
    for request in requests:
        answer = answers[request.key]
        saved.append(Saved(answer.position, repeated=True) if request.key in seen else answer)
        seen.add(request.key)
    return saved


def _conflicting_stream(fault: psycopg.Error) -> UUID | None:
    """The stream that somebody else has written to, if that is what the fault says."""
    lost_race = isinstance(fault, psycopg.errors.UniqueViolation) and fault.diag.constraint_name == "facts_pkey"
    if not lost_race and fault.sqlstate != ABSENT_PREDECESSOR:
        return None
    named = re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", fault.diag.message_detail or "")
    return UUID(named[0]) if named else None


def words(fault: psycopg.Error) -> str:
    """What the database says, in one line."""
    return " ".join(str(fault).split())
