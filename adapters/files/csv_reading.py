"""Reads CSV as spreadsheets write it: any usual encoding, commas, semicolons or tabs."""

import csv
from collections.abc import Iterator
from io import BufferedReader, TextIOWrapper
from pathlib import Path
from typing import Final

from adapters.files.encoding import encoding_of
from application.tables import LONGEST_QUOTE, MOST_CELLS, MOST_LINES, Line, TableRefused

_DELIMITERS: Final = ",;\t"
_LONGEST_HEADER: Final = 20_000


class CsvTable:
    """See application.tables.Table."""

    def __init__(self, path: Path, name: str) -> None:
        self.name = name
        self._size = max(path.stat().st_size, 1)
        encoding = encoding_of(path)
        self._raw: BufferedReader = path.open("rb")
        text = TextIOWrapper(self._raw, encoding=encoding, newline="")
        self._text = text
        try:
            first = text.readline(_LONGEST_HEADER)
            text.seek(0)
            self._reader = csv.reader(text, delimiter=_delimiter(first))
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

    def _read(self) -> Iterator[Line]:
        begins, count = 1, 0
        while True:
            try:
                cells = next(self._reader, None)
            except csv.Error as fault:
                raise TableRefused("table.broken", file=self.name, line=begins, reason=_short(fault)) from None
            except UnicodeError:
                raise TableRefused("table.encoding", file=self.name, line=begins) from None
            if cells is None:
                return
            count += 1
            if count > MOST_LINES:
                raise TableRefused("table.too-long", file=self.name, most=MOST_LINES)
            if any(map(str.strip, cells)):
                yield Line(begins, cells[: 2 * MOST_CELLS])
            begins = self._reader.line_num + 1


def _delimiter(first: str) -> str:
    """The sign that parts the titles: the most frequent one outside quotes."""
    outside = "".join(first.split('"')[::2])
    return max(_DELIMITERS, key=outside.count)


def _short(fault: Exception) -> str:
    return str(fault)[:LONGEST_QUOTE]
