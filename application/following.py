"""Cases that a person follows: a list of one's own, with what changed since one last looked."""

from datetime import datetime
from typing import Final, Protocol, runtime_checkable
from uuid import UUID

from application.access import Person, scope_of
from application.ports import Clock, Log
from application.reading import Reading
from domain.kernel import AccountId, Refusal, Refused

MOST_FOLLOWED: Final = 200
"""Cases of one person: whoever follows more follows none."""


@runtime_checkable
class Followed(Protocol):
    def add(self, account: AccountId, case: UUID, at: datetime, seen: int, most: int) -> bool:
        """Keep the case among those of an account, once; False where the account has as many as it may."""
        ...

    def remove(self, account: AccountId, case: UUID) -> None: ...

    def holds(self, account: AccountId, case: UUID) -> bool: ...

    def seen(self, account: AccountId, position: int) -> None:
        """The person has looked at everything up to a position of the log."""
        ...


class FollowingCases:
    """All methods raise Forbidden where the role reads no cases at all."""

    def __init__(self, followed: Followed, reading: Reading, log: Log, clock: Clock) -> None:
        self._followed = followed
        self._reading = reading
        self._log = log
        self._clock = clock

    def follow(self, person: Person, number: str) -> None:
        """Raises NotFound, Refused where the person follows as many as they may."""
        case = self._reading.case(person, number).case
        if not self._followed.add(person.account, case, self._clock(), self._log.head(), MOST_FOLLOWED):
            raise Refused(Refusal("follow.too-many", {"most": MOST_FOLLOWED}))

    def unfollow(self, person: Person, number: str) -> None:
        """Raises NotFound."""
        self._followed.remove(person.account, self._reading.case(person, number).case)

    def follows(self, person: Person, case: UUID) -> bool:
        return self._followed.holds(person.account, case)

    def look(self, person: Person, position: int) -> None:
        """What changed up to there is no news any more."""
        scope_of(person)
        self._followed.seen(person.account, min(position, self._log.head()))
