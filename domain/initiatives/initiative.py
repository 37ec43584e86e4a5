"""A case as its facts have made it, and the one fold that makes it."""

from collections.abc import Iterable, Sequence
from typing import Final, TypeVar, assert_never, cast
from uuid import UUID

import msgspec
from msgspec.structs import replace

from domain.dates import PartialDate
from domain.initiatives import events as e
from domain.initiatives.terms import Field, Kind, Origin, Party, PartyRole, Stage, Support, Term
from domain.kernel import AccountId


class Standing(msgspec.Struct, frozen=True):
    """A fact as it stands today: with every correction, and the version that first recorded it."""

    version: int
    fact: e.InitiativeEvent


class Initiative(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The running state of one case. It is built by `evolve` and by nothing else."""

    number: str
    kind: Kind
    stage: Stage
    parties: tuple[Party, ...]
    version: int = 1
    origin: Origin | None = None
    handler: AccountId | None = None
    fields: tuple[Field, ...] = ()
    support: tuple[Support, ...] = ()
    absorbed: tuple[UUID, ...] = ()
    merged_into: UUID | None = None
    term: Term = msgspec.field(default_factory=Term)
    renewed_before: bool = False
    """The agreement in force is a renewed one; decides where a dormant case wakes up to."""
    tags: tuple[str, ...] = ()
    """The kind of fact that each version recorded, first to last."""
    standing: dict[str, Standing] = {}
    """The newest fact of each kind, by its tag."""
    visits: tuple[Standing, ...] = ()
    correction: e.FactCorrected | None = None
    """The newest correction; what it corrected stands in `standing` and `visits`."""

    def last(self, fact: type["E"]) -> "E | None":
        """The newest fact of one kind as it stands, None if there is none."""
        found = self.standing.get(tag_of(fact))
        return cast("E", found.fact) if found else None

    @property
    def newest(self) -> e.InitiativeEvent | None:
        """The last fact of the history."""
        return self._at(self.version)

    def ends_with(self, facts: Sequence[e.InitiativeEvent]) -> bool:
        """Whether these facts, in their order, are the last of the history: what led to them led here."""
        before = self.version - len(facts)
        return before >= 0 and all(self._at(before + n) == fact for n, fact in enumerate(facts, 1))

    @property
    def home(self) -> tuple[Party, ...]:
        return tuple(p for p in self.parties if p.role is PartyRole.HOME)

    @property
    def partners(self) -> tuple[Party, ...]:
        return tuple(p for p in self.parties if p.role is PartyRole.PARTNER)

    @property
    def consented(self) -> bool:
        """The Government's consent to the decision that stands was recorded."""
        return self._stands_after_decision(e.ConsentGranted)

    @property
    def consent_waived(self) -> bool:
        """It was recorded why the decision that stands needs no consent."""
        return self._stands_after_decision(e.ConsentNotRequired)

    @property
    def published(self) -> bool:
        """The decision that stands was published, before or after consent."""
        return self._stands_after_decision(e.DecisionPublished)

    @property
    def coordinated(self) -> bool:
        return tag_of(e.CoordinationCompleted) in self.standing

    def _at(self, version: int) -> e.InitiativeEvent | None:
        """The fact of one version, None where a newer one of its kind has taken its place."""
        if self.tags[version - 1] == tag_of(e.FactCorrected):
            return self.correction if version == self.version else None
        found = self.standing.get(self.tags[version - 1])
        return found.fact if found and found.version == version else None

    def _stands_after_decision(self, fact: type[e.InitiativeEvent]) -> bool:
        found = self.standing.get(tag_of(fact))
        decision = self.standing.get(tag_of(e.DecisionAdopted))
        return found is not None and (decision is None or found.version > decision.version)


E = TypeVar("E", bound=e.InitiativeEvent)


def tag_of(fact: type[msgspec.Struct] | msgspec.Struct) -> str:
    """The stored name of a fact or of a kind of fact, such as `initiative.agreement-signed`."""
    return str(fact.__struct_config__.tag)


LEADS_TO: Final[dict[type[e.InitiativeEvent], Stage]] = {
    e.InitiativeDeclined: Stage.DECLINED,
    e.InitiativeMerged: Stage.MERGED,
    e.CoordinationStarted: Stage.COORDINATING,
    e.ProcedureSuspended: Stage.SUSPENDED,
    e.ProcedureResumed: Stage.COORDINATING,
    e.InitiativeWithdrawn: Stage.WITHDRAWN,
    e.LetterOfIntentSigned: Stage.LETTER_OF_INTENT,
    e.DraftingStarted: Stage.DRAFTING,
    e.DraftingReopened: Stage.DRAFTING,
    e.DecisionAdopted: Stage.DECIDED,
    e.ConsentRequested: Stage.CONSENT_REQUESTED,
    e.OpinionReceived: Stage.OPINIONS,
    e.FileReturned: Stage.RETURNED,
    e.FileSupplemented: Stage.CONSENT_REQUESTED,
    e.ConsentGranted: Stage.CONSENT_GRANTED,
    e.ConsentRefused: Stage.CONSENT_REFUSED,
    e.EarlierPublicationRecognised: Stage.PUBLISHED,
    e.AgreementSigned: Stage.SIGNED,
    e.AgreementEnteredIntoForce: Stage.ACTIVE,
    e.ExpiryApproached: Stage.EXPIRING,
    e.AgreementRenewed: Stage.RENEWED,
    e.AgreementExpired: Stage.EXPIRED,
    e.FellDormant: Stage.DORMANT,
    e.AgreementTerminated: Stage.TERMINATED,
}
"""Facts that always lead to the same stage; the others leave it or ask the state."""


class BrokenHistory(Exception):
    """The facts cannot be a case: it does not begin with a beginning, or begins twice."""


def evolve(state: Initiative | None, fact: e.InitiativeEvent) -> Initiative:
    """The state after one more fact. Raises BrokenHistory where the facts contradict the model."""
    if isinstance(fact, e.InitiativeProposed | e.HistoricAgreementEntered | e.InitiativeTakenOver):
        if state is not None:
            raise BrokenHistory(f"{state.number} begins twice")
        return _begin(fact)
    if state is None:
        raise BrokenHistory(f"a case cannot begin with {tag_of(fact)}")
    version = state.version + 1
    tags = (*state.tags, tag_of(fact))
    if isinstance(fact, e.FactCorrected):
        return replace(_restate(state, fact.corrects, fact.restated), version=version, tags=tags, correction=fact)
    standing = {**state.standing, tag_of(fact): Standing(version, fact)}
    stage = LEADS_TO.get(type(fact), state.stage)
    return _particulars(replace(state, version=version, tags=tags, standing=standing, stage=stage), version, fact)


def fold(facts: Iterable[e.InitiativeEvent]) -> Initiative | None:
    """The state after all facts of one case, by version; None if there are none."""
    state: Initiative | None = None
    for fact in facts:
        state = evolve(state, fact)
    return state


_Beginning = e.InitiativeProposed | e.HistoricAgreementEntered | e.InitiativeTakenOver
_Agreement = e.HistoricAgreementEntered | e.AgreementSigned | e.AgreementRenewed


def _begin(fact: _Beginning) -> Initiative:
    started = Initiative(
        number=fact.number,
        kind=fact.kind,
        parties=fact.parties,
        stage=Stage.PROPOSED,
        tags=(tag_of(fact),),
        standing={tag_of(fact): Standing(1, fact)},
    )
    return _from_beginning(replace(started, stage=_first_stage(fact)), fact)


def _first_stage(fact: _Beginning) -> Stage:
    match fact:
        case e.InitiativeProposed():
            return Stage.PROPOSED
        case e.HistoricAgreementEntered():
            return Stage.ACTIVE
        case e.InitiativeTakenOver(stage=stage):
            return stage
        case _:
            assert_never(fact)


def _from_beginning(state: Initiative, fact: _Beginning) -> Initiative:
    state = replace(state, kind=fact.kind)
    match fact:
        case e.InitiativeProposed():
            return replace(state, origin=fact.origin, fields=_fields(state))
        case e.HistoricAgreementEntered():
            return replace(state, term=_term(state))
        case e.InitiativeTakenOver(stage=stage):
            return replace(state, renewed_before=state.renewed_before or stage is Stage.RENEWED)
        case _:
            assert_never(fact)


def _fields(state: Initiative) -> tuple[Field, ...]:
    """Those that the decision names, else those of the proposal."""
    decision, proposal = state.last(e.DecisionAdopted), state.last(e.InitiativeProposed)
    return (decision.fields if decision else ()) or (proposal.fields if proposal else ())


def _term(state: Initiative) -> Term:
    """The newest agreement's own; its end as it was announced since, if it was."""
    kinds = (e.HistoricAgreementEntered, e.AgreementSigned, e.AgreementRenewed)
    agreements = [s for kind in kinds if (s := state.standing.get(tag_of(kind)))]
    newest = max(agreements, key=lambda s: s.version, default=None)
    term = cast("_Agreement", newest.fact).term or Term() if newest else Term()
    announced = state.standing.get(tag_of(e.ExpiryApproached))
    if announced is None or (newest and announced.version < newest.version):
        return term
    return replace(term, ends_on=cast("e.ExpiryApproached", announced.fact).ends_on)


def _particulars(state: Initiative, version: int, fact: e.InitiativeEvent) -> Initiative:
    """What a fact says beyond its stage; a restated fact comes through here again."""
    match fact:
        case e.InitiativeProposed() | e.HistoricAgreementEntered() | e.InitiativeTakenOver():
            return _from_beginning(state, fact)
        case e.InitiativeMerged(into=into):
            return replace(state, merged_into=into)
        case e.DuplicateAbsorbed(duplicate=other):
            return replace(state, absorbed=(*state.absorbed, other))
        case e.CoordinationStarted(handler=handler) | e.HandlerNamed(handler=handler):
            return replace(state, handler=handler)
        case e.SupportGiven(items=items):
            given = (*state.support, *items)
            return replace(state, support=tuple(s for s in Support if s in given))
        case e.DecisionAdopted():
            return replace(state, fields=_fields(state))
        case e.DecisionPublished(before_consent=early):
            return state if early or state.stage not in _PUBLISHABLE else replace(state, stage=Stage.PUBLISHED)
        case e.AgreementSigned() | e.ExpiryApproached():
            return replace(state, term=_term(state))
        case e.AgreementRenewed():
            return replace(state, term=_term(state), renewed_before=True)
        case e.ActivityResumed():
            return replace(state, stage=Stage.RENEWED if state.renewed_before else Stage.ACTIVE)
        case e.PartyJoined(party=party):
            return replace(state, parties=(*state.parties, party))
        case e.PartyLeft(party=key):
            return replace(state, parties=tuple(p for p in state.parties if p.key != key))
        case e.VisitHeld():
            return replace(state, visits=(*state.visits, Standing(version, fact)))
        case (
            e.InitiativeDeclined()
            | e.CoordinationCompleted()
            | e.ProcedureSuspended()
            | e.ProcedureResumed()
            | e.InitiativeWithdrawn()
            | e.LetterOfIntentSigned()
            | e.DraftingStarted()
            | e.DraftReviewed()
            | e.DraftingReopened()
            | e.ConsentNotRequired()
            | e.ConsentRequested()
            | e.OpinionReceived()
            | e.FileReturned()
            | e.FileSupplemented()
            | e.ConsentGranted()
            | e.ConsentRefused()
            | e.EarlierPublicationRecognised()
            | e.AgreementEnteredIntoForce()
            | e.AgreementExpired()
            | e.FellDormant()
            | e.AgreementTerminated()
            | e.PartyStatusReported()
            | e.RemarkAdded()
            | e.FactCorrected()
        ):
            return state
        case _:
            assert_never(fact)


_PUBLISHABLE: Final = frozenset({Stage.CONSENT_GRANTED, Stage.DECIDED})


def _restate(state: Initiative, version: int, restated: e.Correctable) -> Initiative:
    """Put a corrected fact in the place of the wrong one; stages never move by a correction."""
    if isinstance(restated, e.VisitHeld):
        visits = tuple(Standing(version, restated) if v.version == version else v for v in state.visits)
        state = replace(state, visits=visits)
    newest = state.standing.get(tag_of(restated))
    if newest is None or newest.version != version:
        return state
    state = replace(state, standing={**state.standing, tag_of(restated): Standing(version, restated)})
    if isinstance(restated, e.VisitHeld):
        return state
    return replace(_particulars(state, version, restated), stage=state.stage)


def occurred(state: Initiative, fact: type[e.InitiativeEvent]) -> PartialDate | None:
    """When the newest fact of one kind happened, as it stands; None if there is none or its day is unknown."""
    found = state.standing.get(tag_of(fact))
    return found.fact.occurred_on if found else None
