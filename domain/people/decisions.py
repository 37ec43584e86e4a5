"""What the office decides about the requests of persons. Days follow art. 21 of the Law on Personal Data Protection."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Annotated, Any, Final

from msgspec import Meta

from domain.dates import whole
from domain.kernel import Command, Occasion, Refusal, Refused, VaultRef
from domain.people import events as e
from domain.people.request import PersonRequest

ANSWER: Final = timedelta(days=30)
DELAY: Final = timedelta(days=60)
OLDEST: Final = timedelta(days=3650)
"""Whoever enters a request that was received earlier has mistyped the year."""
MOST_ENTRIES: Final = 200
Entries = Annotated[tuple[VaultRef, ...], Meta(min_length=1, max_length=MOST_ENTRIES)]
Grounds: Final = tuple(ground for ground in e.ErasureGround if ground is not e.ErasureGround.RESTORED)
"""Those that a person may choose."""


class ReceiveRequest(Command, frozen=True, kw_only=True):
    number: str
    kind: e.RequestKind
    received_on: date
    person: VaultRef
    words: VaultRef | None = None


class DelayAnswer(Command, frozen=True, kw_only=True):
    reason: VaultRef


class SearchVault(Command, frozen=True, kw_only=True):
    """The use case has searched and counted."""

    found: int


class ReadEntries(Command, frozen=True, kw_only=True):
    entries: Entries


class EraseEntries(Command, frozen=True, kw_only=True):
    """The use case has seen that each of them is in the vault."""

    entries: Entries
    ground: e.ErasureGround


class CorrectEntry(Command, frozen=True, kw_only=True):
    """The use case has seen that the entry is in the vault."""

    entry: VaultRef
    replaced_by: VaultRef


class GrantRequest(Command, frozen=True, kw_only=True):
    remark: VaultRef | None = None


class RefuseRequest(Command, frozen=True, kw_only=True):
    ground: e.RefusalGround
    reason: VaultRef


def decide(state: PersonRequest | None, command: Command, on: Occasion) -> list[e.PeopleEvent]:
    """Facts that a command leads to. Raises Refused."""
    if isinstance(command, ReceiveRequest):
        return receive(command, on)
    if state is None:
        raise Refused(Refusal("people.unknown"))
    if not state.open:
        raise Refused(Refusal("people.answered"))
    return _DECISIONS[type(command)](state, command, on)


def receive(command: ReceiveRequest, on: Occasion) -> list[e.PeopleEvent]:
    """The days run from the one on which the request was received."""
    received = command.received_on
    if received > on.today:
        raise Refused(Refusal("date.in-future", {"day": received.isoformat()}, "received_on"))
    if on.today - received > OLDEST:
        raise Refused(Refusal("people.too-old", field="received_on"))
    return [
        e.RequestReceived(
            occurred_on=whole(received),
            number=command.number,
            kind=command.kind,
            due_on=whole(received + ANSWER),
            person=command.person,
            words=command.words,
        )
    ]


def delay_answer(state: PersonRequest, command: DelayAnswer, on: Occasion) -> list[e.PeopleEvent]:
    """Once, and while the first 30 days run."""
    if state.delayed:
        raise Refused(Refusal("people.delayed-before"))
    if on.today > state.due_on:
        raise Refused(Refusal("people.delayed-too-late", {"due": state.due_on.isoformat()}))
    return [e.AnswerDelayed(due_on=whole(state.due_on + DELAY), reason=command.reason)]


def search_vault(state: PersonRequest, command: SearchVault, on: Occasion) -> list[e.PeopleEvent]:
    return [e.VaultSearched(found=command.found)]


def read_entries(state: PersonRequest, command: ReadEntries, on: Occasion) -> list[e.PeopleEvent]:
    return [e.EntriesRead(entries=command.entries)]


def erase_entries(state: PersonRequest, command: EraseEntries, on: Occasion) -> list[e.PeopleEvent]:
    """One fact an entry. Only where erasure was asked for."""
    if state.kind is not e.RequestKind.ERASURE:
        raise Refused(Refusal("people.not-asked-for"))
    if command.ground not in Grounds:
        raise Refused(Refusal("form.choice-unknown", field="ground"))
    return [e.EntryErased(entry=entry, ground=command.ground) for entry in dict.fromkeys(command.entries)]


def correct_entry(state: PersonRequest, command: CorrectEntry, on: Occasion) -> list[e.PeopleEvent]:
    """Only where a correction was asked for."""
    if state.kind is not e.RequestKind.CORRECTION:
        raise Refused(Refusal("people.not-asked-for"))
    return [e.EntryCorrected(entry=command.entry, replaced_by=command.replaced_by)]


def grant_request(state: PersonRequest, command: GrantRequest, on: Occasion) -> list[e.PeopleEvent]:
    """Nobody says that something was erased or corrected where nothing was."""
    done = {e.RequestKind.ERASURE: state.erased, e.RequestKind.CORRECTION: state.corrected}.get(state.kind, (None,))
    if not done:
        raise Refused(Refusal("people.nothing-done"))
    return [e.RequestGranted(remark=command.remark)]


def refuse_request(state: PersonRequest, command: RefuseRequest, on: Occasion) -> list[e.PeopleEvent]:
    return [e.RequestRefused(ground=command.ground, reason=command.reason)]


_DECISIONS: Final[dict[type[Command], Callable[[PersonRequest, Any, Occasion], list[e.PeopleEvent]]]] = {
    DelayAnswer: delay_answer,
    SearchVault: search_vault,
    ReadEntries: read_entries,
    EraseEntries: erase_entries,
    CorrectEntry: correct_entry,
    GrantRequest: grant_request,
    RefuseRequest: refuse_request,
}
