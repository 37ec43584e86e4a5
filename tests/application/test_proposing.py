"""Proposing: numbers, partners, duplicates, and two who propose at once."""

import pytest

from application.access import Forbidden, Person
from application.identity import case_id, partner_id
from application.partners import PartnerChoice
from application.ports import CommandKeyReused
from domain.initiatives.terms import Stage
from domain.kernel import Refused
from domain.partners.events import NameKind, NameRemoved, PartnerMerged, PartnerReclassified, PartnerRenamed
from tests.application.office import (
    ADMINISTRATOR,
    APPROVER,
    AUDITOR,
    COORDINATOR,
    LOST,
    OFFICER,
    STRANGER,
    WORDS,
    Office,
    new_key,
    proposal,
    request,
)


def refused(office: Office, who: Person, **fields: object) -> tuple[str, str | None]:
    before = office.log.head()
    with pytest.raises(Refused) as refusal:
        office.propose(who, **fields)
    assert office.log.head() == before
    [reason] = refusal.value.refusals
    return reason.code, reason.field


def test_the_case_and_its_new_partner_are_recorded_together(office: Office) -> None:
    assert office.propose(OFFICER) == "2026-0001"
    state = office.case("2026-0001")
    assert (state.stage, state.parties[1].partner) == (Stage.PROPOSED, partner_id("BA", "Modriča"))
    assert {r.command for r in office.log.facts} == {office.log.facts[0].command}


def test_a_partner_is_found_by_any_spelling(office: Office) -> None:
    office.partner("Modriča")
    office.propose(OFFICER, name="MODRICA")
    assert office.case("2026-0001").parties[1].partner == partner_id("BA", "Modriča")
    assert office.log.head() == 2


def test_a_new_partner_is_met_by_whoever_writes_its_name_in_another_language(office: Office) -> None:
    office.propose(OFFICER, name="Solun", country="GR")
    for name in ("Солун", "Thessaloniki", "ΘΕΣΣΑΛΟΝΙΚΗ"):
        choice = PartnerChoice(name=name, country="GR")
        [row] = office.proposing.duplicates(OFFICER, ["varvarin"], choice)
        assert row.number == "2026-0001"
        assert refused(office, OFFICER, name=name, country="GR")[0] == "initiative.duplicate"


def test_numbers_run_by_the_year_of_proposal(office: Office) -> None:
    office.propose(OFFICER)
    assert office.propose(OFFICER, name="Rudo") == "2026-0002"
    assert office.propose(OFFICER, name="Bileća", occurred_on="2024-05") == "2024-0001"


def test_two_who_propose_at_once_get_two_numbers_and_leave_no_gap(office: Office) -> None:
    office.log.rivals.append(lambda: office.propose(STRANGER, name="Rudo", local_governments=("nis",)))
    assert office.propose(OFFICER) == "2026-0002"
    assert office.propose(OFFICER, name="Bileća") == "2026-0003"
    assert office.case("2026-0001").home[0].local_government == "nis"


def test_a_register_that_is_far_behind_costs_no_number(office: Office) -> None:
    for name in ("Rudo", "Bileća", "Kotor"):
        office.propose(OFFICER, name=name)
    office.register.behind = office.files.behind = office.log.head()
    assert office.propose(OFFICER) == "2026-0004"


def test_two_who_bring_the_same_new_partner_share_its_file(office: Office) -> None:
    office.log.rivals.append(lambda: office.propose(STRANGER, local_governments=("nis",)))
    office.propose(OFFICER)
    assert office.case("2026-0001").partners == office.case("2026-0002").partners
    assert len(office.log.read(partner_id("BA", "Modriča"))) == 1


def test_two_who_propose_the_same_new_pair_at_once_are_told(office: Office) -> None:
    office.log.rivals.append(lambda: office.propose(COORDINATOR))
    with pytest.raises(Refused, match=r"^initiative\.duplicate$"):
        office.propose(OFFICER)


def test_a_double_click_has_one_effect(office: Office) -> None:
    key, asked = new_key(), proposal()
    first = office.proposing.propose(OFFICER, asked, request(asked, key))
    again = office.proposing.propose(OFFICER, asked, request(asked, key))
    assert (again.number, again.stream, again.position) == (first.number, first.stream, first.position)
    assert (first.repeated, again.repeated) == (False, True)
    assert office.log.head() == 2


