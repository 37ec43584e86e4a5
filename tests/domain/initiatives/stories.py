"""Cases in named states, as the office would tell them: each story goes on from the one before."""

from domain.initiatives import events as e
from domain.initiatives.terms import DecidingBody, Field, Gazette, Instrument, Kind, Stage, Stance, Support, Term
from tests.domain.specification import JELENA, WITH_MODRICA, WORDS, proposed

GAZETTE = Gazette(name="Službeni list opštine Varvarin", number="3/2026")
ADOPTED = e.DecisionAdopted(
    occurred_on="2026-02-10",
    number="06-12/2026",
    body=DecidingBody.ASSEMBLY,
    foreign_state="Bosna i Hercegovina",
    fields=(Field.CULTURE,),
)
GRANTED = e.ConsentGranted(occurred_on="2026-03-05", act_number="05-2210/2026")
PUBLISHED = e.DecisionPublished(occurred_on="2026-03-08", gazette=GAZETTE)
PUBLISHED_EARLY = e.DecisionPublished(occurred_on="2026-02-12", gazette=GAZETTE, before_consent=True)
SIGNED = e.AgreementSigned(
    occurred_on="2026-03-10", instrument=Instrument.CHARTER, term=Term(ends_on="2030-12-31", notice_months=6)
)
IN_FORCE = e.AgreementEnteredIntoForce(occurred_on="2026-03-16")

Story = tuple[e.InitiativeEvent, ...]


def coordinating(kind: Kind = Kind.TWINNING) -> Story:
    return (proposed(kind), e.CoordinationStarted(handler=JELENA))


def supported(kind: Kind = Kind.TWINNING) -> Story:
    return (*coordinating(kind), e.SupportGiven(items=tuple(Support)))


def coordinated(kind: Kind = Kind.TWINNING) -> Story:
    return (*supported(kind), e.CoordinationCompleted())


def drafting(kind: Kind = Kind.TWINNING) -> Story:
    return (*coordinated(kind), e.DraftingStarted())


def reviewed(kind: Kind = Kind.TWINNING) -> Story:
    return (*drafting(kind), e.DraftReviewed(languages=("sr", "bs")))


def decided(kind: Kind = Kind.TWINNING) -> Story:
    return (*reviewed(kind), ADOPTED)


def requested(kind: Kind = Kind.TWINNING) -> Story:
    return (*decided(kind), e.ConsentRequested(registry_number="06-13/2026", addressee="Ministarstvo"))


def with_opinion(kind: Kind = Kind.TWINNING) -> Story:
    return (*requested(kind), e.OpinionReceived(body="Republički sekretarijat", stance=Stance.FAVOURABLE))


def refused() -> Story:
    return (*with_opinion(), e.ConsentRefused(reason=WORDS))


def consented(kind: Kind = Kind.TWINNING) -> Story:
    return (*with_opinion(kind), GRANTED)


def published() -> Story:
    return (*consented(), PUBLISHED)


def signed() -> Story:
    return (*published(), SIGNED)


def active() -> Story:
    return (*signed(), IN_FORCE)


def expiring(ends_on: str = "2026-03-16") -> Story:
    return (*active(), e.ExpiryApproached(ends_on=ends_on))


def historic(term: Term | None = None) -> e.HistoricAgreementEntered:
    return e.HistoricAgreementEntered(
        occurred_on="1978",
        number="2026-0001",
        kind=Kind.TWINNING,
        parties=WITH_MODRICA,
        source="list of 2020",
        term=term,
    )


def taken_over(stage: Stage) -> e.InitiativeTakenOver:
    return e.InitiativeTakenOver(
        number="2026-0002", kind=Kind.TWINNING, parties=WITH_MODRICA, stage=stage, source="newspaper"
    )
