"""The names of partners in the file: each is somebody's, no two are alike, and each leads to the others."""

import csv
from collections import Counter
from itertools import pairwise

import msgspec

from adapters.reference.demo import INITIATIVES, PARTNERSHIPS
from adapters.reference.partner_names import FILE, FiledPartnerNames, partner_names
from application.importing_partners import namings
from application.known_names import KnownNames
from application.script import fold, latin, sort_key
from domain.partners.decisions import AddName
from domain.partners.events import NameKind

NOT_IN_THE_REGISTER = {
    "AT": ["Graz", "Innsbruck", "Linz", "Salzburg"],
    "BG": ["Dobrich", "Sofia"],
    "CH": ["Basel", "Geneva", "Zürich"],
    "CZ": ["Prague"],
    "DE": ["Cologne", "Dresden", "Frankfurt am Main", "Leipzig", "Munich", "Nuremberg", "Stuttgart"],
    "DK": ["Copenhagen"],
    "ES": ["Barcelona"],
    "FR": ["Lyon", "Marseille", "Paris", "Strasbourg"],
    "GR": ["Thessaloniki"],
    "HU": ["Győr"],
    "IT": ["Bologna", "Florence", "Genoa", "Milan", "Naples", "Trieste", "Turin", "Venice"],
    "PL": ["Gdańsk", "Katowice", "Łódź", "Warsaw", "Wrocław"],
    "PT": ["Lisbon"],
    "RO": ["Cluj-Napoca", "Craiova", "Oradea"],
    "RU": ["Kazan", "Yekaterinburg"],
    "SE": ["Stockholm"],
    "TR": ["Edirne"],
    "UA": ["Kharkiv", "Lviv", "Odesa"],
    "US": ["New York"],
}
"""Cities that the register does not hold yet; whoever registers them finds them by all their names at once."""


def read(path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


ROWS = read(FILE)


def test_every_row_names_a_partner_of_the_register_or_one_that_is_listed_here() -> None:
    register = [*read(PARTNERSHIPS), *read(INITIATIVES)]
    held = {(row["partner_country_iso2"], row["partner_name"]) for row in register}
    named = {(row["country"], row["name"]) for row in ROWS}
    assert named - held == {(country, name) for country, names in NOT_IN_THE_REGISTER.items() for name in names}
    assert len(named & held) > 280


def test_rows_stand_in_order_and_say_nothing_twice() -> None:
    keys = [(r["country"], sort_key(r["name"]), r["kind"], r["language"], r["other_name"]) for r in ROWS]
    assert all(one < other for one, other in pairwise(keys))
    folded = [(r["country"], r["name"], fold(r["other_name"])) for r in ROWS]
    folded += {(r["country"], r["name"], fold(r["name"])) for r in ROWS}
    assert [key for key, times in Counter(folded).items() if times > 1] == []


def test_no_name_leads_to_two_partners_of_a_country() -> None:
    register = {(r["partner_country_iso2"], r["partner_name"]) for r in (*read(PARTNERSHIPS), *read(INITIATIVES))}
    bearers = {(r["country"], fold(r["other_name"]), r["name"]) for r in ROWS}
    bearers |= {(country, fold(name), name) for country, name in register}
    assert [key for key, times in Counter(key[:2] for key in bearers).items() if times > 1] == []


def test_each_name_can_be_entered_and_leads_to_all_others() -> None:
    for row in ROWS:
        other, country = row["other_name"], row["country"]
        msgspec.convert({"name": other, "kind": row["kind"], "language": row["language"]}, AddName)
        held, read = namings(row["name"], country).new, namings(other, country).new
        city = read.part_of or held.part_of
        wanted = {fold(r["other_name"]) for r in ROWS if (r["country"], r["name"]) == (country, row["name"])}
        for name, part_of in ((held.name, held.part_of), (read.name, city)):
            own = {fold(name), fold(f"{name} {part_of}")}
            found = {fold(known.name) for known in partner_names().others(country, name, part_of)}
            assert wanted - own <= found, row
        assert fold(f"{held.name} {held.part_of or ''}") in found, row


def test_serbian_names_are_cyrillic_and_others_are_not_serbian() -> None:
    for row in ROWS:
        assert NameKind(row["kind"])
        assert row["language"] != "sr" or latin(row["other_name"]) != row["other_name"]


def test_it_is_the_port_and_says_nothing_of_what_it_does_not_know() -> None:
    names = partner_names()
    assert isinstance(names, KnownNames)
    assert [*names.others("IT", "Rim", None)] == [
        AddName(name="Rome", kind=NameKind.ALIAS),
        AddName(name="Roma", kind=NameKind.EXONYM, language="it"),
    ]
    assert [*names.others("US", "Rome", None), *names.others("IT", "Rome", "Vienna")] == []


def test_a_name_of_two_partners_leads_to_neither() -> None:
    exonym = AddName(name="Нови Град", kind=NameKind.EXONYM, language="sr")
    names = FiledPartnerNames({("CZ", "Nové Město"): [exonym], ("CZ", "Nový Hrad"): [exonym]})
    assert [other.name for other in names.others("CZ", "Nové Město", None)] == ["Нови Град"]
    assert list(names.others("CZ", "Novi Grad", None)) == []
