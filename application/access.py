"""Who may do what: roles, scope by local government, and the one place where a right is checked."""

from enum import StrEnum
from typing import Final
from uuid import UUID

import msgspec

from domain.kernel import AccountId


class Role(StrEnum):
    """Who works here. The public, partners abroad and other systems hold no account."""

    COORDINATOR = "coordinator"
    OFFICER = "officer"
    APPROVER = "approver"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    TECHNICIAN = "technician"
    """Looks after the receiver of a subscription, at the subscriber. Sees that subscription, and no case."""


class Person(msgspec.Struct, frozen=True):
    """A signed-in account, as the use cases see it."""

    account: AccountId
    name: str
    role: Role
    local_government: str | None = None
    """Code of the own local government; an officer has one, nobody else does."""


class Forbidden(Exception):
    """The person's role or scope does not allow it. `code` is translated at the edge, with `params`."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code)
        self.code = code
        self.params: dict[str, str | int] = dict(params)


class Scope(msgspec.Struct, frozen=True):
    """Which cases a query may return: all of them, or those of one local government."""

    local_government: str | None = None


READS_ALL = frozenset({Role.COORDINATOR, Role.APPROVER, Role.AUDITOR})


def scope_of(person: Person) -> Scope:
    """What the person may see. Raises Forbidden for administrators and technicians, who do no casework."""
    if person.role in READS_ALL:
        return Scope()
    if person.role is Role.OFFICER and person.local_government:
        return Scope(person.local_government)
    raise Forbidden("access.no-casework")


OPERATOR: Final = Person(account=AccountId(UUID(int=0)), name="pobratim", role=Role.COORDINATOR)
"""Whoever holds the machine and its database: the command line acts as this, and facts name it as their actor."""
