"""A case as its facts have made it, and the one fold that makes it."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any, Final, TypeVar, assert_never, cast, get_args
from uuid import UUID

import msgspec
from msgspec.structs import force_setattr, replace

from domain.dates import PartialDate
from domain.initiatives import events as e
from domain.initiatives import links, tasks
from domain.initiatives.approvals import Approval
from domain.initiatives.links import LinkedCase
from domain.initiatives.tasks import Task
from domain.initiatives.terms import FINAL, Field, Kind, Origin, Party, PartyRole, PartyStatus, Stage, Support, Term
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
    tasks: tuple[Task, ...] = ()
    """Those that are open, in the order in which they were given."""
    links: tuple[LinkedCase, ...] = ()
    ended_from: Stage | None = None
    """Where a case that is over stood before its end."""
    procedure: str | None = None
    """Version of the procedure that the case follows; None for the first one of its kind."""
    asked: tuple[str, ...] = ()
    """Deeds for which the approval of a second person is waited for."""
    approvals: tuple[Approval, ...] = ()
    """Those given at this stage; domain.initiatives.second_person says which of them still stand."""
    tags: tuple[str, ...] = ()
    """The kind of fact that each version recorded, first to last."""
    standing: dict[str, Standing] = {}
    """The newest fact of each kind, by its tag."""
    visits: tuple[Standing, ...] = ()
    earlier: tuple[Standing, ...] = ()
    """Facts with a newer one of their kind, as they stand, as far as they can be corrected; visits stand above."""
    settled: dict[PartyStatus, int] = {}
    """Version at which a difference between the sides was last settled, by what they differed over."""
    correction: e.FactCorrected | None = None
    """The newest correction; what it corrected stands in `standing`, `visits` and `earlier`."""

    def last(self, fact: type["E"]) -> "E | None":
        """The newest fact of one kind as it stands, None if there is none."""
        found = self.standing.get(tag_of(fact))
        return cast("E", found.fact) if found else None

    @property
    def newest(self) -> e.InitiativeEvent | None:
        """The last fact of the history."""
        return self.at(self.version)

    @property
    def facts(self) -> list[Standing]:
        """The facts as they stand, by version, as far as the state keeps them."""
        kept = {s.version: s for s in (*self.standing.values(), *self.earlier, *self.visits)}
        return [kept[version] for version in sorted(kept)]

    def every(self, fact: type[e.InitiativeEvent]) -> list[Standing]:
        """All facts of one correctable kind as they stand, by version."""
        return [s for s in self.facts if type(s.fact) is fact]

    def at(self, version: int) -> e.InitiativeEvent | None:
        """The fact of one version as it stands; None where there is none, or where the state does not keep it."""
        if not 1 <= version <= self.version:
            return None
        if self.tags[version - 1] == tag_of(e.FactCorrected):
            return self.correction if version == self.version else None
        newest = self.standing.get(self.tags[version - 1])
        if newest and newest.version == version:
            return newest.fact
        return next((s.fact for s in (*self.earlier, *self.visits) if s.version == version), None)

    def ends_with(self, facts: Sequence[e.InitiativeEvent]) -> bool:
        """Whether these facts, in their order, are the last of the history: what led to them led here."""
        before = self.version - len(facts)
        return before >= 0 and all(self.at(before + n) == fact for n, fact in enumerate(facts, 1))

    def only_remarks_since(self, version: int) -> bool:
        """Whether what was recorded after a version says nothing that a decision about the road would look at."""
        return 0 < version <= self.version and {*self.tags[version:]} <= BESIDE_THE_ROAD

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

    def _stands_after_decision(self, fact: type[e.InitiativeEvent]) -> bool:
        found = self.standing.get(tag_of(fact))
        decision = self.standing.get(tag_of(e.DecisionAdopted))
        return found is not None and (decision is None or found.version > decision.version)


E = TypeVar("E", bound=e.InitiativeEvent)


def tag_of(fact: type[msgspec.Struct] | msgspec.Struct) -> str:
    """The stored name of a fact or of a kind of fact, such as `initiative.agreement-signed`."""
    return _tag(fact) if isinstance(fact, type) else _tag(type(fact))


@cache
def _tag(kind: type[msgspec.Struct]) -> str:
    return str(kind.__struct_config__.tag)


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
    return next(grow(state, (fact,)))


def fold(facts: Iterable[e.InitiativeEvent]) -> Initiative | None:
    """The state after all facts of one case, by version; None if there are none. Raises BrokenHistory."""
    state: Initiative | None = None
    for now in grow(None, facts):
        state = now
    return state


def grow(state: Initiative | None, facts: Iterable[e.InitiativeEvent]) -> Iterator[Initiative]:
    """The state after each fact: one object of its own that goes on changing, so keep none but the last.

    It saves a copy a fact. `state` itself stays as it is. Raises BrokenHistory where the facts contradict the model.
    """
    own = False
    for fact in facts:
        if type(fact) in _BEGINNING:
            if state is not None:
                raise BrokenHistory(f"{state.number} begins twice")
            beginning: Any = fact
            state = _begin(beginning)
        elif state is None:
            raise BrokenHistory(f"a case cannot begin with {tag_of(fact)}")
        else:
            state = state if own else replace(state, standing={**state.standing})
            _take(state, fact)
        own = True
        yield state


def _take(state: Initiative, fact: e.InitiativeEvent) -> None:
    """Change a state that nobody else has seen."""
    tag, stage, kept, telling = _RULES[type(fact)]
    version = state.version + 1
    force_setattr(state, "version", version)
    force_setattr(state, "tags", (*state.tags, tag))
    if state.approvals and isinstance(fact, _OTHERWISE):
        force_setattr(state, "approvals", ())
    if isinstance(fact, e.FactCorrected):
        force_setattr(state, "correction", fact)
        _change(state, _restated(state, fact.corrects, fact.restated))
        return
    now, before = Standing(version, fact), state.stage
    was = state.standing.setdefault(tag, now)
    if was is not now:
        state.standing[tag] = now
        if kept:
            force_setattr(state, "earlier", (*state.earlier, was))
    if telling:
        _change(state, _said(state, cast("Any", fact)))
    if stage:
        if stage in FINAL:
            force_setattr(state, "ended_from", state.stage)
        force_setattr(state, "stage", stage)
    if (state.approvals or state.asked) and state.stage is not before:
        _change(state, {"approvals": (), "asked": ()})


def _change(state: Initiative, changes: "_Changes") -> None:
    for name, value in changes.items():
        force_setattr(state, name, value)


_Beginning = e.InitiativeProposed | e.HistoricAgreementEntered | e.InitiativeTakenOver
_Agreement = e.HistoricAgreementEntered | e.AgreementSigned | e.AgreementRenewed
_Telling = (
    _Beginning
    | e.InitiativeMerged
    | e.DuplicateAbsorbed
    | e.CoordinationStarted
    | e.HandlerNamed
    | e.ProcedureChanged
    | e.ApprovalAsked
    | e.StepApproved
    | e.SupportGiven
    | e.DecisionAdopted
    | e.DecisionPublished
    | e.AgreementSigned
    | e.ExpiryApproached
    | e.AgreementRenewed
    | e.ActivityResumed
    | e.PartyJoined
    | e.PartyLeft
    | e.VisitHeld
    | e.DisagreementSettled
    | tasks.TaskFact
    | links.LinkFact
    | e.InitiativeReinstated
)
TELLING: Final[frozenset[type[e.InitiativeEvent]]] = frozenset(get_args(_Telling))
"""Facts that change more than the stage."""
_AGREEMENTS: Final = tuple(tag_of(kind) for kind in get_args(_Agreement))
_ANNOUNCED: Final = tag_of(e.ExpiryApproached)
_BEGINNING: Final = frozenset(get_args(_Beginning))
BESIDE_THE_ROAD: Final = frozenset(
    map(tag_of, (e.RemarkAdded, e.TaskGiven, e.TaskDone, e.TaskCancelled, e.CaseLinked, e.CaseUnlinked))
)
"""Kinds of facts that say nothing that a decision about the road would look at."""
_KEPT: Final[frozenset[type[e.InitiativeEvent]]] = frozenset(get_args(e.Correctable)) - {e.VisitHeld}
"""Facts that stay at hand when a newer one of their kind comes."""
_RULES: Final = {
    kind: (tag_of(kind), LEADS_TO.get(kind), kind in _KEPT, kind in TELLING) for kind in get_args(e.InitiativeEvent)
}
"""What `_take` asks of a kind of fact, found at once."""
_OTHERWISE: Final = (e.FactCorrected, e.PartyJoined, e.PartyLeft, e.ProcedureChanged)
"""After these a case is no longer the one that was looked at when a deed on it was approved."""
_Changes = dict[str, Any]


def _begin(fact: _Beginning) -> Initiative:
    tag = tag_of(fact)
    begun = Initiative(
        number=fact.number,
        kind=fact.kind,
        parties=fact.parties,
        stage=_first_stage(fact),
        tags=(tag,),
        standing={tag: Standing(1, fact)},
    )
    _change(begun, _said(begun, fact))
    return begun


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


def _procedure(state: Initiative, fact: _Beginning) -> str | None:
    """The one that the case was moved to since, unless a correction of its kind has brought it to another one."""
    moved = tag_of(e.ProcedureChanged) in state.standing and state.kind == fact.kind
    return state.procedure if moved else fact.procedure


def _fields(state: Initiative) -> tuple[Field, ...]:
    """Those that the decision names, else those of the proposal."""
    decision, proposal = state.last(e.DecisionAdopted), state.last(e.InitiativeProposed)
    return (decision.fields if decision else ()) or (proposal.fields if proposal else ())


def _term(state: Initiative) -> Term:
    """The newest agreement's own; its end as it was announced since, if it was."""
    agreements = [s for tag in _AGREEMENTS if (s := state.standing.get(tag))]
    newest = max(agreements, key=lambda s: s.version, default=None)
    term = cast("_Agreement", newest.fact).term or Term() if newest else Term()
    announced = state.standing.get(_ANNOUNCED)
    if announced is None or (newest and announced.version < newest.version):
        return term
    ends_on = cast("e.ExpiryApproached", announced.fact).ends_on
    return replace(term, ends_on=ends_on) if ends_on else term


