"""Partners' files: registering, editing, merging in both files or in none."""

from uuid import UUID

import msgspec
import pytest

from application.access import Forbidden, Person
from application.handling import Done
from application.identity import partner_id
from application.partners import PartnerChoice
from application.ports import CommandKeyReused, Conflict
from domain.kernel import Command, Refused
from domain.partners.decisions import AbsorbPartner, AddName, MergePartner, RegisterPartner, RenamePartner
from domain.partners.events import NameKind
from domain.partners.partner import Partner, fold
from tests.application.office import (
    ADMINISTRATOR,
    APPROVER,
    AUDITOR,
    COORDINATOR,
    OFFICER,
    Office,
    new_key,
    request,
)

WIEN = RegisterPartner(name="Wien", country="AT")
RENAME = RenamePartner(name="Stadt Wien")
BEC = AddName(name="Beč", kind=NameKind.EXONYM, language="sr")


@pytest.fixture
def wien(office: Office) -> UUID:
    return office.partner("Wien", "AT")


def state(office: Office, partner: UUID) -> Partner:
    return fold([r.fact for r in office.log.read(partner)])


def edit(office: Office, partner: UUID, command: Command, who: Person = COORDINATOR, **asked: object) -> Done:
    return office.keeping.edit(who, partner, request(command, **asked))


def refused(office: Office, command: Command, partner: UUID | None = None) -> tuple[str, str | None]:
    before = office.log.head()
    with pytest.raises(Refused) as refusal:
        edit(office, partner, command) if partner else office.keeping.register(COORDINATOR, request(command))
    assert office.log.head() == before
    [reason] = refusal.value.refusals
    return reason.code, reason.field


# --- registering


def test_a_file_is_opened_under_an_id_that_every_spelling_shares(office: Office) -> None:
    done = office.keeping.register(OFFICER, request(RegisterPartner(name="Kotor-Varoš", country="BA")))
    assert done.stream == partner_id("BA", "Котор Варош")
    assert state(office, done.stream).name == "Kotor-Varoš"


@pytest.mark.parametrize("name", ["Wien", "WIEN", "Beč"])
def test_a_partner_known_by_any_of_its_names_is_not_registered_again(office: Office, wien: UUID, name: str) -> None:
    edit(office, wien, BEC)
    assert refused(office, RegisterPartner(name=name, country="AT")) == ("partner.exists", "name")


def test_a_new_file_holds_every_name_that_is_known_for_the_partner(office: Office) -> None:
    done = office.keeping.register(OFFICER, request(RegisterPartner(name="Thessaloniki", country="GR")))
    assert state(office, done.stream).all_names == ("Thessaloniki", "Θεσσαλονίκη", "Солун")
    assert refused(office, RegisterPartner(name="Solun", country="GR")) == ("partner.exists", "name")


def test_a_district_is_another_partner_than_a_city_of_its_name(office: Office, wien: UUID) -> None:
    district = RegisterPartner(name="Wien", country="AT", part_of="Niederösterreich")
    assert office.keeping.register(COORDINATOR, request(district)).stream != wien


def test_a_name_has_something_to_find_it_by(office: Office) -> None:
    assert refused(office, RegisterPartner(name="?!", country="AT")) == ("initiative.partner-missing", "name")


def test_two_who_register_at_once_open_one_file(office: Office) -> None:
    office.log.rivals.append(lambda: office.keeping.register(OFFICER, request(WIEN)))
    with pytest.raises(Conflict):
        office.keeping.register(COORDINATOR, request(WIEN))
    assert len(office.log.read(partner_id("AT", "Wien"))) == 1


def test_a_view_that_is_behind_lets_no_second_file_through(office: Office, wien: UUID) -> None:
    office.files.behind = 1
    assert refused(office, WIEN) == ("partner.exists", "name")


def test_a_double_click_has_one_effect(office: Office) -> None:
    key = new_key()
    first = office.keeping.register(OFFICER, request(WIEN, key))
    again = office.keeping.register(OFFICER, request(WIEN, key))
    assert (again.stream, again.position, again.repeated) == (first.stream, first.position, True)
    with pytest.raises(CommandKeyReused):
        office.keeping.register(OFFICER, request(RegisterPartner(name="Graz", country="AT"), key))


