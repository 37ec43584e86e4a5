"""Writes tables: as bytes that stream to a browser, or into a file."""

import contextlib
import csv
import os
import secrets
import stat
import sys
import tempfile
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime
from io import StringIO
from pathlib import Path
from typing import Any, Final

import msgspec
import xlsxwriter  # pyright: ignore[reportMissingTypeStubs] - the library has none

from application.exporting import Cell, Sheet
from application.feed_events import rfc3339
from application.tables import MOST_LINES, TableRefused

CHUNK: Final = 1 << 16
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_NARROWEST, _WIDEST, _LOOKED_AT = 10, 60, 100
_LONGEST_CELL: Final = 32_767
"""Characters that a cell of XLSX holds."""

MEDIA_TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}


def csv_bytes(sheet: Sheet) -> Iterator[bytes]:
    """CSV by RFC 4180 in UTF-8, in pieces of about CHUNK bytes.

    It begins with a byte order mark, without which Excel takes UTF-8 for the local code page. Commas, not semicolons:
    every program reads them, while semicolons are only what Excel expects where the comma is the decimal sign;
    who works in Excel takes XLSX. A text that a spreadsheet would run as a formula gets an apostrophe before it.
    """
    buffer = StringIO(newline="")
    buffer.write("\ufeff")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(sheet.titles)
    for row in sheet.rows:
        writer.writerow([_as_text(cell) for cell in row])
        if buffer.tell() >= CHUNK:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def json_bytes(records: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    """One JSON array, a record a line."""
    encode = msgspec.json.Encoder().encode
    pending = bytearray(b"[")
    before = b"\n"
    for record in records:
        pending += before + encode(record)
        before = b",\n"
        if len(pending) >= CHUNK:
            yield bytes(pending)
            pending.clear()
    yield bytes(pending + b"\n]\n")


def json_lines(sheet: Sheet, nested: Collection[str] = ()) -> Iterator[bytes]:
    """JSON Lines: an object a row, with null for what is empty. Columns in `nested` hold JSON, which stands as such."""
    encode = msgspec.json.Encoder().encode
    pending = bytearray()
    for row in sheet.rows:
        record: dict[str, Any] = dict(zip(sheet.titles, row, strict=True))
        for name, cell in record.items():
            if isinstance(cell, datetime):
                record[name] = rfc3339(cell)
            elif cell == "":
                record[name] = None
            elif name in nested:
                record[name] = msgspec.Raw(cell.encode())
        pending += encode(record) + b"\n"
        if len(pending) >= CHUNK:
            yield bytes(pending)
            pending.clear()
    yield bytes(pending)


def xlsx_bytes(sheet: Sheet) -> Iterator[bytes]:
    """An XLSX file in pieces. It is finished on disk first, because its index comes last."""
    with tempfile.TemporaryDirectory(prefix="pobratim-export-") as folder:
        path = Path(folder) / "register.xlsx"
        write_xlsx(sheet, path)
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                yield chunk


def write_xlsx(sheet: Sheet, path: Path) -> None:
    """One sheet with a frozen header and a filter; texts stay texts, whole days are dates. Memory stays constant.

    Raises TableRefused where there are more rows than a sheet holds.
    """
    options = {"constant_memory": True, "tmpdir": str(path.parent)}
    book: Any = xlsxwriter.Workbook(str(path), options)
    with book:
        page = book.add_worksheet(sheet.name)
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        first, rows = _peeked(sheet.rows)
        for place, width in enumerate(_widths(sheet.titles, first)):
            page.set_column(place, place, width)
        page.freeze_panes(1, 0)
        for place, title in enumerate(sheet.titles):
            page.write_string(0, place, title, bold)
        last = 0
        for last, row in enumerate(rows, 1):
            if last >= MOST_LINES:
                raise TableRefused("table.too-long", file=path.name, most=MOST_LINES)
            for place, cell in enumerate(row):
                _write(page, last, place, cell, day)
        page.autofilter(0, 0, last, len(sheet.titles) - 1)


def write_file(pieces: Iterable[bytes], path: Path) -> None:
    """A regular file is written beside its place and renamed, so that it is whole or as it was; it keeps its mode and
    owner, and a new one gets what the umask leaves. A link is followed. What is no regular file (a pipe, a device) is
    written straight into. Raises OSError.
    """
    there = path.stat() if path.exists() else None
    if there and not stat.S_ISREG(there.st_mode):
        with path.open("wb") as file:
            file.writelines(pieces)
        return
    place = path.resolve()
    beside = place.with_name(f".pobratim-{secrets.token_hex(8)}")
    try:
        with beside.open("xb") as file:
            file.writelines(pieces)
        if there:
            _like(beside, there)
        beside.replace(place)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def _like(path: Path, other: os.stat_result) -> None:
    if sys.platform != "win32":
        with contextlib.suppress(PermissionError):  # only root gives files away
            os.chown(path, other.st_uid, other.st_gid)
    path.chmod(stat.S_IMODE(other.st_mode))


def _write(page: Any, line: int, place: int, cell: Cell, day: Any) -> None:
    match cell:
        case "":
            pass
        case str():
            page.write_string(line, place, cell[:_LONGEST_CELL])
        case datetime():
            page.write_string(line, place, rfc3339(cell))
        case date():
            page.write_datetime(line, place, cell, day)
        case _:
            page.write_number(line, place, cell)


def _peeked(rows: Iterator[Sequence[Cell]]) -> tuple[list[Sequence[Cell]], Iterator[Sequence[Cell]]]:
    """Some rows to measure, and all rows: widths must be known before the first one is written."""
    first = [row for _, row in zip(range(_LOOKED_AT), rows, strict=False)]

    def everything() -> Iterator[Sequence[Cell]]:
        yield from first
        yield from rows

    return first, everything()


def _widths(titles: Sequence[str], rows: Sequence[Sequence[Cell]]) -> list[int]:
    return [
        min(max(_NARROWEST, len(title) + 3, *(len(str(row[place])) + 1 for row in rows), 0), _WIDEST)
        for place, title in enumerate(titles)
    ]


def _as_text(cell: Cell) -> Cell:
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(_FORMULA) else cell
    if isinstance(cell, datetime):
        return rfc3339(cell)
    return cell.isoformat() if isinstance(cell, date) else cell
