"""Whether a procedure can be followed at all: every stage is left by a deed that is done there and leads on."""

from collections.abc import Iterator
from types import UnionType
from typing import Final, get_args

import msgspec

from domain.initiatives.deeds import DEEDS
from domain.initiatives.moves import APPROVABLE, leads_to
from domain.initiatives.procedure import IN_TERM, Document, Procedure, Step
from domain.initiatives.terms import FINAL, IN_FORCE, TABLE, Stage

OPTIONAL: Final = frozenset({Stage.LETTER_OF_INTENT, Stage.SUSPENDED, Stage.RETURNED, Stage.DORMANT})
"""Stages beside the road; a case gets by without them."""
_ASKED_AT: Final = {
    Document.INFORMATION: (Stage.COORDINATING,),
    Document.PARTNER_PROFILE: (Stage.COORDINATING,),
    Document.MODEL_DOCUMENTS: (Stage.COORDINATING,),
    Document.LETTER_OF_INTENT: (Stage.COORDINATING, Stage.DRAFTING),
    Document.REVIEWED_DRAFT: (Stage.DRAFTING,),
}
"""Where each paper can be had in time."""
_DAY_OF_ITS_OWN: Final = (*IN_TERM, Stage.SUSPENDED, Stage.EXPIRING)
"""Here the case itself may say until when."""


class Flaw(msgspec.Struct, frozen=True):
    """What is wrong, and where in the procedure: its place as a path of names, such as stages, drafting, deed."""

    code: str
    at: tuple[str, ...]
    params: dict[str, str | int] = {}


def flaws(procedure: Procedure) -> Iterator[Flaw]:
    """Everything because of which cases could not go on, or would be told what nobody can reckon."""
    for stage in Stage:
        if stage not in procedure.steps and stage not in OPTIONAL and stage not in FINAL:
            yield Flaw("stage-missing", ("stages",), {"stage": stage.value})
    for deed in procedure.second_person:
        if deed not in APPROVABLE:
            yield Flaw("unknown-word", ("second_person",), {"typed": deed, "known": ", ".join(APPROVABLE)})
    sound = True
    for stage, step in procedure.steps.items():
        for flaw in (
            *_of_the_deed(procedure, stage, step),
            *_of_the_time(stage, step),
            *_of_the_papers(procedure, stage, step),
        ):
            sound = sound and flaw.at[-1] != "deed"
            yield flaw
    if sound:
        yield from _loops(procedure)


def _at(stage: Stage, name: str) -> tuple[str, ...]:
    return ("stages", stage.value, name)


def _of_the_deed(procedure: Procedure, stage: Stage, step: Step) -> Iterator[Flaw]:
    at = _at(stage, "deed")
    named: dict[str, str | int] = {"deed": step.deed, "stage": stage.value}
    deed, to = DEEDS.get(step.deed), leads_to(step.deed)
    if deed is None:
        yield Flaw("unknown-deed", at, {"typed": step.deed, "known": ", ".join(_that_move(stage))})
    elif stage not in deed.stages or to is None or to not in TABLE[stage]:
        yield Flaw("deed-leads-nowhere", at, {**named, "known": ", ".join(_that_move(stage))})
    elif to in FINAL:
        yield Flaw("deed-ends", at, named)
    elif to not in procedure.steps and to not in _stages_that_stay_missing(procedure):
        yield Flaw("deed-leads-outside", at, {**named, "to": to.value})
    elif procedure.publication_before_signing and stage is Stage.CONSENT_GRANTED and to is Stage.SIGNED:
        yield Flaw("publication-skipped", at)
    elif stage is Stage.DECIDED and to is not Stage.CONSENT_REQUESTED:
        yield Flaw("consent-skipped", at)


def _that_move(stage: Stage) -> list[str]:
    """Deeds that lead on from a stage, and do not end the case."""
    moves = ((code, leads_to(code)) for code, deed in DEEDS.items() if stage in deed.stages)
    return [code for code, to in moves if to is not None and to in TABLE[stage] - FINAL]


def _stages_that_stay_missing(procedure: Procedure) -> set[Stage]:
    """They are told of already."""
    return {stage for stage in Stage if stage not in procedure.steps and stage not in OPTIONAL}


def _of_the_time(stage: Stage, step: Step) -> Iterator[Flaw]:
    deadline = step.deadline
    if deadline and stage in IN_TERM:
        yield Flaw("notice-instead-of-days", _at(stage, "deadline"))
    for pause in deadline.pauses if deadline else ():
        if pause not in pausing(stage):
            known = ", ".join(pausing(stage))
            yield Flaw(
                "pause-out-of-place", (*_at(stage, "deadline"), "pauses"), {"typed": pause.value, "known": known}
            )
    if step.notice_months is None and stage in IN_TERM:
        yield Flaw("missing", _at(stage, "notice_months"))
    if step.notice_months is not None and stage not in IN_TERM:
        yield Flaw("notice-out-of-place", _at(stage, "notice_months"))
    if step.dormant_months and step.dormant_months < step.confirm_months:
        yield Flaw("dormant-before-confirm", _at(stage, "dormant_months"), {"months": step.confirm_months})
    if step.reminders and deadline is None and stage not in _DAY_OF_ITS_OWN:
        yield Flaw("reminder-without-deadline", _at(stage, "reminders"))
    if deadline and any(days > deadline.days for days in step.reminders or ()):
        yield Flaw("reminder-too-early", _at(stage, "reminders"), {"days": deadline.days})


def pausing(stage: Stage) -> list[Stage]:
    """Stages to which a case goes from this one and comes straight back; at these its days may stand still."""
    return [other for other in Stage if other in TABLE[stage] and stage in TABLE[other]]


def _of_the_papers(procedure: Procedure, stage: Stage, step: Step) -> Iterator[Flaw]:
    for document in step.documents:
        if stage not in _ASKED_AT[document]:
            stages = ", ".join(_ASKED_AT[document])
            yield Flaw("document-out-of-place", _at(stage, "documents"), {"typed": document.value, "known": stages})
        elif document is Document.LETTER_OF_INTENT and Stage.LETTER_OF_INTENT not in procedure.steps:
            yield Flaw("stage-missing", _at(stage, "documents"), {"stage": Stage.LETTER_OF_INTENT.value})
    known = particulars_of(step.deed)
    for name in step.fields:
        if known and name not in known:
            known_names = ", ".join(known)
            yield Flaw("unknown-word", _at(stage, "fields"), {"typed": name, "known": known_names})


def particulars_of(deed: str) -> list[str]:
    """Names of what the form of a deed can say; a tick says something whether it is set or not."""
    if deed not in DEEDS:
        return []
    fields = msgspec.structs.fields(DEEDS[deed].command)
    return [field.name for field in fields if bool not in _kinds(field.type)]


def _kinds(declared: object) -> tuple[object, ...]:
    return get_args(declared) if isinstance(declared, UnionType) else (declared,)


def _loops(procedure: Procedure) -> Iterator[Flaw]:
    """From each stage the usual deeds come to an agreement in force, and not back to where they were."""
    told: set[Stage] = set()
    for start in procedure.steps:
        way, stage = list[Stage](), start
        while stage not in way and stage not in IN_FORCE and stage in procedure.steps:
            way.append(stage)
            stage = leads_to(procedure.steps[stage].deed) or stage
        if stage in way and stage not in told:
            circle = way[way.index(stage) :]
            told.update(circle)
            yield Flaw("loop", _at(stage, "deed"), {"stages": ",".join([*circle, stage])})
