"""What the page of a case shows beside its moves: the road, the sides, what it is about, and what happened last."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

import msgspec

from application.access import Person
from application.rights import may
from domain.initiatives import events as e
from domain.initiatives.initiative import tag_of
from domain.initiatives.sides import Claim, disagreements, recorded
from domain.initiatives.terms import LIVE, PartyRole, PartyStatus, Stage
from domain.kernel import Fact
from web.initiatives.history import Entry, entries_of, in_order, standing_facts
from web.initiatives.opening import OpenCase
from web.initiatives.presenting import Line, word
from web.initiatives.road import LABELS, road_of
from web.language import Language
from web.language.catalogues import marked as N_  # noqa: N812 - the name by which gettext's tools know it
from web.words import STAGES

_NEWEST: Final = 4
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


_LED_HERE: Final[Mapping[Stage, type[e.InitiativeEvent]]] = {
    Stage.RETURNED: e.FileReturned,
    Stage.SUSPENDED: e.ProcedureSuspended,
    Stage.CONSENT_REFUSED: e.ConsentRefused,
    Stage.DECLINED: e.InitiativeDeclined,
    Stage.WITHDRAWN: e.InitiativeWithdrawn,
    Stage.MERGED: e.InitiativeMerged,
    Stage.TERMINATED: e.AgreementTerminated,
}
"""Stages of which everybody asks why."""


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What a side says of itself, or what this register has recorded of the home side."""

    status: str
    on: str
    source: str | None
    """None where the words were erased."""
    typed: bool
    """The source is somebody's words."""
    way: str
    """By which way it came, where it was not written down by the office."""
    differs: bool
    """It cannot be right together with what another side says."""


class Side(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    role: str
    foreign: bool
    href: str
    ask_href: str
    """Where the side can be asked for its own word; empty where it cannot."""
    reports: tuple[Report, ...]


class Particulars(msgspec.Struct, frozen=True, kw_only=True):
    title: str
    lines: tuple[Line, ...]


def sides(case: OpenCase, person: Person) -> list[Side]:
    """Every party with what is recorded of it here, where it is the home side, and what it reported, newest last."""
    spoken = case.names.spoken
    asks = case.past is None and case.state.stage in LIVE and may(person, "ask-side")
    reports = [f for f in standing_facts(case.recorded).values() if isinstance(f, e.PartyStatusReported)]
    differing = {found.status for found in disagreements(case.state)}
    own = tuple(_own(claim, differing, spoken) for claim in recorded(case.state))
    return [
        Side(
            name=case.teller.side(party.key),
            role=word(party.role, spoken),
            foreign=party.partner is not None,
            href=f"/partners/{party.partner}" if party.partner else f"/local-governments/{party.local_government}",
            ask_href=f"{case.path}/ask?party={party.key}" if asks and party.partner else "",
            reports=(
                *(own if party.role is PartyRole.HOME else ()),
                *(_report(r, differing, case) for r in reports if r.party == party.key),
            ),
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


def led_here(case: OpenCase) -> Particulars | None:
    """What set the case aside or ended it, with its reason; None at the stages of the road."""
    kind = _LED_HERE.get(case.state.stage)
    fact = case.state.last(kind) if kind else None
    return Particulars(title=_dated(case, fact), lines=tuple(case.teller.lines(fact))) if fact else None


def newest(case: OpenCase) -> list[Entry]:
    """The last few facts, remarks aside: these stand in their own place."""
    facts = [r for r in case.recorded if not isinstance(r.fact, e.RemarkAdded)][-_NEWEST:]
    first = facts[0].version if facts else 0
    shown = entries_of(
        case.recorded, case.teller, lambda r: r.version >= first and not isinstance(r.fact, e.RemarkAdded)
    )
    return in_order(shown, recorded=True)


def remarks(case: OpenCase) -> list[Entry]:
    return entries_of(case.recorded, case.teller, lambda r: isinstance(r.fact, e.RemarkAdded))


def road(case: OpenCase) -> list[tuple[str, str, str, bool]]:
    """Name, day, state and milestone of each station, for the macro of that name."""
    spoken = case.names.spoken
    return [
        (
            spoken.gettext(LABELS.get(step.station) or STAGES[case.state.stage]),
            spoken.short_date(step.on) if step.on else "",
            "" if step.progress == "ahead" else step.progress,
            step.milestone,
        )
        for step in road_of(case.state)
    ]


def _report(report: e.PartyStatusReported, differing: Collection[PartyStatus], case: OpenCase) -> Report:
    spoken, known_from = case.names.spoken, report.known_from
    return Report(
        status=word(report.status, spoken),
        on=spoken.date(report.occurred_on) if report.occurred_on else "",
        source=case.teller.texts.get(known_from) if known_from else report.source,
        typed=True,
        way=word(report.channel, spoken) if report.channel else "",
        differs=report.status in differing,
    )


def _own(claim: Claim, differing: Collection[PartyStatus], spoken: Language) -> Report:
    return Report(
        status=word(claim.status, spoken),
        on=spoken.date(claim.on) if claim.on else "",
        source=spoken.gettext(N_("recorded in this register")),
        typed=False,
        way="",
        differs=claim.status in differing,
    )


def _dated(case: OpenCase, fact: Fact) -> str:
    title = case.teller.tell(fact).title
    return f"{title}, {case.names.spoken.date(fact.occurred_on)}" if fact.occurred_on else title


def _without_sides(lines: Sequence[Line], spoken: Language) -> tuple[Line, ...]:
    """The sides have their own table."""
    roles = {word(role, spoken) for role in PartyRole}
    return tuple(line for line in lines if line.label not in roles)
