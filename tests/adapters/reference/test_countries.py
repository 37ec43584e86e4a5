"""Countries are found by Serbian and English names in any spelling."""

import pytest

from adapters.reference.countries import countries
from application.vocabulary import KINDS, STAGES, Countries, kind_of, stage_of
from domain.initiatives.terms import Kind, Stage

FOUND = {
    "BA": [
        "BA",
        "ba",
        "BiH",
        "Bosna i Hercegovina",
        "Босна и Херцеговина",
        "Bosnia & Herzegovina",
        "Bosnia and Herzegovina",
    ],
    "MK": ["Severna Makedonija", "Makedonija", "Северна Македонија", "North Macedonia"],
    "CZ": ["Češka", "Češka Republika", "Чешка", "Czechia", "Czech Republic"],
    "US": ["SAD", "САД", "USA", "Sjedinjene Američke Države", "United States"],
    "GB": ["Velika Britanija", "UK", "Ujedinjeno Kraljevstvo", "United Kingdom", "GB"],
    "TR": ["Turska", "Turkey", "Türkiye", "turkiye"],
    "TD": ["Čad"],
    "RS": ["Srbija", "Србија", "Serbia", "RS"],
    "XK": ["Kosovo", "Kosovo i Metohija", "XK"],
}


@pytest.mark.parametrize(("code", "names"), FOUND.items())
def test_every_name_leads_to_the_country(code: str, names: list[str]) -> None:
    assert {name: countries().find(name) for name in names} == dict.fromkeys(names, code)


@pytest.mark.parametrize("text", ["", "EU", "ZZ", "Atlantida", "Kongo", "x" * 10_000, "\u0000"])
def test_what_is_no_country_is_not_guessed(text: str) -> None:
    assert countries().find(text) is None


def test_every_name_that_is_shown_is_read_back() -> None:
    named = countries()
    codes = {named.find(code) for code in ("AT", "BA", "CI", "CD", "KR", "PS", "MM", "VA")}
    for locale in ("sr-Latn", "sr-Cyrl", "en"):
        assert {named.find(named.name(code, locale)) for code in codes if code} == codes
    assert isinstance(named, Countries)


@pytest.mark.parametrize("locale", ["sr-Latn", "sr-Cyrl", "en"])
def test_kinds_and_stages_are_read_as_they_are_written(locale: str) -> None:
    assert [kind_of(word.spoken(locale)) for word in KINDS.values()] == list(Kind)
    assert [stage_of(word.spoken(locale)) for word in STAGES.values()] == list(Stage)
    assert kind_of("project") is Kind.PROJECT_BASED
    assert kind_of("brak") is None
