"""Advancing a case: scope, races, repetition, references, merging."""

from uuid import UUID

import pytest

from application.access import Forbidden, Person
from application.handling import Done
from application.identity import case_id, partner_id
from application.ports import CommandKeyReused, Conflict, VaultEntry
from domain.initiatives import deeds
from domain.initiatives.decisions.anytime import AddParty, AddRemark, NameHandler, RemoveParty
from domain.initiatives.decisions.coordinating import Coordinate, GiveSupport, MergeInitiative
from domain.initiatives.decisions.living import HoldVisit
from domain.initiatives.events import InitiativeDeclined
from domain.initiatives.terms import Party, PartyRole, Stage, Support
from domain.kernel import Command, Refused, VaultRef
from domain.partners.events import PartnerMerged
from tests.application.office import (
    ADMINISTRATOR,
    AUDITOR,
    COORDINATOR,
    LOST,
    OFFICER,
    STRANGER,
    WORDS,
    Office,
    new_key,
    request,
)

COORDINATE = Coordinate(handler=COORDINATOR.account)
REMARK = AddRemark(remark=WORDS)


@pytest.fixture
def number(office: Office) -> str:
    return office.propose(OFFICER)


def advance(office: Office, number: str, command: Command, who: Person = COORDINATOR, **asked: object) -> Done:
    return office.advancing.advance(who, number, request(command, **asked))


def refused(
    office: Office, number: str, command: Command, who: Person = COORDINATOR, **asked: object
) -> tuple[str, str | None]:
    before, rivals = office.log.head(), list(office.log.rivals)
    with pytest.raises(Refused) as refusal:
        advance(office, number, command, who, **asked)
    assert rivals or office.log.head() == before
    [reason] = refusal.value.refusals
    return reason.code, reason.field


def test_a_deed_is_recorded_with_who_did_it_and_the_words_that_go_with_it(office: Office, number: str) -> None:
    entry = VaultEntry(WORDS, "remark", "Zvali iz ambasade.")
    done = advance(office, number, REMARK, OFFICER, entries=(entry,))
    assert (done.number, done.position, done.repeated) == (number, office.log.head(), False)
    assert office.log.facts[-1].actor == OFFICER.account
    assert office.log.words[WORDS] == "Zvali iz ambasade."


# --- scope


@pytest.mark.parametrize("who", [STRANGER, LOST])
@pytest.mark.parametrize("command", [REMARK, HoldVisit(occurred_on="2026-02")])
def test_a_case_of_another_town_answers_like_one_that_does_not_exist(
    office: Office, number: str, who: Person, command: Command
) -> None:
    assert refused(office, number, command, who) == refused(office, "2026-9999", command, who)
    assert refused(office, number, command, who) == ("initiative.unknown", None)


def test_another_town_is_offered_nothing(office: Office, number: str) -> None:
    assert [o.deed for o in office.advancing.offers(STRANGER, office.case(number)) if o.open] == []
    assert [o.deed for o in office.advancing.offers(OFFICER, office.case(number)) if o.open] == [
        "report-party-status",
        "add-remark",
        "give-task",
    ]


def test_a_local_government_that_joins_sees_the_case(office: Office, number: str) -> None:
    nis = Party(role=PartyRole.HOME, local_government="nis")
    advance(office, number, AddParty(party=nis))
    assert advance(office, number, REMARK, STRANGER).number == number


def test_an_observer_does_not(office: Office, number: str) -> None:
    advance(office, number, AddParty(party=Party(role=PartyRole.OBSERVER, local_government="nis")))
    assert refused(office, number, REMARK, STRANGER) == ("initiative.unknown", None)


def test_offers_name_what_a_rule_refuses_and_what_is_not_theirs(office: Office, number: str) -> None:
    offers = {o.deed: o for o in office.advancing.offers(OFFICER, office.case(number))}
    assert offers.keys() == deeds.DEEDS.keys()
    assert (offers["coordinate"].theirs, offers["coordinate"].refusals) == (False, ())
    assert [r.code for r in offers["hold-visit"].refusals] == ["initiative.wrong-stage"]


@pytest.mark.parametrize("who", [OFFICER, AUDITOR, ADMINISTRATOR])
def test_a_deed_of_another_role_is_forbidden_whatever_the_case(office: Office, number: str, who: Person) -> None:
    for case in (number, "2026-9999"):
        with pytest.raises(Forbidden):
            advance(office, case, COORDINATE, who)


# --- races and repetition


