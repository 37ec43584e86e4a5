"""The log as an auditor sees it on the page, and takes it away."""

import csv
import io
import json
import re
import tempfile
from collections.abc import Sequence
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest

from application.access import Role
from application.auditing import COLUMNS, PAGE
from tests.planting import plant
from tests.web.casework_stack import Browser, Stack, proposed

SECRET = "Reči koje stoje samo u trezoru"


@pytest.fixture(scope="module")
def auditor(stack: Stack) -> Browser:
    return stack.browser(Role.AUDITOR, name="Vera Lukić")


@pytest.fixture(scope="module")
def officer(stack: Stack) -> Browser:
    return stack.browser(Role.OFFICER, "nis", name="Milan Đorđević")


@pytest.fixture(scope="module", autouse=True)
def number(coordinator: Browser, officer: Browser) -> str:
    """A case of Niš with some facts, the newest of them a remark; and one of Leskovac."""
    number = proposed(coordinator, "Niš", "=Košice", "SK", rationale=SECRET)
    coordinator.do(number, "coordinate", {"occurred_on": "1. 3. 2026"})
    proposed(coordinator, "Leskovac", "Plovdiv", "BG")
    officer.do(number, "add-remark", {"remark": SECRET})
    return number


def positions(page_text: str) -> list[int]:
    return [int(found) for found in re.findall(r'id="fact-(\d+)"', page_text)]


def test_the_newest_fact_stands_first_with_who_and_in_which_case(auditor: Browser, number: str) -> None:
    page = auditor.open("/audit")
    assert (page.status, page.path) == (200, "/audit/log")
    found = positions(page.answer.text)
    assert found == sorted(found, reverse=True)
    first = unescape(page.answer.text).split('id="fact-')[1]
    for said in (
        "A remark was added",
        "Milan Đorđević, City of Niš",
        "=Košice",
        number,
        f"/initiatives/{number}/history#fact-",
    ):
        assert said in first
    assert SECRET not in page.answer.text


@pytest.mark.parametrize("path", ["/audit/log", "/audit/figures", "/audit/log/export/csv"])
def test_known_at_is_the_last_day_of_recording(auditor: Browser, stack: Stack, path: str) -> None:
    today = stack.made.reading.today()
    for day in (today, today - timedelta(days=1)):
        named = auditor.open(f"{path}?kind=remarks&to={day}").answer.text
        for name in ("known_at", "as_of"):
            assert told(auditor.open(f"{path}?kind=remarks&{name}={day}").answer.text) == told(named)
    assert auditor.open(f"{path}?known_at=tomorrow").status == (422 if "export" in path else 400)


def told(text: str) -> str:
    """What stands on the page, without the keys of its forms; a file as it is."""
    return re.sub(r'name="_(?:key|csrf)" value="[^"]*"', "", text.partition("<main")[2] or text)


def test_a_case_that_took_up_a_pair_is_told_and_led_to(auditor: Browser, number: str) -> None:
    text = auditor.open("/audit/log?kind=pair.taken-up").answer.text
    assert text.count("A case took up a local government with a partner</a>") == 2
    assert f'href="/initiatives/{number}"' in text


@pytest.mark.parametrize(
    ("asked", "least", "most"),
    [
        ("", 7, 99),
        ("case={number}", 3, 3),
        ("case={number}&kind=initiative.remark-added", 1, 1),
        ("kind=remarks&local_government=nis", 1, 1),
        ("kind=remarks&local_government=leskovac", 0, 0),
        ("kind=partners", 5, 5),
        ("person={officer}", 1, 1),
        ("from=2020&to=2020", 0, 0),
        ("from=2020", 7, 99),
        ("left=proposed", 1, 1),
    ],
    ids=lambda value: str(value) if isinstance(value, str) else None,
)
def test_filters_narrow_the_page_and_every_file_alike(
    auditor: Browser, officer: Browser, number: str, asked: str, least: int, most: int
) -> None:
    query = asked.format(number=number, officer=officer.person.account)
    page = auditor.open(f"/audit/log?{query}")
    assert page.status == 200
    shown = positions(page.answer.text)
    assert least <= len(shown) <= most
    assert f"{len(shown)} record" in page.words
    for kind, read in READERS.items():
        rows = read(auditor.client.get(f"/audit/log/export/{kind}?{query}").content)
        assert [int(row["position"]) for row in rows] == shown, kind


