"""Files as people save them, and files that are no tables."""

import io
import warnings
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from adapters.files import xlsx_reading
from adapters.files.encoding import encoding_of
from adapters.files.reading import open_table
from application.tables import Table, TableRefused

LATIN = "Opština;Partner\r\nŠid;Győr – Đakovo\r\nČačak;Žalec\r\n"
CYRILLIC = "Општина;Партнер\r\nШид;Бања Лука\r\nЧачак;Требиње\r\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "table.csv"


def read(path: Path) -> tuple[list[str], list[tuple[int, list[str]]]]:
    with open_table(path) as table:
        return list(table.header), [(line.number, list(line.cells)) for line in table.lines]


def refused(path: Path) -> TableRefused:
    with pytest.raises(TableRefused) as caught:
        read(path)
    assert str(caught.value).startswith(path.name)
    assert "\n" not in str(caught.value)
    return caught.value


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1250"])
def test_latin_is_read_from_every_usual_encoding(path: Path, encoding: str) -> None:
    path.write_bytes(LATIN.encode(encoding))
    assert read(path) == (["Opština", "Partner"], [(2, ["Šid", "Győr – Đakovo"]), (3, ["Čačak", "Žalec"])])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251"])
def test_cyrillic_is_read_from_every_usual_encoding(path: Path, encoding: str) -> None:
    path.write_bytes(CYRILLIC.encode(encoding))
    assert read(path) == (["Општина", "Партнер"], [(2, ["Шид", "Бања Лука"]), (3, ["Чачак", "Требиње"])])


def test_utf8_cut_at_the_edge_of_a_chunk_is_utf8(path: Path) -> None:
    path.write_bytes(b"a" * ((1 << 20) - 1) + "č".encode())
    assert encoding_of(path) == "utf-8"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_every_usual_delimiter_is_read(path: Path, delimiter: str) -> None:
    path.write_text(f'"a,;b"{delimiter}c{delimiter}d\n1{delimiter}"2{delimiter}x"{delimiter}3\n')
    assert read(path) == (["a,;b", "c", "d"], [(2, ["1", f"2{delimiter}x", "3"])])


def test_lines_are_counted_as_an_editor_does(path: Path) -> None:
    path.write_text('a,b\n\n"x\ny",1\n,\nz,2\n')
    assert [number for number, _ in read(path)[1]] == [3, 6]


def test_a_header_alone_and_ragged_rows(path: Path) -> None:
    path.write_text("a,b\n")
    assert read(path) == (["a", "b"], [])
    path.write_text("a,b\n1\n1,2,3\n")
    assert read(path)[1] == [(2, ["1"]), (3, ["1", "2", "3"])]


def test_it_is_the_port_and_tells_how_far_it_is(path: Path) -> None:
    path.write_text("a,b\n" + "1,2\n" * 100_000)
    with open_table(path) as table:
        assert isinstance(table, Table)
        next(table.lines)
        assert table.read < 0.5
        assert sum(1 for _ in table.lines) == 99_999
        assert table.read == 1.0


NO_TABLES = {
    "table.empty": b"",
    "table.binary": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
    "table.old-excel": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
    "table.broken": b"PK\x03\x04 and then nothing of the kind",
}


@pytest.mark.parametrize(("code", "content"), NO_TABLES.items())
def test_what_is_no_table_is_refused_in_one_line(path: Path, code: str, content: bytes) -> None:
    path.write_bytes(content)
    assert refused(path).code == code


def test_blank_lines_are_an_empty_file(path: Path) -> None:
    path.write_text("\n \n")
    assert refused(path).code == "table.empty"


def test_a_missing_file_and_a_folder_are_refused(path: Path) -> None:
    assert refused(path).code == "table.missing"
    assert refused(path.parent).code == "table.unreadable"


def test_a_quote_that_never_ends_is_found_and_the_lines_before_it_are_given(path: Path) -> None:
    path.write_text('a,b\n1,2\n"' + "x,\n" * 60_000)
    with open_table(path) as table:
        assert next(table.lines).cells == ["1", "2"]
        with pytest.raises(TableRefused) as caught:
            next(table.lines)
    assert (caught.value.code, caught.value.params["line"]) == ("table.broken", 3)


def test_a_quote_that_never_ends_in_a_short_file_is_found_too(path: Path) -> None:
    path.write_text('a,b\n"x\ny",2\n1,"2\n3,4\n')
    with open_table(path) as table:
        assert next(table.lines).cells == ["x\ny", "2"]
        with pytest.raises(TableRefused) as caught:
            next(table.lines)
    assert (caught.value.code, caught.value.params["line"]) == ("table.broken", 4)


def test_a_stray_quote_inside_a_cell_is_text(path: Path) -> None:
    path.write_text('a,b\nNax"os,"x""y"\n"p\n"q,1\n')
    assert [cells for _, cells in read(path)[1]] == [['Nax"os', 'x"y'], ["p\nq", "1"]]


