"""Where the sides of a partnership differ, and how that is settled."""

import pytest

from domain.initiatives import events as e
from domain.initiatives.decisions.anytime import SettleDisagreement
from domain.initiatives.initiative import Initiative, fold
from domain.initiatives.sides import Claim, disagreements, recorded, reported
from domain.initiatives.terms import PartyStatus, Termination
from tests.domain.initiatives.stories import SIGNED, Story, active, decided
from tests.domain.specification import MODRICA, WORDS, given, proposed

ABROAD = str(MODRICA)
SETTLED = e.DisagreementSettled(status=PartyStatus.SIGNED, note=WORDS)


def says(status: PartyStatus, on: str | None = None, party: str = ABROAD) -> e.PartyStatusReported:
    return e.PartyStatusReported(party=party, status=status, known_from=WORDS, occurred_on=on)


def state_of(*story: e.InitiativeEvent) -> Initiative:
    state = fold(story)
    assert state is not None
    return state


def over(*story: e.InitiativeEvent) -> list[PartyStatus]:
    return [found.status for found in disagreements(state_of(*story))]


def test_the_facts_of_the_case_speak_for_the_home_side() -> None:
    said = {claim.status: claim.on for claim in recorded(state_of(*active()))}
    assert said[PartyStatus.SIGNED] == SIGNED.occurred_on
    assert {PartyStatus.PROPOSED, PartyStatus.DECIDED, PartyStatus.CONSENTED, PartyStatus.IN_FORCE} <= set(said)
    assert PartyStatus.WITHDRAWN not in said


def test_of_what_a_side_reports_the_newest_counts() -> None:
    story = (*active(), says(PartyStatus.SIGNED, "2026-01"), says(PartyStatus.SIGNED, "2026-02"))
    assert reported(state_of(*story)) == [Claim(ABROAD, PartyStatus.SIGNED, "2026-02", len(story))]


@pytest.mark.parametrize(
    ("story", "report", "differs"),
    [
        (active(), says(PartyStatus.SIGNED, SIGNED.occurred_on), False),
        (active(), says(PartyStatus.SIGNED, "2026"), False),
        (active(), says(PartyStatus.SIGNED), False),
        (active(), says(PartyStatus.SIGNED, "2025-12-31"), True),
        (active(), says(PartyStatus.WITHDRAWN, "2026-03-01"), True),
        (active(), says(PartyStatus.DECIDED, "1999"), False),
        (decided(), says(PartyStatus.SIGNED, "2026-03-01"), True),
        ((proposed(),), says(PartyStatus.IN_FORCE), True),
    ],
)
def test_sides_differ_where_they_cannot_both_be_right(
    story: Story, report: e.PartyStatusReported, differs: bool
) -> None:
    assert over(*story, report) == ([report.status] if differs else [])


def test_two_parties_can_differ_with_each_other() -> None:
    home = says(PartyStatus.WITHDRAWN, "2026-02", "varvarin")
    [found] = disagreements(state_of(*active(), home, says(PartyStatus.WITHDRAWN, "2026-03")))
    assert [(claim.party, claim.on) for claim in found.claims] == [("varvarin", "2026-02"), (ABROAD, "2026-03")]


def test_a_correction_brings_the_sides_together() -> None:
    story = (*active(), says(PartyStatus.SIGNED, "2025-12-31"))
    right = e.PartyStatusReported(
        party=ABROAD, status=PartyStatus.SIGNED, known_from=WORDS, occurred_on=SIGNED.occurred_on
    )
    assert over(*story) == [PartyStatus.SIGNED]
    assert over(*story, e.FactCorrected(corrects=len(story), restated=right, reason=WORDS)) == []


def test_what_was_settled_stays_settled_until_somebody_says_something_new() -> None:
    story = (*active(), says(PartyStatus.SIGNED, "2025-12-31"))
    command = SettleDisagreement(status=PartyStatus.SIGNED, note=WORDS)
    assert disagreements(given(*story).when(command).then(SETTLED)) == []
    assert over(*story, SETTLED, says(PartyStatus.SIGNED, "2025-11")) == [PartyStatus.SIGNED]
    assert over(*story, SETTLED, says(PartyStatus.WITHDRAWN)) == [PartyStatus.WITHDRAWN]


def test_there_must_be_something_to_settle() -> None:
    command = SettleDisagreement(status=PartyStatus.SIGNED, note=WORDS)
    given(*active()).when(command).then_refused("initiative.nothing-to-settle")
    other = SettleDisagreement(status=PartyStatus.IN_FORCE, note=WORDS)
    given(*active(), says(PartyStatus.SIGNED, "2025")).when(other).then_refused("initiative.nothing-to-settle")


def test_an_ended_case_waits_for_nobody() -> None:
    ended = e.AgreementTerminated(termination=Termination.MUTUAL, occurred_on="2026-03-10")
    assert over(*active(), says(PartyStatus.SIGNED, "2025"), ended) == []
