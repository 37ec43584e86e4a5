"""Writes tables as Apache Parquet. The library is heavy, so it is imported by those who write such a file."""

import tempfile
from collections.abc import Collection, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Final

from adapters.files.writing import CHUNK
from application.exporting import Cell, Sheet

ROWS_OF_A_GROUP: Final = 20_000


def parquet_bytes(sheet: Sheet, numbers: Collection[str] = (), moments: Collection[str] = ()) -> Iterator[bytes]:
    """A Parquet file in pieces, compressed by zstd. It is finished on disk first, because its index comes last.

    Columns in `numbers` are 64-bit integers, those in `moments` timestamps in UTC to the microsecond, all others text.
    What is empty is null.
    """
    with tempfile.TemporaryDirectory(prefix="pobratim-export-") as folder:
        path = Path(folder) / "table.parquet"
        _write(sheet, path, numbers, moments)
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                yield chunk


def _write(sheet: Sheet, path: Path, numbers: Collection[str], moments: Collection[str]) -> None:
    # Imported here: it is large, and only this export needs it.
    import pyarrow as pa  # noqa: PLC0415  # pyright: ignore[reportMissingTypeStubs] - the library has none
    import pyarrow.parquet as pq  # noqa: PLC0415  # pyright: ignore[reportMissingTypeStubs] - as above

    lib: Any = pa
    files: Any = pq
    of_moments = lib.timestamp("us", tz="UTC")
    schema = lib.schema(
        [(t, lib.int64() if t in numbers else of_moments if t in moments else lib.string()) for t in sheet.titles]
    )
    with files.ParquetWriter(path, schema, compression="zstd") as writer:
        while rows := list(islice(sheet.rows, ROWS_OF_A_GROUP)):
            columns = [_column(cells) for cells in zip(*rows, strict=True)]
            writer.write_table(lib.table(dict(zip(sheet.titles, columns, strict=True)), schema=schema))


def _column(cells: Sequence[Cell]) -> list[Cell | None]:
    return [None if cell == "" else cell for cell in cells]
