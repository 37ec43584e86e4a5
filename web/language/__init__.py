"""The three ways in which Pobratim speaks: Serbian in Latin, Serbian in Cyrillic, English.

The page of a side abroad speaks in more languages.
"""

from functools import cache

from application.accounts import LOCALES
from application.languages_abroad import ABROAD
from web.language.language import Language

__all__ = ["ABROAD", "LOCALES", "Language", "language"]


@cache
def language(code: str) -> Language:
    """One of ABROAD, which holds LOCALES. Raises KeyError for any other code."""
    if code not in ABROAD:
        raise KeyError(code)
    return Language(code)
