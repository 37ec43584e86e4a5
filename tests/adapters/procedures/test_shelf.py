"""Versions of the data folder beside those that come with the program."""

import os
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier, Thread

import pytest

from adapters.procedures.shelf import FiledProcedures, shipped
from application.procedures import Shelf
from domain.initiatives.terms import Kind, Stage
from domain.kernel import Refused

FIRST = next(version.text for version in shipped() if version.procedure.pin == "twinning@1")


def text(version: int, days: int = 60) -> str:
    return FIRST.replace("version = 1", f"version = {version}").replace("days = 60", f"days = {days}")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "procedures"
    made.mkdir()
    return made


@pytest.fixture
def shelf(tmp_path: Path, folder: Path) -> FiledProcedures:
    return FiledProcedures(str(tmp_path))


def days(shelf: Shelf) -> int | None:
    return shelf.now().in_force(Kind.TWINNING).steps[Stage.DRAFTING].days


def codes(shelf: Shelf) -> list[str]:
    return [fault.code for fault in shelf.faults()]


def test_without_a_data_folder_there_are_those_of_the_program(tmp_path: Path) -> None:
    for data_dir in ("", str(tmp_path), str(tmp_path / "missing")):
        shelf = FiledProcedures(data_dir)
        assert isinstance(shelf, Shelf)
        assert [v.procedure.pin for v in shelf.versions()] == sorted(v.procedure.pin for v in shipped())
        assert shelf.faults() == ()


def test_a_new_file_is_in_force_at_once_in_every_process(tmp_path: Path, folder: Path, shelf: FiledProcedures) -> None:
    before = shelf.now()
    assert shelf.now() is before
    (folder / "any-name.toml").write_text(text(2, 45), "utf-8")
    assert (days(shelf), days(FiledProcedures(str(tmp_path)))) == (45, 45)
    assert [p.version for p in shelf.now().of_code("twinning")] == [1, 2]
    assert shelf.now().named("twinning@1") == before.named("twinning@1")


def test_a_bad_file_is_told_and_the_running_version_stays(folder: Path, shelf: FiledProcedures) -> None:
    file = folder / "twinning-2.toml"
    file.write_text(text(2, 45), "utf-8")
    assert days(shelf) == 45
    file.write_text(text(2, 0), "utf-8")
    assert (days(shelf), codes(shelf)) == (45, ["procedure.bad-number"])
    [fault] = shelf.faults()
    assert fault.params["file"] == str(file)
    file.write_text(text(2, 30), "utf-8")
    assert (days(shelf), codes(shelf)) == (30, [])


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"\xff\xfe", "procedure.not-utf8"),
        (b"a" * 300_000, "procedure.too-large"),
        (("ж" * 5_000_000).encode(), "procedure.too-large"),
        (FIRST.encode().replace(b"version = 1", b"version." + b"a." * 3_000 + b"a = 1"), "procedure.too-many-dots"),
    ],
)
def test_a_file_that_is_no_text_is_told(folder: Path, shelf: FiledProcedures, body: bytes, code: str) -> None:
    (folder / "x.toml").write_bytes(body)
    assert codes(shelf) == [code]
    assert days(shelf) == 60


def test_the_line_that_is_not_in_utf8_is_told(folder: Path, shelf: FiledProcedures) -> None:
    (folder / "x.toml").write_bytes(text(2).encode().replace("Братимљење".encode(), "Братимљење".encode("cp1251"), 1))
    [fault] = shelf.faults()
    line = text(2)[: text(2).index("Братимљење")].count("\n") + 1
    assert (fault.code, fault.params["line"]) == ("procedure.not-utf8", line)


def test_a_file_from_an_editor_of_windows_is_read(folder: Path, shelf: FiledProcedures) -> None:
    (folder / "x.toml").write_bytes(b"\xef\xbb\xbf" + text(2, 45).replace("\n", "\r\n").encode())
    assert (days(shelf), codes(shelf)) == (45, [])


def test_a_folder_of_that_name_is_no_file(folder: Path, shelf: FiledProcedures) -> None:
    (folder / "x.toml").mkdir()
    assert codes(shelf) == ["procedure.unreadable"]


def test_a_pipe_of_that_name_keeps_nobody_waiting(folder: Path, shelf: FiledProcedures) -> None:
    os.mkfifo(folder / "x.toml")
    reading = Thread(target=shelf.faults, daemon=True)
    reading.start()
    reading.join(5)
    waits = reading.is_alive()
    if waits:
        os.close(os.open(folder / "x.toml", os.O_WRONLY))
    assert not waits
    assert days(shelf) == 60


def test_one_version_in_two_files_is_told(folder: Path, shelf: FiledProcedures) -> None:
    (folder / "a.toml").write_text(text(2, 45), "utf-8")
    (folder / "b.toml").write_text(text(2, 30), "utf-8")
    (folder / "c.toml").write_text(text(1, 30), "utf-8")
    (folder / "d.toml").write_text(FIRST, "utf-8")
    assert (days(shelf), codes(shelf)) == (45, ["procedure.version-twice"] * 2)
    assert [fault.params["line"] for fault in shelf.faults()] == [2, 2]


def test_a_second_file_of_one_version_does_not_displace_the_first(tmp_path: Path, folder: Path) -> None:
    shelf = FiledProcedures(str(tmp_path))
    (folder / "z.toml").write_text(text(2, 45), "utf-8")
    os.utime(folder / "z.toml", (1_700_000_000, 1_700_000_000))
    assert days(shelf) == 45
    (folder / "a.toml").write_text(text(2, 30), "utf-8")
    for process in (shelf, FiledProcedures(str(tmp_path))):
        assert (days(process), codes(process)) == (45, ["procedure.version-twice"])
        assert process.faults()[0].params["file"] == str(folder / "a.toml")


