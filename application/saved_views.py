"""Saved views of the register: filters, columns and order under a name, for oneself or for the whole association.

Saved inquiries of the log are kept in the same way.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, Protocol, runtime_checkable
from uuid import UUID, uuid4

import msgspec
from msgspec.structs import replace

from application.access import READS_ALL, Forbidden, Person, Role, scope_of
from application.ports import Clock
from application.reading import NotFound
from domain.kernel import AccountId, Refusal, Refused

LONGEST_NAME: Final = 80
LONGEST_QUERY: Final = 4000
MOST_OF_ONE: Final = 40
"""Saved views of one person: as many as a menu can still show."""


class SavedView(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    owner: AccountId
    name: str
    query: str
    """As the address of the list has it; what it may hold is decided where addresses are read."""
    shared: bool = False


class NameTaken(Exception):
    """The person has another saved view of this name."""


@runtime_checkable
class SavedViews(Protocol):
    def within_reach(self, owner: AccountId, *, shared: bool) -> Sequence[SavedView]:
        """The person's own, and where `shared` those of others that are shared, by name."""
        ...

    def keep(self, view: SavedView, at: datetime) -> None:
        """New, or in place of the one with the same id. Raises NameTaken."""
        ...

    def remove(self, view: UUID) -> None: ...


class KeepingSavedViews:
    """Everybody who reads cases keeps views; coordinators share theirs, and see to all that are shared.

    An officer sees none that are shared: they are about the cases of all towns. All methods raise Forbidden where the
    person's role reads no cases.
    """

    def __init__(self, views: SavedViews, clock: Clock) -> None:
        self._views, self._clock = views, clock

    def all(self, person: Person) -> Sequence[SavedView]:
        """Own ones and shared ones, by name."""
        scope_of(person)
        return self._views.within_reach(person.account, shared=person.role in READS_ALL)

    def open(self, person: Person, view: UUID) -> SavedView:
        """Raises NotFound."""
        found = next((one for one in self.all(person) if one.id == view), None)
        if found is None:
            raise NotFound(str(view))
        return found

    def save(self, person: Person, name: str, query: str, *, shared: bool) -> SavedView:
        """A new one; sent twice it is one. Raises Refused; Forbidden where a person shares who may not."""
        own = [one for one in self.all(person) if one.owner == person.account]
        if same := _same(own, name, query, shared=shared):
            return same
        if len(own) >= MOST_OF_ONE:
            raise Refused(Refusal("saved-view.too-many", {"most": MOST_OF_ONE}))
        new = SavedView(id=uuid4(), owner=person.account, name=name, query=query, shared=shared)
        try:
            return self._kept(person, new)
        except Refused:
            own = [one for one in self.all(person) if one.owner == person.account]
            if same := _same(own, name, query, shared=shared):  # the other click was faster
                return same
            raise

    def change(
        self, person: Person, view: UUID, name: str | None = None, query: str | None = None, shared: bool | None = None
    ) -> SavedView:
        """What is None stays. Raises NotFound, Refused, Forbidden."""
        was = self._changeable(person, view)
        wanted = {"name": name, "query": query, "shared": shared}
        return self._kept(person, replace(was, **{part: value for part, value in wanted.items() if value is not None}))

    def remove(self, person: Person, view: UUID) -> SavedView:
        """Raises NotFound, Forbidden."""
        found = self._changeable(person, view)
        self._views.remove(view)
        return found

    def _changeable(self, person: Person, view: UUID) -> SavedView:
        found = self.open(person, view)
        if not may_change(person, found):
            raise Forbidden("access.saved-view-not-yours")
        return found

    def _kept(self, person: Person, view: SavedView) -> SavedView:
        if view.shared and not may_share(person):
            raise Forbidden("access.coordinators-share")
        try:
            self._views.keep(view, self._clock())
        except NameTaken:
            raise Refused(Refusal("saved-view.name-taken", {"name": view.name}, "name")) from None
        return view


def _same(views: Sequence[SavedView], name: str, query: str, *, shared: bool) -> SavedView | None:
    return next((one for one in views if (one.name, one.query, one.shared) == (name, query, shared)), None)


def may_share(person: Person) -> bool:
    return person.role is Role.COORDINATOR


def may_change(person: Person, view: SavedView) -> bool:
    """The own ones; and what is shared belongs to the office, so that it outlives the one who saved it."""
    return view.owner == person.account or (view.shared and may_share(person))
