"""Follows the log and tells people: one process at a time, each fact once."""

import logging
import time
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import Final, cast
from uuid import UUID

from adapters.database.leading import Connection, Leader
from adapters.office.notices import add
from adapters.readside.entries import CASE_FACTS
from application.access import OPERATOR
from application.accounts import Account, Accounts
from application.handling import OFFICE
from application.notice_choices import USUAL, By, Choices
from application.notices import Notice, notices_of, notices_of_reminder, with_substitutes
from application.ports import Clock, Log, Recorded, UnreadableFact
from application.reminders import Reminders
from application.standing_in import Away
from domain.initiatives.events import InitiativeEvent
from domain.initiatives.initiative import BrokenHistory, Initiative, evolve
from domain.kernel import AccountId

CHANNEL: Final = "pobratim_log"
PAGE: Final = 500
POLL_SECONDS: Final = 1.0
STOP_SECONDS: Final = 0.2
"""How long a stop may go unnoticed."""
GIVE_WAY_SECONDS: Final = 2.0
_LOGGER: Final = logging.getLogger("pobratim.office")
_FOLLOWERS: Final = b"SELECT case_id, account FROM office.followed WHERE case_id = ANY(%s)"
_REMINDED: Final = b"UPDATE office.cursors SET position = %s WHERE name = 'reminders' AND position = %s"
_MOVED: Final = b"UPDATE office.cursors SET position = %s WHERE name = 'notices' AND position = %s"


class Notifier(Leader):
    """The cursor moves in the transaction that keeps the notices, so a crash tells nobody twice and loses nothing."""

    name = "notifier"
    lock = 7_631_400_021

    def __init__(
        self,
        url: str,
        log: Log,
        reminders: Reminders,
        accounts: Accounts,
        clock: Clock,
        away: Away,
        choices: Choices | None = None,
    ) -> None:
        """`choices` about mail; None where no mail is sent."""
        super().__init__(url)
        self._log, self._reminders, self._accounts = log, reminders, accounts
        self._clock, self._away, self._choices = clock, away, choices

    def lead(self, connection: Connection) -> None:
        connection.execute(f"LISTEN {CHANNEL}".encode())
        while not self.stopping.is_set():
            try:
                if not self.step(connection) and not self.remind(connection):
                    self._wait(connection)
            except UnreadableFact:
                # A newer version has written it. A process of that version may take the lead meanwhile.
                connection.execute("SELECT pg_advisory_unlock_all()")
                self.stopping.wait(GIVE_WAY_SECONDS)
                return

    def step(self, connection: Connection) -> bool:
        """One page; False where there was none. Raises UnreadableFact where it begins with one."""
        row = connection.execute("SELECT position FROM office.cursors WHERE name = 'notices'").fetchone()
        after: int = row[0] if row else 0
        facts = self._page(after)
        if not facts:
            return False
        now, people = self._clock(), self._accounts.all()
        made = self._to_tell(self._notices(facts, people, connection), now, people)
        with connection.transaction():
            add(connection, made, now)
            connection.execute(_MOVED, (facts[-1].position, after))
        return True

    def remind(self, connection: Connection) -> bool:
        """One page of reminders; False where none was given since."""
        row = connection.execute("SELECT position FROM office.cursors WHERE name = 'reminders'").fetchone()
        after: int = row[0] if row else 0
        given = self._reminders.given(after, PAGE)
        if not given:
            return False
        now, people = self._clock(), self._accounts.all()
        today = now.astimezone(OFFICE).date()
        made = self._to_tell([one for it in given for one in notices_of_reminder(it, today, now, people)], now, people)
        with connection.transaction():
            add(connection, made, now)
            connection.execute(_REMINDED, (given[-1].position, after))
        return True

    def _page(self, after: int) -> Sequence[Recorded]:
        try:
            return self._log.page(after, PAGE)
        except UnreadableFact as fault:
            if not fault.before:
                raise
            return fault.before

    def _notices(self, facts: Sequence[Recorded], people: Sequence[Account], connection: Connection) -> list[Notice]:
        of_cases = defaultdict[UUID, list[Recorded]](list)
        for recorded in facts:
            if type(recorded.fact) in CASE_FACTS and recorded.actor != OPERATOR.account:  # see notices_of
                of_cases[recorded.stream].append(recorded)
        followers = defaultdict[UUID, list[AccountId]](list)
        for case, account in connection.execute(_FOLLOWERS, (list(of_cases),)):
            followers[case].append(account)
        made = [one for case, new in of_cases.items() for one in self._of_case(case, new, people, followers[case])]
        return sorted(made, key=lambda notice: notice.at)

    def _to_tell(self, notices: Sequence[Notice], now: datetime, people: Sequence[Account]) -> list[tuple[Notice, By]]:
        """With those for the substitutes of whoever is away, and as each of them wants to hear of it."""
        if not notices:
            return []
        notices = with_substitutes(notices, self._away.on(now.astimezone(OFFICE).date()), people)
        if self._choices is None:
            return [(notice, By.NONE) for notice in notices]
        chosen = self._choices.of_all()
        return [(n, chosen.get(n.account, {}).get(n.kind, USUAL[n.kind])) for n in notices]

    def _of_case(
        self, case: UUID, new: Sequence[Recorded], people: Sequence[Account], followers: Sequence[AccountId]
    ) -> list[Notice]:
        """The case is folded as it was around each fact, whatever came later. Of a history that contradicts itself
        nobody is told, and the other cases go on."""
        states: list[Initiative | None] = [None]
        try:
            for recorded in self._log.read(case)[: new[-1].version]:
                states.append(evolve(states[-1], cast("InitiativeEvent", recorded.fact)))
        except BrokenHistory:
            _LOGGER.exception("nobody is told of positions %s", ", ".join(str(r.position) for r in new))
            return []
        around = list(pairwise(states))
        made: list[Notice] = []
        for recorded in new:
            before, after = around[recorded.version - 1]
            made += notices_of(recorded, before, cast("Initiative", after), people, followers)
        return made

    def _wait(self, connection: Connection) -> None:
        """Until the log says that it has grown, for a second at most."""
        deadline = time.monotonic() + POLL_SECONDS
        while not self.stopping.is_set() and time.monotonic() < deadline:
            if any(True for _ in connection.notifies(timeout=STOP_SECONDS, stop_after=1)):
                return
