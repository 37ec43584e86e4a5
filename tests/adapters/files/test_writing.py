"""What goes out: exact, safe to open, and readable by us again."""

import csv
import errno
import io
import json
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from adapters.files import writing
from adapters.files.writing import csv_bytes, json_bytes, write_file, write_xlsx, xlsx_bytes
from application.exporting import Sheet
from application.tables import TableRefused
from tests.application.importing_desk import COORDINATOR, DATA, Desk

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", '=HYPERLINK("http://x","y")']


def rows_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def a_sheet(*rows: list) -> Sheet:
    return Sheet(["a", "b"], iter(rows))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path)
    desk.take(DATA / "partnerships.csv")
    desk.take(DATA / "initiatives.csv")
    return desk


def test_csv_begins_with_a_mark_and_keeps_every_sign() -> None:
    content = b"".join(csv_bytes(a_sheet(['x "y", z', 3], ["Đ;\nș", date(2020, 5, 1)])))
    assert content.startswith(b"\xef\xbb\xbfa,b\r\n")
    assert rows_of(content) == [["a", "b"], ['x "y", z', "3"], ["Đ;\nș", "2020-05-01"]]


def test_csv_comes_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "CHUNK", 10)
    pieces = list(csv_bytes(a_sheet(*[["čćžšđ", "x"]] * 10)))
    assert len(pieces) > 5
    assert len(rows_of(b"".join(pieces))) == 11


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_becomes_a_formula(text: str, tmp_path: Path) -> None:
    assert rows_of(b"".join(csv_bytes(a_sheet([text, "x"]))))[1][0] == f"'{text}"
    write_xlsx(a_sheet([text, "x"]), tmp_path / "x.xlsx")
    cell = openpyxl.load_workbook(tmp_path / "x.xlsx").active["A2"]
    assert (cell.value, cell.data_type) == (text, "s")


def test_a_sheet_has_dates_a_frozen_header_and_texts(tmp_path: Path) -> None:
    write_xlsx(a_sheet(["2019-05", date(2020, 5, 1)], ["007", 3], ["", "x" * 40_000]), tmp_path / "x.xlsx")
    page = openpyxl.load_workbook(tmp_path / "x.xlsx").active
    assert [[c.value for c in row] for row in page.iter_rows(max_row=3)] == [
        ["a", "b"],
        ["2019-05", datetime(2020, 5, 1)],  # noqa: DTZ001 - spreadsheets know no zones
        ["007", 3],
    ]
    assert (page.freeze_panes, page["B2"].number_format, len(page["B4"].value)) == ("A2", "yyyy-mm-dd", 32_767)


def test_a_sheet_that_does_not_fit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "MOST_LINES", 3)
    with pytest.raises(TableRefused):
        write_xlsx(a_sheet(*[["x", "y"]] * 3), tmp_path / "x.xlsx")


def test_json_is_one_array() -> None:
    assert json.loads(b"".join(json_bytes([]))) == []
    assert json.loads(b"".join(json_bytes([{"a": "č"}, {"a": None}]))) == [{"a": "č"}, {"a": None}]


def test_a_file_that_exists_is_whole(tmp_path: Path) -> None:
    def breaks():
        yield b"half"
        raise OSError("disk full")

    path = tmp_path / "out.csv"
    write_file([b"a", b"b"], path)
    with pytest.raises(OSError, match="disk full"):
        write_file(breaks(), path)
    assert path.read_bytes() == b"ab"
    assert list(tmp_path.iterdir()) == [path]


def test_the_register_goes_out_row_by_row_as_it_stands(desk: Desk) -> None:
    titles, *rows = rows_of(b"".join(csv_bytes(desk.sheet("sr-Cyrl"))))
    assert titles[:4] == ["Број предмета", "Локална самоуправа", "Партнер", "Држава"]
    assert len(rows) == 558
    by_pair = {(row[1], row[2]): row for row in rows}
    row = by_pair["Општина Сента", "Budavár (Budapest)"]
    assert row[3:8] == ["Мађарска", "HU", "братимљење", "активно", ""]
    assert by_pair["Град Лесковац", "Oaxaca de Juárez"][8] == "2023"
    assert by_pair["Град Лесковац", "Kriva Palanka"][8] == "2022-10-06"
    assert by_pair["Општина Уб", "Mława"][6] == "предложено"


