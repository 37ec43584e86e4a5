"""Notices: who is to learn of a fact, and what a person reads of them. A notice is no fact: it may be read and go."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import chain
from typing import Final, Protocol, runtime_checkable
from uuid import UUID

import msgspec

from application.access import OPERATOR, Forbidden, Person, Role, Scope, scope_of
from application.accounts import Account
from application.colleagues import sees
from application.ports import Clock, Recorded
from application.reminders import Given
from application.standing_in import Absence, absent_behind
from application.views.register import RegisterRow
from domain.initiatives import events as e
from domain.initiatives.initiative import Initiative
from domain.initiatives.reminding import Reminded
from domain.kernel import AccountId

MOST_COUNTED: Final = 100
"""More unread notices than that are not counted on every page."""


class Kind(StrEnum):
    """Why somebody is told. Of several reasons the first one counts."""

    MENTIONED = "mentioned"
    HANDLER = "handler"
    """Named to lead the case."""
    TASK = "task"
    RETURNED = "returned"
    """The file of a case of the own town, or of one that the person leads, was returned for supplement."""
    MOVED = "moved"
    """A case of the own town is at another stage."""
    CHANGED = "changed"
    """Something was recorded on a case that the person leads."""
    FOLLOWED = "followed"
    """Something was recorded on a case that the person follows."""
    REMINDER = "reminder"
    """Something is to be done on a case: its day comes, or has passed."""
    STANDING_IN = "standing_in"
    """Somebody for whom the person stands in would be told."""


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """One person is told of one thing, once."""

    account: AccountId
    kind: Kind
    case: UUID
    source: str
    """What it tells, such as `fact/1187`."""
    tag: str
    """Of the fact; of a reminder what it reminds of, such as `reminder.late`."""
    actor: AccountId
    at: datetime


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """A notice with the case as it stands."""

    id: int
    kind: Kind
    tag: str
    actor: AccountId
    at: datetime
    read: bool
    case: RegisterRow


class NoticePage(msgspec.Struct, frozen=True):
    """The newest first; `total` counts those not asked for too."""

    rows: tuple[Shown, ...]
    total: int


@runtime_checkable
class NoticeLists(Protocol):
    def page(self, scope: Scope, account: AccountId, most: int, skip: int) -> NoticePage:
        """Of a past day: those that had been given, read as far as they had been, with the cases as they stood."""
        ...


@runtime_checkable
class Notices(Protocol):
    """Every read takes the scope of the moment: what was told of a case that is out of sight now stays hidden."""

    def unread(self, account: AccountId, scope: Scope, most: int) -> int:
        """How many there are, `most` at most."""
        ...

    def mark(self, account: AccountId, notice: int, at: datetime) -> None:
        """As read; that of another account, or one that is read already, stays as it is."""
        ...

    def mark_all(self, account: AccountId, until: int, at: datetime) -> None:
        """As read, up to a notice that the person has seen: what came later stays."""
        ...


class ReadingNotices:
    """The person counts and marks the own notices. All but `unread` raise Forbidden where the role reads no cases."""

    def __init__(self, notices: Notices, clock: Clock) -> None:
        self._notices, self._clock = notices, clock

    def unread(self, person: Person) -> int:
        try:
            return self._notices.unread(person.account, scope_of(person), MOST_COUNTED)
        except Forbidden:
            return 0

    def mark(self, person: Person, notice: int) -> None:
        scope_of(person)
        self._notices.mark(person.account, notice, self._clock())

    def mark_all(self, person: Person, until: int) -> None:
        scope_of(person)
        self._notices.mark_all(person.account, until, self._clock())


def notices_of(
    recorded: Recorded,
    before: Initiative | None,
    after: Initiative,
    people: Sequence[Account],
    followers: Iterable[AccountId] = (),
) -> list[Notice]:
    """Who is to learn of a fact of a case; `before` and `after` are the case around it, `followers` those of now.

    Nobody is told of the own deed, nor of a case out of sight. What the machine's operator records tells nobody: that
    is an import, not the office's day.
    """
    if recorded.actor == OPERATOR.account:
        return []
    active = {account.id: account.person for account in people if not account.disabled}
    kinds: dict[AccountId, Kind] = {}
    followed = ((account, Kind.FOLLOWED) for account in followers)
    for account, kind in chain(_called(recorded, before, after, active.values()), followed):
        person = active.get(account)
        if person and account != recorded.actor and sees(person, after):
            kinds.setdefault(account, kind)
    return [
        Notice(
            account=account,
            kind=kind,
            case=recorded.stream,
            source=f"fact/{recorded.position}",
            tag=after.tags[-1],
            actor=recorded.actor,
            at=recorded.recorded_at,
        )
        for account, kind in kinds.items()
    ]


_OF_ONESELF: Final = frozenset({Kind.FOLLOWED})
"""What somebody follows for oneself is nobody else's work."""


