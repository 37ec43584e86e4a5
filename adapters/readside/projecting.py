"""Writing pages of facts into the tables of views: all together, or fact by fact to find a view that cannot go on."""

import contextlib
import gc
from collections import Counter
from collections.abc import Callable, Collection, Generator, Iterable, Mapping, Sequence
from typing import Final
from uuid import UUID

import msgspec

from adapters.readside.case_file import cases_of_partners, load_cases
from adapters.readside.connection import Connection, transient
from adapters.readside.entries import CaseEntry, PartnerEntry
from adapters.readside.page import (
    CASES,
    MOST_LOOKS,
    MOST_LOOKS_OF_A_REPLAY,
    PARTNERS,
    Memory,
    Page,
    Unfoldable,
    fold_page,
)
from adapters.readside.partner_file import load_partners
from adapters.readside.table import Differences, Key, Ready, Tally, within
from adapters.readside.view import View
from application.ports import Recorded
from application.procedures import Shelf
from application.reference import LocalGovernments

MOST_GATHERED: Final = 200_000


class Stop(msgspec.Struct, frozen=True):
    """A view that could not take a fact."""

    view: str
    position: int
    error: str

    @classmethod
    def of(cls, view: str, position: int, fault: BaseException) -> "Stop":
        return cls(view, position, " ".join(f"{type(fault).__name__}: {fault}".split()))


class _Ready(msgspec.Struct, frozen=True):
    """A page folded and projected, to be written."""

    after: int
    facts: Sequence[Recorded]
    views: Sequence[View]
    rows: Sequence[Ready]
    differences: Sequence[Differences]


