"""What a correction may say: a restated fact meets the bounds and the rules that its deed would have met."""

from collections.abc import Iterator
from typing import Any, Final, cast

import msgspec

from domain.initiatives import events as e
from domain.initiatives.initiative import Initiative, evolve, tag_of
from domain.initiatives.policies import needs_all_support, stage_lacking, what_is_said
from domain.initiatives.procedure import CODES, MOVE, CaseOccasion, Procedure, Procedures
from domain.initiatives.second_person import second_person_missing, second_person_same
from domain.initiatives.terms import PROPOSABLE_KINDS, Kind, Party
from domain.kernel import Refusal
from domain.words import LongLine

_LONGEST: Final = 500
"""Of a LongLine, the longest text that a deed writes into a fact."""
_MOST_MONTHS: Final = 120
_DAYS: Final = ("occurred_on", "ends_on", "due_on", "until")
"""They have rules of their own."""
_LISTS: Final = ("languages", "fields")
_Beginning = e.InitiativeProposed | e.HistoricAgreementEntered | e.InitiativeTakenOver


def restating_refusals(state: Initiative, corrected: e.FactCorrected, on: CaseOccasion) -> Iterator[Refusal | None]:
    """Every reason why an earlier fact cannot be restated so. Days that contradict each other are found later."""
    version, restated = corrected.corrects, corrected.restated
    if not 1 <= version <= state.version or state.tags[version - 1] != tag_of(restated):
        yield Refusal("initiative.no-such-fact", {"version": version}, "corrects")
        return
    was = state.at(version)
    if was == restated:
        yield Refusal("initiative.nothing-corrected", field="restated")
    if was is None or _identity(was) != _identity(restated):
        yield Refusal("initiative.correction-changes-identity", field="restated")
        return
    yield from _nothing_left(restated)
    yield _in_clear(was, restated)
    yield from _out_of_bounds(msgspec.to_builtins(restated))
    yield from what_is_said(state, restated, _ever_parties(state), on)
    yield _ground_taken_away(state, was, corrected, on)


def _ever_parties(state: Initiative) -> list[Party]:
    """Those that were parties once may be named by what happened then."""
    return [
        *state.parties,
        *(party for s in state.facts if isinstance(s.fact, _Beginning) for party in s.fact.parties),
        *(s.fact.party for s in state.facts if isinstance(s.fact, e.PartyJoined)),
    ]


def _ground_taken_away(
    state: Initiative, was: e.InitiativeEvent, corrected: e.FactCorrected, on: CaseOccasion
) -> Refusal | None:
    """A step that was taken keeps what it needed."""
    match was, corrected.restated:
        case (
            (e.InitiativeProposed() | e.HistoricAgreementEntered() | e.InitiativeTakenOver()),
            (e.InitiativeProposed() | e.HistoricAgreementEntered() | e.InitiativeTakenOver()) as restated,
        ):
            return _another_procedure(state, was, restated, on)
        case e.SupportGiven(), e.SupportGiven() if state.coordinated:
            missing = needs_all_support(evolve(state, corrected), on)
            return msgspec.structs.replace(missing, field="items") if missing else None
        case _:
            return None


def _nothing_left(restated: e.Correctable) -> Iterator[Refusal]:
    """Of these lists the deed asks at least one."""
    match restated:
        case e.SupportGiven(items=()):
            yield Refusal("form.choice-missing", field="items")
        case e.DraftReviewed(languages=()):
            yield Refusal("form.choice-missing", field="languages")
        case e.PartyStatusReported(known_from=None, source=None):
            yield Refusal("form.missing", field="known_from")
        case _:
            pass


def _in_clear(was: e.InitiativeEvent, restated: e.Correctable) -> Refusal | None:
    """Words that an old fact holds itself may stay as they are; new ones go to the vault."""
    match was, restated:
        case e.PartyStatusReported(source=before), e.PartyStatusReported(source=str() as after) if after != before:
            return Refusal("initiative.correction-changes-identity", field="restated")
        case _:
            return None


