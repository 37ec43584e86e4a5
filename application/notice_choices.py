"""What each person chose about mail: for each kind of notice at once, in the daily digest, or none."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final, Protocol, runtime_checkable

from application.access import Person, Role, scope_of
from application.notices import Kind
from domain.kernel import AccountId


class By(StrEnum):
    AT_ONCE = "at_once"
    DIGEST = "digest"
    NONE = "none"


USUAL: Final[Mapping[Kind, By]] = {
    Kind.MENTIONED: By.AT_ONCE,
    Kind.HANDLER: By.AT_ONCE,
    Kind.TASK: By.AT_ONCE,
    Kind.RETURNED: By.AT_ONCE,
    Kind.MOVED: By.DIGEST,
    Kind.CHANGED: By.DIGEST,
    Kind.FOLLOWED: By.DIGEST,
    Kind.REMINDER: By.DIGEST,
    Kind.STANDING_IN: By.AT_ONCE,
}
"""Where somebody has not chosen: at once what asks something of a person, once a day what others did."""
_CALLED: Final = (Kind.MENTIONED, Kind.TASK)
_LATER: Final = (Kind.FOLLOWED, Kind.REMINDER, Kind.STANDING_IN)
KINDS: Final[Mapping[Role, Sequence[Kind]]] = {
    Role.COORDINATOR: (
        Kind.MENTIONED,
        Kind.HANDLER,
        Kind.TASK,
        Kind.RETURNED,
        Kind.CHANGED,
        *_LATER,
    ),
    Role.OFFICER: (*_CALLED, Kind.RETURNED, Kind.MOVED, *_LATER),
    Role.APPROVER: (*_CALLED, *_LATER),
    Role.AUDITOR: (Kind.MENTIONED, Kind.FOLLOWED),
    Role.ADMINISTRATOR: (),
    Role.TECHNICIAN: (),
}
"""Of what somebody may be told at all."""

Chosen = Mapping[Kind, By]


@runtime_checkable
class Choices(Protocol):
    """Only what was chosen; see USUAL for the rest."""

    def of(self, account: AccountId) -> Chosen: ...

    def of_all(self) -> Mapping[AccountId, Chosen]: ...

    def choose(self, account: AccountId, chosen: Chosen) -> None: ...


class KeepingChoices:
    """Every method raises Forbidden where the role reads no cases at all."""

    def __init__(self, choices: Choices) -> None:
        self._choices = choices

    def of(self, person: Person) -> Chosen:
        """For every kind of which the person may be told."""
        scope_of(person)
        chosen = self._choices.of(person.account)
        return {kind: chosen.get(kind, USUAL[kind]) for kind in KINDS[person.role]}

    def choose(self, person: Person, chosen: Chosen) -> None:
        scope_of(person)
        self._choices.choose(person.account, {kind: chosen[kind] for kind in KINDS[person.role] if kind in chosen})
