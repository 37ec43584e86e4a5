"""A page of facts, folded once for every view."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Protocol, TypeVar, cast
from uuid import UUID

import msgspec

from adapters.readside.entries import CASE_FACTS, PARTNER_FACTS, CaseEntry, PartnerEntry, follow, follow_partner
from adapters.readside.look import Look, look
from application.ports import Recorded
from application.reference import LocalGovernments
from domain.initiatives import events as e
from domain.initiatives.events import InitiativeEvent
from domain.initiatives.terms import Party
from domain.kernel import Fact
from domain.partners.events import PartnerEvent, PartnerMerged

CASES = "case_file"
PARTNERS = "partner_file"
MOST_LOOKS = 5_000
MOST_PARTNERS = 50_000
T = TypeVar("T")


class Source(Protocol):
    """The entries as they were before the page."""

    def cases(self, ids: Collection[UUID]) -> Mapping[UUID, CaseEntry]: ...

    def cases_of(self, partners: Collection[UUID]) -> Collection[UUID]:
        """Cases that hold one of the partners, or one that was merged into it."""
        ...

    def partners(self, ids: Collection[UUID]) -> Mapping[UUID, PartnerEntry]:
        """The partners, and whom they were merged into."""
        ...


class CaseStep(msgspec.Struct, frozen=True):
    """One fact of a case, with the case before and after it."""

    recorded: Recorded
    before: CaseEntry | None
    after: CaseEntry


class CaseChange(msgspec.Struct, frozen=True):
    """A case before and after the whole page; its facts changed it, or those of its partners."""

    case: UUID
    before: Look | None
    after: Look


class Page(msgspec.Struct, frozen=True):
    facts: Sequence[Recorded]
    steps: Sequence[CaseStep] = ()
    changes: Sequence[CaseChange] = ()
    partners: Mapping[UUID, PartnerEntry] = {}
    """Those that the page changed, as they are after it."""


class Unfoldable(Exception):
    """A fact contradicts the history of its stream. `view` names the view that keeps such streams."""

    def __init__(self, view: str, position: int) -> None:
        super().__init__(f"{view} at {position}")
        self.view = view


class Memory:
    """Entries of the newest pages, so that they need not be read again. Forget it when a page was not committed."""

    def __init__(self) -> None:
        self.looks: dict[UUID, Look] = {}
        self.partners: dict[UUID, PartnerEntry] = {}

    def forget(self) -> None:
        self.looks.clear()
        self.partners.clear()

    def trim(self) -> None:
        """Stay within bounds; costs a few reads afterwards."""
        if len(self.looks) > MOST_LOOKS:
            self.looks.clear()
        if len(self.partners) > MOST_PARTNERS:
            self.forget()


def fold_page(
    facts: Sequence[Recorded], memory: Memory, source: Source, names: LocalGovernments, views: Collection[str]
) -> Page:
    """What the page does to cases and partners, as far as one of `views` keeps them. Raises Unfoldable."""
    memory.trim()
    of_cases = _among(facts, CASE_FACTS) if CASES in views else []
    of_partners = _among(facts, PARTNER_FACTS) if PARTNERS in views else []
    moved = {recorded.stream for recorded in of_partners}
    _need_partners(memory, source, moved)
    cases = dict.fromkeys(recorded.stream for recorded in of_cases)
    if moved and CASES in views:
        cases |= dict.fromkeys(source.cases_of(moved))
    _need_looks(memory, source, names, cases)
    _need_partners(memory, source, {*_named(of_cases), *_merged_into(of_partners)})
    for recorded in of_partners:
        entry = memory.partners.get(recorded.stream)
        fact = cast("PartnerEvent", recorded.fact)
        memory.partners[recorded.stream] = _taken(
            PARTNERS, recorded, lambda r=recorded, e=entry, f=fact: follow_partner(e, r, f)
        )
    before = {case: memory.looks.get(case) for case in cases}
    steps, entries = _steps(of_cases, before)
    for case, was in before.items():
        entry = entries.get(case) or (was.entry if was else None)
        if entry:
            memory.looks[case] = look(entry, memory.partners, names)
    changes = [CaseChange(case, was, memory.looks[case]) for case, was in before.items() if case in memory.looks]
    return Page(facts, steps, changes, {partner: memory.partners[partner] for partner in moved})


def _among(facts: Iterable[Recorded], kinds: Collection[type[Fact]]) -> list[Recorded]:
    return [recorded for recorded in facts if type(recorded.fact) in kinds]


def _steps(
    of_cases: Iterable[Recorded], before: Mapping[UUID, Look | None]
) -> tuple[list[CaseStep], dict[UUID, CaseEntry]]:
    entries = {case: was.entry for case, was in before.items() if was}
    steps: list[CaseStep] = []
    for recorded in of_cases:
        entry = entries.get(recorded.stream)
        fact = cast("InitiativeEvent", recorded.fact)
        after = _taken(CASES, recorded, lambda r=recorded, e=entry, f=fact: follow(e, r, f))
        entries[recorded.stream] = after
        steps.append(CaseStep(recorded, entry, after))
    return steps, entries


def _taken(view: str, recorded: Recorded, fold: Callable[[], T]) -> T:
    try:
        return fold()
    except Exception as fault:
        raise Unfoldable(view, recorded.position) from fault


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


def _named(of_cases: Iterable[Recorded]) -> Iterable[UUID]:
    """Partners that the facts bring into a case."""
    for recorded in of_cases:
        if partners := [party.partner for party in _parties(recorded.fact) if party.partner]:
            yield from partners


def _parties(fact: Fact) -> tuple[Party, ...]:
    match fact:
        case e.InitiativeProposed() | e.HistoricAgreementEntered() | e.InitiativeTakenOver():
            return fact.parties
        case e.PartyJoined(party=party):
            return (party,)
        case _:
            return ()


def _merged_into(of_partners: Iterable[Recorded]) -> Iterable[UUID]:
    return (recorded.fact.into for recorded in of_partners if isinstance(recorded.fact, PartnerMerged))
