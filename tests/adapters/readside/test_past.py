"""Cases as they stood, made by the same folds as those of today."""

from datetime import UTC, datetime, timedelta

import pytest

from adapters.procedures.shelf import FiledProcedures
from adapters.readside.past import PastCases
from application.access import Scope
from application.identity import case_id
from application.past import AsOf, seen
from domain.initiatives import events as e
from domain.initiatives.terms import Stage
from domain.partners.events import PartnerRenamed
from tests.adapters.readside.office import WORDS, to_consent

EVERYBODY = Scope()
HEAD = datetime.now(UTC) + timedelta(days=1)


@pytest.fixture(scope="module")
def past(book):
    return PastCases(book, FiledProcedures())


@pytest.fixture(scope="module")
def numbers(office) -> list[str]:
    bari, graz, grac = office.partner("Bari"), office.partner("Graz", "AT"), office.partner("Grac", "AT")
    made = [
        office.proposed("2026-0001", "nis", bari),
        office.add(office.coordinated("2026-0002", "leskovac", grac), e.CoordinationCompleted(), *to_consent()),
        office.historic("2026-0003", "nis", graz, bari),
        office.add(office.proposed("2026-0004", "cacak", graz), e.InitiativeWithdrawn(reason=WORDS)),
    ]
    office.merged(grac, graz, "Grac")
    return made


def at(past, book, number: str, as_of: AsOf):
    return past.at(seen(book.read(case_id(number)), as_of), as_of)


def test_at_the_head_the_past_is_the_present(past, book, numbers, shown):
    side = shown()
    for number in numbers:
        assert at(past, book, number, AsOf(known_at=HEAD)) == side.case_files.open(EVERYBODY, number), number


def test_between_two_facts_the_case_stands_where_it_stood(past, book, numbers):
    facts = book.read(case_id("2026-0002"))
    stages = [at(past, book, "2026-0002", AsOf(known_at=fact.recorded_at)).state.stage for fact in facts]
    assert stages[0] is Stage.PROPOSED
    assert Stage.COORDINATING in stages
    assert stages[-1] is Stage.CONSENT_REQUESTED
    assert at(past, book, "2026-0002", AsOf(known_at=facts[0].recorded_at - timedelta(seconds=1))) is None


def test_a_partner_has_the_name_that_was_known(past, book, office, numbers):
    before = datetime.now(UTC)
    [partner] = at(past, book, "2026-0001", AsOf(known_at=HEAD)).partners
    office.record(partner, PartnerRenamed(name="Bari Vecchia"))
    assert at(past, book, "2026-0001", AsOf(known_at=before)).partners[partner].name == "Bari"
    assert at(past, book, "2026-0001", AsOf(known_at=HEAD)).partners[partner].name == "Bari Vecchia"


def test_a_partner_that_was_merged_since_is_shown_by_itself(past, book, numbers):
    facts = book.read(case_id("2026-0002"))
    then = at(past, book, "2026-0002", AsOf(known_at=facts[0].recorded_at))
    now = at(past, book, "2026-0002", AsOf(known_at=HEAD))
    assert [name.name for name in then.partners.values()] == ["Grac"]
    assert [name.name for name in now.partners.values()] == ["Graz"]
