"""Reads CSV as spreadsheets write it: any usual encoding, commas, semicolons or tabs."""

import csv
import re
from collections.abc import Iterator, Sequence
from io import BufferedReader, TextIOWrapper
from pathlib import Path
from typing import Final

from adapters.files.encoding import encoding_of
from application.tables import LONGEST_QUOTE, MOST_CELLS, MOST_LINES, Line, TableRefused

_DELIMITERS: Final = ",;\t"
_LONGEST_HEADER: Final = 20_000
_SAID: Final = re.compile(rf"sep=([{_DELIMITERS}])")
"""The line by which a file tells a spreadsheet what parts its cells."""


class CsvTable:
    """See application.tables.Table."""

    def __init__(self, path: Path, name: str) -> None:
        self.name = name
        self._size = max(path.stat().st_size, 1)
        encoding = encoding_of(path)
        self._raw: BufferedReader = path.open("rb")
        text = TextIOWrapper(self._raw, encoding=encoding, newline="")
        self._text = text
        self._lines: list[str] = []
        try:
            first = text.readline(_LONGEST_HEADER)
            said = _SAID.fullmatch(first.rstrip())
            if not said:
                text.seek(0)
            self._before = 1 if said else 0
            self._delimiter = said[1] if said else _delimiter(first)
            self._reader = csv.reader(self._remembered(), delimiter=self._delimiter)
            self._records = self._read()
            self.header = [title.strip() for title in next(self._records, Line(0, ())).cells]
        except UnicodeError:
            text.close()
            raise TableRefused("table.encoding", file=name, line=1) from None
        except BaseException:
            text.close()
            raise
        if not self.header:
            text.close()
            raise TableRefused("table.empty", file=name)
        self.lines = self._records

    @property
    def read(self) -> float:
        return 1.0 if self._raw.closed else min(self._raw.tell() / self._size, 1.0)

    def close(self) -> None:
        self._text.close()

    def _remembered(self) -> Iterator[str]:
        """The lines of the text; those of the record that is being read stay in `_lines`."""
        for line in self._text:
            self._lines.append(line)
            yield line

    def _read(self) -> Iterator[Line]:
        begins, count = 1 + self._before, 0
        while True:
            self._lines.clear()
            try:
                cells = next(self._reader, None)
            except csv.Error as fault:
                raise TableRefused("table.broken", file=self.name, line=begins, reason=_short(fault)) from None
            except UnicodeError:
                raise TableRefused("table.encoding", file=self.name, line=begins) from None
            if cells is None:
                return
            if len(self._lines) > 1 and _is_open(self._lines, self._delimiter):
                raise TableRefused(
                    "table.broken", file=self.name, line=begins, reason="a quotation mark is never closed"
                )
            count += 1
            if count > MOST_LINES:
                raise TableRefused("table.too-long", file=self.name, most=MOST_LINES)
            if any(map(str.strip, cells)):
                yield Line(begins, cells[: 2 * MOST_CELLS])
            begins = self._reader.line_num + self._before + 1


def _delimiter(first: str) -> str:
    """The sign that parts the titles: the most frequent one outside quotes."""
    outside = "".join(first.split('"')[::2])
    return max(_DELIMITERS, key=outside.count)


def _is_open(lines: Sequence[str], delimiter: str) -> bool:
    """Whether a forgotten quotation mark made a record of everything up to the end of the file."""
    try:
        for _ in csv.reader(lines, delimiter=delimiter, strict=True):
            pass
    except csv.Error as fault:
        return "unexpected end" in str(fault)
    return False


def _short(fault: Exception) -> str:
    return str(fault)[:LONGEST_QUOTE]
