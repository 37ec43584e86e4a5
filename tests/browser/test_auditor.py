"""An auditor at work: finds a case, slides through its life, takes its account along, and checks a bundle elsewhere."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Browser, Page, expect

from application.access import Role
from application.identity import case_id
from tests.browser.filling import fill
from tests.browser.house import House, open_house, stands_at
from tests.conftest import Database
from web.language.language import OFFICE_ZONE
from web.main import Installation
from web.settings import Settings

pytestmark = pytest.mark.browser
TODAY = datetime.now(OFFICE_ZONE).date()
DAYS_AGO = (40, 33, 33, 21, 20, 20, 12, 9, 8, 5, 5, 3)
"""When each fact of the case was recorded, as the test has it."""
VERIFIER = Path(__file__).parents[2] / "verifier"


@pytest.fixture(scope="module")
def case(database: Database, chromium: Browser) -> str:
    """A case that was led for forty days, in a log that nobody has sealed yet."""
    made = Installation(Settings(database_url=database.url, base_url="http://127.0.0.1", secret_key="browser " * 5))
    made.project()
    house = House(made, "", chromium)
    number = fill(house, house.account(Role.COORDINATOR, name="Koordinatorka SKGO"))
    head, facts = made.log.head(), made.log.read(case_id(number))
    assert len(facts) == len(DAYS_AGO)
    moments = [datetime(*day(ago), 12, tzinfo=OFFICE_ZONE) for ago in DAYS_AGO]
    later = {fact.position: moment for fact, moment in zip(facts, moments, strict=True)}
    with psycopg.connect(database.owner_url) as connection:
        connection.execute("ALTER TABLE log.facts DISABLE TRIGGER only_grows")
        stamp = moments[0]
        for position in range(1, head + 1):  # moments never fall from one position to the next
            stamp = later.get(position, stamp)
            connection.execute("UPDATE log.facts SET recorded_at = %s WHERE notification_id = %s", (stamp, position))
        connection.execute("ALTER TABLE log.facts ENABLE ALWAYS TRIGGER only_grows")
    made.close()
    return number


def day(ago: int) -> tuple[int, int, int]:
    on = TODAY - timedelta(days=ago)
    return on.year, on.month, on.day


@pytest.fixture(scope="module")
def house(
    case: str, database: Database, chromium: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """With a data folder, so that its log is sealed."""
    with open_house(database, chromium, str(tmp_path_factory.mktemp("data"))) as opened:
        yield opened
    assert opened.said == []


def test_an_auditor_answers_for_a_case(house: House, case: str, tmp_path: Path) -> None:
    page = house.person(Role.AUDITOR, name="Dragan Petrović")
    finds(page, case)
    slides_through_its_life(page)
    looks_at_the_list_of_that_day(page, case)
    takes_the_account_along(page, case, tmp_path)
    checks_a_bundle(page, case, tmp_path)
    expect(page.locator("html")).not_to_have_attribute("data-time", "past")
    page.context.close()


def finds(page: Page, case: str) -> None:
    page.goto("/")
    page.keyboard.press("/")
    page.keyboard.type("edirne")
    page.keyboard.press("Enter")
    page.wait_for_url("**/initiatives?q=edirne")
    page.locator(".reg tbody a", has_text="Edirne").first.click()
    page.wait_for_url(f"**/initiatives/{case}")


def slides_through_its_life(page: Page) -> None:
    """From its first day to today, a step at a time; the stage follows."""
    page.get_by_role("link", name="Kroz vreme").click()
    days = page.locator(".slider__days a")
    days.first.click()
    expect(page.locator("html")).to_have_attribute("data-time", "past")
    expect(page.locator(".case__meta .stage")).to_contain_text("Predložena")
    assert not page.locator("form.deedform").count()
    stages = [stage(page)]
    for n in range(1, days.count()):
        page.locator('[data-step="1"]').click()
        expect(days.nth(n)).to_have_attribute("aria-current", "true")
        stages.append(stage(page))
    expect(page.locator("html")).not_to_have_attribute("data-time", "past")
    assert len(dict.fromkeys(stages)) >= 4, stages
    assert stages[-1] == "Saglasnost tražena", stages


def stage(page: Page) -> str:
    """Without the mark that it changed since the step before."""
    return page.locator(".case__meta .stage > span").first.inner_text()


def looks_at_the_list_of_that_day(page: Page, case: str) -> None:
    """The register of the same day shows the case as it stood, and leads back to it in the past."""
    known = (TODAY - timedelta(days=DAYS_AGO[1])).isoformat()
    page.goto(f"/initiatives?q=edirne&known_at={known}")
    row = page.locator(".reg tbody tr", has_text=case)
    expect(row).to_contain_text("U koordinaciji")
    row.get_by_role("link").first.click()
    page.wait_for_url(f"**/initiatives/{case}?known_at={known}")
    stands_at(page, "U koordinaciji")
    page.get_by_role("link", name="Nazad na danas").click()
    page.wait_for_url(f"**/initiatives/{case}")


def takes_the_account_along(page: Page, case: str, folder: Path) -> None:
    page.get_by_role("link", name="Istorija").click()
    page.get_by_role("link", name="Prikaz za izveštaj").click()
    page.wait_for_url(f"**/initiatives/{case}/account*")
    for words in (case, "Edirne", "SHA-256"):
        expect(page.locator("main")).to_contain_text(words)
    paper = folder / "account.pdf"
    paper.write_bytes(page.pdf(prefer_css_page_size=True))
    assert paper.stat().st_size > 10_000
    page.locator('a[lang="en"]').click()
    expect(page.locator("h2").first).to_have_text("How the case stands")


def checks_a_bundle(page: Page, case: str, folder: Path) -> None:
    page.goto(f"/initiatives/{case}/history")
    page.get_by_role("link", name="Dokazni paket predmeta").click()
    page.wait_for_url(f"**/audit/bundle?case={case}")
    page.get_by_role("button", name="Prikaži šta sadrži").click()
    bundle = page.get_by_role("link", name="Preuzmi paket")
    for _ in range(20):  # the sealer seals every ten seconds
        if bundle.count():
            break
        page.wait_for_timeout(1_000)
        page.reload()
    files = [taken(page, name, folder) for name in ("Preuzmi paket", "Preuzmi pravila provere")]
    good = judged(files[0], files[1])
    assert (good.returncode, good.stderr) == (0, "")
    assert good.stdout.startswith("VERIFIED\n")
    assert f"case {case}, stream" in good.stdout
    whole = files[0].read_bytes()
    files[0].write_bytes(whole[: len(whole) // 2])
    cut = judged(files[0], files[1])
    assert cut.returncode != 0
    assert "VERIFIED" not in cut.stdout.replace("NOT VERIFIED", "")
    page.goto(f"/initiatives/{case}")


def taken(page: Page, name: str, folder: Path) -> Path:
    with page.expect_download() as download:
        page.get_by_role("link", name=name).click()
    file = folder / download.value.suggested_filename
    download.value.save_as(file)
    return file


def judged(bundle: Path, policy: Path) -> "subprocess.CompletedProcess[str]":
    """As on a machine that has the verifier alone."""
    return subprocess.run(
        [sys.executable, "-m", "pobratim_verify", bundle.name, "--policy", policy.name],
        cwd=bundle.parent,
        env={**os.environ, "PYTHONPATH": str(VERIFIER)},
        capture_output=True,
        text=True,
        check=False,
    )