def with_substitutes(notices: Sequence[Notice], absences: Sequence[Absence], people: Sequence[Account]) -> list[Notice]:
    """Whoever stands in for somebody who is away is told too, once. `absences` are those of the day."""
    if not absences:
        return list(notices)
    told = {(notice.account, notice.source) for notice in notices}
    stand_ins: dict[AccountId, list[AccountId]] = {}
    for account in people:
        if not account.disabled:
            for absent in absent_behind(absences, account.id):
                stand_ins.setdefault(absent.account, []).append(account.id)
    found = list(notices)
    for notice in notices:
        if notice.kind in _OF_ONESELF:
            continue
        for account in stand_ins.get(notice.account, ()):
            if account != notice.actor and (account, notice.source) not in told:
                told.add((account, notice.source))
                kind = Kind.REMINDER if notice.kind is Kind.REMINDER else Kind.STANDING_IN
                found.append(msgspec.structs.replace(notice, account=account, kind=kind))
    return found


TOLD_FOR: Final = timedelta(days=3)
"""A reminder that is given later than that after its day tells nobody: years may have been swept at once."""
_OFFICERS: Final = frozenset({Reminded.CONFIRM})
_APPROVERS: Final = frozenset({Reminded.ESCALATED})


def notices_of_reminder(given: Given, today: date, at: datetime, people: Sequence[Account]) -> list[Notice]:
    """Who is to be reminded: the handler; officers of the town where the step or the partnership is theirs to see to;
    approvers of what is very late. Nobody where it has been done, or where its day is long past.
    """
    if not given.stands or given.on < today - TOLD_FOR:
        return []
    return [
        Notice(
            account=one.id,
            kind=Kind.REMINDER,
            case=given.case,
            source=f"reminder/{given.id}",
            tag=f"reminder.{given.kind.value}",
            actor=OPERATOR.account,
            at=at,
        )
        for one in people
        if not one.disabled and _reminded(one, given)
    ]


def _reminded(account: Account, given: Given) -> bool:
    match account.role:
        case Role.OFFICER:
            return account.local_government in given.homes and given.kind is not Reminded.DORMANT
        case Role.APPROVER:
            return given.kind in _APPROVERS
        case _:
            return account.id == given.handler and given.kind not in _OFFICERS


def _called(
    recorded: Recorded, before: Initiative | None, after: Initiative, people: Iterable[Person]
) -> Iterator[tuple[AccountId, Kind]]:
    """With each reason in the order of Kind; those who are away or see nothing are left out later."""
    match recorded.fact:
        case e.RemarkAdded(mentions=mentions):
            yield from ((account, Kind.MENTIONED) for account in mentions)
        case e.CoordinationStarted(handler=handler) | e.HandlerNamed(handler=handler):
            yield handler, Kind.HANDLER
        case e.TaskGiven(assignee=assignee):
            yield assignee, Kind.TASK
        case _:
            pass
    leaders = [state.handler for state in (before, after) if state and state.handler]
    officers = [person.account for person in people if person.role is Role.OFFICER and sees(person, after)]
    if isinstance(recorded.fact, e.FileReturned):
        yield from ((account, Kind.RETURNED) for account in (*officers, *leaders))
    if before and before.stage is not after.stage:
        yield from ((account, Kind.MOVED) for account in officers)
    yield from ((account, Kind.CHANGED) for account in leaders)
