"""What a program was answered: kept for some days, so that a request that is sent again hears the same."""

from datetime import datetime, timedelta
from typing import Final, Protocol, runtime_checkable

import msgspec

from application.ports import Clock, CommandKeyReused
from domain.kernel import AccountId, CommandKey

KEPT: Final = timedelta(days=7)
"""Afterwards the log still knows the key: the deed is not done again, and the answer is made anew from its facts."""


class Answer(msgspec.Struct, frozen=True):
    """Of a request that was carried out. Refusals are not kept: nothing was done, and the same may be sent again."""

    status: int
    body: bytes
    location: str | None = None
    version: int | None = None


@runtime_checkable
class Answers(Protocol):
    def find(self, key: CommandKey, now: datetime) -> tuple[bytes, Answer] | None:
        """The digest of the request, and what it was answered."""
        ...

    def keep(
        self, key: CommandKey, account: AccountId, digest: bytes, answer: Answer, now: datetime, ends: datetime
    ) -> None:
        """Where two come at the same moment, the first one stays. What is over goes."""
        ...


class KeepingAnswers:
    def __init__(self, answers: Answers, clock: Clock) -> None:
        self._answers, self._clock = answers, clock

    def find(self, key: CommandKey, digest: bytes) -> Answer | None:
        """Raises CommandKeyReused where the key named another request."""
        found = self._answers.find(key, self._clock())
        if found is None:
            return None
        if found[0] != digest:
            raise CommandKeyReused
        return found[1]

    def keep(self, key: CommandKey, account: AccountId, digest: bytes, answer: Answer) -> None:
        now = self._clock()
        self._answers.keep(key, account, digest, answer, now, now + KEPT)
