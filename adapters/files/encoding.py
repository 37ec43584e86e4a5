"""In which encoding a text file was saved: it never says so itself, except by a mark at its beginning."""

import codecs
import re
from pathlib import Path
from typing import Final

CHUNK: Final = 1 << 20
_MARKS: Final = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_RUN: Final = re.compile(rb"[\x80-\xff]{3,}")
_HIGH: Final = re.compile(rb"[\x80-\xff]")
_OWN_LETTERS: Final = 0.5
"""Share of letters beyond ASCII that stand in runs, above which a text is Cyrillic: words of Serbian Latin have
one or two such letters between plain ones, Cyrillic words consist of them."""


def encoding_of(path: Path) -> str:
    """`utf-8-sig`, `utf-16`, `utf-8`, `cp1251` or `cp1250`, found by reading the whole file once."""
    with path.open("rb") as file:
        start = file.read(4)
    for mark, encoding in _MARKS.items():
        if start.startswith(mark):
            return encoding
    return "utf-8" if _is_utf8(path) else _windows(path)


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _windows(path: Path) -> str:
    """Central European or Cyrillic, as Windows in Serbia saves them."""
    high = in_runs = 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            high += len(_HIGH.findall(chunk))
            in_runs += sum(map(len, _RUN.findall(chunk)))
    return "cp1251" if in_runs > high * _OWN_LETTERS else "cp1250"
