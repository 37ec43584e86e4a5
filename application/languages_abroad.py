"""In which languages a side abroad is asked for its word: those of accounts, and those of the partners."""

from collections.abc import Mapping
from typing import Final

from application.accounts import LOCALES

_COUNTRIES: Final[Mapping[str, str]] = {
    "de": "DE AT CH LI",
    "fr": "FR BE LU MC",
    "it": "IT SM VA",
    "hu": "HU",
    "ro": "RO MD",
    "bg": "BG",
    "mk": "MK",
    "sl": "SI",
    "el": "GR CY",
    "tr": "TR",
    "es": "ES AR BO CL CO CR CU DO EC GT HN MX NI PA PE PY SV UY VE",
    "ru": "RU BY KZ KG",
    "cs": "CZ",
    "sk": "SK",
    "pl": "PL",
    "sq": "AL",
    "zh-Hans": "CN",
    "sr-Latn": "BA HR ME",
}
"""Where a country has several languages, the one that is read most there; any other country reads English."""
_OF_COUNTRY: Final = {country: code for code, countries in _COUNTRIES.items() for country in countries.split()}
ABROAD: Final = (*LOCALES, *(code for code in _COUNTRIES if code not in LOCALES))
"""Codes of all of them."""


def language_of_country(iso: str) -> str:
    """In which a partner of a country most likely reads."""
    return _OF_COUNTRY.get(iso, "en")
