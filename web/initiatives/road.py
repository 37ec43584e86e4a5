"""The road of a case: its stations, which are passed, and where it stands."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from application.views.casefile import Progress, RoadStep
from domain.dates import PartialDate
from domain.initiatives import events as e
from domain.initiatives.initiative import LEADS_TO, Initiative, occurred, tag_of
from domain.initiatives.terms import FINAL, Stage
from web.language.catalogues import marked as N_  # noqa: N812 - the name by which gettext's tools know it


class Station(NamedTuple):
    code: str
    label: str
    passed_by: tuple[type[e.InitiativeEvent], ...]
    milestone: bool = False


STATIONS: Final[tuple[Station, ...]] = (
    Station("proposed", N_("Proposed"), (e.InitiativeProposed, e.InitiativeTakenOver), True),
    Station("coordinated", N_("Coordinated"), (e.CoordinationCompleted,), True),
    Station("letter_of_intent", N_("Letter of intent"), (e.LetterOfIntentSigned,)),
    Station("drafting", N_("Draft"), (e.DraftingStarted, e.DraftingReopened)),
    Station("decided", N_("Decision adopted"), (e.DecisionAdopted,)),
    Station("consent_requested", N_("Request to the Government"), (e.ConsentRequested,)),
    Station("opinions", N_("Opinions"), (e.OpinionReceived,)),
    Station("consent", N_("Consent"), (e.ConsentGranted,)),
    Station("published", N_("Published"), (e.DecisionPublished,)),
    Station("signed", N_("Signed"), (e.AgreementSigned, e.HistoricAgreementEntered), True),
    Station("in_force", N_("In force"), (e.AgreementEnteredIntoForce,)),
    Station("visit", N_("Visit"), (e.VisitHeld,), True),
    Station("renewed", N_("Renewal"), (e.AgreementRenewed,), True),
)
_S = Stage
_AT: Final[Mapping[Stage, str]] = {
    _S.PROPOSED: "proposed",
    _S.COORDINATING: "coordinated",
    _S.SUSPENDED: "coordinated",
    _S.LETTER_OF_INTENT: "letter_of_intent",
    _S.DRAFTING: "drafting",
    _S.DECIDED: "decided",
    _S.CONSENT_REQUESTED: "consent_requested",
    _S.RETURNED: "consent_requested",
    _S.OPINIONS: "opinions",
    _S.CONSENT_GRANTED: "consent",
    _S.CONSENT_REFUSED: "consent",
    _S.PUBLISHED: "published",
    _S.SIGNED: "signed",
    _S.ACTIVE: "in_force",
    _S.DORMANT: "in_force",
    _S.EXPIRING: "renewed",
    _S.RENEWED: "renewed",
}
LABELS: Final[Mapping[str, str]] = {station.code: station.label for station in STATIONS}
_BEFORE_SIGNING: Final = frozenset(station.code for station in STATIONS[:9])


def road_of(state: Initiative) -> Sequence[RoadStep]:
    """Every station that this case can have, in order. An ended case shows only what it passed, and its end."""
    stations = [s for s in STATIONS if not (_historic(state) and s.code in _BEFORE_SIGNING)]
    here = _AT.get(state.stage)
    furthest = max((n for n, s in enumerate(stations) if _passed(state, s) or s.code == here), default=-1)
    steps = [_step(state, station, n, here, furthest) for n, station in enumerate(stations)]
    if state.stage not in FINAL:
        return steps
    return [*(step for step in steps if step.progress == "done"), RoadStep(state.stage.value, "now", _ended_on(state))]


def _step(state: Initiative, station: Station, place: int, here: str | None, furthest: int) -> RoadStep:
    on = next((day for kind in station.passed_by if (day := occurred(state, kind))), None)
    return RoadStep(station.code, _progress(state, station, place, here, furthest), on, station.milestone)


def _progress(state: Initiative, station: Station, place: int, here: str | None, furthest: int) -> Progress:
    if station.code == here:
        return "now"
    if _passed(state, station):
        return "done"
    return "skipped" if place < furthest and station.code != "visit" else "ahead"


def _passed(state: Initiative, station: Station) -> bool:
    return any(tag_of(kind) in state.standing for kind in station.passed_by)


def _historic(state: Initiative) -> bool:
    return tag_of(e.HistoricAgreementEntered) in state.standing


def _ended_on(state: Initiative) -> PartialDate | None:
    ends = (kind for kind, stage in LEADS_TO.items() if stage is state.stage)
    return next((day for kind in ends if (day := occurred(state, kind))), None)