def _people(fact: e.StepApproved) -> tuple[AccountId, ...]:
    return (fact.approver, *((fact.on_behalf_of,) if fact.on_behalf_of else ()), *fact.also_for)


def _without(deeds: tuple[str, ...], deed: str) -> tuple[str, ...]:
    return tuple(one for one in deeds if one != deed)


_PUBLISHABLE: Final = frozenset({Stage.CONSENT_GRANTED, Stage.DECIDED})


def _said(state: Initiative, fact: _Telling) -> _Changes:
    """What a fact changes beyond its stage; it stands already. A restated fact comes through here again."""
    match fact:
        case e.InitiativeProposed(kind=kind, origin=origin):
            return {"kind": kind, "procedure": _procedure(state, fact), "origin": origin, "fields": _fields(state)}
        case e.HistoricAgreementEntered(kind=kind):
            return {"kind": kind, "procedure": _procedure(state, fact), "term": _term(state)}
        case e.InitiativeTakenOver(kind=kind, stage=stage):
            renewed = state.renewed_before or stage is Stage.RENEWED
            return {"kind": kind, "procedure": _procedure(state, fact), "renewed_before": renewed}
        case e.VisitHeld():
            return {"visits": (*state.visits, state.standing[tag_of(fact)])}
        case e.InitiativeMerged(into=into):
            return {"merged_into": into}
        case e.DuplicateAbsorbed(duplicate=other):
            return {"absorbed": (*state.absorbed, other)}
        case e.CoordinationStarted(handler=handler) | e.HandlerNamed(handler=handler):
            return {"handler": handler}
        case e.ProcedureChanged(procedure=procedure):
            return {"procedure": procedure}
        case e.ApprovalAsked(deed=deed):
            return {"asked": (*state.asked, deed)}
        case e.StepApproved(deed=deed):
            approval = Approval(deed, state.version, _people(fact))
            return {"asked": _without(state.asked, deed), "approvals": (*state.approvals, approval)}
        case e.SupportGiven(items=items):
            return {"support": tuple(s for s in Support if s in state.support or s in items)}
        case e.DecisionAdopted():
            return {"fields": _fields(state)}
        case e.DecisionPublished(before_consent=early):
            return {} if early or state.stage not in _PUBLISHABLE else {"stage": Stage.PUBLISHED}
        case e.AgreementSigned() | e.ExpiryApproached():
            return {"term": _term(state)}
        case e.AgreementRenewed():
            return {"term": _term(state), "renewed_before": True}
        case e.ActivityResumed():
            return {"stage": Stage.RENEWED if state.renewed_before else Stage.ACTIVE}
        case e.PartyJoined(party=party):
            return {"parties": (*state.parties, party)}
        case e.PartyLeft(party=key):
            return {"parties": tuple(p for p in state.parties if p.key != key)}
        case e.InitiativeReinstated(stage=stage):
            return {"stage": stage, "ended_from": None}
        case e.CaseLinked() | e.CaseUnlinked():
            return {"links": links.after(state.links, fact)}
        case e.TaskGiven() | e.TaskDone() | e.TaskCancelled():
            return {"tasks": tasks.after(state.tasks, fact)}
        case e.DisagreementSettled(status=status):
            return {"settled": {**state.settled, status: state.version}}
        case _:
            assert_never(fact)


