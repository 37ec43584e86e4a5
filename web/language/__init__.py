"""The three ways in which Pobratim speaks: Serbian in Latin, Serbian in Cyrillic, English."""

from functools import cache

from application.accounts import LOCALES
from web.language.language import Language

__all__ = ["LOCALES", "Language", "language"]


@cache
def language(code: str) -> Language:
    """One of LOCALES. Raises KeyError for any other code."""
    if code not in LOCALES:
        raise KeyError(code)
    return Language(code)
