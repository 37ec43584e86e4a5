"""What people read: every query goes through here, where the person's role and scope are applied.

Web handlers hold this object and never a bare query port, so that no page can forget the scope.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

import msgspec

from application.access import Forbidden, Person, Role, Scope, scope_of
from application.handling import OFFICE
from application.identity import case_id
from application.past import AsOf, NotYet, first_day, seen
from application.ports import Clock, Log, Recorded, Vault
from application.views.casefile import CaseFile, CaseFiles, PastCaseFiles
from application.views.desk import (
    Approvals,
    AwaitedApprovals,
    Change,
    Queue,
    QueueQuery,
    Silent,
    SilentQuery,
    TaskPage,
    Timeline,
    WorkQueue,
)
from application.views.partners import (
    LocalGovernmentFile,
    LocalGovernmentFiles,
    PartnerFile,
    PartnerFiles,
    PartnerPage,
    PartnerQuery,
)
from application.views.register import Register, RegisterPage, RegisterQuery, RegisterRow
from domain.initiatives.terms import Stage
from domain.kernel import Fact, VaultRef


class NotFound(Exception):
    """There is no such thing, or it lies outside what the person may see: the two look alike on purpose."""


class History(msgspec.Struct, frozen=True):
    """The facts of one case or partner by version, and the words that they point to."""

    facts: tuple[Recorded, ...]
    texts: Mapping[VaultRef, str | None]
    """None where the words were erased."""


class PastCase(msgspec.Struct, frozen=True):
    """A case as it stood, by the facts that are left of its history."""

    file: CaseFile
    history: History
    whole: tuple[Recorded, ...]
    """The history up to today."""


class Reading:
    """Every read of a signed-in person. All methods raise Forbidden where the role reads no cases at all."""

    def __init__(
        self,
        register: Register,
        queue: WorkQueue,
        silent: Silent,
        approvals: AwaitedApprovals,
        timeline: Timeline,
        cases: CaseFiles,
        past: PastCaseFiles,
        partners: PartnerFiles,
        local_governments: LocalGovernmentFiles,
        log: Log,
        vault: Vault,
        clock: Clock,
    ) -> None:
        self._register = register
        self._queue = queue
        self._silent = silent
        self._approvals = approvals
        self._timeline = timeline
        self._cases = cases
        self._past = past
        self._partners = partners
        self._local_governments = local_governments
        self._log = log
        self._vault = vault
        self._clock = clock

    def today(self) -> date:
        """The office's calendar day."""
        return self._clock().astimezone(OFFICE).date()

    def register(self, person: Person, query: RegisterQuery) -> RegisterPage:
        return self._register.page(scope_of(person), query, self.today())

    def board(
        self, person: Person, query: RegisterQuery, columns: Sequence[Sequence[Stage]], most: int
    ) -> Sequence[Sequence[RegisterRow]]:
        """The first rows of each column of stages, by deadline."""
        return self._register.board(scope_of(person), query, columns, most, self.today())

    def rows(self, person: Person, query: RegisterQuery) -> Iterator[Sequence[RegisterRow]]:
        """Every row under the filters, for an export."""
        return self._register.rows(scope_of(person), query, self.today())

    def steps(self, person: Person, queries: Sequence[QueueQuery]) -> Sequence[Queue]:
        return self._queue.open_steps(scope_of(person), queries)

    def tasks(self, person: Person, most: int, skip: int = 0) -> tuple[TaskPage, Mapping[VaultRef, str | None]]:
        """What the person is to do beside the road of cases, and in which words; None where those were erased."""
        found = self._queue.tasks(scope_of(person), person.account, most, skip)
        return found, self._vault.read([row.what for row in found.rows]) if found.rows else {}

    def approvals(self, person: Person, most: int, skip: int = 0) -> Approvals:
        """Cases in which the approval of a second person is waited for."""
        return self._approvals.waiting(scope_of(person), most, skip)

    def silent(self, person: Person, query: SilentQuery) -> Queue:
        """Partnerships of which nothing was heard for long."""
        return self._silent.silent(scope_of(person), query)

    def changes(
        self, person: Person, most: int, since: datetime | None = None, before: int | None = None
    ) -> Sequence[Change]:
        return self._timeline.newest(scope_of(person), most, since, before)

    def case(self, person: Person, number: str) -> CaseFile:
        """Raises NotFound."""
        found = self._cases.open(scope_of(person), number)
        if found is None:
            raise NotFound(number)
        return found

    def case_with_history(self, person: Person, number: str) -> tuple[CaseFile, History]:
        """Raises NotFound."""
        return self.case(person, number), self._history(case_id(number))

    def case_as_of(self, person: Person, number: str, as_of: AsOf) -> PastCase:
        """The case as it stood then, for whom it lies in scope today. Raises NotFound, NotYet."""
        self.case(person, number)
        whole = tuple(self._log.read(case_id(number)))
        left = tuple(seen(whole, as_of))
        file = self._past.at(left, as_of)
        if file is None:
            raise NotYet(first_day(whole, as_of))
        refs = [ref for r in left for ref in vault_refs(r.fact)]
        return PastCase(file, History(left, self._vault.read(refs) if refs else {}), whole)

    def cases(self, person: Person, cases: Sequence[UUID]) -> Sequence[RegisterRow]:
        """Some cases by their streams; those outside the scope are left out."""
        return self._register.of(scope_of(person), cases)

    def partners(self, person: Person, query: PartnerQuery) -> PartnerPage:
        return self._partners.page(_partner_scope(person), query)

    def partner(self, person: Person, partner: UUID) -> PartnerFile:
        """Raises NotFound."""
        found = self._partners.open(_partner_scope(person), partner)
        if found is None:
            raise NotFound(str(partner))
        return found

    def partner_history(self, person: Person, partner: UUID) -> History:
        """Raises NotFound. The reasons of the office are not shown to officers."""
        self.partner(person, partner)
        history = self._history(partner)
        return history if person.role is not Role.OFFICER else History(history.facts, {})

    def partners_like(self, person: Person, text: str, country: str | None = None) -> Sequence[PartnerFile]:
        _partner_scope(person)
        return self._partners.like(text, country)

    def local_governments(self, person: Person) -> Sequence[LocalGovernmentFile]:
        return self._local_governments.all(scope_of(person))

    def local_government(self, person: Person, code: str) -> LocalGovernmentFile:
        scope = scope_of(person)
        if scope.local_government not in (None, code):
            raise NotFound(code)
        return self._local_governments.open(scope, code)

    def log_page(self, person: Person, after: int, limit: int) -> Sequence[Recorded]:
        """Facts of the whole log by position, for an auditor or a coordinator. Raises Forbidden."""
        if scope_of(person).local_government is not None:
            raise Forbidden("access.whole-log")
        return self._log.page(after, limit)

    def _history(self, stream: UUID) -> History:
        recorded = tuple(self._log.read(stream))
        refs = [ref for r in recorded for ref in vault_refs(r.fact)]
        return History(recorded, self._vault.read(refs) if refs else {})


def vault_refs(fact: Fact) -> list[VaultRef]:
    """Every reference into the vault that a fact holds, those of a restated fact included."""
    found: list[VaultRef] = []
    for name in VAULT_FIELDS:
        ref = getattr(fact, name, None)
        if isinstance(ref, UUID):
            found.append(VaultRef(ref))
    restated = getattr(fact, "restated", None)
    return found + vault_refs(restated) if isinstance(restated, Fact) else found


VAULT_FIELDS = (
    *("rationale", "distinct_because", "reason", "missing", "basis", "purpose", "remark", "told_by", "note", "what"),
)
"""Fields of facts of cases and partners that point into the vault; a test holds the list against the fact types."""


def _partner_scope(person: Person) -> Scope:
    """Partners' files are open to everybody who works on cases; an officer counts only own cases in them."""
    return scope_of(person)
