"""How a case enters the register."""

from uuid import UUID

import msgspec
import pytest

from domain.initiatives import deeds
from domain.initiatives import events as e
from domain.initiatives.decisions.beginning import EnterHistoricAgreement, ProposeInitiative, TakeOverInitiative
from domain.initiatives.initiative import BrokenHistory, fold
from domain.initiatives.terms import FINAL, LIVE, PROPOSABLE_KINDS, Kind, Origin, Party, PartyRole, Stage, Term
from domain.kernel import Command, Refused
from tests.domain.initiatives.stories import historic, taken_over
from tests.domain.specification import MODRICA, TODAY, VARVARIN, WITH_MODRICA, WORDS, proposed

PROPOSAL = ProposeInitiative(
    number="2026-0009",
    kind=Kind.TWINNING,
    parties=WITH_MODRICA,
    origin=Origin.LOCAL_GOVERNMENT,
    rationale=WORDS,
    occurred_on="2026-01-12",
)
ENTRY = EnterHistoricAgreement(
    number="2026-0001", kind=Kind.TWINNING, parties=WITH_MODRICA, source="list of 2020", occurred_on="1978"
)
TAKEOVER = TakeOverInitiative(
    number="2026-0002", kind=Kind.TWINNING, parties=WITH_MODRICA, stage=Stage.DRAFTING, source="newspaper"
)
ANOTHER = UUID(int=40)


def but(command: Command, **fields: object) -> Command:
    return msgspec.structs.replace(command, **fields)


def refused(command: Command) -> list[tuple[str, str | None]]:
    with pytest.raises(Refused) as refusal:
        deeds.begin(None, command, TODAY)
    return [(r.code, r.field) for r in refusal.value.refusals]


def test_a_local_government_proposes() -> None:
    assert deeds.begin(None, PROPOSAL, TODAY) == [proposed()]
    assert fold([proposed()]).stage is Stage.PROPOSED


def test_a_historic_agreement_enters_as_active_and_its_signing_may_be_known_by_the_year() -> None:
    assert deeds.begin(None, ENTRY, TODAY) == [historic()]
    state = fold([historic()])
    assert (state.stage, state.consented, state.consent_waived) == (Stage.ACTIVE, False, False)


@pytest.mark.parametrize("stage", sorted(LIVE))
def test_a_case_under_way_is_taken_over_at_the_stage_of_its_source(stage: Stage) -> None:
    assert deeds.begin(None, but(TAKEOVER, stage=stage), TODAY) == [taken_over(stage)]
    assert fold([taken_over(stage)]).stage is stage


@pytest.mark.parametrize("stage", sorted(FINAL))
def test_an_ended_case_is_not_taken_over(stage: Stage) -> None:
    assert refused(but(TAKEOVER, stage=stage)) == [("initiative.not-live", "stage")]


@pytest.mark.parametrize("kind", sorted(set(Kind) - set(PROPOSABLE_KINDS)))
def test_kinds_of_old_records_are_entered_but_not_proposed(kind: Kind) -> None:
    assert refused(but(PROPOSAL, kind=kind)) == [("initiative.kind-not-proposable", "kind")]
    assert deeds.begin(None, but(ENTRY, kind=kind), TODAY)


@pytest.mark.parametrize("kind", PROPOSABLE_KINDS)
def test_every_other_kind_is_proposed(kind: Kind) -> None:
    assert deeds.begin(None, but(PROPOSAL, kind=kind), TODAY) == [proposed(kind)]


def test_a_known_pair_needs_a_word_why_this_is_another_matter() -> None:
    again = but(PROPOSAL, duplicates=(ANOTHER,))
    assert refused(again) == [("initiative.duplicate", "distinct_because")]
    [fact] = deeds.begin(None, but(again, distinct_because=WORDS), TODAY)
    assert (fact.distinct_from, fact.distinct_because) == ((ANOTHER,), WORDS)


def test_a_pair_that_is_not_known_needs_no_such_word() -> None:
    [fact] = deeds.begin(None, but(PROPOSAL, distinct_because=WORDS), TODAY)
    assert fact.distinct_because is None


NIS = Party(role=PartyRole.HOME, local_government="nis")
RUDO = Party(role=PartyRole.PARTNER, partner=UUID(int=501))
DOMESTIC = Party(role=PartyRole.PARTNER, local_government="nis")
WRONG_PARTIES = [
    ((VARVARIN, NIS), "initiative.partner-missing"),
    ((RUDO, WITH_MODRICA[1]), "initiative.home-missing"),
    ((VARVARIN, DOMESTIC), "initiative.domestic-pair"),
    ((Party(role=PartyRole.HOME, partner=MODRICA), RUDO, VARVARIN), "initiative.home-not-domestic"),
    ((*WITH_MODRICA, Party(role=PartyRole.OBSERVER)), "initiative.party-unclear"),
    ((*WITH_MODRICA, Party(role=PartyRole.OBSERVER, partner=MODRICA)), "initiative.party-twice"),
]


@pytest.mark.parametrize(("parties", "code"), WRONG_PARTIES)
@pytest.mark.parametrize("command", [PROPOSAL, ENTRY, TAKEOVER], ids=["proposal", "historic", "taken over"])
def test_sides_that_make_no_case_are_refused(command: Command, parties: tuple[Party, ...], code: str) -> None:
    assert code in [found for found, _ in refused(but(command, parties=parties))]


def test_one_act_may_bind_several_partners_and_observers_may_look_on() -> None:
    several = (*WITH_MODRICA, NIS, RUDO, Party(role=PartyRole.OBSERVER, local_government="sombor"))
    state = fold(deeds.begin(None, but(PROPOSAL, parties=several), TODAY))
    assert state.home == (VARVARIN, NIS)
    assert state.partners == (WITH_MODRICA[1], RUDO)


@pytest.mark.parametrize("command", [PROPOSAL, ENTRY, TAKEOVER], ids=["proposal", "historic", "taken over"])
@pytest.mark.parametrize(
    ("day", "code"), [("2026-03-18", "date.in-future"), ("2026-02-30", "date.impossible"), ("2027", "date.in-future")]
)
def test_a_day_that_has_not_been_is_refused(command: Command, day: str, code: str) -> None:
    assert refused(but(command, occurred_on=day)) == [(code, "occurred_on")]


def test_the_end_of_a_historic_agreement_must_be_in_the_calendar() -> None:
    assert refused(but(ENTRY, term=Term(ends_on="soon"))) == [("date.impossible", "ends_on")]


def test_a_number_names_one_case() -> None:
    with pytest.raises(Refused, match=r"^initiative\.exists$"):
        deeds.begin(fold([proposed()]), PROPOSAL, TODAY)


def test_every_reason_is_given_at_once() -> None:
    wrong = but(PROPOSAL, kind=Kind.UNKNOWN, parties=(VARVARIN, VARVARIN), occurred_on="2026-13")
    assert len(refused(wrong)) == 4


def test_a_history_that_cannot_be_a_case_does_not_fold() -> None:
    with pytest.raises(BrokenHistory):
        fold([proposed(), proposed()])
    with pytest.raises(BrokenHistory):
        fold([e.DraftingStarted()])
    assert fold([]) is None
