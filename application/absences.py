"""Absences: who may enter one for whom, who may stand in, and what speaks against it."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Final, Protocol, runtime_checkable
from uuid import UUID, uuid4

import msgspec

from application.access import Forbidden, Person, Role
from application.accounts import Account, Accounts
from application.handling import OFFICE
from application.ports import Clock
from application.standing_in import Absence, Away
from domain.kernel import AccountId, Refusal, Refused

HAVE_SUBSTITUTES: Final = frozenset({Role.COORDINATOR, Role.OFFICER, Role.APPROVER})
"""Whoever has work of their own."""
MOST_DAYS: Final = 366
_ASSOCIATION: Final = frozenset({Role.COORDINATOR, Role.APPROVER})


@runtime_checkable
class Absences(Away, Protocol):
    def lasting(self, day: date) -> Sequence[Absence]:
        """Those that last on a day or begin later and have not been ended early, by first day."""
        ...

    def enter(self, absence: Absence, fits: Callable[[Sequence[Absence]], None]) -> None:
        """Keep a new one, unless `fits` raises: it sees those that overlap, and nobody enters another meanwhile."""
        ...

    def end(self, absence: UUID, by: AccountId, at: datetime) -> None:
        """It is over from now on. One that was ended already stays as it is."""
        ...


class EnterAbsence(msgspec.Struct, frozen=True, kw_only=True):
    """Asks for an absence, both days included."""

    account: AccountId
    substitute: AccountId
    first_day: date
    last_day: date


class KeepingAbsences:
    """`by` is whoever asks. Everybody at work enters the own absence, the association those of its own people, an
    administrator anybody's."""

    def __init__(self, absences: Absences, accounts: Accounts, clock: Clock) -> None:
        self._absences, self._accounts, self._clock = absences, accounts, clock

    def shown(self, by: Person) -> Sequence[Absence]:
        """Present and coming ones of those for whom `by` may enter one. Raises Forbidden."""
        theirs = {account.id for account in self.people(by)}
        return [absence for absence in self._absences.lasting(self._today()) if absence.account in theirs]

    def people(self, by: Person) -> Sequence[Account]:
        """For whom `by` may enter an absence, by name. Raises Forbidden."""
        if by.role not in HAVE_SUBSTITUTES | {Role.ADMINISTRATOR}:
            raise Forbidden("access.no-casework")
        return [account for account in self._active() if _enters_for(by, account)]

    def substitutes(self, by: Person) -> Sequence[Account]:
        """Who may be named at all; for whom exactly, `enter` says. Raises Forbidden."""
        return [one for one in self._active() if any(_may_stand_in(one, away) for away in self.people(by))]

    def enter(self, by: Person, wish: EnterAbsence) -> Absence:
        """Raises Forbidden; Refused with every reason, each naming its field."""
        away = next((account for account in self.people(by) if account.id == wish.account), None)
        if away is None:
            raise Refused(Refusal("form.choice-unknown", field="account"))
        stands_in = next((account for account in self._active() if account.id == wish.substitute), None)
        refusals = [*_about_days(wish, self._today())]
        if stands_in is None or not _may_stand_in(stands_in, away):
            refusals.append(Refusal("absence.substitute-unfit", field="substitute"))
        if refusals:
            raise Refused(*refusals)
        absence = Absence(
            id=uuid4(),
            account=wish.account,
            substitute=wish.substitute,
            first_day=wish.first_day,
            last_day=wish.last_day,
            entered_by=by.account,
            entered_at=self._clock(),
        )
        self._absences.enter(absence, lambda others: _fits(absence, others))
        return absence

    def end(self, by: Person, absence: UUID) -> Absence:
        """The person is back. Raises Forbidden; Refused for one that is over, or not theirs to end."""
        found = next((one for one in self.shown(by) if one.id == absence), None)
        if found is None:
            raise Refused(Refusal("absence.gone"))
        self._absences.end(absence, by.account, self._clock())
        return found

    def _active(self) -> Sequence[Account]:
        return [one for one in self._accounts.all() if not one.disabled and one.role in HAVE_SUBSTITUTES]

    def _today(self) -> date:
        return self._clock().astimezone(OFFICE).date()


def _enters_for(by: Person, account: Account) -> bool:
    colleague = by.role in _ASSOCIATION and account.role in _ASSOCIATION
    return by.role is Role.ADMINISTRATOR or account.id == by.account or colleague


def _may_stand_in(substitute: Account, away: Account) -> bool:
    """What a substitute may do follows from the own account, so both have one role and one local government."""
    alike = (substitute.role, substitute.local_government) == (away.role, away.local_government)
    another = substitute.id != away.id and (away.human is None or substitute.human != away.human)
    return alike and another


def _about_days(wish: EnterAbsence, today: date) -> Sequence[Refusal]:
    if wish.last_day < wish.first_day:
        return [Refusal("absence.backwards", field="last_day")]
    if wish.last_day < today:
        return [Refusal("absence.over", field="last_day")]
    if (wish.last_day - wish.first_day).days >= MOST_DAYS or (wish.first_day - today).days >= MOST_DAYS:
        return [Refusal("absence.too-long", {"most": MOST_DAYS}, "last_day")]
    return []


def _fits(absence: Absence, others: Sequence[Absence]) -> None:
    """Raises Refused where the person is away then already, or the substitutes would lead back to the person."""
    twice = next((one for one in others if one.account == absence.account), None)
    if twice:
        days: dict[str, str | int] = {"begins": twice.first_day.isoformat(), "ends": twice.last_day.isoformat()}
        raise Refused(Refusal("absence.overlaps", days, "first_day"))
    if _leads_back(absence.substitute, absence.first_day, absence.last_day, absence.account, others):
        raise Refused(Refusal("absence.returns", field="substitute"))


def _leads_back(at: AccountId, first: date, last: date, to: AccountId, others: Sequence[Absence]) -> bool:
    """Whether on one of the days the substitutes of `at` come to `to`.

    It ends: the days only shrink, and absences of one day form no circle, since none that closed one was let in.
    """
    for one in others:
        begins, ends = max(first, one.first_day), min(last, one.last_day)
        away_then = one.account == at and begins <= ends
        if away_then and (one.substitute == to or _leads_back(one.substitute, begins, ends, to, others)):
            return True
    return False
