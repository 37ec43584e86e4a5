"""Reads the first sheet of an XLSX file that is shown and not empty, row by row, whatever it claims about itself."""

import warnings
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import Any, Final

from openpyxl import load_workbook  # pyright: ignore[reportUnknownVariableType] - untyped library

from application.tables import LONGEST_QUOTE, MOST_CELLS, MOST_LINES, Line, TableRefused

MOST_MEGABYTES: Final = 400
"""Unpacked; a sheet of 100,000 rows has about 60."""
MOST_SHARED_MEGABYTES: Final = 100
"""Of the table of texts, which is kept in memory."""
_MEGABYTE: Final = 1 << 20
_SHARED: Final = "xl/sharedStrings.xml"
_AT_ONCE: Final = 500
_LOOKED_AT: Final = 50
"""Rows of a sheet in which something has to stand, or the next sheet is meant."""


class XlsxTable:
    """See application.tables.Table. Formulas give the value that was saved with them."""

    def __init__(self, path: Path, name: str) -> None:
        self.name = name
        self.read = 0.0
        self._check_size(path)
        self._file = path.open("rb")
        self._book: Any = None
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # about styles and extensions, which are not looked at
                self._book = load_workbook(self._file, read_only=True, data_only=True, keep_links=False)
                sheet = _first_with_cells(self._book.worksheets)
                self._rows_said = max(int(sheet.max_row or 1), 1)
                sheet.reset_dimensions()
            self._rows: Iterator[Sequence[Any]] = _rows(sheet, MOST_LINES + 1)
        except Exception as fault:  # a damaged file fails in any of a dozen ways inside the library
            self.close()
            raise self._broken(1, fault) from None
        self._records = self._read()
        try:
            self.header = [title.strip() for title in next(self._records, Line(0, ())).cells]
        except TableRefused:
            self.close()
            raise
        if not self.header:
            self.close()
            raise TableRefused("table.empty", file=name)
        self.lines = self._records

    def close(self) -> None:
        if self._book is not None:
            self._book.close()
        self._file.close()

    def _check_size(self, path: Path) -> None:
        """By what the archive declares; more than that is never unpacked."""
        try:
            with zipfile.ZipFile(path) as archive:
                sizes = {info.filename: info.file_size for info in archive.infolist()}
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as fault:
            raise self._broken(1, fault) from None
        if sum(sizes.values()) > MOST_MEGABYTES * _MEGABYTE:
            raise TableRefused("table.too-big", file=self.name, megabytes=MOST_MEGABYTES)
        if sizes.get(_SHARED, 0) > MOST_SHARED_MEGABYTES * _MEGABYTE:
            raise TableRefused("table.too-big", file=self.name, megabytes=MOST_SHARED_MEGABYTES)

    def _read(self) -> Iterator[Line]:
        number = 0
        while rows := self._next_rows(number):
            for row in rows:
                number += 1
                if number > MOST_LINES:
                    raise TableRefused("table.too-long", file=self.name, most=MOST_LINES)
                if row.count(None) < len(row) and (cells := _cells(row)):
                    yield Line(number, cells)
            self.read = min(number / self._rows_said, 1.0)
        self.read = 1.0

    def _next_rows(self, number: int) -> list[Sequence[Any]]:
        rows: list[Sequence[Any]] = []
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # about a cell that calls itself a date and is none
                for row in islice(self._rows, _AT_ONCE):
                    rows.append(row)
        except Exception as fault:  # as above
            if not rows:
                raise self._broken(number + 1, fault) from None
            self._rows = _failing(fault)
        return rows

    def _broken(self, line: int, fault: Exception) -> TableRefused:
        reason = f"{type(fault).__name__}: {fault}"[:LONGEST_QUOTE]
        return TableRefused("table.broken", file=self.name, line=line, reason=reason)


def _first_with_cells(sheets: Sequence[Any]) -> Any:
    """The first sheet that is shown and has something in it near its beginning; else the first."""
    shown = [sheet for sheet in sheets if sheet.sheet_state == "visible"] or sheets
    for sheet in shown if len(shown) > 1 else ():
        if any(_cells(row) for row in _rows(sheet, _LOOKED_AT)):
            return sheet
    return shown[0]


def _rows(sheet: Any, most: int) -> Iterator[Sequence[Any]]:
    return sheet.iter_rows(max_row=most, max_col=2 * MOST_CELLS, values_only=True)


def _failing(fault: Exception) -> Iterator[Sequence[Any]]:
    """What could be read is given out first; then the fault shows again."""
    raise fault
    yield ()


def _cells(row: Sequence[Any]) -> list[str]:
    """The row as text, without the empty cells at its end."""
    cells = [_text(value) for value in row]
    while cells and not cells[-1].strip():
        cells.pop()
    return cells


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case str():
            return value
        case datetime():  # of a moment the day is what a register can hold
            return value.date().isoformat()
        case date() | time():
            return value.isoformat()
        case float() if value.is_integer() and abs(value) < 1e15:  # noqa: PLR2004 - beyond that a float is no count
            return str(int(value))
        case _:
            return str(value)