def test_who_looked_before_another_wrote_is_told_and_nothing_is_recorded(office: Office, number: str) -> None:
    advance(office, number, COORDINATE, seen=1)
    before = office.log.head()
    with pytest.raises(Conflict) as conflict:
        advance(office, number, GiveSupport(items=(Support.INFORMATION,)), seen=1)
    assert conflict.value.stream == case_id(number)
    assert office.log.head() == before


def test_of_two_at_once_one_wins(office: Office, number: str) -> None:
    office.log.rivals.append(lambda: advance(office, number, COORDINATE))
    with pytest.raises(Conflict):
        advance(office, number, COORDINATE, seen=1)
    assert office.case(number).version == 2


def test_a_remark_waits_for_nobody(office: Office, number: str) -> None:
    office.log.rivals.append(lambda: advance(office, number, COORDINATE))
    advance(office, number, REMARK, seen=1)
    assert office.case(number).tags[-1] == "initiative.remark-added"


def test_nobody_waits_for_a_remark(office: Office, number: str) -> None:
    advance(office, number, REMARK)
    office.log.rivals.append(lambda: advance(office, number, REMARK))
    advance(office, number, COORDINATE, seen=1)
    assert office.case(number).tags[-1] == "initiative.coordination-started"


def test_a_remark_hides_nothing_that_was_recorded_before_it(office: Office, number: str) -> None:
    advance(office, number, COORDINATE)
    advance(office, number, REMARK)
    with pytest.raises(Conflict):
        advance(office, number, COORDINATE, seen=1)


def test_a_repeated_key_gives_the_same_answer_also_after_the_case_moved_on(office: Office, number: str) -> None:
    key = new_key()
    first = advance(office, number, COORDINATE, key=key, seen=1)
    advance(office, number, REMARK)
    again = advance(office, number, COORDINATE, key=key, seen=1)
    assert (again.stream, again.number, again.position) == (first.stream, first.number, first.position)
    assert (first.repeated, again.repeated) == (False, True)
    assert office.case(number).version == 3


def test_a_key_names_one_request(office: Office, number: str) -> None:
    key = new_key()
    advance(office, number, COORDINATE, key=key)
    with pytest.raises(CommandKeyReused):
        advance(office, number, REMARK, key=key)
    with pytest.raises(CommandKeyReused):
        advance(office, office.propose(OFFICER, name="Rudo"), COORDINATE, key=key)


def test_what_has_been_done_is_done_and_its_words_are_not_kept_twice(office: Office, number: str) -> None:
    advance(office, number, REMARK)
    before = office.log.head()
    again = advance(office, number, REMARK, entries=(VaultEntry(VaultRef(UUID(int=5)), "remark", "x"),))
    assert (again.repeated, again.position, office.log.head()) == (True, before, before)
    assert office.log.words == {}


# --- references


@pytest.mark.parametrize("command", [Coordinate(handler=OFFICER.account), NameHandler(handler=AUDITOR.account)])
def test_only_a_coordinator_leads_a_case(office: Office, number: str, command: Command) -> None:
    assert refused(office, number, command) == ("initiative.not-a-handler", "handler")


@pytest.mark.parametrize("code", ["palic", ""])
def test_a_party_at_home_is_a_local_government(office: Office, number: str, code: str) -> None:
    party = Party(role=PartyRole.HOME, local_government=code)
    assert refused(office, number, AddParty(party=party)) == (
        "initiative.local-government-unknown",
        "local_government",
    )


def test_a_partner_that_joins_has_a_file_that_goes_on(office: Office, number: str) -> None:
    rudo, old = office.partner("Rudo"), office.partner("Opština Rudo")
    office.write(old, PartnerMerged(into=rudo))
    for partner, code in ((UUID(int=404), "partner.unknown"), (old, "partner.merged-away")):
        assert refused(office, number, joining(partner)) == (code, "partner")
    advance(office, number, AddParty(party=Party(role=PartyRole.PARTNER, partner=rudo)))
    assert office.case(number).parties[-1].partner == rudo


# --- pairs that a party brings


def joining(partner: UUID | None = None, home: str | None = None) -> AddParty:
    role = PartyRole.PARTNER if partner else PartyRole.HOME
    return AddParty(party=Party(role=role, partner=partner, local_government=home))


def test_a_partner_does_not_bring_the_pair_of_another_live_case(office: Office, number: str) -> None:
    other = office.propose(OFFICER, name="Rudo")
    rudo = partner_id("BA", "Rudo")
    with pytest.raises(Refused) as refusal:
        advance(office, number, joining(rudo))
    [reason] = refusal.value.refusals
    assert (reason.code, reason.params, reason.field) == (
        "initiative.pair-in-other-case",
        {"numbers": other},
        "partner",
    )
    observer = Party(role=PartyRole.OBSERVER, partner=rudo)
    advance(office, number, AddParty(party=observer))