def _identity(fact: e.InitiativeEvent) -> tuple[object, ...]:
    """What makes it this fact and no other: a step mends it, not a correction."""
    match fact:
        case e.InitiativeProposed() | e.HistoricAgreementEntered():
            return fact.number, fact.parties
        case e.InitiativeTakenOver():
            return fact.number, fact.parties, fact.stage
        case e.InitiativeMerged():
            return fact.into, fact.into_number
        case e.CoordinationStarted():
            return (fact.handler,)
        case e.DecisionPublished():
            return (fact.before_consent,)
        case e.PartyJoined() | e.PartyLeft():
            return (fact.party,)
        case e.DeadlineExtended():
            return (fact.deed,)
        case e.PartyStatusReported():
            return fact.channel, fact.told_by, fact.register, fact.register_version
        case _:
            return ()


def with_its_procedure(
    state: Initiative, version: int, restated: e.Correctable, procedures: Procedures
) -> e.Correctable:
    """A beginning keeps its procedure, which nobody corrects; of another kind it has the one in force for that."""
    was = state.at(version)
    if not isinstance(restated, _Beginning) or not isinstance(was, _Beginning):
        return restated
    if CODES[restated.kind] == CODES[was.kind]:
        return msgspec.structs.replace(restated, procedure=was.procedure)
    return msgspec.structs.replace(restated, procedure=procedures.in_force(restated.kind).pinned)


def _another_procedure(state: Initiative, was: _Beginning, restated: _Beginning, on: CaseOccasion) -> Refusal | None:
    """The kind must be one that could have begun so, and may not take away the ground of a step that was taken.

    It moves the case to another procedure, so it takes a second person where such a move does.
    """
    kind = restated.kind
    if kind == was.kind:
        return None
    if isinstance(restated, e.InitiativeProposed) and kind not in PROPOSABLE_KINDS:
        return Refusal("initiative.kind-not-proposable", {"kind": kind.value}, "kind")
    if CODES[kind] == CODES[was.kind]:
        return None
    now, procedure = on.procedures.of(state), on.procedures.in_force(kind)
    found = (
        *steps_without_ground(state, now, procedure, "kind", kind),
        stage_lacking(procedure, state.stage),
        second_person_missing(state, MOVE, now),
        second_person_same(state, MOVE, on),
    )
    return next((refusal for refusal in found if refusal), None)


def steps_without_ground(
    state: Initiative, now: Procedure, then: Procedure, field: str, kind: Kind | None = None
) -> Iterator[Refusal]:
    """Steps that were taken under the procedure of now and could not have been under the one of then."""
    if state.consent_waived and then.consent_required and not now.consent_required:
        yield Refusal("initiative.consent-required", {"kind": (kind or state.kind).value}, field)
    gazette_first = then.publication_before_signing and not now.publication_before_signing
    if gazette_first and state.last(e.AgreementSigned) and not state.published:
        yield Refusal("initiative.publication-missing", field=field)


def _out_of_bounds(body: dict[str, Any]) -> Iterator[Refusal | None]:
    """Facts are read without bounds, because old ones must be read for ever; new words still have to fit."""
    for name, value in body.items():
        match value:
            case dict():
                yield from _out_of_bounds(cast("dict[str, Any]", value))
            case str():
                yield _unfit(name, value)
            case int() if name == "notice_months" and not 0 <= value <= _MOST_MONTHS:
                yield Refusal("form.number-out-of-range", {"least": 0, "most": _MOST_MONTHS}, name)
            case tuple() if name in _LISTS and value:
                yield _unfit(name, " ".join(cast("tuple[str, ...]", value)))
            case _:
                pass


def _unfit(name: str, text: str) -> Refusal | None:
    if name in _DAYS:
        return None
    if len(text) > _LONGEST:
        return Refusal("form.too-long", {"most": _LONGEST, "length": len(text)}, name)
    try:
        msgspec.convert(text, LongLine)
    except msgspec.ValidationError:
        return Refusal("form.not-printable" if text.strip() else "form.missing", field=name)
    return None
