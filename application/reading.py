"""What people read: every query goes through here, where the person's role and scope are applied.

Web handlers hold this object and never a bare query port, so that no page can forget the scope. Words of the vault are
read in one place of it, where it is kept who sees them.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

import msgspec

from application.access import Forbidden, Person, Role, Scope, scope_of
from application.auditing_looks import NONE, Place, Witness
from application.handling import OFFICE
from application.identity import case_id
from application.notices import NoticePage
from application.past import AsOf, NotYet, first_day, seen
from application.ports import Clock, Log, Recorded, Vault
from application.views.calendar import CalendarQuery, Day
from application.views.casefile import CaseFile, CaseFiles, Digests, PastCaseFiles
from application.views.desk import Approvals, Change, Queue, QueueQuery, SilentQuery, TaskPage
from application.views.followed import FollowedCase
from application.views.models import PastModels, ReadModels
from application.views.partners import LocalGovernmentFile, PartnerFile, PartnerPage, PartnerQuery, PartnerSlice
from application.views.register import Place as Standing
from application.views.register import RegisterPage, RegisterQuery, RegisterRow, RegisterSlice
from domain.initiatives.terms import Stage
from domain.kernel import CommandKey, Fact, VaultRef


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
        present: ReadModels,
        past: PastModels,
        cases: CaseFiles,
        past_cases: PastCaseFiles,
        log: Log,
        digests: Digests,
        vault: Vault,
        clock: Clock,
        witness: Witness,
        as_of: AsOf | None = None,
    ) -> None:
        self._present = present
        self._past = past
        self._cases = cases
        self._past_cases = past_cases
        self._log = log
        self._digests = digests
        self._vault = vault
        self._clock = clock
        self._witness = witness
        self._as_of = as_of
        self._then: dict[Scope, ReadModels] = {}

    def at(self, as_of: AsOf | None) -> "Reading":
        """The same, of a place on the clocks; None for now. Lists and counts then also raise Preparing."""
        return Reading(
            self._present,
            self._past,
            self._cases,
            self._past_cases,
            self._log,
            self._digests,
            self._vault,
            self._clock,
            self._witness,
            as_of,
        )

    @property
    def as_of(self) -> AsOf | None:
        """Where on the clocks it reads; None for now."""
        return self._as_of

    def today(self) -> date:
        """The office's calendar day; in the past, the last one of which anything is known."""
        return self._as_of.today if self._as_of else self._clock().astimezone(OFFICE).date()

    def _models(self, scope: Scope) -> ReadModels:
        if self._as_of is None:
            return self._present
        if scope not in self._then:
            self._then[scope] = self._past.at(self._as_of, scope)
        return self._then[scope]

    def register(self, person: Person, query: RegisterQuery) -> RegisterPage:
        scope = scope_of(person)
        return self._models(scope).register.page(scope, query, self.today())

    def register_after(self, person: Person, query: RegisterQuery, place: Standing | None) -> RegisterSlice:
        """Raises ValueError for a place that cannot be of the query's order."""
        scope = scope_of(person)
        return self._models(scope).register.after(scope, query, self.today(), place)

    def board(
        self, person: Person, query: RegisterQuery, columns: Sequence[Sequence[Stage]], most: int
    ) -> Sequence[Sequence[RegisterRow]]:
        """The first rows of each column of stages, by deadline."""
        scope = scope_of(person)
        return self._models(scope).register.board(scope, query, columns, most, self.today())

    def rows(self, person: Person, query: RegisterQuery) -> Iterator[Sequence[RegisterRow]]:
        """Every row under the filters, for an export."""
        scope = scope_of(person)
        return self._models(scope).register.rows(scope, query, self.today())

    def steps(self, person: Person, queries: Sequence[QueueQuery]) -> Sequence[Queue]:
        scope = scope_of(person)
        return self._models(scope).queue.open_steps(scope, queries)

    def tasks(self, person: Person, most: int, skip: int = 0) -> tuple[TaskPage, Mapping[VaultRef, str | None]]:
        """What the person is to do beside the road of cases, and in which words; None where those were erased."""
        scope = scope_of(person)
        found = self._models(scope).queue.tasks(scope, person.account, most, skip)
        return found, self._words(person, Place.TASKS, [row.what for row in found.rows])

    def approvals(self, person: Person, most: int, skip: int = 0) -> Approvals:
        """Cases in which the approval of a second person is waited for."""
        scope = scope_of(person)
        return self._models(scope).approvals.waiting(scope, most, skip)

    def silent(self, person: Person, query: SilentQuery) -> Queue:
        """Partnerships of which nothing was heard for long."""
        scope = scope_of(person)
        return self._models(scope).silent.silent(scope, query)

    def changes(
        self, person: Person, most: int, since: datetime | None = None, before: int | None = None
    ) -> Sequence[Change]:
        scope = scope_of(person)
        return self._models(scope).timeline.newest(scope, most, since, before)

    def case(self, person: Person, number: str) -> CaseFile:
        """Raises NotFound."""
        found = self._cases.open(scope_of(person), number)
        if found is None:
            raise NotFound(number)
        return found

    def case_with_history(self, person: Person, number: str) -> tuple[CaseFile, History]:
        """Raises NotFound."""
        return self.case(person, number), self._history(person, Place.CASE, case_id(number))

    def case_facts(self, person: Person, number: str, after: int, most: int) -> Sequence[Recorded]:
        """Facts of a case after a position, without the words that they point to. Raises NotFound."""
        self.case(person, number)
        return self._log.page(after, most, (), case_id(number))

    def done(self, person: Person, stream: UUID, key: CommandKey | None) -> tuple[int, Sequence[Recorded]]:
        """Of what the person has just done: the version that it led to, and its facts, none where nothing was left to
        change. Without a key the newest version."""
        scope_of(person)
        recorded = self._log.read(stream)
        mine = [r for r in recorded if r.command == key and r.actor == person.account]
        return (mine or recorded)[-1].version, mine

    def case_as_of(self, person: Person, number: str, as_of: AsOf) -> PastCase:
        """The case as it stood then, for whom it lies in scope today. Raises NotFound, NotYet."""
        self.case(person, number)
        whole = tuple(self._log.read(case_id(number)))
        left = tuple(seen(whole, as_of))
        file = self._past_cases.at(left, as_of)
        if file is None:
            raise NotYet(first_day(whole, as_of))
        return PastCase(file, self._with_words(person, Place.CASE, left), whole)

    def digest(self, person: Person, number: str, version: int) -> str:
        """By which an account of the case can be tied to the log, see Digests. Raises NotFound."""
        file = self.case(person, number)
        return self._digests.digest(file.case, version)

    def cases(self, person: Person, cases: Sequence[UUID]) -> Sequence[RegisterRow]:
        """Some cases by their streams; those outside the scope are left out."""
        scope = scope_of(person)
        return self._models(scope).register.of(scope, cases)

    def days(self, person: Person, first: date, before: date, *, mine: bool, most_a_day: int) -> Sequence[Day]:
        """The calendar from `first` to the day before `before`. `mine` asks for cases that the person leads."""
        scope, led_by = scope_of(person), person.account if mine else None
        query = CalendarQuery(first=first, before=before, handler=led_by, most_a_day=most_a_day)
        return self._models(scope).calendar.days(scope, query)

    def followed(self, person: Person) -> Sequence[FollowedCase]:
        """Every case that the person follows today."""
        scope = scope_of(person)
        return self._models(scope).followed.all(scope, person.account)

    def notices(self, person: Person, most: int, skip: int = 0) -> NoticePage:
        """What the person was told, the newest first."""
        scope = scope_of(person)
        return self._models(scope).notices.page(scope, person.account, most, skip)

    def partners(self, person: Person, query: PartnerQuery) -> PartnerPage:
        scope = _partner_scope(person)
        return self._models(scope).partners.page(scope, query)

    def partners_after(self, person: Person, query: PartnerQuery, place: Standing | None) -> PartnerSlice:
        """Raises ValueError for a place that cannot be of the list."""
        scope = _partner_scope(person)
        return self._models(scope).partners.after(scope, query, place)

    def partner(self, person: Person, partner: UUID) -> PartnerFile:
        """Raises NotFound."""
        scope = _partner_scope(person)
        found = self._models(scope).partners.open(scope, partner)
        if found is None:
            raise NotFound(str(partner))
        return found

    def partner_history(self, person: Person, partner: UUID) -> History:
        """Raises NotFound. The reasons of the office are not shown to officers."""
        self.partner(person, partner)
        facts = tuple(self._log.read(partner))
        if self._as_of:
            facts = tuple(seen(facts, self._as_of) or facts[:1])
        return History(facts, {}) if person.role is Role.OFFICER else self._with_words(person, Place.PARTNER, facts)

    def partners_like(self, person: Person, text: str, country: str | None = None) -> Sequence[PartnerFile]:
        _partner_scope(person)
        return self._present.partners.like(text, country)

    def local_governments(self, person: Person) -> Sequence[LocalGovernmentFile]:
        scope = scope_of(person)
        return self._models(scope).local_governments.all(scope)

    def local_government(self, person: Person, code: str) -> LocalGovernmentFile:
        scope = scope_of(person)
        if scope.local_government not in (None, code):
            raise NotFound(code)
        return self._models(scope).local_governments.open(scope, code)

    def log_page(self, person: Person, after: int, limit: int) -> Sequence[Recorded]:
        """Facts of the whole log by position, for an auditor or a coordinator. Raises Forbidden."""
        if scope_of(person).local_government is not None:
            raise Forbidden("access.whole-log")
        self._witness.sees(person, Place.LOG)
        return self._log.page(after, limit)

    def _history(self, person: Person, place: Place, stream: UUID) -> History:
        return self._with_words(person, place, tuple(self._log.read(stream)))

    def _with_words(self, person: Person, place: Place, facts: tuple[Recorded, ...]) -> History:
        refs = [ref for r in facts for ref in vault_refs(r.fact)]
        if not refs:
            return History(facts, {})
        return History(facts, self._words(person, place, refs, facts[-1].stream, facts[-1].version))

    def _words(
        self, person: Person, place: Place, refs: Sequence[VaultRef], subject: UUID = NONE, version: int = 0
    ) -> Mapping[VaultRef, str | None]:
        """The only way to words of the vault: that somebody sees them is kept before they are shown."""
        if not refs:
            return {}
        self._witness.sees(person, place, subject, version)
        return self._vault.read(refs)


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
    *("rationale", "distinct_because", "reason", "missing", "basis", "purpose", "remark", "known_from", "told_by"),
    *("note", "what"),
)
"""Fields of facts of cases and partners that point into the vault; a test holds the list against the fact types."""


def _partner_scope(person: Person) -> Scope:
    """Partners' files are open to everybody who works on cases; an officer counts only own cases in them."""
    return scope_of(person)
