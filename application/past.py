"""The past: what the office had recorded at a moment, and what of it was true on a day.

Two clocks. *Known at* cuts the history where it stood then. *Valid at* leaves of what was known only the facts that had
happened by a day, each as it reads after the corrections that were known. The same folds as of the present make the
state from what is left.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta

import msgspec

from application.handling import OFFICE
from application.ports import Recorded
from domain.dates import latest
from domain.initiatives.events import FactCorrected


class AsOf(msgspec.Struct, frozen=True, kw_only=True):
    """A place on both clocks."""

    known_at: datetime
    """Facts that were recorded later are not known."""
    valid_at: date | None = None
    """Facts that had not happened when this day of the office was over are left out; None for all that were known."""

    @property
    def today(self) -> date:
        """The last day of which anything is known."""
        return min(day_of(self.known_at), self.valid_at or date.max)

    @property
    def until(self) -> datetime:
        """The last moment from which anything is left that happened when it was recorded."""
        return min(self.known_at, end_of_day(self.valid_at)) if self.valid_at else self.known_at

    @property
    def known_alone(self) -> "AsOf":
        return AsOf(known_at=self.known_at)


class Preparing(Exception):
    """The past is still being put together from the log. `done` of `whole` facts are taken."""

    def __init__(self, done: int, whole: int) -> None:
        super().__init__(f"{done} of {whole}")
        self.done = done
        self.whole = whole


class NotYet(Exception):
    """Nothing was known, or nothing had happened. `first` is the first day of which there is something to see."""

    def __init__(self, first: date) -> None:
        super().__init__(first.isoformat())
        self.first = first


def end_of_day(day: date) -> datetime:
    """The last moment of a day of the office."""
    return datetime.combine(day + timedelta(days=1), time(), OFFICE).astimezone(UTC) - timedelta(microseconds=1)


def day_of(at: datetime) -> date:
    """The office's calendar day."""
    return at.astimezone(OFFICE).date()


def seen(recorded: Iterable[Recorded], as_of: AsOf) -> list[Recorded]:
    """What is left of a history, by version: nothing where its beginning had not happened yet."""
    known = [r for r in recorded if r.recorded_at <= as_of.known_at]
    return known if as_of.valid_at is None else true_on(as_of.valid_at, known)


def true_on(day: date, known: Sequence[Recorded]) -> list[Recorded]:
    """What had happened by a day of a whole history, as it reads after every correction: nothing where its beginning
    had not."""
    left = [r for r in as_they_stand(known) if happened_by(r) <= day]
    return left if left and left[0].version == 1 else []


def as_they_stand(recorded: Sequence[Recorded]) -> list[Recorded]:
    """Each fact as it reads after every correction, without the corrections themselves."""
    stands = {r.version: r for r in recorded if not isinstance(r.fact, FactCorrected)}
    for r in recorded:
        if isinstance(r.fact, FactCorrected) and (wrong := stands.get(r.fact.corrects)):
            stands[wrong.version] = msgspec.structs.replace(wrong, fact=r.fact.restated)
    return list(stands.values())


def happened_by(recorded: Recorded) -> date:
    """The day by which it had happened for certain: its day, or the last one that a month or year may mean; at the
    latest the day of its recording."""
    on = recorded.fact.occurred_on
    day = day_of(recorded.recorded_at)
    return min(latest(on), day) if on else day


def first_day(whole: Sequence[Recorded], as_of: AsOf) -> date:
    """From when on something can be seen: on the clock of recording, or where that was reached on the other one."""
    known = [r for r in whole if r.recorded_at <= as_of.known_at]
    return happened_by(as_they_stand(known)[0]) if known else day_of(whole[0].recorded_at)
