"""A Chromium for these tests, and a server for each module of them."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.house import House, open_house
from tests.conftest import Database

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
NAMES = ("chromium", "chromium-browser", "google-chrome")


def executable() -> str | None:
    """The browser of this machine: POBRATIM_CHROMIUM, else what is installed."""
    if named := os.environ.get("POBRATIM_CHROMIUM"):
        return named if Path(named).exists() else None
    return next(filter(None, map(shutil.which, NAMES)), None)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Started for each module: the loop of playwright must not run beside tests of other folders."""
    found = executable()
    if found is None:
        why = "no Chromium found: install it, or name one in POBRATIM_CHROMIUM"
        if os.environ.get("POBRATIM_REQUIRE_BROWSER"):
            pytest.fail(why)
        pytest.skip(why)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def house(database: Database, chromium: Browser) -> Iterator[House]:
    with open_house(database, chromium) as opened:
        yield opened
        for context in list(chromium.contexts):
            context.close()
    assert opened.said == []
