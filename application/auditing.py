"""The log as auditors explore it: every fact by time, person, case, kind and local government."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Final, Protocol, runtime_checkable
from uuid import UUID

import msgspec
from msgspec.structs import replace

from application.access import READS_ALL, Forbidden, Person
from application.auditing_looks import NONE, Place, Witness
from application.identity import case_id
from application.ports import Recorded
from domain.initiatives.terms import Kind, Stage

MOST_COUNTED: Final = 10_000
"""Up to here a number of facts is exact; beyond it is said that there are more."""
PAGE: Final = 50
PAGE_OF_EXPORT: Final = 1_000
COLUMNS: Final = (
    "position",
    "recorded_at",
    "happened_on",
    "kind",
    "what",
    "person",
    "person_id",
    "for_whom_id",
    "case",
    "local_government",
    "partner",
    "version",
    "particulars",
    "fact",
)
"""Of every exported file, named once and for ever.

`position` in the log; `recorded_at` in UTC; `happened_on` as precise as it is known; `kind` the published name; `what`,
`person`, `local_government`, `partner` and `particulars` in the reader's language; `person_id` and `for_whom_id` of
accounts; `case` its number; `version` the place in its history; `fact` the fact as JSON. What a fact lacks is empty.
"""
NUMBERS: Final = frozenset({"position", "version"})
MOMENTS: Final = frozenset({"recorded_at"})
NESTED: Final = frozenset({"fact"})
"""Columns that hold JSON."""


class FactQuery(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked of the log; every part narrows it."""

    since: date | None = None
    """First day on which a fact was recorded, in the office's calendar."""
    until: date | None = None
    """Last such day."""
    person: UUID | None = None
    """Who acted, or for whom."""
    actor: UUID | None = None
    """Who acted, for whomever."""
    case: str | None = None
    """Number of a case."""
    kinds: tuple[str, ...] = ()
    """Published names of facts without their version, such as `initiative.corrected`."""
    local_government: str | None = None
    """Home of the case today."""
    left: Stage | None = None
    """Only facts by which a case left this stage."""
    cooperation: Kind | None = None
    """With `left`: only cases of this kind."""
    before: int | None = None
    """Only facts older than this position."""
    after: int | None = None
    """Only facts newer than this position, and of those the oldest."""


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A fact of the log. `recorded` is None where this version of the program cannot read it."""

    position: int
    stream: UUID
    version: int
    kind: str
    recorded_at: datetime
    recorded: Recorded | None


class FactPage(msgspec.Struct, frozen=True, kw_only=True):
    """Facts, newest first."""

    facts: Sequence[Found]
    count: int
    """Of all that fit the filters, at most MOST_COUNTED + 1."""
    older: int | None
    """Cursor of the next page, None on the last one."""
    newer: int | None
    behind: int
    """Newest facts of the log that cannot be searched yet."""

    @property
    def more(self) -> bool:
        return self.count > MOST_COUNTED


@runtime_checkable
class FactSearch(Protocol):
    """All methods raise LogUnavailable."""

    def page(self, query: FactQuery, most: int) -> Sequence[Found]:
        """Up to `most` facts by falling position; with `after`, by rising."""
        ...

    def count(self, query: FactQuery, most: int) -> int:
        """How many fit whatever the cursors, counted up to `most`."""
        ...

    def behind(self) -> int:
        """How many facts of the log cannot be searched yet; few are read at once, so that a page shows the newest."""
        ...


class ExploringLog:
    """Coordinators, approvers and auditors search the whole log, and that they do is kept. All methods raise Forbidden
    for others.

    Words of the vault are not part of it: they are read in the history of their case.
    """

    def __init__(self, search: FactSearch, witness: Witness) -> None:
        self._search, self._witness = search, witness

    def page(self, person: Person, query: FactQuery) -> FactPage:
        require_audit(person)
        self._witness.sees(person, Place.LOG, case_id(query.case) if query.case else NONE)
        behind = self._search.behind()
        found = self._search.page(query, PAGE + 1)
        shown = found[:PAGE]
        if query.after is not None:
            shown = shown[::-1]
        further = len(found) > PAGE
        first, last = (shown[0].position, shown[-1].position) if shown else (None, None)
        return FactPage(
            facts=shown,
            count=self._search.count(query, MOST_COUNTED + 1),
            older=last if further or query.after is not None else None,
            newer=first if (further and query.after is not None) or query.before is not None else None,
            behind=behind,
        )

    def count(self, person: Person, query: FactQuery, most: int) -> int:
        """Counted up to `most`."""
        require_audit(person)
        return self._search.count(query, most)

    def all(self, person: Person, query: FactQuery) -> Iterator[Sequence[Found]]:
        """Everything under the filters that there is now, newest first, for an export."""
        require_audit(person)
        self._witness.sees(person, Place.LOG_EXPORT, case_id(query.case) if query.case else NONE)
        self._search.behind()
        return self._pages(replace(query, before=None, after=None))

    def _pages(self, query: FactQuery) -> Iterator[Sequence[Found]]:
        while found := self._search.page(query, PAGE_OF_EXPORT):
            yield found
            query = replace(query, before=found[-1].position)


def require_audit(person: Person) -> None:
    """Raise Forbidden unless the person's role reads the whole log."""
    if person.role not in READS_ALL:
        raise Forbidden("access.whole-log")