@pytest.mark.parametrize("who", [APPROVER, AUDITOR, ADMINISTRATOR])
def test_the_others_register_nothing(office: Office, who: Person) -> None:
    with pytest.raises(Forbidden):
        office.keeping.register(who, request(WIEN))


@pytest.mark.parametrize("text", ["Wi\u202een", "Wien\n"])
def test_the_city_of_a_district_carries_nothing_invisible(text: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"name": "Simmering", "country": "AT", "part_of": text}, PartnerChoice)


# --- editing


def test_a_file_is_edited(office: Office, wien: UUID) -> None:
    done = edit(office, wien, RENAME, seen=1)
    assert (state(office, wien).name, done.position, done.repeated) == ("Stadt Wien", office.log.head(), False)
    assert edit(office, wien, RENAME).repeated


@pytest.mark.parametrize("who", [OFFICER, APPROVER, AUDITOR, ADMINISTRATOR])
def test_only_the_office_edits(office: Office, wien: UUID, who: Person) -> None:
    with pytest.raises(Forbidden):
        edit(office, wien, RENAME, who)


def test_who_looked_before_another_wrote_is_told(office: Office, wien: UUID) -> None:
    edit(office, wien, BEC)
    with pytest.raises(Conflict):
        edit(office, wien, RENAME, seen=1)
    assert state(office, wien).name == "Wien"


def test_a_repeated_key_gives_the_same_answer(office: Office, wien: UUID) -> None:
    key = new_key()
    first = edit(office, wien, RENAME, key=key, seen=1)
    edit(office, wien, BEC)
    again = edit(office, wien, RENAME, key=key, seen=1)
    assert (again.position, again.repeated) == (first.position, True)


def test_a_file_that_does_not_exist_is_unknown(office: Office) -> None:
    assert refused(office, RENAME, UUID(int=404)) == ("partner.unknown", None)


@pytest.mark.parametrize("command", [WIEN, AbsorbPartner(partner=UUID(int=9), names=())])
def test_registering_and_absorbing_are_no_edits(office: Office, wien: UUID, command: Command) -> None:
    with pytest.raises(TypeError):
        edit(office, wien, command)


# --- merging


@pytest.fixture
def vienna(office: Office) -> UUID:
    return office.partner("Vienna", "AT")


def test_a_merging_is_recorded_in_both_files_with_the_names(office: Office, wien: UUID, vienna: UUID) -> None:
    edit(office, vienna, BEC)
    edit(office, vienna, MergePartner(into=wien))
    assert state(office, vienna).merged_into == wien
    assert state(office, wien).all_names == ("Wien", "Vienna", "Beč")
    assert edit(office, vienna, MergePartner(into=wien)).repeated


def test_or_in_neither(office: Office, wien: UUID, vienna: UUID) -> None:
    office.log.rivals.append(lambda: edit(office, wien, BEC))
    with pytest.raises(Conflict):
        edit(office, vienna, MergePartner(into=wien))
    assert state(office, vienna).merged_into is None
    assert state(office, wien).absorbed == ()


def test_two_files_never_end_in_each_other(office: Office, wien: UUID, vienna: UUID) -> None:
    office.log.rivals.append(lambda: edit(office, wien, MergePartner(into=vienna)))
    with pytest.raises(Conflict):
        edit(office, vienna, MergePartner(into=wien))
    unknown = ("partner.merge-target-unknown", "into")
    assert refused(office, MergePartner(into=wien), vienna) == unknown
    assert refused(office, MergePartner(into=vienna), vienna) == unknown
    assert refused(office, MergePartner(into=UUID(int=404)), vienna) == unknown


def test_a_longer_chain_closes_no_circle(office: Office, wien: UUID, vienna: UUID) -> None:
    third = office.partner("Bécs", "AT")
    edit(office, wien, MergePartner(into=vienna))
    edit(office, vienna, MergePartner(into=third))
    assert refused(office, MergePartner(into=wien), third) == ("partner.merge-target-unknown", "into")
