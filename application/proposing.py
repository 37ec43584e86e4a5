"""Proposing an initiative: duplicates, partner and number."""

from collections.abc import Sequence
from typing import Annotated, Final
from uuid import UUID

from msgspec import Meta

from application import handling
from application.access import Person, Role
from application.handling import Done, Request
from application.identity import case_id
from application.known_names import KnownNames
from application.pairs import Pairs, TakenPairs
from application.partners import ChosenPartner, PartnerChoice, choose_partner, registered_meanwhile
from application.ports import Clock, Conflict, Log, Write
from application.reference import LocalGovernments
from application.rights import require
from application.views.partners import PartnerFiles
from application.views.register import Register, RegisterRow
from domain.dates import Day, earliest
from domain.initiatives import deeds
from domain.initiatives.decisions.beginning import ProposeInitiative
from domain.initiatives.events import InitiativeEvent
from domain.initiatives.policies import day_refusal
from domain.initiatives.terms import Field, Kind, Origin, Party, PartyRole
from domain.kernel import Command, Occasion, Refusal, Refused, VaultRef
from domain.pairs import PairTakenUp
from domain.words import LocalGovernmentCode, Number

MOST_RACES: Final = 1000
"""How many numbers that others take meanwhile are passed over before giving up."""


class Proposal(Command, frozen=True, kw_only=True):
    """What the proposal form asks for."""

    local_governments: Annotated[tuple[LocalGovernmentCode, ...], Meta(min_length=1, max_length=12)]
    partner: PartnerChoice
    kind: Kind
    origin: Origin
    rationale: VaultRef
    occurred_on: Day | None = None
    letter_number: Number | None = None
    fields: Annotated[tuple[Field, ...], Meta(max_length=12)] = ()
    distinct_because: VaultRef | None = None


class ProposingInitiatives:
    """Rights and scope are checked here, whoever calls."""

    def __init__(
        self,
        log: Log,
        register: Register,
        partners: PartnerFiles,
        local_governments: LocalGovernments,
        pairs: Pairs,
        clock: Clock,
        names: KnownNames,
    ) -> None:
        self._log = log
        self._pairs = pairs
        self._register = register
        self._partners = partners
        self._local_governments = local_governments
        self._clock = clock
        self._names = names

    def duplicates(
        self, person: Person, local_governments: Sequence[str], partner: PartnerChoice
    ) -> Sequence[RegisterRow]:
        """Live cases of the same pair, as the register shows them, whatever the spelling of the partner.

        Raises Forbidden, and Refused where the partner is not named well enough to look for it.
        """
        require(person, "propose")
        self._check_home(person, local_governments)
        chosen = choose_partner(self._partners, partner)
        return [] if chosen.new else self._register.same_pair(local_governments, [chosen.id, *chosen.namesakes])

    def propose(self, person: Person, proposal: Proposal, request: Request) -> Done:
        """Record a proposal under the next free number of its year; `request.command` is the proposal.

        Raises Forbidden, Refused (`initiative.duplicate` with the numbers where the pair is known), CommandKeyReused.
        """
        require(person, "propose")
        self._check_home(person, proposal.local_governments)
        mark = handling.digest("propose", request)
        if (before := self._log.outcome(request.key, mark)) is not None:
            return self._done_before(before.position)
        on = handling.occasion(person, self._clock)
        if refusal := day_refusal(proposal.occurred_on, on):
            raise Refused(refusal)
        self._pairs.settle()
        partner = choose_partner(self._partners, proposal.partner)
        taken = self._look(proposal, partner)
        year = earliest(proposal.occurred_on).year if proposal.occurred_on else on.today.year
        running = self._register.newest_number(year) + 1
        for _ in range(MOST_RACES):
            number = f"{year}-{running:04d}"
            case = Write(case_id(number), 0, _begun(proposal, number, partner, taken, on))
            writes = [*partner.registration(self._names, on), case, *taken.taken_up_by(case.stream, number)]
            try:
                saved = handling.keep(self._log, request, mark, on, writes)
            except Conflict as conflict:
                if conflict.stream == case.stream:
                    running += 1
                    continue
                if conflict.stream == partner.id:
                    partner = registered_meanwhile(self._log, partner)
                taken = self._look(proposal, partner)
            else:
                return Done(stream=case.stream, number=number, position=saved.position, repeated=saved.repeated)
        raise Conflict(case_id(f"{year}-{running:04d}"))

    def _check_home(self, person: Person, codes: Sequence[str]) -> None:
        for code in codes:
            if code not in self._local_governments.by_code:
                raise Refused(Refusal("initiative.local-government-unknown", {"code": code}, "local_governments"))
        if person.role is not Role.OFFICER:
            return
        if person.local_government not in codes:
            raise Refused(Refusal("initiative.not-your-local-government", field="local_governments"))
        if set(codes) != {person.local_government}:
            raise Refused(Refusal("initiative.others-joined-by-coordinator", field="local_governments"))

    def _look(self, proposal: Proposal, partner: ChosenPartner) -> TakenPairs:
        return self._pairs.look(proposal.local_governments, [partner.id], namesakes=partner.namesakes)

    def _done_before(self, position: int) -> Done:
        """The last fact of a proposal's save says which case it is about."""
        recorded = self._log.page(position - 1, 1)[0]
        match recorded.fact:
            case PairTakenUp(case=case, case_number=number):
                return Done(stream=case, number=number, position=position, repeated=True)
            case fact:  # before pairs were taken up, the case itself came last
                number = str(getattr(fact, "number", ""))
                return Done(stream=recorded.stream, number=number, position=position, repeated=True)


def _begun(
    proposal: Proposal, number: str, partner: ChosenPartner, taken: TakenPairs, on: Occasion
) -> Sequence[InitiativeEvent]:
    try:
        return deeds.begin(None, _command(proposal, number, partner, tuple(taken.numbers)), on)
    except Refused as refused:
        raise Refused(*taken.named_in(refused.refusals)) from None


def _command(
    proposal: Proposal, number: str, partner: ChosenPartner, duplicates: tuple[UUID, ...]
) -> ProposeInitiative:
    home = tuple(Party(role=PartyRole.HOME, local_government=code) for code in proposal.local_governments)
    return ProposeInitiative(
        number=number,
        kind=proposal.kind,
        parties=(*home, Party(role=PartyRole.PARTNER, partner=partner.id)),
        origin=proposal.origin,
        rationale=proposal.rationale,
        occurred_on=proposal.occurred_on,
        letter_number=proposal.letter_number,
        fields=proposal.fields,
        duplicates=duplicates,
        distinct_because=proposal.distinct_because,
    )
