"""The real register, found by what people in Serbia type and by what the owners write."""

from uuid import uuid4

import pytest

from adapters.readside.read_side import ReadSide
from adapters.reference.demo import INITIATIVES, PARTNERSHIPS
from adapters.reference.partner_names import partner_names
from adapters.reference.units import local_governments
from application.access import Scope
from application.handling import Request
from application.pairs import Pairs
from application.partners import KeepingPartners, PartnerChoice
from application.proposing import Proposal, ProposingInitiatives
from application.script import latin
from application.views.partners import PartnerQuery
from application.views.register import RegisterQuery
from domain.initiatives.terms import Kind, Origin
from domain.kernel import CommandKey, Refused, VaultRef
from domain.partners.decisions import RegisterPartner
from tests.application.importing_desk import COORDINATOR, NOW, TODAY, Desk

TYPED = {
    "Рим": "Rome",
    "Roma": "Rome",
    "Брисел": "Brussels",
    "Bruxelles": "Brussels",
    "Скопље": "Skopje",
    "Скопје": "Skopje",
    "Будимпешта": "Budapest",
    "Печуј": "Pécs",
    "Темишвар": "Timișoara",
    "Сегедин": "Szeged",
    "Санкт Петербург": "Saint Petersburg",
    "Санкт-Петербург": "Saint Petersburg",
    "Беч": "Vienna",
    "Wien": "Vienna",
    "Атина": "Athens",
    "Αθήνα": "Athens",
    "Athína": "Athens",
    "Москва": "Moscow",
    "Шангај": "Shanghai",
    "上海": "Shanghai",
    "Букурешт": "Bucharest",
    "Kiev": "Kyiv",
    "Солун": "Thessaloniki",
    "Θεσσαλονίκη": "Thessaloniki",
}


@pytest.fixture(scope="module")
def side(tmp_path_factory, reading: ReadSide, book) -> ReadSide:
    """The register as an import leaves it, and one partner that somebody registered by hand."""
    desk = Desk(tmp_path_factory.mktemp("desk"), book)
    imported = [desk.take(file).position for file in (PARTNERSHIPS, INITIATIVES)]
    assert reading.views.caught_up(imported[-1], timeout=60)
    keeping = KeepingPartners(book, reading.partner_files, lambda: NOW, partner_names())
    thessaloniki = Request(key=CommandKey(uuid4()), command=RegisterPartner(name="Thessaloniki", country="GR"))
    assert reading.views.caught_up(keeping.register(COORDINATOR, thessaloniki).position, timeout=60)
    return reading


@pytest.mark.parametrize(("typed", "name"), TYPED.items())
def test_a_partner_is_found_in_both_scripts_wherever_it_is_looked_for(side: ReadSide, typed: str, name: str) -> None:
    for text in (typed, latin(typed), typed.upper()):
        assert side.partner_files.like(text)[0].partner.name == name
        assert [file.partner.name for file in side.partner_files.named(text)] == [name]
        assert name in [
            file.partner.name for file in side.partner_files.page(Scope(), PartnerQuery(text=text)).partners
        ]
        rows = side.register.page(Scope(), RegisterQuery(text=text), TODAY).rows
        assert name == "Thessaloniki" or name in [partner.name for row in rows for partner in row.partners]


def test_a_district_is_found_by_what_its_city_is_called(side: ReadSide) -> None:
    for text in ("Zimering", "Зимеринг", "Beč Simmering", "wien simmering"):
        [row] = side.register.page(Scope(), RegisterQuery(text=text), TODAY).rows
        assert row.partners[0].name == "Simmering"


def test_the_name_itself_comes_before_names_that_begin_so_or_hold_it(side: ReadSide) -> None:
    names = [file.partner.name for file in side.partner_files.like("bec")]
    assert names[0] == "Vienna"
    assert "Bricquebec" in names[1:]


@pytest.mark.parametrize("typed", ["Рим", "Rim", "Roma", "ROME"])
def test_a_second_proposal_of_a_pair_is_met_by_every_name(side: ReadSide, book, typed: str) -> None:
    pairs, names = Pairs(book, side.register, side.views), partner_names()
    units, files = local_governments(), side.partner_files
    proposing = ProposingInitiatives(book, side.register, files, units, pairs, lambda: NOW, names)
    rome = PartnerChoice(name=typed, country="IT")
    [row] = proposing.duplicates(COORDINATOR, ["beograd"], rome)
    assert [partner.name for partner in row.partners] == ["Rome"]
    proposal = Proposal(
        local_governments=("beograd",),
        partner=rome,
        kind=Kind.TWINNING,
        origin=Origin.EMBASSY,
        rationale=VaultRef(uuid4()),
    )
    with pytest.raises(Refused) as refused:
        proposing.propose(COORDINATOR, proposal, Request(key=CommandKey(uuid4()), command=proposal))
    assert [reason.code for reason in refused.value.refusals] == ["initiative.duplicate"]
