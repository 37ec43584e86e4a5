"""Who works here with whom: the people that a task is given to, and those whom a remark calls."""

from collections.abc import Iterable, Iterator
from typing import Final, Protocol, runtime_checkable

from application.access import READS_ALL, Person, Role
from application.accounts import Accounts
from application.rights import may, within_scope
from domain.initiatives.decisions.anytime import AddRemark
from domain.initiatives.decisions.tasking import GiveTask
from domain.initiatives.initiative import Initiative
from domain.kernel import AccountId, Command, Refusal

_SEES_CASES: Final = READS_ALL | {Role.OFFICER}


@runtime_checkable
class Colleagues(Protocol):
    def at_work(self, account: AccountId) -> Person | None:
        """Whose account it is; None where there is none, or it is disabled."""
        ...


class ActiveAccounts:
    """Implements Colleagues."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts

    def at_work(self, account: AccountId) -> Person | None:
        found = self._accounts.find(account)
        return found.person if found and not found.disabled else None


def sees(person: Person, state: Initiative) -> bool:
    """Whether the case lies before a person's eyes: what is said to them there reaches them."""
    return person.role in _SEES_CASES and within_scope(person, state)


def takes_tasks(person: Person, state: Initiative) -> bool:
    return sees(person, state) and may(person, "finish-task")


def called_in_vain(command: Command, state: Initiative, colleagues: Colleagues) -> Iterator[Refusal]:
    """Those whom a command names although they could not answer."""
    match command:
        case GiveTask(assignee=assignee):
            person = colleagues.at_work(assignee)
            if person is None or not takes_tasks(person, state):
                yield Refusal("initiative.takes-no-task", field="assignee")
        case AddRemark(mentions=mentions):
            yield from _unreached(mentions, state, colleagues)
        case _:
            pass


def _unreached(mentions: Iterable[AccountId], state: Initiative, colleagues: Colleagues) -> Iterator[Refusal]:
    for account in mentions:
        person = colleagues.at_work(account)
        if person is None:
            yield Refusal("initiative.mentioned-unknown", field="mentions")
        elif not sees(person, state):
            yield Refusal("initiative.mentioned-sees-nothing", {"name": person.name}, "mentions")
