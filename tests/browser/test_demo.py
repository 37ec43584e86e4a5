"""`pobratim demo`, as somebody who has just cloned it runs it."""

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.demo import Demo, signed_in
from tests.processes import ROOT, UP_SECONDS, end, free_port

NUMBER = re.compile(r"[0-9]{4}-[0-9]{4}")

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """Not of pytest: as root the database's server is `nobody`, who may not enter there."""
    place = Path(tempfile.mkdtemp(prefix="pobratim-demo-"))
    place.chmod(0o755)
    yield place / "data"
    shutil.rmtree(place, ignore_errors=True)


@pytest.fixture(scope="module")
def first(folder: Path) -> Iterator[Demo]:
    demo = Demo(folder)
    yield demo
    end(demo.process)


def test_the_register_is_there_and_the_desk_answers(chromium: Browser, first: Demo) -> None:
    assert set(first.links) == {"coordinator", "officer", "approver", "auditor", "administrator", "technician"}
    page = signed_in(chromium, first)
    expect(page.locator(".nav__foot")).to_contain_text(re.compile(r"Jelena Marković\s*koordinator"))
    expect(page.locator(".answer")).to_contain_text(re.compile(r"\d+ rok"))
    expect(page.locator("#work li").first).to_be_visible()

    page.goto("/initiatives")
    tabs = page.locator("nav.tabs")
    expect(tabs.get_by_role("link", name="Partnerstvo")).to_contain_text("534")
    counts = [int(count) for count in tabs.locator(".count").all_inner_texts()]
    assert counts[0] - 534 == 24 == sum(counts[1:]) - 534
    page.goto("/initiatives?q=нис")
    expect(page.locator(".reg tbody")).to_contain_text("Niš")


def test_a_taken_port(first: Demo) -> None:
    complains("is taken by another program", "--port", str(first.port))


def test_a_folder_in_use(first: Demo, folder: Path) -> None:
    complains("is in use by another Pobratim", "--data-dir", str(folder))


def test_ctrl_c_ends_it_and_the_data_stay(chromium: Browser, first: Demo, folder: Path) -> None:
    page = signed_in(chromium, first)
    page.locator("#unassigned button").first.click()
    taken = NUMBER.search(page.locator(".toast").inner_text())
    assert taken is not None
    code, said = end(first.process)
    assert code == 0, said
    assert "Traceback" not in said

    second = Demo(folder)
    try:
        again = signed_in(chromium, second)
        again.goto(f"/initiatives/{taken[0]}")
        expect(again.locator(".case__meta")).to_contain_text("Jelena Marković")
        again.goto("/initiatives")
        expect(again.locator("nav.tabs .count").first).to_have_text("558")

        second.killed()
        third = Demo(folder)
        signed_in(chromium, third)
        code, said = end(third.process)
        assert code == 0, said
    finally:
        end(second.process)


def test_a_folder_of_a_newer_version(folder: Path) -> None:
    newer = folder.parent / "newer"
    (newer / "postgres").mkdir(parents=True)
    (newer / "postgres" / "PG_VERSION").write_text("99\n")
    complains("were written by PostgreSQL 99", "--data-dir", str(newer))


def test_a_folder_that_cannot_be_written() -> None:
    complains("cannot be written", "--data-dir", "/proc/pobratim")


def complains(why: str, *arguments: str) -> None:
    """One clear line on standard error, exit code 2."""
    if "--port" not in arguments:
        arguments = (*arguments, "--port", str(free_port()))
    asked = subprocess.run(
        [sys.executable, "-m", "web.cli", "demo", "--no-browser", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=UP_SECONDS,
        check=False,
    )
    assert asked.returncode == 2, asked.stderr
    assert why in asked.stderr
    assert len(asked.stderr.strip().splitlines()) == 1, asked.stderr
