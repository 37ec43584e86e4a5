"""Proposing: numbers, partners, duplicates, and two who propose at once."""

import pytest

from application.access import Forbidden, Person
from application.identity import case_id, pair_id, partner_id
from application.partners import PartnerChoice
from application.ports import CommandKeyReused
from domain.initiatives.events import InitiativeDeclined
from domain.initiatives.terms import Stage
from domain.kernel import Refused
from domain.partners.events import (
    NameKind,
    NameRemoved,
    PartnerMerged,
    PartnerReclassified,
    PartnerRegistered,
    PartnerRenamed,
)
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
    assert sum(isinstance(r.fact, PartnerRegistered) for r in office.log.facts) == 1


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
    assert (first.stream, first.position) == (case_id("2026-0001"), office.log.head())


def test_a_repeated_key_is_answered_for_proposals_that_took_no_pair_up_yet(office: Office) -> None:
    """Logs begin with such proposals."""
    asked, key = proposal(), new_key()
    office.propose(OFFICER, key)
    del office.log.facts[-1]
    office.log._commands[key] = (office.log._commands[key][0], office.log.head())
    again = office.proposing.propose(OFFICER, asked, request(asked, key))
    assert (again.number, again.stream, again.repeated) == ("2026-0001", case_id("2026-0001"), True)


def test_a_key_names_one_proposal(office: Office) -> None:
    key = new_key()
    office.propose(OFFICER, key)
    with pytest.raises(CommandKeyReused):
        office.propose(OFFICER, key, name="Rudo")


def test_a_known_pair_asks_why_this_is_another_matter(office: Office) -> None:
    office.propose(OFFICER)
    assert refused(office, OFFICER, name="Модрича") == ("initiative.duplicate", "distinct_because")
    office.propose(OFFICER, distinct_because=WORDS)
    assert office.begun("2026-0002").distinct_from == (case_id("2026-0001"),)


def test_the_refusal_names_every_case_of_the_pair(office: Office) -> None:
    office.propose(OFFICER)
    office.propose(OFFICER, distinct_because=WORDS)
    with pytest.raises(Refused) as refusal:
        office.propose(OFFICER)
    assert refusal.value.refusals[0].params == {"count": 2, "numbers": "2026-0001, 2026-0002"}


def test_the_live_warning_shows_the_cases_of_the_pair(office: Office) -> None:
    office.propose(OFFICER)
    choice, both = PartnerChoice(name="Modriča", country="BA"), ("nis", "varvarin")
    assert [r.number for r in office.proposing.duplicates(COORDINATOR, both, choice)] == ["2026-0001"]
    assert [r.number for r in office.proposing.duplicates(OFFICER, ("varvarin",), choice)] == ["2026-0001"]
    assert office.proposing.duplicates(STRANGER, ("nis",), choice) == []


def test_the_pair_counts_for_whoever_proposes(office: Office) -> None:
    office.propose(OFFICER)
    assert refused(office, COORDINATOR, local_governments=("nis", "varvarin"))[0] == "initiative.duplicate"


def test_a_pair_is_known_before_the_register_shows_it(office: Office) -> None:
    office.partner("Modriča")
    office.propose(OFFICER)
    office.register.behind = office.log.head()
    assert refused(office, OFFICER)[0] == "initiative.duplicate"


def test_two_who_propose_a_known_partner_at_once_get_one_case(office: Office) -> None:
    office.partner("Modriča")
    office.register.behind = 3
    office.log.rivals.append(lambda: office.propose(COORDINATOR))
    with pytest.raises(Refused, match=r"^initiative\.duplicate$"):
        office.propose(OFFICER)


def test_also_where_they_count_in_two_years(office: Office) -> None:
    office.partner("Modriča")
    office.log.rivals.append(lambda: office.propose(COORDINATOR, occurred_on="2025-12-30"))
    with pytest.raises(Refused, match=r"^initiative\.duplicate$") as refusal:
        office.propose(OFFICER)
    assert refusal.value.refusals[0].params["numbers"] == "2025-0001"


def test_and_with_a_reason_the_slower_one_goes_on(office: Office) -> None:
    office.log.rivals.append(lambda: office.propose(COORDINATOR))
    assert office.propose(OFFICER, distinct_because=WORDS) == "2026-0002"
    assert office.begun("2026-0002").distinct_from == (case_id("2026-0001"),)
    stream = pair_id("varvarin", partner_id("BA", "Modriča"))
    assert [r.fact.case_number for r in office.log.read(stream)] == ["2026-0001", "2026-0002"]


def test_a_case_that_was_declined_frees_its_pair(office: Office) -> None:
    office.write(case_id(office.propose(OFFICER)), InitiativeDeclined(reason=WORDS))
    assert office.propose(OFFICER) == "2026-0002"


def test_a_pair_is_found_under_the_file_that_goes_on(office: Office) -> None:
    old, new = office.partner("Modrica Opstina"), office.partner("Modriča")
    office.write(old, PartnerMerged(into=new))
    office.register.behind = 2
    office.propose(OFFICER)
    office.files.behind = 3
    assert refused(office, OFFICER, partner=PartnerChoice(id=old))[0] == "initiative.duplicate"


# --- whose proposal


@pytest.mark.parametrize("who", [STRANGER, LOST])
def test_an_officer_proposes_for_the_own_local_government(office: Office, who: Person) -> None:
    assert refused(office, who) == ("initiative.not-your-local-government", "local_governments")


def test_an_officer_binds_no_other_town(office: Office) -> None:
    both = ("varvarin", "nis")
    expected = ("initiative.others-joined-by-coordinator", "local_governments")
    assert refused(office, OFFICER, local_governments=both) == expected
    with pytest.raises(Refused):
        office.proposing.duplicates(OFFICER, both, PartnerChoice(name="Rudo", country="BA"))
    assert office.propose(OFFICER, local_governments=("varvarin",)) == "2026-0001"
    assert office.propose(COORDINATOR, name="Rudo", local_governments=both) == "2026-0002"


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
