"""What the page of a case shows: where it stands, what is next and whose move it is, and what may be done."""

from collections.abc import Sequence
from datetime import date
from typing import Final

import msgspec

from application.access import Person
from application.initiatives import CaseOffer
from domain.initiatives import events as e
from domain.initiatives.initiative import tag_of
from domain.initiatives.procedure import Step
from domain.initiatives.terms import PartyRole
from domain.kernel import Fact, Refusal
from web.initiatives.asking import DeedForm, deed_form
from web.initiatives.deed_words import DEEDS
from web.initiatives.history import Entry, in_order, standing_facts
from web.initiatives.opening import OpenCase
from web.initiatives.presenting import Line, word
from web.initiatives.road import LABELS, road_of
from web.language import Language
from web.language.catalogues import marked as N_  # noqa: N812 - the name by which gettext's tools know it
from web.language.language import office_day
from web.words import STAGES

_NEWEST: Final = 4
_WRONG_STAGE: Final = "initiative.wrong-stage"
_NOT_LISTED: Final = frozenset({"add-remark", "correct", "absorb"})
"""They have their own places: the remarks, the history, and the merging of the other case."""
_MENDS: Final = {
    "initiative.support-missing": ("give-support",),
    "initiative.not-coordinated": ("complete-coordination", "give-support"),
    "initiative.draft-not-reviewed": ("review-draft",),
    "initiative.consent-missing": ("request-consent", "record-opinion", "grant-consent", "supplement-file"),
    "initiative.publication-missing": ("publish",),
    "initiative.term-unknown": ("announce-expiry",),
}
"""Which deed takes a refusal away; the first of them that is open is offered."""
_PARTICULARS: Final[tuple[type[e.InitiativeEvent], ...]] = (
    e.InitiativeProposed,
    e.HistoricAgreementEntered,
    e.InitiativeTakenOver,
    e.DecisionAdopted,
    e.ConsentNotRequired,
    e.ConsentGranted,
    e.DecisionPublished,
    e.AgreementSigned,
    e.AgreementRenewed,
    e.AgreementTerminated,
)


class StepCard(msgspec.Struct, frozen=True, kw_only=True):
    """What is next: what, who, by when, and why then."""

    title: str
    who: str
    due: date | None
    why: str
    form: DeedForm | None
    """None where the move is not this person's to record."""


class Open(msgspec.Struct, frozen=True, kw_only=True):
    title: str
    when: str
    href: str


class Closed(msgspec.Struct, frozen=True, kw_only=True):
    """A deed that somebody would look for, why it cannot be done, and where that can be mended."""

    title: str
    refusals: tuple[Refusal, ...]
    mend: str = ""
    mend_href: str = ""


class Report(msgspec.Struct, frozen=True, kw_only=True):
    status: str
    on: str
    source: str
    differs: bool
    """Another report gives another day for the same."""