def test_a_version_that_a_case_follows_stays_as_it_was(tmp_path: Path, folder: Path, shelf: FiledProcedures) -> None:
    file = folder / "twinning-2.toml"
    file.write_text(text(2, 45), "utf-8")
    shelf.hold(shelf.now().in_force(Kind.TWINNING))
    assert (days(shelf), codes(shelf)) == (45, [])
    file.write_text(text(2, 30), "utf-8")
    for process in (shelf, FiledProcedures(str(tmp_path))):
        assert (days(process), codes(process)) == (45, ["procedure.changed"])
    file.unlink()
    for process in (shelf, FiledProcedures(str(tmp_path))):
        assert (days(process), codes(process)) == (45, [])


def test_one_that_came_with_the_program_needs_no_copy(tmp_path: Path, folder: Path, shelf: FiledProcedures) -> None:
    shelf.hold(shelf.now().in_force(Kind.TWINNING))
    assert list(folder.iterdir()) == []


def test_a_version_that_cannot_be_kept_is_not_followed(tmp_path: Path, folder: Path, shelf: FiledProcedures) -> None:
    (folder / "twinning-2.toml").write_text(text(2), "utf-8")
    (folder / "followed").write_text("in the way", "utf-8")
    with pytest.raises(Refused, match=r"^procedure\.folder-closed$"):
        shelf.hold(shelf.now().in_force(Kind.TWINNING))


def test_a_version_whose_file_has_just_gone_is_not_followed(folder: Path, shelf: FiledProcedures) -> None:
    (folder / "twinning-2.toml").write_text(text(2), "utf-8")
    decided_under = shelf.now().in_force(Kind.TWINNING)
    (folder / "twinning-2.toml").unlink()
    with pytest.raises(Refused, match=r"^procedure\.unknown$"):
        shelf.hold(decided_under)


def test_adopting_writes_one_file_whole(folder: Path, shelf: FiledProcedures) -> None:
    assert shelf.adopt(text(2, 45)).pin == "twinning@2"
    assert days(shelf) == 45
    assert [path.name for path in folder.iterdir()] == ["twinning-2.toml"]
    assert (folder / "twinning-2.toml").read_text("utf-8") == text(2, 45)


def test_who_sends_the_same_text_again_is_told_the_same(folder: Path, shelf: FiledProcedures) -> None:
    assert shelf.adopt(text(2, 45)) == shelf.adopt(text(2, 45))
    with pytest.raises(Refused, match=r"^procedure\.version-not-newer$"):
        shelf.adopt(text(2, 30))
    assert days(shelf) == 45


@pytest.mark.parametrize(("version", "code"), [(1, "version-not-newer"), (0, "bad-number")])
def test_what_is_no_new_version_is_not_adopted(folder: Path, shelf: FiledProcedures, version: int, code: str) -> None:
    with pytest.raises(Refused, match=rf"^procedure\.{code}$"):
        shelf.adopt(text(version))
    assert list(folder.iterdir()) == []


def test_without_a_data_folder_nothing_is_adopted() -> None:
    with pytest.raises(Refused, match=r"^procedure\.no-folder$"):
        FiledProcedures().adopt(text(2))


def test_of_many_who_adopt_one_version_at_once_one_does(tmp_path: Path, folder: Path) -> None:
    shelves = [FiledProcedures(str(tmp_path)) for _ in range(8)]
    start, done = Barrier(len(shelves)), list[str]()

    def adopt(number: int, shelf: FiledProcedures) -> None:
        start.wait()
        try:
            shelf.adopt(text(2, 40 + number))
            done.append("adopted")
        except Refused as refused:
            done.append(str(refused))

    threads = [Thread(target=adopt, args=(n, shelf)) for n, shelf in enumerate(shelves)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == ["adopted"] + ["procedure.version-not-newer"] * 7
    assert len({days(shelf) for shelf in shelves}) == 1


def test_a_version_is_known_since_its_file_came_and_one_of_the_program_always(
    tmp_path: Path, folder: Path, shelf: FiledProcedures
) -> None:
    file, day = folder / "twinning-2.toml", datetime(2026, 3, 10, 12, tzinfo=UTC)
    file.write_text(text(2, 45), "utf-8")
    os.utime(file, (day.timestamp(), day.timestamp()))
    assert {v.procedure.pin: v.since for v in shelf.versions()}["twinning@2"] == day
    assert {v.since for v in shelf.versions() if v.shipped} == {None}


def test_where_the_file_is_younger_than_the_copy_of_the_first_case_the_copy_tells(
    folder: Path, shelf: FiledProcedures
) -> None:
    file, day = folder / "twinning-2.toml", datetime(2026, 3, 10, 12, tzinfo=UTC)
    file.write_text(text(2, 45), "utf-8")
    shelf.hold(shelf.now().in_force(Kind.TWINNING))
    copy = folder / "followed" / "twinning@2.toml"
    for older, path in ((day, copy), (datetime(2026, 2, 1, tzinfo=UTC), file)):
        os.utime(path, (older.timestamp(), older.timestamp()))
        assert {v.procedure.pin: v.since for v in shelf.versions()}["twinning@2"] == older


@pytest.mark.parametrize("claimed", [-(10**12), 10**12])
def test_a_file_that_claims_a_time_outside_of_the_calendar_is_read(
    folder: Path, shelf: FiledProcedures, claimed: int
) -> None:
    file = folder / "twinning-2.toml"
    file.write_text(text(2, 45), "utf-8")
    os.utime(file, (claimed, claimed))
    assert days(shelf) == 45
    assert codes(shelf) == []