def test_the_line_for_the_spreadsheet_is_no_header(path: Path) -> None:
    path.write_text("sep=;\r\na,x;b\r\n1;2\r\n", newline="")
    assert read(path) == (["a,x", "b"], [(3, ["1", "2"])])


def test_bytes_that_the_code_page_lacks_are_found(path: Path) -> None:
    path.write_bytes(b"a,b\n\xe8a\x81b,1\n")
    assert refused(path).code == "table.encoding"


# --- XLSX


def sheet(path: Path, *rows: list) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.create_sheet("Druga").append(["not", "read"])
    book.save(path)
    return path


def changed(path: Path, name: str, content: bytes) -> Path:
    """The archive with one part replaced."""
    with zipfile.ZipFile(path) as archive:
        parts = {n: archive.read(n) for n in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, old in (parts | {name: content}).items():
            archive.writestr(part, content if part == name else old)
    return path


def test_the_first_sheet_is_read_as_text(path: Path) -> None:
    sheet(
        path,
        ["Opština", "Година", "Datum"],
        ["Šid", 2019, date(2020, 5, 1)],
        [],
        ["Niš", 2019.0, "maj 2020"],
        [None, True],
    )
    assert read(path) == (
        ["Opština", "Година", "Datum"],
        [(2, ["Šid", "2019", "2020-05-01"]), (4, ["Niš", "2019", "maj 2020"]), (5, ["", "True"])],
    )


def test_empty_and_hidden_sheets_are_passed_over(path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "prazan"
    book.create_sheet("skriven").append(["not", "shown"])
    book["skriven"].sheet_state = "hidden"
    for name in ("podaci", "treća"):
        book.create_sheet(name).append([name])
    book.save(path)
    assert read(path) == (["podaci"], [])


def test_a_sheet_tells_how_far_it_was_read(path: Path) -> None:
    sheet(path, ["a"], *([n] for n in range(2_000)))
    with open_table(path) as table:
        next(table.lines)
        assert table.read < 0.5
        assert sum(1 for _ in table.lines) == 1_999
        assert table.read == 1.0


def test_a_moment_is_read_as_its_day(path: Path) -> None:
    sheet(path, ["a"], [datetime(2001, 7, 7, 12, 30)], [datetime(2001, 7, 8)])  # noqa: DTZ001 - sheets know no zones
    assert [cells for _, cells in read(path)[1]] == [["2001-07-07"], ["2001-07-08"]]


def test_a_damaged_sheet_is_refused_in_one_line(path: Path) -> None:
    whole = sheet(path, ["a"], ["b"]).read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert refused(path).code == "table.broken"
    path.write_bytes(whole)
    assert (
        refused(changed(path, "xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row><c></row>")).code
        == "table.broken"
    )
    path.write_bytes(whole)
    assert refused(changed(path, "xl/workbook.xml", b"<x/>")).code == "table.broken"


def test_a_zip_that_is_no_workbook_is_refused(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "no sheet")
    assert refused(path).code == "table.broken"


def test_a_bomb_is_refused_before_it_is_unpacked(path: Path) -> None:
    megabyte = io.BytesIO(b" " * (1 << 20)).getvalue()
    changed(sheet(path, ["a"]), "xl/sharedStrings.xml", megabyte * (xlsx_reading.MOST_SHARED_MEGABYTES + 1))
    assert path.stat().st_size < 1 << 20
    assert refused(path).code == "table.too-big"


def test_a_sheet_that_names_far_away_cells_stays_small(path: Path) -> None:
    rows = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:XFD1048576"/>'
        '<sheetData><row r="1"><c r="A1" t="str"><v>a</v></c></row>'
        '<row r="2"><c r="A2" t="str"><v>x</v></c><c r="XFD2" t="str"><v>far</v></c></row>'
        '<row r="99999999999"><c r="A99999999999" t="str"><v>y</v></c></row></sheetData></worksheet>'
    )
    changed(sheet(path, ["a"]), "xl/worksheets/sheet1.xml", rows.encode())
    with open_table(path) as table:
        assert next(table.lines) == (2, ["x"])
        with pytest.raises(TableRefused) as caught:
            next(table.lines)
    assert caught.value.code == "table.too-long"


def test_a_laughing_bomb_of_entities_is_refused(path: Path) -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "ha" * 50}">' for n in range(12))
    xml = (
        f'<!DOCTYPE x [{entities}]><worksheet><sheetData><row><c t="str"><v>&e11;</v></c></row></sheetData></worksheet>'
    )
    changed(sheet(path, ["a"]), "xl/worksheets/sheet1.xml", xml.encode())
    assert refused(path).code == "table.broken"


def test_reading_warns_nobody(path: Path) -> None:
    sheet(path, ["a"], ["b"])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert read(path) == (["a"], [(2, ["b"])])
