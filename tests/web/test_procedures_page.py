"""The pages on which an administrator looks at procedures and brings a new version into force."""

import os
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import structlog
from litestar.testing import TestClient

from adapters.procedures.shelf import shipped
from application.access import Role
from tests.conftest import Database
from tests.web.casework_stack import Browser, Stack, proposed
from web.main import Installation, build
from web.settings import Settings

NEW = "/admin/procedures/new"
FIRST = next(version.text for version in shipped() if version.procedure.pin == "twinning@1")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data") / "procedures"


@pytest.fixture(scope="module")
def stack(database: Database, folder: Path) -> Iterator[Stack]:
    settings = Settings(
        database_url=database.owner_url,
        base_url="http://testserver.local",
        secret_key="x" * 40,
        data_dir=str(folder.parent),
    )
    made = Installation(settings)
    made.project()
    assert made.read_side.views.caught_up(0, 20.0)  # its tables are there
    with TestClient(build(made)) as client:
        yield Stack(client.app, made)
    structlog.reset_defaults()


@pytest.fixture(scope="module")
def administrator(stack: Stack) -> Browser:
    return stack.browser(Role.ADMINISTRATOR)


@pytest.fixture(scope="module")
def coordinator(stack: Stack) -> Browser:
    return stack.browser(name="Jelena Marković")


def test_a_version_says_when_it_reminds_escalates_and_asks(coordinator: Browser) -> None:
    told = coordinator.open("/admin/procedures/twinning@1").words
    proposed_stage, active, expiring = (told.split(f" {stage} ")[1] for stage in ("Proposed", "Active", "Expiring"))
    assert "Reminders 3 days before the deadline, and the day after it" in proposed_stage
    assert "To the head of department when the step is late by more than 7 days" in proposed_stage
    assert "3 months before the end of the term, where the agreement names no notice of its own" in active
    assert "30, 7 days before the deadline, and the day after it" in active
    assert "Confirmation by the local government after 12 months without activity" in active
    assert "Particulars Number of the decision, Official name" in told, "as the form of the deed calls them"
    assert "Perhaps dormant after 24 months without activity" in active
    assert "the last day of the agreement; where there is none: 90 days from the recording" in expiring


def second(days: int = 45) -> str:
    return FIRST.replace("version = 1", "version = 2").replace("days = 60", f"days = {days}")


def test_every_version_is_listed_with_the_cases_that_follow_it(coordinator: Browser) -> None:
    proposed(coordinator, "Niš", "Bursa")
    page = coordinator.open("/admin/procedures")
    assert "Town twinning, version 1 in force 1" in page.words
    assert "Project cooperation, version 1 in force 0" in page.words
    assert "Write a new version" not in page.words


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("Town twinning, version 1", "60 days from the recording", "3 months before the end of the term")),
        ("sr-Cyrl", ("Братимљење, верзија 1", "60 дана од бележења", "Закон о локалној самоуправи, члан 88")),
        ("sr-Latn", ("Bratimljenje, verzija 1", "60 dana od beleženja", "Zakon o lokalnoj samoupravi, član 88")),
    ],
)
def test_a_version_is_read_in_every_language(coordinator: Browser, language: str, words: tuple[str, ...]) -> None:
    coordinator.speaks(language)
    page = coordinator.open("/admin/procedures/twinning@1")
    coordinator.speaks("en")
    assert [word for word in words if word not in page.words] == []


def test_what_there_is_not_is_not_found(coordinator: Browser) -> None:
    assert coordinator.open("/admin/procedures/twinning@9").status == 404
    assert coordinator.open("/admin/procedures/%00").status == 404


def test_the_form_opens_with_the_version_in_force_and_the_next_number(administrator: Browser) -> None:
    page = administrator.open(f"{NEW}?code=twinning")
    assert dict(page.form(NEW).fields)["text"].strip() == second(60).strip()


def test_each_flaw_is_told_with_its_line_and_nothing_is_lost(administrator: Browser, folder: Path) -> None:
    bad = second().replace('"ministry"', '"minister"')
    page = administrator.send(administrator.open(NEW), NEW, {"text": bad, "do": "adopt"})
    assert page.status == 422
    line = bad[: bad.index('"minister"')].count("\n") + 1
    assert f"Line {line} : “minister” means nothing in stages.consent_requested.actor." in page.words
    assert dict(page.form(NEW).fields)["text"].strip() == bad.strip()
    assert not folder.exists()


def test_a_number_that_is_taken_is_told(administrator: Browser) -> None:
    page = administrator.send(administrator.open(NEW), NEW, {"text": FIRST})
    assert page.status == 422
    assert "Line 2 : The newest version is 1. Give this one a higher number." in page.words