def test_nor_does_a_local_government(office: Office, number: str) -> None:
    office.propose(STRANGER, local_governments=("nis",))
    assert refused(office, number, joining(home="nis")) == ("initiative.pair-in-other-case", "local_government")
    advance(office, number, joining(home="sombor"))


def test_once_the_other_case_has_ended_the_party_joins(office: Office, number: str) -> None:
    other = office.propose(OFFICER, name="Rudo")
    office.write(case_id(other), InitiativeDeclined(reason=WORDS))
    advance(office, number, joining(partner_id("BA", "Rudo")))
    assert refused_proposal(office, "Rudo") == number


def test_a_pair_that_a_party_brought_is_known_at_once(office: Office, number: str) -> None:
    advance(office, number, joining(office.partner("Rudo")))
    office.register.behind = 2
    assert refused_proposal(office, "Rudo") == number


def refused_proposal(office: Office, name: str) -> str:
    with pytest.raises(Refused, match=r"^initiative\.duplicate$") as refusal:
        office.propose(OFFICER, name=name)
    return str(refusal.value.refusals[0].params["numbers"])


def test_who_proposes_the_pair_meanwhile_is_first(office: Office, number: str) -> None:
    rudo = office.partner("Rudo")
    office.log.rivals.append(lambda: office.propose(OFFICER, name="Rudo"))
    assert refused(office, number, joining(rudo), seen=1) == ("initiative.pair-in-other-case", "partner")


def test_who_changed_the_case_meanwhile_is_a_conflict_as_ever(office: Office, number: str) -> None:
    rudo = office.partner("Rudo")
    office.log.rivals.append(lambda: advance(office, number, COORDINATE))
    with pytest.raises(Conflict):
        advance(office, number, joining(rudo), seen=1)


def test_a_partner_that_the_case_holds_under_a_merged_file_is_there_already(office: Office, number: str) -> None:
    modrica, goes_on = partner_id("BA", "Modriča"), office.partner("Grad Modriča")
    office.write(modrica, PartnerMerged(into=goes_on))
    assert refused(office, number, joining(goes_on)) == ("initiative.party-twice", "partner")


def test_a_party_that_joined_before_is_not_asked_again(office: Office, number: str) -> None:
    rudo = office.partner("Rudo")
    advance(office, number, joining(rudo))
    assert advance(office, number, joining(rudo)).repeated


def test_a_party_that_left_frees_its_pair(office: Office, number: str) -> None:
    rudo = office.partner("Rudo")
    advance(office, number, joining(rudo))
    advance(office, number, RemoveParty(party=str(rudo)))
    assert office.propose(OFFICER, name="Rudo") == "2026-0002"


# --- merging


def merge(into: str) -> MergeInitiative:
    return MergeInitiative(into=case_id(into), into_number=into)


@pytest.fixture
def duplicate(office: Office, number: str) -> str:
    return office.propose(OFFICER, distinct_because=WORDS)


def test_a_merging_is_recorded_in_both_cases(office: Office, number: str, duplicate: str) -> None:
    advance(office, duplicate, merge(number))
    assert (office.case(duplicate).stage, office.case(duplicate).merged_into) == (Stage.MERGED, case_id(number))
    assert office.case(number).absorbed == (case_id(duplicate),)
    assert advance(office, duplicate, merge(number)).repeated


def test_or_in_neither(office: Office, number: str, duplicate: str) -> None:
    office.log.rivals.append(lambda: advance(office, number, COORDINATE))
    with pytest.raises(Conflict):
        advance(office, duplicate, merge(number))
    assert office.case(duplicate).stage is Stage.PROPOSED
    assert office.case(number).absorbed == ()


def test_two_cases_never_end_in_each_other(office: Office, number: str, duplicate: str) -> None:
    office.log.rivals.append(lambda: advance(office, number, merge(duplicate)))
    with pytest.raises(Conflict):
        advance(office, duplicate, merge(number))
    assert refused(office, duplicate, merge(number)) == ("initiative.has-absorbed", None)


def test_the_case_that_goes_on_exists_lives_and_is_the_one_that_was_named(
    office: Office, number: str, duplicate: str
) -> None:
    unknown = ("initiative.merge-target-unknown", "into_number")
    assert refused(office, duplicate, merge("2026-9999")) == unknown
    mixed_up = MergeInitiative(into=case_id("2026-9999"), into_number=number)
    assert refused(office, duplicate, mixed_up) == unknown
    third = office.propose(OFFICER, distinct_because=WORDS)
    advance(office, duplicate, merge(number))
    assert refused(office, third, merge(duplicate)) == unknown
