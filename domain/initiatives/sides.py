"""Where each side of a partnership stands by its own word, and where the sides differ.

The register's own facts speak for the home side. What another side says comes as a report; it never overwrites what is
recorded: both stand, and a person settles the difference, by a correction, a newer report, or by recording what was
found out.
"""

from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

from domain.dates import PartialDate, earliest, latest
from domain.initiatives import events as e
from domain.initiatives.initiative import Initiative, Standing, tag_of
from domain.initiatives.terms import CONCLUDED, IN_FORCE, LIVE, PartyStatus
from domain.kernel import Occasion, Refusal

OF_BOTH: Final = (PartyStatus.SIGNED, PartyStatus.IN_FORCE, PartyStatus.WITHDRAWN)
"""What happens to the agreement itself, so that two sides cannot both be right about two days."""
_SAYS: Final[dict[type[e.InitiativeEvent], PartyStatus]] = {
    e.InitiativeProposed: PartyStatus.PROPOSED,
    e.DecisionAdopted: PartyStatus.DECIDED,
    e.ConsentGranted: PartyStatus.CONSENTED,
    e.HistoricAgreementEntered: PartyStatus.SIGNED,
    e.AgreementSigned: PartyStatus.SIGNED,
    e.AgreementEnteredIntoForce: PartyStatus.IN_FORCE,
    e.AgreementTerminated: PartyStatus.WITHDRAWN,
    e.InitiativeWithdrawn: PartyStatus.WITHDRAWN,
}
_REPORTED: Final = tag_of(e.PartyStatusReported)
_IMPLIED: Final = {PartyStatus.SIGNED: CONCLUDED, PartyStatus.IN_FORCE: IN_FORCE}
"""Stages at which the register knows that it happened, also without a fact of its own."""


class Claim(msgspec.Struct, frozen=True):
    """What one side says of itself, or, where `party` is None, what the register has recorded."""

    party: str | None
    status: PartyStatus
    on: PartialDate | None
    version: int
    """Of the fact that says so."""


class Disagreement(msgspec.Struct, frozen=True):
    """Claims about one and the same that cannot all be right; the register's own comes first, if it has one."""

    status: PartyStatus
    claims: tuple[Claim, ...]


def recorded(state: Initiative) -> list[Claim]:
    """What the facts of the case say for the home side, the newest of each status, in the order of the road."""
    found: dict[PartyStatus, Claim] = {}
    for standing in sorted(state.standing.values(), key=lambda s: s.version):
        if status := _SAYS.get(type(standing.fact)):
            found[status] = Claim(None, status, standing.fact.occurred_on, standing.version)
    return [found[status] for status in PartyStatus if status in found]


def reported(state: Initiative) -> list[Claim]:
    """What each party says of itself: its newest report of each status, by version."""
    newest: dict[tuple[str, PartyStatus], Claim] = {}
    for version, report in reports(state):
        newest[report.party, report.status] = Claim(report.party, report.status, report.occurred_on, version)
    return sorted(newest.values(), key=lambda claim: claim.version)


def reports(state: Initiative) -> Iterator[tuple[int, e.PartyStatusReported]]:
    """What sides said, with the version of each report, as it stands today."""
    newest = state.standing.get(_REPORTED)
    kept: list[Standing] = [*state.earlier, *([newest] if newest else [])]
    for standing in kept:
        if isinstance(standing.fact, e.PartyStatusReported):
            yield standing.version, standing.fact


def disagreements(state: Initiative) -> list[Disagreement]:
    """Where the sides of a living case differ, and nobody has settled it since the newest claim."""
    if _REPORTED not in state.standing or state.stage not in LIVE:
        return []
    said = reported(state)
    own = {claim.status: claim for claim in recorded(state)}
    return [d for status in OF_BOTH if (d := _over(state, status, own.get(status), said))]


def nothing_to_settle(state: Initiative, on: Occasion) -> Refusal | None:
    return None if disagreements(state) else Refusal("initiative.nothing-to-settle")


def _over(state: Initiative, status: PartyStatus, own: Claim | None, said: Iterable[Claim]) -> Disagreement | None:
    reports = [claim for claim in said if claim.status is status]
    claims = (*([own] if own else []), *reports)
    if not reports or state.settled.get(status, 0) > max(claim.version for claim in claims):
        return None
    unknown_here = own is None and state.stage not in _IMPLIED.get(status, frozenset())
    return Disagreement(status, claims) if unknown_here or _days_differ(claims) else None


def _days_differ(claims: Iterable[Claim]) -> bool:
    """Whether no single day fits all of them: `2019` and `2019-03` do not differ."""
    days = [claim.on for claim in claims if claim.on]
    return bool(days) and max(map(earliest, days)) > min(map(latest, days))
