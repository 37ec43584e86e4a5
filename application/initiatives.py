"""Advancing initiatives: every change of a running case goes through here."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final, Protocol, runtime_checkable
from uuid import UUID

import msgspec

from application import handling
from application.access import Person
from application.colleagues import Colleagues, called_in_vain
from application.handling import OFFICE, Done, Known, Request
from application.identity import case_id
from application.pairs import Pairs
from application.partners import EVERYWHERE, goes_on
from application.ports import Clock, Log, Write
from application.procedures import Shelf
from application.reference import LocalGovernments
from application.rights import may, require, within_scope
from application.standing_in import Absent, StandingIn
from application.views.partners import PartnerFiles
from domain.initiatives import deeds
from domain.initiatives.checklist import Checklist, checklist
from domain.initiatives.deadlines import due_now
from domain.initiatives.decisions import anytime, coordinating, extending, linking, reinstating, tasking
from domain.initiatives.decisions.common import check
from domain.initiatives.events import FactCorrected, InitiativeEvent, InitiativeProposed
from domain.initiatives.initiative import Initiative, fold
from domain.initiatives.links import INVERSE
from domain.initiatives.procedure import CaseOccasion, Procedures
from domain.initiatives.terms import LIVE, Party, PartyRole
from domain.kernel import AccountId, Command, Refusal, Refused

SENDER_INDEPENDENT: Final = (
    *(anytime.AddRemark, tasking.GiveTask, tasking.FinishTask, tasking.CancelTask),
    *(linking.LinkCase, linking.UnlinkCase),
)
"""Commands that mean the same whatever was recorded meanwhile."""


@runtime_checkable
class Handlers(Protocol):
    def is_handler(self, account: AccountId) -> bool:
        """Whether the account may lead cases: an active coordinator's."""
        ...


class CaseOffer(msgspec.Struct, frozen=True):
    """A deed as one person meets it: open, refused by rules, or not theirs to do."""

    deed: str
    refusals: tuple[Refusal, ...] = ()
    theirs: bool = True

    @property
    def open(self) -> bool:
        return self.theirs and not self.refusals


