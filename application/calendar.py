"""Whose days the calendar shows."""

from application.access import Person, Role
from domain.kernel import AccountId


def leads(person: Person) -> AccountId | None:
    """Whose cases are a person's own, where not every case within the scope is: a coordinator leads some of them."""
    return person.account if person.role is Role.COORDINATOR else None
