"""On which line of a TOML file a key stands. The standard reader tells lines of broken syntax only."""

import re
from collections.abc import Iterator
from typing import Final

Path = tuple[str, ...]
_KEY: Final = r"""(?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*')"""
_DOTTED: Final = rf"{_KEY}(?:\s*\.\s*{_KEY})*"
_HEADER: Final = re.compile(rf"\s*\[\s*({_DOTTED})\s*\]")
_SETTING: Final = re.compile(rf"\s*({_DOTTED})\s*=\s*(.*)")
_INNER: Final = re.compile(rf"[{{,]\s*({_DOTTED})\s*=")
_TEXT: Final = re.compile(r'"(?:[^"\\]|\\.)*"|' + r"'[^']*'")
_LONG: Final = ('"""', "'''")
_DEEPEST: Final = 8
"""Parts of a path that are remembered; no key of a procedure has as many."""


def lines_of(text: str) -> list[str]:
    """As the standard reader counts them: by line feeds alone, whatever else may end a line in a text."""
    return text.removesuffix("\n").split("\n")


class Lines:
    """The lines of every key of a file that the standard reader takes."""

    def __init__(self, text: str) -> None:
        self._lines: dict[Path, int] = {}
        self._text = lines_of(text)
        for path, line in _keys(text):
            self._lines.setdefault(path, line)

    def of(self, path: Path) -> int:
        """Of the key, else of the nearest table around it; 1 where there is none."""
        for length in range(len(path), 0, -1):
            if line := self._lines.get(path[:length]):
                return line
        return 1

    def of_value(self, path: Path, value: str) -> int:
        """Of the last place of a text in the list of a key, which may take several lines."""
        first = self.of(path)
        later = (line for line in self._lines.values() if line > first)
        end = min(later, default=len(self._text) + 1)
        there = (n for n in range(end - 1, first, -1) if f'"{value}"' in self._text[n - 1])
        return next(there, first)


def _keys(text: str) -> Iterator[tuple[Path, int]]:
    table: Path = ()
    within = ""
    for number, line in enumerate(lines_of(text), 1):
        if within:
            within = "" if within in line else within
            continue
        if header := _HEADER.match(line):
            table = _path(header[1])
            yield from (((*table[:length],), number) for length in range(1, len(table) + 1))
        elif setting := _SETTING.match(line):
            key, value = (*table, *_path(setting[1])), setting[2]
            yield key, number
            within = next((mark for mark in _LONG if value.startswith(mark) and mark not in value[3:]), "")
            if value.startswith("{"):
                yield from (((*key, *_path(inner)), number) for inner in _INNER.findall(_TEXT.sub('""', value)))


def _path(dotted: str) -> Path:
    return tuple(part.strip().strip("\"'") for part in re.findall(_KEY, dotted)[:_DEEPEST])