_RETELLING: Final[frozenset[type[e.InitiativeEvent]]] = TELLING - {
    e.InitiativeMerged,
    e.CoordinationStarted,
    e.DecisionPublished,
    e.ProcedureChanged,
    e.ApprovalAsked,
    e.StepApproved,
    e.ActivityResumed,
    e.PartyJoined,
    e.PartyLeft,
    e.DisagreementSettled,
    e.InitiativeReinstated,
    e.CaseLinked,
    e.CaseUnlinked,
    e.TaskGiven,
    e.TaskDone,
    e.TaskCancelled,
}
"""The others tell only what no correction changes: stage, sides, handler, or where a duplicate went."""

STANDS: Final[frozenset[type[e.InitiativeEvent]]] = frozenset(
    {
        e.CoordinationCompleted,
        e.DraftReviewed,
        e.ConsentNotRequired,
        e.PartnershipConfirmed,
        e.DeadlineExtended,
        e.PartyStatusReported,
        e.RemarkAdded,
        e.FactCorrected,
    }
)
"""Facts that neither lead to a stage nor change anything else: they are looked up where they stand."""


def _restated(state: Initiative, version: int, restated: e.Correctable) -> _Changes:
    """Put a corrected fact in the place of the wrong one; stages never move by a correction."""
    newest = state.standing.get(tag_of(restated))
    stands = newest is not None and newest.version == version
    if stands:
        state.standing[tag_of(restated)] = Standing(version, restated)
    if isinstance(restated, e.VisitHeld):
        return {"visits": _replaced(state.visits, version, restated)}
    if not stands:
        force_setattr(state, "earlier", _replaced(state.earlier, version, restated))
    if isinstance(restated, e.SupportGiven):
        return {"support": _support(state)}
    telling: Any = restated
    return _said(state, telling) if stands and type(restated) in _RETELLING else {}


def _support(state: Initiative) -> tuple[Support, ...]:
    was_given = {item for s in state.every(e.SupportGiven) for item in cast("e.SupportGiven", s.fact).items}
    return tuple(s for s in Support if s in was_given)


def _replaced(kept: tuple[Standing, ...], version: int, restated: e.Correctable) -> tuple[Standing, ...]:
    return tuple(Standing(version, restated) if s.version == version else s for s in kept)


def occurred(state: Initiative, fact: type[e.InitiativeEvent]) -> PartialDate | None:
    """When the newest fact of one kind happened, as it stands; None if there is none or its day is unknown."""
    found = state.standing.get(tag_of(fact))
    return found.fact.occurred_on if found else None
