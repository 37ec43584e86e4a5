"""Opens a CSV or XLSX file as a table."""

import contextlib
from collections.abc import Generator
from pathlib import Path
from typing import Final

from adapters.files.csv_reading import CsvTable
from adapters.files.xlsx_reading import XlsxTable
from application.tables import TableRefused

_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0"
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
_LOOKED_AT: Final = 4096


@contextlib.contextmanager
def open_table(path: Path, name: str = "") -> Generator[CsvTable | XlsxTable]:
    """The table in a file, told by what it holds and not by how it is called; `name` is shown in messages.

    Raises TableRefused for anything that is no table.
    """
    name = name or path.name
    try:
        with path.open("rb") as file:
            start = file.read(_LOOKED_AT)
    except FileNotFoundError:
        raise TableRefused("table.missing", file=name) from None
    except OSError as fault:
        raise TableRefused("table.unreadable", file=name, reason=fault.strerror or type(fault).__name__) from None
    with contextlib.closing(_open(path, name, start)) as table:
        yield table


def _open(path: Path, name: str, start: bytes) -> CsvTable | XlsxTable:
    if not start:
        raise TableRefused("table.empty", file=name)
    if start.startswith(_ZIP):
        return XlsxTable(path, name)
    if start.startswith(_OLE):
        raise TableRefused("table.old-excel", file=name)
    if b"\0" in start and not start.startswith(_UTF16):
        raise TableRefused("table.binary", file=name)
    return CsvTable(path, name)
