"""Countries by their names: Unicode's own names, and what people write instead."""

from functools import cache, lru_cache
from typing import Final

from babel import Locale

from application.script import fold

_BABEL: Final = {"sr-Latn": "sr_Latn", "sr-Cyrl": "sr_Cyrl", "en": "en"}
_NO_COUNTRIES: Final = frozenset({"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"})
"""Codes that Unicode keeps for areas, unions and tests; ISO 3166-1 does not assign them."""
_CODE_LENGTH: Final = 2
_LONGEST: Final = 100

_ALSO: Final = {
    "AE": ("UAE", "Emirati"),
    "BA": ("BiH", "Bosna", "Bosna i Hercegovina", "Bosnia and Herzegovina", "Republika Srpska"),
    "BY": ("Belorusija",),
    "CD": ("DR Kongo",),
    "CH": ("Švajcarska Konfederacija",),
    "CN": ("NR Kina", "Narodna Republika Kina", "PR China", "People's Republic of China"),
    "CY": ("Republika Kipar",),
    "CZ": ("Češka Republika", "Czech Republic"),
    "DE": ("Savezna Republika Nemačka", "SR Nemačka"),
    "GB": ("Velika Britanija", "Great Britain", "UK", "Ujedinjeno Kraljevstvo", "Engleska", "England", "Britanija"),
    "GR": ("Helenska Republika", "Hellenic Republic"),
    "HR": ("Republika Hrvatska",),
    "IR": ("Islamska Republika Iran",),
    "KP": ("DNR Koreja",),
    "KR": ("Republika Koreja", "Republic of Korea", "Koreja", "Korea"),
    "MD": ("Moldova",),
    "ME": ("Republika Crna Gora",),
    "MK": ("Makedonija", "Macedonia", "Republika Severna Makedonija", "BJR Makedonija", "FYROM", "S. Makedonija"),
    "NL": ("Holandija", "Holland", "Nizozemska"),
    "PS": ("Palestina", "Palestine", "Država Palestina", "State of Palestine"),
    "RO": ("Rumunjska",),
    "RS": ("Republika Srbija", "Republic of Serbia"),
    "RU": ("Ruska Federacija", "Russian Federation", "RF"),
    "SK": ("Slovačka Republika", "Slovak Republic"),
    "TR": ("Turkey", "Republika Turska"),
    "US": ("SAD", "USA", "Sjedinjene Američke Države", "United States of America", "Amerika", "U.S.", "U.S.A."),
    "VA": ("Vatikan",),
    "XK": ("Kosovo i Metohija", "Kosovo*"),
}


class NamedCountries:
    """See application.vocabulary.Countries."""

    def __init__(self) -> None:
        self._names = {locale: _territories(babel) for locale, babel in _BABEL.items()}
        named = {fold(name): code for names in self._names.values() for code, name in names.items()}
        codes = {fold(code): code for code in self._names["en"]}
        also = {fold(name): code for code, names in _ALSO.items() for name in names}
        self._by_name = codes | named | also
        self._find = lru_cache(maxsize=4096)(self._look_up)

    def find(self, text: str) -> str | None:
        return self._find(text) if len(text) <= _LONGEST else None

    def name(self, code: str, locale: str) -> str:
        return self._names[locale].get(code, code)

    def _look_up(self, text: str) -> str | None:
        return self._by_name.get(fold(text))


def _territories(babel: str) -> dict[str, str]:
    names: dict[str, str] = dict(Locale.parse(babel).territories)
    return {
        code: name
        for code, name in names.items()
        if len(code) == _CODE_LENGTH and code.isalpha() and code not in _NO_COUNTRIES
    }


@cache
def countries() -> NamedCountries:
    """All countries. Unicode's tables are loaded at the first call."""
    return NamedCountries()
