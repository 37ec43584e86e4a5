"""Who could act on a case at a place on the clocks, and why: by role, by scope, as a substitute, by the same rules.

The log does not hold accounts: whoever has a role today is taken to have had it since the account was opened, and an
account that is disabled today could do nothing. Absences count by their days, as they are known today.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

import msgspec

from application.access import READS_ALL, Forbidden, Person
from application.accounts import Account
from application.colleagues import sees
from application.procedures import Shelf
from application.rights import may, within_scope
from application.standing_in import Absent, StandingIn
from domain.initiatives import deeds
from domain.initiatives.initiative import Initiative
from domain.initiatives.procedure import CaseOccasion


class Could(msgspec.Struct, frozen=True, kw_only=True):
    """One person, and the deeds that were open to them."""

    person: Person
    leads: bool
    """The case's handler."""
    stands_in_for: tuple[Absent, ...]
    deeds: tuple[str, ...]


class WhoCouldAct:
    def __init__(self, accounts: Callable[[], Mapping[UUID, Account]], standing_in: StandingIn, shelf: Shelf) -> None:
        self._accounts = accounts
        self._standing_in = standing_in
        self._shelf = shelf

    def on(self, asker: Person, state: Initiative, at: datetime, today: date) -> Sequence[Could]:
        """Those who could do something, the handler first. Raises Forbidden for whoever sees one town's cases alone."""
        if asker.role not in READS_ALL:
            raise Forbidden("access.deed-not-yours")
        procedures = self._shelf.now()
        found: list[Could] = []
        for account in self._accounts().values():
            person = account.person
            if account.disabled or account.opened_at > at or not sees(person, state):
                continue
            on = CaseOccasion(actor=person.account, at=at, today=today, procedures=procedures)
            behind = self._standing_in.on_case(person, state, on)
            offers = deeds.offers(state, self._standing_in.occasion(person, state, on))
            mine = within_scope(person, state)
            open_ = tuple(o.deed for o in offers if mine and may(person, o.deed) and not o.refusals)
            if open_:
                leads = person.account == state.handler
                found.append(Could(person=person, leads=leads, stands_in_for=tuple(behind), deeds=open_))
        return sorted(found, key=lambda could: (not could.leads, could.person.role, could.person.name))
