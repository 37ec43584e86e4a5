"""Asking a side abroad for its own word: a one-time link, opened without an account, answered once."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, Protocol, runtime_checkable
from uuid import UUID

import msgspec
from msgspec.structs import replace

from application import handling
from application.access import Person, Role, Scope
from application.handling import Done, Known, Request
from application.identity import case_id, command_key, vault_ref
from application.languages_abroad import ABROAD
from application.ports import Clock, CommandKeyReused, Log, VaultEntry, Write
from application.procedures import Shelf
from application.rights import require, within_scope
from application.views.partners import PartnerFiles
from domain.dates import Day
from domain.initiatives import deeds
from domain.initiatives.decisions.anytime import AddRemark, ReceiveReport
from domain.initiatives.events import InitiativeEvent
from domain.initiatives.initiative import Initiative, evolve, fold
from domain.initiatives.procedure import CaseOccasion
from domain.initiatives.terms import LIVE, Channel, PartyStatus
from domain.kernel import AccountId, Command, CommandKey, Refusal, Refused
from domain.partners.partner import Name
from domain.words import Line, LongLine

PARTNER_ABROAD: Final = Person(account=AccountId(UUID(int=1)), name="partner abroad", role=Role.OFFICER)
"""The actor of what a side abroad confirms by a link; the fact says who it was, in the vault."""
MOST_DAYS: Final = 90
ANSWERABLE: Final = (PartyStatus.DECIDED, PartyStatus.SIGNED, PartyStatus.IN_FORCE, PartyStatus.WITHDRAWN)
"""What a side is asked; that it proposed or has consent is the office's own trade."""


class SideLink(msgspec.Struct, frozen=True, kw_only=True):
    number: str
    party: str
    locale: str
    asked_by: AccountId
    ends_at: datetime


@runtime_checkable
class SideLinks(Protocol):
    def issue(self, link: SideLink, request: CommandKey | None = None) -> str:
        """The secret; only its hash is kept. Of one request only the last link works. Raises CommandKeyReused where the
        key named another request."""
        ...

    def renew(self, request: CommandKey, now: datetime) -> str | None:
        """Another secret in the place of the one that a request got; None where that was used, or its time is over."""
        ...

    def find(self, secret: str, now: datetime) -> SideLink | None:
        """None where nobody has it, or its time is over."""
        ...

    def key_of(self, secret: str) -> str:
        """Names the link without being able to open it."""
        ...

    def end(self, secret: str) -> None:
        """It was answered."""
        ...


class Answer(Command, frozen=True, kw_only=True):
    """What a side says: by status the day, as far as it knows it."""

    days: Mapping[PartyStatus, Day]
    source: LongLine
    """The office."""
    told_by: Line
    """Name and office of the one who answers."""
    remark: str | None = None


class Asked(msgspec.Struct, frozen=True):
    link: SideLink
    state: Initiative
    side: str
    """The name of the side, as the register has it."""
    names: tuple[Name, ...] = ()
    """Its other names."""


