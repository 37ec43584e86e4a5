"""Local governments are found however people write them."""

import csv
import re

import pytest

from adapters.reference.units import DATA, local_governments
from application.reference import LocalGovernments, UnitKind
from application.script import latin
from domain.words import LocalGovernmentCode

UNITS = local_governments()

FOUND = {
    "nis": [
        "Niš",
        "Ниш",
        "nis",
        "NIŠ",
        "Grad Niš",
        "Град Ниш",
        "City of Niš",
        "Opština Niš",
        " Niš ",
        "N\u0069s\u030c",
    ],
    "beograd": ["Beograd", "Београд", "Grad Beograd", "Belgrade", "City of Belgrade"],
    "nis-palilula": [
        *("Palilula (Niš)", "Niš (Palilula)", "Niš – Palilula", "Niš - Palilula", "Niš-Palilula", "Niš — Palilula"),
        *("Gradska opština Palilula (Niš)", "GO Palilula, Niš", "Градска општина Палилула, Ниш", "nis-palilula"),
        *("City Municipality of Palilula (Niš)", "Gradska opština Palilula, Grad Niš", "Grad Niš – GO Palilula"),
    ],
    "beograd-vozdovac": ["Voždovac", "„Београд – Вождовац“", "Voždovac (Belgrade)", "GO Voždovac", "vozdovac"],
    "beograd-stari-grad": ["Stari grad", "Stari Grad (Beograd)", "Opština Stari grad", "Gradska opština Stari grad"],
    "indjija": ["Inđija", "Inđija", "Indjija", "Инђија", "Opština Inđija", "Municipality of Inđija", "indija"],
    "novi-sad": ["Novi Sad", "НОВИ САД", "Grad Novi Sad", "novi  sad"],
    "petrovac-na-mlavi": ["Petrovac na Mlavi", "Opština Petrovac na Mlavi"],
    "skgo": [
        "SKGO",
        "СКГО",
        "Stalna konferencija gradova i opština",
        "Standing Conference of Towns and Municipalities",
    ],
}
NOT_FOUND = [
    *("", " ", "Grad", "Opština", "Palilula", "Gradska opština Palilula", "Gradska opština Niš", "Palilula (Vranje)"),
    *("Palić", "Guča", "Zlatibor", "Sad", "Vienna", "Grad Grad Niš Niš", "\u0000", "\u202e", "Niš" * 100, "x" * 10_000),
]


@pytest.mark.parametrize(("code", "texts"), FOUND.items())
def test_every_spelling_leads_to_the_unit(code: str, texts: list[str]) -> None:
    assert {text: getattr(UNITS.find(text), "code", None) for text in texts} == dict.fromkeys(texts, code)


@pytest.mark.parametrize("text", NOT_FOUND)
def test_what_is_unknown_or_could_be_several_is_not_guessed(text: str) -> None:
    assert UNITS.find(text) is None


def test_it_is_the_port() -> None:
    assert isinstance(UNITS, LocalGovernments)


def test_the_reference_data_holds_145_units_and_the_rest() -> None:
    units = list(UNITS.by_code.values())
    kinds = [unit.kind for unit in units]
    assert len(units) == 201
    assert kinds.count(UnitKind.CITY_MUNICIPALITY) == 26
    assert sum(u.outside_kosovo and u.kind in (UnitKind.CITY, UnitKind.MUNICIPALITY) for u in units) == 145
    assert all(u.parent in UNITS.by_code for u in units if u.kind is UnitKind.CITY_MUNICIPALITY)


def test_every_unit_is_found_by_its_code_and_its_full_name_in_both_scripts() -> None:
    for unit in UNITS.by_code.values():
        full = f"{unit.name} ({UNITS.by_code[unit.parent].name})" if unit.parent else unit.name
        assert [UNITS.find(text) for text in (unit.code, full, latin(full))] == [unit] * 3


def test_codes_are_as_commands_demand() -> None:
    pattern = LocalGovernmentCode.__metadata__[0].pattern
    assert [code for code in UNITS.by_code if not re.fullmatch(pattern, code)] == []


def test_settlements_are_no_units_and_belong_to_one() -> None:
    with (DATA / "settlements.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len({row["name"] for row in rows}) == len(rows) == 61
    assert [row["name"] for row in rows if local_governments().find(row["name"])] == []
    found = [local_governments().of_settlement(latin(row["name"])) for row in rows]
    assert [unit.code for unit in found if unit] == [row["local_government"] for row in rows]
    assert local_governments().of_settlement("x" * 10_000) is None
