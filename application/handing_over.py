"""Handing several cases over to one handler: what it would do, then each case on its own, by the version seen of it."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

import msgspec

from application.access import Person, scope_of
from application.handling import Request
from application.identity import command_key, vault_ref
from application.initiatives import AdvancingInitiatives, Handlers
from application.ports import CommandKeyReused, Conflict, VaultEntry
from application.rights import require
from application.views.casefile import CaseFile, CaseFiles
from application.views.register import Register, RegisterQuery
from domain.initiatives.decisions.anytime import NameHandler
from domain.kernel import AccountId, CommandKey, Refusal, Refused

DEED: Final = "name-handler"
MOST: Final = 200
"""Cases at a time: as many as a person can look over before saying yes, and a second or two of writing."""


class Prospect(msgspec.Struct, frozen=True):
    """A case before it is handed over, with what stands against it."""

    file: CaseFile
    refusals: tuple[Refusal, ...] = ()


class Chosen(msgspec.Struct, frozen=True):
    """A case by its number, and the version that the person had before them."""

    number: str
    seen: int


class HandOver(msgspec.Struct, frozen=True, kw_only=True):
    """Asks that all the cases go to one handler. `key` names the sending, `reason` stands in each history."""

    key: CommandKey
    cases: Sequence[Chosen]
    to: AccountId
    reason: str


class Outcome(msgspec.Struct, frozen=True):
    """What became of one case: without a refusal it is handed over."""

    number: str
    refusals: tuple[Refusal, ...] = ()


class HandedOver(msgspec.Struct, frozen=True):
    """Every case of one hand-over, and the position of the log to wait for."""

    outcomes: Sequence[Outcome]
    position: int


class HandingOver:
    """Rights and scope are checked here and, for each case, by the one way in which every deed is done."""

    def __init__(
        self, advancing: AdvancingInitiatives, handlers: Handlers, cases: CaseFiles, register: Register
    ) -> None:
        self._advancing = advancing
        self._handlers = handlers
        self._cases = cases
        self._register = register

    def found(self, person: Person, query: RegisterQuery, today: date) -> list[str]:
        """Numbers of all the cases under the filters. Raises Forbidden; Refused where they are more than MOST."""
        require(person, DEED)
        page = self._register.page(scope_of(person), msgspec.structs.replace(query, page=1, size=MOST), today)
        _bounded(page.total)
        return [row.number for row in page.rows]

    def look(self, person: Person, numbers: Sequence[str], to: AccountId | None) -> list[Prospect]:
        """What would happen to each case; those that the person cannot see are left out.

        Raises Forbidden; Refused for too many, and for somebody who leads no cases.
        """
        require(person, DEED)
        _bounded(len(numbers))
        if to is not None:
            self._check(to)
        files = (self._cases.open(scope_of(person), number) for number in dict.fromkeys(numbers))
        return [Prospect(file, self._against(person, file, to)) for file in files if file]

    def hand_over(self, person: Person, asked: HandOver) -> HandedOver:
        """A case that a colleague changed since is left as it is, and said so; the others do not wait for it.

        Sending the same again has no further effect. Raises Forbidden; Refused for too many, and for a wrong handler.
        """
        require(person, DEED)
        _bounded(len(asked.cases))
        self._check(asked.to)
        outcomes: list[Outcome] = []
        position = 0
        for case in asked.cases:
            try:
                position = max(position, self._one(person, asked, case))
                outcomes.append(Outcome(case.number))
            except Refused as refused:
                outcomes.append(Outcome(case.number, refused.refusals))
            except Conflict:
                outcomes.append(Outcome(case.number, (Refusal("log.conflict"),)))
            except CommandKeyReused:
                outcomes.append(Outcome(case.number, (Refusal("log.key-reused"),)))
        return HandedOver(outcomes, position)

    def _one(self, person: Person, asked: HandOver, case: Chosen) -> int:
        key = command_key(str(asked.key), case.number)
        words = VaultEntry(vault_ref(key, "reason"), "reason", asked.reason)
        command = NameHandler(handler=asked.to, reason=words.ref)
        request = Request(key=key, command=command, entries=(words,), seen=case.seen)
        return self._advancing.advance(person, case.number, request).position

    def _check(self, handler: AccountId) -> None:
        if not self._handlers.is_handler(handler):
            raise Refused(Refusal("initiative.not-a-handler", field="to"))

    def _against(self, person: Person, file: CaseFile, to: AccountId | None) -> tuple[Refusal, ...]:
        offer = next(offer for offer in self._advancing.offers(person, file.state) if offer.deed == DEED)
        return offer.refusals or tuple(_already(file, to))


def _already(file: CaseFile, to: AccountId | None) -> Iterator[Refusal]:
    if to is not None and file.state.handler == to:
        yield Refusal("hand-over.already-theirs")


def _bounded(count: int) -> None:
    if count > MOST:
        raise Refused(Refusal("hand-over.too-many", {"most": MOST, "found": count}))