class Side(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    role: str
    foreign: bool
    href: str
    reports: tuple[Report, ...]


class Particulars(msgspec.Struct, frozen=True, kw_only=True):
    title: str
    lines: tuple[Line, ...]


def step_card(case: OpenCase, person: Person, offers: Sequence[CaseOffer], today: date) -> StepCard | None:
    """None where nothing is waited for."""
    step, spoken = case.file.step, case.names.spoken
    if step is None:
        return None
    open_now = {offer.deed for offer in offers if offer.open}
    next_deed = next((deed for deed in _candidates(step, offers) if deed in open_now), None)
    return StepCard(
        title=spoken.gettext(DEEDS[step.deed].title),
        who=word(step.actor, spoken),
        due=case.file.due,
        why=_why(case, step),
        form=deed_form(next_deed, case.state, person, case.teller, today, None) if next_deed else None,
    )


def other_deeds(case: OpenCase, offers: Sequence[CaseOffer], shown: str) -> list[Open]:
    """Open deeds beside the one whose form stands open, in the order of the office's work."""
    spoken = case.names.spoken
    return [
        Open(
            title=spoken.gettext(DEEDS[offer.deed].title),
            when=spoken.gettext(DEEDS[offer.deed].when),
            href=f"{case.path}/{offer.deed}",
        )
        for offer in offers
        if offer.open and offer.deed not in _NOT_LISTED and offer.deed != shown
    ]


def closed_deeds(case: OpenCase, offers: Sequence[CaseOffer]) -> list[Closed]:
    """Deeds that a rule refuses at this stage, and the next one where another has to do it."""
    found = [_refused(case, offer, offers) for offer in offers if offer.theirs and _by_a_rule(offer)]
    step = case.file.step
    not_theirs = next((o for o in offers if step and o.deed == step.deed and not o.theirs), None)
    if not_theirs:
        title = case.names.spoken.gettext(DEEDS[not_theirs.deed].title)
        found.insert(0, Closed(title=title, refusals=(Refusal("access.deed-not-yours"),)))
    return found


def sides(case: OpenCase) -> list[Side]:
    """Every party with what was reported of it, newest last; reports that differ both stand."""
    spoken = case.names.spoken
    reports = [f for f in standing_facts(case.recorded).values() if isinstance(f, e.PartyStatusReported)]
    return [
        Side(
            name=case.teller.side(party.key),
            role=word(party.role, spoken),
            foreign=party.partner is not None,
            href=f"/partners/{party.partner}" if party.partner else f"/local-governments/{party.local_government}",
            reports=tuple(_report(r, reports, spoken) for r in reports if r.party == party.key),
        )
        for party in case.state.parties
    ]


def particulars(case: OpenCase) -> list[Particulars]:
    """The facts that say what the case is about, each with its day."""
    spoken = case.names.spoken
    found: list[Particulars] = []
    for kind in _PARTICULARS:
        standing = case.state.standing.get(tag_of(kind))
        lines = tuple(case.teller.lines(standing.fact)) if standing else ()
        if standing and lines:
            found.append(Particulars(title=_dated(case, standing.fact), lines=_without_sides(lines, spoken)))
    return found


def newest(case: OpenCase) -> list[Entry]:
    """The last few facts, remarks aside: these stand in their own place."""
    facts = [entry for entry in in_order(case.entries, recorded=True) if entry.group != "remarks"]
    return facts[:_NEWEST]


def remarks(case: OpenCase) -> list[Entry]:
    return [entry for entry in case.entries if entry.group == "remarks"]


def road(case: OpenCase) -> list[tuple[str, str, str, bool]]:
    """Name, day, state and milestone of each station, for the macro of that name."""
    spoken = case.names.spoken
    return [
        (
            spoken.gettext(LABELS.get(step.station) or STAGES[case.state.stage]),
            spoken.date(step.on) if step.on else "",
            "" if step.progress == "ahead" else step.progress,
            step.milestone,
        )
        for step in road_of(case.state)
    ]


def _candidates(step: Step, offers: Sequence[CaseOffer]) -> list[str]:
    """The deed of the step, then those that take away what stands against it."""
    refusals = [refusal for offer in offers if offer.deed == step.deed for refusal in offer.refusals]
    return [step.deed, *(deed for refusal in refusals for deed in _MENDS.get(refusal.code, ()))]


def _by_a_rule(offer: CaseOffer) -> bool:
    return bool(offer.refusals) and all(refusal.code != _WRONG_STAGE for refusal in offer.refusals)


def _refused(case: OpenCase, offer: CaseOffer, offers: Sequence[CaseOffer]) -> Closed:
    spoken = case.names.spoken
    open_now = [o.deed for o in offers if o.open]
    mends = [deed for refusal in offer.refusals for deed in _MENDS.get(refusal.code, ()) if deed in open_now]
    return Closed(
        title=spoken.gettext(DEEDS[offer.deed].title),
        refusals=offer.refusals,
        mend=spoken.gettext(DEEDS[mends[0]].title) if mends else "",
        mend_href=f"{case.path}/{mends[0]}" if mends else "",
    )


def _why(case: OpenCase, step: Step) -> str:
    spoken = case.names.spoken
    since = spoken.date(office_day(case.file.since))
    if step.days is None:
        return spoken.gettext(N_("No deadline is set; at this stage since %(day)s")) % {"day": since}
    days = spoken.count("%(num)s day", "%(num)s days", step.days)
    return spoken.gettext(N_("%(days)s after this stage was recorded: %(day)s")) % {"days": days, "day": since}


def _report(report: e.PartyStatusReported, all_: Sequence[e.PartyStatusReported], spoken: Language) -> Report:
    same = [r.occurred_on for r in all_ if (r.party, r.status) == (report.party, report.status)]
    return Report(
        status=word(report.status, spoken),
        on=spoken.date(report.occurred_on) if report.occurred_on else "",
        source=report.source,
        differs=len({*same}) > 1,
    )


def _dated(case: OpenCase, fact: Fact) -> str:
    title = case.teller.tell(fact).title
    return f"{title}, {case.names.spoken.date(fact.occurred_on)}" if fact.occurred_on else title


def _without_sides(lines: Sequence[Line], spoken: Language) -> tuple[Line, ...]:
    """The sides have their own table."""
    roles = {word(role, spoken) for role in PartyRole}
    return tuple(line for line in lines if line.label not in roles)
