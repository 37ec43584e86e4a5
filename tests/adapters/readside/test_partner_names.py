"""What happens to a partner's name reaches every case that names the partner."""

from datetime import date

import pytest

from application.access import Scope
from application.identity import partner_id
from application.views.partners import PartnerQuery
from application.views.register import RegisterQuery
from domain.initiatives import events as e
from domain.partners.events import NameAdded, NameKind, NameRemoved, PartnerKind, PartnerReclassified, PartnerRenamed
from tests.adapters.readside.office import abroad

TODAY = date(2026, 3, 1)


@pytest.fixture
def found(shown):
    """Numbers of cases that a text finds, with the first partner's name and country."""

    def ask(text: str) -> dict[str, tuple[str, str]]:
        rows = shown().register.page(Scope(), RegisterQuery(text=text), TODAY).rows
        return {row.number: (row.partners[0].name, row.partners[0].country) for row in rows}

    return ask


def test_a_new_name_is_shown_and_both_are_found(office, found):
    partner = office.partner("Titograd", "ME")
    office.proposed("2026-0001", "nis", partner)
    assert found("titograd") == {"2026-0001": ("Titograd", "ME")}
    office.record(partner, PartnerRenamed(name="Podgorica"))
    assert found("podgorica") == found("titograd") == {"2026-0001": ("Podgorica", "ME")}


def test_an_exonym_is_found_until_it_is_removed(office, found):
    partner = office.partner("Wien", "AT")
    office.proposed("2026-0002", "nis", partner)
    office.record(partner, NameAdded(name="Беч", kind=NameKind.EXONYM))
    assert found("beč") == {"2026-0002": ("Wien", "AT")}
    office.record(partner, NameRemoved(name="Беч"))
    assert found("beč") == {}


def test_a_merged_partner_is_shown_and_found_by_the_one_that_goes_on(office, found, shown):
    first, second, third = (office.partner(name, "IT") for name in ("Barri", "Bari", "Comune di Bari"))
    office.proposed("2026-0003", "nis", first)
    office.merged(first, second, "Barri")
    assert found("barri") == found("bari") == {"2026-0003": ("Bari", "IT")}

    office.merged(second, third, "Bari", "Barri")
    office.record(third, PartnerReclassified(kind=PartnerKind.PROVINCE, country="SI"))
    office.record(third, NameAdded(name="Baras", kind=NameKind.FORMER))
    assert found("baras") == found("barri") == {"2026-0003": ("Comune di Bari", "SI")}
    side = shown()
    assert [f.id for f in side.partner_files.named("BARRI")] == [third]
    assert side.partner_files.open(Scope(), third).cases == 1
    assert side.case_files.open(Scope(), "2026-0003").partners[first].name == "Comune di Bari"
    for partner in (first, second, third):
        page = side.register.page(Scope(), RegisterQuery(partner=partner), TODAY)
        assert [row.number for row in page.rows] == ["2026-0003"]
        assert [row.number for row in side.register.same_pair(["nis"], [partner])] == ["2026-0003"]


def test_a_case_may_name_a_partner_that_is_registered_afterwards(office, found):
    later = partner_id("ME", "Kotor")
    office.proposed("2026-0004", "nis", later)
    assert found("2026-0004") == {"2026-0004": (str(later), "")}
    office.partner("Kotor", "ME")
    assert found("kotor") == {"2026-0004": ("Kotor", "ME")}
    office.add("2026-0004", e.PartyJoined(party=abroad(office.partner("Perast", "ME"))))
    assert found("perast kotor") == {"2026-0004": ("Kotor", "ME")}


def test_two_partners_that_turn_out_to_be_one_are_shown_once(office, shown):
    one, other = office.partner("Neum", "BA"), office.partner("Neumm", "BA")
    office.proposed("2026-0005", "nis", one, other)
    office.merged(other, one, "Neumm")
    row = shown().register.page(Scope(), RegisterQuery(text="2026-0005"), TODAY).rows[0]
    assert [partner.name for partner in row.partners] == ["Neum"]


def test_partners_are_listed_in_the_order_of_the_alphabet_without_those_merged_away(office, shown):
    files = shown().partner_files
    page = files.page(Scope(), PartnerQuery(countries=("BA", "ME")))
    assert [file.partner.name for file in page.partners] == ["Kotor", "Neum", "Perast", "Podgorica"]
    assert page.total == 4
    assert {o.value for o in page.countries if o.chosen} == {"BA", "ME"}
    assert [f.partner.name for f in files.page(Scope(), PartnerQuery(text="titograd")).partners] == ["Podgorica"]
    assert files.page(Scope(), PartnerQuery(text="%")).partners == ()
    last = files.page(Scope(), PartnerQuery(page=99, size=2))
    assert last.partners == files.page(Scope(), PartnerQuery(page=last.pages, size=2)).partners


def test_cases_of_a_partner_are_counted_within_the_scope(office, shown):
    partner = office.partner("Sliven", "BG")
    office.proposed("2026-0006", "nis", partner)
    office.proposed("2026-0007", "cacak", partner)
    files = shown().partner_files
    assert files.open(Scope(), partner).cases == 2
    assert files.open(Scope("cacak"), partner).cases == 1


@pytest.fixture(scope="module")
def czech(office):
    for name in ("Prag", "Prag 6", "Novi Prag", "Prague", "Lyon"):
        office.partner(name, "CZ")


@pytest.mark.usefixtures("czech")
@pytest.mark.parametrize("trigrams", [True, False])
def test_a_look_up_finds_what_a_text_begins_holds_or_resembles_best_first(shown, trigrams, owner_sql):
    files = shown().partner_files
    if not trigrams:
        owner_sql.execute("DROP EXTENSION pg_trgm CASCADE")
    names = [file.partner.name for file in files.like("prag", "CZ")]
    assert names == ["Prag", "Prag 6", "Prague", "Novi Prag"]
    assert files.like("pragua")[0].partner.name == "Prague"
    assert list(files.like("prag", "AT")) == []
    assert list(files.like("🙂")) == []
    assert [row.number for row in shown().register.page(Scope(), RegisterQuery(text="slive"), TODAY).rows] == [
        "2026-0007",
        "2026-0006",
    ]
