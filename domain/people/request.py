"""A person's request as its facts have made it."""

from collections.abc import Iterable
from datetime import date
from typing import assert_never

import msgspec
from msgspec.structs import replace

from domain.dates import earliest
from domain.kernel import VaultRef
from domain.people import events as e


class PersonRequest(msgspec.Struct, frozen=True, kw_only=True):
    """The running state of one request."""

    number: str
    kind: e.RequestKind
    received_on: date
    due_on: date
    person: VaultRef
    words: VaultRef | None = None
    delayed: bool = False
    outcome: e.RequestGranted | e.RequestRefused | None = None
    """None as long as the request waits for its answer."""
    erased: tuple[VaultRef, ...] = ()
    corrected: tuple[VaultRef, ...] = ()
    """Entries whose text was replaced."""

    @property
    def open(self) -> bool:
        return self.outcome is None


class BrokenHistory(Exception):
    """The facts cannot be a request's: they do not begin with its receipt, or have two."""


def evolve(state: PersonRequest | None, fact: e.PeopleEvent) -> PersonRequest:
    """The state after one more fact. Raises BrokenHistory where the facts contradict the model."""
    if isinstance(fact, e.RequestReceived):
        if state is not None:
            raise BrokenHistory(f"{state.number} is received twice")
        received_on = earliest(fact.occurred_on or fact.due_on)
        return PersonRequest(
            number=fact.number,
            kind=fact.kind,
            received_on=received_on,
            due_on=earliest(fact.due_on),
            person=fact.person,
            words=fact.words,
        )
    if state is None:
        raise BrokenHistory("a request begins with its receipt")
    match fact:
        case e.AnswerDelayed(due_on=due_on):
            return replace(state, due_on=earliest(due_on), delayed=True)
        case e.VaultSearched() | e.EntriesRead():
            return state
        case e.EntryErased(entry=entry):
            return replace(state, erased=(*state.erased, entry))
        case e.EntryCorrected(entry=entry):
            return replace(state, corrected=(*state.corrected, entry))
        case e.RequestGranted() | e.RequestRefused():
            return replace(state, outcome=fact)
        case _:
            assert_never(fact)


def fold(facts: Iterable[e.PeopleEvent]) -> PersonRequest | None:
    """The state after all facts of one request, by version; None if there are none."""
    state: PersonRequest | None = None
    for fact in facts:
        state = evolve(state, fact)
    return state