def test_every_file_holds_the_same_cells(auditor: Browser, number: str) -> None:
    read = {kind: reader(auditor.client.get(f"/audit/log/export/{kind}").content) for kind, reader in READERS.items()}
    as_csv, as_xlsx = ([plain(row) for row in read[kind]] for kind in ("csv", "xlsx"))
    lines, parquet = ([plain(row) for row in read[kind]] for kind in ("jsonl", "parquet"))
    for row in as_csv:
        assert tuple(row) == COLUMNS
        row["partner"] = row["partner"].removeprefix("'")  # CSV guards what a spreadsheet would run
    assert as_csv == as_xlsx == lines == parquet
    newest = lines[0]
    assert (newest["case"], newest["kind"], newest["partner"]) == (number, "initiative.remark-added", "=Košice")
    assert newest["person"] == "Milan Đorđević, City of Niš"
    assert SECRET not in str(read)


def test_a_formula_in_a_name_stays_a_text(auditor: Browser, number: str) -> None:
    answer = auditor.client.get(f"/audit/log/export/csv?case={number}").content.decode("utf-8-sig")
    assert "'=Košice" in answer
    book = openpyxl.load_workbook(io.BytesIO(auditor.client.get(f"/audit/log/export/xlsx?case={number}").content))
    cells = [cell for row in book["Log"].iter_rows() for cell in row if cell.value == "=Košice"]
    assert cells
    assert {cell.data_type for cell in cells} == {"s"}


def test_pages_lead_down_and_up_again(auditor: Browser, coordinator: Browser, number: str) -> None:
    for n in range(PAGE):
        coordinator.do(number, "add-remark", {"remark": f"Beleška {n}"})
    first = auditor.open(f"/audit/log?case={number}")
    down = re.search(r'href="([^"]+before=\d+)"', first.answer.text)
    assert down is not None
    assert "Newer" not in first.words
    second = auditor.open(unescape(down[1]))
    assert len(positions(first.answer.text)) == PAGE
    assert positions(second.answer.text)[0] < positions(first.answer.text)[-1]
    assert "Older" not in second.words
    up = re.search(r'href="([^"]+after=\d+)"', second.answer.text)
    assert up is not None
    assert positions(auditor.open(unescape(up[1])).answer.text) == positions(first.answer.text)


@pytest.mark.parametrize(
    "query",
    [
        "from=31.2.2026",
        "to=yesterday",
        "person=me",
        "case=12",
        "kind=initiative.unheard-of",
        "local_government=atlantis",
        "left=nowhere",
        "before=-1",
        "before=1e9",
        "after=99999999999999999999",
        "from=2026&to=2025",
        "case=%00",
    ],
)
def test_what_cannot_be_read_is_said_and_exports_nothing(auditor: Browser, query: str) -> None:
    page = auditor.open(f"/audit/log?{query}")
    assert page.status == 400
    assert "needs mending" in page.words
    assert auditor.client.get(f"/audit/log/export/csv?{query}").status_code == 422


def test_a_fact_that_this_version_cannot_read_hides_no_other(auditor: Browser, stack: Stack) -> None:
    position = plant(stack.made.settings.database_url)
    page = auditor.open("/audit/log")
    assert page.status == 200
    assert positions(page.answer.text)[0] == position
    assert "A newer version of the program has written this record (initiative.agreement-signed)" in page.words
    rows = READERS["jsonl"](auditor.client.get("/audit/log/export/jsonl").content)
    assert (rows[0]["position"], rows[0]["fact"]) == (position, None)


def plain(row: dict[str, Any]) -> dict[str, str]:
    """Cells as text: what is empty, numbers, moments and JSON alike in every format."""
    said = {name: "" if value is None else str(value) for name, value in row.items()}
    fact = row["fact"]
    said["fact"] = json.dumps(json.loads(fact) if isinstance(fact, str) and fact else fact or "", sort_keys=True)
    return said


def _csv(content: bytes) -> Sequence[dict[str, Any]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def _xlsx(content: bytes) -> Sequence[dict[str, Any]]:
    titles, *rows = openpyxl.load_workbook(io.BytesIO(content), read_only=True)["Log"].iter_rows(values_only=True)
    return [dict(zip(map(str, titles), row, strict=True)) for row in rows]


def _jsonl(content: bytes) -> Sequence[dict[str, Any]]:
    return [json.loads(line) for line in content.splitlines()]


def _parquet(content: bytes) -> Sequence[dict[str, Any]]:
    """By DuckDB, which has a reader of its own."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "log.parquet"
        path.write_bytes(content)
        moment = "strftime(recorded_at AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%S.%fZ')"
        found = duckdb.sql(f"SELECT * REPLACE ({moment} AS recorded_at) FROM '{path}'")  # noqa: S608 - a path of our own
        return [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]


READERS = {"csv": _csv, "xlsx": _xlsx, "jsonl": _jsonl, "parquet": _parquet}
