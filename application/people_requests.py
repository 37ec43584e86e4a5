"""What a person's request is to those who handle it, and what follows from its facts."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

import msgspec

from application.ports import Recorded
from domain.kernel import VaultRef
from domain.people import events as e
from domain.people.request import PersonRequest


class ReceivedRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What the office enters when somebody asks."""

    kind: e.RequestKind
    received_on: date
    name: str
    contact: str
    words: str | None = None


class Row(msgspec.Struct, frozen=True):
    """A request in the list. `name` is None where it was erased."""

    request: PersonRequest
    name: str | None


class File(msgspec.Struct, frozen=True):
    """One request with its history."""

    request: PersonRequest
    history: Sequence[Recorded]
    texts: Mapping[VaultRef, str | None]
    """None where the words were erased."""

    @property
    def name(self) -> str | None:
        return name_of(self.texts.get(self.request.person))


class SavedFilter(msgspec.Struct, frozen=True):
    name: str
    owner: str
    """Name of the account."""


class Erased(msgspec.Struct, frozen=True):
    """What an erasure did."""

    entries: int
    drafts: int
    """Forms that waited for a sign-in and held the same words."""
    listed: bool
    """It stands in the list outside the database, so that a restore cannot bring it back."""


def name_of(person: str | None) -> str | None:
    """The first line of what is kept of the one who asks."""
    return person.split("\n", 1)[0] if person is not None else None


def own_words(request: PersonRequest, history: Sequence[Recorded]) -> list[VaultRef]:
    """What the request itself keeps in the vault."""
    refs = [request.person, *([request.words] if request.words else [])]
    for recorded in history:
        match recorded.fact:
            case e.AnswerDelayed(reason=ref) | e.RequestRefused(reason=ref):
                refs.append(ref)
            case e.RequestGranted(remark=ref) if ref:
                refs.append(ref)
            case _:
                pass
    return refs


def next_number(requests: Mapping[UUID, PersonRequest], year: int) -> str:
    """Such as `ZL-2026-0001`: `zahtev lica`, year, running number."""
    head = f"ZL-{year}-"
    taken = [int(r.number.removeprefix(head)) for r in requests.values() if r.number.startswith(head)]
    return f"{head}{max(taken, default=0) + 1:04d}"