class AskingSides:
    def __init__(self, log: Log, links: SideLinks, partners: PartnerFiles, clock: Clock, procedures: Shelf) -> None:
        self._log = log
        self._partners = partners
        self._links = links
        self._clock = clock
        self._procedures = procedures

    def ask(
        self, person: Person, number: str, party: str, locale: str, days: int, request: CommandKey | None = None
    ) -> str:
        """A link for one party of a living case, good for so many days. Raises Forbidden, Refused, CommandKeyReused.

        Sent again under one key it is another link, and the one before works no more: nobody keeps its secret.
        """
        require(person, "ask-side")
        state = self._known(number).state
        if state is None or not within_scope(person, state):
            raise Refused(Refusal("initiative.unknown"))
        self._answerable(state, party)
        if locale not in ABROAD:
            raise Refused(Refusal("form.choice-unknown", field="locale"))
        if not 1 <= days <= MOST_DAYS:
            raise Refused(Refusal("form.number-out-of-range", {"least": 1, "most": MOST_DAYS}, "days"))
        ends = self._clock() + timedelta(days=days)
        link = SideLink(number=number, party=party, locale=locale, asked_by=person.account, ends_at=ends)
        return self._links.issue(link, request)

    def ask_again(self, person: Person, request: CommandKey) -> str:
        """What `ask` gave to a request, as another link in its place. Raises Forbidden; Refused where it is over."""
        require(person, "ask-side")
        secret = self._links.renew(request, self._clock())
        if secret is None:
            raise Refused(Refusal("initiative.link-over"))
        return secret

    def asked(self, secret: str) -> Asked | None:
        """What a link asks; None where it works no more, or the case no longer waits for an answer."""
        link = self._links.find(secret, self._clock())
        state = self._known(link.number).state if link else None
        if link is None or state is None or state.stage not in LIVE:
            return None
        party = next((party for party in state.parties if party.partner and party.key == link.party), None)
        file = self._partners.open(Scope(), party.partner) if party and party.partner else None
        if party is None:
            return None
        return Asked(link, state, file.partner.name, file.partner.names) if file else Asked(link, state, link.party)

    def answer(self, secret: str, answer: Answer) -> Done | None:
        """Take an answer down; the link works no more. Sent twice, it counts once; None where the link is over.

        Raises Refused where a rule stands against it: then the link stays.
        """
        asked = self.asked(secret)
        if asked is None:
            return None
        key = command_key("side-link", self._links.key_of(secret))
        try:
            done = handling.retried(lambda: self._record(asked.link, key, answer), wanted=lambda _: True)
        except CommandKeyReused:
            done = None
        self._links.end(secret)
        return done

    def _record(self, link: SideLink, key: CommandKey, answer: Answer) -> Done:
        known = self._known(link.number)
        if known.state is None:
            raise Refused(Refusal("initiative.unknown"))
        self._answerable(known.state, link.party)
        commands, entries = _commands(link.party, key, answer)
        request = Request(key=key, command=answer, entries=entries)
        mark = handling.digest(link.number, request)
        if (before := self._log.outcome(key, mark)) is not None:
            return Done(stream=known.stream, number=link.number, position=before.position, repeated=True)
        on = handling.case_occasion(PARTNER_ABROAD, self._clock, self._procedures.now())
        facts, state = list[InitiativeEvent](), known.state
        for command in commands:
            for fact in _decided(state, command, on):
                facts.append(fact)
                state = evolve(state, fact)
        saved = handling.keep(self._log, request, mark, on, [Write(known.stream, known.version, facts)])
        return Done(stream=known.stream, number=link.number, position=saved.position, repeated=saved.repeated)

    def _known(self, number: str) -> Known[Initiative]:
        return handling.known(self._log, case_id(number), fold)

    def _answerable(self, state: Initiative, party: str) -> None:
        if state.stage not in LIVE:
            raise Refused(
                Refusal("initiative.wrong-stage", {"stage": state.stage.value, "deed": "report-party-status"})
            )
        if all(party != known.key for known in state.parties if known.partner):
            raise Refused(Refusal("initiative.party-unknown", field="party"))


def _decided(state: Initiative, command: Command, on: CaseOccasion) -> list[InitiativeEvent]:
    """Raises Refused at the question whose day it was."""
    try:
        return deeds.decide(state, command, on)
    except Refused as refused:
        if not isinstance(command, ReceiveReport):
            raise
        asked = command.status.value
        moved = (replace(r, field=asked if r.field == "occurred_on" else r.field) for r in refused.refusals)
        raise Refused(*moved) from refused


def _commands(party: str, key: CommandKey, answer: Answer) -> tuple[list[Command], tuple[VaultEntry, ...]]:
    told_by = VaultEntry(vault_ref(key, "told_by"), "person", answer.told_by)
    known_from = VaultEntry(vault_ref(key, "known_from"), "person", answer.source)
    entries = [told_by, known_from]
    if not answer.days:
        raise Refused(Refusal("exchange.nothing-said"))
    commands: list[Command] = [
        ReceiveReport(
            party=party,
            status=status,
            known_from=known_from.ref,
            occurred_on=answer.days[status],
            channel=Channel.LINK,
            told_by=told_by.ref,
        )
        for status in PartyStatus
        if status in answer.days
    ]
    if answer.remark:
        remark = VaultEntry(vault_ref(key, "remark"), "remark", answer.remark)
        entries.append(remark)
        commands.append(AddRemark(remark=remark.ref))
    return commands, tuple(entries)
