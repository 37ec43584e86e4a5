"""Bundles that auditors take away: facts of some days, or of one case, with the proof that they were not changed."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol, runtime_checkable

import msgspec

from application.access import Person
from application.auditing import require_audit
from application.auditing_looks import NONE, Place, Witness
from application.handling import OFFICE
from application.identity import case_id
from application.past import day_of
from application.ports import Clock
from domain.kernel import Refusal, Refused


class BundleEnd(msgspec.Struct, frozen=True, kw_only=True):
    """A checkpoint between which and another one the bundle stands."""

    size: int
    recorded_at: datetime
    """Of the newest fact under it."""
    witnesses: int
    """How many of those that this installation names have signed it."""


class BundlePlan(msgspec.Struct, frozen=True, kw_only=True):
    """What a bundle would hold."""

    origin: str
    start: datetime
    end: datetime
    """Facts recorded before it belong to the interval. Earlier than what was asked for where the seal ends."""
    leaves: int
    facts: int
    """Whose words are in the file: of all leaves, or of those of the case."""
    size: int
    """Bytes of the file, as far as they can be told before it is made."""
    before: BundleEnd | None
    """None where it begins with the first fact of all."""
    after: BundleEnd
    named: int
    """Witnesses that this installation names."""
    quorum: int
    """So many have signed both checkpoints, at least; 0 where too few have."""


@runtime_checkable
class Bundles(Protocol):
    """Moments are aware; `start` belongs to the interval, `end` does not; `number` is that of one case.

    All methods raise LogUnavailable, and Refused where the seal does not give it.
    """

    def begun(self, number: str | None) -> datetime | None:
        """When the first fact of the case, or of all, was recorded; None where there is none."""
        ...

    def plan(self, start: datetime, end: datetime, number: str | None) -> BundlePlan:
        """Looks up what `pieces` would give, without reading every fact."""
        ...

    def pieces(self, start: datetime, end: datetime, number: str | None) -> Iterator[bytes]:
        """The file; it breaks off where the log turns out not to be the one that was sealed."""
        ...

    def policy(self) -> bytes:
        """Keys, witnesses and newest checkpoints, as JSON."""
        ...


class TakingBundles:
    """Whoever may read the whole log may take it away with its proof. All methods raise Forbidden for others."""

    def __init__(self, bundles: Bundles, clock: Clock, witness: Witness) -> None:
        self._bundles, self._clock, self._witness = bundles, clock, witness

    def first_day(self, person: Person, number: str | None) -> date:
        """Of the case, or of the log. Raises Refused where there is none."""
        require_audit(person)
        begun = self._bundles.begun(number)
        if begun is None and number:
            raise Refused(Refusal("bundle.case-unknown", {"number": number}, "case"))
        if begun is None:
            raise Refused(Refusal("bundle.nothing-sealed"))
        return day_of(begun)

    def plan(self, person: Person, since: date, until: date, number: str | None) -> BundlePlan:
        """Days of the office, both of them belong to it. Raises Refused."""
        return self._bundles.plan(*self._interval(person, since, until, number), number)

    def pieces(self, person: Person, since: date, until: date, number: str | None) -> Iterator[bytes]:
        """As `plan`. That somebody takes them is kept first."""
        interval = self._interval(person, since, until, number)
        self._witness.sees(person, Place.BUNDLE, case_id(number) if number else NONE)
        return self._bundles.pieces(*interval, number)

    def policy(self, person: Person) -> bytes:
        """Raises Refused where nothing is sealed."""
        require_audit(person)
        return self._bundles.policy()

    def _interval(self, person: Person, since: date, until: date, number: str | None) -> tuple[datetime, datetime]:
        first, today = self.first_day(person, number), day_of(self._clock())
        for field, day in (("from", since), ("to", until)):
            if day > today:
                raise Refused(Refusal("bundle.not-come", {"day": day.isoformat()}, field))
        if until < since:
            raise Refused(Refusal("audit.backwards", field="to"))
        if until < first:
            raise Refused(Refusal("bundle.before-first", {"first": first.isoformat()}, "to"))
        return begin_of(since), begin_of(until, 1)


def begin_of(day: date, later: int = 0) -> datetime:
    """The moment at which a day of the office begins, or the one so many days later."""
    return datetime.combine(day + timedelta(days=later), time(), OFFICE).astimezone(UTC)
