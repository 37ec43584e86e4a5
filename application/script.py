"""Serbian in two scripts: Latin from Cyrillic, folding for search, and the order of the alphabet."""

import re
import unicodedata

_DIGRAPHS = {"Љ": "Lj", "Њ": "Nj", "Џ": "Dž", "љ": "lj", "њ": "nj", "џ": "dž"}
_LETTERS = dict(
    zip(
        "АБВГДЂЕЖЗИЈКЛМНОПРСТЋУФХЦЧШабвгдђежзијклмнопрстћуфхцчш",
        "ABVGDĐEŽZIJKLMNOPRSTĆUFHCČŠabvgdđežzijklmnoprstćufhcčš",
        strict=True,
    )
)
_TO_LATIN = str.maketrans(_LETTERS | _DIGRAPHS)
_CAPITAL_DIGRAPH = re.compile("[ЉЊЏ]")


def latin(cyrillic: str) -> str:
    """Serbian Latin of Serbian Cyrillic: `Љубљана` gives `Ljubljana`, `ЉУБЉАНА` gives `LJUBLJANA`.

    Everything that is no Serbian Cyrillic letter stays as it is, so Latin text comes back unchanged.
    A Serbian word has exactly one Latin spelling; the way back is ambiguous and is not offered.
    """

    def capital(found: re.Match[str]) -> str:
        pair = _DIGRAPHS[found.group()]
        after, before = found.string[found.end() :][:1], found.string[: found.start()][-1:]
        return pair.upper() if (after if after.isalpha() else before).isupper() else pair

    return _CAPITAL_DIGRAPH.sub(capital, cyrillic).translate(_TO_LATIN)


_FOREIGN_CYRILLIC = {
    **{"й": "j", "щ": "sc", "ъ": "", "ы": "i", "ь": "", "э": "e", "ю": "ju", "я": "ja", "ё": "e"},
    **{"ѓ": "d", "ќ": "c", "ѕ": "dz", "і": "i", "ї": "i", "є": "e", "ґ": "g", "ў": "u", "ѝ": "i", "ѐ": "e"},
}
"""Letters of the neighbours, small; only for finding and sorting, never for showing a name."""
_WITHOUT_DECOMPOSITION = {
    **{"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "ð": "d", "þ": "th", "ı": "i", "ħ": "h", "ŧ": "t", "ŋ": "n"},
    **{"ə": "e", "ɐ": "a", "ĸ": "k", "ƀ": "b", "ɓ": "b", "ɗ": "d", "ɖ": "d", "ƒ": "f", "ɨ": "i", "ʉ": "u"},
}
_SMALL = {k: v for k, v in (_LETTERS | _DIGRAPHS).items() if k.islower()}
_PLAIN = str.maketrans(_SMALL | _FOREIGN_CYRILLIC | _WITHOUT_DECOMPOSITION)
_APOSTROPHES = dict.fromkeys(map(ord, "'’‘ʼʻʹ′`´"), None)
_DJ = re.compile("[dđ]j*")


def _small(text: str) -> str:
    """Compatibility forms and case taken away, so that one letter is one letter."""
    once = unicodedata.normalize("NFKC", text).casefold()
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", once).casefold())


def _bare(letters: str) -> str:
    """Diacritics and invisible signs dropped; whatever is neither letter nor digit becomes a space."""
    shown = (c for c in unicodedata.normalize("NFKD", letters) if unicodedata.category(c)[0] != "M")
    return "".join(c if c.isalnum() else "" if unicodedata.category(c) == "Cf" else " " for c in shown)


def fold(text: str) -> str:
    """The form in which names are compared and searched: no script, case, diacritics or punctuation.

    `Niš`, `Ниш` and `nis` fold alike; so do `Đorđe`, `Djordje`, `Dorde` and `Ђорђе`, `ş` and `ș`, `ł` and `l`.
    Folding a folded text changes nothing. The result is never shown to anybody.
    """
    plain = _bare(_small(text).translate(_APOSTROPHES).translate(_PLAIN))
    return " ".join(_DJ.sub("d", plain).split())


_ALPHABET = [*"abcčćd", "dž", *"đefghijkl", "lj", *"mn", "nj", *"opqrsštuvwxyzž"]
"""The Serbian alphabet; the four foreign letters stand where dictionaries put them."""
_PLACE = {letter: chr(ord("A") + place) for place, letter in enumerate(_ALPHABET)}
_UNIT = re.compile("dž|lj|nj|.", re.DOTALL)


def sort_key(text: str) -> str:
    """A key whose byte order (`COLLATE "C"`) is Serbian alphabetical order, the same for both scripts.

    `lj`, `nj`, `dž` count as one letter in Latin too, as the alphabet has it; case, other diacritics and
    punctuation do not count until everything else is equal.
    """
    small = latin(_small(text).translate(_APOSTROPHES))
    placed = "".join(_place(unit) for unit in _UNIT.findall(small))
    return f"{' '.join(placed.split())}\t{fold(text)}"


def _place(unit: str) -> str:
    if unit in _PLACE:
        return _PLACE[unit]
    return "".join(_PLACE.get(letter, letter) for letter in _bare(unit.translate(_PLAIN)))
