"""The account of a case on paper: A4, every word within its page, headings and numbers on each page."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from application.access import Role
from domain.initiatives.decisions.anytime import AddRemark
from tests.browser.filling import Desk, fill, words
from tests.browser.house import House

pytestmark = pytest.mark.browser

LONG = "Sastanak je održan, a zapisnik stoji u prilogu. " * 12
WIDE = "https://primer.rs/" + "vrlo-dugacka-adresa-bez-razmaka-" * 8
HEADINGS = {
    "sr-Latn": ("Br.", "Kada", "Zašto i na osnovu čega"),
    "sr-Cyrl": ("Бр.", "Када", "Зашто и на основу чега"),
    "en": ("No.", "When", "Why, and by what"),
}


@pytest.fixture(scope="module")
def reader() -> str:
    found = shutil.which("pdftotext")
    if found is None:
        why = "no pdftotext found: install poppler-utils"
        if os.environ.get("POBRATIM_REQUIRE_BROWSER"):
            pytest.fail(why)
        pytest.skip(why)
    return found


@pytest.fixture(scope="module")
def case(house: House) -> str:
    coordinator = house.account(Role.COORDINATOR, name="Koordinatorka SKGO")
    number = fill(house, coordinator)
    desk = Desk(house, coordinator)
    for text in (LONG, WIDE, *(f"Napomena broj {n}. {LONG}" for n in range(6))):
        said = words("remark", text.strip())
        desk.advance(number, AddRemark(remark=said.ref), said)
    house.show_everything()
    return number


@pytest.mark.parametrize("code", HEADINGS)
def test_nothing_is_cut_and_every_page_says_what_it_holds(
    house: House, case: str, reader: str, tmp_path: Path, code: str
) -> None:
    page = house.person(Role.AUDITOR)
    page.goto(f"/initiatives/{case}/account?lang={code}")
    file = tmp_path / "account.pdf"
    page.pdf(path=file, prefer_css_page_size=True)
    page.context.close()

    sheets = told(reader, "-bbox", file).split("<page ")[1:]
    assert len(sheets) >= 3
    for number, sheet in enumerate(sheets, 1):
        width, height = map(float, re.findall(r'(?:width|height)="([0-9.]+)"', sheet)[:2])
        assert (round(width), round(height)) == (595, 842)  # A4 in points
        for x0, y0, x1, y1 in re.findall(r'xMin="(.+?)" yMin="(.+?)" xMax="(.+?)" yMax="(.+?)"', sheet):
            assert 0 < float(x0) <= float(x1) < width
            assert 0 < float(y0) <= float(y1) < height
        last = " ".join(re.findall(r">([^<>]+)</word>", sheet)[-3:])
        assert last == f"{number} / {len(sheets)}"
    assert sum(sheet.count(">prilogu.<") for sheet in sheets) == 12 * 7

    pages = [" ".join(text.split()) for text in told(reader, "-layout", file).split("\f")]
    with_records = [text for text in pages if "prilogu." in text]
    assert len(with_records) > 1
    for text in with_records:
        assert all(heading in text for heading in HEADINGS[code]), text[:400]
    assert "SHA-256" in pages[len(sheets) - 1]
    assert not any("Latinica" in text for text in pages)  # what only works on a screen


def told(reader: str, form: str, file: Path) -> str:
    return subprocess.run([reader, form, file, "-"], capture_output=True, text=True, check=True).stdout
