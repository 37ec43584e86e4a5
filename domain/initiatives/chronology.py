"""What cannot have been: days that contradict each other, as far as partial dates leave no doubt.

Registers are messy, so only the impossible is found; agreements from before this register stay free.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final, cast, get_args

from domain.dates import PartialDate, earliest, is_whole, latest
from domain.initiatives import events as e
from domain.initiatives.initiative import Initiative, Standing, evolve, tag_of
from domain.initiatives.terms import EntryRule
from domain.kernel import Refusal

_Kind = type[e.InitiativeEvent]
_Agreement = e.HistoricAgreementEntered | e.AgreementSigned | e.AgreementRenewed
_AFTER: Final[dict[_Kind, tuple[_Kind, ...]]] = {
    e.ConsentRequested: (e.DecisionAdopted,),
    e.ConsentGranted: (e.DecisionAdopted, e.ConsentRequested),
    e.ConsentRefused: (e.DecisionAdopted, e.ConsentRequested),
    e.DecisionPublished: (e.DecisionAdopted,),
    e.AgreementSigned: (e.InitiativeProposed, e.InitiativeTakenOver, e.DecisionAdopted, e.ConsentGranted),
    e.AgreementEnteredIntoForce: (e.AgreementSigned,),
    e.AgreementRenewed: (e.AgreementSigned,),
    e.AgreementTerminated: (e.DecisionAdopted, e.AgreementSigned),
}
"""What stands on what: the request encloses the decision, the Government consents to both, and so on.

A case that was taken over was not signed yet on the day of its report.
"""
COUNTED_FROM: Final[dict[EntryRule, _Kind]] = {
    EntryRule.ON_CONSENT: e.ConsentGranted,
    EntryRule.ON_RECEIPT_OF_CONSENT: e.ConsentGranted,
    EntryRule.EIGHTH_DAY_AFTER_PUBLICATION: e.DecisionPublished,
    EntryRule.DAY_AFTER_PUBLICATION: e.DecisionPublished,
    EntryRule.ON_ADOPTION: e.DecisionAdopted,
}
"""What a rule of entry into force counts from; by such a rule the entry may lie before the signing."""
_DAYS_AFTER: Final[dict[EntryRule, int]] = {
    EntryRule.ON_CONSENT: 0,
    EntryRule.EIGHTH_DAY_AFTER_PUBLICATION: 8,
    EntryRule.DAY_AFTER_PUBLICATION: 1,
    EntryRule.ON_ADOPTION: 0,
}
"""When a consent was received nobody records, so by that rule no day can be reckoned."""


def certainly_before(day: PartialDate | None, other: PartialDate | None) -> bool:
    """Whether every day that the first may mean lies before every day that the other may mean."""
    return day is not None and other is not None and latest(day) < earliest(other)


def contradictions(state: Initiative) -> list[Refusal]:
    """Every pair of days in the history, as it stands, that cannot both be right."""
    return [r for fact in state.facts for r in (*_too_early(state, fact), *_too_short(state, fact))]


def new_contradictions(state: Initiative, fact: e.InitiativeEvent) -> list[Refusal]:
    """Those that one more fact would bring, be it a deed's or a correction. Its days must exist in the calendar."""
    found = contradictions(evolve(state, fact))
    known = contradictions(state) if found else ()
    return [refusal for refusal in found if refusal not in known]


def _too_early(state: Initiative, later: Standing) -> Iterator[Refusal]:
    """A fact dated before one that it stands on; of several the one that leaves it least."""
    grounds = (_newest_before(state, kind, later.version) for kind in _stands_on(state, later.fact))
    first = max((s.fact for s in grounds if s and s.fact.occurred_on), key=_since, default=None)
    if first and certainly_before(later.fact.occurred_on, first.occurred_on):
        yield _out_of_order(first, later.fact)


def _since(fact: e.InitiativeEvent) -> date:
    return earliest(fact.occurred_on) if fact.occurred_on else date.min


