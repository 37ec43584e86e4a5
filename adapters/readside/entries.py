"""What the read side remembers of a case and of a partner between two facts, and how one more fact changes it."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final, get_args
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from application.ports import Recorded
from application.views.register import PartnerName
from domain.initiatives.deadlines import Waiting, known_due_day
from domain.initiatives.events import InitiativeEvent
from domain.initiatives.initiative import Initiative
from domain.initiatives.liveness import liveness
from domain.initiatives.procedure import IN_TERM, Procedures, Step
from domain.initiatives.reminding import Clock, ticking
from domain.kernel import Fact
from domain.partners.events import PartnerEvent
from domain.partners.partner import Partner
from domain.partners.partner import evolve as evolve_partner

OFFICE: Final = ZoneInfo("Europe/Belgrade")
CASE_FACTS: Final[frozenset[type[Fact]]] = frozenset(get_args(InitiativeEvent))
PARTNER_FACTS: Final[frozenset[type[Fact]]] = frozenset(get_args(PartnerEvent))


class CaseEntry(msgspec.Struct, frozen=True, gc=False):
    state: Initiative
    position: int
    """Of its newest fact."""
    opened: datetime
    updated: datetime
    since: datetime
    """When its stage was recorded."""
    step_since: datetime
    """When what is next became next: the stage, or a change of the next step within it."""
    waiting: Waiting
    """How long it has been next, in the office's days."""
    step: Step | None
    clock: Clock
    """The days that run, its due day among them."""

    @property
    def due(self) -> date | None:
        """The day by which the next step is to be taken, None where no time is set or nobody can count it."""
        return self.clock.due


def clock_of(
    state: Initiative, step: Step | None, since: date, waiting: Waiting, day: date, procedures: Procedures
) -> Clock:
    """The days that run from `day` on. `since` is the day on which the stage was recorded."""
    due = known_due_day(state, step, waiting, procedures.calendar)
    own = procedures.of(state).steps.get(state.stage) if state.stage in IN_TERM else None
    return ticking(state.stage, step, due, liveness(state, own, since), day)


@lru_cache(maxsize=1024)
def end_of(day: date) -> datetime:
    """The moment at which the office's day is over."""
    return datetime.combine(day + timedelta(days=1), time(), OFFICE).astimezone(UTC)


def office_day(at: datetime) -> date:
    return at.astimezone(OFFICE).date()


class PartnerEntry(msgspec.Struct, frozen=True, gc=False):
    state: Partner
    updated: datetime


def follow_partner(entry: PartnerEntry | None, recorded: Recorded, fact: PartnerEvent) -> PartnerEntry:
    """The entry after one more fact. Raises domain's BrokenHistory."""
    return PartnerEntry(evolve_partner(entry.state if entry else None, fact), recorded.recorded_at)


def chain(partners: Mapping[UUID, PartnerEntry], held: UUID) -> list[UUID]:
    """The partner that a case holds, and whom it was merged into, to the one that goes on."""
    ids = [held]
    while (entry := partners.get(ids[-1])) and entry.state.merged_into and entry.state.merged_into not in ids:
        ids.append(entry.state.merged_into)
    return ids


def shown(entry: PartnerEntry | None, partner: UUID) -> PartnerName:
    """A partner's name; one that no fact has registered yet is shown by its id."""
    if entry is None:
        return PartnerName(partner, str(partner), "")
    return PartnerName(partner, entry.state.name, entry.state.country, entry.state.part_of)
