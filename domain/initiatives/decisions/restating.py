"""What a correction may say: a restated fact meets the bounds and the rules that its deed would have met."""

from collections.abc import Iterator
from typing import Any, Final, cast

import msgspec

from domain.dates import PartialDate
from domain.initiatives import events as e
from domain.initiatives.decisions.living import known_party
from domain.initiatives.initiative import Initiative, tag_of
from domain.initiatives.policies import day_refusal, signed_after_consent, unreal_day
from domain.initiatives.procedure import PROCEDURES
from domain.initiatives.terms import PROPOSABLE_KINDS
from domain.kernel import Occasion, Refusal
from domain.words import LongLine

_LONGEST: Final = 500
"""Of a LongLine, the longest text that a deed writes into a fact."""
_MOST_MONTHS: Final = 120
_DAYS: Final = ("ends_on", "due_on", "until")
"""Days that may lie ahead."""
_LISTS: Final = ("languages", "fields")
_Beginning = e.InitiativeProposed | e.HistoricAgreementEntered | e.InitiativeTakenOver


def restating_refusals(
    state: Initiative, version: int, restated: e.Correctable, on: Occasion
) -> Iterator[Refusal | None]:
    """Every reason why the fact of one version cannot be restated so."""
    if not 1 <= version <= state.version or state.tags[version - 1] != tag_of(restated):
        yield Refusal("initiative.no-such-fact", {"version": version}, "corrects")
        return
    now = state.standing.get(tag_of(restated))
    was = now.fact if now and now.version == version else None
    if was == restated:
        yield Refusal("initiative.nothing-corrected", field="restated")
    yield day_refusal(restated.occurred_on, on)
    yield from _out_of_bounds(msgspec.to_builtins(restated))
    yield _against_rules(state, now.fact if now else None, restated)


def _against_rules(state: Initiative, was: e.InitiativeEvent | None, restated: e.Correctable) -> Refusal | None:
    match was, restated:
        case (
            (e.InitiativeProposed() | e.HistoricAgreementEntered() | e.InitiativeTakenOver()),
            (e.InitiativeProposed() | e.HistoricAgreementEntered() | e.InitiativeTakenOver()),
        ):
            return _another_case(was, restated) or _another_procedure(state, was, restated)
        case e.DecisionPublished(before_consent=was_early), e.DecisionPublished(before_consent=is_early):
            same = was_early == is_early
            return None if same else Refusal("initiative.correction-changes-identity", field="restated")
        case _, e.AgreementSigned(occurred_on=day):
            return signed_after_consent(state, day)
        case _, e.VisitHeld(occurred_on=None):
            return Refusal("form.missing", field="occurred_on")
        case _, e.PartyStatusReported(party=party):
            return known_party(state, party, "party")
        case _:
            return None


def _another_case(was: _Beginning, restated: _Beginning) -> Refusal | None:
    """Number, parties and stage of a beginning are not a matter of spelling."""
    same = (was.number, was.parties) == (restated.number, restated.parties)
    if isinstance(was, e.InitiativeTakenOver) and isinstance(restated, e.InitiativeTakenOver):
        same = same and was.stage == restated.stage
    return None if same else Refusal("initiative.correction-changes-identity", field="restated")


def _another_procedure(state: Initiative, was: _Beginning, restated: _Beginning) -> Refusal | None:
    """The kind must be one that could have begun so, and may not take away the ground of a step that was taken."""
    kind = restated.kind
    if kind == was.kind:
        return None
    if isinstance(restated, e.InitiativeProposed) and kind not in PROPOSABLE_KINDS:
        return Refusal("initiative.kind-not-proposable", {"kind": kind.value}, "kind")
    procedure = PROCEDURES[kind]
    if state.consent_waived and procedure.consent_required:
        return Refusal("initiative.consent-required", {"kind": kind.value}, "kind")
    if state.last(e.AgreementSigned) and not state.published and procedure.publication_before_signing:
        return Refusal("initiative.publication-missing", field="kind")
    return None


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
        return unreal_day(PartialDate(text), name)
    if len(text) > _LONGEST:
        return Refusal("form.too-long", {"most": _LONGEST, "length": len(text)}, name)
    try:
        msgspec.convert(text, LongLine)
    except msgspec.ValidationError:
        return Refusal("form.not-printable" if text.strip() else "form.missing", field=name)
    return None
