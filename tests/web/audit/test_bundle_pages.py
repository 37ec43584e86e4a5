"""An auditor takes a bundle and the policy from the page, and checks them elsewhere."""

import gzip
import json
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
import structlog
from litestar.testing import TestClient
from pobratim_verify.__main__ import run

from application.access import Role
from tests.conftest import Database
from tests.web.casework_stack import Browser, Stack, proposed
from web.main import Installation, build
from web.settings import Settings

SECRET = "Reči koje stoje samo u trezoru"


@pytest.fixture(scope="module")
def stack(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """As everywhere, with a data folder, so that the log is sealed."""
    settings = Settings(
        database_url=database.owner_url,
        base_url="http://testserver.local",
        secret_key="x" * 40,
        data_dir=str(tmp_path_factory.mktemp("data")),
    )
    made = Installation(settings)
    made.project()
    assert made.read_side.views.caught_up(0, 20.0)
    with TestClient(build(made)) as client:
        yield Stack(client.app, made)
    structlog.reset_defaults()


@pytest.fixture(scope="module")
def auditor(stack: Stack) -> Browser:
    return stack.browser(Role.AUDITOR, name="Vera Lukić")


@pytest.fixture(scope="module", autouse=True)
def number(stack: Stack, coordinator: Browser, auditor: Browser) -> str:
    """A case of Niš with some facts, and one of Leskovac; all sealed. Before that there is nothing to prove."""
    page = auditor.open("/audit/bundle")
    assert (page.status, "nothing can be proven" in page.words) == (400, True)
    assert auditor.open("/audit/bundle/policy").status == 422
    number = proposed(coordinator, "Niš", "Košice", "SK", rationale=SECRET)
    coordinator.do(number, "coordinate", {"occurred_on": "1. 3. 2026"})
    proposed(coordinator, "Leskovac", "Plovdiv", "BG")
    page = auditor.open(f"/audit/bundle?case={number}")
    assert (page.status, "Nothing is sealed yet" in page.words) == (400, True)
    stack.made.auditing.seal(lambda _done, _all: None)
    return number


def judged(folder: Path, bundle: bytes, policy: bytes, capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    (folder / "bundle.gz").write_bytes(bundle)
    (folder / "policy.json").write_bytes(policy)
    code = run([str(folder / "bundle.gz"), "--policy", str(folder / "policy.json"), "--json"])
    told = json.loads(capsys.readouterr().out)
    assert (code, told["verified"]) == (0, True), told
    return told


def test_the_page_opens_with_this_year_and_says_how_to_check(stack: Stack, auditor: Browser) -> None:
    page = auditor.open("/audit/bundle")

    assert page.status == 200
    assert "Download the bundle" not in page.words
    for said in ("Do not take the policy from here alone.", "pobratim-verify", "python3 -m pip install ./verifier"):
        assert said in page.words
    assert dict(page.form("/audit/bundle").fields)["case"] == ""
    assert page.form("/audit/bundle").fields[1][1]


def test_what_the_page_promises_is_in_the_file(
    auditor: Browser, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = auditor.send(auditor.open("/audit/bundle"), "/audit/bundle")
    assert page.status == 200
    text = unescape(page.answer.text)
    address = text.split('href="/audit/bundle/file?')[1].split('"')[0]
    taken = auditor.client.get(f"/audit/bundle/file?{address}")
    policy = auditor.client.get("/audit/bundle/policy")

    told = judged(tmp_path, taken.content, policy.content, capsys)

    assert taken.headers["content-type"] == "application/gzip"
    name = taken.headers["content-disposition"].split('"')[1]
    assert name.startswith("pobratim-2")
    assert name.endswith(".bundle.gz")
    assert name in page.words
    assert f"{told['leaves']} records" in page.words
    assert f"the checkpoint over {told['leaves']} records" in page.words
    assert "the beginning of the log" in page.words
    assert "No witness is named here" in page.words
    assert 'filename="pobratim-policy.json"' in policy.headers["content-disposition"]


def test_one_case_alone(auditor: Browser, number: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = auditor.open(f"/audit/bundle?case={number}")
    assert page.status == 200
    assert "2 records, " in page.words
    address = unescape(page.answer.text).split('href="/audit/bundle/file?')[1].split('"')[0]
    taken = auditor.client.get(f"/audit/bundle/file?{address}")

    told = judged(tmp_path, taken.content, auditor.client.get("/audit/bundle/policy").content, capsys)

    assert isinstance(told["case"], dict)
    assert told["case"]["number"] == number
    assert number in taken.headers["content-disposition"]
    lines = gzip.decompress(taken.content).decode().split("\n")
    assert len([line for line in lines if '"state"' in line]) == 2
    assert SECRET not in gzip.decompress(taken.content).decode()


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("from=x&to=17.+3.+2026.", "cannot be read as a date"),
        ("from=31.+2.+2026.&to=17.+3.+2026.", "There is no such day"),
        ("from=1.+3.+2026.", "Fill in this field"),
        ("to=1.+3.+2026.", "Fill in this field"),
        ("from=1.+3.+2099.&to=2.+3.+2099.", "has not come yet"),
        ("from=1.+3.+2026.&to=2.+3.+2099.", "has not come yet"),
        ("from=5.+3.+2026.&to=4.+3.+2026.", "lies before the first"),
        ("from=1.+3.+2001.&to=2.+3.+2001.", "By then nothing was recorded"),
        ("case=2026-9999", "There is no case 2026-9999"),
        ("case=..%2F..%2Fx", "is no number of a case"),
        ("from=2026&to=2026&case=1", "is no number of a case"),
        ("case=" + "9" * 500, "is no number of a case"),
    ],
)
def test_what_cannot_be_is_refused_in_words(auditor: Browser, asked: str, said: str) -> None:
    page = auditor.open(f"/audit/bundle?{asked}")

    assert page.status == 400
    assert said in page.words
    assert "Download the bundle" not in page.words
    taken = auditor.client.get(f"/audit/bundle/file?{asked}")
    assert taken.status_code == 422
    assert "content-disposition" not in taken.headers


@pytest.mark.parametrize("language", ["sr-Latn", "sr-Cyrl", "en"])
def test_it_is_told_in_three_languages(auditor: Browser, number: str, language: str) -> None:
    auditor.speaks(language)
    try:
        page = auditor.open(f"/audit/bundle?case={number}")
    finally:
        auditor.speaks("en")
    assert page.status == 200
    assert ("Bundles" in page.words) == (language == "en")


def test_the_days_of_a_case_begin_with_its_first(stack: Stack, auditor: Browser, number: str) -> None:
    fields = dict(auditor.open(f"/audit/bundle?case={number}").form("/audit/bundle").fields)
    today = stack.made.reading.today()
    assert fields["from"] == fields["to"] == f"{today.day} {today:%B %Y}"
    assert auditor.open(f"/audit/bundle?from={today - timedelta(days=1)}&to={today}&case={number}").status == 200