class AdvancingInitiatives:
    """Rights and scope are checked here, whoever calls."""

    def __init__(
        self,
        log: Log,
        partners: PartnerFiles,
        local_governments: LocalGovernments,
        handlers: Handlers,
        pairs: Pairs,
        clock: Clock,
        procedures: Shelf,
        standing_in: StandingIn,
        colleagues: Colleagues,
    ) -> None:
        self._log = log
        self._partners = partners
        self._local_governments = local_governments
        self._handlers = handlers
        self._pairs = pairs
        self._clock = clock
        self._procedures = procedures
        self._standing_in = standing_in
        self._colleagues = colleagues

    def offers(self, person: Person, state: Initiative) -> list[CaseOffer]:
        """Every deed on the case, with what stands against it for this person."""
        on = self._occasion(person, state)
        mine = within_scope(person, state)
        return [CaseOffer(o.deed, o.refusals, mine and may(person, o.deed)) for o in deeds.offers(state, on)]

    def checklist(self, person: Person, state: Initiative) -> Checklist | None:
        """What the usual deed of the stage needs, by the same rules."""
        return checklist(state, handling.case_occasion(person, self._clock, self._procedures.now()))

    def advance(self, person: Person, number: str, request: Request) -> Done:
        """Carry out one deed on a case.

        Raises Forbidden, Refused, Conflict where the case moved on since `seen`, CommandKeyReused.
        """
        require(person, deeds.BY_COMMAND[type(request.command)].code)
        free = isinstance(request.command, SENDER_INDEPENDENT)
        joins = isinstance(request.command, anytime.AddParty | reinstating.Reinstate)
        return handling.retried(
            lambda: self._advance(person, number, request, free),
            # Where another case took up the pair meanwhile, this one did not change: look at the pair again.
            # A race lost to a remark says nothing where a version was seen; lost to anything else, MovedOn follows.
            wanted=lambda conflict: (
                free
                or (joins and conflict.stream != case_id(number))
                or (request.seen is not None and not isinstance(conflict, handling.MovedOn))
            ),
        )

    def _advance(self, person: Person, number: str, request: Request, free: bool) -> Done:
        now = self._known(number)
        state = self._visible(person, now)
        mark = handling.digest(number, request)
        if (before := self._log.outcome(request.key, mark)) is not None:
            return Done(stream=now.stream, number=number, position=before.position, repeated=True)
        if not free and not (request.seen and state.only_remarks_since(request.seen)):
            handling.unchanged_since(request.seen, now)
        on = self._occasion(person, state)
        self._check_references(request.command, state)
        if isinstance(request.command, extending.ExtendDeadline):
            on = msgspec.structs.replace(on, due=self._due(now.stream, on.procedures))
        facts = deeds.decide(state, request.command, on)
        if not facts:
            return Done(stream=now.stream, number=number, position=now.position, repeated=True)
        self._hold(facts, on)
        writes = [
            Write(now.stream, now.version, facts),
            *self._other_end(state, now, request.command, on),
            *self._linked_end(person, state, now, request.command, on),
            *self._taken_up(state, now, request.command),
            *self._taken_back(state, now, request.command),
        ]
        saved = handling.keep(self._log, request, mark, on, writes)
        return Done(
            stream=now.stream,
            number=number,
            position=saved.position,
            after=now.version,
            facts=() if saved.repeated else facts,
            repeated=saved.repeated,
        )

    def acts_for(self, person: Person, state: Initiative) -> Absent | None:
        """For whom the person would act on the case today."""
        return next(iter(self._standing_in.on_case(person, state, self._today(person))), None)

    def _occasion(self, person: Person, state: Initiative) -> CaseOccasion:
        return self._standing_in.occasion(person, state, self._today(person))

    def _today(self, person: Person) -> CaseOccasion:
        return handling.case_occasion(person, self._clock, self._procedures.now())

    def _due(self, stream: UUID, procedures: Procedures) -> date | None:
        """Until when the next step is to be taken, by the log itself; a view may be a moment behind."""
        recorded: Any = self._log.read(stream)
        days = [r.recorded_at.astimezone(OFFICE).date() for r in recorded]
        return due_now([r.fact for r in recorded], days, procedures)

    def _known(self, number: str) -> Known[Initiative]:
        return handling.known(self._log, case_id(number), fold)

    def _visible(self, person: Person, now: Known[Initiative]) -> Initiative:
        """A case outside the person's scope is as unknown as one that does not exist."""
        if now.state is None or not within_scope(person, now.state):
            raise Refused(Refusal("initiative.unknown"))
        return now.state

    def _check_references(self, command: Command, state: Initiative) -> None:
        """Handlers, colleagues, local governments and partners that a command names must exist."""
        check(*called_in_vain(command, state, self._colleagues))
        match command:
            case coordinating.Coordinate(handler=handler) | anytime.NameHandler(handler=handler):
                if not self._handlers.is_handler(handler):
                    raise Refused(Refusal("initiative.not-a-handler", field="handler"))
            case anytime.AddParty(party=party):
                self._check_party(party)
            case _:
                pass

    def _check_party(self, party: Party) -> None:
        if party.local_government is not None and party.local_government not in self._local_governments.by_code:
            params: dict[str, str | int] = {"code": party.local_government}
            raise Refused(Refusal("initiative.local-government-unknown", params, "local_government"))
        if party.partner is not None:
            file = self._partners.open(EVERYWHERE, party.partner)
            if file is None or file.partner.merged_into:
                raise Refused(Refusal("partner.merged-away" if file else "partner.unknown", field="partner"))

    def _taken_up(self, state: Initiative, now: Known[Initiative], command: Command) -> list[Write]:
        """A party that joins brings new pairs into the case; none of them may be another live case's."""
        if not isinstance(command, anytime.AddParty) or command.party.role is PartyRole.OBSERVER:
            return []
        self._pairs.settle()
        homes = [party.local_government for party in state.home if party.local_government]
        partners = [party.partner for party in state.partners if party.partner]
        if joining := command.party.partner:
            if joining in (goes_on(self._log, partner) for partner in partners):
                raise Refused(Refusal("initiative.party-twice", field="partner"))
            partners = [joining]
        else:
            homes = [str(command.party.local_government)]
        taken = self._pairs.look(homes, partners, beside=now.stream)
        if taken.numbers:
            field = "partner" if joining else "local_government"
            raise Refused(Refusal("initiative.pair-in-other-case", {"numbers": taken.listed}, field))
        return taken.taken_up_by(now.stream, state.number)

    def _taken_back(self, state: Initiative, now: Known[Initiative], command: Command) -> list[Write]:
        """A case that comes back takes its pairs again, unless another one has taken them up as the same matter."""
        if not isinstance(command, reinstating.Reinstate):
            return []
        self._pairs.settle()
        homes = [party.local_government for party in state.home if party.local_government]
        partners = [party.partner for party in state.partners if party.partner]
        taken = self._pairs.look(homes, partners, beside=now.stream)
        apart = _held_apart(state)
        same = {case: number for case, number in taken.numbers.items() if case not in apart}
        same = {
            case: number for case, number in same.items() if now.stream not in _held_apart(self._known(number).state)
        }
        if same:
            raise Refused(Refusal("initiative.pair-taken-since", {"numbers": ", ".join(same.values())}))
        return taken.taken_up_by(now.stream, state.number)

    def _hold(self, facts: Sequence[InitiativeEvent], on: CaseOccasion) -> None:
        """A version that the case follows from now on stays as it is."""
        for fact in facts:
            pin = getattr(fact.restated if isinstance(fact, FactCorrected) else fact, "procedure", None)
            if pin and (procedure := on.procedures.named(pin)):
                self._procedures.hold(procedure)

    def _other_end(self, state: Initiative, now: Known[Initiative], command: Command, on: CaseOccasion) -> list[Write]:
        """A merging is recorded in both cases or in neither."""
        if not isinstance(command, coordinating.MergeInitiative):
            return []
        target = self._known(command.into_number)
        if target.state is None or target.stream != command.into or target.state.stage not in LIVE:
            raise Refused(Refusal("initiative.merge-target-unknown", {"number": command.into_number}, "into_number"))
        absorb = coordinating.AbsorbDuplicate(duplicate=now.stream, duplicate_number=state.number)
        facts = deeds.decide(target.state, absorb, on)
        return [Write(target.stream, target.version, facts)] if facts else []

    def _linked_end(
        self, person: Person, state: Initiative, now: Known[Initiative], command: Command, on: CaseOccasion
    ) -> list[Write]:
        """A link is recorded, and taken away, in both cases or in neither."""
        match command:
            case linking.LinkCase(other_number=number, other=other, link=link):
                target = self._known(number)
                if target.state is None or target.stream != other or not within_scope(person, target.state):
                    raise Refused(Refusal("initiative.link-target-unknown", {"number": number}, "other_number"))
                back: Command = linking.LinkCase(other=now.stream, other_number=state.number, link=INVERSE[link])
            case linking.UnlinkCase(other=other):
                target = self._known(next(linked.number for linked in state.links if linked.case == other))
                back = linking.UnlinkCase(other=now.stream)
            case _:
                return []
        facts = deeds.decide(target.state, back, on)
        return [Write(target.stream, target.version, facts)] if facts else []


def _held_apart(state: Initiative | None) -> tuple[UUID, ...]:
    """Cases of the same pair that were said to be another matter when this one was proposed."""
    proposal = state.last(InitiativeProposed) if state else None
    return proposal.distinct_from if proposal else ()
