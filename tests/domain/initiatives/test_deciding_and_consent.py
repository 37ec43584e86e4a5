"""Draft, decision, consent of the Government, publication."""

import pytest

from domain.initiatives import events as e
from domain.initiatives.decisions.concluding import (
    AdoptDecision,
    GrantConsent,
    PublishDecision,
    RecordOpinion,
    RefuseConsent,
    ReopenDrafting,
    RequestConsent,
    ReturnFile,
    ReviewDraft,
    SignAgreement,
    SupplementFile,
    WaiveConsent,
)
from domain.initiatives.terms import DecidingBody, Field, Instrument, Kind, Stage, Stance
from tests.domain.initiatives.stories import (
    ADOPTED,
    GAZETTE,
    GRANTED,
    PUBLISHED,
    PUBLISHED_EARLY,
    consented,
    decided,
    drafting,
    requested,
    reviewed,
    with_opinion,
)
from tests.domain.specification import WORDS, given

ADOPT = AdoptDecision(
    occurred_on="2026-02-10", number="06-12/2026", foreign_state="Bosna i Hercegovina", fields=(Field.CULTURE,)
)
PUBLISH = PublishDecision(occurred_on="2026-03-08", gazette_name=GAZETTE.name, gazette_number=GAZETTE.number)
PUBLISH_EARLY = PublishDecision(
    occurred_on="2026-02-12",
    gazette_name=GAZETTE.name,
    gazette_number=GAZETTE.number,
    despite_missing_consent=True,
)
GRANT = GrantConsent(occurred_on="2026-03-05", act_number="05-2210/2026")
WAIVED = e.ConsentNotRequired(basis=WORDS)
REFUSED = e.ConsentRefused(reason=WORDS)
REOPENED = e.DraftingReopened(decision_number="06-40/2026", reason=WORDS)


def test_the_assembly_decides_on_a_reviewed_draft() -> None:
    given(*drafting()).when(ADOPT).then_refused("initiative.draft-not-reviewed")
    given(*drafting()).when(ReviewDraft(languages=("sr", "bs"))).then(e.DraftReviewed(languages=("sr", "bs")))
    state = given(*reviewed()).when(ADOPT).then(ADOPTED)
    assert (state.stage, state.fields) == (Stage.DECIDED, (Field.CULTURE,))


def test_a_temporary_body_may_decide_instead_of_the_assembly() -> None:
    command = AdoptDecision(number="1/2026", foreign_state="Italijanska Republika", body=DecidingBody.CARETAKER_BODY)
    given(*reviewed()).when(command).then(
        e.DecisionAdopted(number="1/2026", foreign_state="Italijanska Republika", body=DecidingBody.CARETAKER_BODY)
    )


def test_the_file_goes_through_opinions_to_consent() -> None:
    asked = e.ConsentRequested(registry_number="06-13/2026", addressee="Ministarstvo")
    given(*decided()).when(RequestConsent(registry_number="06-13/2026", addressee="Ministarstvo")).then(asked)
    opinion = e.OpinionReceived(body="Ministarstvo spoljnih poslova", stance=Stance.WITH_REMARKS)
    state = given(*with_opinion()).when(RecordOpinion(body="Ministarstvo spoljnih poslova", stance=Stance.WITH_REMARKS))
    assert state.then(opinion).stage is Stage.OPINIONS
    assert given(*with_opinion()).when(GRANT).then(GRANTED).stage is Stage.CONSENT_GRANTED


@pytest.mark.parametrize(("day", "two"), [(None, True), ("2026-02", True), ("2026-02-20", False)])
def test_opinions_that_look_alike_are_one_only_on_one_full_day(day: str | None, two: bool) -> None:
    opinion = e.OpinionReceived(occurred_on=day, body="Ministarstvo", stance=Stance.FAVOURABLE)
    again = RecordOpinion(occurred_on=day, body="Ministarstvo", stance=Stance.FAVOURABLE)
    given(*requested(), opinion).when(again).then(*([opinion] if two else []))


def test_the_government_does_not_consent_before_an_opinion() -> None:
    given(*requested()).when(GRANT).then_refused("initiative.wrong-stage")


