"""An auditor finds a case, takes a bundle of it and the policy, and checks them on another machine."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from application.access import Role
from tests.browser.filling import fill
from tests.browser.house import NARROWEST, House, open_house
from tests.conftest import Database

pytestmark = pytest.mark.browser
VERIFIER = Path(__file__).parents[2] / "verifier"


@pytest.fixture(scope="module")
def sealed(database: Database, chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house with a data folder, so that its log is sealed."""
    with open_house(database, chromium, str(tmp_path_factory.mktemp("data"))) as made:
        yield made


def taken(page: Page, name: str, folder: Path) -> Path:
    """What a link gives to take away."""
    with page.expect_download() as download:
        page.get_by_role("link", name=name).click()
    file = folder / download.value.suggested_filename
    download.value.save_as(file)
    return file


def test_an_auditor_takes_a_case_away_and_checks_it(sealed: House, tmp_path: Path) -> None:
    number = fill(sealed, sealed.account(Role.COORDINATOR, name="Koordinatorka SKGO"))
    sealed.made.auditing.seal(lambda _done, _all: None)
    page = sealed.person(Role.AUDITOR, name="Revizor")
    page.goto("/")
    page.get_by_role("link", name="Revizija").first.click()
    page.get_by_role("navigation", name="Revizija").get_by_role("link", name="Dokazni paketi").click()
    page.get_by_label("Predmet, ili prazno").fill(number)
    page.get_by_role("button", name="Prikaži šta sadrži").click()
    expect(page.get_by_role("heading", name="Dokazni paket", exact=True)).to_be_visible()
    bundle, policy = taken(page, "Preuzmi paket", tmp_path), taken(page, "Preuzmi pravila provere", tmp_path)

    assert number in bundle.name
    assert f"pobratim-verify {bundle.name} --policy {policy.name}" in page.locator("pre").inner_text()
    checked = subprocess.run(
        [sys.executable, "-m", "pobratim_verify", bundle.name, "--policy", policy.name],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(VERIFIER)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (checked.returncode, checked.stderr) == (0, "")
    assert checked.stdout.startswith("VERIFIED\n")
    assert f"case {number}, stream" in checked.stdout
    found = Axe().run(page).response["violations"]
    assert not found, [one["id"] for one in found]
    page.set_viewport_size({"width": NARROWEST[0], "height": NARROWEST[1]})
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert not sealed.said
    page.context.close()
