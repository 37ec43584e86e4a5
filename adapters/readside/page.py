"""A page of facts, folded once for every view."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final, Protocol, cast
from uuid import UUID

import msgspec

from adapters.readside.entries import (
    CASE_FACTS,
    PARTNER_FACTS,
    CaseEntry,
    PartnerEntry,
    clock_of,
    end_of,
    follow_partner,
    office_day,
)
from adapters.readside.look import Look, again, look
from application.ports import Recorded
from application.reference import LocalGovernments
from domain.initiatives import events as e
from domain.initiatives.deadlines import Waiting, same_move, waited_on
from domain.initiatives.initiative import Initiative, grow
from domain.initiatives.procedure import Procedures, next_step
from domain.initiatives.reminding import Clock
from domain.initiatives.terms import Party
from domain.kernel import Fact
from domain.partners.events import PartnerEvent, PartnerMerged

CASES = "case_file"
PARTNERS = "partner_file"
BLOCK: Final = 2_000
"""Positions in a block. No page crosses from one into the next, so that what is kept of the past does not depend on how
facts came in."""
MOST_LOOKS = 2_000
MOST_LOOKS_OF_A_REPLAY = 20_000
"""Some sixty megabytes; cases that alternate by the thousand are then read again less often."""
MOST_PARTNERS = 50_000


class Source(Protocol):
    """The entries as they were before the page."""

    def cases(self, ids: Collection[UUID]) -> Mapping[UUID, CaseEntry]: ...

    def cases_of(self, partners: Collection[UUID]) -> Collection[UUID]:
        """Cases that hold one of the partners, or one that was merged into it."""
        ...

    def partners(self, ids: Collection[UUID]) -> Mapping[UUID, PartnerEntry]:
        """The partners, and whom they were merged into."""
        ...


class Regrouping(msgspec.Struct, frozen=True, gc=False):
    """The parties of a case before and after a fact that brought one in or out."""

    recorded_at: datetime
    before: Sequence[Party]
    after: Sequence[Party]


class Elapsed(msgspec.Struct, frozen=True, gc=False):
    """Days that ran in a case until a fact that was recorded on the day `ended`."""

    case: UUID
    clock: Clock
    ended: date


class CaseChange(msgspec.Struct, frozen=True, gc=False):
    """A case before and after the whole page; its facts changed it, or those of its partners."""

    case: UUID
    before: Look | None
    after: Look

    @property
    def by_facts(self) -> bool:
        return self.before is None or self.before.entry is not self.after.entry


def block_of(position: int) -> int:
    return (position - 1) // BLOCK


def before_block(block: int) -> int:
    """The last position before it."""
    return block * BLOCK


def left_in_block(after: int) -> int:
    """How many positions behind this one belong to the block of the next."""
    return BLOCK - after % BLOCK


class Page(msgspec.Struct, frozen=True):
    facts: Sequence[Recorded]
    """By position."""
    regrouped: Sequence[Regrouping] = ()
    changes: Sequence[CaseChange] = ()
    partners: Mapping[UUID, PartnerEntry] = {}
    """Those that the page changed, as they are after it."""
    elapsed: Sequence[Elapsed] = ()

    @property
    def block(self) -> int:
        return block_of(self.facts[-1].position)


class Unfoldable(Exception):
    """A fact contradicts the history of its stream. `view` names the view that keeps such streams."""

    def __init__(self, view: str, position: int) -> None:
        super().__init__(f"{view} at {position}")
        self.view = view


class Memory:
    """Entries of the newest pages, so that they need not be read again. Forget it when a page was not committed."""

    def __init__(self, most_looks: int = MOST_LOOKS) -> None:
        self._most_looks = most_looks
        self.looks: dict[UUID, Look] = {}
        self.partners: dict[UUID, PartnerEntry] = {}

    def forget(self) -> None:
        self.looks.clear()
        self.partners.clear()

    def trim(self) -> None:
        """Stay within bounds; costs a few reads afterwards."""
        if len(self.looks) > self._most_looks:
            self.looks.clear()
        if len(self.partners) > MOST_PARTNERS:
            self.forget()


def fold_page(
    facts: Sequence[Recorded],
    memory: Memory,
    source: Source,
    names: LocalGovernments,
    procedures: Procedures,
    views: Collection[str],
) -> Page:
    """What the page does to cases and partners, as far as one of `views` keeps them. Raises Unfoldable."""
    memory.trim()
    if PARTNERS not in views:
        source = _WithoutPartners(source)
    of_cases = _by_stream(facts, CASE_FACTS) if CASES in views else {}
    of_partners = _by_stream(facts, PARTNER_FACTS) if PARTNERS in views else {}
    _need_partners(memory, source, _known(of_partners))
    touched = list(of_cases)
    if of_partners and CASES in views:
        touched = list(dict.fromkeys([*touched, *source.cases_of(of_partners)]))
    _need_looks(memory, source, names, touched if of_partners else _known(of_cases))
    _need_partners(memory, source, named(facts) - of_partners.keys())
    before = {case: memory.looks.get(case) for case in touched}
    for partner, history in of_partners.items():
        memory.partners[partner] = _partner(memory.partners.get(partner), history)
    regrouped: list[Regrouping] = []
    elapsed: list[Elapsed] = []
    changes: list[CaseChange] = []
    for case, was in before.items():
        entry = follow_case(was.entry if was else None, of_cases.get(case, ()), procedures, regrouped, elapsed)
        if entry:
            same = again(was, entry) if was and not of_partners else None
            memory.looks[case] = now = same or look(entry, memory.partners, names)
            changes.append(CaseChange(case, was, now))
    return Page(facts, regrouped, changes, {partner: memory.partners[partner] for partner in of_partners}, elapsed)


class _WithoutPartners:
    """Where no view keeps partners, those that keep cases go on; none of what they write has a name in it."""

    def __init__(self, source: Source) -> None:
        self.cases = source.cases
        self.cases_of = source.cases_of

    def partners(self, ids: Collection[UUID]) -> Mapping[UUID, PartnerEntry]:
        return {}


def _by_stream(facts: Iterable[Recorded], kinds: Collection[type[Fact]]) -> dict[UUID, list[Recorded]]:
    histories: dict[int, list[Recorded]] = {}  # a UUID itself takes four times as long to look up
    for recorded in facts:
        if type(recorded.fact) in kinds:
            histories.setdefault(recorded.stream.int, []).append(recorded)
    return {history[0].stream: history for history in histories.values()}


def _known(histories: Mapping[UUID, Sequence[Recorded]]) -> list[UUID]:
    """Streams that had begun before the page; the others are not worth a question to the server."""
    return [stream for stream, history in histories.items() if history[0].version > 1]


def follow_case(
    entry: CaseEntry | None,
    history: Sequence[Recorded],
    procedures: Procedures,
    regrouped: list[Regrouping],
    elapsed: list[Elapsed],
) -> CaseEntry | None:
    """The entry after its facts of the page.

    The days that run are looked at where a day of the office ends that had facts: those that ran within it have given
    nothing. So it does not matter how facts are cut into pages.
    """
    if not history:
        return entry
    at = history[0].recorded_at
    opened, since, step_since = (entry.opened, entry.since, entry.step_since) if entry else (at, at, at)
    state, step = (entry.state, entry.step) if entry else (None, None)
    day = office_day(entry.updated if entry else at)
    waiting = entry.waiting if entry else Waiting(day)
    since_day, over = office_day(since), end_of(day)
    stage, parties = (state.stage, state.parties) if state else (None, None)
    facts: Any = [recorded.fact for recorded in history]
    growing = grow(state, facts)
    for recorded in history:
        at = recorded.recorded_at
        if at >= over:
            ran, day = day, office_day(at)
            over = end_of(day)
            if state:
                clock = clock_of(state, step, since_day, waiting, ran, procedures)
                elapsed.append(Elapsed(recorded.stream, clock, day))
        try:
            state = next(growing)
            step, before = next_step(state, procedures.of(state)), step
        except Exception as fault:
            raise Unfoldable(CASES, recorded.position) from fault
        if stage is not None and (state.stage is not stage or not same_move(step, before)):
            waiting = waited_on(waiting, stage, before, state, step, recorded.fact, day, procedures.calendar)
            step_since = at
        if state.stage is not stage:
            since, since_day = at, day
        if parties is not None and state.parties is not parties:
            regrouped.append(Regrouping(at, parties, state.parties))
        stage, parties = state.stage, state.parties
    now = cast("Initiative", state)
    clock = clock_of(now, step, since_day, waiting, day, procedures)
    return CaseEntry(now, history[-1].position, opened, at, since, step_since, waiting, step, clock)


def _partner(entry: PartnerEntry | None, history: Iterable[Recorded]) -> PartnerEntry:
    for recorded in history:
        try:
            entry = follow_partner(entry, recorded, cast("PartnerEvent", recorded.fact))
        except Exception as fault:
            raise Unfoldable(PARTNERS, recorded.position) from fault
    return cast("PartnerEntry", entry)


def _need_partners(memory: Memory, source: Source, ids: Collection[UUID]) -> None:
    if missing := [partner for partner in ids if partner not in memory.partners]:
        memory.partners |= source.partners(missing)


def _need_looks(memory: Memory, source: Source, names: LocalGovernments, cases: Collection[UUID]) -> None:
    missing = [case for case in cases if case not in memory.looks]
    if not missing:
        return
    entries = source.cases(missing)
    held = {party.partner for entry in entries.values() for party in entry.state.parties if party.partner}
    _need_partners(memory, source, held)
    memory.looks |= {case: look(entry, memory.partners, names) for case, entry in entries.items()}


def named(facts: Iterable[Recorded]) -> set[UUID]:
    """Partners that the facts bring into a case, or into the place of another one."""
    return {partner for recorded in facts if type(recorded.fact) in _NAMING for partner in _partners(recorded.fact)}


_NAMING: Final = frozenset(
    {e.InitiativeProposed, e.HistoricAgreementEntered, e.InitiativeTakenOver, e.PartyJoined, PartnerMerged}
)


def _partners(fact: Fact) -> list[UUID]:
    match fact:
        case e.InitiativeProposed() | e.HistoricAgreementEntered() | e.InitiativeTakenOver():
            return [party.partner for party in fact.parties if party.partner]
        case e.PartyJoined(party=party):
            return [party.partner] if party.partner else []
        case PartnerMerged(into=into):
            return [into]
        case _:
            return []