def _stands_on(state: Initiative, fact: e.InitiativeEvent) -> tuple[_Kind, ...]:
    if isinstance(fact, e.AgreementEnteredIntoForce) and (rule := fact.rule or entry_rule(state)):
        return (COUNTED_FROM[rule],)
    return _AFTER.get(type(fact), ())


def entry_rule(state: Initiative) -> EntryRule | None:
    """The clause of the decision on its entry into force, where it was recorded."""
    decision = state.last(e.DecisionAdopted)
    return decision.entry_rule if decision else None


def entry_day(state: Initiative, rule: EntryRule) -> date | None:
    """The day of entry into force by a rule; None where the day from which it counts is not known in full."""
    ground, decision = (state.standing.get(tag_of(kind)) for kind in (COUNTED_FROM[rule], e.DecisionAdopted))
    if rule not in _DAYS_AFTER or ground is None or (decision and ground.version < decision.version):
        return None
    counted_from = ground.fact.occurred_on
    if counted_from is None or not is_whole(counted_from):
        return None
    return earliest(counted_from) + timedelta(days=_DAYS_AFTER[rule])


def _out_of_order(first: e.InitiativeEvent, then: e.InitiativeEvent) -> Refusal:
    consent = isinstance(first, e.ConsentGranted) and isinstance(then, e.AgreementSigned)
    return Refusal(
        "initiative.signed-before-consent" if consent else "initiative.out-of-order",
        {
            "first": tag_of(first),
            "first_on": str(first.occurred_on),
            "then": tag_of(then),
            "then_on": str(then.occurred_on),
        },
        "occurred_on",
    )


def _too_short(state: Initiative, standing: Standing) -> Iterator[Refusal]:
    """A term that ends before it began, or a renewal that ends no later than the agreement did."""
    match standing.fact:
        case e.AgreementSigned(term=term, occurred_on=begun):
            yield from _ends_before(term.ends_on, begun)
        case e.AgreementRenewed(term=term, occurred_on=begun):
            yield from _ends_before(term.ends_on, begun)
            yield from _no_longer(term.ends_on, _end_before(state, standing.version))
        case e.ExpiryApproached(ends_on=ends_on):
            agreement = _agreement_before(state, standing.version)
            if agreement and not isinstance(agreement.fact, e.HistoricAgreementEntered):
                yield from _ends_before(ends_on, agreement.fact.occurred_on)
        case _:
            pass


def _ends_before(ends_on: PartialDate | None, begun: PartialDate | None) -> Iterator[Refusal]:
    if certainly_before(ends_on, begun):
        yield Refusal("initiative.ends-before-it-begins", {"ends_on": str(ends_on), "begun": str(begun)}, "ends_on")


def _no_longer(ends_on: PartialDate | None, old: PartialDate | None) -> Iterator[Refusal]:
    if ends_on is not None and old is not None and latest(ends_on) <= latest(old):
        yield Refusal("initiative.renewal-not-longer", {"ends_on": old}, "ends_on")


def _end_before(state: Initiative, version: int) -> PartialDate | None:
    """When the agreement would have ended that a renewal of this version renewed."""
    agreement = _agreement_before(state, version)
    since = agreement.version if agreement else 0
    for standing in reversed(state.every(e.ExpiryApproached)):
        if since < standing.version < version and (announced := cast("e.ExpiryApproached", standing.fact).ends_on):
            return announced
    term = cast("_Agreement", agreement.fact).term if agreement else None
    return term.ends_on if term else None


def _agreement_before(state: Initiative, version: int) -> Standing | None:
    found = (_newest_before(state, kind, version) for kind in get_args(_Agreement))
    return max((s for s in found if s), key=lambda s: s.version, default=None)


def _newest_before(state: Initiative, kind: _Kind, version: int) -> Standing | None:
    return next((s for s in reversed(state.every(kind)) if s.version < version), None)