@pytest.mark.parametrize("story", [requested(), with_opinion()], ids=["requested", "with an opinion"])
def test_a_returned_file_is_supplemented_and_asked_for_again(story: tuple[e.InitiativeEvent, ...]) -> None:
    returned = e.FileReturned(missing=WORDS, due_on="2026-04-01")
    given(*story).when(ReturnFile(missing=WORDS, due_on="2026-04-01")).then(returned)
    again = given(*story, returned).when(SupplementFile()).then(e.FileSupplemented())
    assert again.stage is Stage.CONSENT_REQUESTED


def test_a_supplement_is_due_on_a_real_day() -> None:
    refused = given(*requested()).when(ReturnFile(missing=WORDS, due_on="2026-00"))
    refused.then_refused("date.impossible")
    assert refused.refused.refusals[0].field == "due_on"


def test_after_a_refusal_only_a_new_decision_leads_on() -> None:
    story = (*with_opinion(), REFUSED)
    given(*story).when(GRANT).then_refused("initiative.wrong-stage")
    given(*story).when(ADOPT).then_refused("initiative.wrong-stage")
    given(*story).when(ReopenDrafting(decision_number="06-40/2026", reason=WORDS)).then(REOPENED)
    given(*story, REOPENED).when(ADOPT).then_refused("initiative.draft-not-reviewed")


def test_consent_to_the_old_decision_is_none_to_the_new_one() -> None:
    early = (*decided(), PUBLISHED_EARLY, *requested()[len(decided()) :], *with_opinion()[len(requested()) :])
    anew = (*early, REFUSED, REOPENED, e.DraftReviewed(languages=("sr",)), ADOPTED)
    state = given(*anew).when(RefuseConsent(reason=WORDS))
    state.then_refused("initiative.wrong-stage")
    given(*anew).when(SignAgreement(instrument=Instrument.CHARTER)).then_refused(
        "initiative.consent-missing", "initiative.publication-missing"
    )


def test_a_decision_is_published_after_consent() -> None:
    assert given(*consented()).when(PUBLISH).then(PUBLISHED).stage is Stage.PUBLISHED


def test_publishing_before_consent_takes_a_warning_heard_and_does_not_move_the_case() -> None:
    unheard = given(*decided()).when(PUBLISH)
    unheard.then_refused("initiative.publishing-before-consent")
    assert unheard.refused.refusals[0].field == "despite_missing_consent"
    assert given(*decided()).when(PUBLISH_EARLY).then(PUBLISHED_EARLY).stage is Stage.DECIDED
    given(*decided(), PUBLISHED_EARLY).when(PUBLISH).then_refused("initiative.already-published")


def published_early_with_opinion() -> tuple[e.InitiativeEvent, ...]:
    return (*with_opinion(), PUBLISHED_EARLY)


def test_consent_recognises_an_earlier_publication() -> None:
    state = given(*published_early_with_opinion()).when(GRANT).then(GRANTED, e.EarlierPublicationRecognised())
    assert state.stage is Stage.PUBLISHED


def test_another_consent_is_not_taken_for_the_same_one_sent_twice() -> None:
    story = (*published_early_with_opinion(), GRANTED, e.EarlierPublicationRecognised())
    given(*story).when(GRANT).then()
    given(*story).when(GrantConsent(act_number="05-9999/2026")).then_refused("initiative.wrong-stage")


@pytest.mark.parametrize("kind", [Kind.PROJECT_BASED, Kind.CROSS_BORDER, Kind.ASSOCIATION])
def test_some_kinds_record_why_no_consent_is_needed(kind: Kind) -> None:
    given(*decided(kind)).when(WaiveConsent(basis=WORDS)).then(WAIVED)
    story = (*decided(kind), WAIVED)
    given(*story).when(WaiveConsent(basis=WORDS)).then()
    given(*story).when(RequestConsent(registry_number="1", addressee="Vlada")).then_refused(
        "initiative.consent-already-waived"
    )
    assert given(*story).when(PUBLISH).then(PUBLISHED).stage is Stage.PUBLISHED


@pytest.mark.parametrize("kind", [Kind.TWINNING, Kind.DECENTRALISED])
def test_the_others_need_it(kind: Kind) -> None:
    given(*decided(kind)).when(WaiveConsent(basis=WORDS)).then_refused("initiative.consent-required")
