"""Which language a browser asks for. Babel's own negotiation turns `sr-Latn-RS` into English."""

from collections.abc import Sequence

from application.accounts import LOCALES
from application.languages_abroad import ABROAD

_LONGEST = 1000
_AS_SERBIAN_LATIN = frozenset({"bs", "hr", "sh", "cnr"})
"""Whoever reads these reads Serbian in Latin with ease."""


def negotiated(accept_language: str, default: str) -> str:
    """One of LOCALES: the most wanted one that we speak, or `default`."""
    return _most_wanted(accept_language, default, LOCALES) or default


def negotiated_abroad(accept_language: str, default: str) -> str:
    """One of ABROAD; English where none is wanted. Serbian without a script is that of `default`."""
    return _most_wanted(accept_language, default, ABROAD) or "en"


def _most_wanted(accept_language: str, default: str, offered: Sequence[str]) -> str | None:
    known = {code.partition("-")[0]: code for code in offered if code not in LOCALES}
    for tag in _by_preference(accept_language[:_LONGEST]):
        if (code := _spoken(tag, default) or known.get(tag.replace("_", "-").partition("-")[0])) is not None:
            return code
    return None


def _by_preference(header: str) -> list[str]:
    wanted: list[tuple[float, str]] = []
    for part in header.split(","):
        tag, _, weight = part.partition(";")
        quality = _quality(weight)
        if quality > 0:
            wanted.append((quality, tag.strip().lower()))
    return [tag for _, tag in sorted(wanted, key=lambda pair: -pair[0])]


def _quality(weight: str) -> float:
    name, _, value = weight.strip().partition("=")
    if not name:
        return 1.0
    try:
        quality = float(value) if name.strip() == "q" else 0.0
    except ValueError:
        return 0.0
    return quality if 0.0 <= quality <= 1.0 else 0.0


def _spoken(tag: str, default: str) -> str | None:
    language, *rest = tag.replace("_", "-").split("-")
    if language == "en":
        return "en"
    if language == "sr" or language in _AS_SERBIAN_LATIN:
        if "cyrl" in rest:
            return "sr-Cyrl"
        serbian = language == "sr" and "latn" not in rest and "me" not in rest and default in LOCALES[:2]
        return default if serbian else "sr-Latn"
    return None
