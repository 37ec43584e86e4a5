"""Regular expressions that find a folded word in text as it was written: in either script, with or without diacritics.

The vault has no folded copy of its texts, since a copy would have to be erased too. So the folding is turned round:
each letter of the word becomes the class of all letters that fold to it.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from itertools import chain
from typing import Final

from application.script import fold

_LETTERS: Final = (*range(0x30, 0x250), *range(0x400, 0x460), *range(0x490, 0x492), *range(0x1E00, 0x1F00))
"""Digits, Latin and Cyrillic. What folds to letters beyond them is found as it is written."""
_BETWEEN: Final = "[\u0300-\u036f\u00ad\u200b-\u200d'’‘ʼʻʹ′`´]*"
"""What folding drops: combining marks, apostrophes, invisible joiners."""


def pattern(word: str) -> str:
    """For PostgreSQL's `~`. `word` is folded, and has no blank in it."""
    parts: list[str] = []
    start = 0
    while start < len(word):
        end = _cluster(word, start)
        ways = [_BETWEEN.join(way) for way in _ways(word[start:end])]
        parts.append(ways[0] if len(ways) == 1 else f"(?:{'|'.join(ways)})")
        start = end
    return _BETWEEN.join(parts)


def _cluster(word: str, start: int) -> int:
    """Where the part ends that must be looked at as a whole: letters that may be one letter of another script."""
    end, place = start + 1, start
    while place < end:
        end = max([end, *(place + len(several) for several in _several() if word.startswith(several, place))])
        place += 1
    return end


def _ways(part: str) -> Iterator[tuple[str, ...]]:
    """Every way in which the part can be written, by classes of letters."""
    if not part:
        yield ()
        return
    for rest in _ways(part[1:]):
        yield (_single(part[0]), *rest)
    for several, signs in _several().items():
        if part.startswith(several):
            for rest in _ways(part[len(several) :]):
                yield (_class(signs), *rest)


def _single(letter: str) -> str:
    """Folding drops every `j` behind a `d`: Đorđe, Djordje."""
    signs = _class(_sources().get(letter, letter))
    return f"{signs}(?:{_BETWEEN}{_class(_sources()['j'])})*" if letter == "d" else signs


def _class(signs: str) -> str:
    return f"[{re.escape(signs)}]"


@cache
def _sources() -> dict[str, str]:
    """Folded letters to the signs that fold to them."""
    found: defaultdict[str, str] = defaultdict(str)
    for sign in chain(map(chr, _LETTERS)):
        if folded := fold(sign):
            found[folded] += sign
    return dict(found)


@cache
def _several() -> dict[str, str]:
    """As `_sources`, those that are more than one letter when they are folded."""
    return {folded: signs for folded, signs in _sources().items() if len(folded) > 1 and " " not in folded}