class Projecting:
    """Projects into one schema, over one connection, within the caller's transactions.

    With `gathers`, kept counts are written by `flush` alone: readers must not see them before.
    """

    def __init__(
        self, connection: Connection, schema: str, names: LocalGovernments, procedures: Shelf, *, gathers: bool = False
    ) -> None:
        self._connection = connection
        self._schema = schema
        self._names = names
        self._procedures = procedures
        self._memory = Memory(MOST_LOOKS_OF_A_REPLAY if gathers else MOST_LOOKS)
        self._stands: tuple[int, frozenset[str]] | None = None
        """The position at which the memory is right, and the views that it serves."""
        self._source = _Tables(connection, schema, procedures)
        self._ready: _Ready | None = None
        self._gathers = gathers
        self._gathered: dict[Tally, tuple[Counter[Key], Counter[Key]]] = {}

    def apply(
        self, views: Sequence[View], after: int, facts: Sequence[Recorded], ahead: Callable[[], Sequence[Recorded]]
    ) -> None:
        """Bring views that stand at `after` to the last of `facts`.

        `ahead` gives the page that is likely to follow, or nothing: it is prepared while the server writes this one,
        and used if it comes to be applied next. Raises whatever a fold, a projection or a statement raises; the caller
        rolls back.
        """
        ready, self._ready = self._ready, None
        if ready is None or ready.facts is not facts or ready.after != after or ready.views != views:
            ready = self._prepared(views, after, facts)
        with self._connection.pipeline():
            self._write(ready.rows)
            if not self._gathers:
                self._write([statement for made in ready.differences for statement in made.ready()])
            self._prepare(views, facts[-1].position, ahead)
        if self._gathers:
            self._gather(ready.differences)

    def flush(self) -> None:
        """Write what was gathered."""
        gathered, self._gathered = self._gathered, {}
        for tally, (more, less) in gathered.items():
            self._write(tally.ready(more, less))

    def _write(self, statements: Iterable[Ready]) -> None:
        for statement, parameters in statements:
            self._connection.execute(within(self._schema, statement), parameters, prepare=True)

    def _gather(self, differences: Iterable[Differences]) -> None:
        for made in differences:
            more, less = self._gathered.setdefault(made.tally, (Counter(), Counter()))
            more.update(made.more)
            less.update(made.less)
        if sum(len(more) + len(less) for more, less in self._gathered.values()) > MOST_GATHERED:
            self.flush()

    def _prepare(self, views: Sequence[View], after: int, ahead: Callable[[], Sequence[Recorded]]) -> None:
        """What fails now will fail again in its turn, and be dealt with then."""
        try:
            with without_collecting():
                if facts := ahead():
                    self._ready = self._prepared(views, after, facts)
        except Exception as fault:
            if transient(fault):
                raise
            self._forget()

    def _prepared(self, views: Sequence[View], after: int, facts: Sequence[Recorded]) -> "_Ready":
        kept = frozenset(view.name for view in views)
        if self._stands != (after, kept):
            self._forget()
        self._stands = None
        with without_collecting():
            page = fold_page(facts, self._memory, self._source, self._names, self._procedures.now(), kept)
            made = [one for view in views for one in view.project(page)]
            differences = [one for one in made if isinstance(one, Differences)]
            rows = [statement for one in made if not isinstance(one, Differences) for statement in one.ready()]
        self._stands = (facts[-1].position, kept)
        return _Ready(after, facts, views, rows, differences)

    def forget(self) -> None:
        """What was applied since `flush` was rolled back."""
        self._forget()
        self._gathered = {}

    def _forget(self) -> None:
        self._memory.forget()
        self._stands = self._ready = None

    def apply_carefully(self, views: Sequence[View], after: int, facts: Sequence[Recorded]) -> list[Stop]:
        """Fact by fact and view by view. A view that cannot take one stops before it, with those made from it."""
        stops: list[Stop] = []
        going = list(views)
        for fact in facts:
            stops += self._one(going, after, fact)
            stopped = {stop.view for stop in stops}
            going = [view for view in going if view.name not in stopped]
            after = fact.position
        return stops

    def _one(self, views: Sequence[View], after: int, fact: Recorded) -> list[Stop]:
        """Take the fact into as many views as possible: after each failure once more, without those that failed."""
        stops: list[Stop] = []
        going = list(views)
        while going:
            try:
                with self._connection.transaction():
                    self._each(going, after, fact)
                break
            except _Failed as failed:
                stops += [Stop.of(name, fact.position, failed.fault) for name in _with_dependents(failed.view, going)]
                stopped = {stop.view for stop in stops}
                going = [view for view in going if view.name not in stopped]
        return stops

    def _each(self, views: Sequence[View], after: int, fact: Recorded) -> None:
        page = self._folded({view.name for view in views}, fact)
        for view in views:
            try:
                self._write([statement for made in view.project(page) for statement in made.ready()])
            except Exception as fault:
                if transient(fault):
                    raise
                raise _Failed(view.name, fault) from fault

    def _folded(self, names: Collection[str], fact: Recorded) -> Page:
        self._forget()
        try:
            return fold_page([fact], self._memory, self._source, self._names, self._procedures.now(), names)
        except Unfoldable as unfoldable:
            raise _Failed(unfoldable.view, unfoldable.__cause__ or unfoldable) from unfoldable
        except Exception as fault:
            if transient(fault):
                raise
            raise _Failed(CASES if CASES in names else PARTNERS, fault) from fault


@contextlib.contextmanager
def without_collecting() -> Generator[None]:
    """A page makes tens of thousands of small objects and no cycles: looking for some took a third of the time.

    It is off for the whole process: long work must look through the newest objects itself now and then.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


class _Failed(Exception):
    def __init__(self, view: str, fault: BaseException) -> None:
        super().__init__(view)
        self.view = view
        self.fault = fault


def _with_dependents(name: str, views: Sequence[View]) -> list[str]:
    return [name, *(view.name for view in views if name in view.needs)]


class _Tables:
    """Entries from the tables of one schema, as page.Source asks for them."""

    def __init__(self, connection: Connection, schema: str, procedures: Shelf) -> None:
        self._connection = connection
        self._schema = schema
        self._procedures = procedures

    def cases(self, ids: Collection[UUID]) -> Mapping[UUID, CaseEntry]:
        return load_cases(self._connection, self._schema, ids, self._procedures.now())

    def cases_of(self, partners: Collection[UUID]) -> Collection[UUID]:
        return cases_of_partners(self._connection, self._schema, partners)

    def partners(self, ids: Collection[UUID]) -> Mapping[UUID, PartnerEntry]:
        return load_partners(self._connection, self._schema, ids)