def test_a_preview_shows_what_would_change_and_writes_nothing(administrator: Browser, folder: Path) -> None:
    page = administrator.send(administrator.open(NEW), NEW, {"text": second()})
    assert page.status == 200
    assert "What would change by the procedure “Town twinning, version 2”" in page.words
    assert "- deadline = { days = 60," in page.words
    assert "+ deadline = { days = 45," in page.words
    assert "days = 90" not in page.words.split("Text of the version")[0]
    assert not folder.exists()


def test_an_adopted_version_holds_for_cases_that_begin_from_then_on(
    administrator: Browser, coordinator: Browser, folder: Path
) -> None:
    before = proposed(coordinator, "Niš", "Izmir")
    page = administrator.send(administrator.open(NEW), NEW, {"text": second(), "do": "adopt"})
    assert (page.path, page.status) == ("/admin/procedures/twinning@2", 200)
    assert "45 days from the recording" in page.words
    assert (folder / "twinning-2.toml").read_text("utf-8") == second()
    again = administrator.send(administrator.open(NEW), NEW, {"text": second(), "do": "adopt"})
    assert (again.path, again.status) == ("/admin/procedures/twinning@2", 200), "a second click changes nothing"
    after = proposed(coordinator, "Niš", "Antalya")
    listed = coordinator.open("/admin/procedures").words
    assert "Town twinning, version 2 in force 1" in listed
    assert "Town twinning, version 1 for older cases 2" in listed

    page = coordinator.do(before, "change-procedure", {"procedure": "twinning@2", "reason": "Novi rokovi"})
    assert page.status == 200
    history = coordinator.open(f"/initiatives/{before}/history").words
    assert "The case was moved to another version of the procedure" in history
    assert "Town twinning, version 2" in history
    assert "Town twinning, version 2 in force 2" in coordinator.open("/admin/procedures").words
    assert coordinator.open(f"/initiatives/{after}").status == 200


def test_a_past_day_shows_the_versions_that_were_known_and_followed_then(
    stack: Stack, administrator: Browser, coordinator: Browser, folder: Path
) -> None:
    before = stack.made.clock()
    file = folder / "association-2.toml"
    first = next(version.text for version in shipped() if version.procedure.pin == "association@1")
    file.write_text(first.replace("version = 1", "version = 2"), "utf-8")
    came = before - timedelta(days=30)
    os.utime(file, (came.timestamp(), came.timestamp()))
    for browser in (administrator, coordinator):
        then = browser.open(f"/admin/procedures?known_at={(came - timedelta(days=1)).date()}")
        assert then.status == 200
        assert "association@2" not in then.answer.text
        assert "associations of local governments, version 1 in force 0" in then.words
        assert "Town twinning, version 1 in force 0" in then.words, "nothing was recorded then"
        assert "Write a new version" not in then.words
        assert "A version counts from when its file came" in then.words
        early = browser.open(f"/admin/procedures/association@2?known_at={(came - timedelta(days=1)).date()}")
        assert early.status == 404
        assert "There is something to see from" in early.words
        link = re.search(r'href="(/admin/procedures/association@2\?known_at=[^"]*)"', early.answer.text)
        assert link
        there = browser.open(link[1])
        assert there.status == 200
        assert "0 cases follow it." in there.words
        assert "Write a new version" not in there.words
        assert browser.open("/admin/procedures/association@9?known_at=2026-01-01").status == 404
        assert browser.open("/admin/procedures/twinning@1?known_at=2026-01-01").status == 200
    file.unlink()


def test_a_file_that_was_left_out_is_told_to_the_administrator(
    administrator: Browser, coordinator: Browser, folder: Path
) -> None:
    file = folder / "twinning-2.toml"
    file.write_text(second(30), "utf-8")
    assert "twinning@2 was changed although cases follow it" in administrator.open("/admin/procedures").words
    assert "although" not in coordinator.open("/admin/procedures").words
    assert "45 days from the recording" in coordinator.open("/admin/procedures/twinning@2").words


def test_what_a_version_asks_to_be_said_is_marked_in_the_form_and_listed_on_the_case(
    administrator: Browser, coordinator: Browser
) -> None:
    first = next(version.text for version in shipped() if version.procedure.pin == "decentralised@1")
    text = first.replace("version = 1", "version = 2").replace(
        'fields = ["handler"]', 'fields = ["handler", "occurred_on"]'
    )
    before = proposed(coordinator, "Niš", "Gabrovo", "BG", kind="decentralised")
    administrator.send(administrator.open(NEW), NEW, {"text": text, "do": "adopt"})
    number = proposed(coordinator, "Niš", "Vidin", "BG", kind="decentralised")
    assert "Day (optional)" in coordinator.open(f"/initiatives/{before}/coordinate").words
    form = coordinator.open(f"/initiatives/{number}/coordinate")
    assert "Day (optional)" not in form.words
    assert "Day, in the form" in coordinator.open(f"/initiatives/{number}").words
    sent = coordinator.send(form, f"/initiatives/{number}/coordinate", {"occurred_on": ""})
    assert sent.status == 422
    assert "Day: Fill in this field." in sent.words