def test_a_key_names_one_proposal(office: Office) -> None:
    key = new_key()
    office.propose(OFFICER, key)
    with pytest.raises(CommandKeyReused):
        office.propose(OFFICER, key, name="Rudo")


def test_a_known_pair_asks_why_this_is_another_matter(office: Office) -> None:
    office.propose(OFFICER)
    assert refused(office, OFFICER, name="Модрича") == ("initiative.duplicate", "distinct_because")
    office.propose(OFFICER, distinct_because=WORDS)
    assert office.log.facts[-1].fact.distinct_from == (case_id("2026-0001"),)


def test_the_live_warning_shows_an_officer_own_cases_only(office: Office) -> None:
    office.propose(OFFICER)
    choice, both = PartnerChoice(name="Modriča", country="BA"), ("nis", "varvarin")
    assert [r.number for r in office.proposing.duplicates(COORDINATOR, both, choice)] == ["2026-0001"]
    assert [r.number for r in office.proposing.duplicates(OFFICER, both, choice)] == ["2026-0001"]
    assert office.proposing.duplicates(STRANGER, both, choice) == []


def test_but_the_pair_counts_for_whoever_proposes(office: Office) -> None:
    office.propose(OFFICER)
    assert refused(office, STRANGER, local_governments=("nis", "varvarin"))[0] == "initiative.duplicate"


# --- whose proposal


@pytest.mark.parametrize("who", [STRANGER, LOST])
def test_an_officer_proposes_for_the_own_local_government(office: Office, who: Person) -> None:
    assert refused(office, who) == ("initiative.not-your-local-government", "local_governments")


@pytest.mark.parametrize("who", [APPROVER, AUDITOR, ADMINISTRATOR])
def test_the_others_propose_nothing(office: Office, who: Person) -> None:
    with pytest.raises(Forbidden):
        office.propose(who)
    with pytest.raises(Forbidden):
        office.proposing.duplicates(who, ("varvarin",), PartnerChoice(name="Rudo", country="BA"))


# --- which partner


@pytest.mark.parametrize(
    ("choice", "code", "field"),
    [
        (PartnerChoice(), "initiative.partner-missing", "partner"),
        (PartnerChoice(name="?!", country="BA"), "initiative.partner-missing", "partner"),
        (PartnerChoice(name="Rudo"), "partner.country-missing", "country"),
        (PartnerChoice(name="Niš", country="RS"), "initiative.domestic-pair", "country"),
        (PartnerChoice(name="Priština", country="XK"), "initiative.domestic-pair", "country"),
        (PartnerChoice(id=case_id("2026-0001")), "partner.unknown", "partner"),
    ],
)
def test_a_partner_must_be_named_and_abroad(office: Office, choice: PartnerChoice, code: str, field: str) -> None:
    assert refused(office, COORDINATOR, partner=choice) == (code, field)


def test_an_unknown_local_government_is_refused(office: Office) -> None:
    code = "initiative.local-government-unknown"
    assert refused(office, COORDINATOR, local_governments=("palic",)) == (code, "local_governments")


@pytest.mark.parametrize("day", ["2026-03-18", "2026-02-30"])
def test_a_proposal_has_a_day_that_has_been(office: Office, day: str) -> None:
    assert refused(office, OFFICER, occurred_on=day)[1] == "occurred_on"


def test_a_partner_that_was_merged_twice_is_followed_to_the_file_that_goes_on(office: Office) -> None:
    first, second, third = office.partner("Modrica Opstina"), office.partner("Modriča"), office.partner("Grad Modriča")
    office.write(first, PartnerMerged(into=second))
    office.write(second, PartnerMerged(into=third))
    office.propose(OFFICER, partner=PartnerChoice(id=first))
    assert office.case("2026-0001").parties[1].partner == third


@pytest.mark.parametrize(
    "change",
    [
        [PartnerRenamed(name="Rudo", old_name_is=NameKind.ALIAS), NameRemoved(name="Modriča")],
        [PartnerReclassified(kind="local_government", country="HR")],
    ],
    ids=["another name", "another country"],
)
def test_a_file_that_has_become_another_partner_is_never_taken_for_this_one(
    office: Office, change: list[object]
) -> None:
    office.write(office.partner("Modriča"), *change)
    assert refused(office, OFFICER) == ("partner.exists", "partner")