def test_foreign_names_are_the_same_in_every_language(desk: Desk) -> None:
    names = [[row[2] for row in desk.sheet(locale).rows] for locale in ("sr-Latn", "sr-Cyrl", "en")]
    assert names[0] == names[1] == names[2]


def test_records_for_programs_hold_codes(desk: Desk) -> None:
    records = json.loads(b"".join(json_bytes(desk.exporting.records(COORDINATOR, desk.everything()))))
    [record] = [r for r in records if r["partners"][0]["name"] == "Simmering"]
    assert (record["local_governments"], record["kind"], record["stage"]) == (
        ["beograd-vozdovac"],
        "twinning",
        "coordinating",
    )
    assert record["partners"] == [{"name": "Simmering", "country": "AT", "part_of": "Vienna"}]
    assert (record["remark"], record["concluded"]) == ("charter announced", False)


def test_an_erased_remark_goes_out_empty(desk: Desk) -> None:
    desk.log.words = dict.fromkeys(desk.log.words)
    assert {record["remark"] for record in desk.exporting.records(COORDINATOR, desk.everything())} == {None}


@pytest.mark.parametrize("locale", ["sr-Latn", "sr-Cyrl", "en"])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_went_out_comes_in_again(desk: Desk, tmp_path: Path, locale: str, form: str) -> None:
    write = csv_bytes if form == "csv" else xlsx_bytes
    out = tmp_path / f"out.{form}"
    write_file(write(desk.sheet(locale)), out)
    other = Desk(tmp_path)
    report = other.take(out)
    assert (report.problems, report.notes, report.entered + report.taken_over) == ([], [], 558)
    assert sorted(list(row)[1:] for row in other.sheet(locale).rows) == sorted(
        list(row)[1:] for row in desk.sheet(locale).rows
    )
    assert desk.take(out).already_there == 558


def test_a_name_like_a_formula_survives_the_round(tmp_path: Path) -> None:
    desk, other = Desk(tmp_path), Desk(tmp_path)
    desk.rows("Bor,@Home,ME", "Bor,-Minus,ME", header="local_government,partner,country")
    write_file(csv_bytes(desk.sheet()), tmp_path / "out.csv")
    other.take(tmp_path / "out.csv")
    assert sorted(p.name for p in other.log.partners().values()) == ["-Minus", "@Home"]


def test_a_file_keeps_its_mode_and_a_new_one_gets_what_the_umask_leaves(tmp_path: Path) -> None:
    old, new = tmp_path / "old.csv", tmp_path / "new.csv"
    old.touch()
    old.chmod(0o664)
    before = os.umask(0o027)
    try:
        for file in (old, new):
            write_file([b"a", b"b"], file)
    finally:
        os.umask(before)
    assert (old.stat().st_mode & 0o777, new.stat().st_mode & 0o777) == (0o664, 0o640)
    assert old.read_bytes() == new.read_bytes() == b"ab"


def test_a_link_is_followed_and_stays(tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    link, dangling = tmp_path / "link.csv", tmp_path / "dangling.csv"
    (tmp_path / "shared" / "there.csv").touch()
    link.symlink_to("shared/there.csv")
    dangling.symlink_to("shared/not-yet.csv")
    for path in (link, dangling):
        write_file([b"a"], path)
        assert path.is_symlink()
    assert {file.name: file.read_bytes() for file in (tmp_path / "shared").iterdir()} == {
        "there.csv": b"a",
        "not-yet.csv": b"a",
    }


def test_a_pipe_is_written_into_and_stays(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with ThreadPoolExecutor() as hands:
        read = hands.submit(pipe.read_bytes)
        write_file([b"a", b"b"], pipe)
        assert read.result(10) == b"ab"
    assert pipe.is_fifo()


def test_a_file_stays_as_it_was_where_writing_breaks_off(tmp_path: Path) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"half"
        raise OSError(errno.ENOSPC, "No space left on device")

    file = tmp_path / "register.csv"
    file.write_bytes(b"whole")
    with pytest.raises(OSError, match="No space left"):
        write_file(pieces(), file)
    assert {left.name: left.read_bytes() for left in tmp_path.iterdir()} == {"register.csv": b"whole"}
