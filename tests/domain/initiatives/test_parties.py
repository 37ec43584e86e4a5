"""Parties that come, go and report; the handler; remarks."""

from uuid import UUID

import pytest

from domain.initiatives import events as e
from domain.initiatives.decisions.anytime import AddParty, AddRemark, NameHandler, RemoveParty, ReportPartyStatus
from domain.initiatives.terms import FINAL, Party, PartyRole, PartyStatus, Stage
from domain.kernel import VaultRef
from tests.domain.initiatives.stories import active, coordinating, taken_over
from tests.domain.specification import JELENA, MILAN, MODRICA, RUDO, VARVARIN, WITH_MODRICA, WORDS, given, proposed

WITH_RUDO = Party(role=PartyRole.PARTNER, partner=RUDO)
SOMBOR = Party(role=PartyRole.OBSERVER, local_government="sombor")
JOINED = e.PartyJoined(party=WITH_RUDO)


@pytest.mark.parametrize("party", [WITH_RUDO, SOMBOR, Party(role=PartyRole.OBSERVER, partner=RUDO)])
def test_a_party_joins(party: Party) -> None:
    state = given(*active()).when(AddParty(party=party)).then(e.PartyJoined(party=party))
    assert state.parties == (*WITH_MODRICA, party)


def test_joining_twice_has_one_effect() -> None:
    given(*active(), JOINED).when(AddParty(party=WITH_RUDO)).then()
    given(*active(), JOINED, e.RemarkAdded(remark=WORDS)).when(AddParty(party=WITH_RUDO)).then_refused(
        "initiative.party-twice"
    )


def test_nobody_stands_on_two_sides() -> None:
    looking_on = Party(role=PartyRole.OBSERVER, partner=MODRICA)
    given(*active()).when(AddParty(party=looking_on)).then_refused("initiative.party-twice")


def test_a_domestic_partner_is_refused() -> None:
    domestic = Party(role=PartyRole.PARTNER, local_government="nis")
    given(*active()).when(AddParty(party=domestic)).then_refused("initiative.domestic-pair")


def test_a_party_leaves_and_the_case_goes_on_with_the_others() -> None:
    left = e.PartyLeft(party=str(MODRICA))
    state = given(*active(), JOINED).when(RemoveParty(party=str(MODRICA))).then(left)
    assert state.parties == (VARVARIN, WITH_RUDO)
    given(*active(), JOINED, left).when(RemoveParty(party=str(MODRICA))).then()


@pytest.mark.parametrize("key", ["varvarin", str(MODRICA)])
def test_each_side_keeps_a_party(key: str) -> None:
    given(*active(), e.PartyJoined(party=SOMBOR)).when(RemoveParty(party=key)).then_refused(
        "initiative.last-of-its-side"
    )


def test_an_observer_may_always_go() -> None:
    state = given(*active(), e.PartyJoined(party=SOMBOR)).when(RemoveParty(party="sombor"))
    assert state.then(e.PartyLeft(party="sombor")).parties == WITH_MODRICA


def test_a_stranger_cannot_leave() -> None:
    given(*active(), JOINED).when(RemoveParty(party="nis")).then_refused("initiative.party-unknown")


def test_nobody_leaves_where_each_side_has_one() -> None:
    given(*active()).when(RemoveParty(party="varvarin")).then_refused("initiative.none-to-spare")


def test_what_one_side_reports_stands_beside_the_stage() -> None:
    command = ReportPartyStatus(
        occurred_on="2026-02", party=str(MODRICA), status=PartyStatus.WITHDRAWN, known_from=WORDS
    )
    reported = e.PartyStatusReported(
        occurred_on="2026-02", party=str(MODRICA), status=PartyStatus.WITHDRAWN, known_from=WORDS
    )
    assert given(*active()).when(command).then(reported).stage is Stage.ACTIVE
    stranger = ReportPartyStatus(party="nis", status=PartyStatus.SIGNED, known_from=WORDS)
    given(*active()).when(stranger).then_refused("initiative.party-unknown")


@pytest.mark.parametrize(("day", "two"), [(None, True), ("2026", True), ("2026-02-20", False)])
def test_reports_that_look_alike_are_one_only_on_one_full_day(day: str | None, two: bool) -> None:
    report = e.PartyStatusReported(occurred_on=day, party="varvarin", status=PartyStatus.DECIDED, known_from=WORDS)
    again = ReportPartyStatus(occurred_on=day, party="varvarin", status=PartyStatus.DECIDED, known_from=WORDS)
    given(*active(), report).when(again).then(*([report] if two else []))


def test_another_handler_is_named() -> None:
    state = given(*coordinating()).when(NameHandler(handler=MILAN, reason=WORDS))
    assert state.then(e.HandlerNamed(handler=MILAN, reason=WORDS)).handler == MILAN
    given(*coordinating()).when(NameHandler(handler=JELENA)).then()


def test_two_remarks_are_two_even_side_by_side() -> None:
    another = VaultRef(UUID(int=79))
    given(proposed(), e.RemarkAdded(remark=WORDS)).when(AddRemark(remark=another)).then(e.RemarkAdded(remark=another))
    given(proposed(), e.RemarkAdded(remark=WORDS)).when(AddRemark(remark=WORDS)).then()


ENDINGS = {
    Stage.DECLINED: e.InitiativeDeclined(reason=WORDS),
    Stage.WITHDRAWN: e.InitiativeWithdrawn(reason=WORDS),
    Stage.MERGED: e.InitiativeMerged(into=UUID(int=9), into_number="2025-0001"),
    Stage.EXPIRED: e.AgreementExpired(),
    Stage.TERMINATED: e.AgreementTerminated(termination="mutual", decision_number="1"),
}


@pytest.mark.parametrize("stage", sorted(FINAL))
def test_an_ended_case_takes_remarks_and_nothing_else(stage: Stage) -> None:
    story = (taken_over(Stage.ACTIVE), ENDINGS[stage])
    assert given(*story).when(AddRemark(remark=WORDS)).then(e.RemarkAdded(remark=WORDS)).stage is stage
    for deed in (NameHandler(handler=MILAN), AddParty(party=WITH_RUDO), RemoveParty(party="varvarin")):
        given(*story).when(deed).then_refused("initiative.wrong-stage")
