"""What a procedure would have said of a history: steps that it refuses, a case that it strands, deadlines missed."""

from collections.abc import Sequence
from datetime import date
from typing import Final, cast

import msgspec

from domain.calendars import Calendar, UnknownYear
from domain.dates import PartialDate, earliest
from domain.initiatives import events as e
from domain.initiatives import policies as rule
from domain.initiatives.deadlines import Waiting, due_day, waited_on
from domain.initiatives.initiative import LEADS_TO, Initiative, grow, tag_of
from domain.initiatives.moves import APPROVABLE, DEED_OF
from domain.initiatives.procedure import CODES, Procedure, next_step
from domain.initiatives.second_person import second_person_missing
from domain.initiatives.terms import LIVE, Kind, Stage
from domain.kernel import Refusal

_Beginning = e.InitiativeProposed | e.HistoricAgreementEntered | e.InitiativeTakenOver


class RefusedStep(msgspec.Struct, frozen=True, kw_only=True):
    """A recorded fact that the procedure would not have let in."""

    version: int
    fact: str
    occurred_on: PartialDate | None
    refusals: tuple[Refusal, ...]


class MissedDeadline(msgspec.Struct, frozen=True, kw_only=True):
    stage: Stage
    deed: str
    due: date
    ended: date | None
    """The day on which it was waited for no more; None where it still is."""


class Rehearsed(msgspec.Struct, frozen=True, kw_only=True):
    number: str
    stage: Stage
    refused: tuple[RefusedStep, ...] = ()
    stranded: tuple[Refusal, ...] = ()
    """Why the case could not go on from where it stands now; empty where it can, or is over."""
    missed: tuple[MissedDeadline, ...] = ()
    uncounted: tuple[int, ...] = ()
    """Years whose working days nobody knows: deadlines that reach into them may have been missed or not."""


def rehearse(
    facts: Sequence[e.InitiativeEvent], days: Sequence[date], procedure: Procedure, today: date, calendar: Calendar
) -> Rehearsed | None:
    """The history of one case as if it had been led by this procedure; None where its kind has another one.

    `days` are the office's days on which the facts were recorded. Each fact is judged as it was recorded, on the state
    before it; a deadline is missed where what ended the waiting certainly came later, or has not come yet.
    """
    if CODES[_kind(facts)] != procedure.code:
        return None
    refused: list[RefusedStep] = []
    missed: list[MissedDeadline] = []
    uncounted: dict[int, None] = {}
    state: Initiative | None = None
    step, waiting, growing = None, Waiting(days[0]), grow(None, facts)

    def due_now() -> date | None:
        try:
            return due_day(state, step, waiting, calendar) if state and step else None
        except UnknownYear as unknown:
            uncounted[unknown.year] = None
            return None

    for version, (fact, day) in enumerate(zip(facts, days, strict=True), 1):
        if refusals := objections(state, fact, procedure):
            tag, told = tag_of(fact), tuple(refusals)
            refused.append(RefusedStep(version=version, fact=tag, occurred_on=fact.occurred_on, refusals=told))
        stage, before = state.stage if state else None, step
        due = due_now()
        state = next(growing)
        step = next_step(state, procedure)
        if stage is None:
            continue
        was = waiting
        waiting = waited_on(was, stage, before, state, step, fact, day, calendar)
        ended = _ended(fact, day)
        if waiting is not was and before and due and ended > due:
            missed.append(MissedDeadline(stage=stage, deed=before.deed, due=due, ended=ended))
    state = cast("Initiative", state)
    if step and (due := due_now()) and due < today:
        missed.append(MissedDeadline(stage=state.stage, deed=step.deed, due=due, ended=None))
    return Rehearsed(
        number=state.number,
        stage=state.stage,
        refused=tuple(refused),
        stranded=tuple(rule.strands(state, procedure)) if state.stage in LIVE else (),
        missed=tuple(missed),
        uncounted=tuple(uncounted),
    )


def objections(state: Initiative | None, fact: e.InitiativeEvent, procedure: Procedure) -> list[Refusal]:
    """What the procedure itself has against a fact; rules that hold under every procedure are not asked."""
    kind = type(fact)
    if state is None:
        return [r] if isinstance(fact, e.InitiativeTakenOver) and (r := _lacks(procedure, fact.stage)) else []
    if kind not in _ASKED:
        return []
    found: list[Refusal | None] = [_lacks(procedure, LEADS_TO.get(kind))]
    match fact:
        case e.CoordinationCompleted():
            found.append(rule.support_missing(state, procedure))
        case e.DraftingStarted() if state.stage is Stage.COORDINATING:
            found.append(rule.letter_missing(state, procedure))
        case e.DecisionAdopted(entry_rule=clause):
            found.append(rule.review_missing(state, procedure))
            found.append(rule.letter_missing(state, procedure))
            found.append(rule.clause_unknown(procedure, clause, "entry_rule"))
        case e.ConsentNotRequired():
            found.append(rule.consent_needed(state, procedure))
        case e.AgreementSigned():
            found.append(rule.publication_missing(state, procedure))
        case e.AgreementEnteredIntoForce(rule=clause):
            found.append(rule.clause_unknown(procedure, clause, "rule"))
        case e.InitiativeReinstated(stage=stage):
            found.append(_lacks(procedure, stage))
        case _:
            pass
    if deed := _APPROVED.get(kind):
        found.append(second_person_missing(state, deed, procedure))
    particulars = rule.particulars_missing(state, DEED_OF.get(kind, ""), fact, procedure)
    return [refusal for refusal in (*found, *particulars) if refusal is not None]


_APPROVED: Final = {fact: deed for deed, fact in APPROVABLE.items()}
_ASKED: Final = frozenset({*LEADS_TO, *_APPROVED, e.InitiativeReinstated})
_lacks = rule.stage_lacking


def _kind(facts: Sequence[e.InitiativeEvent]) -> Kind:
    """Of the beginning as it stands after every correction."""
    restated = (f.restated for f in reversed(facts) if isinstance(f, e.FactCorrected) and f.corrects == 1)
    beginning = next(restated, facts[0])
    return cast("_Beginning", beginning).kind


def _ended(fact: e.InitiativeEvent, recorded: date) -> date:
    """The first day on which it may have happened."""
    return min(recorded, earliest(fact.occurred_on)) if fact.occurred_on else recorded
